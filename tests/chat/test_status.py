"""Asking for the status, as transcripts: first what is missing, then the whole, then the detail."""

from datetime import date

import pytest
from sqlalchemy import select

from models.records import changes
from models.rules.people.roles import Role
from models.tables.people import Member, Membership, Organization, Oversight
from tests.chat.school import Chat, Voice

REPORTED = "昨天主题党日，应到25实到23，学习《条例》"


@pytest.fixture
async def reported(chat: Chat) -> Chat:
    """It is 6 September 2026: one branch of six has held its theme day, which was due the day before."""
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says(REPORTED)
    await chat.secretary.hears()
    return chat


async def _supervisor(chat: Chat) -> Voice:
    """The supervisor of the second 督导组, who joins."""
    with chat.program.database.begin() as session:
        query = select(Oversight.id).where(Oversight.name == "第二督导组")
        oversight_id = session.scalar(query)
        member = Member(name="示例·老陈", position=99)
        session.add(member)
        session.flush()
        session.add(
            Membership(
                member_id=member.id, role=Role.SUPERVISOR, oversight_id=oversight_id,
                organization_id=None, valid_from=date(2026, 9, 1), valid_until=None,
            )
        )  # fmt: skip
    return await chat.joins("示例·老陈", 1004)


async def test_what_is_missing_stands_by_group_in_the_order_of_the_register(reported: Chat) -> None:
    await reported.leader.says("9月情况")
    text = await reported.leader.hears()
    assert text == (
        "9月情况 · 许昌科技学校党委（截至9月6日）\n"
        "【逾期】\n"
        "第一督导组\n"
        "文科支部：主题党日（9月5日）\n"
        "行政支部：主题党日（9月5日）\n"
        "第二督导组\n"
        "专业一支部：主题党日（9月5日）\n"
        "专业二支部：主题党日（9月5日）\n"
        "专业三支部：主题党日（9月5日）\n"
        "【待办】\n"
        "9月30日（周三） 支部党员大会：理科支部、文科支部、专业一支部、专业二支部、专业三支部、行政支部\n"
        "9月30日（周三） 支部委员会：理科支部、文科支部、专业一支部、专业二支部、专业三支部\n"
        "9月30日（周三） 党课：理科支部、文科支部、专业一支部、专业二支部、专业三支部、行政支部\n"
        "9月30日（周三） 交纳党费：理科支部、文科支部、专业一支部、专业二支部、专业三支部、行政支部\n"
        "应办 29：已办 1 · 迟办 0 · 免办 0 · 逾期 5 · 待办 23"
    )
    assert len(text.split("\n")) <= 25


async def test_buttons_turn_the_same_message_to_requirements_and_branches(reported: Chat) -> None:
    await reported.leader.says("9月情况")
    await reported.leader.hears()
    number = reported.leader.heard["message_id"]
    await reported.leader.presses("按事项")
    by_requirement = await reported.leader.sees(number, "主题党日：应办")
    assert (
        "主题党日：应办 6 · 已办 1 · 逾期 5\n　缺：文科支部、专业一支部、专业二支部、专业三支部、行政支部"
        in by_requirement
    )
    await reported.leader.presses("按支部")
    by_branch = await reported.leader.sees(number, "理科支部：应办 5")
    assert "理科支部：应办 5 · 已办 1 · 待办 4" in by_branch
    await reported.leader.presses("欠办")
    assert "【逾期】" in await reported.leader.sees(number, "【逾期】")


async def test_a_branch_opens_to_its_records_with_topic_counts_and_who_reported_when(reported: Chat) -> None:
    await reported.leader.says("理科支部9月记录")
    text = await reported.leader.hears()
    assert text.startswith("理科支部 · 9月（截至9月6日）\n已办 主题党日 2026年9月 9月5日（周六）\n待办 ")
    assert text.endswith("【记录】\n9月5日 主题党日 应到 25 实到 23 《条例》（示例·小林 9月6日报）")
    assert reported.leader.buttons()[:5] == ["9月5日主题党日记录表", "返回", "图", "表格", "免办或改期"]


async def test_period_and_scope_are_named_and_other_periods_offered_where_none_was_said(
    reported: Chat,
) -> None:
    await reported.leader.says("逾期的")
    text = await reported.leader.hears()
    assert text.startswith("逾期 · 许昌科技学校党委（截至9月6日）\n【逾期】")
    assert "【待办】" not in text
    number = reported.leader.heard["message_id"]
    await reported.leader.presses("今年")
    assert (await reported.leader.sees(number, "2026年全年")).startswith("2026年全年逾期 · 许昌科技学校党委")


