"""An HTTP server in the program's event loop, which leaves signals to the program."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


class WebServer:
    """Serves an application while the program runs; a proxy in front terminates TLS.

    An idle connection is kept for `keep_alive` seconds; on stop, requests have `patience` seconds to
    end. `protocol` replaces uvicorn's own HTTP protocol.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        keep_alive: int = 5,
        patience: int = 5,
        protocol: type[asyncio.Protocol] | None = None,
    ) -> None:
        self.host, self.port = host, port
        self._server = _Server(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                # The applications have no start-up and no shut-down code.
                lifespan="off",
                http=protocol or "auto",
                timeout_keep_alive=keep_alive,
                # Without a limit one open connection would keep the program from ending.
                timeout_graceful_shutdown=patience,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen; further calls do nothing. Raises OSError where the port is taken."""
        if self._serving is not None:
            return
        listener = _open_listener(self.host, self.port)
        self.port = listener.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve([listener]))

    async def stop(self) -> None:
        """Finish the answers under way and stop listening."""
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.wait([self._serving])


class _Server(uvicorn.Server):
    """A server that does not take over the signals of the program."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _open_listener(host: str, port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only for sockets that name their protocol; with it on, an answer
    # in two writes waits 40 ms for the client's acknowledgement.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener
