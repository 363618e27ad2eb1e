"""Where the page is opened: under its public address, else in the local network."""

import socket

from bot.settings.sections import Dashboard

PATH = "/board"
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104
# Nobody lives there (RFC 5737), and nothing is sent: the system only says which way it would go.
SOMEWHERE = ("192.0.2.1", 9)


def root(settings: Dashboard, port: int) -> str:
    """The address before the path; `port` is the one that is listened on."""
    if settings.root is not None:
        return settings.root
    host = own_address() if settings.host in EVERY_ADDRESS else settings.host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def opening(settings: Dashboard, port: int, token: str) -> str:
    """The one-time link with this secret."""
    return f"{root(settings, port)}{PATH}/open/{token}"


def mini_app(settings: Dashboard) -> str:
    """The first page of the Mini App, under the public address that it needs."""
    return f"{settings.root}{PATH}/telegram"


def own_address() -> str:
    """This machine's address in the local network; 127.0.0.1 where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
