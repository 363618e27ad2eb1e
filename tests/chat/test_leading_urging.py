"""催办, as transcripts: exactly who gets what is shown first; a reply is a report; once a week a branch."""

from sqlalchemy import select

from models.tables.records import Audit
from tests.chat.school import Chat


async def test_a_leader_urges_after_a_preview_and_at_most_once_a_week(chat: Chat) -> None:
    chat.set_clock("2026-09-08T10:00:00")
    for person in (chat.leader, chat.secretary):
        person.forget()
    await chat.leader.says("逾期的")
    await chat.leader.hears()
    await chat.leader.presses("催办")
    assert await chat.leader.hears() == (
        "催办：1 个组织，1 人会收到\n"
        "理科支部（示例·小林）：主题党日（2026年9月）\n"
        "没有人加入，发不到：文科支部、专业一支部、专业二支部、专业三支部、行政支部"
    )
    number = chat.leader.heard["message_id"]
    assert await chat.secretary.hears_nothing()
    await chat.leader.presses("发出催办")
    assert "发给 1 人" in await chat.leader.sees(number, "已催办")
    assert (await chat.secretary.hears()).startswith(
        "催办：下面这些过了日子，还没有见到记录\n理科支部：主题党日（2026年9月）\n"
    )
    await chat.leader.says("催办")
    assert (await chat.leader.hears()).startswith("现在没有可以催办的。\n一周内催过，这次不发：理科支部\n")
    await chat.secretary.replies("9月4日开了，23人，请假2人")
    assert "已记录 理科支部 · 主题党日 · 9月4日" in await chat.secretary.hears()
    with chat.program.database.read() as session:
        urged = session.scalars(select(Audit).where(Audit.action == "urge")).one()
        assert urged.after == {"requirement": "主题党日 2026-09"}


async def test_what_was_done_between_preview_and_button_is_not_sent(chat: Chat) -> None:
    chat.set_clock("2026-09-08T10:00:00")
    for person in (chat.leader, chat.secretary):
        person.forget()
    await chat.leader.says("催办第一督导组")
    assert "理科支部（示例·小林）" in await chat.leader.hears()
    number = chat.leader.heard["message_id"]
    await chat.secretary.says("9月4日主题党日，应到25实到23")
    await chat.secretary.hears()
    await chat.leader.presses("发出催办")
    assert "没有发出" in await chat.leader.sees(number, "没有发出")
    assert await chat.secretary.hears_nothing()
    await chat.secretary.says("催办")
    assert await chat.secretary.hears() == "这件事由领导来做。"
