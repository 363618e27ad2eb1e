"""The schema of a pack: every key, how its value is read, and the field it fills."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.rules.calendar.day_parser import parse_when
from models.rules.calendar.lead_times import Lead, parse_lead
from models.rules.output import templates
from models.rules.people.roles import KIND_NAMES, ROLE_NAMES, OrganizationKind, Role
from models.rules.requirements.frequency_parser import parse_every, parse_goal
from models.rules.requirements.types import Strength, parse_due

Reader = Callable[[Any], Any]


class InsideError(ValueError):
    """Mistakes inside a value that is a table itself: (its key, what is wrong)."""

    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        self.found = found
        super().__init__("；".join(said for _, said in found))


@dataclass(frozen=True, slots=True)
class Fields:
    """The keys of one kind of table: each reader and field name, and which are required."""

    readers: Mapping[str, tuple[str, Reader]]
    required: tuple[str, ...]


def read_fields(
    table: Mapping[str, Any], fields: Fields, tables: Sequence[str] = ()
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Read a table: values by field name, and mistakes as (key, what is wrong).

    `tables` are the tables that may stand beside the keys; they are read elsewhere.
    """
    values: dict[str, Any] = {}
    mistakes = [(key, f"缺少 {key}") for key in fields.required if key not in table]
    for key, value in table.items():
        if key not in fields.readers:
            known = "、".join((*fields.readers, *tables))
            mistakes.append((key, f"没有“{key}”这一项，可用的有：{known}"))
            continue
        name, reader = fields.readers[key]
        try:
            values[name] = reader(value)
        except InsideError as error:
            mistakes += [
                (f"{key}.{inner}", f"{key} 里 {inner} 的值不对：{said}") for inner, said in error.found
            ]
        except ValueError as error:
            mistakes.append((key, f"{key} 的值不对：{error}"))
    return values, mistakes


def _read_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"应为一段文字，写在引号里，现在是 {value!r}")
    return value.strip()


def _read_template(value: Any) -> str:
    text = _read_text(value)
    if found := templates.list_template_mistakes(text):
        raise ValueError("；".join(found))
    return text


def _read_yearly(value: Any) -> tuple[tuple[int, str], ...]:
    if not isinstance(value, dict):
        raise ValueError(f'应写成 years = {{ 2027 = "…" }}，现在是 {value!r}')
    found, wrong = [], []
    for year, text in value.items():
        if not re.fullmatch(r"20\d\d", year):
            wrong.append((year, f"“{year}”应为四位年份，如 2027"))
            continue
        try:
            found.append((int(year), _read_template(text)))
        except ValueError as error:
            wrong.append((year, str(error)))
    if wrong:
        raise InsideError(wrong)
    return tuple(sorted(found))


def _create_list_reader(reader: Reader) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError(f'应写在方括号里，如 ["…"]，现在是 {value!r}')
        return tuple(reader(each) for each in value)

    return read


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"应为 true 或 false，现在是 {value!r}")
    return value


def _read_day(value: Any) -> date:
    # A TOML time stamp is a date in Python, too.
    if type(value) is not date:
        raise ValueError(f"应为日期，如 2026-09-01（不加引号），现在是 {value!r}")
    return value


def _create_number_reader(least: int, most: int) -> Reader:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"应为 {least} 到 {most} 的整数，现在是 {value!r}")
        return value

    return read


def _create_choice_reader(words: Mapping[str, Any]) -> Reader:
    def read(value: Any) -> Any:
        if value not in words:
            raise ValueError(f"“{value}”应为 {'、'.join(words)} 之一")
        return words[value]

    return read


def _read_names(value: Any) -> frozenset[str]:
    return frozenset(_create_list_reader(_read_text)(value))


_KINDS: Mapping[str, OrganizationKind] = {name: kind for kind, name in KIND_NAMES.items()}
_ROLES: Mapping[str, Role] = {"全体": Role.MEMBER, **{name: role for role, name in ROLE_NAMES.items()}}
_STRENGTHS = {"必须": Strength.MUST, "一般": Strength.USUAL}


def _read_kinds(value: Any) -> frozenset[OrganizationKind]:
    found = frozenset(_create_list_reader(_create_choice_reader(_KINDS))(value))
    if not found:
        raise ValueError(f"至少写一种党组织：{'、'.join(_KINDS)}")
    return found


def _read_lead(value: Any) -> Lead:
    return parse_lead(_read_text(value))


def _read_member_lead(value: Any) -> Lead:
    return parse_lead(_read_text(value), Role.MEMBER)


def _create_word_reader(reader: Callable[[str], Any]) -> Reader:
    return lambda value: reader(_read_text(value))


_SOURCE: dict[str, tuple[str, Reader]] = {
    "source": ("source", _read_text),
    "article": ("article", _read_text),
    "version": ("version", _read_text),
    "date": ("source_date", _read_day),
    "checked": ("checked", _read_flag),
}
_VALIDITY: dict[str, tuple[str, Reader]] = {
    "valid_from": ("valid_from", _read_day),
    "valid_until": ("valid_until", _read_day),
}
PACK = Fields(
    {
        "title": ("title", _read_text),
        **_VALIDITY,
        "include": ("include", _create_list_reader(_read_text)),
        "notes": ("notes", _create_list_reader(_read_text)),
    },
    required=("title", "valid_from"),
)
SOURCE = Fields(
    {
        "name": ("source", _read_text),
        "version": ("version", _read_text),
        "date": ("source_date", _read_day),
        "checked": ("checked", _read_flag),
    },
    required=("name",),
)
REQUIREMENT = Fields(
    {
        "name": ("name", _read_text),
        "key": ("key", _read_text),
        "aliases": ("aliases", _create_list_reader(_read_text)),
        "who": ("kinds", _read_kinds),
        "needs_committee": ("needs_committee", _read_flag),
        "only": ("only", _read_names),
        "exempt": ("exempt", _read_names),
        "every": ("every", _create_word_reader(parse_every)),
        "anchor": ("anchor", _create_number_reader(1900, 2099)),
        "event": ("event", _read_text),
        "due": ("due", _create_word_reader(parse_due)),
        "grace_days": ("grace_days", _create_number_reader(0, 366)),
        "goal": ("goal", _create_word_reader(parse_goal)),
        "strength": ("strength", _create_choice_reader(_STRENGTHS)),
        "covered_by_superior": ("covered_by_superior", _read_flag),
        "leads": ("leads", _create_list_reader(_read_lead)),
        "frequency": ("frequency", _read_text),
        **_SOURCE,
        **_VALIDITY,
    },
    required=("name", "who", "every"),
)
OBSERVANCE = Fields(
    {
        "name": ("name", _read_text),
        "key": ("key", _read_text),
        "when": ("when", _create_word_reader(parse_when)),
        "theme": ("theme", _read_text),
        "text": ("text", _read_template),
        "texts": ("texts", _create_list_reader(_read_template)),
        "years": ("yearly", _read_yearly),
        "who": ("audience", _create_list_reader(_create_choice_reader(_ROLES))),
        "leads": ("leads", _create_list_reader(_read_member_lead)),
        **_SOURCE,
        **_VALIDITY,
    },
    required=("name", "when", "theme"),
)
