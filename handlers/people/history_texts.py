"""The words of the history: one line a change, before → after, short. PURE."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from models.rules.output.zh_text import escape, period_name, short_day
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
SHOWN = ("expected", "present", "absent")
LONGEST_VALUE = 30
KINDS = {kind.value: name for kind, name in KIND_NAMES.items()}
DAY, YEAR, QUARTER = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}"), re.compile(r"第(\d)季度")
NOTHING = "还没有变更记录。"


class Change(Protocol):
    """One change, as `models.records.audit.Line` is."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def by(self) -> str | None:
        """Who; None for the operator at the command line."""

    @property
    def action(self) -> str:
        """What was done."""

    @property
    def subject(self) -> str:
        """To what."""

    @property
    def about(self) -> str | None:
        """To whom."""

    @property
    def before(self) -> dict[str, Any] | None:
        """From what."""

    @property
    def after(self) -> dict[str, Any] | None:
        """To what."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How keys are said: requirements and actions by their names, days and periods as people say them."""

    names: Mapping[str, str]
    today: date
    actions: Mapping[str, str]

    def value(self, value: Any, field: str = "") -> str:
        """Any value of a change, short."""
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
            return short_day(date.fromisoformat(text), self.today)
        if field == "period":
            return short_period(text, self.today)
        if field == "kind":
            return KINDS.get(text, text)
        return self.names.get(text, text)


def history(title: str, changes: Sequence[tuple[Change, str]], said: Wording) -> str:
    """The changes with the names of their organizations."""
    lines = [_line(change, place, said) for change, place in changes]
    return "\n".join([f"<b>变更记录</b> · {escape(title)}", *(lines or [NOTHING])])


def _line(change: Change, place: str, said: Wording) -> str:
    moment = f"{short_day(change.at.date(), said.today)} {change.at:%H:%M}"
    parts = [
        moment,
        change.by or OPERATOR,
        said.actions.get(change.action, "变更"),
        place,
        *_what(change, said),
    ]
    return "· " + " ".join(escape(part) for part in parts if part)


def _what(change: Change, said: Wording) -> list[str]:
    before, after = change.before or {}, change.after or {}
    entry = after or before
    if change.action in OF_RECORDS:
        head = [said.value(entry.get(key), key) for key in ("requirement", "held_on") if entry.get(key)]
        if change.action == "revise":
            return [*head, *_differences(before, after, said)]
        return [*head, *(said.named(key, entry[key]) for key in SHOWN if key in entry)]
    if change.subject.startswith("occurrence:"):
        requirement, _, period = change.subject.removeprefix("occurrence:").rsplit("/", 2)
        moved = f"→ {said.value(after['moved_to'])}" if after.get("moved_to") else ""
        return [said.value(requirement), said.value(period, "period"), moved]
    if change.action == "text":
        festival, _, occasion = change.subject.removeprefix("text:").rpartition("/")
        what = f"{festival}（{period_name(occasion)}）" if YEAR.fullmatch(occasion) else festival
        verdict = VERDICTS.get(after.get("verdict"), "")
        return [what, verdict, f"“{said.value(after.get('text'))}”（版本{str(after.get('version'))[:4]}）"]
    if change.action == "urge":
        return [_urged(str(after.get("requirement", "")), said)]
    if change.action == "settings" and change.before is None:
        return []
    if change.action in ("role", "organization", "settings"):
        named = change.about or (entry.get("name", "") if change.action == "organization" else "")
        return [named, *_differences(before, after, said)]
    fields = (key for key in after if key in FIELDS or key in COUNTED)
    return [change.about or "", *(said.named(key, after[key]) for key in fields if after[key] is not None)]


def _urged(about: str, said: Wording) -> str:
    """党课（三季度）、主题党日（9月）, of `lecture 2026-Q3, theme_day 2026-09`."""
    pairs = [each.rpartition(" ") for each in about.split(", ") if each]
    return "、".join(f"{said.value(what)}（{short_period(period, said.today)}）" for what, _, period in pairs)


def short_period(key: str, today: date) -> str:
    """三季度, 9月, 上半年; with the year where it is not today's."""
    name = QUARTER.sub(lambda found: f"{'一二三四'[int(found[1]) - 1]}季度", period_name(key))
    short = name.removeprefix(f"{today.year}年")
    return name if short == "度" else short


def _differences(before: dict[str, Any], after: dict[str, Any], said: Wording) -> list[str]:
    """实到 23→24 for each field that differs; 无 where there is only one side."""
    return [
        f"{FIELDS.get(key, key)} {said.value(before.get(key), key)}→{said.value(after.get(key), key)}"
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key) and key not in ("organization_id", "reason")
    ]
