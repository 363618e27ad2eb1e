"""Texts of the history: one line for each change, before → after. PURE."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from models.rules.output.zh_text import escape, format_period, format_short_day
from models.rules.people.roles import KIND_NAMES

FIELDS = {
    "requirement": "活动",
    "period": "所属",
    "held_on": "日期",
    "held_until": "到",
    "expected": "应到",
    "present": "实到",
    "absent": "缺席",
    "observers": "列席",
    "online": "线上",
    "quantity": "学时",
    "topic": "主题",
    "place": "地点",
    "host": "主持",
    "posts": "任职",
    "name": "名称",
    "kind": "类型",
    "parent": "上级",
    "aliases": "别名",
    "oversights": "督导组",
    "has_committee": "支委会",
    "starts_on": "启用日期",
    "moved_to": "改到",
    "day": "日期",
    "about": "说明",
    "due": "期限",
    "valid_from": "起",
    "valid_until": "止",
    "semester": "学期",
    "first_day": "开学",
    "last_day": "放假",
}
COUNTED = {"organizations": "个组织", "people": "人"}
OPERATOR = "维护人员"
VERDICTS = {None: "改写", "approved": "同意", "stopped": "不发", "replaced": "原文不用"}
OF_RECORDS = ("record", "revise", "withdraw", "backfill")
OF_OCCURRENCE = "occurrence:"
SHOWN = ("expected", "present", "absent")
LONGEST_VALUE = 30
KINDS = {kind.value: name for kind, name in KIND_NAMES.items()}
DAY, YEAR, QUARTER = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}"), re.compile(r"第(\d)季度")
NOTHING = "还没有变更记录。"


class Change(Protocol):
    """One change, as `models.records.audit.Line` is."""

    @property
    def at(self) -> datetime:
        """The civil moment."""

    @property
    def by(self) -> str | None:
        """The person's name; None for the operator at the command line."""

    @property
    def action(self) -> str:
        """The audited action, such as `record`."""

    @property
    def subject(self) -> str:
        """The changed object, such as `occurrence:theme_day/3/2026-09`."""

    @property
    def about(self) -> str | None:
        """The name of the person concerned, if any."""

    @property
    def before(self) -> dict[str, Any] | None:
        """The values before; None for a new object."""

    @property
    def after(self) -> dict[str, Any] | None:
        """The values after; None for a deleted object."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Formats keys and values: requirements and actions by name, days and periods in words."""

    names: Mapping[str, str]
    today: date
    actions: Mapping[str, str]

    def value(self, value: Any, field: str = "") -> str:
        """A value of a change in at most LONGEST_VALUE characters."""
        match value:
            case None | [] | "":
                return "无"
            case bool():
                return "有" if value else "无"
            case list():
                text = "、".join(str(each) for each in value)
            case _:
                text = self._said(str(value), field)
        return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"

    def named(self, field: str, value: Any) -> str:
        """实到23, 9月, 2人: a field with its value."""
        if field in COUNTED:
            return f"{value}{COUNTED[field]}"
        return f"{FIELDS[field]}{self.value(value, field)}"

    def _said(self, text: str, field: str) -> str:
        if DAY.fullmatch(text):
            return format_short_day(date.fromisoformat(text), self.today)
        if field == "period":
            return format_short_period(text, self.today)
        if field == "kind":
            return KINDS.get(text, text)
        return self.names.get(text, text)


def format_history(title: str, changes: Sequence[tuple[Change, str]], said: Wording) -> str:
    """The title and one line for each change with the name of its organization."""
    lines = [_format_line(change, place, said) for change, place in changes]
    return "\n".join([f"<b>变更记录</b> · {escape(title)}", *(lines or [NOTHING])])


def _format_line(change: Change, place: str, said: Wording) -> str:
    moment = f"{format_short_day(change.at.date(), said.today)} {change.at:%H:%M}"
    parts = [
        moment,
        change.by or OPERATOR,
        said.actions.get(change.action, "变更"),
        place,
        *_format_change(change, said),
    ]
    return "· " + " ".join(escape(part) for part in parts if part)


def _format_record(change: Change, said: Wording) -> list[str]:
    entry = change.after or change.before or {}
    return [
        *_format_record_head(change, said),
        *(said.named(key, entry[key]) for key in SHOWN if key in entry),
    ]


def _format_correction(change: Change, said: Wording) -> list[str]:
    return [*_format_record_head(change, said), *_format_differences(change, said)]


def _format_record_head(change: Change, said: Wording) -> list[str]:
    entry = change.after or change.before or {}
    return [said.value(entry.get(key), key) for key in ("requirement", "held_on") if entry.get(key)]


