"""What goes wrong is told to admins once, and a long silence to everybody once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from telegram import Bot

from bot.channels.telegram.updates import Intake
from bot.intake.outage import OutageWatch
from models.rules.people.roles import OrganizationKind, Role
from models.tables.people import Chat, Member, Membership, Organization
from scheduler.jobs.alerts import Alerts
from scheduler.send_times import SendTimes
from tests.network import FIRST_PERSON, NOW, Post

SECRETARY, ADMIN = FIRST_PERSON, FIRST_PERSON + 1
STOPPED = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def chats(post: Post) -> list[int]:
    """The chats of a secretary and an admin who have joined."""
    chats = post.people(2)
    with post.database.begin() as session:
        kind = OrganizationKind.COMMITTEE
        school = Organization(name="示例党委", kind=kind, aliases=[], starts_on=NOW.date(), position=1)
        session.add(school)
        session.flush()
        for chat_id, role, name in zip(chats, (Role.SECRETARY, Role.ADMIN), "甲乙", strict=True):
            member = Member(name=f"示例{name}", position=chat_id)
            session.add(member)
            session.flush()
            place = {"organization_id": school.id, "valid_from": NOW.date()}
            session.add(Membership(member_id=member.id, role=role, **place))
            chat = session.get_one(Chat, chat_id)
            chat.member_id, chat.joined_at = member.id, NOW
    return chats


async def told(post: Post) -> list[tuple[int, str]]:
    """What is new is told; what is heard then, and nothing of it again."""
    before = len(post.heard())
    for _ in range(2):
        times = SendTimes(zone=ZoneInfo("Asia/Shanghai"))
        Alerts(post.database, times, lambda: post.now, settled=timedelta(0)).tick()
        await post.dispatcher().drain()
    return post.heard()[before:]


async def test_an_admin_hears_whose_message_could_not_be_handled(
    post: Post, bot: Bot, chats: list[int]
) -> None:
    async def broken(_raw: dict[str, object]) -> None:
        raise RuntimeError("broken")

    intake = Intake(post.database, bot, broken)
    await intake.take([{"update_id": 1, "message": {"chat": {"id": SECRETARY}, "text": "好"}}])
    await intake.handle_pending()
    [(address, text)] = await told(post)
    assert address == ADMIN
    assert "1条来信处理不了" in text
    assert "示例甲" in text
    assert len(chats) == 2


async def test_an_admin_hears_what_was_not_sent(post: Post, chats: list[int]) -> None:
    secretary, _ = chats
    for number in range(3):
        late = {"expires_at": NOW - timedelta(minutes=1)}
        post.put(secretary, f"late {number}", minutes=60, **late)
    post.put(secretary, "<b>broken")
    post.put(secretary, "ask", policy="ask")
    post.telegram.faults.add("sendMessage", nth=2, drop="after")
    await post.dispatcher().drain()
    [(address, text), (asked, question)] = await told(post)
    assert address == asked == ADMIN
    assert [line.partition("条")[0] for line in text.splitlines()[1:-1]] == ["3", "1", "1"]
    assert text.endswith("\n—— 示例党委 · 有问题请问管理员")
    assert question.startswith("发给示例甲的这条不知道有没有送到：\nask\n—— ")
    [row] = post.telegram.history(ADMIN)[-1]["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == ["再发一次", "不用再发"]


async def test_after_more_than_a_day_of_silence_everybody_is_told_once(post: Post, chats: list[int]) -> None:
    for hours in (0, 26, 27):
        await OutageWatch(post.database, 4711, wall=lambda at=hours: STOPPED + timedelta(hours=at)).note()  # type: ignore[misc]
    heard = await told(post)
    assert sorted({address for address, _ in heard}) == [SECRETARY, ADMIN]
    [text] = [text for address, text in heard if address == SECRETARY]
    assert "9月24日10:00" in text
    assert "9月24日12:00以前" in text
    assert len(heard) == 3
    assert len(chats) == 2


async def test_a_silence_of_less_than_a_day_is_nobodys_business(post: Post, chats: list[int]) -> None:
    for hours in (0, 23):
        await OutageWatch(post.database, 4711, wall=lambda at=hours: STOPPED + timedelta(hours=at)).note()  # type: ignore[misc]
    assert await told(post) == []
    assert len(chats) == 2
