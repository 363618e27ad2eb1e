"""The values for the page's templates: board, open items and records of an organization."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import groupby
from typing import NamedTuple

from bot.web.dashboard.filters import Choice
from handlers.exports.board_grid import Board, Cell, Column, Row
from handlers.exports.state_style import LOOKS, Look
from handlers.status import file_values, lists, texts as status_texts
from handlers.status.paging import Entry
from handlers.status.texts import Held, Item
from handlers.status.view import View
from models.rules.output.zh_text import full_day, period_name
from models.rules.requirements.status import State
from models.tables.records import Completion

ROWS_A_PAGE = 100
MOST_OPEN = 12


class Part(NamedTuple):
    """A section of open items, such as 逾期: its lines, and how many more there are."""

    name: str
    lines: tuple[str, ...]
    more: int


class Band(NamedTuple):
    """Adjacent rows of one group, with its name and the number of overdue items."""

    name: str
    missing: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the board; `places` maps the names of organizations to ids, for links."""

    board: Board
    bands: tuple[Band, ...]
    places: Mapping[str, int]
    counts: str
    open: tuple[Part, ...]
    page: int
    pages: int

    @property
    def looks(self) -> list[tuple[State, Look]]:
        """The states that occur, for the legend."""
        found = self.board.states
        return [(state, look) for state, look in LOOKS.items() if found[state]]

    @property
    def divided(self) -> bool:
        """Whether any head spans several columns."""
        return any(part for column in self.board.columns for part in column.parts)

    @property
    def high(self) -> bool:
        """Whether any head is written vertically."""
        return any(self.is_tall(column) for column in self.board.columns)

    @staticmethod
    def is_tall(column: Column) -> bool:
        """Whether a head is too long to be written horizontally over its columns."""
        return len(column.label) > 1 + 2 * len(column.parts)


def sheet(shown: View, choice: Choice) -> Sheet:
    """Build the board of a view: one page of its rows, and the open items above it."""
    items = shown.items
    board = file_values.board_of(
        f"{choice.span.name} · {shown.where}",
        items,
        first=shown.first,
        last=shown.last,
        today=shown.today,
        groups=shown.groups,
    )
    # -(-a // b) rounds up.
    pages = max(1, -(-len(board.rows) // ROWS_A_PAGE))
    page = min(choice.page, pages - 1)
    rows = board.rows[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE]
    entries = lists.listed(items, shown.groups, shown.today, last=shown.last)
    several = len({item.occurrence.organization_id for item in items}) > 1
    places = {item.organization: item.occurrence.organization_id for item in items} if several else {}
    return Sheet(board, _bands(rows), places, status_texts.counts(items), _open(entries), page, pages)


class Line(NamedTuple):
    """One occurrence of an organization with its state and a note."""

    state: State
    organization: str
    requirement: str
    period: str
    day: str
    note: str


def lines_of(items: Iterable[Item], today: date) -> list[Line]:
    """Return the occurrences of an organization in the order of their due dates."""
    lines = []
    for item in sorted(items, key=lambda item: item.occurrence.due_on):
        due, done = item.occurrence.due_on, item.done
        held = done.reached_on or done.last_on if done else None
        day = f"{full_day(held, today)}办" if item.state in (State.DONE, State.DONE_LATE) and held else ""
        moved = "已改期" if item.occurrence.moved else ""
        note = "，".join(part for part in (day, moved, item.progress) if part)
        period = period_name(item.occurrence.period)
        lines.append(
            Line(item.state, item.organization, item.requirement, period, full_day(due, today), note)
        )
    return lines


def _bands(rows: Sequence[Row]) -> tuple[Band, ...]:
    found = []
    for group, each in groupby(rows, key=lambda row: row.group):
        together = tuple(each)
        found.append(Band(group, sum(_missing(row.cells) for row in together), together))
    return tuple(found)


def _missing(cells: Iterable[Cell | None]) -> int:
    return sum(cell is not None and cell.state is State.OVERDUE for cell in cells)


def _open(entries: Iterable[Entry]) -> tuple[Part, ...]:
    """Group the chat's lines by section, unescaped, because the templates escape them again."""
    parts = []
    for name, each in groupby(entries, key=lambda entry: entry.section):
        lines = tuple(unescape(entry.text) for entry in each)
        parts.append(Part(name, lines[:MOST_OPEN], len(lines) - MOST_OPEN))
    return tuple(parts)


def record_rows(
    held: Sequence[tuple[Completion, Held]], names: Mapping[int, str]
) -> list[tuple[str, Completion, Held]]:
    """Return the records with the names of their organizations, newest first."""
    return [(names.get(row.organization_id, ""), row, one) for row, one in reversed(held)]
