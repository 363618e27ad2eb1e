"""The fence around the page: the local network only, nothing loaded from elsewhere, nothing kept."""

from ipaddress import ip_address

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FENCE = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NOT_KEPT = "no-store"


class Guard:
    """ASGI middleware: 403 for who is not in the local network, and the fence's headers on every answer.

    `everywhere` lets everybody ask, for a page that has a public address.
    """

    def __init__(self, app: ASGIApp, *, everywhere: bool) -> None:
        self.app = app
        self.everywhere = everywhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through or refuse it."""
        allowed = self.everywhere or is_local((scope.get("client") or ("",))[0])
        answer = self.app if allowed else PlainTextResponse("这个网页只在本地网络里开放。", 403)

        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(FENCE)
                headers.setdefault("Cache-Control", NOT_KEPT)
            await send(message)

        await answer(scope, receive, fenced)


def is_local(address: str) -> bool:
    """Whether an address belongs to this machine or to a private network."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_private)
