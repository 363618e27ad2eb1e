"""Addresses of what is served, for messages that carry them."""

from bot.settings.sections import Web

FEED_PATH = "/calendar/{token}.ics"


def feed_address(web: Web, token: str) -> str:
    """Return the address of a feed: under the public root, else on this machine."""
    root = web.root or f"http://{web.host}:{web.port}"
    return root + FEED_PATH.format(token=token)
