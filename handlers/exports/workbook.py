"""Renders the monthly ledger as a workbook: an overview and one sheet for each requirement."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from math import ceil
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from handlers.exports.board_grid import Board, Cell
from handlers.exports.ledger import Book, Line, Sheet, make_cell_text, make_sheet_names
from handlers.exports.state_style import LOOKS
from models.rules.requirements.status import State

DATE = 'yyyy"年"m"月"d"日"'
OVERVIEW = "总表"
FACE = "宋体"
HEAD_ROW = 3
LINE_HEIGHT = 14.5
_THIN = Side(style="thin", color="BFBFBF")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_PLAIN, _BOLD = Font(name=FACE, size=11), Font(name=FACE, size=11, bold=True)
_HEAD = PatternFill("solid", start_color="E8EEF7")


class _Column(NamedTuple):
    """One column of a requirement's sheet; `width` in characters, `text` for long text."""

    title: str
    width: float
    text: bool = False


COLUMNS = (
    _Column("序号", 5),
    _Column("督导组（学校）", 15),
    _Column("党组织", 28, text=True),
    _Column("应办期", 13),
    _Column("应办日期", 14),
    _Column("情况", 10),
    _Column("办理日期", 14),
    _Column("应到", 6),
    _Column("实到", 6),
    _Column("缺席", 6),
    _Column("列席", 6),
    _Column("主题", 30, text=True),
    _Column("地点", 14, text=True),
    _Column("主持人", 9),
    _Column("登记人", 11),
    _Column("登记日期", 14),
)
SUMMARY = (
    ("应办", tuple(State)),
    ("已办", (State.DONE,)),
    ("迟办", (State.DONE_LATE,)),
    ("免办", (State.WAIVED,)),
    ("逾期", (State.OVERDUE,)),
    ("未见记录", (State.NOT_SEEN,)),
    ("待办", (State.DUE, State.PARTIAL, State.NOT_YET)),
)


def render_workbook(book: Book) -> bytes:
    """Render the ledger as .xlsx. Takes seconds for a whole district: call it in a thread."""
    made = Workbook()
    made.properties.creator = "清历"
    made.properties.title = make_cell_text(book.title)
    made.properties.created = made.properties.modified = datetime(*book.as_of.timetuple()[:3])  # noqa: DTZ001
    names = make_sheet_names([OVERVIEW, *(sheet.requirement for sheet in book.sheets)])
    first = made.active
    first.title = names[0]
    _write_overview(first, book)
    for name, sheet in zip(names[1:], book.sheets, strict=True):
        _write_requirement(made.create_sheet(name), book, sheet)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _write_overview(sheet: Any, book: Book) -> None:
    board = book.overview
    heads = _list_overview_heads(board)
    titles = ["序号", "督导组（学校）", "党组织", *heads, *(name for name, _ in SUMMARY)]
    _write_head(sheet, book, book.title, titles)
    for number, row in enumerate(board.rows, start=1):
        words = [_format_cell(cell) for cell in row.cells]
        sums = _count_summary(Counter(cell.state for cell in row.cells if cell is not None))
        _append_row(sheet, [number, row.group, row.label, *words, *sums], left=(3,))
    totals = _count_summary(board.states)
    _append_row(sheet, ["", "", "合计", *([""] * len(heads)), *totals], left=(3,))
    _set_sizes(sheet, [5, 15, 28, *([10.0] * len(heads)), *([7.0] * len(SUMMARY))])
    _add_conditional_formats(sheet, 4, 3 + len(heads), len(board.rows))
    _set_printing(sheet, len(titles), len(board.rows), frozen=f"D{HEAD_ROW + 1}")


def _list_overview_heads(board: Board) -> list[str]:
    """One head a column; with months below the requirement's name where any has several."""
    several = any(len(column.parts) > 1 for column in board.columns)
    return [
        f"{column.label}\n{part}" if several and part else column.label
        for column in board.columns
        for part in column.parts
    ]


def _count_summary(states: Counter[State]) -> list[int]:
    """The numbers of the columns of SUMMARY."""
    return [sum(states[state] for state in counted) for _, counted in SUMMARY]


