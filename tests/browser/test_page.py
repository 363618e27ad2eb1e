"""The chat page over a local Telegram and a real Application: what people see and can do on it."""

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63282828000002cc0165f2d7c4690000000049454e44ae426082"
)


async def test_three_people_stand_side_by_side_and_the_answer_comes_by_itself(demo, visit):
    person = await visit(demo.address)
    boxes = [await person.room(role).bounding_box() for role in ("党员", "支部书记", "领导")]
    assert [box["y"] for box in boxes] == [boxes[0]["y"]] * 3
    assert boxes[0]["x"] < boxes[1]["x"] < boxes[2]["x"]
    await person.says("支部书记", "开了，23人")
    await person.hears("支部书记", "听到：开了，23人")
    await expect(person.room("党员").locator(".message")).to_have_count(0)


async def test_formatting_is_shown_and_markup_in_a_text_stays_text(demo, visit):
    person = await visit(demo.address)
    await person.says("党员", "格式")
    await person.hears("党员", "<img src=x onerror=alert(1)>")
    words = person.last("党员").locator(".words")
    for tag, text in {
        "b >> nth=0": "粗",
        "i >> nth=0": "斜",
        "u": "线",
        "s": "删",
        "code": "码",
        "pre": "两 列",
    }.items():
        await expect(words.locator(tag)).to_have_text(text)
    await expect(words.locator("b i")).to_have_text("里")
    await expect(words.locator("blockquote")).to_have_text("引用😀一段")
    await expect(words.locator("a")).to_have_attribute("href", "https://example.org/a?b=1&c=2")
    await expect(words.locator("img")).to_have_count(0)


async def test_a_button_shows_its_toast_and_the_message_changes_in_place(demo, visit):
    person = await visit(demo.address)
    await person.says("支部书记", "按钮")
    await person.hears("支部书记", "已记录")
    await person.presses("支部书记", "改一下")
    await expect(person.room("支部书记").get_by_text("请写新的人数")).to_be_visible()
    await person.page.get_by_role("button", name="知道了").click()
    await person.presses("支部书记", "撤回")
    await expect(person.room("支部书记").get_by_text("好的，撤回了")).to_be_visible()
    await person.hears("支部书记", "已撤回")
    await expect(person.last("支部书记").get_by_text("已编辑")).to_be_visible()
    await expect(person.room("支部书记").locator(".message")).to_have_count(2)
    await person.keep("page-button")


async def test_a_reply_quotes_the_message_it_answers(demo, visit):
    person = await visit(demo.address)
    await person.says("支部书记", "第一句")
    await person.hears("支部书记", "听到：第一句")
    await person.last("支部书记").get_by_role("button", name="回复").click()
    await expect(person.room("支部书记").locator(".context")).to_contain_text("听到：第一句")
    await person.says("支部书记", "开了")
    await person.hears("支部书记", "听到：开了")
    await expect(person.room("支部书记").locator(".mine .quoted").last).to_contain_text("听到：第一句")
    assert demo.heard[-1].reply_to_message.text == "听到：第一句"


async def test_ones_own_message_can_be_edited_and_is_marked(demo, visit):
    person = await visit(demo.address)
    await person.says("支部书记", "到23人")
    await person.hears("支部书记", "听到：到23人")
    mine = person.room("支部书记").locator(".mine")
    await mine.get_by_role("button", name="修改").click()
    box = person.room("支部书记").get_by_role("textbox")
    await expect(box).to_have_value("到23人")
    await box.fill("到22人")
    await person.room("支部书记").get_by_role("button", name="保存").click()
    await expect(mine.locator(".words")).to_have_text("到22人")
    await expect(mine.get_by_text("已编辑")).to_be_visible()
    await person.hears("支部书记", "听到：到22人")
    await expect(person.last("支部书记").get_by_role("button", name="修改")).to_be_hidden()


