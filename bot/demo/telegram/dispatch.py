"""One call of the Bot API from its method and arguments to the bytes of its answer."""

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
    """One call: its method in lower case, its arguments, and the request they came with."""

    method: str
    given: Arguments
    request: Request


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: the status code and the body."""

    code: int
    body: bytes
    media_type: str = "application/json"


async def _carry_on(_call: Call) -> Answer | None:
    return None


async def _leave(_call: Call, _answer: Answer) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Hooks:
    """What happens around every call: one may answer in its place, the other delays the answer."""

    before_call: Callable[[Call], Awaitable[Answer | None]] = _carry_on
    after_call: Callable[[Call, Answer], Awaitable[None]] = _leave


NO_HOOKS = Hooks()


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


async def answer_call(local: LocalTelegram, call: Call, hooks: Hooks = NO_HOOKS) -> Answer:
    """Carry out one call and give its answer, which a hook may replace or delay."""
    answer = await hooks.before_call(call)
    if answer is not None:
        return answer
    answer = await carry_out(local, call.method, call.given)
    await hooks.after_call(call, answer)
    return answer


async def carry_out(local: LocalTelegram, method: str, given: Arguments) -> Answer:
    """The answer of a method, given in lower case: its result or its refusal."""
    run = METHODS.get(method)
    if run is None:
        return refusal(ApiError(404, "Not Found: method not found"))
    try:
        result = run(local, given)
        return success(await result if isawaitable(result) else result)
    except ApiError as error:
        return refusal(error)
