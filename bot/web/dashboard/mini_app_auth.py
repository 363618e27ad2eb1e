"""Authentication of Mini App users: `initData` with a valid signature of Telegram."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

FRESH_FOR = timedelta(minutes=10)
CLOCK_TOLERANCE = timedelta(minutes=1)
LONGEST_INIT_DATA = 4096


def find_signed_user(init_data: str, bot_token: str, *, at: datetime) -> int | None:
    """Return the Telegram id of the user in `initData`; None unless signature and age are valid.

    As Telegram's documentation of Mini Apps says: the fields without `hash`, sorted, as `name=value`
    lines, signed with HMAC-SHA-256 under HMAC-SHA-256("WebAppData", bot token). A repeated field is
    refused, so that the value read is always the value signed.
    """
    if len(init_data) > LONGEST_INIT_DATA:
        return None
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        return None
    fields = dict(pairs)
    given = fields.pop("hash", "")
    if len(fields) != len(pairs) - 1 or not hmac.compare_digest(
        given.encode(), sign_fields(fields, bot_token).encode()
    ):
        return None
    return _parse_user(fields) if _is_fresh(fields.get("auth_date", ""), at) else None


def sign_fields(fields: dict[str, str], bot_token: str) -> str:
    """Return the signature of these fields as hexadecimal digits."""
    key = hmac.digest(b"WebAppData", bot_token.encode(), hashlib.sha256)
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return hmac.digest(key, lines.encode(), hashlib.sha256).hex()


def _is_fresh(auth_date: str, at: datetime) -> bool:
    if not (auth_date.isascii() and auth_date.isdigit() and len(auth_date) <= 12):
        return False
    age = at.timestamp() - int(auth_date)
    # A little in the future is allowed, since Telegram's clock and this one differ.
    return -CLOCK_TOLERANCE.total_seconds() <= age <= FRESH_FOR.total_seconds()


def _parse_user(fields: dict[str, str]) -> int | None:
    try:
        user = json.loads(fields.get("user", ""))
    except (ValueError, RecursionError):
        return None
    found = user.get("id") if isinstance(user, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None
