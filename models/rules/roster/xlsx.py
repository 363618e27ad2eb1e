"""Reads workbooks as sheets of cells, safe against hostile archives."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError  # noqa: S405  only the name of an error

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.worksheet._reader import WorkSheetParser

from models.rules.roster.sheets import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_LARGE,
    TOO_MANY,
    Merged,
    Sheet,
    whole,
)

MOST_UNPACKED = 20_000_000  # 5,000 people are about 3 MB
MOST_PARTS = 1_000
MOST_MERGED = 20_000
SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再试"
UNREADABLE = f"这个工作簿读不出来；{SAVE_AGAIN}"


class _TooMuchError(ValueError):
    """The workbook is larger than any register."""


def read_workbook(name: str, data: bytes) -> list[Sheet]:
    """Read the sheets of an .xlsx file, each named `file title`.

    A file that cannot be read gives one sheet with a problem.

    Nothing outside of the file is opened: entities are refused, formulas are never worked out, sizes
    are looked at before unpacking.
    """
    if refusal := _refusal(data):
        return [_unread(name, refusal)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, about pictures and the like that it leaves out
            return list(_sheets(name, data))
    except _TooMuchError as error:
        return [_unread(name, str(error))]
    except Exception:  # a broken part makes openpyxl raise nearly anything
        return [_unread(name, UNREADABLE)]


def _refusal(data: bytes) -> str | None:
    """Why the file is not even opened; None when it may be."""
    if len(data) > MOST_BYTES:
        return TOO_LARGE
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return f"是旧的 .xls 格式，或加了密码；{SAVE_AGAIN}，不要加密码"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            # Sizes as the archive states them; zipfile reads no more than that.
            if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > MOST_PARTS:
                return "展开以后太大，不像名册；请把内容复制到一个新的工作簿再试"
            if any(_declares(archive, part) for part in parts if part.filename.endswith((".xml", ".rels"))):
                return UNREADABLE
    except (zipfile.BadZipFile, ValueError, OSError):
        return f"不是 .xlsx 工作簿；{SAVE_AGAIN}"
    return None


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part has a document type, which can declare entities.

    No office program writes one.

    Depending on what is installed openpyxl parses small parts with lxml, which would not refuse them.
    """
    try:
        with archive.open(part) as source:
            next(iterparse(source, events=("start",), forbid_dtd=True), None)
    except DefusedXmlException:
        return True
    except ParseError:
        return False  # openpyxl will say so, if it needs this part
    return False


def _sheets(name: str, data: bytes) -> Iterator[Sheet]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            yield _sheet(f"{name} {sheet.title}", sheet)
    finally:
        book.close()


def _sheet(title: str, sheet: Any) -> Sheet:
    rows, parser = _parsed(sheet, values=True)
    with sheet._get_source() as source:
        formulas = _formulas(sheet) if b"<f" in source.read() else frozenset()
    cells = tuple(
        tuple(rows.get(number, {}).get(column, "") for column in range(1, 1 + max(rows.get(number, {0: ""}))))
        for number in range(1, 1 + max(rows, default=0))
    )
    return Sheet(title, cells, merged=_merged(parser, len(cells)), formulas=formulas)


def _parsed(sheet: Any, *, values: bool) -> tuple[dict[int, dict[int, str]], WorkSheetParser]:
    """Texts by row and column, or with `values` false only those of formulas."""
    rows: dict[int, dict[int, str]] = {}
    with sheet._get_source() as source:
        book = sheet.parent
        parser = WorkSheetParser(
            source, sheet._shared_strings, data_only=values, epoch=book.epoch, date_formats=book._date_formats
        )
        for number, cells in parser.parse():
            found = {
                cell["column"]: _text(cell["value"]) for cell in cells if values or cell["data_type"] == "f"
            }
            found = {column: text for column, text in found.items() if text}
            if not found:
                continue
            if not 0 < number <= MOST_ROWS:
                raise _TooMuchError(TOO_MANY)
            rows[number] = {column: text for column, text in found.items() if 0 < column <= MOST_COLUMNS}
    return rows, parser


def _formulas(sheet: Any) -> frozenset[tuple[int, int]]:
    rows, _ = _parsed(sheet, values=False)
    return frozenset((number, column - 1) for number, cells in rows.items() for column in cells)


def _merged(parser: WorkSheetParser, last: int) -> tuple[Merged, ...]:
    """Cells merged downwards, as far as there are rows."""
    ranges = parser.merged_cells.mergeCell if parser.merged_cells else []
    if len(ranges) > MOST_MERGED:
        raise _TooMuchError("合并的单元格太多；请取消合并后再试")
    found = [Merged(each.min_col - 1, each.min_row, min(each.max_row, last)) for each in ranges]
    if sum(max(0, each.last - each.first) for each in found) > MOST_ROWS * MOST_COLUMNS:
        raise _TooMuchError("合并的单元格太多；请取消合并后再试")
    return tuple(each for each in found if each.first < each.last)


def _text(value: Any) -> str:
    """A cell's value as somebody would have typed it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime() | date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _unread(name: str, text: str) -> Sheet:
    return Sheet(name, problems=(whole(name, text),))
