"""Answers that carry files, as transcripts: the board as a picture, the ledger, the record sheet."""

from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import select

from bot.app.application import Program
from models.tables.deliveries import Delivery, StoredFile
from tests.chat.school import Chat


@pytest.fixture
async def reported(chat: Chat) -> Chat:
    """It is 6 September 2026, and one branch has reported."""
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23，学习《条例》，地点三楼会议室")
    await chat.secretary.hears()
    return chat


async def test_the_board_comes_as_a_picture(reported: Chat) -> None:
    await reported.leader.says("9月情况出个图")
    assert await reported.leader.hears() == (
        "9月情况 · 许昌科技学校党委（截至9月6日）\n应办 29：已办 1 · 迟办 0 · 免办 0 · 逾期 5 · 待办 23"
    )
    _, content = reported.leader.file()
    picture = Image.open(BytesIO(content))
    assert (picture.format, picture.width > 500) == ("PNG", True)
    assert "photo" in reported.leader.heard
    await reported.leader.presses("看文字")
    assert (await reported.leader.hears()).startswith("9月情况 · 许昌科技学校党委（截至9月6日）\n")
    assert {"按支部", "图", "表格"} <= set(reported.leader.buttons())


async def test_a_branchs_year_is_one_strip(reported: Chat) -> None:
    await reported.leader.says("理科支部今年的图")
    assert (await reported.leader.hears()).startswith("2026年全年情况 · 理科支部")
    _, content = reported.leader.file()
    assert Image.open(BytesIO(content)).format == "PNG"


async def test_the_ledger_comes_as_a_workbook_with_a_sheet_for_each_requirement(reported: Chat) -> None:
    await reported.leader.says("月台账发我")
    assert (await reported.leader.hears()).startswith("9月情况 · 许昌科技学校党委（截至9月6日）\n应办 29")
    name, content = reported.leader.file()
    assert name == "台账-9月情况·许昌科技学校党委-20260906.xlsx"
    book = load_workbook(BytesIO(content))
    assert book.sheetnames[:2] == ["总表", "主题党日"]
    rows = [row[2:13] for row in book["主题党日"].iter_rows(min_row=4, max_row=5, values_only=True)]
    assert rows[0][0] == "理科支部"
    assert rows[0][3] == "已办"
    assert (*rows[0][5:7], rows[0][9], rows[0][10]) == (25, 23, "条例", "三楼会议室")
    assert rows[1][:4][3] == "逾期"


async def test_given_a_short_question_the_same_is_given_as_a_workbook(reported: Chat) -> None:
    await reported.leader.says("第二督导组9月")
    await reported.leader.hears()
    await reported.leader.says("给我表格")
    assert (await reported.leader.hears()).startswith("9月情况 · 第二督导组")
    _, content = reported.leader.file()
    rows = load_workbook(BytesIO(content))["主题党日"].iter_rows(min_row=4, min_col=3, values_only=True)
    assert [row[0] for row in rows] == ["专业一支部", "专业二支部", "专业三支部"]


async def test_files_are_offered_as_buttons_and_come_as_new_messages(reported: Chat) -> None:
    await reported.leader.says("9月情况")
    await reported.leader.hears()
    await reported.leader.presses("图")
    assert (await reported.leader.hears()).startswith("9月情况")
    assert "photo" in reported.leader.heard


async def test_a_meetings_record_sheet_is_made_from_its_record(reported: Chat) -> None:
    await reported.secretary.says("理科支部9月记录")
    await reported.secretary.hears()
    await reported.secretary.presses("9月5日主题党日记录表")
    assert await reported.secretary.hears() == (
        "理科支部 · 主题党日 · 9月5日 记录表\n没有登记的地方留空，请手写补上。"
    )
    name, content = reported.secretary.file()
    assert name == "理科支部-主题党日-20260905.docx"
    cells = [cell.text for row in Document(BytesIO(content)).tables[0].rows for cell in row.cells]
    assert "2026年9月5日" in cells
    assert cells[cells.index("主持人") + 1] == ""


async def test_a_record_sheet_of_another_branch_is_not_given(reported: Chat) -> None:
    other = await reported.joins("示例·小夏", 1006)
    await other.says("9月情况")
    await other.hears()
    data = other.heard["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    inquiry = data.split(":")[1]
    other.forges(f"status:{inquiry}:sheet:1:0")
    assert await other.hears_nothing()


async def test_a_file_that_was_promised_before_a_crash_is_made_and_sent_after_it(reported: Chat) -> None:
    """The answer is committed; the process ends before it is drawn; another one draws and sends it."""
    await reported.leader.says("9月情况")
    await reported.leader.hears()
    program = reported.program
    with reported.nothing_sent():
        await reported.leader.presses("图")
        row = _promised(program)
        assert (row.status, row.message_key) == ("pending", None)
    await program.dispatcher.drain()
    assert (await reported.leader.hears()).startswith("9月情况")
    assert "photo" in reported.leader.heard


def _promised(program: Program) -> Delivery:
    with program.database.read() as session:
        row = session.scalar(select(Delivery).order_by(Delivery.id.desc()).limit(1))
        assert row is not None
        stored = session.get(StoredFile, row.file_id)
        assert stored is not None
        assert (stored.content, stored.recipe["kind"] if stored.recipe else None) == (None, "board")
        return row
