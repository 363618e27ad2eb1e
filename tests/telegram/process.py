"""The local Bot API as a process: `python -m tests.telegram.process --token 1:A`, driven over HTTP."""

import asyncio
import signal

import click
from starlette.applications import Starlette

from tests.telegram.control import control_routes
from tests.telegram.server import FaultyTelegram, api_routes, serve


@click.command()
@click.option("--token", required=True, help="The bot's token, NUMBER:SECRET.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=0, show_default=True, help="0 takes a free one; the address is printed.")
@click.option("--username", default="qingli_demo_bot", show_default=True, help="The bot's username.")
def command(token: str, host: str, port: int, username: str) -> None:
    """Serve an empty local Telegram until SIGTERM or SIGINT; the first line printed is its address."""
    asyncio.run(_run(FaultyTelegram(token, bot_username=username), host, port))


async def _run(local: FaultyTelegram, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = Starlette(routes=[*api_routes(local), *control_routes(local)])
    async with serve(local, host, port, app=app) as root:
        click.echo(root)
        await stop.wait()


if __name__ == "__main__":
    command()
