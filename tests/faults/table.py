"""The table of the fault matrix at the end of a Markdown file; cases that ran again replace their lines."""

from pathlib import Path

from tests.faults.size import Size

BEGIN = "## What faults do to it"
HEAD = """
`make faults` runs every case with real processes, a real HTTP server in Telegram's place and both databases,
and writes this table: {deliveries:,} messages and {reports} reports a case, {crashes} kills in a row.
*Sent* counts the answers to reports too. *Labelled*: sent again, saying that it may be a repeat. *Uncertain*:
nobody could know whether it had arrived, at most what was in flight at the kills. *Repeated* (twice without
a word), *lost* and *twice* have to be 0. Sending is not paced except in 3, so that much is in flight. 9 is
the backup, 10 the webhook. "Disk full" needs root, for a small file system, and "wall clock" libfaketime
(LIBFAKETIME says where it lies, if not in its usual place). Seconds: two cores, busy besides.

| | case | database | sent | lost | repeated | labelled | uncertain | recorded | lost | twice | |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def write(
    file: Path, size: Size, lines: dict[tuple[int, str, str], str], order: list[tuple[int, str, str]]
) -> None:
    """Put the lines (by group, case and engine) into the last section of the file, in this order."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    before, found, old = text.partition(BEGIN)
    known = {key: line for line in old.splitlines() if (key := _key(line)) is not None} | lines
    rows = [known[key].rstrip("\n") for key in order if key in known]
    head = HEAD.format(deliveries=size.deliveries, reports=size.reports, crashes=size.crashes)
    separator = "" if found or not before else "\n"
    file.write_text(f"{before}{separator}{BEGIN}\n{head}" + "\n".join(rows) + "\n", encoding="utf-8")


def _key(line: str) -> tuple[int, str, str] | None:
    cells = [cell.strip() for cell in line.split("|")[1:4]]
    return (int(cells[0]), cells[1], cells[2]) if len(cells) == 3 and cells[0].isdigit() else None
