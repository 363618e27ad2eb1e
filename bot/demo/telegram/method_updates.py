"""API methods about receiving: the long poll and the webhook."""

import re
from urllib.parse import urlsplit

from bot.demo.chats.types import Json
from bot.demo.chats.update_queue import Update
from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.errors import build_bad_request

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORTS = (80, 88, 443, 8443)


async def get_updates(local: LocalTelegram, given: Arguments) -> list[Update]:
    """getUpdates."""
    _note_allowed(local, given)
    limit = given.integer("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    return await local.updates.poll(given.integer("offset"), limit, float(given.integer("timeout")))


def set_webhook(local: LocalTelegram, given: Arguments) -> bool:
    """setWebhook; on this machine plain http is accepted, which Telegram itself refuses."""
    url = given.text("url")
    if not url:
        return delete_webhook(local, given)
    _check_address(url)
    secret = given.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise build_bad_request("secret token contains unallowed characters")
    _note_allowed(local, given)
    if given.flag("drop_pending_updates"):
        local.updates.clear()
    most = min(max(given.integer("max_connections", 40), 1), 100)
    local.profile.webhook = {"url": url, "secret_token": secret, "max_connections": most}
    local.updates.set_webhook(url)
    return True


def delete_webhook(local: LocalTelegram, given: Arguments) -> bool:
    """deleteWebhook."""
    if given.flag("drop_pending_updates"):
        local.updates.clear()
    local.profile.webhook = {}
    local.updates.set_webhook("")
    return True


def get_webhook_info(local: LocalTelegram, given: Arguments) -> Json:  # noqa: ARG001
    """getWebhookInfo."""
    info: Json = {
        "url": local.updates.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(local.updates),
    }
    shown = ("max_connections", "last_error_date", "last_error_message")
    info |= {key: local.profile.webhook[key] for key in shown if key in local.profile.webhook}
    if local.updates.allowed is not None:
        info["allowed_updates"] = local.updates.allowed
    return info


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise build_bad_request("bad webhook: invalid webhook URL specified") from error
    if parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https":
        raise build_bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise build_bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _note_allowed(local: LocalTelegram, given: Arguments) -> None:
    """Store the kinds of updates asked for; an empty list restores the default."""
    kinds = given.json("allowed_updates", "can't parse allowed updates JSON object")
    if kinds is None:
        return
    if not isinstance(kinds, list):
        raise build_bad_request("expected an Array of allowed updates")
    local.updates.allowed = [str(kind) for kind in kinds] or None
