"""What people write, read in the chat: plans, leave, corrections, several records, and chatter."""

import pytest

from tests.chat.school import Chat


@pytest.fixture(autouse=True)
def _in_september(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")


async def test_a_postponed_theme_day_takes_its_reminder_along(chat: Chat) -> None:
    await chat.secretary.says("主题党日推迟到28号")
    assert await chat.secretary.hears() == ("已改期 理科支部 · 主题党日 · 9月28日（周一），到时提前提醒您。")
    await chat.reach("2026-09-25")
    texts = [await chat.secretary.hears()]
    while not await chat.secretary.hears_nothing():
        texts.append(await chat.secretary.hears())
    assert any("主题党日 9月28日（周一）" in text for text in texts)


async def test_a_postponement_without_a_day_asks_for_it_and_the_reply_gives_it(chat: Chat) -> None:
    await chat.secretary.says("这个月主题党日开不了了，哪天开等通知")
    assert await chat.secretary.hears() == "好的。理科支部主题党日改到哪天？请直接写日期，例如：28号"
    await chat.secretary.replies("28号")
    assert "9月28日（周一）" in await chat.secretary.hears()


async def test_an_announcement_sets_the_planned_day(chat: Chat) -> None:
    await chat.secretary.says("下周三下午三点主题党日，请大家准时到三楼会议室")
    assert await chat.secretary.hears() == "已记下 理科支部 · 主题党日 定在 9月9日（周三）。"


async def test_a_request_for_leave_is_passed_to_the_secretary_without_its_reason(chat: Chat) -> None:
    chat.set_clock("2026-09-03T10:00:00")
    await chat.member.says("家里老人住院，后天的主题党日想请个假")
    assert await chat.member.hears() == ("好的，已替您请假并转告书记：理科支部 · 主题党日 · 9月5日（周六）")
    assert await chat.secretary.hears() == ("示例·小安请假：理科支部 · 主题党日 · 9月5日（周六）")
    await chat.secretary.says("状态")
    await chat.secretary.hears()
    await chat.secretary.presses("理科支部")
    assert "主题党日已请假 1 人：示例·小安" in await chat.secretary.sees(
        chat.secretary.heard["message_id"], "已请假"
    )


async def test_an_open_question_stands_at_the_top_of_the_next_look(chat: Chat) -> None:
    await chat.secretary.says("主题党日9月25日开了，20人")
    assert "9月25日还没到，是哪天开的？" in await chat.secretary.hears()
    await chat.secretary.says("状态")
    assert (await chat.secretary.hears()).startswith("待您确认 1 条")
    await chat.secretary.presses("待确认")
    assert "这条还没记上" in await chat.secretary.hears()
    await chat.secretary.says("昨天")
    assert "已记录 理科支部 · 主题党日 · 9月5日（周六）\n实到 20" in await chat.secretary.hears()


async def test_a_correction_in_words_changes_the_last_record(chat: Chat) -> None:
    await chat.secretary.says("昨天主题党日，应到25实到12")
    await chat.secretary.hears()
    await chat.secretary.says("刚才那条写错了，实到是21不是12")
    assert await chat.secretary.hears() == (
        "已更正 理科支部 · 主题党日 · 9月5日（周六）\n应到 25 实到 21 缺席 4"
    )


async def test_the_last_record_is_withdrawn_by_words(chat: Chat) -> None:
    await chat.secretary.says("昨天主题党日，应到25实到23")
    await chat.secretary.hears()
    await chat.secretary.says("撤回，上一条发错支部了")
    assert await chat.secretary.hears() == "已撤回 理科支部 · 主题党日 · 9月5日（周六）"
    await chat.secretary.says("撤回")
    assert await chat.secretary.hears() == "没有找到您登记过的记录。"


async def test_one_message_may_hold_several_records(chat: Chat) -> None:
    await chat.secretary.says("9.3支委会 5人\n9.5主题党日 22/24")
    text = await chat.secretary.hears()
    assert "已记录 理科支部 · 支部委员会 · 9月3日（周四）" in text
    assert "已记录 理科支部 · 主题党日 · 9月5日（周六）\n应到 24 实到 22 缺席 2" in text


async def test_nobody_reports_for_another_branch(chat: Chat) -> None:
    await chat.secretary.says("文科支部昨天主题党日，应到25实到23")
    assert await chat.secretary.hears() == "您不能登记文科支部的活动，没有记录。"
    await chat.member.says("昨天主题党日，应到25实到23")
    assert "登记活动由支部书记或干事来做" in await chat.member.hears()


async def test_a_slip_in_a_fixed_term_is_set_right_and_shown(chat: Chat) -> None:
    await chat.secretary.says("昨天主题党曰，应到25实到23，学习二十界四中全会精神")
    text = await chat.secretary.hears()
    assert "主题：二十届四中全会精神" in text
    assert "“党曰”已写作“党日”，“二十界”已写作“二十届”" in text


async def test_unreadable_words_get_one_example(chat: Chat) -> None:
    await chat.secretary.says("嗯嗯那个")
    assert await chat.secretary.hears() == ("这句没读懂。登记活动可以这样写：昨天主题党日，应到25实到23")
    await chat.member.says("今天天气不错啊")
    assert await chat.member.hears() == "这句没读懂。想看本支部的情况，请发：状态"
    assert chat.member.signature == "许昌科技学校党委 · 有问题请问理科支部书记"


async def test_a_photo_without_words_gets_a_kind_line(chat: Chat) -> None:
    chat.telegram.send_file(1002, 1002, "photo.png", b"\x89PNG\r\n\x1a\n" + bytes(60), as_photo=False)
    assert "只看文字" in await chat.secretary.hears()


async def test_in_the_group_only_what_is_meant_for_the_bot_is_answered(chat: Chat) -> None:
    await chat.group.says("昨天主题党日，应到25实到23")
    assert await chat.group.hears_nothing()
    await chat.group.says("@qingli_demo_bot 昨天主题党日，应到25实到23")
    assert "已记录 理科支部" in await chat.group.hears()


async def test_a_question_goes_to_the_status(chat: Chat) -> None:
    await chat.secretary.says("我们支部这个月还差啥？")
    assert "【逾期】\n理科支部：主题党日（9月5日）" in await chat.secretary.hears()
