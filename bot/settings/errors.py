"""Explains invalid settings, one line a key."""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticUndefined

PREFIX = "QINGLI_"
Keys = Mapping[str, FieldInfo]

_HIDDEN = "（不显示）"
_SECRET_NAME = re.compile(r"token|secret|passw|口令|密码", re.IGNORECASE)
_BOT_TOKEN = re.compile(r"((?<=bot)\d+|\d{5,}):[\w-]{5,}")
_URL_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):[^@\s]+@")
_BARE_KEY = re.compile(r"[\w-]+", re.ASCII)

_FIXES = {
    "int_type": "请写整数",
    "int_parsing": "请写整数",
    "int_from_float": "请写整数，不带小数",
    "bool_type": "请写 true 或 false",
    "bool_parsing": "请写 true 或 false",
    "string_type": '请写成引号里的文字，例如 "文字"',
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "string_too_short": "不能空着；用不到就删去这一行",
    "string_too_long": "最多 {max_length} 个字",
    "tuple_type": '请写成 ["national"] 这样的一列',
    "is_instance_of": '请写成引号里的文件夹名，例如 "holidays"',
    "time_type": '请写成 "时:分"，例如 "09:00"',
    "plain": "{fix}",
}


class SettingsError(ValueError):
    """The settings cannot be used; the lines name each key, its value and what to write."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


def read_toml(path: Path) -> dict[str, Any]:
    """Read the table in a TOML file. Raises SettingsError where that is not possible."""
    try:
        # Editors on Windows put a byte order mark first, which TOML does not allow.
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(
            [f"找不到设置文件 {path}；请核对 --config 后面的文件名，或照 config.example.toml 写一个"]
        ) from None
    except UnicodeDecodeError:
        raise SettingsError([f"设置文件 {path} 不是 UTF-8 编码；请另存为 UTF-8 后再试"]) from None
    except OSError as error:
        raise SettingsError([f"读不了设置文件 {path}（{error.strerror}）；请核对文件和权限"]) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([_format_syntax_error(path, text, str(error))]) from None


def _format_syntax_error(path: Path, text: str, message: str) -> str:
    """Describe a TOML syntax error by its line, without the value in it."""
    found = re.search(r"line (\d+)", message)
    lines = text.splitlines() or [""]
    number = int(found[1]) if found else len(lines)
    # What stands after the equals sign may be a secret, so only the key is repeated.
    begin = lines[min(number, len(lines)) - 1].partition("=")[0].strip()[:40]
    again = "这一项或这一节写了两次" if "overwrite" in message or "twice" in message else "写法不合 TOML"
    where = f"（{_mask_secrets(begin)} …）" if begin else ""
    return f'设置文件 {path} 第 {number} 行{where}：{again}；文字用英文引号，写成 名字 = "值"，每项只写一次'


def list_unknown_variables(keys: Keys) -> list[str]:
    """Return a line for each unknown `QINGLI_…` environment variable, with the nearest key."""
    lines = []
    for name, value in sorted(os.environ.items()):
        if not name.upper().startswith(PREFIX):
            continue
        parts = name[len(PREFIX) :].lower().split("__")
        # `Environment` ignores a whole section in one variable, so it must not pass in silence.
        if not parts[1:] and any(key.startswith(f"{parts[0]}.") for key in keys):
            shown = PREFIX + _get_first_key(keys, parts[0]).replace(".", "__").upper()
            lines.append(f"{name}：这是一节设置，不能整节给；请逐项给，例如 {shown}")
        elif _generalize_key(parts) not in keys:
            lines.append(_format_unknown_key(name, parts, value, keys, variable=True))
    return lines


def list_wrong_keys(error: ValidationError, keys: Keys) -> list[str]:
    """Return a line for each invalid key; `unknown_variables` covers unknown variables."""
    lines = []
    for detail in error.errors(include_url=False):
        location = [str(part) for part in detail["loc"]]
        variable = _find_variable(location)
        if detail["type"] == "extra_forbidden":
            if variable is None:
                lines.append(_format_unknown_key(_format_location(location), location, detail["input"], keys))
            continue
        lines.append(_format_wrong_value(location, detail, variable, keys))
    return lines


def check_requirements(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise SettingsError for `[requirements."…"]` tables that no pack in use defines."""
    names = list(known)
    lines = []
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, 1, 0.4)
            hint = f"是不是“{near[0]}”？" if near else f"可以写的有 {'、'.join(names)}"
            lines.append(f'requirements."{name}"：所用的规则包里没有这一项；{hint}')
    if lines:
        raise SettingsError(lines)


def _format_wrong_value(location: list[str], detail: ErrorDetails, variable: str | None, keys: Keys) -> str:
    """Describe a value that does not fit its key."""
    field = _find_field(location, keys)
    name = variable or _format_location(location)
    if detail["type"] in {"model_type", "dict_type"}:
        return f"{name}：这是一节设置，请写成 [{_format_location(location)}]，下面逐行写各项"
    hidden = field is not None and _is_secret(field)
    fix = _FIXES.get(detail["type"], "这个值用不了").format(**detail.get("ctx", {}))
    fix = fix.replace(" or ", "、").replace(", ", "、").replace("'", '"')
    return f"{name} = {_format_value(detail['input'], hidden=hidden)}：{fix}{_format_default(field)}"


