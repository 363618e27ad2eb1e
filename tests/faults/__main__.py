"""`python -m tests.faults [WORDS …]`: the fault matrix, or the cases whose name holds one of the words."""

import asyncio
import sys
from pathlib import Path

from tests.faults.cases import Entry, matrix
from tests.faults.runner import Postgres, run
from tests.faults.size import FULL, SMALL, Size

TABLE = Path("docs") / "faults.md"
HEAD = """# What faults do to the bot

Real processes, real HTTP, on SQLite and PostgreSQL; `make faults` writes this table ({deliveries} deliveries
and {reports} reports a case). *Labelled* messages say that they may be a repeat; *uncertain* counts the
deliveries of which nobody can know whether they had arrived.

| | case | database | sent | lost | repeated | labelled | uncertain | recorded | lost | twice | |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""


async def main(words: list[str]) -> int:
    """Run and print a line a case; gives the number of those that are not as they must be."""
    size = SMALL if "--small" in words else FULL
    words = [word for word in words if not word.startswith("--")]
    server = Postgres()
    lines, failures = [], 0
    try:
        for entry in matrix(server):
            if words and not any(word in entry.name for word in words):
                continue
            for engine in entry.engines:
                line, good = await _one(entry, engine, size, server)
                lines.append(line)
                failures += not good
    finally:
        server.end()
    if not words and size is FULL:
        TABLE.parent.mkdir(exist_ok=True)
        head = HEAD.format(deliveries=size.deliveries, reports=size.reports)
        TABLE.write_text(head + "".join(lines), encoding="utf-8")
    return failures


async def _one(entry: Entry, engine: str, size: Size, server: Postgres) -> tuple[str, bool]:
    title = f"{entry.group}. {entry.name}"
    if missing := entry.needs():
        sys.stdout.write(f"{title:44} {engine:10} not run: it needs {missing}\n")
        return (
            f"| {entry.group} | {entry.name} | {engine} | | | | | | | | | not run: needs {missing} |\n",
            True,
        )
    address = server.new() if engine == "postgresql" else None
    tally = await run(entry.case, size, address, entry.disk_megabytes)
    sys.stdout.write(f"{title:44} {engine:10} {tally.line()}\n")
    sys.stdout.flush()
    return tally.row(entry.group, entry.name, engine), tally.clean


if __name__ == "__main__":
    sys.exit(min(asyncio.run(main(sys.argv[1:])), 1))
