"""The register sent to the bot by an admin, as transcripts."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

import bot.demo.school
from models.tables.people import Confirmation, Member
from tests.chat.school import Chat, Voice

SCHOOL = Path(bot.demo.school.__file__).parent / "register"
ADMIN = "示例·小米"


@pytest.fixture
async def admin(chat: Chat) -> Voice:
    return await chat.joins(ADMIN, 1100)


def roster(more: str = "", *, without: str = "") -> bytes:
    """The school's own register as a workbook, with a row more or less."""
    made = Workbook()
    made.active.title = "组织"
    staff = made.create_sheet("人员")
    for sheet, name in ((made.active, "organizations.csv"), (staff, "people.csv")):
        for line in (SCHOOL / name).read_text("utf-8-sig").splitlines():
            if not without or not line.startswith(without):
                sheet.append(line.split(","))
    if more:
        staff.append(more.split(","))
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def people(chat: Chat) -> int:
    with chat.program.database.read() as session:
        return session.scalar(select(func.count()).select_from(Member)) or 0


async def test_an_admin_sends_a_workbook_sees_what_changes_and_confirms(chat: Chat, admin: Voice) -> None:
    before = people(chat)
    await admin.sends("名册.xlsx", roster("示例·新来,党员,理科支部"))
    assert await admin.hears() == (
        "名册文件收到，还没有写入。请核对：\n"
        "组织：新增 0，变更 0，退出 0\n"
        "人员：新增 1，变更 0，退出 0\n"
        "  新增 示例·新来：理科支部党员\n"
        "有误 0"
    )
    assert admin.buttons() == ["确认导入", "取消"]
    assert people(chat) == before
    message = admin.heard["message_id"]
    await admin.presses("确认导入")
    assert (await admin.sees(message, "已导入")).startswith("已导入名册。\n组织：新增 0")
    assert people(chat) == before + 1
    with chat.program.database.read() as session:
        [petition] = session.scalars(select(Confirmation))
        assert petition.content is None
    await admin.sends("名册.xlsx", roster("示例·新来,党员,理科支部"))
    assert "名册没有变化" in await admin.hears()
    assert admin.buttons() == []


async def test_a_cancelled_import_writes_nothing_and_its_button_is_dead(chat: Chat, admin: Voice) -> None:
    before = people(chat)
    await admin.sends("名册.xlsx", roster("示例·新来,党员,理科支部"))
    await admin.hears()
    yes = admin.heard["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    message = admin.heard["message_id"]
    await admin.presses("取消")
    assert "没有导入" in await admin.sees(message, "没有导入")
    admin.forges(yes, message)
    assert await admin.hears_nothing()
    assert people(chat) == before


async def test_a_wrong_cell_is_told_and_cannot_be_confirmed(admin: Voice) -> None:
    await admin.sends("名册.xlsx", roster("<b>甲</b>,书计,理科支部"))
    text = await admin.hears()
    assert "有误 1 处，一行也不写入" in text
    assert "第 16 行“角色”（B16）：不认识角色“书计”" in text
    assert admin.buttons() == []


async def test_what_changed_meanwhile_is_shown_again_before_it_is_written(chat: Chat, admin: Voice) -> None:
    await admin.sends("一.xlsx", roster("示例·新来,党员,理科支部"))
    await admin.hears()
    message = admin.heard["message_id"]
    other = await chat.joins("示例·阿青", 1101)
    with chat.program.database.begin() as session:
        member = session.scalar(select(Member).where(Member.name == "示例·小田"))
        assert member is not None
        member.name = "示例·小由"
    await admin.presses("确认导入")
    assert "示例·小田" in await admin.sees(message, "示例·小由")
    assert admin.buttons() == ["确认导入", "取消"]
    await admin.presses("确认导入")
    await admin.sees(message, "已导入")
    assert await other.hears_nothing()


async def test_a_csv_of_one_part_works_too(admin: Voice) -> None:
    text = (SCHOOL / "people.csv").read_text("utf-8-sig") + "示例·新来,党员,文科\n"
    await admin.sends("people.csv", text.encode("gbk"))
    assert "新增 示例·新来：文科支部党员" in await admin.hears()


@pytest.mark.parametrize("role", ["secretary", "leader", "member"])
async def test_nobody_else_can_bring_in_a_register(chat: Chat, role: str) -> None:
    voice: Voice = getattr(chat, role)
    await voice.sends("名册.xlsx", roster("示例·新来,党员,理科支部"))
    assert await voice.hears() == "收到了，但我只看文字。请补一句话，例如：昨天主题党日，应到25实到23"


async def test_nobody_else_can_confirm_it(chat: Chat, admin: Voice) -> None:
    before = people(chat)
    await admin.sends("名册.xlsx", roster("示例·新来,党员,理科支部"))
    await admin.hears()
    yes = admin.heard["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for voice in (chat.secretary, chat.leader, chat.member, chat.stranger()):
        voice.forges(yes, admin.heard["message_id"])
        assert await voice.hears_nothing()
    assert people(chat) == before


async def test_an_admin_who_is_none_any_more_cannot_confirm(chat: Chat, admin: Voice) -> None:
    await admin.sends("名册.xlsx", roster(without=ADMIN))
    assert "导入后没有管理员了" in await admin.hears()
    await admin.presses("确认导入")
    await chat.settled()
    await admin.sends("名册.xlsx", roster())
    assert "加入码" in await admin.hears()


async def test_hostile_files_are_refused_in_words(admin: Voice) -> None:
    await admin.sends("名册.xlsx", b"PK\x03\x04nonsense")
    assert "不是 .xlsx 工作簿" in await admin.hears()
    await admin.sends("../../名册.xlsx", roster(f"{'长' * 4000},党员,理科支部"))
    text = await admin.hears()
    assert "这一格有 4000 个字" in text
    assert "../" not in text
    await admin.sends("大.xlsx", b"PK" + bytes(5_100_000))
    assert "文件超过 5 MB" in await admin.hears()


async def test_markup_and_a_long_list_are_only_text(admin: Voice) -> None:
    book = load_workbook(io.BytesIO(roster()))
    for number in range(300):
        book["人员"].append([f"<b>{'某' * 25}{number}</b>&", "党员", "理科支部"])
    written = io.BytesIO()
    book.save(written)
    await admin.sends("名册.xlsx", written.getvalue())
    text = await admin.hears()
    assert "人员：新增 300" in text
    assert "<b>某" in text
    assert "另有 292 行" in text
