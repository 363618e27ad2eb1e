"""Reads workbooks as sheets of cells, safe against hostile archives."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError  # noqa: S405  only the name of an error

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.xml.constants import SHEET_MAIN_NS

from models.rules.roster.sheets import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_LARGE,
    TOO_MANY,
    Merged,
    Sheet,
    create_file_problem,
)

MOST_UNPACKED = 20_000_000  # 5,000 people are about 3 MB
MOST_PARTS = 1_000
MOST_MERGED = 20_000
MOST_CELLS = 20_000_000  # with the gaps before the last cell of each row, which are cheap
LAST_ROW = 1_048_576  # of any workbook
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
    if refusal := _find_refusal(data):
        return [_create_unread(name, refusal)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, about pictures and the like that it leaves out
            return list(_list_sheets(name, data))
    except _TooMuchError as error:
        return [_create_unread(name, str(error))]
    except Exception:  # a broken part makes openpyxl raise nearly anything
        return [_create_unread(name, UNREADABLE)]


def _find_refusal(data: bytes) -> str | None:
    """Why the file is not even opened; None when it may be."""
    if len(data) > MOST_BYTES:
        return TOO_LARGE
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return f"是旧的 .xls 格式，或加了密码；{SAVE_AGAIN}，不要加密码"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > MOST_PARTS:
                return "展开以后太大，不像名册；请把内容复制到一个新的工作簿再试"
            if any(
                _has_document_type(archive, part)
                for part in parts
                if part.filename.endswith((".xml", ".rels"))
            ):
                return UNREADABLE
    except (zipfile.BadZipFile, ValueError, OSError):
        return f"不是 .xlsx 工作簿；{SAVE_AGAIN}"
    return None


def _has_document_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
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


def _list_sheets(name: str, data: bytes) -> Iterator[Sheet]:
    """Every sheet; the workbook is opened once more for formulas, if it may have any."""
    results = _create_reader(data, results=True)
    with closing(results.wb):
        parts = _list_parts(results)
        calculated = {part for part in set(parts) if b"<f" in results.archive.read(part)}
        written = _create_reader(data, results=False) if calculated else results
        with closing(written.wb):
            for sheet, again, part in zip(results.wb.worksheets, written.wb.worksheets, parts, strict=True):
                rows = _read_texts(sheet)
                cells = tuple(
                    tuple(
                        rows.get(row, {}).get(column, "")
                        for column in range(1, 1 + max(rows.get(row, {0: ""})))
                    )
                    for row in range(1, 1 + max(rows, default=0))
                )
                formulas = _find_formulas(again) if part in calculated else frozenset()
                merged = _find_merged(results.archive.read(part), len(cells))
                yield Sheet(f"{name} {sheet.title}", cells, merged=merged, formulas=formulas)


def _create_reader(data: bytes, *, results: bool) -> ExcelReader:
    """An open workbook, read row by row: formulas as their results, or as formulas."""
    reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=results, keep_links=False)
    reader.read()
    return reader


def _list_parts(reader: ExcelReader) -> list[str]:
    """The part of the archive behind each worksheet, in their order."""
    return [
        part.target
        for _, part in reader.parser.find_sheets()
        if part.target in reader.valid_files and "chartsheet" not in part.Type
    ]


def _read_texts(sheet: Any) -> dict[int, dict[int, str]]:
    """Texts by row and column from 1, without what is empty."""
    rows: dict[int, dict[int, str]] = {}
    epoch = sheet.parent.epoch
    for number, values in _list_rows(sheet, values=True):
        texts = {
            column: text
            for column, value in enumerate(values, start=1)
            if value is not None and (text := _format_value(value, epoch))
        }
        if not texts:
            continue
        if number > MOST_ROWS:
            raise _TooMuchError(TOO_MANY)
        rows[number] = {column: text for column, text in texts.items() if column <= MOST_COLUMNS}
    return rows


def _find_formulas(sheet: Any) -> frozenset[tuple[int, int]]:
    """The row from 1 and the column from 0 of each cell with a formula."""
    found: set[tuple[int, int]] = set()
    for number, cells in _list_rows(sheet, values=False):
        columns = {column for column, cell in enumerate(cells) if cell.data_type == "f"}
        if columns and number > MOST_ROWS:
            raise _TooMuchError(TOO_MANY)
        found.update((number, column) for column in columns if column < MOST_COLUMNS)
    return frozenset(found)


def _list_rows(sheet: Any, *, values: bool) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows with their number from 1: values or cells, each row as long as its last cell says."""
    sheet.reset_dimensions()  # the size that a file gives need not be true
    seen = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=values), start=1):
        seen += len(cells)
        if number > LAST_ROW or seen > MOST_CELLS:
            raise _TooMuchError(TOO_MANY)
        if cells:
            yield number, cells


def _find_merged(part: bytes, last: int) -> tuple[Merged, ...]:
    """Cells merged downwards, as far as there are rows.

    They are read from the part itself: openpyxl would make an object of each of their cells, and a
    single range may have 17 thousand million.
    """
    ranges = _list_ranges(part) if b"mergeCell" in part else []
    if len(ranges) > MOST_MERGED:
        raise _TooMuchError("合并的单元格太多；请取消合并后再试")
    found = [Merged(each.min_col - 1, each.min_row, min(each.max_row, last)) for each in ranges]
    if sum(max(0, each.last - each.first) for each in found) > MOST_ROWS * MOST_COLUMNS:
        raise _TooMuchError("合并的单元格太多；请取消合并后再试")
    return tuple(each for each in found if each.first < each.last)


def _list_ranges(part: bytes) -> list[CellRange]:
    """The merged ranges of a sheet."""
    ranges = []
    for _, element in iterparse(io.BytesIO(part), forbid_dtd=True):
        if element.tag == f"{{{SHEET_MAIN_NS}}}mergeCell":
            ranges.append(CellRange(element.get("ref")))
        element.clear()
    return ranges


def _format_value(value: Any, epoch: datetime) -> str:
    """A cell's value as somebody would have typed it; `epoch` is the workbook's day 0."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime() | date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case timedelta():  # a date, under a format that counts hours
            return _format_hours(value, epoch)
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _format_hours(value: timedelta, epoch: datetime) -> str:
    """The date or time that a cell holds whose format counts hours."""
    try:
        return _format_value(from_excel(value / timedelta(days=1), epoch), epoch)
    except OverflowError:
        return "#VALUE!"  # openpyxl's text for any other date outside of the limits


def _create_unread(name: str, text: str) -> Sheet:
    return Sheet(name, problems=(create_file_problem(name, text),))
