"""Whether the page is easy: large enough to touch, strong enough to read, spoken aloud, calm where asked."""

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SMALL_TARGETS = """() => [...document.querySelectorAll('button, a, select, textarea, input, label.attach')]
  .filter((element) => element.checkVisibility() && element.type !== 'file')
  .map((element) => [element.textContent.trim() || element.id, element.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name} ${box.width} x ${box.height}`)"""

# WCAG 2: relative luminance of the text and of the nearest painted background behind it.
FAINT_TEXTS = """() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = numbers(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !element.checkVisibility() || element.closest('script, style, template')) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${text} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""


@pytest.mark.parametrize("size", [(1280, 800), (1600, 900), (1024, 768), (390, 844), (360, 640)])
async def test_everything_can_be_touched_and_read(demo, visit, size):
    demo.telegram.say(102, 102, "按钮")
    person = await visit(demo.address, size=size, guided=True)
    assert await person.page.evaluate(SMALL_TARGETS) == []
    assert await person.page.evaluate(FAINT_TEXTS) == []
    await person.page.get_by_role("button", name="收起", exact=True).click()
    if size[0] < 900:
        await person.page.get_by_role("tab", name="支部书记").click()
    await person.hears("支部书记", "已记录")
    await person.room("支部书记").locator(".mine").get_by_role("button", name="回复").click()
    await person.presses("支部书记", "改一下")
    await expect(person.room("支部书记").get_by_text("请写新的人数")).to_be_visible()
    assert await person.page.evaluate(SMALL_TARGETS) == []
    assert await person.page.evaluate(FAINT_TEXTS) == []
    assert await person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_room_speaks_its_new_messages(demo, visit):
    demo.telegram.say(101, 101, "从前")
    person = await visit(demo.address)
    await expect(person.room("党员").get_by_role("log", name="消息")).to_have_attribute("aria-live", "polite")
    await expect(person.page.get_by_role("status").first).to_have_attribute("aria-live", "polite")


async def test_without_motion_nothing_moves(demo, visit):
    person = await visit(demo.address, reduced_motion="reduce")
    demo.clock.gate.clear()
    await person.page.get_by_role("button", name="+1 天").click()
    await expect(person.page.get_by_text("时间正在走")).to_be_visible()
    assert await person.page.evaluate("document.getAnimations().length") == 0
    demo.clock.gate.set()
    await expect(person.page.get_by_text("时间正在走")).to_be_hidden()


async def test_tabs_follow_the_arrow_keys(demo, visit):
    person = await visit(demo.address, size=(390, 844))
    await person.page.get_by_role("tab", name="党员").focus()
    await person.page.keyboard.press("ArrowLeft")
    await expect(person.page.get_by_role("tab", name="支部群")).to_be_focused()
    await expect(person.page.get_by_role("tabpanel", name="支部群")).to_be_visible()
    await person.page.keyboard.press("ArrowRight")
    await expect(person.page.get_by_role("tab", name="党员")).to_have_attribute("aria-selected", "true")
