"""Reads a file as rows of cells under known columns, or says why it cannot."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import NamedTuple

from models.rules.roster.cells import clean_text
from models.rules.roster.types import Problem

ORGANIZATION_COLUMNS = ("名称", "类型", "上级", "别名", "督导组")
ORGANIZATION_EXTRAS = ("支委会", "启用日期", "联系人")
PEOPLE_COLUMNS = ("姓名", "角色", "组织")
PEOPLE_EXTRAS = ("聊天号",)
TITLE_ROWS = 5  # a heading may stand above the names of the columns
LONGEST_CELL = 300
LONGEST_TITLE = 40
MOST_BYTES = 5_000_000
MOST_ROWS = 20_000  # 5,000 people are a large bureau
MOST_COLUMNS = 60
TOO_LARGE = f"文件超过 {MOST_BYTES // 1_000_000} MB，不像名册；请删去图片和多余的内容"
TOO_MANY = f"超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列，不像名册；请删去多余的内容"


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of one column (from 0) merged downwards, rows from `first` to `last`."""

    column: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The raw cells of one file, row by row; `problems` where it could not be read.

    `formulas` are the places (row from 1, column from 0) of cells that hold a formula; their text is
    the result that was stored with it.
    """

    name: str
    rows: tuple[tuple[str, ...], ...] = ()
    problems: tuple[Problem, ...] = ()
    merged: tuple[Merged, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the header: row number and cells by column, as they were written.

    `continued` are rows whose first column is merged with the row above: they go on about the same one.
    """

    name: str
    columns: Mapping[str, int]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    continued: frozenset[int] = frozenset()

    def create_problem(self, row: int, column: str, text: str) -> Problem:
        """Something to say about one cell."""
        index = self.columns.get(column)
        return Problem(self.name, row, column, "" if index is None else f"{format_column(index)}{row}", text)


def format_column(index: int) -> str:
    """A column's letters in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name = chr(ord("A") + rest) + name
        index -= 1
    return name


def read_csv(name: str, data: bytes) -> Sheet:
    """Comma- or tab-separated text in UTF-8 (with or without BOM), GBK or UTF-16 as a sheet."""
    if len(data) > MOST_BYTES:
        return Sheet(name, problems=(create_file_problem(name, TOO_LARGE),))
    text = _decode_text(data)
    if text is None:
        return Sheet(
            name, problems=(create_file_problem(name, "看不出是什么编码；请另存为“CSV UTF-8”后再试"),)
        )
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",", strict=True)
    rows: list[tuple[str, ...]] = []
    try:
        for row in reader:
            # Refused while reading, not afterwards: a hostile file never fills the memory.
            if len(rows) == MOST_ROWS or len(row) > MOST_COLUMNS:
                return Sheet(name, problems=(create_file_problem(name, TOO_MANY),))
            rows.append(tuple(row))
    except csv.Error as error:
        long = "field limit" in str(error)
        text = "有一格太长" if long else "引号不成对；请改好这一行的引号"
        text = f"从第 {len(rows) + 1} 行起{text}"
        return Sheet(name, problems=(Problem(name, len(rows) + 1, "", "", text),))
    return Sheet(name, tuple(rows))


class _Header(NamedTuple):
    """The row with the columns' names: number from 1, titles, and the rows below."""

    number: int
    titles: tuple[str, ...]
    body: tuple[tuple[int, tuple[str, ...]], ...]

    def list_columns(self) -> dict[str, int]:
        """Each title's column from 0; the first one where a title stands twice."""
        return {title: index for index, title in reversed(list(enumerate(self.titles))) if title}


def read_table(sheet: Sheet, required: Sequence[str], extras: Sequence[str] = ()) -> Table:
    """The sheet under its header, merged cells filled down.

    Problems: nothing in it, columns missing or twice, cells too many, too long, or without a result.
    """
    header = None if sheet.problems else _find_header(sheet, required[0])
    if header is None:
        empty = create_file_problem(sheet.name, f"文件是空的；第一行请写列名：{'、'.join(required)}")
        return Table(sheet.name, {}, (), sheet.problems or (empty,), ())
    problems = [*_check_header(sheet.name, header, required)]
    if not problems and not header.body:
        problems.append(create_file_problem(sheet.name, "只有列名，没有内容；请从第二行起逐行填写"))
    problems += _check_width(sheet.name, header)
    read, unfit = _read_body(sheet, header, required, extras)
    return replace(read, problems=(*problems, *unfit))


