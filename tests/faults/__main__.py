"""`python -m tests.faults [WORDS …]`: the fault matrix, or the cases whose name holds one of the words."""

import argparse
import asyncio
import sys
import traceback
from pathlib import Path

from tests.faults import table
from tests.faults.cases import Entry, matrix
from tests.faults.runner import Postgres, run
from tests.faults.size import FULL, SMALL, Size
from tests.faults.tally import Tally


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("words", nargs="*", help="only cases whose name holds one of these")
    parser.add_argument("--small", action="store_true", help="the size that `make test` uses")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"))
    parser.add_argument("--table", type=Path, help="the Markdown file whose last section becomes the table")
    return parser.parse_args()


async def main(asked: argparse.Namespace) -> int:
    """Run and print a line a case; gives the number of those that are not as they must be."""
    size = SMALL if asked.small else FULL
    server = Postgres()
    failures = 0
    try:
        entries = matrix(server)
        order = [(entry.group, entry.name, engine) for entry in entries for engine in entry.engines]
        for entry in entries:
            if asked.words and not any(word in entry.name for word in asked.words):
                continue
            for engine in entry.engines:
                if asked.engine not in (None, engine):
                    continue
                line, good = await _one(entry, engine, size, server)
                failures += not good
                if asked.table:
                    table.write(asked.table, size, {(entry.group, entry.name, engine): line}, order)
    finally:
        server.close()
    return failures


async def _one(entry: Entry, engine: str, size: Size, server: Postgres) -> tuple[str, bool]:
    title = f"{entry.group}. {entry.name}"
    if missing := entry.needs():
        sys.stdout.write(f"{title:44} {engine:10} not run: it needs {missing}\n")
        cells = " | ".join([""] * 8)
        return f"| {entry.group} | {entry.name} | {engine} | {cells} | not run: needs {missing} |\n", True
    address = server.new() if engine == "postgresql" else None
    try:
        tally = await run(entry.case, size, address, entry.disk_megabytes)
    except Exception:
        tally = Tally(wrong=1, notes=[f"FAILED: {traceback.format_exc()}"])
    sys.stdout.write(f"{title:44} {engine:10} {tally.line()}\n")
    sys.stdout.flush()
    return tally.row(entry.group, entry.name, engine), tally.clean


if __name__ == "__main__":
    sys.exit(min(asyncio.run(main(arguments())), 1))
