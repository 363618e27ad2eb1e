"""The page in Chromium, opened from the chat: on a desk, a phone and paper, without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
BRANCHES = ("专业一支部", "专业二支部", "专业三支部")
WIDTH = "document.documentElement.scrollWidth"
# Text that somebody reads must stand out from its paper by 4.5 : 1 (WCAG 2.2, 1.4.3).
CONTRASTS = """() => [...document.querySelectorAll('td[class], .mark')].map(cell => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const style = getComputedStyle(cell);
  const [less, more] = [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
  return [cell.className, (more + 0.05) / (less + 0.05)];
})"""


async def test_the_board_is_read_on_a_desk_a_phone_and_paper(school, visit, chromium):
    person = await visit(school, guided=True)
    await person.page.get_by_role("button", name="试一试 1").click()
    await person.hears("党员", "中秋思“正”")
    await person.page.get_by_role("button", name="试一试 2").click()
    await person.hears("支部书记", "已记录")
    await person.says("领导", "9月情况")
    await person.hears("领导", "9月情况 ·")
    await person.presses("领导", "网页")
    link = person.room("领导").locator("a[href*='/board/open/']")
    where = await link.get_attribute("href")
    await person.keep("board-chat")
    context = await chromium.new_context(
        locale="zh-CN", java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    page = await context.new_page()
    await page.goto(where)
    await page.get_by_role("button", name="打开").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("2026年9月 · 许昌科技学校党委")
    cell = page.get_by_role("row", name=re.compile("^理科支部")).get_by_role("cell").first
    await expect(cell).to_have_text("迟迟办")
    await page.screenshot(path=ARTIFACTS / "board-desk.png", full_page=True)
    await page.get_by_label("督导组").select_option("第二督导组")
    await page.get_by_label("事项").select_option("主题党日")
    await page.get_by_role("button", name="查看").click()
    await expect(page.get_by_role("rowheader")).to_have_text(list(BRANCHES))
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.get_by_label("督导组").select_option("全部")
    await page.get_by_label("时间").select_option("2026年度")
    await page.get_by_label("事项").select_option("全部")
    await page.get_by_role("button", name="查看").click()
    await page.screenshot(path=ARTIFACTS / "board-phone.png", full_page=True)
    assert await page.evaluate(WIDTH) <= 390
    assert [each for each in await page.evaluate(CONTRASTS) if each[1] < 4.5] == []
    await page.get_by_role("link", name="理科支部").click()
    await expect(page.get_by_role("table").last).to_contain_text("条例")
    assert await page.evaluate(WIDTH) <= 390
    await page.screenshot(path=ARTIFACTS / "board-branch.png", full_page=True)
    await page.get_by_role("link", name="返回").click()
    await page.emulate_media(media="print")
    await expect(page.get_by_role("button")).to_have_count(0)
    await page.pdf(path=ARTIFACTS / "board-print.pdf", prefer_css_page_size=True)
    await context.close()
