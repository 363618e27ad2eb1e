"""The demo's local Telegram as tests use it: it fails on request, and counts what it accepted."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.demo.chats.types import Chat, Json
from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram import server
from bot.demo.telegram.dispatch import Answer, Call, Hooks
from tests.telegram.accepted import Accepted, Send
from tests.telegram.fast_path import shortcut
from tests.telegram.faults import Fault, Faults

CUT = Answer(499, b"")
"""Stands for an answer that nobody gets: its connection is closed."""


class FaultyTelegram(LocalTelegram):
    """A local Telegram with faults on request; `latency` (seconds) is added before every answer."""

    def __init__(self, token: str, **settings: Any) -> None:
        super().__init__(token, **settings)
        self.faults = Faults()
        self.accepted = Accepted()
        self.latency = 0.0
        self.stopping = asyncio.Event()
        self._acting: dict[int, Fault] = {}

    def post_from_bot(self, chat: Chat, content: Json) -> Json:
        """Keep a message of the bot and count it as accepted."""
        body = super().post_from_bot(chat, content)
        text = content.get("text") or content.get("caption", "")
        self.accepted.sends.append(Send(chat.id, body["message_id"], text, self.clock()))
        return body

    def release(self) -> None:
        """End delayed answers too."""
        self.stopping.set()
        super().release()

    async def before_call(self, call: Call) -> Answer | None:
        """Let the fault that acts on this call delay it, cut it off, or refuse it."""
        if not self.faults.rules:
            return None
        fault = self.faults.match(call.method, call.given.integer("chat_id"))
        if fault is None:
            return None
        if not await self._pause(fault.delay) or fault.drop == "before":
            return await self._cut(call.request, reset=fault.reset)
        answer = fault.answer()
        if answer is None:
            self._acting[id(call)] = fault
            return None
        self.accepted.codes[answer.code] += 1
        await asyncio.sleep(self.latency)
        return answer

    async def after_call(self, call: Call, answer: Answer) -> None:
        """Count a call that was carried out; let its fault delay the answer or cut it off."""
        fault = self._acting.pop(id(call), None)
        if answer.code == 200:
            self.accepted.methods[call.method] += 1
            if fault is not None and (not await self._pause(fault.stall) or fault.drop == "after"):
                await self._cut(call.request, reset=fault.reset)
                return
        self.accepted.codes[answer.code] += 1
        if self.latency:
            await asyncio.sleep(self.latency)

    async def _pause(self, seconds: float) -> bool:
        """Wait; False when the server stops meanwhile."""
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), seconds)
                return False
        return True

    async def _cut(self, request: Request, *, reset: bool) -> Answer:
        """Close the connection at once, in good order or with a TCP reset."""
        self.accepted.dropped += 1
        # ASGI has no word for it: the protocol hands its connection down.
        transport: asyncio.Transport = request.scope["state"]["connection"].transport
        if reset:
            linger = struct.pack("ii", 1, 0)
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
        # The call ends when the protocol has learnt of the loss, so that nothing is written any more.
        while (await request.receive())["type"] != "http.disconnect":
            pass
        return CUT


def api_routes(local: FaultyTelegram) -> list[BaseRoute]:
    """The routes of the Bot API, with faults and counts."""
    return server.build_api_routes(local, Hooks(local.before_call, local.after_call))


def create_app(local: FaultyTelegram) -> Starlette:
    """The Bot API of one bot as an application, with faults and counts."""
    return Starlette(routes=api_routes(local))


@asynccontextmanager
async def serve(
    local: FaultyTelegram, host: str = "127.0.0.1", port: int = 0, *, app: ASGIApp | None = None
) -> AsyncIterator[str]:
    """Serve it in the running loop as the demo does; gives the root address. `app` may hold `api_routes`."""
    local.stopping.clear()
    application = app or create_app(local)
    async with server.serve_api(local, host, port, app=application, protocol=shortcut(local)) as root:
        yield root
