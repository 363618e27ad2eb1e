"""Carries out one call of the Bot API, from its arguments to the bytes of its answer."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hmac import compare_digest
from inspect import isawaitable
from typing import Any

from starlette.requests import Request

from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.methods import METHODS

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its method in lower case, its arguments, and its HTTP request."""

    method: str
    given: Arguments
    request: Request


@dataclass(frozen=True, slots=True)
class Answer:
    """The HTTP answer: status code and body."""

    code: int
    body: bytes
    media_type: str = "application/json"


async def _answer_nothing(_call: Call) -> Answer | None:
    return None


async def _delay_nothing(_call: Call, _answer: Answer) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Hooks:
    """Hooks around every call: one may answer in its place, the other delays the answer."""

    before_call: Callable[[Call], Awaitable[Answer | None]] = _answer_nothing
    after_call: Callable[[Call, Answer], Awaitable[None]] = _delay_nothing


NO_HOOKS = Hooks()


def check_token(local: LocalTelegram, token: str) -> None:
    """Raise ApiError: 404 for a malformed token, 401 for a wrong one."""
    number, colon, _ = token.partition(":")
    if not colon or not number.isdecimal():
        raise ApiError(404, "Not Found")
    if not compare_digest(token.encode(), local.token.encode()):
        raise ApiError(401, "Unauthorized")


def encode_refusal(error: ApiError) -> Answer:
    """Encode a refusal as an answer."""
    return Answer(error.code, _encode(error.body()).encode())


def encode_result(result: Any) -> Answer:
    """Encode a result as an answer."""
    # Texts of people may contain half a surrogate pair, which Telegram passes on too.
    return Answer(200, _encode({"ok": True, "result": result}).encode("utf-8", "surrogatepass"))


async def answer_call(local: LocalTelegram, call: Call, hooks: Hooks = NO_HOOKS) -> Answer:
    """Carry out one call and return its answer, which a hook may replace or delay."""
    answer = await hooks.before_call(call)
    if answer is not None:
        return answer
    answer = await carry_out(local, call.method, call.given)
    await hooks.after_call(call, answer)
    return answer


async def carry_out(local: LocalTelegram, method: str, given: Arguments) -> Answer:
    """Run a method, given in lower case, and return its result or refusal as an answer."""
    run = METHODS.get(method)
    if run is None:
        return encode_refusal(ApiError(404, "Not Found: method not found"))
    try:
        result = run(local, given)
        return encode_result(await result if isawaitable(result) else result)
    except ApiError as error:
        return encode_refusal(error)
