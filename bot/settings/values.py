"""Checks and normalizes single values of the settings; errors say what to write instead."""

import re
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from models.rules.calendar.due_parser import DueError
from models.rules.calendar.lead_times import LeadError, parse_lead
from models.rules.people.roles import Role
from models.rules.requirements.types import parse_due
from models.storage.database import DatabaseAddressError, parse_address

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def build_error(fix: str) -> PydanticCustomError:
    """Return an error whose text, what to write instead, ends the line of the key."""
    return PydanticCustomError("plain", "{fix}", {"fix": fix})


def parse_clock(value: object) -> object:
    """Parse `9:00` or `09:00` to a time of day; a TOML time passes unchanged."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip().replace("：", ":"), re.ASCII)
    if found is None:
        raise build_error('请写成 "时:分"，例如 "09:00"')
    return time(int(found[1]), int(found[2]))


def parse_weekday(value: object) -> object:
    """Parse 周一 to 周日, or 星期一 …, to 0–6; an empty text to None."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        return None
    found = re.fullmatch(r"(?:周|星期|礼拜)([一二三四五六日天])", text)
    if found is None:
        raise build_error('请写 "周一" 到 "周日"，不要这份清单就写 ""')
    # 天 is index 7 and means 日, index 6.
    return min("一二三四五六日天".index(found[1]), 6)


def parse_token(value: SecretStr | None) -> SecretStr | None:
    """Check for printable ASCII without spaces and slashes; only Telegram can check more."""
    if value is None:
        return None
    text = value.get_secret_value().strip()
    if not text or not text.isascii() or not text.isprintable() or " " in text or "/" in text:
        raise build_error("请填 @BotFather 给出的整串口令，中间没有空格和中文")
    return SecretStr(text)


def parse_username(value: str | None) -> str | None:
    """Normalize the bot's name, given with or without @ or as a t.me address."""
    if value is None:
        return None
    name = value.strip().removeprefix("https://t.me/").removeprefix("@")
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{2,31}", name, re.ASCII) is None:
        raise build_error('请写机器人的名字，例如 "my_school_bot"')
    return name


def parse_root(value: str) -> str:
    """Normalize the server's root address: no slash and no `/bot` at its end."""
    address = value.strip().rstrip("/").removesuffix("/bot").rstrip("/")
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or "/bot" in parts.path or " " in address:
        raise build_error('请写服务器的根地址，例如 "https://api.telegram.org"，后面不带口令')
    return address


def parse_public_root(value: str | None) -> str | None:
    """Normalize the public root address of the web endpoint: no slash at its end."""
    return _parse_public(value, '请写对外的根地址，例如 "https://calendar.example.org"')


def parse_public_address(value: str | None) -> str | None:
    """Normalize the public address of the webhook: no slash at its end."""
    return _parse_public(value, '请写 Telegram 能访问的地址，例如 "https://bot.example.org/telegram"')


def _parse_public(value: str | None, fix: str) -> str | None:
    if value is None:
        return None
    address = value.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or " " in address:
        raise build_error(fix)
    return address


def parse_secret(value: SecretStr | None) -> SecretStr | None:
    """Check the webhook secret: 16 to 256 characters that Telegram allows in it."""
    if value is None:
        return None
    text = value.get_secret_value().strip()
    if re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text, re.ASCII) is None:
        raise build_error("请写 16 到 256 个英文字母、数字、_ 或 -，或者不写")
    return SecretStr(text)


def parse_database(value: str) -> str:
    """Check the address of a SQLite file or a PostgreSQL database, with any driver's name."""
    url = value.strip()
    if url.startswith("postgres://"):
        # Hosting providers still hand out `postgres://`, which SQLAlchemy refuses.
        url = "postgresql" + url.removeprefix("postgres")
    fix = '请写 "sqlite:///文件名" 或 "postgresql://用户:密码@主机/库名"'
    try:
        parsed = parse_address(url)
    except DatabaseAddressError:
        raise build_error(fix) from None
    if not parsed.database or parsed.database == ":memory:":
        raise build_error(fix)
    return url


def check_zone(value: str) -> str:
    """Check for a name of the time zone database."""
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise build_error('没有这个时区；请写 "Asia/Shanghai" 这样的名字') from None
    return value


def parse_names(value: object) -> object:
    """Convert TOML's list, which must not be empty, to a tuple."""
    if value == []:
        raise build_error('至少写一项，例如 ["national"]')
    return tuple(value) if isinstance(value, list) else value


def parse_folder(value: object) -> object:
    """Convert a text to a path; `~` is the home folder."""
    return Path(value).expanduser() if isinstance(value, str) and value.strip() else value


def parse_level(value: object) -> object:
    """Convert a log level to upper case."""
    return value.strip().upper() if isinstance(value, str) and value.strip().upper() in LEVELS else value


def parse_leads(value: object) -> object:
    """Convert TOML's list of lead times, each valid for `parse_lead`, to a tuple."""
    found = tuple(value) if isinstance(value, list) else value
    for text in found if isinstance(found, tuple) else ():
        try:
            parse_lead(str(text), Role.MEMBER)
        except LeadError as error:
            raise build_error(str(error)) from None
    return found


def check_due(value: str) -> str:
    """Check a due date that `parse_due` can read."""
    try:
        parse_due(value)
    except DueError as error:
        raise build_error(str(error)) from None
    return value.strip()
