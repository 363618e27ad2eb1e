"""Groups: bound by the secretary, addressed to be heard, and nothing personal said aloud."""

import pytest
from sqlalchemy import select

from bot.demo.school import GROUP
from models.tables.people import Chat as Place, Organization
from models.tables.records import Audit
from tests.chat.school import Chat, Voice

OTHER_GROUP = -2002


@pytest.fixture
def other(chat: Chat) -> Voice:
    """A group that is nobody's yet, with the three people in it; the secretary speaks."""
    chat.telegram.add_group(OTHER_GROUP, "新的群", [1001, 1002, 1003])
    return Voice(chat, chat.secretary.user_id, OTHER_GROUP)


def voice_in(other: Voice, person: Voice) -> Voice:
    return Voice(other.chat, person.user_id, other.chat_id)


def bound_to(chat: Chat, address: int) -> str | None:
    with chat.program.database.read() as session:
        query = select(Organization.name).join(Place, Place.organization_id == Organization.id)
        return session.scalar(query.where(Place.address == str(address)))


async def test_a_secretary_binds_a_group_with_a_button(chat: Chat, other: Voice) -> None:
    await other.says("/bind 理科支部")
    assert await other.hears() == "把这个群绑定为理科支部的工作群？请示例·小林点按钮确认。"
    assert other.buttons() == ["确认绑定", "不绑"]
    assert bound_to(chat, OTHER_GROUP) is None
    message = other.heard["message_id"]
    await other.presses("确认绑定")
    assert "已绑定为理科支部的工作群" in await other.sees(message, "已绑定")
    assert bound_to(chat, OTHER_GROUP) == "理科支部"
    with chat.program.database.read() as session:
        row = session.scalar(select(Audit).where(Audit.action == "bind"))
        assert row is not None
        assert row.organization_id is not None
    await other.says("/unbind")
    assert await other.hears() == "已解除绑定。"
    assert bound_to(chat, OTHER_GROUP) is None


async def test_only_the_one_who_asked_can_confirm(chat: Chat, other: Voice) -> None:
    await other.says("/bind")
    await other.hears()
    message = other.heard["message_id"]
    yes = other.heard["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for person in (chat.member, chat.leader):
        there = voice_in(other, person)
        toast = await chat.telegram.press(there.user_id, OTHER_GROUP, message, yes)
        assert "不是给您的" in str(toast)
    chat.secretary.forges(yes)
    Voice(chat, chat.secretary.user_id, GROUP.chat_id).forges(yes)
    assert await chat.secretary.hears_nothing()
    assert bound_to(chat, OTHER_GROUP) is None
    await other.presses("不绑")
    assert await other.sees(message, "没有绑定") == "好的，没有绑定。"
    other.forges(yes, message)
    assert await other.hears_nothing()
    assert bound_to(chat, OTHER_GROUP) is None


@pytest.mark.parametrize("name", ["文科支部", "许昌科技学校党委", "没有的支部"])
async def test_nobody_binds_what_is_not_theirs_and_hears_so_in_private(
    chat: Chat, other: Voice, name: str
) -> None:
    refusal = "只有支部书记能把群绑定到自己的支部。请写：/bind 支部名称"
    await other.says(f"/bind {name}")
    assert await chat.secretary.hears() == refusal
    for person in (chat.member, chat.leader):
        await voice_in(other, person).says("/bind 理科支部")
        assert await person.hears() == refusal
        await voice_in(other, person).says("/unbind")
        assert await person.hears() == refusal
    assert await other.hears_nothing()
    assert bound_to(chat, OTHER_GROUP) is None


async def test_binding_is_asked_for_in_the_group(chat: Chat) -> None:
    await chat.secretary.says("/bind 理科支部")
    assert await chat.secretary.hears() == "请在要绑定的群里发：/bind 支部名称"


async def test_personal_things_are_answered_in_private(chat: Chat) -> None:
    name = chat.telegram.bot_username
    in_group = Voice(chat, chat.leader.user_id, GROUP.chat_id)
    for said, words in (
        ("/status", "【"),
        (f"@{name} 9月情况", "9月情况"),
        (f"/help@{name}", "您可以直接发"),
        ("/calendar", "9月日历"),
        (f"@{name} 中午吃什么", ""),
    ):
        await in_group.says(said)
        assert words in await chat.leader.hears()
    assert await chat.group.hears_nothing()


async def test_reports_of_the_branch_are_answered_in_its_group(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.group.says(f"@{chat.telegram.bot_username} 昨天主题党日，应到25实到23")
    assert await chat.group.hears() == ("已记录 理科支部 · 主题党日 · 9月5日（周六）\n应到 25 实到 23 缺席 2")
    await chat.group.replies("撤回")
    assert "已撤回" in await chat.group.hears()
    assert await chat.secretary.hears_nothing()


async def test_in_a_group_that_is_not_bound_a_report_is_answered_in_private(chat: Chat, other: Voice) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await other.says(f"@{chat.telegram.bot_username} 昨天主题党日，应到25实到23")
    assert "已记录 理科支部" in await chat.secretary.hears()
    assert await other.hears_nothing()


@pytest.mark.parametrize("privacy", [True, False])
async def test_what_is_not_addressed_to_the_bot_is_left_alone(chat: Chat, privacy: bool) -> None:
    chat.telegram.privacy = privacy
    message = await chat.group.says("昨天主题党日，应到25实到23")
    in_group = Voice(chat, chat.member.user_id, GROUP.chat_id)
    await in_group.says("状态", reply_to=message)
    for text in ("退出", "/start@other_bot X", "/status@other_bot", "/weather 许昌", "帮助"):
        await in_group.says(text)
    for voice in (chat.group, chat.member, chat.secretary):
        assert await voice.hears_nothing()


async def test_a_stranger_in_the_group_hears_nothing(chat: Chat) -> None:
    chat.telegram.add_user(9001, "路人")
    chat.telegram.add_group(-2003, "大群", [9001])
    there = Voice(chat, 9001, -2003)
    for text in ("/status", "/help", "/bind 理科支部", f"@{chat.telegram.bot_username} 状态", "/leave"):
        await there.says(text)
    assert await there.hears_nothing()
