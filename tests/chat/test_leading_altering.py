"""Waiving and moving an occurrence, as transcripts: with a reason, with its reminders, and undone."""

from sqlalchemy import select

from models.tables.records import Audit, OccurrenceChange
from tests.chat.school import Chat


async def _open(chat: Chat, label: str) -> None:
    """The leader opens 理科支部 and picks one of its occurrences."""
    await chat.leader.says("理科支部9月记录")
    await chat.leader.hears()
    await chat.leader.presses("免办或改期")
    assert await chat.leader.hears() == "理科支部：要免办或改期的是哪一项？"
    number = chat.leader.heard["message_id"]
    await chat.leader.presses(label)
    await chat.leader.sees(number, "写明原因")


async def test_a_waiver_needs_a_reason_and_can_be_undone(chat: Chat) -> None:
    chat.set_clock("2026-09-08T10:00:00")
    chat.leader.forget()
    await _open(chat, "主题党日 9月5日")
    await chat.leader.replies("免办")
    assert (await chat.leader.hears()).startswith("请写上原因")
    await chat.leader.replies("免办，集中阅卷")
    assert await chat.leader.hears() == "已免办 理科支部 · 主题党日 · 2026年9月\n原因：集中阅卷"
    number = chat.leader.heard["message_id"]
    await chat.leader.says("理科支部9月记录")
    shown = await chat.leader.hears()
    assert "免办 主题党日 2026年9月" in shown
    assert shown.endswith("免办 主题党日 2026年9月：集中阅卷（示例·老周）")
    chat.leader.heard = next(
        m for m in chat.telegram.history(chat.leader.chat_id) if m["message_id"] == number
    )
    await chat.leader.presses("恢复")
    assert await chat.leader.sees(number, "已恢复") == "已恢复 理科支部 · 主题党日 · 2026年9月"
    await chat.leader.says("理科支部9月记录")
    assert "逾期 主题党日 2026年9月" in await chat.leader.hears()
    with chat.program.database.read() as session:
        made = list(session.scalars(select(OccurrenceChange).order_by(OccurrenceChange.id)))
        assert [(row.waived, row.reason) for row in made] == [(True, "集中阅卷"), (False, None)]
        assert all(row.by_member_id is not None for row in made)
        audit = select(Audit.action).where(Audit.subject.startswith("occurrence:")).order_by(Audit.id)
        assert list(session.scalars(audit)) == ["waive", "restore"]


async def test_a_move_takes_its_reminders_along(chat: Chat) -> None:
    chat.set_clock("2026-09-08T10:00:00")
    for person in (chat.leader, chat.secretary):
        person.forget()
    await _open(chat, "主题党日 9月5日")
    await chat.leader.says("改到9月28日，校庆冲突")
    assert await chat.leader.hears() == (
        "已改到9月28日（周一） 理科支部 · 主题党日 · 2026年9月\n原因：校庆冲突"
    )
    chat.set_clock("2026-09-24T20:00:00")
    chat.secretary.forget()
    await chat.reach("2026-09-25")
    assert "主题党日 9月28日（周一）" in await chat.secretary.hears()


async def test_a_reason_before_anything_was_picked_is_kept_until_it_is(chat: Chat) -> None:
    chat.set_clock("2026-09-08T10:00:00")
    for person in (chat.leader, chat.secretary):
        person.forget()
    await chat.secretary.says("免办，集中阅卷")
    assert (await chat.secretary.hears()).startswith("这件事由领导来做。")
    for said in ("改期", "免办，集中阅卷"):
        await chat.leader.says(said)
        assert (await chat.leader.hears()).endswith("就能点选，例如：\n理科支部9月情况")
    await chat.leader.says("理科支部9月情况")
    await chat.leader.hears()
    await chat.leader.says("改到9月28日，校庆冲突")
    assert await chat.leader.hears() == "理科支部：要免办或改期的是哪一项？"
    number = chat.leader.heard["message_id"]
    await chat.leader.presses("主题党日 9月5日")
    assert await chat.leader.sees(number, "校庆冲突") == (
        "已改到9月28日（周一） 理科支部 · 主题党日 · 2026年9月\n原因：校庆冲突"
    )
    await chat.leader.says("文科支部主题党日改到9月29日，校庆")
    assert await chat.leader.hears() == "文科支部：要免办或改期的是哪一项？"
    assert chat.leader.buttons() == ["主题党日 9月5日"]
    number = chat.leader.heard["message_id"]
    await chat.leader.presses("主题党日 9月5日")
    assert await chat.leader.sees(number, "已改到9月29日")
    await chat.leader.says("免办行政支部党课，集中阅卷")
    assert await chat.leader.hears() == "行政支部：要免办或改期的是哪一项？"
