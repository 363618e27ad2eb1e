"""The addresses of the page: the public root, else one in the local network."""

import socket

from bot.settings.sections import Dashboard

PATH = "/board"
WILDCARD_HOSTS = ("0.0.0.0", "::")  # noqa: S104
# Nobody lives there (RFC 5737), and nothing is sent: the system only says which way it would go.
TEST_NET_ADDRESS = ("192.0.2.1", 9)


def get_root(settings: Dashboard, port: int) -> str:
    """Return the address before the path; `port` is the one listened on."""
    if settings.root is not None:
        return settings.root
    host = find_own_address() if settings.host in WILDCARD_HOSTS else settings.host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def get_link(settings: Dashboard, port: int, token: str) -> str:
    """Return the one-time link with this token."""
    return f"{get_root(settings, port)}{PATH}/open/{token}"


def get_mini_app_address(settings: Dashboard) -> str:
    """Return the first page of the Mini App, under the public root that it needs."""
    return f"{settings.root}{PATH}/telegram"


def find_own_address() -> str:
    """Return this machine's address in the local network, else 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends nothing; it makes the system choose the local address.
            probe.connect(TEST_NET_ADDRESS)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
