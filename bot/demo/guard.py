"""Access control of the chat page: requests from itself on this computer only."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PageGuard:
    """ASGI middleware: 403 for a foreign Host or Origin, security headers on every answer.

    A page of another site can neither write (its Origin differs) nor read by DNS rebinding of its own
    name to 127.0.0.1 (its Host is not among `hosts`). Programs that send no Origin are admitted.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = LOCAL_HOSTS) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit or refuse one request."""
        headers = Headers(scope=scope)
        reading = scope["method"] in {"GET", "HEAD"}
        allowed = _is_local_host(headers, self.hosts) and (reading or _is_same_origin(headers))
        answer = (
            self.app if allowed else JSONResponse({"error": "只能从本机的演示页面操作。"}, status_code=403)
        )

        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await answer(scope, receive, fenced)


def _is_local_host(headers: Headers, hosts: Collection[str]) -> bool:
    """Whether the request's Host names this computer."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname in hosts
    except ValueError:
        return False


def _is_same_origin(headers: Headers) -> bool:
    """Whether a page of this server, or no page at all, made the request."""
    # Browsers set Sec-Fetch-Site and scripts cannot forge it; other programs leave it out.
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or origin == f"http://{headers.get('host')}"
