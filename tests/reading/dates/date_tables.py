"""Tables of texts and the days they name, as the tests of the date reader write them."""

from datetime import datetime

from handlers.reading.dates.find import find_dates


def entries(table: str) -> dict[str, str]:
    """What each text of a table is expected to say."""
    return dict(entry.split("=") for line in table.strip().splitlines() for entry in line.split(" | "))


def said(text: str, now: datetime) -> str:
    """The spans of a text; the year is left out where it is that of `now`."""
    spans = find_dates(text, now=now).spans
    year = f"{now.year}-"
    return ";".join(
        "..".join(f"{day}".removeprefix(year) for day in dict.fromkeys((span.first, span.last)))
        for span in spans
    )
