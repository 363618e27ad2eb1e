"""The history of changes: who sees what, short, newest first."""

import re

from tests.chat.school import Chat


async def record(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23")
    await chat.secretary.hears()
    await chat.secretary.says("刚才那条写错了，实到是24不是23")
    assert "已更正" in await chat.secretary.hears()


async def test_a_secretary_sees_the_changes_of_the_own_branch(chat: Chat) -> None:
    await record(chat)
    await chat.secretary.says("变更记录")
    assert await chat.secretary.hears() == (
        "变更记录 · 理科支部\n"
        "· 9月6日 10:00 示例·小林 更正 理科支部 主题党日 9月5日 实到 23→24 缺席 2→1\n"
        "· 9月6日 10:00 示例·小林 登记 理科支部 主题党日 9月5日 应到25 实到23 缺席2"
    )


async def test_a_move_is_written_down_too(chat: Chat) -> None:
    await chat.secretary.says("主题党日推迟到28号")
    await chat.secretary.hears()
    await chat.secretary.says("/history 理科")
    text = await chat.secretary.hears()
    assert text.startswith(
        "变更记录 · 理科支部\n· 9月1日 08:00 示例·小林 改期 理科支部 主题党日 9月 → 9月28日"
    )


async def test_a_leader_sees_the_subtree_and_a_branch_of_it(chat: Chat) -> None:
    await record(chat)
    await chat.leader.says("/history 理科支部")
    assert "实到 23→24" in await chat.leader.hears()
    await chat.leader.says("/history 文科支部")
    assert await chat.leader.hears() == "变更记录 · 文科支部\n还没有变更记录。"


async def test_other_branches_and_members_see_nothing(chat: Chat) -> None:
    await record(chat)
    other = await chat.joins("示例·阿青", 1101)
    await other.says("/history")
    assert "还没有变更记录" in await other.hears()
    for name in ("理科支部", "没有的支部"):
        await other.says(f"/history {name}")
        assert await other.hears() == f"您看不到{name}的变更记录。"
    await chat.member.says("/history")
    assert await chat.member.hears() == "变更记录由书记、干事和领导查看。"
    for data in ("history:0:999999", "history:2:999999", "history:x:1", "history:2"):
        chat.member.forges(data)
        assert await chat.member.hears_nothing()


async def test_an_admin_sees_roles_and_imports_and_can_page_back(chat: Chat) -> None:
    admin = await chat.joins("示例·小米", 1100)
    await admin.says("/history")
    text = await admin.hears()
    assert re.search(r"示例·小米 加入 示例·小米$", text, re.MULTILINE)
    assert "维护人员 导入名册 7个组织 14人" in text
    assert "任职 示例·小林 任职 无→理科支部书记" in text or admin.buttons() == ["更早"]
    message = admin.heard["message_id"]
    await admin.presses("更早")
    older = await admin.sees(message, "任职")
    assert older != text


async def test_markup_in_a_topic_is_text_and_long_ones_are_cut(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23，学习《<b>条例</b>" + "长" * 60 + "》")
    await chat.secretary.hears()
    await chat.secretary.says("/history")
    text = await chat.secretary.hears()
    assert "登记" in text
    assert all(len(line) < 220 for line in text.split("\n"))


async def test_nothing_is_told_in_the_keys_of_the_program(chat: Chat) -> None:
    chat.set_clock("2026-10-13T10:00:00")
    await chat.leader.says("催办")
    await chat.leader.hears()
    await chat.leader.presses("发出催办")
    await chat.leader.says("通知全体：明天下午开会")
    await chat.leader.hears()
    await chat.leader.presses("发给全体（2人）")
    await chat.leader.says("封账9月")
    await chat.leader.hears()
    await chat.leader.presses("封账")
    chat.leader.forget()
    await chat.leader.says("/history")
    text = await chat.leader.hears()
    assert text.startswith("变更记录 · 许昌科技学校党委\n")
    assert "封账 许昌科技学校党委 所属9月\n" in text
    assert "群发通知 许昌科技学校党委 2人\n" in text
    assert "党课（三季度）" in text
    assert not re.search(r"\d{4}-|[a-z_]{3}", text)
