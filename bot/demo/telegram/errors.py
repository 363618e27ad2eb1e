"""The refusals of the Bot API: code, description in Telegram's words, parameters."""

from typing import Any


class ApiError(Exception):
    """The Bot API refuses a request."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON object of the answer."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def build_bad_request(reason: str, **parameters: Any) -> ApiError:
    """Return a 400: the request is invalid."""
    return ApiError(400, f"Bad Request: {reason}", parameters)


def build_forbidden(reason: str) -> ApiError:
    """Return a 403: the bot is not permitted to do it."""
    return ApiError(403, f"Forbidden: {reason}")


def build_conflict(reason: str) -> ApiError:
    """Return a 409: another program receives this bot's updates."""
    return ApiError(409, f"Conflict: {reason}")


def build_too_many_requests(retry_after: int) -> ApiError:
    """Return a 429: the bot has to wait `retry_after` seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
