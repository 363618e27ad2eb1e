"""Reads packs and days off from files; the rules themselves read none."""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from models.packs.build import PackError, build_pack
from models.rules.calendar.holidays import HolidayError, check_holidays
from models.rules.calendar.workdays import HolidayYear, Workdays
from models.rules.requirements.pack import Pack, adopt_pack, merge_packs

BUNDLED = Path(__file__).parent
HOLIDAYS = BUNDLED / "holidays"


def list_pack_names() -> list[str]:
    """The names of the packs that come with the program."""
    return sorted(path.stem for path in BUNDLED.glob("*.toml"))


def load_pack(name_or_path: str | Path) -> Pack:
    """Load a bundled pack by its name, or another by the path of its TOML file.

    `jinfeng@2026-09-01` adopts an old year's plan as one's own rules from that day on. Raises PackError,
    whose message names the file, the line of each mistake and what to do.
    """
    name, at, since = str(name_or_path).rpartition("@")
    if not at:
        return _load_file(name_or_path, ())
    try:
        first = date.fromisoformat(since)
    except ValueError as error:
        raise PackError([f"规则包“{name_or_path}”里 @ 后面应为日期，如 {name}@2026-09-01"]) from error
    return adopt_pack(_load_file(name, ()), first)


def load_packs(names: Iterable[str | Path]) -> Pack:
    """Load several packs as one; raises PackError as for a single one."""
    return merge_packs([load_pack(name) for name in names])


def load_holiday_year(file: Path, expected: int | None = None) -> HolidayYear:
    """Load and check one year's days off; raises HolidayError naming the file."""
    return check_holidays(_read_holiday_file(file), expected)


def load_workdays(folder: Path | None = None) -> Workdays:
    """Load the bundled years' days off; the operator's `<year>.json` files come first.

    Raises HolidayError naming the file that is wrong.
    """
    years = {}
    for place in (HOLIDAYS, folder):
        for file in sorted(place.glob("[0-9][0-9][0-9][0-9].json")) if place and place.is_dir() else ():
            try:
                years[int(file.stem)] = load_holiday_year(file, int(file.stem))
            except HolidayError as error:
                raise HolidayError(f"{file}：{problem}" for problem in error.problems) from error
    return Workdays(years.values())


def install_holidays(file: Path, folder: Path) -> HolidayYear:
    """Check a year's file and put it into the operator's folder, replacing that year's.

    The file is replaced as a whole or not at all.

    A file that is called `2027.json` must be that year's. Raises HolidayError, with nothing changed.
    """
    data = _read_holiday_file(file)
    year = check_holidays(data, int(file.stem) if re.fullmatch("[0-9]{4}", file.stem) else None)
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        json.dump(data, target, ensure_ascii=False, indent=2)
    # In one step: a process that reads meanwhile sees the old file or the new one.
    os.replace(temporary, folder / f"{year.year}.json")
    return year


def _read_holiday_file(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise HolidayError([f"读不了 {file}：{error.strerror}"]) from error
    except ValueError as error:
        raise HolidayError([f"{file} 不是 UTF-8 的 JSON 文件：{error}"]) from error


def _load_file(name_or_path: str | Path, including: tuple[Path, ...]) -> Pack:
    path = _find_path(name_or_path, including[-1].parent if including else None)
    file = path.name if path.parent == BUNDLED else str(path)
    # The chain of files that are open now, not all ever read: two may include a third.
    if path in including:
        raise PackError([f"{file} 第1行：include 绕回了自己，请去掉其中一处"])
    try:
        # Windows editors put a byte order mark in front.
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except OSError as error:
        known = "、".join(list_pack_names())
        raise PackError(
            [f"没有规则包 {name_or_path}：{error.strerror}；自带的有 {known}，其他请写文件路径"]
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise PackError([f"{file} 的写法有误：{error}"]) from error
    except UnicodeDecodeError as error:
        raise PackError([f"{file} 不是 UTF-8 编码，请另存为 UTF-8"]) from error
    wanted = data.get("include", [])
    included = (
        [_load_file(each, (*including, path)) for each in wanted if isinstance(each, str)]
        if isinstance(wanted, list)
        else []
    )
    return build_pack(path.stem, file, text, data, included)


def _find_path(name_or_path: str | Path, base: Path | None) -> Path:
    """A bare name is a bundled pack; a relative path starts from the file that includes it."""
    name = str(name_or_path)
    if not name.endswith(".toml") and "/" not in name and os.sep not in name:
        return BUNDLED / f"{name}.toml"
    return (base / name if base else Path(name)).resolve()
