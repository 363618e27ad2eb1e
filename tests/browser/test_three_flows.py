"""The demo as a newcomer meets it: the real program, and the three flows clicked as a person would."""

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SENTENCE = "昨天主题党日，应到25实到23，学习《条例》"


async def day_is(person, day: str) -> None:
    """Wait until the strip stands on a day and is at rest."""
    await expect(person.page.locator("#clock")).to_contain_text(day)
    await expect(person.page.locator("#clock")).to_have_attribute("aria-busy", "false")


async def test_the_guide_shows_all_three_flows_by_one_click_each(school, visit):
    person = await visit(school, guided=True)
    for role in ("党员", "支部书记", "领导"):
        await person.hears(role, "您已加入")
    await person.page.get_by_role("button", name="试一试 1").click()
    await day_is(person, "2026年9月24日 星期四")
    await person.hears("党员", "中秋思“正”")
    await person.page.get_by_role("button", name="试一试 2").click()
    await person.hears("支部书记", "已记录")
    await person.page.get_by_role("button", name="试一试 3").click()
    await person.hears("领导", "9月情况 ·")
    await expect(person.page.get_by_role("region", name="三件事").locator(".done")).to_have_count(3)
    await person.keep("flows-guide")


async def test_a_member_gets_one_reminder_before_the_festival(school, visit):
    person = await visit(school)
    await person.page.get_by_role("button", name="到 2026-09-24").click()
    await day_is(person, "2026年9月24日 星期四")
    for role in ("党员", "支部书记", "领导"):
        await person.hears(role, "中秋思“正”")
        await expect(person.last(role).locator("time")).to_have_text("09:00")
        await expect(person.room(role).get_by_text("中秋思“正”")).to_have_count(1)
    await person.keep("flow-1-member")
    await person.page.get_by_role("button", name="+1 天").click()
    await day_is(person, "2026年9月25日 星期五")
    for role in ("党员", "支部书记", "领导"):
        await expect(person.room(role).get_by_text("中秋思“正”")).to_have_count(1)
    await expect(person.room("支部群").locator(".message")).to_have_count(0)


async def test_a_secretary_is_reminded_and_answers_in_one_line(school, visit):
    person = await visit(school)
    room = person.room("支部书记")
    await person.page.get_by_role("button", name="到下一次提醒").click()
    await day_is(person, "2026年9月2日 星期三")
    await person.hears("支部书记", "主题党日 9月5日（周六）")
    await person.last("支部书记").get_by_role("button", name="回复").click()
    await person.says("支部书记", "开了，23人，请假2人")
    await person.hears("支部书记", "已记录 理科支部 · 主题党日 · 9月2日（周三）")
    await person.hears("支部书记", "应到 25 实到 23 缺席 2")
    await expect(room.locator(".mine .quoted").last).to_contain_text("主题党日")
    await expect(person.last("支部书记").get_by_role("button", name="改一下")).to_be_visible()
    await room.locator(".mine").last.get_by_role("button", name="修改").click()
    await room.get_by_role("textbox").fill("开了，22人，请假3人")
    await room.get_by_role("button", name="保存").click()
    await person.hears("支部书记", "应到 25 实到 22 缺席 3")
    await expect(room.locator(".mine").last).to_contain_text("已编辑")
    await person.keep("flow-2-secretary")
    await person.presses("支部书记", "撤回")
    await expect(room.locator(".message").filter(has_text="已撤回").first).to_be_visible()
    await person.keep("flow-2-secretary-withdrawn")


async def test_a_leader_sees_first_what_is_missing(school, visit):
    person = await visit(school)
    await person.page.get_by_role("button", name="到 2026-09-24").click()
    await day_is(person, "2026年9月24日 星期四")
    await person.says("支部书记", SENTENCE)
    await person.hears("支部书记", "已记录 理科支部 · 主题党日 · 9月23日（周三）")
    await person.says("领导", "9月情况")
    await person.hears("领导", "9月情况 · 许昌科技学校党委")
    words = await person.last("领导").locator(".words").inner_text()
    assert words.index("逾期") < words.index("待办") < words.index("应办")
    assert "理科支部：主题党日" not in words
    await person.presses("领导", "理科支部")
    await expect(person.room("领导")).to_contain_text("9月23日")
    await person.keep("flow-3-leader")
    await person.says("党员", "9月情况")
    await person.hears("党员", "9月情况 · 理科支部")
    await expect(person.last("党员")).not_to_contain_text("专业二支部")


async def test_the_three_flows_work_on_a_phone(school, visit):
    person = await visit(school, size=(390, 844), guided=True)
    await person.page.get_by_role("button", name="试一试 1").click()
    await person.hears("党员", "中秋思“正”")
    await expect(person.room("党员")).to_be_visible()
    await person.keep("flow-1-member-phone")
    await person.page.get_by_role("button", name="试一试", exact=True).click()
    await person.page.get_by_role("button", name="试一试 2").click()
    await person.hears("支部书记", "已记录")
    await expect(person.room("支部书记")).to_be_visible()
    await person.keep("flow-2-secretary-phone")
    await person.page.get_by_role("tab", name="领导").click()
    await person.says("领导", "9月情况")
    await person.hears("领导", "9月情况 ·")
    await person.keep("flow-3-leader-phone")
    assert await person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
