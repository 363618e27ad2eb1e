"""What browser tests share: headless Chromium, pages that must not log errors, and what a person does on one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
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
        """Wait until the newest message of a room holds a text."""
        await expect(self.last(title).locator(".words")).to_contain_text(text)

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
    if not CHROMIUM.exists():
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
        context.set_default_timeout(10_000)
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