def _format_unknown_key(
    name: str, path: list[str], value: object, keys: Keys, *, variable: bool = False
) -> str:
    """Describe an unknown key or section, with the nearest one or the possible ones."""
    sections = list(dict.fromkeys(key.partition(".")[0] for key in keys))
    if isinstance(value, dict) and len(path) == 1:
        near = _find_nearest(path, sections)
        hint = f"是不是 [{near}]？" if near else f"可以写的有 {'、'.join(sections)}"
        return f"[{name}]：没有这一节；{hint}"
    near = _find_nearest(path, list(keys))
    hidden = bool(_SECRET_NAME.search(name)) or (near is not None and _is_secret(keys[near]))
    if near is None:
        hint = _format_possible_keys(path, sections, keys, variable=variable)
    else:
        hint = f"是不是 {_format_key(near, path, variable=variable)}？"
    return f"{name} = {_format_value(value, hidden=hidden)}：没有这项设置；{hint}"


def _format_possible_keys(path: list[str], sections: list[str], keys: Keys, *, variable: bool) -> str:
    """List the keys of the section in the path, or of the one nearest to it."""
    section = _find_nearest(path[:1], sections) if len(path) > 1 else None
    beside = [_format_key(key, path, variable=variable) for key in keys if key.startswith(f"{section}.")]
    return f"可以写的有 {'、'.join(beside)}" if beside else "全部设置见 config.example.toml"


def _find_nearest(path: list[str], keys: list[str]) -> str | None:
    """Return the key most similar to the path, as a whole or in its last word."""

    def likeness(key: str) -> float:
        whole = SequenceMatcher(None, ".".join(path), key).ratio()
        last = SequenceMatcher(None, path[-1], key.rpartition(".")[2]).ratio()
        return max(whole, last * 0.95)

    # A less similar key would mislead; the caller then lists the possible keys.
    best = max(keys, key=likeness)
    return best if likeness(best) >= 0.65 else None


def _format_key(key: str, path: list[str], *, variable: bool) -> str:
    """Format a known key as the reader writes it; `*` becomes the requirement in the path."""
    which = path[1] if len(path) > 2 else "主题党日"
    parts = [which if part == "*" else part for part in key.split(".")]
    return PREFIX + "__".join(parts).upper() if variable else _format_location(parts)


def _format_location(location: list[str]) -> str:
    """Format a location as TOML does, with quotes where needed; list items count from 1."""
    keys = [part for part in location if not part.isdecimal()]
    items = [f" 第 {int(part) + 1} 项" for part in location if part.isdecimal()]
    return ".".join(part if _BARE_KEY.fullmatch(part) else f'"{part}"' for part in keys) + "".join(items)


def _find_variable(location: list[str]) -> str | None:
    """Return the name of the environment variable that supplied the value, if one did."""
    # pydantic-settings ignores the case of variables and skips empty ones.
    names = {name.upper(): name for name in os.environ if os.environ[name]}
    for end in range(len(location), 1, -1):
        if found := names.get((PREFIX + "__".join(location[:end])).upper()):
            return found
    return None


def _generalize_key(parts: list[str]) -> str:
    """Return the key of `known_keys` for a path: any requirement becomes `*`."""
    if len(parts) == 3 and parts[0] == "requirements":
        parts = [parts[0], "*", parts[2]]
    return ".".join(parts)


def _find_field(location: list[str], keys: Keys) -> FieldInfo | None:
    for end in range(len(location), 0, -1):
        if field := keys.get(_generalize_key(location[:end])):
            return field
    return None


def _get_first_key(keys: Keys, section: str) -> str:
    return next(key for key in keys if key.startswith(f"{section}.")).replace("*", "主题党日")


def _is_secret(field: FieldInfo) -> bool:
    return SecretStr.__name__ in str(field.annotation)


def _format_default(field: FieldInfo | None) -> str:
    if field is None or field.default in (None, PydanticUndefined):
        return ""
    return f"（默认 {_format_value(field.default, hidden=False)}）"


def _format_value(value: object, *, hidden: bool) -> str:
    if hidden:
        return _HIDDEN
    if isinstance(value, dict):
        return "{…}"
    text = _mask_secrets(json.dumps(value, ensure_ascii=False, default=_format_plain))
    return text if len(text) <= 100 else text[:99] + "…"


def _format_plain(value: object) -> str:
    text = str(value)
    # A time of day as it is written in the file: without seconds.
    return text.removesuffix(":00") if re.fullmatch(r"\d\d:\d\d:00", text) else text


def _mask_secrets(text: str) -> str:
    return _URL_PASSWORD.sub(r"\1:***@", _BOT_TOKEN.sub("***", text))
