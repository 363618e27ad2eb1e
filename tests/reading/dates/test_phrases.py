"""Phrases and the dates they name (data/dates.csv), and those that name none (data/no_dates.csv)."""

import csv
from datetime import datetime
from pathlib import Path

from handlers.reading.dates.find import find_dates
from tests.tables import each_row

DATA = Path(__file__).parents[1] / "data"
Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    """The rows of a file by its columns; `read_on` is the day on which a phrase is read."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dates_in(row: Row) -> str:
    """The dates read from a phrase: `FIRST..LAST` or one day each, with `;` between them."""
    spans = find_dates(row["phrase"], now=datetime.fromisoformat(f"{row['read_on']}T10:00:00+08:00")).spans
    return ";".join("..".join(map(str, dict.fromkeys((span.first, span.last)))) for span in spans)


DATES, NO_DATES = rows_of("dates.csv"), rows_of("no_dates.csv")


@each_row("row", [row for row in DATES if row["kind"] == "day"])
def test_a_phrase_names_one_day(row: Row) -> None:
    assert dates_in(row) == row["date"]


@each_row("row", [row for row in DATES if row["kind"] == "stretch"])
def test_a_phrase_names_a_stretch_of_days(row: Row) -> None:
    assert dates_in(row) == row["date"]


@each_row("row", [row for row in DATES if row["kind"] == "several"])
def test_a_phrase_names_several_dates(row: Row) -> None:
    assert dates_in(row) == row["date"]


@each_row("row", NO_DATES)
def test_numbers_names_lengths_and_repetitions_are_no_dates(row: Row) -> None:
    assert dates_in(row) == ""
