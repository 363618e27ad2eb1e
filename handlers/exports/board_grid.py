"""The status board as values: rows, columns and the state of each cell. PURE."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.rules.requirements.status import State

MOST_ROWS = 120  # a longer picture is not readable on a phone

# A cell with several occurrences shows the first of these states that any of them has.
URGENCY = (
    State.OVERDUE,
    State.NOT_SEEN,
    State.PARTIAL,
    State.DUE,
    State.NOT_YET,
    State.DONE_LATE,
    State.DONE,
    State.WAIVED,
)
FULFILLED = (State.DONE, State.DONE_LATE, State.WAIVED)


@dataclass(frozen=True, slots=True)
class Cell:
    """The state of one cell; `count` (2/4) for several occurrences of which some are not done."""

    state: State
    count: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A head over one column, or over one column for each of its `parts` (months)."""

    label: str
    parts: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `cells` in the order of the columns and their parts, None where nothing is due.

    Adjacent rows with the same `group` get one band with its name.
    """

    label: str
    cells: tuple[Cell | None, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """A table of states: organizations × requirements × months, or one organization's year."""

    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def states(self) -> Counter[State]:
        """The number of cells in each state."""
        return Counter(cell.state for row in self.rows for cell in row.cells if cell is not None)


Place = tuple[str, str, str]  # row, column and part by label


def build_board(
    title: str,
    note: str,
    states: Iterable[tuple[Place, State]],
    *,
    rows: Sequence[str],
    columns: Sequence[Column],
    groups: Mapping[str, str] | None = None,
) -> Board:
    """A board of states at (row, column, part) labels, in the order of `rows` and `columns`.

    Rows, columns and parts without a state are left out.
    """
    found: dict[Place, list[State]] = {}
    for place, state in states:
        found.setdefault(place, []).append(state)
    owed_rows, owed = {place[0] for place in found}, {place[1:] for place in found}
    heads = tuple(
        Column(column.label, parts)
        for column in columns
        if (parts := tuple(part for part in column.parts if (column.label, part) in owed))
    )
    return Board(
        title,
        note,
        heads,
        tuple(
            Row(
                row,
                tuple(
                    _build_cell(found.get((row, head.label, part))) for head in heads for part in head.parts
                ),
                (groups or {}).get(row, ""),
            )
            for row in rows
            if row in owed_rows
        ),
    )


def _build_cell(states: Sequence[State] | None) -> Cell | None:
    if not states:
        return None
    state = next(each for each in URGENCY if each in states)
    done = sum(each in FULFILLED for each in states)
    return Cell(state, f"{done}/{len(states)}" if len(states) > 1 and done < len(states) else "")
