"""Updates delivered to a webhook: secret, order, and repetition until it answers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram.error import BadRequest, Conflict


class Hook:
    """A webhook that notes what it gets and answers with the codes it is given, then 200."""

    def __init__(self) -> None:
        self.url = ""
        self.codes: list[int] = []
        self.got: list[tuple[str | None, dict[str, Any]]] = []
        self.arrived = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        async with self.arrived:
            self.arrived.notify_all()
        return web.Response(status=self.codes.pop(0) if self.codes else 200)

    async def count(self, wanted: int) -> None:
        """Wait until so many requests came."""
        async with asyncio.timeout(10), self.arrived:
            await self.arrived.wait_for(lambda: len(self.got) >= wanted)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in self.got]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_updates_come_with_the_secret(bot, local, hook):
    await bot.set_webhook(hook.url, secret_token="geheim-1")  # noqa: S106
    local.say(1001, 1001, "好")
    await hook.count(1)
    secret, update = hook.got[0]
    assert secret == "geheim-1"  # noqa: S105
    assert update["message"]["text"] == "好"
    assert update["update_id"] > 0


async def test_what_waited_before_is_delivered_too(bot, local, hook):
    local.say(1001, 1001, "早")
    await bot.set_webhook(hook.url)
    await hook.count(1)
    assert hook.got[0][0] is None
    assert hook.texts() == ["早"]


async def test_an_update_is_repeated_until_it_is_taken_and_the_next_waits(bot, local, hook):
    hook.codes = [500, 403]
    await bot.set_webhook(hook.url)
    local.say(1001, 1001, "一")
    local.say(1001, 1001, "二")
    await hook.count(4)
    assert hook.texts() == ["一", "一", "一", "二"]
    info = await bot.get_webhook_info()
    assert info.url == hook.url
    assert info.last_error_message.startswith("Wrong response from the webhook: 403")


async def test_a_chat_that_is_stuck_does_not_hold_up_another(bot, local, hook):
    hook.codes = [500]
    await bot.set_webhook(hook.url)
    local.say(1001, 1001, "一")
    local.say(1001, -2001, "/status")
    await hook.count(3)
    assert hook.texts() == ["一", "/status", "一"]


async def test_a_poll_beside_a_webhook_is_a_conflict(bot, local, hook):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.wait_for(local.updates.holding.wait(), 5)
    await bot.set_webhook(hook.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_an_address_without_https_is_refused_except_on_this_machine(bot):
    with pytest.raises(BadRequest, match="an https url must be provided for webhook"):
        await bot.set_webhook("http://example.cn/hook")
    with pytest.raises(BadRequest, match="on ports 80, 88, 443 or 8443"):
        await bot.set_webhook("https://example.cn:8080/hook")


async def test_a_secret_with_other_signs_is_refused(bot, hook):
    with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
        await bot.set_webhook(hook.url, secret_token="a b")  # noqa: S106
