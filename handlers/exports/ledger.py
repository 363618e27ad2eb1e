"""The monthly ledger (月台账) and the record of one meeting as values. PURE."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.exports.board_grid import Board
from models.rules.requirements.status import State

# Spreadsheets read a cell that begins like this as a formula, some of them also its full-width form.
_FORMULA = re.compile(r"[\s'‘]*[=+\-@＝＋－＠]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a requirement's sheet: an occurrence with one of its records, or without any.

    `group` is the 督导组 or school; counts are persons; `reported_on` is the civil day of the report.
    """

    group: str
    organization: str
    period: str
    due_on: date
    state: State
    held_on: date | None = None
    expected: int | None = None
    present: int | None = None
    absent: int | None = None
    observers: int | None = None
    topic: str = ""
    place: str = ""
    host: str = ""
    reporter: str = ""
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All lines of one requirement."""

    requirement: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """月台账: the overview and one sheet a requirement; `unit` is the organization that files it."""

    title: str
    unit: str
    as_of: date
    overview: Board
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """The fields of one meeting's record sheet; unknown ones are None or ""."""

    organization: str
    requirement: str
    held_on: date | None = None
    held_until: date | None = None
    place: str = ""
    host: str = ""
    expected: int | None = None
    present: int | None = None
    absent: int | None = None
    observers: int | None = None
    topic: str = ""
    recorder: str = ""


def make_cell_text(text: str) -> str:
    """User text for a cell: without unprintable characters, and never a formula."""
    text = make_plain_text(text)
    return f"'{text}" if _FORMULA.match(text) else text


def make_plain_text(text: str) -> str:
    """User text without characters that XML forbids, in at most 2,000 characters."""
    return _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST]


def make_sheet_names(wanted: Sequence[str]) -> list[str]:
    """Unique sheet names: Excel allows 31 characters, no []:*?/\\, and reserves "history"."""
    found: list[str] = []
    for name in wanted:
        base = re.sub(r"[\[\]:*?/\\\s]+", " ", make_plain_text(name)).strip(" '") or "表"
        number, unique = 1, base[:31]
        while unique.casefold() in {each.casefold() for each in found} or unique.casefold() == "history":
            number += 1
            unique = f"{base[:27]}（{number}）"
        found.append(unique)
    return found


def make_file_name(*parts: str, suffix: str) -> str:
    """A file name that is valid on every system; at most 80 characters and the suffix."""
    stem = "-".join(part for part in parts if part)
    return re.sub(r'[<>:"/\\|?*\s\x00-\x1f]+', "", stem).strip(".")[:80] + suffix
