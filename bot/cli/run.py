"""`qingli run`, `qingli demo` and `qingli check`."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import click
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.app.application import build_program
from bot.app.clock import CivilClock
from bot.channels.telegram.transport import AiohttpRequest
from bot.cli.calendar.rule_checks import check_rules
from bot.cli.common import (
    AS_OF,
    FAILED,
    WRONG_SETTINGS,
    fail,
    format_reason,
    open_database,
    parse_moment,
    settings_command,
)
from bot.settings.load import Settings
from models.storage.single_instance import InUseError

IN_USE = "没有启动：另一个 qingli run 正在用这个 SQLite 文件；请先停下它，要几个进程一起运行请改用 PostgreSQL"
MISSING = (
    "没有设置 telegram.token：请向 @BotFather 申请，写进 config.toml，或设环境变量 QINGLI_TELEGRAM__TOKEN"
)


@click.command("run")
@AS_OF
@settings_command
async def run_bot(settings: Settings, *, as_of: str | None) -> None:
    """连上 Telegram 运行，直到 Ctrl-C。"""
    if settings.telegram.token is None:
        fail(MISSING, WRONG_SETTINGS)
    clock = CivilClock(settings.calendar.zone, parse_moment(as_of, settings.calendar.zone))
    program = build_program(settings, clock)
    async with _catch_signals() as stopped:
        # As a task, since starting waits for Telegram without limit and Ctrl-C has to end that.
        starting = asyncio.create_task(program.start())
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done() and starting.exception() is None:
            click.echo(f"清历已启动，时钟 {clock.now():%Y-%m-%d %H:%M}，按 Ctrl-C 停止。")
            gc.freeze()  # what stays for good is not looked through again and again, which takes 60 ms a time
            await waiting
        # Both are cancelled and awaited: `stop` must not run beside a start under way.
        waiting.cancel()
        starting.cancel()
        await asyncio.wait({starting, waiting})
        await program.stop()
    if not starting.cancelled() and (error := starting.exception()) is not None:
        if isinstance(error, InUseError):
            fail(IN_USE, FAILED)
        if isinstance(error, InvalidToken):
            fail("服务器不认这个 telegram.token：请到 @BotFather 重新复制", WRONG_SETTINGS)
        if isinstance(error, BadRequest):
            fail(f"服务器不接受 webhook.url：{error.message}", WRONG_SETTINGS)
        raise error


@click.command("demo")
@click.option("--port", type=click.IntRange(0, 65535), help="聊天页的端口；默认取 demo.port。")
@settings_command
async def run_demo(settings: Settings, *, port: int | None) -> None:
    """浏览器里的虚构学校：不要令牌，不要账号，什么也不会离开本机。"""
    from bot.demo.school import run_school

    wanted = port if port is not None else settings.demo.port
    try:
        async with run_school(settings, port=wanted) as address, _catch_signals() as stopped:
            click.echo(f"清历演示（Qingli demo）：{address}/   按 Ctrl-C 结束")
            await stopped.wait()
    except OSError as error:
        fail(f"端口 {wanted} 用不了（{format_reason(error)}）：请用 --port 或 PORT= 换一个", FAILED)


@click.command("check")
@settings_command
async def check_installation(settings: Settings) -> None:
    """设置、数据库、令牌、时区是否正常，每项一行。"""
    click.echo("设置：正常")
    good = await _check_database(settings)
    good = await _check_token(settings) and good
    click.echo(f"时区：正常，{settings.calendar.timezone}")
    lines, sound = check_rules(settings, datetime.now(settings.calendar.zone).date())
    click.echo("\n".join(lines))
    if not (good and sound):
        raise SystemExit(FAILED)


async def _check_database(settings: Settings) -> bool:
    try:
        with open_database(settings):
            click.echo("数据库：正常")
    except Exception as error:
        click.echo(f"数据库：用不了（{format_reason(error)}）；请检查 database.url")
        return False
    return True


async def _check_token(settings: Settings) -> bool:
    token = settings.telegram.token
    if token is None:
        click.echo(f"令牌：{MISSING}")
        return False
    bot = Bot(
        token.get_secret_value(),
        base_url=f"{settings.telegram.base_url}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    try:
        async with bot:
            click.echo(f"令牌：正常，机器人是 @{bot.username}")
    except InvalidToken:
        click.echo("令牌：服务器不认；请到 @BotFather 重新复制")
        return False
    except TelegramError as error:
        click.echo(f"令牌：连不上服务器（{error.message}）；请检查网络和 telegram.base_url")
        return False
    return True


@asynccontextmanager
async def _catch_signals() -> AsyncIterator[asyncio.Event]:
    """Yield an event that SIGTERM and SIGINT set."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        # Instead of KeyboardInterrupt, which could break off a transaction anywhere.
        loop.add_signal_handler(number, stopped.set)
    try:
        yield stopped
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
