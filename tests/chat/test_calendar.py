"""The calendar and the preview in the chat, as transcripts."""

from tests.chat.school import Chat


async def test_a_secretary_leafs_through_the_months(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    shown = await chat.secretary.says("日历")
    assert shown
    assert await chat.secretary.hears() == (
        "9月日历 · 理科支部\n"
        "9月5日（周六） 主题党日：理科支部\n"
        "9月10日（周四） 教师节 · 提醒9月9日\n"
        "9月25日（周五） 中秋节 · 提醒9月24日\n"
        "9月30日（周三） 支部党员大会：理科支部\n"
        "9月30日（周三） 支部委员会：理科支部\n"
        "9月30日（周三） 党课：理科支部\n"
        "9月30日（周三） 交纳党费：理科支部"
    )
    assert chat.secretary.buttons() == ["‹ 8月", "10月 ›"]
    message = chat.secretary.heard["message_id"]
    await chat.secretary.presses("10月 ›")
    text = await chat.secretary.sees(message, "10月日历")
    assert "10月1日（周四） 国庆节 · 提醒9月30日" in text
    assert chat.secretary.buttons() == ["‹ 9月", "11月 ›"]


async def test_what_rests_on_unpublished_days_off_says_so(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.member.says("/calendar 2027-02")
    text = await chat.member.hears()
    assert text.splitlines()[0] == "2027年2月日历 · 理科支部"
    assert "2027年2月6日（周六） 春节 · 提醒2027年2月4日（预计）" in text
    assert text.splitlines()[-1] == "（预计：放假安排未公布，按规则预计）"
    assert chat.member.buttons() == ["‹ 2027年1月", "‹ 9月", "2027年3月 ›"]


async def test_a_leader_sees_beforehand_what_a_member_will_read(chat: Chat) -> None:
    await chat.reach("2026-09-22")
    chat.leader.forget()
    await chat.leader.says("/preview 7")
    preview = await chat.leader.hears()
    assert preview.splitlines()[0] == "今后7天要发的消息（什么也没有发）"
    assert "9月24日（周四） 09:00 发给 3 人，各收到本组织的，例如：" in preview
    assert "发给 1 人：\n近期应办\n理科支部" in preview
    chat.member.forget()
    await chat.reach("2026-09-24")
    assert await chat.member.hears() in preview


async def test_only_leaders_see_the_preview(chat: Chat) -> None:
    await chat.member.says("预览")
    assert await chat.member.hears() == "预览是给领导看的。想看接下来的活动和节日，请发：日历"


async def test_a_yearly_meeting_in_january_counts_for_the_year_that_is_open(chat: Chat) -> None:
    await chat.program.ticks.stop()  # what is overdue by then is not what is tested here
    chat.set_clock("2027-01-15T10:00:00")
    await chat.secretary.says("昨天组织生活会，应到25实到25")
    assert "记入2026年度" in await chat.secretary.hears()
    await chat.secretary.says("今天民主评议党员，应到25实到25")
    assert "记入2026年度" in await chat.secretary.hears()
    chat.set_clock("2027-03-01T10:00:00")
    await chat.secretary.says("昨天组织生活会，应到25实到24")
    assert "记入" not in await chat.secretary.hears(), "the year before is done"
