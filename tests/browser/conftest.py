"""What browser tests share: headless Chromium, what a person does on a page, and a small bot behind it."""

import asyncio
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from starlette.applications import Starlette
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.demo.page import build_page_routes
from bot.demo.page_view import Group, Person, build_guide
from tests.telegram.server import FaultyTelegram, api_routes, serve

PATIENCE_MS = 30_000
"""How long a page may take on a machine that is busy besides."""
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM = Path("/usr/bin/chromium")
QINGLI = Path(sys.executable).with_name("qingli")
HAS_CHROMIUM = CHROMIUM.exists()
ARTIFACTS = Path(__file__).parents[2] / "artifacts"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Visit:
    """Somebody at the chat page; `errors` is what the browser complained about."""

    page: Page
    errors: list[str] = field(default_factory=list)

    def room(self, title: str) -> Locator:
        """The column of a person, by role, or the group."""
        return self.page.locator(f"section.room[aria-label^='{title}']")

    def last(self, title: str) -> Locator:
        """The newest message of a room."""
        return self.room(title).locator(".message").last

    async def says(self, title: str, text: str) -> None:
        """Write a message in a room and send it."""
        await self.room(title).get_by_role("textbox").fill(text)
        await self.room(title).get_by_role("button", name="发送", exact=True).click()

    async def hears(self, title: str, text: str) -> None:
        """Wait until the newest message of a room is somebody else's and holds a text."""
        newest = self.room(title).locator(".message:last-child:not(.mine) .words")
        await expect(newest).to_contain_text(text)

    async def presses(self, title: str, label: str) -> None:
        """Press a button under the newest message that has buttons."""
        await self.room(title).locator(".keys").get_by_role("button", name=label).last.click()

    async def keep(self, name: str) -> None:
        """Keep a screenshot among the artefacts of this test run."""
        ARTIFACTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=ARTIFACTS / f"{name}.png", animations="disabled")


Opener = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One headless Chromium for the tests of a file."""
    if not HAS_CHROMIUM:
        pytest.skip(f"there is no Chromium at {CHROMIUM}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(chromium: Browser) -> AsyncIterator[Opener]:
    """Open an address as a new visitor; `guided` leaves the guide of a first visit open."""
    contexts, visits = [], []

    async def open_page(
        address: str,
        *,
        size: tuple[int, int] = (1280, 800),
        guided: bool = False,
        script: str = "",
        **options: Any,
    ) -> Visit:
        width, height = size
        context = await chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", has_touch=width < 600, **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if script:
            await context.add_init_script(script)
        visitor = Visit(await context.new_page())
        visits.append(visitor)
        visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
        visitor.page.on("console", lambda line: _note(visitor, line.type, line.text))
        await visitor.page.goto(address)
        await expect(visitor.page.locator("#clock [data-date]")).to_contain_text("年")
        if not guided:
            await visitor.page.get_by_role("button", name="收起", exact=True).click()
        return visitor

    yield open_page
    for context in contexts:
        await context.close()
    assert [error for visitor in visits for error in visitor.errors] == []


def _note(visitor: Visit, kind: str, text: str) -> None:
    # A refused request is logged by Chromium itself; the page tells it in one line.
    if kind in {"error", "warning"} and not text.startswith("Failed to load resource"):
        visitor.errors.append(text)


TOKEN = "700:browser"  # noqa: S105 - of the local server
GROUP = Group(-500, "理科支部工作群")
PEOPLE = (
    Person(101, "王敏", "党员", 101),
    Person(102, "李志远", "支部书记", 102),
    Person(103, "陈芳", "领导", 103),
)
FORMATTED = (
    "<b>粗</b><i>斜</i><u>线</u><s>删</s><code>码</code>"
    '<a href="https://example.org/a?b=1&amp;c=2">链接</a><b>外<i>里</i></b>'
    "<blockquote>引用😀一段</blockquote><pre>两 列</pre>&lt;img src=x onerror=alert(1)&gt;"
)


class HandClock:
    """A clock moved by hand; `gate` holds a move back until the test lets it go."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 9, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
        self.gate = asyncio.Event()
        self.gate.set()

    def now(self) -> datetime:
        return self.moment

    async def advance_day(self) -> None:
        await self.to_day(self.moment.date() + timedelta(days=1))

    async def next_reminder(self) -> None:
        raise ValueError("后面没有要发的提醒了。")

    async def to_day(self, day: date) -> None:
        await self.gate.wait()
        self.moment = datetime.combine(day, time(9), self.moment.tzinfo)