def _read_body(
    sheet: Sheet, header: _Header, required: Sequence[str], extras: Sequence[str]
) -> tuple[Table, list[Problem]]:
    """The table under a header, and the cells that cannot be used."""
    columns = header.list_columns()
    above = _find_merged(sheet, header.number)
    known = {title: columns[title] for title in (*required, *extras) if title in columns}
    written = [(row, _read_cells(sheet, row, known, above)) for row, _ in header.body]
    read = Table(
        sheet.name,
        columns,
        tuple((row, {title: _drop_long(text) for title, text in cells.items()}) for row, cells in written),
        (),
        tuple(_list_unknown_columns(sheet.name, header, required, extras)),
        frozenset(row for row, column in above if column == columns.get(required[0])),
    )
    unfit = [found for row, cells in written for found in _check_cells(read, sheet.formulas, row, cells)]
    return read, unfit


def _find_header(sheet: Sheet, first: str) -> _Header | None:
    """Find the row that names the column `first`, else the first row that is not empty."""
    rows = [(number, row) for number, row in enumerate(sheet.rows, start=1) if any(map(clean_text, row))]
    if not rows:
        return None
    titles = [_clean_titles(row) for _, row in rows[:TITLE_ROWS]]
    start = next((index for index, row in enumerate(titles) if first in row), 0)
    return _Header(rows[start][0], titles[start], tuple(rows[start + 1 :]))


def _clean_titles(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(clean_text(cell[:LONGEST_TITLE]) for cell in row)


def _check_header(name: str, header: _Header, required: Sequence[str]) -> Iterator[Problem]:
    """Columns that stand twice, and those that are missing."""
    for index, title in enumerate(header.titles):
        if title and title in header.titles[:index]:
            address = f"{format_column(index)}{header.number}"
            yield Problem(name, header.number, title, address, "这一列写了两次；请只留一列")
    missing = [title for title in required if title not in header.titles]
    if missing:
        text = f"缺少列 {'、'.join(missing)}；第一行请写 {'、'.join(required)}，用英文逗号隔开"
        yield Problem(name, header.number, "", "", text)


def _check_width(name: str, header: _Header) -> Iterator[Problem]:
    for row, cells in header.body:
        if any(map(clean_text, cells[len(header.titles) :])):
            yield Problem(name, row, "", "", "格子比列名多；名称里有逗号时，请给这一格加英文引号")


def _list_unknown_columns(
    name: str, header: _Header, required: Sequence[str], extras: Sequence[str]
) -> Iterator[Problem]:
    """Columns that are not read, with the optional one that may be meant."""
    for index, title in enumerate(header.titles):
        if not title or title in required or title in extras:
            continue
        near = get_close_matches(title, [each for each in extras if each not in header.titles], 1, 0.5)
        hint = f"是不是“{near[0]}”？" if near else "这一列没有读"
        address = f"{format_column(index)}{header.number}"
        yield Problem(name, header.number, title, address, f"不认识的列；{hint}")


def _find_merged(sheet: Sheet, header: int) -> dict[tuple[int, int], int]:
    """Map each cell (row, column) merged with one above to the row that holds its text."""
    return {
        (row, each.column): each.first
        for each in sheet.merged
        for row in range(each.first + 1, each.last + 1)
        if each.first > header
    }


def _read_cells(
    sheet: Sheet, row: int, known: Mapping[str, int], above: Mapping[tuple[int, int], int]
) -> dict[str, str]:
    return {
        title: _get_cell(sheet.rows[above.get((row, index), row) - 1], index)
        for title, index in known.items()
    }


def _drop_long(text: str) -> str:
    """The text, or nothing for one that is too long to be repeated in messages."""
    return text if len(text) <= LONGEST_CELL else ""


def _check_cells(
    read: Table, formulas: frozenset[tuple[int, int]], row: int, cells: Mapping[str, str]
) -> Iterator[Problem]:
    for title, text in cells.items():
        if len(text) > LONGEST_CELL:
            yield read.create_problem(row, title, f"这一格有 {len(text)} 个字，太长；请写短一些")
        elif not text and (row, read.columns[title]) in formulas:
            yield read.create_problem(row, title, "这一格是公式，没有结果；请改成文字")


def find_kind(sheet: Sheet) -> str | None:
    """`organizations` or `people`, by the columns' names, else by the sheet's name."""
    parts = (
        ("people", "人员", {*PEOPLE_COLUMNS, *PEOPLE_EXTRAS}),
        ("organizations", "组织", {*ORGANIZATION_COLUMNS, *ORGANIZATION_EXTRAS}),
    )
    for row in sheet.rows[: 2 * TITLE_ROWS]:
        titles = set(_clean_titles(row)) - {""}
        for kind, _, columns in parts:
            if len(titles & columns) > 1 or (titles and titles <= columns):
                return kind
    return next((kind for kind, called, _ in parts if clean_text(sheet.name).endswith(called)), None)


def _decode_text(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    # GB18030 decodes nearly anything, so it is tried last.
    encodings = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _get_cell(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def create_file_problem(name: str, text: str) -> Problem:
    """Something to say about a file as a whole."""
    return Problem(name, 0, "", "", text)
