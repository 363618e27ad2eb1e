"""The local Telegram in its own process, for measurements."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from telegram import Bot

from bot.channels.telegram.transport import AiohttpRequest

TOKEN = "4711:bench"  # noqa: S105


class Network:
    """The address of a local Telegram, and its control interface."""

    def __init__(self, root: str, http: aiohttp.ClientSession) -> None:
        self.root, self._http = root, http

    async def do(self, action: str, **arguments: Any) -> Any:
        """Run one action and return its result."""
        async with self._http.post(f"{self.root}/control/{action}", json=arguments) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def people(self, first: int, count: int) -> None:
        """Add people who have started the bot."""
        actions = [("add_user", {"user_id": first + i, "name": "x", "started": True}) for i in range(count)]
        for start in range(0, count, 2000):
            await self.do("batch", actions=actions[start : start + 2000])

    async def accepted(self) -> int:
        """Return how many messages were accepted, and reset the count."""
        sent: int = (await self.do("accepted", sends=False, clear=True))["sent"]
        return sent


@asynccontextmanager
async def run_network() -> AsyncIterator[Network]:
    """Run an empty local Telegram."""
    words = [sys.executable, "-m", "tests.telegram.process", "--token", TOKEN]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    root = (await process.stdout.readline()).decode().strip()
    try:
        async with aiohttp.ClientSession() as http:
            yield Network(root, http)
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def open_bot(root: str) -> AsyncIterator[Bot]:
    """Open a bot on the program's transport."""
    requests = AiohttpRequest(connections=200), AiohttpRequest()
    yield Bot(TOKEN, f"{root}/bot", f"{root}/file/bot", request=requests[0], get_updates_request=requests[1])
    for request in requests:
        await request.shutdown()