def _format_occurrence(change: Change, said: Wording) -> list[str]:
    requirement, _, period = change.subject.removeprefix(OF_OCCURRENCE).rsplit("/", 2)
    moved_to = (change.after or {}).get("moved_to")
    moved = f"→ {said.value(moved_to)}" if moved_to else ""
    return [said.value(requirement), said.value(period, "period"), moved]


def _format_text(change: Change, said: Wording) -> list[str]:
    after = change.after or {}
    festival, _, occasion = change.subject.removeprefix("text:").rpartition("/")
    what = f"{festival}（{format_period(occasion)}）" if YEAR.fullmatch(occasion) else festival
    verdict = VERDICTS.get(after.get("verdict"), "")
    return [what, verdict, f"“{said.value(after.get('text'))}”（版本{str(after.get('version'))[:4]}）"]


def _format_nudge(change: Change, said: Wording) -> list[str]:
    return [_format_nudge_subjects(str((change.after or {}).get("requirement", "")), said)]


def _format_organization(change: Change, said: Wording) -> list[str]:
    entry = change.after or change.before or {}
    return [change.about or entry.get("name", ""), *_format_differences(change, said)]


def _format_role(change: Change, said: Wording) -> list[str]:
    return [change.about or "", *_format_differences(change, said)]


def _format_nothing(_change: Change, _said: Wording) -> list[str]:
    return []


def _format_values(change: Change, said: Wording) -> list[str]:
    after = change.after or {}
    keys = (key for key in after if key in FIELDS or key in COUNTED)
    return [change.about or "", *(said.named(key, after[key]) for key in keys if after[key] is not None)]


def _format_differences(change: Change, said: Wording) -> list[str]:
    return _list_differences(change.before or {}, change.after or {}, said)


class _Form(NamedTuple):
    """One kind of change: its name, an example, when it applies, and its formatter."""

    name: str
    example: str
    applies: Callable[[Change], bool]
    format: Callable[[Change, Wording], list[str]]


FORMS = (
    _Form(
        "a corrected record",
        "主题党日 11月20日 实到 23→24",
        lambda change: change.action == "revise",
        _format_correction,
    ),
    _Form(
        "a record",
        "主题党日 11月20日 应到25 实到23",
        lambda change: change.action in OF_RECORDS,
        _format_record,
    ),
    _Form(
        "an occurrence",
        "党课 三季度 → 9月28日",
        lambda change: change.subject.startswith(OF_OCCURRENCE),
        _format_occurrence,
    ),
    _Form(
        "a text",
        "中秋节（2026年） 同意 “月圆人团圆”（版本1a2b）",
        lambda change: change.action == "text",
        _format_text,
    ),
    _Form("a nudge", "党课（三季度）", lambda change: change.action == "urge", _format_nudge),
    _Form(
        "the first settings",
        "",
        lambda change: change.action == "settings" and change.before is None,
        _format_nothing,
    ),
    _Form(
        "an organization",
        "理科支部 名称 理科支部→理科党支部",
        lambda change: change.action == "organization",
        _format_organization,
    ),
    _Form(
        "a role or a setting",
        "示例·小林 任职 党员→书记",
        lambda change: change.action in ("role", "settings"),
        _format_role,
    ),
    _Form("anything else", "5个组织 30人", lambda _change: True, _format_values),
)


def _format_change(change: Change, said: Wording) -> list[str]:
    """What was changed: the first form that applies writes it."""
    form = next(form for form in FORMS if form.applies(change))
    return form.format(change, said)


def _format_nudge_subjects(about: str, said: Wording) -> str:
    """党课（三季度）、主题党日（9月）, of `lecture 2026-Q3, theme_day 2026-09`."""
    pairs = [each.rpartition(" ") for each in about.split(", ") if each]
    return "、".join(
        f"{said.value(what)}（{format_short_period(period, said.today)}）" for what, _, period in pairs
    )


def format_short_period(key: str, today: date) -> str:
    """三季度, 9月, 上半年; with the year where it is not today's."""
    name = QUARTER.sub(lambda found: f"{'一二三四'[int(found[1]) - 1]}季度", format_period(key))
    short = name.removeprefix(f"{today.year}年")
    return name if short == "度" else short


def _list_differences(before: dict[str, Any], after: dict[str, Any], said: Wording) -> list[str]:
    """实到 23→24 for each field that differs; 无 where there is only one side."""
    return [
        f"{FIELDS.get(key, key)} {said.value(before.get(key), key)}→{said.value(after.get(key), key)}"
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key) and key not in ("organization_id", "reason")
    ]