def _write_requirement(sheet: Any, book: Book, content: Sheet) -> None:
    _write_head(sheet, book, f"{book.title} · {content.requirement}", [column.title for column in COLUMNS])
    texts = tuple(place for place, column in enumerate(COLUMNS, start=1) if column.text)
    for number, line in enumerate(content.lines, start=1):
        _append_row(sheet, [number, *_list_values(line)], left=texts)
    _set_sizes(sheet, [column.width for column in COLUMNS])
    state = [column.title for column in COLUMNS].index("情况") + 1
    _add_conditional_formats(sheet, state, state, len(content.lines))
    _set_printing(sheet, len(COLUMNS), len(content.lines), frozen=f"D{HEAD_ROW + 1}")


def _list_values(line: Line) -> tuple[object, ...]:
    return (
        *(line.group, line.organization, line.period, line.due_on, LOOKS[line.state].word, line.held_on),
        *(line.expected, line.present, line.absent, line.observers),
        *(line.topic, line.place, line.host, line.reporter, line.reported_on),
    )


def _format_cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return f"{LOOKS[cell.state].word} {cell.count}".rstrip()


def _write_head(sheet: Any, book: Book, title: str, titles: Sequence[str]) -> None:
    """Three rows: the title over all columns, the filing organization and day, column titles."""
    _append_row(sheet, [title])
    _append_row(
        sheet, [f"填报单位：{book.unit}　　截至：{book.as_of.year}年{book.as_of.month}月{book.as_of.day}日"]
    )
    _append_row(sheet, titles)
    for row, size, where in ((1, 16, _MIDDLE), (2, 11, _LEFT)):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(titles))
        sheet.cell(row, 1).font = Font(name=FACE, size=size, bold=row == 1)
        sheet.cell(row, 1).alignment = where
        for cell in sheet[row]:
            cell.border = Border()
    sheet.row_dimensions[1].height = 30
    for cell in sheet[HEAD_ROW]:
        cell.font = _BOLD
        cell.fill = _HEAD


def _append_row(sheet: Any, values: Sequence[object], *, left: Sequence[int] = ()) -> None:
    """Append one row; user text cannot become a formula, and days are formatted as dates."""
    # openpyxl reports max_row 1 for an empty sheet, too.
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = make_cell_text(value) or None
        elif value is not None:
            cell.value = value
        if isinstance(value, date):
            cell.number_format = DATE
        cell.font = _PLAIN
        cell.alignment = _LEFT if column in left else _MIDDLE
        cell.border = _FRAME


def _add_conditional_formats(sheet: Any, first: int, last: int, rows: int) -> None:
    """Colour the cells by conditional formats, so that the colour follows a word edited by hand."""
    if not rows or last < first:
        return
    place = f"{get_column_letter(first)}{HEAD_ROW + 1}:{get_column_letter(last)}{HEAD_ROW + rows}"
    for look in LOOKS.values():
        fill = PatternFill("solid", bgColor=look.paper.lstrip("#"))
        font = Font(color=look.ink.lstrip("#"))
        corner = f"{get_column_letter(first)}{HEAD_ROW + 1}"
        rule = FormulaRule([f'LEFT({corner},{len(look.word)})="{look.word}"'], fill=fill, font=font)
        sheet.conditional_formatting.add(place, rule)


def _set_sizes(sheet: Any, widths: Sequence[float]) -> None:
    """Set column widths, and row heights for the longest text: some programs do not adapt them."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in sheet.iter_rows(min_row=HEAD_ROW):
        texts = ((cell.value, width) for cell, width in zip(row, widths, strict=True))
        lines = max((_count_lines(text, width) for text, width in texts if isinstance(text, str)), default=1)
        sheet.row_dimensions[row[0].row].height = LINE_HEIGHT * lines + 4


def _count_lines(text: str, width: float) -> int:
    """The number of lines of a text in a column of that many narrow characters."""
    sizes = (sum(2 if ord(letter) > 0x2E7F else 1 for letter in piece) for piece in text.split("\n"))
    return sum(max(1, ceil(size / (width - 1))) for size in sizes)


def _set_printing(sheet: Any, columns: int, rows: int, *, frozen: str) -> None:
    """Set filters, frozen heads, and printing on A4 landscape, one page wide."""
    sheet.freeze_panes = frozen
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(columns)}{HEAD_ROW + max(rows, 1)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{HEAD_ROW}"
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.85
    sheet.oddFooter.left.text = "填表人：　　　　　审核人："
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
