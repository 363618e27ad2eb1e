"""`qingli run`, `qingli demo` and `qingli check`: the bot against Telegram, the local demo, the checks."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.assembly import assemble
from bot.clock import CivilClock
from bot.commands import AS_OF, FAILED, WRONG_SETTINGS, command, fail, moment, opened, reason
from bot.rules import rulebook
from bot.settings import Settings
from bot.transport import AiohttpRequest
from models.rules.requirements import unchecked

MISSING = (
    "telegram.token is not set: get one from @BotFather and put it into config.toml, "
    "or set QINGLI_TELEGRAM__TOKEN"
)


@click.command("run")
@AS_OF
@command
async def run(settings: Settings, *, as_of: str | None) -> None:
    """Run the bot against Telegram until SIGTERM or Ctrl-C."""
    if settings.telegram.token is None:
        fail(MISSING, WRONG_SETTINGS)
    clock = CivilClock(settings.calendar.zone, moment(as_of, settings.calendar.zone))
    program = assemble(settings, clock)
    try:
        await program.start()
    except InvalidToken:
        await program.stop()
        fail("telegram.token was refused by the server: copy it anew from @BotFather", WRONG_SETTINGS)
    async with _until_stopped() as stopped:
        click.echo(f"Qingli is running; its clock says {clock.now():%Y-%m-%d %H:%M}. Stop it with Ctrl-C.")
        await stopped.wait()
    await program.stop()


@click.command("demo")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the chat page; default: demo.port.")
@command
async def demo(settings: Settings, *, port: int | None) -> None:
    """A made-up school in the browser: no token, no account, nothing leaves this computer."""
    from bot.demo.demo import running

    wanted = port if port is not None else settings.demo.port
    try:
        async with running(settings, port=wanted) as address, _until_stopped() as stopped:
            click.echo(f"清历演示 / Qingli demo: {address}/   (Ctrl-C ends it)")
            await stopped.wait()
    except OSError as error:
        fail(f"port {wanted} cannot be used ({reason(error)}): choose another with --port or PORT=", FAILED)


@click.command("check")
@command
async def check(settings: Settings) -> None:
    """Whether settings, database, token and time zone are fine, one line each."""
    click.echo("settings: fine")
    good = await _check_database(settings)
    good = await _check_token(settings) and good
    click.echo(f"time zone: {settings.calendar.timezone}, fine")
    rules = rulebook(settings)
    waiting = unchecked(rules.requirements)
    click.echo(
        f"packs: {', '.join(settings.calendar.packs)}, {len(rules.requirements)} requirements, "
        f"{waiting} of them not yet compared with the official text"
    )
    if not good:
        raise SystemExit(FAILED)


async def _check_database(settings: Settings) -> bool:
    try:
        async with opened(settings):
            click.echo("database: fine")
    except Exception as error:
        click.echo(f"database: cannot be used ({reason(error)}); see database.url")
        return False
    return True


async def _check_token(settings: Settings) -> bool:
    token = settings.telegram.token
    if token is None:
        click.echo(f"token: {MISSING}")
        return False
    bot = Bot(
        token.get_secret_value(),
        base_url=f"{settings.telegram.base_url}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    try:
        async with bot:
            click.echo(f"token: fine, the bot is @{bot.username}")
    except InvalidToken:
        click.echo("token: refused by the server; copy it anew from @BotFather")
        return False
    except TelegramError as error:
        click.echo(
            f"token: the server cannot be reached ({error.message}); see telegram.base_url and the network"
        )
        return False
    return True


@asynccontextmanager
async def _until_stopped() -> AsyncIterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stopped.set)
    try:
        yield stopped
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