async def test_short_questions_continue_the_last_one(reported: Chat) -> None:
    await reported.leader.says("9月主题党日谁没报")
    assert (await reported.leader.hears()).startswith("9月主题党日未办 · 许昌科技学校党委")
    await reported.leader.says("那文科呢")
    assert (await reported.leader.hears()).startswith(
        "9月主题党日未办 · 文科支部（截至9月6日）\n【逾期】\n文科支部"
    )
    await reported.leader.says("上个月的呢")
    assert (await reported.leader.hears()).startswith("8月主题党日未办 · 文科支部")
    reported.set_clock("2026-09-06T12:00:00")
    await reported.leader.says("理科支部今年")
    assert (await reported.leader.hears()).startswith("2026年全年情况 · 理科支部")


async def test_the_form_does_not_go_on_and_a_button_leads_back_to_the_whole(reported: Chat) -> None:
    await reported.leader.says("文科支部9月主题党日给我表格")
    await reported.leader.hears()
    assert reported.leader.file()[0].endswith(".xlsx")
    await reported.leader.says("逾期的")
    text = await reported.leader.hears()
    assert text.startswith("9月主题党日逾期 · 文科支部（截至9月6日）\n【逾期】\n文科支部")
    number = reported.leader.heard["message_id"]
    assert reported.leader.buttons()[-3:] == ["全部支部", "全部事项", "催办"]
    await reported.leader.presses("全部支部")
    assert (await reported.leader.sees(number, "专业一支部")).startswith("9月主题党日逾期 · 许昌科技学校党委")
    await reported.leader.presses("全部事项")
    await reported.leader.sees(number, "9月逾期 · 许昌科技学校党委")
    assert "全部支部" not in reported.leader.buttons()


async def test_a_branch_with_much_to_tell_stays_on_one_screen(reported: Chat) -> None:
    with reported.program.database.begin() as session:
        place = session.scalar(select(Organization.id).where(Organization.name == "理科支部"))
        for month in range(1, 13):
            for what in ("主题党日", "交纳党费", "支部委员会"):
                subject, at = (what, place or 0, f"2026-{month:02}"), reported.program.bot_context.now()
                changes.waive_occurrence(session, subject, by=None, at=at, reason="集中\n阅卷" * 900)
    await reported.leader.says("理科支部2026年记录")
    await reported.leader.hears()
    read, number = [reported.leader.heard["text"]], reported.leader.heard["message_id"]
    while "更多" in reported.leader.buttons():
        await reported.leader.presses("更多")
        await reported.settled()
        await reported.leader.sees(number, "理科支部 · 2026年全年")
        read.append(reported.leader.heard["text"])
    assert all(len(each.split("\n")) <= 25 and len(each) <= 4096 for each in read)
    told = "\n".join(read)
    assert told.count("：集中 阅卷") == told.count("\n免办 ") / 2 > 6


async def test_a_reply_continues_the_answer_it_replies_to(reported: Chat) -> None:
    await reported.leader.says("9月主题党日谁没报")
    await reported.leader.hears()
    first = reported.leader.heard["message_id"]
    await reported.leader.says("/status 2026Q3 党课")
    assert (await reported.leader.hears()).startswith("第3季度党课情况 · 许昌科技学校党委")
    await reported.leader.says("那文科呢", reply_to=first)
    assert (await reported.leader.hears()).startswith("9月主题党日未办 · 文科支部")


async def test_a_group_of_branches_is_a_scope(reported: Chat) -> None:
    await reported.leader.says("第二督导组")
    text = await reported.leader.hears()
    assert text.startswith("9月情况 · 第二督导组（截至9月6日）\n【逾期】\n专业一支部：主题党日（9月5日）")
    assert "文科支部" not in text


async def test_a_supervisor_sees_the_own_branches_only(reported: Chat) -> None:
    supervisor = await _supervisor(reported)
    await supervisor.says("9月情况")
    text = await supervisor.hears()
    assert text.startswith("9月情况 · 第二督导组（截至9月6日）")
    assert "理科支部" not in text
    await supervisor.says("第一督导组9月")
    assert await supervisor.hears() == "您看不到第一督导组的情况。"
    await supervisor.says("专业四支部9月情况")
    assert await supervisor.hears() == "您看不到专业四支部的情况。您要看的是哪个？"
    assert supervisor.buttons() == ["专业一支部", "专业二支部", "专业三支部"]
    number = supervisor.heard["message_id"]
    await supervisor.presses("专业二支部")
    assert (await supervisor.sees(number, "【逾期】")).startswith("9月情况 · 专业二支部")


async def test_late_is_not_failed(reported: Chat) -> None:
    reported.set_clock("2026-09-08T10:00:00")
    await reported.secretary.says("昨天支委会，应到5实到5")
    await reported.secretary.hears()
    other = await reported.joins("示例·阿青", 1005)
    await other.says("昨天主题党日，应到20实到20")
    await other.hears()
    await reported.leader.says("9月迟交的")
    text = await reported.leader.hears()
    assert "文科支部：主题党日 应9月5日前，9月7日办" in text
    assert "已办 2 · 迟办 1 · 免办 0 · 逾期 4" in text
    await reported.leader.says("9月逾期的")
    assert "文科支部" not in await reported.leader.hears()


