"""A shortcut in uvicorn's HTTP protocol: a small sendMessage that arrives whole is answered at once.

The general path costs a third of a millisecond a request, most of it parsing and writing HTTP, and would
be the ceiling of every measurement of sending. Anything unusual takes the general path.
"""

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.demo.telegram.arguments import FORM_TYPE, JSON_TYPE, Arguments, parse_body
from bot.demo.telegram.dispatch import Answer, encode_refusal, encode_result
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.methods import METHODS

if TYPE_CHECKING:
    from tests.telegram.server import FaultyTelegram

REASONS = {200: b"OK", 400: b"Bad Request", 403: b"Forbidden", 429: b"Too Many Requests"}


def shortcut(local: "FaultyTelegram") -> type["ShortcutProtocol"]:
    """The protocol for one local Telegram."""
    prefix = f"POST /bot{local.token}/sendMessage HTTP/1.1\r\n".encode()
    return type("BoundProtocol", (ShortcutProtocol,), {"local": local, "prefix": prefix})


class ShortcutProtocol(H11Protocol):
    """uvicorn's protocol with the shortcut; requests find it in their state as `connection`."""

    local: "ClassVar[FaultyTelegram]"
    prefix: ClassVar[bytes]

    def __init__(self, *, app_state: dict[str, Any], **of_uvicorn: Any) -> None:
        super().__init__(app_state={**app_state, "connection": self}, **of_uvicorn)

    def data_received(self, data: bytes) -> None:
        """Answer a plain sendMessage that came whole here, leave everything else to uvicorn."""
        answer = self._answer(data) if data.startswith(self.prefix) and self._idle() else None
        if answer is None:
            super().data_received(data)
            return
        if self.local.latency:
            asyncio.get_running_loop().call_later(self.local.latency, self.transport.write, answer)
        else:
            self.transport.write(answer)

    def _idle(self) -> bool:
        return self.conn.our_state is h11.IDLE and not self.conn.trailing_data[0]

    def _answer(self, data: bytes) -> bytes | None:
        given = whole_request(data)
        if given is None or self.local.faults.rules:
            return None
        answer = self._send(given)
        self.local.accepted.codes[answer.code] += 1
        status = b"%d %s" % (answer.code, REASONS.get(answer.code, b"Error"))
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        return head % (status, len(answer.body)) + answer.body

    def _send(self, given: Arguments) -> Answer:
        try:
            answer = encode_result(METHODS["sendmessage"](self.local, given))
        except ApiError as error:
            return encode_refusal(error)
        self.local.accepted.methods["sendmessage"] += 1
        return answer


def whole_request(data: bytes) -> Arguments | None:
    """The arguments of a request that is complete, JSON or form, and kept alive; None for any other."""
    head, blank, body = data.partition(b"\r\n\r\n")
    if not blank:
        return None
    headers = {}
    for line in head.lower().split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        headers[name] = value.strip()
    kind = headers.get(b"content-type", b"").partition(b";")[0].decode("latin-1")
    plain = (
        kind in (JSON_TYPE, FORM_TYPE)
        and headers.get(b"content-length") == str(len(body)).encode()
        and headers.get(b"connection", b"keep-alive") == b"keep-alive"
        and b"transfer-encoding" not in headers
        and b"expect" not in headers
    )
    try:
        return Arguments(parse_body(kind, body)) if plain else None
    except ApiError:
        return None