@dataclass
class Demo:
    """The page's address and what stands behind it."""

    address: str
    telegram: FaultyTelegram
    clock: HandClock
    heard: list[Message] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A small bot: it repeats, formats, asks with buttons, and sends files back."""
    message = update.effective_message
    assert message is not None
    context.bot_data["heard"].append(message)
    if message.photo or message.document:
        await _send_back(message)
    elif message.text == "格式":
        await message.reply_text(FORMATTED, parse_mode=ParseMode.HTML)
    elif message.text == "按钮":
        keys = [
            [
                InlineKeyboardButton("改一下", callback_data="改"),
                InlineKeyboardButton("撤回", callback_data="撤"),
            ]
        ]
        await message.reply_text("已记录", reply_markup=InlineKeyboardMarkup(keys))
    else:
        await message.reply_text(f"听到：{message.text}")


async def _send_back(message: Message) -> None:
    if message.photo:
        photo = await message.photo[-1].get_file()
        await message.reply_photo(BytesIO(await photo.download_as_bytearray()), caption="原样奉还")
    elif message.document:
        paper = await message.document.get_file()
        content = BytesIO(await paper.download_as_bytearray())
        await message.reply_document(content, filename=message.document.file_name, caption="原样奉还")


async def pressed(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a button with a toast; withdrawing also rewrites the message."""
    query = update.callback_query
    assert query is not None
    if query.data == "撤":
        await query.edit_message_text("已撤回")
    await query.answer(
        "请写新的人数" if query.data == "改" else "好的，撤回了", show_alert=query.data == "改"
    )


@asynccontextmanager
async def _bot(address: str, heard: list[Message]) -> AsyncIterator[None]:
    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{address}/bot")
        .base_file_url(f"{address}/file/bot")
        .build()
    )
    application.bot_data["heard"] = heard
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.ALL, answer))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        yield
        await application.updater.stop()
        await application.stop()


@asynccontextmanager
async def run_small_demo(port: int = 0) -> AsyncIterator[Demo]:
    """The page with the small bot behind it."""
    clock = HandClock()
    telegram = FaultyTelegram(TOKEN, civil=clock.now)
    for person in PEOPLE:
        telegram.add_user(person.user_id, person.name, started=True)
    telegram.add_group(GROUP.chat_id, GROUP.title, [person.user_id for person in PEOPLE])
    pages = build_page_routes(telegram, PEOPLE, GROUP, clock, build_guide(*PEOPLE))
    app = Starlette(routes=[*api_routes(telegram), *pages])
    async with serve(telegram, port=port, app=app) as address:
        running = Demo(address, telegram, clock)
        async with _bot(address, running.heard):
            yield running


@pytest.fixture
def small_demo() -> Callable[..., AbstractAsyncContextManager[Demo]]:
    """Starts the page with the small bot, for tests that stop it themselves."""
    return run_small_demo


@pytest_asyncio.fixture(loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    """The page with the small bot, running."""
    async with run_small_demo() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def school() -> AsyncIterator[str]:
    """`qingli demo` as its own process on a free port; gives the address it prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        QINGLI, "demo", "--port", str(port), stdout=PIPE, stderr=STDOUT
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        line = (await process.stdout.readline()).decode()
    assert f"http://127.0.0.1:{port}/" in line
    yield f"http://127.0.0.1:{port}/"
    process.terminate()
    async with asyncio.timeout(20):
        rest = (await process.communicate())[0].decode()
    assert (process.returncode, rest) == (0, "")
