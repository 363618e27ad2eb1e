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
from handlers.reading.questions.read import OVERDUE
from handlers.status import file_values, lists, texts as status_texts
from handlers.status.texts import Held, Item
from handlers.status.view import View
from models.rules.output.zh_text import format_full_day, format_period
from models.rules.requirements.status import State
from models.rules.types import OrganizationFacts
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
    """One page of the board. `places` are the ids of the organizations by name, for their links.

    `counts` and `remarks` are of all pages, the same lines as in the chat.
    """

    board: Board
    bands: tuple[Band, ...]
    places: Mapping[str, int]
    counts: str
    remarks: tuple[str, ...]
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


def render_sheet(shown: View, choice: Choice) -> Sheet:
    """The board of a view, a page of its rows, and above it what is open."""
    owing = _put_groups_together(shown)
    pages = max(1, -(-len(owing) // ROWS_A_PAGE))
    page = min(choice.page, pages - 1)
    here = owing[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE]
    items = shown.list_items(shown.blocks, here)
    board = file_values.build_status_board(
        f"{choice.span.name} · {shown.where}",
        items,
        first=shown.first,
        last=shown.last,
        today=shown.today,
        groups=shown.groups,
    )
    return Sheet(
        board,
        _group_rows(board.rows),
        {facts.name: facts.id for facts in here} if len(owing) > 1 else {},
        status_texts.format_counts(shown.counts),
        tuple(status_texts.format_carried(shown.earlier, shown.first)),
        _list_first_overdue(shown, owing) if shown.is_large else _list_open(shown),
        page,
        pages,
    )


def _put_groups_together(shown: View) -> list[OrganizationFacts]:
    """Who has anything due: those of one group beside each other, groups by their first in the register."""
    order = list(dict.fromkeys(shown.groups.get(facts.id, "") for facts in shown.owing))
    return sorted(shown.owing, key=lambda facts: order.index(shown.groups.get(facts.id, "")))


class Line(NamedTuple):
    """One occurrence of an organization with its state and a note."""

    state: State
    organization: str
    requirement: str
    period: str
    day: str
    note: str


def list_lines(items: Iterable[Item], today: date) -> list[Line]:
    """Return the occurrences of an organization in the order of their due dates."""
    lines = []
    for item in sorted(items, key=lambda item: item.occurrence.due_on):
        due, done = item.occurrence.due_on, item.done
        held = done.reached_on or done.last_on if done else None
        day = (
            f"{format_full_day(held, today)}办"
            if item.state in (State.DONE, State.DONE_LATE) and held
            else ""
        )
        moved = "已改期" if item.occurrence.moved else ""
        note = "，".join(part for part in (day, moved, item.progress) if part)
        period = format_period(item.occurrence.period)
        lines.append(
            Line(item.state, item.organization, item.requirement, period, format_full_day(due, today), note)
        )
    return lines


def _group_rows(rows: Sequence[Row]) -> tuple[Band, ...]:
    found = []
    for group, each in groupby(rows, key=lambda row: row.group):
        together = tuple(each)
        found.append(Band(group, sum(_count_overdue(row.cells) for row in together), together))
    return tuple(found)


def _count_overdue(cells: Iterable[Cell | None]) -> int:
    return sum(cell is not None and cell.state is State.OVERDUE for cell in cells)


def _list_open(shown: View) -> tuple[Part, ...]:
    """The lines of the chat by section; its escaping is taken off, the templates put on their own."""
    entries = lists.list_open_items(shown.items, shown.groups, shown.today, last=shown.last)
    parts = []
    for name, each in groupby(entries, key=lambda entry: entry.section):
        lines = tuple(unescape(entry.text) for entry in each)
        parts.append(Part(name, lines[:MOST_OPEN], len(lines) - MOST_OPEN))
    return tuple(parts)


def _list_first_overdue(shown: View, owing: Sequence[OrganizationFacts]) -> tuple[Part, ...]:
    """The first lines of what is overdue, where there is too much to list all."""
    overdue = [block for block in shown.blocks if block.state is State.OVERDUE]
    late = frozenset[int]().union(*(block.organizations for block in overdue))
    first = [facts for facts in owing if facts.id in late][:MOST_OPEN]
    entries = lists.list_open_items(
        shown.list_items(overdue, first), shown.groups, shown.today, show=OVERDUE, last=shown.last
    )
    lines = tuple(unescape(entry.text) for entry in entries)
    return (Part("逾期", lines, len(late) - len(lines)),) if lines else ()


def list_record_rows(
    held: Sequence[tuple[Completion, Held]], names: Mapping[int, str]
) -> list[tuple[str, Completion, Held]]:
    """Return the records with the names of their organizations, newest first."""
    return [(names.get(row.organization_id, ""), row, one) for row, one in reversed(held)]
