"""The ledger as a workbook and the record sheet: as offices file them, with nothing in them that runs."""

import shutil
import subprocess
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from handlers.exports.board_grid import Column, build_board
from handlers.exports.ledger import (
    Book,
    Line,
    Meeting,
    Sheet,
    make_cell_text,
    make_file_name,
    make_sheet_names,
)
from handlers.exports.record_sheet import render_record_sheet
from handlers.exports.workbook import HEAD_ROW, render_workbook
from models.rules.requirements.status import State
from tests.tables import each_row

EVIL = '=HYPERLINK("http://example.org","看")'
LINES = (
    Line(
        *(
            "第一督导组",
            "理科支部",
            "2026年11月",
            date(2026, 11, 5),
            State.DONE,
            date(2026, 11, 4),
            25,
            23,
            2,
            None,
        ),
        *(EVIL, "三楼会议室", "示例·小林", "示例·小林", date(2026, 11, 6)),
    ),
    Line("第一督导组", "文科支部", "2026年11月", date(2026, 11, 5), State.OVERDUE),
    Line("第二督导组", "行政支部", "2026年11月", date(2026, 11, 5), State.WAIVED, topic="很长的议题" * 12),
)


@pytest.fixture(scope="module")
def made() -> bytes:
    """A ledger of three branches and two requirements, one with a name no sheet may have."""
    states = [((line.organization, "主题党日", ""), line.state) for line in LINES]
    groups = {line.organization: line.group for line in LINES}
    overview = build_board(
        "", "", [*states, (("理科支部", "三会/一课[试]", ""), State.NOT_SEEN)],
        rows=list(groups), columns=[Column("主题党日"), Column("三会/一课[试]")], groups=groups,
    )  # fmt: skip
    sheets = (Sheet("主题党日", LINES), Sheet("三会/一课[试]", LINES[:1]))
    return render_workbook(Book("2026年11月台账", "示范学校党委", date(2026, 11, 21), overview, sheets))


def _rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD_ROW)]


def test_the_overview_shows_every_branch_with_its_states_and_sums(made: bytes) -> None:
    sheet = load_workbook(BytesIO(made))["总表"]
    assert sheet["A1"].value == "2026年11月台账"
    assert sheet["A2"].value == "填报单位：示范学校党委　　截至：2026年11月21日"
    sums = ["应办", "已办", "迟办", "免办", "逾期", "未见记录", "待办"]
    assert _rows(sheet) == [
        ["序号", "督导组（学校）", "党组织", "主题党日", "三会/一课[试]", *sums],
        [1, "第一督导组", "理科支部", "已办", "未见记录", 2, 1, 0, 0, 0, 1, 0],
        [2, "第一督导组", "文科支部", "逾期", None, 1, 0, 0, 0, 1, 0, 0],
        [3, "第二督导组", "行政支部", "免办", None, 1, 0, 0, 1, 0, 0, 0],
        [None, None, "合计", None, None, 4, 1, 0, 1, 1, 1, 0],
    ]


def test_each_requirement_has_its_sheet_with_days_as_days(made: bytes) -> None:
    book = load_workbook(BytesIO(made))
    assert book.sheetnames == ["总表", "主题党日", "三会 一课 试"]
    head, first, second, _ = _rows(book["主题党日"])
    filled = dict(zip(head, first, strict=True))
    assert (filled["应办日期"], filled["办理日期"]) == (datetime(2026, 11, 5), datetime(2026, 11, 4))  # noqa: DTZ001
    assert (filled["应到"], filled["实到"], filled["列席"]) == (25, 23, None)
    assert filled["登记人"] == "示例·小林"
    assert dict(zip(head, second, strict=True))["办理日期"] is None
    assert book["主题党日"]["E4"].number_format == 'yyyy"年"m"月"d"日"'


def test_no_text_of_people_becomes_a_formula(made: bytes) -> None:
    cells = [cell for sheet in load_workbook(BytesIO(made)) for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if isinstance(cell.value, str) and cell.value[0] in "=+-@\t"]
    assert any(cell.value == f"'{EVIL}" for cell in cells)


