"""Closing a month, as a transcript: figures are kept, and what comes later is listed beside them."""

from dataclasses import replace

from sqlalchemy import select

from models.rules.requirements.types import Strength
from models.tables.closings import Closing
from models.tables.records import Audit
from tests.chat.school import Chat


async def test_a_closed_month_keeps_its_figures_and_lists_what_came_later(chat: Chat) -> None:
    await chat.program.ticks.stop()  # the week's list of 8 October is not what is tested here
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23")
    await chat.secretary.hears()
    chat.set_clock("2026-10-08T10:00:00")
    chat.leader.forget()
    await chat.leader.says("封账9月")
    figures = "应办 29：已办 1 · 迟办 0 · 免办 0 · 逾期 28 · 未见记录 0 · 待办 0"
    assert await chat.leader.hears() == (
        f"封账 2026年9月\n许昌科技学校党委\n{figures}\n"
        "封账后数字留底；以后补报照常登记，查看这个月时单独列出。"
    )
    number = chat.leader.heard["message_id"]
    await chat.leader.presses("封账")
    assert await chat.leader.sees(number, "已封账") == (
        f"已封账 2026年9月（10月8日）\n许昌科技学校党委\n{figures}"
    )

    chat.set_clock("2026-10-10T10:00:00")
    other = await chat.joins("示例·阿青", 1005)
    await other.says("9月4日主题党日，应到20实到20")
    await other.hears()
    await chat.leader.says("9月情况")
    assert (await chat.leader.hears()).endswith(
        "应办 29：已办 2 · 迟办 0 · 免办 0 · 逾期 27 · 待办 0\n"
        f"2026年9月已于10月8日封账，当时{figures}\n"
        "封账后有变化 1 处：\n10月10日 文科支部 主题党日：登记（9月4日办）"
    )
    await chat.leader.says("截至10月8日，9月情况")
    assert (await chat.leader.hears()).endswith(
        "应办 29：已办 1 · 迟办 0 · 免办 0 · 逾期 28 · 待办 0\n"
        f"2026年9月已于10月8日封账，当时{figures}\n"
        "此后有变化 1 处：\n10月10日 文科支部 主题党日：登记（9月4日办）"
    )
    await chat.leader.says("理科支部9月情况")
    assert "2026年9月已于10月8日封账，当时应办 5：已办 1" in await chat.leader.hears()
    with chat.program.database.read() as session:
        kept = session.scalars(select(Closing)).one()
        assert kept.figures["requirements"]["主题党日"] == {"done": 1, "overdue": 5}
        assert len(list(session.scalars(select(Audit.id).where(Audit.action == "close")))) == 1


async def test_only_leaders_close_and_a_month_must_have_begun(chat: Chat) -> None:
    await chat.secretary.says("封账")
    assert await chat.secretary.hears() == "这件事由领导来做。"
    await chat.leader.says("封账2026年12月")
    assert await chat.leader.hears() == "2026年12月还没到，不能封账。上一个过完的月可以封：封账2026年8月"
    await chat.leader.says("封账12月")
    assert (await chat.leader.hears()).startswith("2026年12月还没到")
    await chat.leader.says("/close 9月")
    assert "这个月还没过完" in await chat.leader.hears()
    number = chat.leader.heard["message_id"]
    await chat.leader.presses("不封")
    assert await chat.leader.sees(number, "好的") == "好的，没有封账。"


async def test_in_january_december_is_last_years_and_what_nobody_saw_is_counted_apart(chat: Chat) -> None:
    await chat.program.ticks.stop()
    rules = chat.program.bot_context.rules
    usual = [
        replace(rule, strength=Strength.USUAL) if rule.key == "支部委员会" else rule
        for rule in rules.requirements
    ]
    chat.program.bot_context.rules = replace(rules, requirements=usual)
    chat.set_clock("2027-01-08T10:00:00")
    chat.leader.forget()
    await chat.leader.says("封账12月")
    assert (await chat.leader.hears()).startswith("封账 2026年12月")
    number = chat.leader.heard["message_id"]
    await chat.leader.presses("封账")
    kept = "应办 29：已办 0 · 迟办 0 · 免办 0 · 逾期 24 · 未见记录 5 · 待办 0"
    assert await chat.leader.sees(number, "已封账") == (
        f"已封账 2026年12月（1月8日）\n许昌科技学校党委\n{kept}"
    )
    await chat.leader.says("12月情况")
    assert f"2026年12月已于1月8日封账，当时{kept}" in await chat.leader.hears()
