"""A board as values: what is owed in rows and columns, with the state of every cell. PURE."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.rules.requirements.status import State

MOST_ROWS = 120  # of a picture that can still be read

# Of several occurrences in one cell the state that asks for the most attention is shown.
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
    """The state of what is owed in one place; `count` (2/4) where there are several and not all is done."""

    state: State
    count: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A head over one column, or over one for each of its `parts` (months)."""

    label: str
    parts: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board; `cells` in the order of the columns and their parts, None where nothing is owed.

    Neighbours with the same `group` stand under one band with its name.
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
        """How many cells there are of each state."""
        return Counter(cell.state for row in self.rows for cell in row.cells if cell is not None)


Place = tuple[str, str, str]  # row, column and part by label


def board(
    title: str,
    note: str,
    states: Iterable[tuple[Place, State]],
    *,
    rows: Sequence[str],
    columns: Sequence[Column],
    groups: Mapping[str, str] | None = None,
) -> Board:
    """Arrange states by the labels of their row, column and part, in the order given.

    Rows, columns and parts of columns in which nothing is owed are left out, so that it stays readable.
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
                tuple(_cell(found.get((row, head.label, part))) for head in heads for part in head.parts),
                (groups or {}).get(row, ""),
            )
            for row in rows
            if row in owed_rows
        ),
    )


def _cell(states: Sequence[State] | None) -> Cell | None:
    if not states:
        return None
    state = next(each for each in URGENCY if each in states)
    done = sum(each in FULFILLED for each in states)
    return Cell(state, f"{done}/{len(states)}" if len(states) > 1 and done < len(states) else "")
