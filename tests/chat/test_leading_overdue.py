"""What stays overdue, as transcripts: the secretary is told, then the week's list comes to the leader."""

from dataclasses import replace
from datetime import time

from sqlalchemy import select

from models.records import changes
from models.tables.deliveries import Delivery
from models.tables.people import Organization
from tests.chat.school import Chat


async def test_the_weeks_list_names_only_what_is_overdue(chat: Chat) -> None:
    chat.set_clock("2026-09-05T10:00:00")
    await chat.secretary.says("今天主题党日，应到25实到23")
    await chat.secretary.hears()
    other = await chat.joins("示例·阿青", 1005)
    chat.leader.forget()
    await chat.leader.says("/preview 3")
    assert "本周关注：逾期 5 项" in await chat.leader.hears()
    await chat.reach("2026-09-07")
    assert await chat.leader.hears() == (
        "本周关注：逾期 5 项\n"
        "文科支部：主题党日（9月5日）\n"
        "专业一支部：主题党日（9月5日）\n"
        "专业二支部：主题党日（9月5日）\n"
        "专业三支部：主题党日（9月5日）\n"
        "行政支部：主题党日（9月5日）\n"
        "看全部发：逾期"
    )
    assert chat.leader.signature == "许昌科技学校党委 · 有问题请问管理员"
    assert await other.hears() == (
        "已过期，还没有记录\n"
        "文科支部：主题党日（9月5日）\n"
        "办完后直接回复这条消息就行，例如：开了，23人，请假2人"
    )
    assert other.signature == "许昌科技学校党委 · 有问题请联系我们"
    await other.replies("9月4日开了，20人，请假1人")
    assert "已记录 文科支部 · 主题党日 · 9月4日" in await other.hears()
    assert await chat.secretary.hears_nothing()
    chat.set_clock("2026-09-20T10:00:00")
    chat.leader.forget()
    await chat.reach("2026-09-21")
    assert (await chat.leader.hears()).startswith(
        "本周关注：逾期 4 项\n【已提醒过书记和督导组，仍未办】\n专业一支部：主题党日（9月5日）\n专业二支部"
    )


async def test_a_list_that_waits_leaves_out_what_was_done_meanwhile(chat: Chat) -> None:
    for person in (chat.leader, chat.secretary):
        person.forget()
    await chat.program.ticks.stop()
    chat.set_clock("2026-09-07T09:00:00")
    with chat.nothing_sent():
        chat.program.planner.plan_reminders()
        await chat.secretary.says("9月4日主题党日，应到25实到23")
        await chat.settled()
        chat.program.planner.plan_reminders()
    await chat.program.dispatcher.drain()
    await chat.secretary.hears()
    assert (await chat.leader.hears()).startswith("本周关注：逾期 5 项\n文科支部")
    assert chat.leader.buttons() == ["催办"]
    await chat.leader.presses("催办")
    assert (await chat.leader.hears()).startswith("现在没有可以催办的。\n没有人加入，发不到：文科支部")
    assert await chat.secretary.hears_nothing()


async def test_the_list_comes_with_whatever_else_is_said_that_day(chat: Chat) -> None:
    """The list is set for half past eight; on that day members are told of 中秋 at nine."""
    await chat.program.ticks.stop()
    chat.program.planner.times = replace(chat.program.planner.times, digest_on=3, digest_at=time(8, 30))
    chat.leader.forget()
    for clock in ("08:31", "09:00"):
        chat.set_clock(f"2026-09-24T{clock}:00")
        chat.program.planner.plan_reminders()
    await chat.program.dispatcher.drain()
    text = await chat.leader.hears()
    assert "本周关注：逾期 6 项" in text
    assert "廉洁提醒 · 中秋" in text
    assert await chat.leader.hears_nothing()


async def test_what_is_waived_meanwhile_is_not_sent_any_more(chat: Chat) -> None:
    chat.set_clock("2026-09-07T09:00:00")
    await chat.program.ticks.stop()
    chat.program.planner.plan_reminders()
    with chat.program.database.begin() as session:
        rows = [
            row
            for row in session.scalars(select(Delivery).where(Delivery.kind == "reminder"))
            if "已过期" in row.text
        ]
        assert len(rows) == 1
        rows[0].status, rows[0].message_key = "pending", None  # whether or not a tick has sent it already
        place = session.scalar(select(Organization.id).where(Organization.name == "理科支部"))
        subject = ("主题党日", place, "2026-09")
        changes.waive_occurrence(session, subject, by=None, at=chat.civil.now(), reason="集中阅卷")
        number = rows[0].id
    await chat.program.dispatcher.drain()
    with chat.program.database.read() as session:
        row = session.get_one(Delivery, number)
        assert (row.status, row.error) == ("withdrawn", "done meanwhile")
