"""Renders the record sheet of one meeting as a Word document."""

from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from handlers.exports.ledger import Meeting, make_plain_text

FACE, TITLE_FACE = "仿宋", "黑体"
LABELS = ("时间", "地点", "主持人", "记录人", "应到", "实到", "缺席", "列席", "议题")
_PAIRS = (("时间", "地点"), ("主持人", "记录人"))
_COUNTS = ("应到", "实到", "缺席", "列席")
_MINUTES = "会议\n内容"


def render_record_sheet(meeting: Meeting) -> bytes:
    """Render the sheet as .docx on one A4 page; fields that were not reported are empty cells."""
    paper = Document()
    paper.core_properties.author = "清历"
    paper.core_properties.comments = ""
    title = make_plain_text(f"{meeting.organization}{meeting.requirement}记录")
    paper.core_properties.title = title[:200]
    _set_page(paper)
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write_run(heading, title, size=20, face=TITLE_FACE)
    table = paper.add_table(rows=5, cols=8)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row in table.rows:
        for cell in row.cells:
            cell.width = Cm(2.1)
    _fill_table(table, _format_values(meeting))
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _format_values(meeting: Meeting) -> dict[str, str]:
    counts = (meeting.expected, meeting.present, meeting.absent, meeting.observers)
    return {
        "时间": _format_days(meeting.held_on, meeting.held_until),
        "地点": make_plain_text(meeting.place),
        "主持人": make_plain_text(meeting.host),
        "记录人": make_plain_text(meeting.recorder),
        "议题": make_plain_text(meeting.topic),
        **{name: "" if count is None else f"{count}人" for name, count in zip(_COUNTS, counts, strict=True)},
    }


def _format_days(first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    until = f"至{last.month}月{last.day}日" if last is not None and last != first else ""
    return f"{first.year}年{first.month}月{first.day}日{until}"


def _fill_table(table: Any, values: dict[str, str]) -> None:
    """Two rows of two labels with values, one row of the four counts, then topic and minutes."""
    for number, (left, right) in enumerate(_PAIRS):
        cells = table.rows[number].cells
        _fill_cell(cells[0], left, label=True)
        _fill_cell(cells[1].merge(cells[3]), values[left])
        _fill_cell(cells[4], right, label=True)
        _fill_cell(cells[5].merge(cells[7]), values[right])
    cells = table.rows[2].cells
    for number, name in enumerate(_COUNTS):
        _fill_cell(cells[2 * number], name, label=True)
        _fill_cell(cells[2 * number + 1], values[name])
    for number, (name, height) in enumerate(((LABELS[-1], 2.2), (_MINUTES, 17.5)), start=3):
        row = table.rows[number]
        row.height, row.height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        _fill_cell(row.cells[0], name, label=True)
        _fill_cell(row.cells[1].merge(row.cells[7]), values.get(name, ""))
    for row in table.rows[:3]:
        row.height, row.height_rule = Cm(1.1), WD_ROW_HEIGHT_RULE.AT_LEAST


def _fill_cell(cell: Any, text: str, *, label: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    if label:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    cell.vertical_alignment = 1  # in the middle
    _write_run(paragraph, text, size=14)


def _write_run(paragraph: Any, text: str, *, size: float, face: str = FACE) -> None:
    """Add one run of text."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = face
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _set_page(paper: Any) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.1)
    section.top_margin = section.bottom_margin = Cm(2.0)
