"""The three flows of the main job, as transcripts: a reminder, a report, the status."""

from models.delivery import deliveries
from tests.chat.school import Chat


async def test_a_member_gets_one_integrity_message_before_the_festival(chat: Chat) -> None:
    await chat.reach("2026-09-24")
    assert "教师节" in await chat.member.hears()
    assert await chat.member.hears() == (
        "廉洁提醒 · 中秋思“正”\n"
        "月圆人团圆。月饼券、购物卡请当面谢绝；实在推不掉的，及时登记上交。祝中秋团圆。\n"
        "中秋节：9月25日（周五）"
    )
    assert chat.member.signature == "许昌科技学校党委 · 有问题请问理科支部书记"
    for person in (chat.secretary, chat.leader):
        heard = [await person.hears()]
        while not await person.hears_nothing():
            heard.append(await person.hears())
        assert sum("中秋思“正”" in text for text in heard) == 1
    assert await chat.group.hears_nothing()
    await chat.clock.advance_day()
    assert await chat.member.hears_nothing()


async def test_a_stranger_gets_no_reminder_and_learns_only_how_to_join(chat: Chat) -> None:
    stranger = chat.stranger()
    await stranger.says("状态")
    assert await stranger.hears() == (
        "您好，这里是党支部工作提醒。请向所在支部书记要一个加入码，然后发送：/start 加入码"
    )
    await chat.reach("2026-09-24")
    assert await stranger.hears_nothing()


async def test_planning_again_after_a_restart_sends_nothing_twice(chat: Chat) -> None:
    await chat.reach("2026-09-24")
    await chat.settled()
    chat.member.forget()
    chat.program.planner._seen = None
    chat.program.planner.plan_reminders()
    assert await chat.member.hears_nothing()
    with chat.program.database.read() as session:
        assert deliveries.count_by_status(session)["sent"] > 0


async def test_a_secretary_is_reminded_and_logs_a_theme_day_by_replying(chat: Chat) -> None:
    await chat.reach("2026-09-02")
    assert await chat.secretary.hears() == (
        "近期应办\n理科支部：主题党日 9月5日（周六）\n办完后直接回复这条消息就行，例如：开了，23人，请假2人"
    )
    assert chat.secretary.signature == "许昌科技学校党委 · 有问题请联系我们"
    chat.set_clock("2026-09-05T16:00:00")
    await chat.secretary.replies("开了，23人，请假2人")
    assert await chat.secretary.hears() == (
        "已记录 理科支部 · 主题党日 · 9月5日（周六）\n"
        "应到 25 实到 23 缺席 2\n"
        "（日期、应到是推算的，不对请点“改一下”）"
    )
    assert chat.secretary.buttons() == ["改一下", "撤回"]


async def test_a_secretary_logs_a_theme_day_by_itself(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23，学习《条例》")
    assert await chat.secretary.hears() == (
        "已记录 理科支部 · 主题党日 · 9月5日（周六）\n应到 25 实到 23 缺席 2\n主题：条例"
    )


async def test_an_edited_message_changes_the_record(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    message = await chat.secretary.says("昨天主题党日，应到25实到23")
    await chat.secretary.hears()
    await chat.secretary.edits(message, "昨天主题党日，应到25实到24")
    assert await chat.secretary.hears() == (
        "已更正 理科支部 · 主题党日 · 9月5日（周六）\n应到 25 实到 24 缺席 1"
    )


async def test_the_same_report_again_is_no_change_and_other_figures_are_asked_about(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23")
    await chat.secretary.hears()
    await chat.secretary.says("昨天主题党日，应到25实到23")
    assert "没有改动" in await chat.secretary.hears()
    await chat.secretary.says("昨天主题党日，应到25实到22")
    assert "更正，还是另一次" in await chat.secretary.hears()
    assert chat.secretary.buttons() == ["更正", "另一次", "不记了"]
    await chat.secretary.presses("更正")
    assert await chat.secretary.hears() == (
        "已更正 理科支部 · 主题党日 · 9月5日（周六）\n应到 25 实到 22 缺席 3"
    )


async def test_doubtful_reports_are_asked_about_and_nothing_is_saved_before_the_answer(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到23实到25")
    assert "实到25人、应到23人，对不上" in await chat.secretary.hears()
    await chat.leader.says("9月情况")
    assert "已办 0" in await chat.leader.hears()
    await chat.secretary.presses("应到25 实到23")
    assert "应到 25 实到 23 缺席 2" in await chat.secretary.hears()
    await chat.secretary.says("9月25日主题党日开了，20人")
    assert "还没到" in await chat.secretary.hears()
    await chat.secretary.says("昨天安全演练开了，20人")
    assert "哪项活动" in await chat.secretary.hears()


async def test_an_open_question_is_asked_once_more_the_next_morning(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到23实到25")
    await chat.secretary.hears()
    await chat.reach("2026-09-07")
    assert "昨天有一条还没记上" in await chat.secretary.hears()
    await chat.secretary.presses("应到25 实到23")
    assert "已记录" in await chat.secretary.hears()
    await chat.reach("2026-09-08")
    assert await chat.secretary.hears_nothing()


async def test_a_record_can_be_withdrawn_by_its_button(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23")
    await chat.secretary.hears()
    number = chat.secretary.heard["message_id"]
    await chat.secretary.presses("撤回")
    assert await chat.secretary.sees(number, "已撤回") == "已撤回 理科支部 · 主题党日 · 9月5日（周六）"


async def test_a_record_can_be_changed_by_its_button(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23")
    await chat.secretary.hears()
    await chat.secretary.presses("改一下")
    assert "只写要改的" in await chat.secretary.hears()
    await chat.secretary.replies("实到24")
    assert "应到 25 实到 24 缺席 1" in await chat.secretary.hears()


async def test_what_is_done_is_not_reminded_of(chat: Chat) -> None:
    await chat.secretary.says("今天主题党日，应到25实到23")
    await chat.secretary.hears()
    await chat.reach("2026-09-02")
    assert await chat.secretary.hears_nothing()


async def test_an_acknowledgement_gets_no_answer_and_is_no_record(chat: Chat) -> None:
    await chat.secretary.says("收到")
    assert await chat.secretary.hears_nothing()


async def test_a_leader_sees_first_what_is_missing(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23，学习《条例》")
    await chat.secretary.hears()
    await chat.leader.says("9月情况")
    text = await chat.leader.hears()
    lines = text.split("\n")
    assert lines[:4] == [
        "9月情况 · 许昌科技学校党委（截至9月6日）",
        "【逾期】",
        "第一督导组",
        "文科支部：主题党日（9月5日）",
    ]
    assert "理科支部：主题党日" not in text
    assert "已办 1 · 迟办 0 · 免办 0 · 逾期 5" in lines[-1]
    await chat.leader.presses("理科支部")
    detail = await chat.leader.sees(chat.leader.heard["message_id"], "记录")
    assert "9月5日 主题党日 应到 25 实到 23 《条例》（示例·小林 9月6日报）" in detail


async def test_a_member_sees_only_the_own_branch(chat: Chat) -> None:
    await chat.member.says("状态")
    text = await chat.member.hears()
    assert "理科支部" in text
    assert "文科支部" not in text
    await chat.member.says("文科支部9月情况")
    assert await chat.member.hears() == "您看不到文科支部的情况。"
