"""The local Telegram as a process, driven over its control interface."""

import asyncio
import sys
from collections import Counter
from types import TracebackType
from typing import Any

import aiohttp

TOKEN = "4711:faults"  # noqa: S105


class Network:
    """A local Telegram in a process of its own; it counts what it accepted."""

    def __init__(self) -> None:
        self.root = ""
        self._process: asyncio.subprocess.Process | None = None
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Network":
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.telegram.process", "--token", TOKEN, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.root = (await self._process.stdout.readline()).decode().strip()
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._http is not None
        assert self._process is not None
        await self._http.close()
        self._process.kill()
        await self._process.wait()

    async def do(self, action: str, **arguments: Any) -> Any:
        """One action of the control interface; gives its result."""
        assert self._http is not None
        async with self._http.post(f"{self.root}/control/{action}", json=arguments) as response:
            answer = await response.json()
        if not answer["ok"]:
            raise AssertionError(answer["error"])
        return answer["result"]

    async def call(self, token: str, method: str, **arguments: Any) -> int:
        """One method of the Bot API, as any program with the token may call it; gives the HTTP status."""
        assert self._http is not None
        async with self._http.post(f"{self.root}/bot{token}/{method}", json=arguments) as response:
            await response.read()
            return response.status

    async def batch(self, actions: list[tuple[str, dict[str, Any]]]) -> list[Any]:
        """Many actions at once."""
        result: list[Any] = await self.do("batch", actions=actions)
        return result

    async def sends(self) -> list[dict[str, Any]]:
        """Every message that was accepted from the bot, in order."""
        sends: list[dict[str, Any]] = (await self.do("accepted"))["sends"]
        return sends

    async def heard(self) -> Counter[tuple[int, str]]:
        """How often each chat got each text."""
        return Counter((send["chat_id"], send["text"]) for send in await self.sends())

    async def unconfirmed(self) -> int:
        """How many updates the bot has not acknowledged."""
        return len((await self.do("updates"))["pending"])