@each_row("begin", ["=", "+", "-", "@", "\t=", " =", "\r=", "＝", "'="])
def test_whatever_could_begin_a_formula_is_neutralised(begin: str) -> None:
    assert make_cell_text(f"{begin}1+1").startswith("'")


def test_characters_no_file_can_hold_are_left_out() -> None:
    assert make_cell_text("党\x00课\x0b\ud800") == "党课"
    assert make_sheet_names(["党课", "党课", "/:*?", "a" * 40]) == ["党课", "党课（2）", "表", "a" * 31]
    assert make_file_name("../2026年11月", "理科/支部", suffix=".xlsx") == "2026年11月-理科支部.xlsx"


def test_every_sheet_prints_across_a4_with_filters_and_frozen_heads(made: bytes) -> None:
    for sheet in load_workbook(BytesIO(made)):
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.freeze_panes == "D4"
        assert sheet.auto_filter.ref.startswith("A3:")
        assert sheet.print_title_rows == "$1:$3"
        coloured = {rule.formula[0] for rules in sheet.conditional_formatting for rule in rules.rules}
        assert any('="逾期"' in formula for formula in coloured)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_both_files_unchanged(made: bytes, tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(made)
    meeting = Meeting("理科支部", "主题党日", date(2026, 11, 4), topic="学习《条例》", expected=25)
    (tmp_path / "记录.docx").write_bytes(render_record_sheet(meeting))
    again = tmp_path / "again"
    for name, kind in (("台账.xlsx", "xlsx"), ("记录.docx", "docx")):
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(again)]
        subprocess.run([*command, str(tmp_path / name)], check=True, timeout=90, capture_output=True)
    before, after = (load_workbook(BytesIO(made)), load_workbook(again / "台账.xlsx"))
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        assert _rows(after[sheet.title]) == _rows(sheet)
        assert after[sheet.title].auto_filter.ref == sheet.auto_filter.ref
        assert after[sheet.title].page_setup.orientation == "landscape"
    assert _cells(Document(str(again / "记录.docx"))) == _cells(
        Document(BytesIO(render_record_sheet(meeting)))
    )


def _cells(paper: Any) -> list[str]:
    """The texts of the table's cells, merged ones once."""
    return [cell.text for row in paper.tables[0].rows for cell in dict.fromkeys(row.cells)]


def test_the_record_sheet_is_filled_in_as_reported() -> None:
    meeting = Meeting(
        "理科支部", "主题党日", date(2026, 11, 4), date(2026, 11, 5), "三楼会议室", "示例·小林", 25, 23, 2, 1,
        "学习《条例》", "示例·阿青",
    )  # fmt: skip
    paper = Document(BytesIO(render_record_sheet(meeting)))
    assert paper.paragraphs[0].text == "理科支部主题党日记录"
    assert _cells(paper) == [
        *(
            "时间",
            "2026年11月4日至11月5日",
            "地点",
            "三楼会议室",
            "主持人",
            "示例·小林",
            "记录人",
            "示例·阿青",
        ),
        *("应到", "25人", "实到", "23人", "缺席", "2人", "列席", "1人"),
        *("议题", "学习《条例》", "会议\n内容", ""),
    ]


def test_what_was_not_reported_stays_blank_on_the_record_sheet() -> None:
    cells = _cells(Document(BytesIO(render_record_sheet(Meeting("理科支部", "主题党日")))))
    labels = {"时间", "地点", "主持人", "记录人", "应到", "实到", "缺席", "列席", "议题", "会议\n内容"}
    assert set(cells) == labels | {""}


def test_nothing_is_present_where_nobody_was_counted() -> None:
    cells = _cells(Document(BytesIO(render_record_sheet(Meeting("理科支部", "党课", expected=0)))))
    assert cells[cells.index("应到") + 1] == "0人"
    assert cells[cells.index("缺席") + 1] == ""
