"""An HTTP server inside the program: it listens at once, and leaves the signals to the program."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette


class WebServer:
    """Serves an application while the program runs. TLS is the business of the proxy in front of it."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._server = _Server(
            uvicorn.Config(
                app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=5
            )
        )
        self._serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen, once however often it is called; raises OSError where the port is taken."""
        if self._serving is not None:
            return
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.create_server((self.host, self.port), family=family, backlog=256)
        self.port = listener.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve([listener]))

    async def stop(self) -> None:
        """Finish what is being answered and listen no more."""
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.wait([self._serving])


class _Server(uvicorn.Server):
    """A server inside a program, to which the signals belong."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