async def test_photos_and_documents_are_sent_shown_and_downloaded(demo, visit):
    person = await visit(demo.address)
    room, chooser = person.room("支部书记"), person.room("支部书记").get_by_label("发送照片或文件")
    await chooser.set_input_files({"name": "会场.png", "mimeType": "image/png", "buffer": PIXEL})
    await expect(room.locator(".context")).to_contain_text("发送照片")
    await room.get_by_role("button", name="发送", exact=True).click()
    await person.hears("支部书记", "原样奉还")
    shown = person.last("支部书记").get_by_role("img", name="照片")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1
    sheet = "表,<b>不是标记</b>\n".encode()
    await chooser.set_input_files({"name": "名单.html", "mimeType": "text/html", "buffer": sheet})
    await person.says("支部书记", "九月名单")
    await expect(person.last("支部书记").locator(".paper")).to_contain_text("名单.html")
    await expect(room.locator(".message")).to_have_count(4)
    async with person.page.expect_download() as started:
        await person.last("支部书记").get_by_role("link", name="名单.html").click()
    download = await started.value
    assert download.suggested_filename == "名单.html"
    assert (await download.path()).read_bytes() == sheet
    await person.keep("page-files")


async def test_in_the_group_one_chooses_who_speaks(demo, visit):
    person = await visit(demo.address)
    demo.telegram.say(102, -500, "今天下午开会")
    await person.page.get_by_role("button", name="展开群聊，1 条新消息").click()
    await person.room("支部群").get_by_label("以谁的身份说").select_option(label="领导 陈芳")
    await person.says("支部群", "/status 大家好")
    await person.hears("支部群", "听到：/status 大家好")
    assert demo.heard[-1].from_user.id == 103
    await expect(person.room("支部群").locator(".mine")).to_have_count(1)
    await person.room("支部群").get_by_label("以谁的身份说").select_option(label="党员 王敏")
    await expect(person.room("支部群").locator(".mine")).to_have_count(0)
    await expect(person.room("支部群").locator(".message .who")).to_have_text(["李志远", "陈芳", "清历"])
    await person.keep("page-group")


@pytest.mark.parametrize("width", [390, 360])
async def test_on_a_phone_there_are_tabs_with_marks_and_no_sideways_scrolling(demo, visit, width):
    person = await visit(demo.address, size=(width, 740))
    await expect(person.room("党员")).to_be_visible()
    await expect(person.room("支部书记")).to_be_hidden()
    demo.telegram.say(102, 102, "一个不断开的长词" * 20)
    tab = person.page.get_by_role("tab", name="支部书记 李志远，1 条新消息")
    await expect(tab).to_be_visible()
    await tab.click()
    await person.hears("支部书记", "听到：一个不断开的长词")
    await expect(person.page.get_by_role("tab", name="支部书记 李志远", exact=True)).to_be_visible()
    assert await person.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    await person.keep(f"page-phone-{width}")


async def test_the_clock_strip_moves_and_is_busy_meanwhile(demo, visit):
    person = await visit(demo.address)
    strip = person.page.get_by_role("region", name="演示日期")
    await expect(strip).to_contain_text("2026年9月1日 星期二")
    await expect(strip).to_contain_text("08:00 · 农历七月二十")
    demo.clock.gate.clear()
    await strip.get_by_role("button", name="+1 天").click()
    await expect(strip.get_by_text("时间正在走")).to_be_visible()
    await person.keep("page-busy")
    demo.clock.gate.set()
    await expect(strip).to_contain_text("2026年9月2日 星期三")
    await expect(strip.get_by_text("时间正在走")).to_be_hidden()
    await strip.get_by_label("选日期").fill("2026-09-10")
    await strip.get_by_role("button", name="前往").click()
    await expect(strip).to_contain_text("2026年9月10日 星期四")
    await strip.get_by_role("button", name="到 2026-09-24").click()
    await expect(strip).to_contain_text("2026年9月24日 星期四")
    await strip.get_by_role("button", name="到 2026-09-24").click()
    await expect(person.page.get_by_text("日期只能往后拨")).to_be_visible()
    await strip.get_by_role("button", name="到下一次提醒").click()
    await expect(person.page.get_by_text("后面没有要发的提醒了。")).to_be_visible()


