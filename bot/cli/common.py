"""What the commands share: the settings option, an open database, errors in one line."""

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
from models.storage.schema import SchemaError, upgrade_schema

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


def settings_command(run: Command) -> Callable[..., None]:
    """Give a command `--config` and `settings`; known errors become one line and an exit status."""

    @CONFIG
    @functools.wraps(run)
    def wrapped(config: Path | None, **options: Any) -> None:
        try:
            settings = load_settings(config)
            set_up_own_logs(settings)
            # A command may be a coroutine function; its coroutine runs in a new event loop.
            if (running := run(settings, **options)) is not None:
                asyncio.run(running)
        except SettingsError as error:
            fail(str(error), WRONG_SETTINGS)
        except (SchemaError, PackError, HolidayError) as error:
            fail(str(error), FAILED)
        except (DBAPIError, OSError) as error:
            fail(f"数据库或网络不通：{format_reason(error)}；运行 qingli check 看怎么办", FAILED)

    return wrapped


def fail(message: str, status: int) -> NoReturn:
    """Print what is wrong and exit with this status."""
    click.echo(message, err=True)
    sys.exit(status)


def format_reason(error: BaseException) -> str:
    """Return the first line of an error, without the SQL statement and its parameters."""
    # SQLAlchemy wraps the driver's error and appends statement and parameters, which hold personal data.
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


def parse_moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Parse the value of `--as-of`; a moment without a zone is local. Raises BadParameter."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"“{text}”不是时间，请写成 2026-09-24T08:59:50+08:00", param_hint="--as-of"
        ) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def get_civil_now(settings: Settings, as_of: str | None) -> datetime:
    """Return the moment of `--as-of`, else the present, in the zone of the settings."""
    zone = settings.calendar.zone
    return (parse_moment(as_of, zone) or datetime.now(zone)).astimezone(zone)


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """Open the database of the settings with its schema up to date."""
    database = Database(settings.database.url)
    try:
        upgrade_schema(database)
        yield database
    finally:
        database.close()


@contextmanager
def open_existing_database(settings: Settings) -> Iterator[Database | None]:
    """Open the database of the settings; None for a SQLite file that does not exist.

    The file is not created, since a command that only reads must leave nothing behind.
    """
    url = parse_address(settings.database.url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        yield None
        return
    with open_database(settings) as database:
        yield database


def set_up_own_logs(settings: Settings) -> None:
    """Log the program's own lines only, without the token."""
    token = settings.telegram.token
    logs.set_up_logs(settings.log.level, [token.get_secret_value()] if token else [])
