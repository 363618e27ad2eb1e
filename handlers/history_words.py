"""The words of the history: one line a change, before → after, short. PURE."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from models.rules.wording import escape, period_name, short_day

ACTIONS = {
    "record": "登记",
    "revise": "更正",
    "withdraw": "撤回",
    "move": "改期",
    "waive": "免办",
    "restore": "恢复",
    "import": "导入名册",
    "role": "任职",
    "organization": "组织",
    "join": "加入",
    "leave": "退出",
    "forget": "删除个人信息",
    "bind": "绑定群",
    "unbind": "解除绑定",
    "settings": "设置",
    "event": "要事",
    "setting": "要求的设置",
    "day": "调整日期",
    "semester": "学期",
    "text": "提醒文字",
    "close": "封账",
    "urge": "催办",
    "broadcast": "群发通知",
    "stop": "停止群发",
}
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
    "organizations": "组织",
    "people": "人员",
}
VERDICTS = {None: "改写", "approved": "同意", "stopped": "不发", "replaced": "原文不用"}
OF_RECORDS = ("record", "revise", "withdraw")
SHOWN = ("expected", "present", "absent")
LONGEST_VALUE = 30
NOTHING = "还没有变更记录。"


class Change(Protocol):
    """One change, as `models.history.Line` is."""

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


def history(title: str, changes: Sequence[tuple[Change, str]], names: Mapping[str, str], today: date) -> str:
    """The changes with the names of their organizations; `names` are those of the requirements by key."""
    lines = [_line(change, place, names, today) for change, place in changes]
    return "\n".join([f"<b>变更记录</b> · {escape(title)}", *(lines or [NOTHING])])


def _line(change: Change, place: str, names: Mapping[str, str], today: date) -> str:
    moment = f"{short_day(change.at.date(), today)} {change.at:%H:%M}"
    who = change.by or "命令行"
    parts = [moment, who, ACTIONS.get(change.action, "变更"), place, *_what(change, names)]
    return "· " + " ".join(escape(part) for part in parts if part)


def _what(change: Change, names: Mapping[str, str]) -> list[str]:
    before, after = change.before or {}, change.after or {}
    entry = after or before
    if change.action in OF_RECORDS:
        head = [
            names.get(entry.get("requirement", ""), entry.get("requirement", "")),
            _value(entry.get("held_on")),
        ]
        if change.action == "revise":
            return [*head, *_differences(before, after, names)]
        return [*head, *(f"{FIELDS[key]}{entry[key]}" for key in SHOWN if key in entry)]
    if change.subject.startswith("occurrence:"):
        requirement, _, period = change.subject.removeprefix("occurrence:").rsplit("/", 2)
        moved = f"→ {_value(after['moved_to'])}" if after.get("moved_to") else ""
        return [names.get(requirement, requirement), period_name(period), moved]
    if change.action == "text":
        what = change.subject.removeprefix("text:").replace("/", " ")
        verdict = VERDICTS.get(after.get("verdict"), "")
        return [what, verdict, f"“{_value(after.get('text'))}”（版本{str(after.get('version'))[:4]}）"]
    if change.action == "settings" and change.before is None:
        return []
    if change.action in ("role", "organization", "settings"):
        named = change.about or (entry.get("name", "") if change.action == "organization" else "")
        return [named, *_differences(before, after, names)]
    return [change.about or "", *(f"{FIELDS[key]}{after[key]}" for key in after if key in FIELDS)]


def _differences(before: dict[str, Any], after: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    """实到 23→24 for each field that differs; 新 or 止 where there is only one side."""
    found = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old != new and key not in ("organization_id", "reason"):
            name = FIELDS.get(key, key)
            found.append(f"{name} {_value(old, names)}→{_value(new, names)}")
    return found


def _value(value: Any, names: Mapping[str, str] | None = None) -> str:
    match value:
        case None | [] | "":
            return "无"
        case bool():
            return "有" if value else "无"
        case list():
            text = "、".join(str(each) for each in value)
        case _:
            text = str(value)
    text = (names or {}).get(text, text)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
