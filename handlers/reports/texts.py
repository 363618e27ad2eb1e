"""Texts about reports, joining and leave. PURE."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from handlers.reports.draft import Piece, Question
from models.rules.output.zh_text import escape, format_full_day, format_period, join_names
from models.rules.requirements.entries import Entry

ASSUMED_NAMES = {
    "held_on": "日期",
    "expected": "应到",
    "present": "实到",
    "absent": "缺席",
    "requirement": "活动",
    "period": "所属时间",
    "branch": "支部",
    "topic": "主题",
    "place": "地点",
    "host": "主持",
}
QUESTIONS = {
    "requirement": "这是哪项活动？",
    "organization_id": "是哪个支部的？",
    "period": "算哪个时间段的？",
    "part": "是哪个专题的？",
    "quantity": "是多少节（学时）？",
}
JOIN_HINT = "您好，这里是党支部工作提醒。请向所在支部书记要一个加入码，然后发送：/start 加入码"


def format_recorded(entries: Sequence[tuple[Entry, str]], today: date) -> str:
    """已记录: one block for each activity that was stored."""
    return "\n\n".join(format_entry("已记录", entry, organization, today) for entry, organization in entries)


def format_slips(slips: Iterable[tuple[str, str]]) -> str:
    """Fixed terms whose typing errors were corrected; "" without any."""
    pairs = [f"“{escape(written)}”已写作“{escape(right)}”" for written, right in slips]
    return f"\n（{'，'.join(pairs)}）" if pairs else ""


def format_changed(entries: Sequence[tuple[Entry, str]], today: date) -> str:
    """已更正: one block for each activity after a correction."""
    return "\n\n".join(format_entry("已更正", entry, organization, today) for entry, organization in entries)


def format_unchanged(entries: Sequence[tuple[Entry, str]], today: date) -> str:
    """早已记录: the report repeats what is stored."""
    first = "\n\n".join(
        format_entry("早已记录", entry, organization, today) for entry, organization in entries
    )
    return f"{first}\n内容相同，没有改动。"


def format_withdrawn(entries: Sequence[tuple[Entry, str]], today: date) -> str:
    """已撤回: one line for each withdrawn activity."""
    return "\n".join(format_head("已撤回", entry, organization, today) for entry, organization in entries)


def format_head(verb: str, entry: Entry, organization: str, today: date) -> str:
    """已记录 理科支部 · 主题党日 · 11月20日（周五）."""
    parts = [f"{verb} {escape(organization)}", escape(entry.requirement or ""), _format_days(entry, today)]
    return " · ".join(part for part in parts if part)


def format_entry(verb: str, entry: Entry, organization: str, today: date) -> str:
    """One activity in at most four lines."""
    lines = [format_head(verb, entry, organization, today), _format_figures(entry), _format_details(entry)]
    if entry.period and entry.held_on and not entry.held_on.isoformat().startswith(entry.period[:4]):
        lines.append(f"记入{format_period(entry.period)}")
    return "\n".join(line for line in lines if line)


def format_question(piece: Piece, asked: Question, organization: str | None, today: date) -> str:
    """The question about one field of a report, under the organization and activity."""
    entry = piece.entry
    what = " · ".join(escape(part) for part in (organization, entry.requirement) if part)
    text = QUESTIONS.get(asked.field) or _format_field_question(entry, asked.field, piece.doubts, today)
    return f"{what}：{text}" if what else text


def _format_field_question(entry: Entry, field: str, doubts: Mapping[str, str], today: date) -> str:
    """The questions whose words depend on what was written."""
    match field:
        case "held_on":
            return _format_day_question(entry, doubts.get(field, ""), today)
        case "again":
            return f"{_format_days(entry, today)}已有一条记录，数字不同。这次是更正，还是另一次活动？"
    if entry.present is not None and entry.expected is not None:
        return f"实到{entry.present}人、应到{entry.expected}人，对不上。请点一个，或直接写：应到几 实到几"
    return "到了多少人？请直接写数字，例如：应到25 实到23"


def format_repeated_next_day(text: str) -> str:
    """A question repeated the next morning."""
    return f"昨天有一条还没记上，待您确认：\n{text}"


def format_repeated(text: str) -> str:
    """A question repeated because the answer was not understood."""
    return f"这条还没记上。{text}"


REPORT_DROPPED = "好的，这条不记了。"
"""The sender dropped an open report."""


def format_correction_hint(entries: Sequence[tuple[Entry, str]], today: date) -> str:
    """How to correct a record."""
    lines = [format_head("更正", entry, organization, today) for entry, organization in entries]
    return "\n".join([*lines, "请回复这条消息，只写要改的，例如：实到24；或：是11月19日"])


def format_not_allowed(organization: str) -> str:
    """The organization is outside the speaker's scope."""
    return f"您不能登记{escape(organization)}的活动，没有记录。"


NOTHING_TO_CORRECT = "没有找到您登记过的记录。"
"""The speaker has no record that could be corrected or withdrawn."""


EDIT_NOT_UNDERSTOOD = "修改后的内容没读懂，原记录没有变。要改请写全，例如：昨天主题党日，应到25实到23"
"""An edited message no longer reports an activity."""


