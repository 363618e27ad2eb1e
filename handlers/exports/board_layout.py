"""The layout of a board's picture in pixels."""

from dataclasses import dataclass
from itertools import groupby

from handlers.exports.board_grid import Board
from handlers.exports.fonts import make_printable, measure_width, shorten
from handlers.exports.state_style import LOOKS
from models.rules.requirements.status import State

TITLE, NOTE, LABEL, HEAD, MARK, COUNT = 34.0, 23.0, 26.0, 24.0, 24.0, 20.0
MARGIN, ROW, BAND, LEGEND = 18.0, 44.0, 40.0, 44.0
LABEL_ROOM = 320.0
LEAST_WIDTH = 560.0
MOST_TITLE = 760.0
MOST_HEAD_LINES = 7
REPEAT_HEADS_FROM = 25


@dataclass(frozen=True, slots=True)
class Layout:
    """The measures of one picture in pixels.

    `left` and `top` are where cells and heads begin, `cell` is the width of a cell, `head` the height of
    the heads; `parts` is the most columns under one head, `legend` the states of each line of the legend.
    """

    width: float
    height: float
    left: float
    top: float
    cell: float
    head: float
    parts: int
    legend: tuple[tuple[State, ...], ...]

    @property
    def label_room(self) -> float:
        """The width for the label of a row."""
        return self.left - MARGIN - 12


def plan_layout(board: Board) -> Layout:
    """Work out the measures for a board."""
    parts = max((len(column.parts) for column in board.columns), default=1)
    cells = sum(len(column.parts) for column in board.columns)
    cell = _get_cell_width(parts)
    longest = max((measure_width(make_printable(row.label), LABEL) for row in board.rows), default=0.0)
    left = MARGIN + min(longest, LABEL_ROOM) + 16
    least = max(min(measure_width(board.title, TITLE), MOST_TITLE) + 2 * MARGIN, LEAST_WIDTH)
    whole = max(left + cells * cell + MARGIN, least)
    rooms = ((column.label, len(column.parts) * cell) for column in board.columns)
    stacked = max((len(split_head(label, room)) for label, room in rooms), default=0) * (HEAD + 3)
    head = stacked + (HEAD + 9 if parts > 1 else 0) + 16
    legend = _split_legend(board, whole - 2 * MARGIN)
    top = MARGIN + TITLE + 2 * NOTE + LEGEND * len(legend) + 8
    bands = sum(bool(group) for group, _ in groupby(board.rows, key=lambda row: row.group))
    heads = head * (2 if repeats_heads(board) else 1)
    height = top + heads + len(board.rows) * ROW + bands * BAND + MARGIN
    return Layout(whole, height, left, top, cell, head, parts, legend)


def _get_cell_width(parts: int) -> float:
    """Narrower cells where a head has several columns, such as the months of a year."""
    if parts == 1:
        return 68.0
    return 52.0 if parts <= 3 else 38.0


def repeats_heads(board: Board) -> bool:
    """Whether the heads are repeated below the rows, because the upper ones are off the screen."""
    return len(board.rows) >= REPEAT_HEADS_FROM


def get_legend_width(state: State) -> float:
    """The width of one entry of the legend."""
    return 36 + 8 + measure_width(LOOKS[state].word, NOTE) + 22


def split_head(label: str, room: float) -> list[str]:
    """A head in lines of this width; shortened where it takes more than MOST_HEAD_LINES."""
    long = max(1, int((room - 8) / HEAD))
    label = shorten(make_printable(label), HEAD, MOST_HEAD_LINES * long * HEAD)
    if measure_width(label, HEAD) <= room - 8:
        return [label]
    return [label[start : start + long] for start in range(0, len(label), long)]


def _split_legend(board: Board, room: float) -> tuple[tuple[State, ...], ...]:
    """The states that occur, in lines of this width."""
    lines: list[list[State]] = [[]]
    used = 0.0
    for state in LOOKS:
        if state not in board.states:
            continue
        if lines[-1] and used + get_legend_width(state) > room:
            lines.append([])
            used = 0.0
        lines[-1].append(state)
        used += get_legend_width(state)
    return tuple(tuple(line) for line in lines)
