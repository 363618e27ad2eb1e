"""One call of the Bot API from its method and arguments to the bytes of its answer, faults included."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from inspect import isawaitable
from typing import Any

from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.faults import Fault, GatewayError
from bot.demo.telegram.methods import METHODS

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class ConnectionCutError(Exception):
    """The connection is to be closed without an answer: in good order, or with a TCP reset."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__()
        self.reset = reset


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: the status code and a body of JSON, or of HTML from a broken gateway."""

    code: int
    body: bytes
    media_type: str = "application/json"


def check_token(local: LocalTelegram, token: str) -> None:
    """Refuse a wrong token with 401, one that is no token at all with 404. Raises ApiError."""
    number, colon, _ = token.partition(":")
    if not colon or not number.isdecimal():
        raise ApiError(404, "Not Found")
    if not compare_digest(token.encode(), local.token.encode()):
        raise ApiError(401, "Unauthorized")


def refusal(error: ApiError) -> Answer:
    """A refusal as it goes back."""
    return Answer(error.code, _encode(error.body()).encode())


def success(result: Any) -> Answer:
    """A result as it goes back."""
    return Answer(200, _encode({"ok": True, "result": result}).encode("utf-8", "surrogatepass"))


async def answer_call(local: LocalTelegram, method: str, given: Arguments) -> Answer:
    """Carry out one method, with the faults that are asked for. Raises ConnectionCutError."""
    fault = local.faults.match(method, given.integer("chat_id")) if local.faults.rules else None
    try:
        if fault is not None:
            await _before(local, fault)
        answer = success(await _carry_out(local, method, given))
    except ApiError as error:
        answer = refusal(error)
    except GatewayError as error:
        answer = Answer(error.code, error.page(), "text/html")
    else:
        if fault is not None:
            await _after(local, fault)
    if local.latency:
        await asyncio.sleep(local.latency)
    return answer


def answer_at_once(local: LocalTelegram, method: str, given: Arguments) -> Answer | None:
    """The answer when it needs no waiting: no faults in force, and a method that never waits."""
    if local.faults.rules or method == "getupdates":
        return None
    try:
        run = METHODS[method]
        result = run(local, given)
        local.accepted.methods[method] += 1
        return success(result)
    except ApiError as error:
        return refusal(error)


async def _carry_out(local: LocalTelegram, method: str, given: Arguments) -> Any:
    run = METHODS.get(method)
    if run is None:
        raise ApiError(404, "Not Found: method not found")
    result = run(local, given)
    if isawaitable(result):
        result = await result
    local.accepted.methods[method] += 1
    return result


async def _before(local: LocalTelegram, fault: Fault) -> None:
    if fault.delay:
        await _pause(local, fault.delay)
    if fault.drop == "before":
        raise ConnectionCutError(reset=fault.reset)
    error = fault.error()
    if error is not None:
        raise error


async def _after(local: LocalTelegram, fault: Fault) -> None:
    if fault.stall:
        await _pause(local, fault.stall)
    if fault.drop == "after":
        raise ConnectionCutError(reset=fault.reset)


async def _pause(local: LocalTelegram, seconds: float) -> None:
    """Wait; a server that stops meanwhile cuts the connection."""
    with suppress(TimeoutError):
        await asyncio.wait_for(local.stopping.wait(), seconds)
        raise ConnectionCutError(reset=False)
