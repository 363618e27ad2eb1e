"""The table of the fault matrix, a Markdown file's last section; cases that ran again replace their rows."""

from pathlib import Path

from tests.faults.size import Size

BEGIN = "## The fault table"
HEAD = """
`make faults` runs every case with real processes, a real HTTP server in Telegram's place and both databases,
and writes this section: {deliveries:,} messages and {reports} reports a case, {crashes} kills in a row.
`make test` runs some of the cases in a small form.

- *Sent* counts the answers to reports too. *Lost*, *repeated* (sent twice without the label), *unrecorded*
  and *twice* (recorded twice) must be 0, otherwise the case fails.
- *Labelled*: sent again with the words that it may be a repeat. *Uncertain*: nobody can know whether the
  message arrived; there are at most as many as were in flight at the kills.
- Sending is not paced, so that many messages are in flight, except in 3, which tests the limits. 9 is the
  backup, 10 the webhook.
- "Disk full" needs root, for a small file system. "Wall clock jumps" needs libfaketime; `LIBFAKETIME` names
  the library where it is not in its usual place. Seconds are those of a busy machine with two cores.

| | case | database | sent | lost | repeated | labelled | uncertain | recorded | unrecorded | twice | |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def write(
    file: Path, size: Size, lines: dict[tuple[int, str, str], str], order: list[tuple[int, str, str]]
) -> None:
    """Put the rows (by group, case and engine) into the last section of the file, in this order."""
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