async def test_an_open_page_goes_on_after_the_program_was_restarted(small_demo, visit):
    async with small_demo() as demo:
        demo.telegram.say(101, 101, "从前")
        person = await visit(demo.address)
        await person.hears("党员", "听到：从前")
    await expect(person.page.get_by_text("正在重新连接")).to_be_visible()
    async with small_demo(port=demo.port) as demo:
        demo.telegram.say(101, 101, "重新开始")
        await person.hears("党员", "听到：重新开始")
        await expect(person.room("党员").locator(".message")).to_have_count(2)
        await expect(person.page.get_by_text("正在重新连接")).to_be_hidden()


async def test_the_guide_shows_once_and_opens_again(demo, visit):
    person = await visit(demo.address, guided=True)
    guide = person.page.get_by_role("region", name="三件事")
    await expect(guide.get_by_role("listitem")).to_have_count(3)
    await person.keep("page-guide")
    await person.page.get_by_role("button", name="收起", exact=True).click()
    await person.page.reload()
    await expect(person.room("党员")).to_be_visible()
    await expect(guide).to_be_hidden()
    await person.page.get_by_role("button", name="试一试", exact=True).click()
    await expect(guide).to_be_visible()


async def test_without_storage_the_guide_still_works(demo, visit):
    script = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } });"
    person = await visit(demo.address, guided=True, script=script)
    await person.page.get_by_role("button", name="发送这一句").first.click()
    await person.hears("支部书记", "听到：昨天主题党日，应到25实到23，学习《条例》")
    await expect(person.page.get_by_text("已试")).to_have_count(0)
    await person.page.get_by_role("button", name="收起", exact=True).click()
    await expect(person.page.get_by_role("region", name="三件事")).to_be_hidden()


async def test_a_refused_message_stays_in_the_box_and_says_why(demo, visit):
    person = await visit(demo.address)
    await person.says("党员", "长" * 4097)
    await expect(person.room("党员").get_by_text("没有发出：消息最多 4096 个字")).to_be_visible()
    assert len(await person.room("党员").get_by_role("textbox").input_value()) == 4097


async def test_the_keyboard_alone_is_enough(demo, visit):
    person = await visit(demo.address)
    box = person.room("党员").get_by_role("textbox")
    await box.focus()
    await person.page.keyboard.type("两")
    await person.page.keyboard.press("Shift+Enter")
    await person.page.keyboard.type("行")
    await person.page.keyboard.press("Enter")
    await person.hears("党员", "听到：两\n行")
    await person.page.keyboard.press("Shift+Tab")
    await person.page.keyboard.press("Shift+Tab")
    await expect(person.last("党员").get_by_role("button", name="回复")).to_be_focused()
    await person.page.keyboard.press("Enter")
    await expect(box).to_be_focused()
    await expect(person.room("党员").locator(".context")).to_be_visible()
    await person.page.keyboard.press("Escape")
    await expect(person.room("党员").locator(".context")).to_be_hidden()


async def test_a_long_answer_is_shown_from_its_first_line(demo, visit):
    person = await visit(demo.address)
    await person.says("领导", "第一行\n" + "中间\n" * 60 + "最后一行")
    await person.hears("领导", "听到：第一行")
    talk = await person.room("领导").locator(".talk").bounding_box()
    answer = await person.last("领导").bounding_box()
    assert 4 <= answer["y"] - talk["y"] < 20
    await person.says("领导", "短")
    await person.hears("领导", "听到：短")
    await expect(person.last("领导")).to_be_in_viewport(ratio=1)


async def test_who_reads_further_up_is_not_torn_away(demo, visit):
    person = await visit(demo.address)
    for _ in range(12):
        demo.telegram.say(103, 103, "从前")
    await expect(person.room("领导").locator(".message")).to_have_count(24)
    await person.room("领导").locator(".message").first.scroll_into_view_if_needed()
    await expect(person.room("领导").locator(".day")).to_be_in_viewport()
    demo.telegram.say(103, 103, "现在")
    newer = person.room("领导").get_by_role("button", name="有新消息")
    await expect(newer).to_be_visible()
    await expect(person.room("领导").locator(".message").first).to_be_in_viewport()
    await newer.click()
    await expect(person.last("领导")).to_be_in_viewport()
    await expect(newer).to_be_hidden()
