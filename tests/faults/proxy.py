"""A road between the bot and the network that can be closed, blocked or cut."""

import asyncio
import contextlib
import socket
import struct
from itertools import cycle
from urllib.parse import urlsplit


class Road:
    """Forwards connections to the `roots` in turn while it is open; closed it refuses them.

    Silent it never answers. Behind a root that is not there the connection is closed.
    """

    def __init__(self, *roots: str) -> None:
        self._places = cycle([(urlsplit(root).hostname, urlsplit(root).port) for root in roots])
        self.port = free_port()
        self._server: asyncio.Server | None = None
        self._silent: list[socket.socket] = []
        self._pipes: set[asyncio.StreamWriter] = set()

    @property
    def root(self) -> str:
        """What the bot is told."""
        return f"http://127.0.0.1:{self.port}"

    async def open(self) -> None:
        """Everything goes through."""
        self._clear()
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self.port, reuse_address=True)

    async def close(self) -> None:
        """Connections are refused, and those there are are reset."""
        self._clear()
        self.cut()
        await asyncio.sleep(0)

    async def silence(self) -> None:
        """No connection is ever accepted: the handshakes stay unanswered."""
        await self.close()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(0)
        self._silent.append(listener)
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(("127.0.0.1", self.port))
            self._silent.append(filler)

    def cut(self) -> None:
        """Reset every connection there is."""
        for writer in list(self._pipes):
            raw = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    def _clear(self) -> None:
        for one in self._silent:
            one.close()
        self._silent.clear()
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(*next(self._places))
        except OSError:
            writer.close()
            return
        self._pipes |= {writer, back}
        try:
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
        finally:
            self._pipes -= {writer, back}
            writer.close()
            back.close()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