def format_moved(organization: str, requirement: str, day: date, today: date) -> str:
    """A meeting was postponed to a day."""
    name = f"{escape(organization)} · {escape(requirement)}"
    return f"已改期 {name} · {format_full_day(day, today)}，到时提前提醒您。"


def format_announced(organization: str, requirement: str, day: date, today: date) -> str:
    """A meeting was announced for a day."""
    return f"已记下 {escape(organization)} · {escape(requirement)} 定在 {format_full_day(day, today)}。"


def format_ask_new_day(organization: str, requirement: str) -> str:
    """Ask for the new day of a postponed meeting."""
    return f"好的。{escape(organization)}{escape(requirement)}改到哪天？请直接写日期，例如：28号"


def format_unreadable(example: str) -> str:
    """The text was not understood; with an example report for this speaker."""
    return f"这句没读懂。登记活动可以这样写：{escape(example)}"


TOO_LONG = "这条太长了，没有读。请分成几条短的发。"
"""The message is longer than the reader accepts."""


TEXT_ONLY = "收到了，但我只看文字。请补一句话，例如：昨天主题党日，应到25实到23"
"""A photo, a file or a voice message without text."""


REPORTERS_ONLY = "登记活动由支部书记或干事来做，这条没有记录。"
"""A person who may not report wrote a report."""


def _format_days(entry: Entry, today: date) -> str:
    if entry.held_on is None:
        return ""
    if entry.held_until is None or entry.held_until == entry.held_on:
        return format_full_day(entry.held_on, today)
    return f"{format_full_day(entry.held_on, today)}至{format_full_day(entry.held_until, today)}"


def _format_figures(entry: Entry) -> str:
    named = (
        ("应到", entry.expected),
        ("实到", entry.present),
        ("缺席", entry.absent),
        ("其中线上", entry.online),
        ("列席", entry.observers),
        ("节（学时）", entry.quantity),
    )
    return " ".join(f"{name} {value:g}" for name, value in named if value is not None)


def _format_details(entry: Entry) -> str:
    named = (("主题", entry.topic), ("地点", entry.place), ("主持", entry.host))
    return "；".join(f"{name}：{escape(value)}" for name, value in named if value)


def format_assumed(fields: Iterable[str]) -> str:
    """A note about the fields that were inferred; "" without any."""
    names = [ASSUMED_NAMES[name] for name in fields if name in ASSUMED_NAMES]
    return f"\n（{join_names(names)}是推算的，不对请点“改一下”）" if names else ""


def _format_day_question(entry: Entry, doubt: str, today: date) -> str:
    kind, _, said = doubt.partition(":")
    if kind == "impossible_date":
        return f"没有{escape(said)}这一天，是哪天开的？"
    if entry.held_on is not None and entry.held_on > today:
        return f"{escape(format_full_day(entry.held_on, today))}还没到，是哪天开的？"
    if kind == "future_date":
        return f"{escape(said)}还没到，是哪天开的？"
    if kind == "vague_date" and said:
        return f"“{escape(said)}”是哪一天？"
    if kind == "weekday" and entry.held_on is not None:
        return f"{format_full_day(entry.held_on, today)}，与写的{escape(said)}不一致，是哪天开的？"
    return "是哪天开的？"


JOIN_IN_PRIVATE = "加入请在与我的私聊里进行，不要把加入码发在群里。"
"""A joining code in a group."""


INVALID_CODE = "这个加入码无效或已用过。请向支部书记要一个新的。"
"""The joining code is wrong, used or expired; the answer does not reveal who exists."""


def format_welcome(name: str, organizations: Sequence[str]) -> str:
    """A person joined."""
    places = escape(join_names(organizations))
    return f"{escape(name)}，您好！您已加入{places}。发“帮助”看能做什么，发“退出”不再接收消息。"


GOODBYE = "好的，今后不再给您发消息。想回来时，请向支部书记或管理员要一个新的加入码。"
"""A person left."""


def format_not_visible(names: Sequence[str]) -> str:
    """The organization does not exist or is outside the speaker's scope: the same text for both."""
    return f"您看不到{escape(join_names(names))}的情况。"


WHICH_ORGANIZATION = "您要看的是哪个？"
"""Under an unknown name, above buttons with similar names."""


def format_leave_noted(organization: str, requirement: str, day: date, today: date) -> str:
    """A request for leave was stored."""
    what = f"{escape(organization)} · {escape(requirement)} · {format_full_day(day, today)}"
    return f"好的，已替您请假并转告书记：{what}"


def format_leave_for_secretary(name: str, organization: str, requirement: str, day: date, today: date) -> str:
    """The message to the secretary about a request for leave, without its reason."""
    return (
        f"{escape(name)}请假：{escape(organization)} · {escape(requirement)} · {format_full_day(day, today)}"
    )


NO_MEETING_FOR_LEAVE = "没有找到您要请假的活动。请写上是哪一次，例如：25号主题党日请假"
"""A request for leave that matches no coming meeting."""


def format_open_questions(count: int) -> str:
    """The number of open questions, above a status."""
    return f"待您确认 {count} 条，请点下面的“待确认”。"


NOT_UNDERSTOOD = "这句没读懂。想看本支部的情况，请发：状态"
"""Text that was not understood, from a person who may not report."""
