"""The control interface over HTTP: what people do in the local Telegram, its faults, limits and counts.

`POST /control/ACTION` takes a JSON object of the action's arguments and answers `{"ok": true, "result": …}`
or `{"ok": false, "error": …}`; `POST /control/batch` takes `{"actions": [["say", {…}], …]}`.
"""

import base64
import inspect
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.demo.telegram.arguments import JSON_TYPE
from tests.telegram.server import FaultyTelegram

# fmt: off
PEOPLE_ACTIONS = (
    "say", "edit", "delete", "block", "unblock", "deactivate", "kick", "invite", "promote", "join",
    "leave", "migrate_group", "push", "press_only", "add_user", "add_group", "history", "message",
    "wait_change",
)
# fmt: on


class Control:
    """The actions by name; every argument is given by name."""

    def __init__(self, local: FaultyTelegram) -> None:
        self.local = local
        self.actions: dict[str, Callable[..., Any]] = {
            **{name: getattr(local, name) for name in PEOPLE_ACTIONS},
            "press": self._press,
            "send_file": self._send_file,
            "send_album": self._send_album,
            "fault": self._fault,
            "faults": self._faults,
            "accepted": self._accepted,
            "settings": self._settings,
            "updates": self._updates,
            "batch": self._batch,
        }

    async def run(self, action: str, arguments: dict[str, Any]) -> Any:
        """The result of one action, as JSON values. Raises what it raises, KeyError for an unknown one."""
        result = self.actions[action](**arguments)
        if inspect.isawaitable(result):
            result = await result
        return result if isinstance(result, (int, str, list, dict)) else None

    async def _press(self, **arguments: Any) -> dict[str, Any] | None:
        toast = await self.local.press(**arguments)
        return asdict(toast) if toast is not None else None

    def _send_file(self, *, content: str, **arguments: Any) -> int:
        """`content` is Base64."""
        return self.local.send_file(content=base64.b64decode(content), **arguments)

    def _send_album(self, *, contents: list[str], **arguments: Any) -> list[int]:
        """`contents` are Base64."""
        decoded = [base64.b64decode(content) for content in contents]
        return self.local.send_album(contents=decoded, **arguments)

    def _fault(self, **what: Any) -> list[dict[str, Any]]:
        self.local.faults.add(**what)
        return self.local.faults.describe()

    def _faults(self, *, clear: bool = False) -> list[dict[str, Any]]:
        """The rules with their counters, before they are cleared."""
        rules = self.local.faults.describe()
        if clear:
            self.local.faults.clear()
        return rules

    def _accepted(self, *, after: int = 0, sends: bool = True, clear: bool = False) -> dict[str, Any]:
        """The counts and the messages accepted from number `after` on, before they are cleared."""
        counts = self.local.accepted.describe(after if sends else len(self.local.accepted.sends))
        if clear:
            self.local.accepted.clear()
        return counts

    def _settings(self, **given: Any) -> dict[str, Any]:
        """Set `limits`, `latency`, `privacy` or `query_lifetime`; gives all of them."""
        if "limits" in given:
            self.local.limits.enforced = bool(given.pop("limits"))
        for name, value in given.items():
            if name not in ("latency", "privacy", "query_lifetime"):
                raise KeyError(name)
            setattr(self.local, name, value)
        shown = {name: getattr(self.local, name) for name in ("latency", "privacy", "query_lifetime")}
        return {"limits": self.local.limits.enforced, **shown}

    def _updates(self, *, clear: bool = False) -> dict[str, Any]:
        """What waits for the bot; `clear` drops it, as Telegram does after 24 hours."""
        queue = self.local.updates
        state = {"pending": queue.pending, "put": queue.put_count, "held": queue.holding.is_set()}
        if clear:
            queue.clear()
        return state

    async def _batch(self, *, actions: list[tuple[str, dict[str, Any]]]) -> list[Any]:
        return [await self.run(action, arguments) for action, arguments in actions]


def control_routes(local: FaultyTelegram) -> list[BaseRoute]:
    """The routes below /control."""
    control = Control(local)

    async def act(request: Request) -> Response:
        # A web page in a browser cannot send this type to another origin without asking first.
        if request.headers.get("content-type", "").partition(";")[0] != JSON_TYPE:
            return JSONResponse({"ok": False, "error": f"send {JSON_TYPE}"}, 415)
        action = request.path_params["action"]
        if action not in control.actions:
            return JSONResponse({"ok": False, "error": f"no action {action}"}, 404)
        try:
            arguments = await request.json()
            result = await control.run(action, arguments)
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"ok": False, "error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse({"ok": True, "result": result})

    return [Route("/control/{action}", act, methods=["POST"])]
