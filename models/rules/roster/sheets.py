"""A file as rows of cells under known columns, or what keeps it from being one."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from models.rules.roster.cells import clean
from models.rules.roster.values import Problem

ORGANIZATION_COLUMNS = ("名称", "类型", "上级", "别名", "督导组")
ORGANIZATION_EXTRAS = ("支委会", "启用日期")
PEOPLE_COLUMNS = ("姓名", "角色", "组织")
TITLE_ROWS = 5  # a heading may stand above the names of the columns


@dataclass(frozen=True, slots=True)
class Sheet:
    """The raw cells of one file, row by row from the first; `problems` when it could not be read."""

    name: str
    rows: tuple[tuple[str, ...], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the header: row number and cells by column, as they were written."""

    name: str
    columns: Mapping[str, int]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    def at(self, row: int, column: str, text: str) -> Problem:
        """Something to say about one cell."""
        index = self.columns.get(column)
        return Problem(self.name, row, column, "" if index is None else f"{letters(index)}{row}", text)


def letters(index: int) -> str:
    """A column's letters in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name = chr(ord("A") + rest) + name
        index -= 1
    return name


def read_csv(name: str, data: bytes) -> Sheet:
    """Comma- or tab-separated text in UTF-8 (with or without BOM), GBK or UTF-16 as a sheet."""
    text = _decoded(data)
    if text is None:
        return Sheet(name, problems=(_whole(name, "看不出是什么编码；请另存为“CSV UTF-8”后再试"),))
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",", strict=True)
    rows: list[tuple[str, ...]] = []
    try:
        for row in reader:
            rows.append(tuple(row))
    except csv.Error:
        text = f"从第 {len(rows) + 1} 行起引号不成对；请改好这一行的引号"
        return Sheet(name, problems=(Problem(name, len(rows) + 1, "", "", text),))
    return Sheet(name, tuple(rows))


def table(sheet: Sheet, required: Sequence[str], extras: Sequence[str] = ()) -> Table:
    """The sheet under its header. Problems: nothing in it, columns missing or twice, cells too many."""
    rows = [(number, row) for number, row in enumerate(sheet.rows, start=1) if any(map(clean, row))]
    if sheet.problems or not rows:
        empty = _whole(sheet.name, f"文件是空的；第一行请写列名：{'、'.join(required)}")
        return Table(sheet.name, {}, (), sheet.problems or (empty,), ())
    titles = [tuple(map(clean, row)) for _, row in rows[:TITLE_ROWS]]
    start = next((index for index, row in enumerate(titles) if required[0] in row), 0)
    number, header = rows[start][0], titles[start]
    columns = {title: index for index, title in reversed(list(enumerate(header))) if title}
    problems, notes = _header(sheet.name, number, header, (required, extras))
    body = rows[start + 1 :]
    if not problems and not body:
        problems.append(_whole(sheet.name, "只有列名，没有内容；请从第二行起逐行填写"))
    problems += [
        Problem(sheet.name, row, "", "", "格子比列名多；名称里有逗号时，请给这一格加英文引号")
        for row, cells in body
        if any(map(clean, cells[len(header) :]))
    ]
    known = {title: columns[title] for title in (*required, *extras) if title in columns}
    found = tuple(
        (row, {title: _cell(cells, index) for title, index in known.items()}) for row, cells in body
    )
    return Table(sheet.name, columns, found, tuple(problems), tuple(notes))


def _header(
    name: str, number: int, header: Sequence[str], known: tuple[Sequence[str], Sequence[str]]
) -> tuple[list[Problem], list[Problem]]:
    required, extras = known
    problems = [
        Problem(name, number, title, f"{letters(index)}{number}", "这一列写了两次；请只留一列")
        for index, title in enumerate(header)
        if title and title in header[:index]
    ]
    missing = [title for title in required if title not in header]
    if missing:
        text = f"缺少列 {'、'.join(missing)}；第一行请写 {'、'.join(required)}，用英文逗号隔开"
        problems.append(Problem(name, number, "", "", text))
    notes = []
    for index, title in enumerate(header):
        if not title or title in required or title in extras:
            continue
        near = get_close_matches(title, [each for each in extras if each not in header], 1, 0.5)
        hint = f"是不是“{near[0]}”？" if near else "这一列没有读"
        notes.append(Problem(name, number, title, f"{letters(index)}{number}", f"不认识的列；{hint}"))
    return problems, notes


def _decoded(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _cell(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def _whole(name: str, text: str) -> Problem:
    return Problem(name, 0, "", "", text)
