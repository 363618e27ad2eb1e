"""A local Telegram with a few people and groups, served over HTTP, with a real bot and a bare client."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from tests.telegram.server import FaultyTelegram, serve

TOKEN = "123456:local-secret"  # noqa: S105
Call = Callable[..., Awaitable[dict[str, Any]]]


class Watch:
    """A clock that stands still until it is moved; seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def local(watch: Watch) -> FaultyTelegram:
    """甲 (1001) has started the bot, 乙 (1002) has not; a group (-2001) and a supergroup (-1002002)."""
    local = FaultyTelegram(TOKEN, clock=watch)
    local.add_user(1001, "甲", username="jia_demo", started=True)
    local.add_user(1002, "乙")
    local.add_group(-2001, "理科支部", [1001, 1002])
    local.add_group(-1002002, "全校", [1001, 1002], kind="supergroup")
    return local


@pytest.fixture
async def root(local: FaultyTelegram) -> AsyncIterator[str]:
    """The address of the served local Telegram."""
    async with serve(local) as address:
        yield address


@pytest.fixture
async def bot(root: str) -> AsyncIterator[Bot]:
    """python-telegram-bot's Bot, talking to the local Telegram."""
    bot = Bot(TOKEN, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot")
    async with bot:
        yield bot


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(root: str, session: aiohttp.ClientSession) -> Call:
    """Call a method with a JSON body; gives the answered object with the status as `http`."""

    async def call(method: str, token: str = TOKEN, **values: Any) -> dict[str, Any]:
        async with session.post(f"{root}/bot{token}/{method}", json=values) as answer:
            return {**await answer.json(), "http": answer.status}

    return call
