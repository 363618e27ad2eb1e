"""Renders a board as a PNG for phones, with the bundled Chinese font."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.transforms import IdentityTransform
from PIL import Image

from handlers.exports.board_grid import Board, Cell, Row
from handlers.exports.board_layout import (
    BAND,
    COUNT,
    HEAD,
    LABEL,
    LEGEND,
    MARGIN,
    MARK,
    NOTE,
    ROW,
    TITLE,
    Layout,
    get_legend_width,
    plan_layout,
    repeats_heads,
    split_head,
)
from handlers.exports.fonts import get_font, get_outline, make_printable, measure_width, shorten
from handlers.exports.state_style import LOOKS
from models.rules.requirements.status import State

INK, QUIET, LINE, BETWEEN, STRIPE = "#1F1F1F", "#5A5A5A", "#D8D8D8", "#9A9A9A", "#EDF1F5"
COLOURS = 128
_PIXELS = IdentityTransform()


class _Box(NamedTuple):
    """One cell with its upper left corner, width and height in pixels."""

    x: float
    y: float
    width: float
    height: float
    cell: Cell

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the box, where its mark is drawn."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def counted(self) -> bool:
        """Whether the count (2/4) is written instead of a mark: only a wide cell has room for it."""
        return bool(self.cell.count) and self.width >= 50


def render_board(board: Board) -> bytes:
    """Render a board of at most MOST_ROWS rows as PNG. Takes up to 1 s: call it in a thread."""
    plan = plan_layout(board)
    figure = Figure(figsize=(plan.width / 72, plan.height / 72), dpi=72, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, plan.width)
    axes.set_ylim(plan.height, 0)  # y grows downwards, as in the layout
    room = plan.width - 2 * MARGIN
    _draw_text(axes, MARGIN, MARGIN + TITLE / 2, shorten(board.title, TITLE, room), TITLE)
    _draw_text(axes, MARGIN, MARGIN + TITLE + NOTE, shorten(board.note, NOTE, room), NOTE, colour=QUIET)
    _draw_legend(axes, plan)
    _draw_heads(axes, board, plan, plan.top)
    bottom = _draw_body(axes, board, plan)
    if repeats_heads(board):
        _draw_heads(axes, board, plan, bottom, below=True)
    canvas.draw()  # type: ignore[no-untyped-call]
    return _render_png(np.asarray(canvas.buffer_rgba()))  # type: ignore[no-untyped-call]


def _render_png(pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bytes:
    """Encode pixels as PNG with a palette: a third of the size, and faster than true colours."""
    picture = Image.fromarray(pixels).convert("RGB")
    out = BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "png")
    return out.getvalue()


def _draw_legend(axes: Axes, plan: Layout) -> None:
    boxes = []
    y = MARGIN + TITLE + 2 * NOTE + LEGEND / 2
    for line in plan.legend:
        x = MARGIN
        for state in line:
            boxes.append(_Box(x, y - 18, 36.0, 36.0, Cell(state)))
            _draw_text(axes, x + 44, y, LOOKS[state].word, NOTE)
            x += get_legend_width(state)
        y += LEGEND
    _draw_boxes(axes, boxes)


def _draw_heads(axes: Axes, board: Board, plan: Layout, top: float, *, below: bool = False) -> None:
    """The heads of the columns, above the cells or repeated `below` them."""
    x = plan.left
    near = top + 8 if below else top + plan.head - 8
    away = 1 if below else -1
    for column in board.columns:
        room = len(column.parts) * plan.cell
        y = near + away * (HEAD + 3) / 2
        for number, part in enumerate(column.parts):
            if part:
                size = min(HEAD, HEAD * (plan.cell - 2) / measure_width(part, HEAD))
                _draw_text(axes, x + (number + 0.5) * plan.cell, y, part, size, align="center", colour=QUIET)
        y += away * (HEAD + 9) if plan.parts > 1 else 0
        lines = split_head(column.label, room)
        for line in lines if below else reversed(lines):
            _draw_text(axes, x + room / 2, y, line, HEAD, align="center")
            y += away * (HEAD + 3)
        x += room


def _draw_body(axes: Axes, board: Board, plan: Layout) -> float:
    """Draw the rows with their bands and return the y of their lower end."""
    boxes: list[_Box] = []
    ends = plan.left + sum(len(column.parts) for column in board.columns) * plan.cell
    y = plan.top + plan.head
    for group, rows in groupby(board.rows, key=lambda row: row.group):
        together = list(rows)
        if group:
            _draw_band(axes, group, together, plan, y)
            y += BAND
        for row in together:
            axes.plot((MARGIN, ends), (y + ROW, y + ROW), color=LINE, linewidth=1)
            _draw_text(
                axes, MARGIN, y + ROW / 2, shorten(make_printable(row.label), LABEL, plan.label_room), LABEL
            )
            boxes += _list_boxes(row, plan, y)
            y += ROW
    _draw_boxes(axes, boxes)
    _draw_separators(axes, board, plan, y)
    return y


def _list_boxes(row: Row, plan: Layout, y: float) -> Iterator[_Box]:
    for number, cell in enumerate(row.cells):
        if cell is not None:
            yield _Box(plan.left + number * plan.cell, y + 4, plan.cell, ROW - 8, cell)


def _draw_band(axes: Axes, group: str, rows: Sequence[Row], plan: Layout, y: float) -> None:
    axes.fill_between((0, plan.width), y + 2, y + BAND - 2, color=STRIPE, linewidth=0)
    missing = sum(cell is not None and cell.state is State.OVERDUE for row in rows for cell in row.cells)
    _draw_text(
        axes,
        MARGIN,
        y + BAND / 2,
        f"{group}　逾期 {missing}" if missing else group,
        NOTE,
        colour=QUIET,
    )


def _draw_separators(axes: Axes, board: Board, plan: Layout, bottom: float) -> None:
    """Vertical lines between heads, where heads have several columns."""
    x = plan.left
    for column in board.columns[:-1] if plan.parts > 1 else ():
        x += len(column.parts) * plan.cell
        axes.plot((x, x), (plan.top, bottom), color=BETWEEN, linewidth=1.5)


def _draw_boxes(axes: Axes, boxes: Sequence[_Box]) -> None:
    """Draw all cells as one collection and the marks of each state as another.

    One object a cell would take seconds for a board with thousands of cells.
    """
    looks = [LOOKS[box.cell.state] for box in boxes]
    papers = PolyCollection(
        [_get_corners(box) for box in boxes],
        facecolors=[look.paper for look in looks],
        edgecolors=[look.border for look in looks],
        linewidths=1.5,
    )
    axes.add_collection(papers, autolim=False)
    for state in LOOKS:
        _draw_marks(axes, state, [box.middle for box in boxes if box.cell.state is state and not box.counted])
    for box in boxes:
        if box.counted:
            colour = LOOKS[box.cell.state].ink
            _draw_text(axes, *box.middle, box.cell.count, COUNT, align="center", colour=colour)


def _draw_marks(axes: Axes, state: State, middles: Sequence[tuple[float, float]]) -> None:
    """The mark of one state at each of these points."""
    if not middles:
        return
    look = LOOKS[state]
    shape = get_outline(look.mark, MARK)
    marks = PathCollection(
        [shape], offsets=middles, offset_transform=axes.transData, facecolors=look.ink, linewidths=0
    )
    # Offsets are in the axes' coordinates, the shape itself in pixels: it must not be scaled with them.
    marks.set_transform(_PIXELS)
    axes.add_collection(marks, autolim=False)


def _get_corners(box: _Box) -> list[tuple[float, float]]:
    left, right, bottom = box.x + 2, box.x + box.width - 2, box.y + box.height
    return [(left, box.y), (right, box.y), (right, bottom), (left, bottom)]


def _draw_text(
    axes: Axes, x: float, y: float, text: str, size: float, *, align: str = "left", colour: str = INK
) -> None:
    font = get_font(size)
    shown = axes.text(x, y, make_printable(text), fontproperties=font, color=colour, ha=align, va="center")
    shown.set_parse_math(False)  # a "$" in a name is no formula
