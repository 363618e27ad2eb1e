"""What all commands share: the settings option, a database that is up to date, errors in one line."""

import asyncio
import functools
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click
from sqlalchemy.exc import DBAPIError

from bot.app import logs
from bot.settings.errors import SettingsError
from bot.settings.load import Settings, load_settings
from models.packs.build import PackError
from models.rules.calendar.holidays import HolidayError
from models.storage.database import Database, parse_address
from models.storage.schema import SchemaError, upgrade

WRONG_SETTINGS = 2
FAILED = 1

CONFIG = click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="设置文件（TOML）；不给就用默认值和 QINGLI_ 环境变量。",
)
AS_OF = click.option("--as-of", "as_of", help="把这一刻当作现在，例如 2026-09-24T08:59:50+08:00。")
JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")

Command = Callable[..., Coroutine[Any, Any, None] | None]


def command(run: Command) -> Callable[..., None]:
    """A command with `--config`: gets `settings`; known failures become one line and a status."""

    @CONFIG
    @functools.wraps(run)
    def wrapped(config: Path | None, **options: Any) -> None:
        try:
            settings = load_settings(config)
            quiet(settings)
            if (running := run(settings, **options)) is not None:
                asyncio.run(running)
        except SettingsError as error:
            fail(str(error), WRONG_SETTINGS)
        except (SchemaError, PackError, HolidayError) as error:
            fail(str(error), FAILED)
        except (DBAPIError, OSError) as error:
            fail(f"数据库或网络不通：{reason(error)}；运行 qingli check 看怎么办", FAILED)

    return wrapped


def fail(message: str, status: int) -> NoReturn:
    """Say what is wrong and end with this exit status."""
    click.echo(message, err=True)
    sys.exit(status)


def reason(error: BaseException) -> str:
    """The first line of an error, without the statement and its parameters."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


def moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    """The moment of `--as-of`, local where it names no zone."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"“{text}”不是时间，请写成 2026-09-24T08:59:50+08:00", param_hint="--as-of"
        ) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database of the settings, its schema up to date."""
    database = Database(settings.database.url)
    try:
        upgrade(database)
        yield database
    finally:
        database.close()


@contextmanager
def opened_if_there(settings: Settings) -> Iterator[Database | None]:
    """The database of the settings; None where it is a SQLite file that does not exist, which is not made."""
    url = parse_address(settings.database.url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        yield None
        return
    with opened(settings) as database:
        yield database


def quiet(settings: Settings) -> None:
    """Log lines of the program only, without the token."""
    token = settings.telegram.token
    logs.begin(settings.log.level, [token.get_secret_value()] if token else [])
