"""Access control of the page: local network only, no foreign content, no caching."""

from ipaddress import ip_address

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
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
NO_STORE = "no-store"


class PageGuard:
    """ASGI middleware: 403 outside the local network, security headers on every answer.

    `everywhere` admits every address, for a page that has a public address.
    """

    def __init__(self, app: ASGIApp, *, everywhere: bool) -> None:
        self.app = app
        self.everywhere = everywhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit or refuse one request."""
        allowed = self.everywhere or is_local((scope.get("client") or ("",))[0])
        answer = self.app if allowed else PlainTextResponse("这个网页只在本地网络里开放。", 403)

        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers.setdefault("Cache-Control", NO_STORE)
            await send(message)

        await answer(scope, receive, fenced)


def is_local(address: str) -> bool:
    """Whether an address belongs to this machine or to a private network."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    # A dual-stack socket reports IPv4 clients as ::ffff:a.b.c.d.
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_private)
