"""The arguments of one API call, from query, form, JSON or multipart."""

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from bot.demo.telegram.errors import build_bad_request

TRUE_WORDS = frozenset({"true", "yes", "1"})


class Upload(NamedTuple):
    """A file in a multipart request."""

    name: str
    content: bytes


class Arguments:
    """Values by name: text, or any JSON value from a JSON body; files by field name.

    Forms carry JSON as text and JSON bodies may carry numbers: both are parsed alike.
    """

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def text(self, name: str, default: str = "") -> str:
        """Return a value as text."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number; anything else counts as the default, as with Telegram."""
        return parse_integer(self.values.get(name), default)

    def flag(self, name: str) -> bool:
        """Return a value as a truth value."""
        return self.text(name).lower() in TRUE_WORDS

    def json(self, name: str, failure: str) -> Any:
        """Return a JSON value, None where it is not given. Raises ApiError (400) with `failure`."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise build_bad_request(failure) from error

    def chat_id(self) -> int | str:
        """Return the chat as given: its number or "@name". Raises ApiError (400) without one."""
        value = self.text("chat_id").strip()
        if not value:
            raise build_bad_request("chat_id is empty")
        try:
            return int(value)
        except ValueError:
            return value


def parse_integer(value: Any, default: int = 0) -> int:
    """Convert a value to a whole number; anything else counts as the default."""
    try:
        return int(value) if isinstance(value, (int, str)) else default
    except ValueError:
        return default


JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
NOT_UNICODE = "strings must be encoded in UTF-8"


def parse_body(media_type: str, body: bytes) -> dict[str, Any]:
    """Parse the values of a JSON or form body; other media types have none.

    Raises ApiError (400) for invalid JSON and for texts that are no Unicode.
    """
    if media_type == FORM_TYPE:
        return _parse_form(body)
    if media_type != JSON_TYPE or not body:
        return {}
    try:
        values = json.loads(body.decode())
        # Half of a surrogate pair can only come from an escape.
        if b"\\ud" in body or b"\\uD" in body:
            json.dumps(values, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise build_bad_request(NOT_UNICODE) from error
    except ValueError as error:
        raise build_bad_request("can't parse request JSON object") from error
    if not isinstance(values, dict):
        raise build_bad_request("request JSON must be an Object")
    return values


def _parse_form(body: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeError as error:
        raise build_bad_request(NOT_UNICODE) from error