async def test_what_was_known_on_a_day_is_shown_with_what_changed_since(reported: Chat) -> None:
    reported.set_clock("2026-09-20T10:00:00")
    other = await reported.joins("示例·阿青", 1005)
    await other.says("9月4日主题党日，应到20实到20")
    await other.hears()
    await reported.leader.says("截至9月10日，9月主题党日情况")
    text = await reported.leader.hears()
    assert text.startswith("9月主题党日情况 · 许昌科技学校党委（截至9月10日）")
    assert "文科支部：主题党日（9月5日）" in text
    assert "应办 6：已办 1 · 迟办 0 · 免办 0 · 逾期 5 · 待办 0" in text
    assert "此后有变化 1 处：\n9月20日 文科支部 主题党日：登记（9月4日办）" in text


@pytest.mark.parametrize(
    "data", ["status:x:list:0:0", "status:1:list:0:-1", "status:99999:list:0:0", "status:1:what"]
)
async def test_forged_buttons_give_nothing(reported: Chat, data: str) -> None:
    await reported.leader.says("9月情况")
    await reported.leader.hears()
    reported.member.forges(data)
    assert await reported.member.hears_nothing()


async def test_a_button_of_somebody_else_gives_nothing(reported: Chat) -> None:
    await reported.leader.says("9月情况")
    await reported.leader.hears()
    rows = reported.leader.heard["reply_markup"]["inline_keyboard"]
    reported.member.forges(rows[0][0]["callback_data"])
    assert await reported.member.hears_nothing()


async def test_of_more_than_a_list_can_hold_there_are_sums_and_the_first_that_are_missing(
    reported: Chat,
) -> None:
    reported.program.bot_context.most_lines = 20
    await reported.leader.says("9月情况")
    text = await reported.leader.hears()
    assert text.startswith(
        "9月情况 · 许昌科技学校党委（截至9月6日）\n【逾期】（最早的）\n"
        "9月5日 主题党日：文科支部、专业一支部、专业二支部、专业三支部、行政支部\n"
    )
    assert "主题党日：应办 6 · 已办 1 · 逾期 5" in text
    assert text.endswith(
        "应办 29：已办 1 · 迟办 0 · 免办 0 · 逾期 5 · 待办 23\n共7个组织，请点一个或写名字缩小范围。"
    )


async def test_what_is_overdue_from_before_is_counted_apart(reported: Chat) -> None:
    reported.set_clock("2026-10-09T10:00:00")
    reported.secretary.forget()
    await reported.secretary.says("状态")
    text = await reported.secretary.hears()
    assert text.startswith("10月情况 · 理科支部")
    assert "应办 7：已办 0 · 迟办 0 · 免办 0 · 逾期 5 · 待办 2\n逾期里有 4 项是10月1日以前的" in text


async def test_a_month_without_a_year_may_mean_the_one_to_come(reported: Chat) -> None:
    await reported.leader.says("11月情况")
    assert "2025年11月情况" in await reported.leader.hears()
    number = reported.leader.heard["message_id"]
    await reported.leader.presses("2026年11月")
    shown = await reported.leader.sees(number, "11月情况 · 许昌科技学校党委（截至9月6日）\n【待办】")
    assert shown.startswith("11月情况")


async def test_a_name_that_nobody_knows_is_not_gone_on_from(reported: Chat) -> None:
    await reported.leader.says("文课支部9月情况")
    assert await reported.leader.hears() == "您看不到文课支部的情况。您要看的是哪个？"
    assert reported.leader.buttons() == ["文科支部"]
    await reported.leader.says("党课")
    assert (await reported.leader.hears()).startswith("9月党课情况 · 许昌科技学校党委")
    await reported.leader.says("截至9月5日")
    assert (await reported.leader.hears()).startswith("9月党课情况 · 许昌科技学校党委（截至9月5日）")


async def test_a_record_that_came_and_went_later_is_no_change(reported: Chat) -> None:
    await reported.leader.says("截至9月5日，9月情况")
    assert "此后有变化 1 处" in await reported.leader.hears()
    await reported.secretary.says("撤回")
    await reported.secretary.hears()
    await reported.leader.says("截至9月5日，9月情况")
    assert "此后" not in await reported.leader.hears()


async def test_nobody_is_told_who_is_worst_but_what_is_missing(reported: Chat) -> None:
    await reported.leader.says("9月哪个支部最差")
    assert (await reported.leader.hears()).startswith("清历不给支部排先后：")
    number = reported.leader.heard["message_id"]
    await reported.leader.presses("还缺什么")
    assert (await reported.leader.sees(number, "【逾期】")).startswith("9月未办 · 许昌科技学校党委")
    for question in ("谁最差", "/status 排名"):
        await reported.secretary.says(question)
        assert (await reported.secretary.hears()).startswith("清历不给支部排先后：")
