"""Faults on request: which calls are refused, delayed or cut off, and how."""

from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any, Literal

from bot.demo.telegram.dispatch import Answer, encode_refusal
from bot.demo.telegram.errors import ApiError, build_bad_request, build_forbidden, build_too_many_requests

Drop = Literal["", "before", "after"]

REFUSALS = {
    "blocked": build_forbidden("bot was blocked by the user"),
    "kicked": build_forbidden("bot was kicked from the group chat"),
    "deactivated": build_forbidden("user is deactivated"),
    "not_found": build_bad_request("chat not found"),
    "entities": build_bad_request('can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
}


def gateway_page(code: int) -> Answer:
    """What the gateway before the API answers when it fails: a page of HTML instead of JSON."""
    title = f"{code} {HTTPStatus(code).phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(code, page.encode(), "text/html")


@dataclass(slots=True)
class Fault:
    """One rule: the calls it is for, and what happens to them.

    Which: `method` ("" for any), `chat` (None for any), `nth` (only this matching call, from 1), `every`
    (each nth matching call), `times` (at most so often). What: `delay` seconds before the call is accepted
    and `stall` seconds between accepting and answering; `drop` cuts the connection "before" or "after"
    accepting, in good order or with a TCP `reset`; else one of `retry_after` (429), `refuse` (a name in
    REFUSALS), `migrate_to` (400 with the new id) or `status` (any code, such as 502, with `description`).
    """

    method: str = ""
    chat: int | None = None
    nth: int = 0
    every: int = 0
    times: int = 0
    delay: float = 0.0
    stall: float = 0.0
    drop: Drop = ""
    reset: bool = False
    retry_after: int = 0
    refuse: str = ""
    migrate_to: int = 0
    status: int = 0
    description: str = ""
    matched: int = field(default=0)
    applied: int = field(default=0)

    def applies(self, method: str, chat: int | None) -> bool:
        """Count a call and say whether this rule acts on it."""
        if (self.method and self.method.lower() != method) or (self.chat is not None and self.chat != chat):
            return False
        self.matched += 1
        wrong_turn = (self.nth and self.matched != self.nth) or (self.every and self.matched % self.every)
        if wrong_turn or (self.times and self.applied >= self.times):
            return False
        self.applied += 1
        return True

    def answer(self) -> Answer | None:
        """The refusal of this rule, if it refuses; a bare 5xx comes from the gateway."""
        if self.retry_after:
            return encode_refusal(build_too_many_requests(self.retry_after))
        if self.refuse:
            return encode_refusal(REFUSALS[self.refuse])
        if self.migrate_to:
            moved = "group chat was upgraded to a supergroup chat"
            return encode_refusal(build_bad_request(moved, migrate_to_chat_id=self.migrate_to))
        if self.status >= 500 and not self.description:
            return gateway_page(self.status)
        if self.status:
            return encode_refusal(ApiError(self.status, self.description or f"HTTP {self.status}"))
        return None


class Faults:
    """The rules in force; the first that applies to a call acts on it."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def add(self, method: str = "", **what: Any) -> Fault:
        """Add a rule, see Fault; an unknown refusal is a KeyError."""
        fault = Fault(method=method, **what)
        fault.answer()
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Everything works again."""
        self.rules.clear()

    def match(self, method: str, chat: int | None) -> Fault | None:
        """The rule that acts on this call; every rule counts the calls it is for."""
        acting = [rule for rule in self.rules if rule.applies(method, chat)]
        return acting[0] if acting else None

    def describe(self) -> list[dict[str, Any]]:
        """The rules with their counters, as JSON objects."""
        return [asdict(rule) for rule in self.rules]
