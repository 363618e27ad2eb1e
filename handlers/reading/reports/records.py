"""Creates the records of a message from its parts, and the doubts about them."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from handlers.reading.attendance.counts import Count, find_counts
from handlers.reading.attendance.read import Attendance, read_attendance
from handlers.reading.reports import fields, intent_patterns as cue
from handlers.reading.reports.annotate import AnnotatedMessage
from handlers.reading.reports.held_on import HeldDay, find_held_day, read_held_day
from handlers.reading.reports.labelled_lines import LabelledFields, RecordText, read_fields
from handlers.reading.reports.split import Part
from handlers.reading.text.folding import blank, compile_words, list_between
from handlers.reading.text.name_index import EMPTY, NameIndex
from handlers.reading.types import MOST_ASSUMED, Doubt, DoubtKind, Event, list_distinct

ASKED = {
    DoubtKind.MISSING,
    DoubtKind.IMPOSSIBLE_DATE,
    DoubtKind.FUTURE_DATE,
    DoubtKind.VAGUE_DATE,
    DoubtKind.WEEKDAY,
    DoubtKind.UNKNOWN_ACTIVITY,
}
"""Doubts that must be cleared before anything is saved; the others are shown as assumed."""

_ASSUMED_ORDER = ("requirement", "held_on", "present", "expected", "absent", "online", "observers")
_GROUP_MEETING = "党小组会"


class MessageContext(NamedTuple):
    """What holds for the whole message.

    `now` is the aware time of writing, `replying_to` the activity that the message answers about, and
    `attendance` that of the whole text.
    """

    message: AnnotatedMessage
    now: datetime
    names: NameIndex = EMPTY
    replying_to: str | None = None
    attendance: Attendance | None = None


def create_records(context: MessageContext, parts: list[Part]) -> tuple[Event, ...]:
    """The records of a report, in the order of the text."""
    held = _list_days(context, parts)
    events: list[Event] = []
    for part, day in zip(parts, held, strict=True):
        events += _create_events(context, part, day, events[-1] if events and part.header is None else None)
    return tuple(_add_shared_counts(context, parts, _add_shared_places(context, parts, events)))


_CORRECTING = re.compile(
    r"(?:不对|有误|[写填报搞弄打]?错了?|漏[写填报]了?)[,\s]*(?:是|应该?[是为]|改[成为]|更正为)?\s*(?=\d)|"
    r"■*[,\s]*(?:应该?[是为]|改[成为]|更正为)\s*(?=\d)"
)
_POINTING = re.compile(r"(?:更正一?下?|订正|勘误|上一?条|刚[才刚]|那条|前面|之前)[,:]?")
_FIELD_SET_RIGHT = re.compile(
    r"(?:(?P<host>主持人?|主讲人?|授课人)|(?P<place>地点)|(?P<topic>主题|议题|内容))[^,。;\n]{0,6}(?:不对|有误|错了?)[^,。;\n]{0,8}"
    r"[,\s]\s?(?:应该?[是为]|改[成为]|是)\s?(?P<value>[^,。;\n■]{2,20})"
)


def create_correction(context: MessageContext) -> Event:
    """The fields that a correction states; nothing is inferred."""
    part = Part(0, len(context.message.text), context.message.activities[:1])
    record = _create_record_text(context.message, part)
    record = record._replace(masked=_POINTING.sub(lambda words: "=" * len(words[0]), record.masked))
    labelled = read_fields(record)
    numbers = _CORRECTING.sub(lambda words: "=" * len(words[0]), record.masked)
    attendance = read_attendance(numbers, find_counts(numbers, bare=True))
    day = find_held_day(context.message, _find_correction_start(context.message), part.end, context.now)
    # 刚才那条 points at a record and does not state its day.
    dated = day.stated and any(span.kind != "now" for span in context.message.days)
    details = _read_details(
        context, part, record, labelled, attendance, _find_branch(context, part, record, labelled)
    )
    if put_right := _FIELD_SET_RIGHT.search(record.masked):
        name = next(name for name in ("host", "place", "topic") if put_right[name])
        details[name] = record.get_words(*put_right.span("value"))
    return create_event(
        details,
        day.doubts if dated else (),
        requirement=part.names[0] if part.names else None,
        **dict.fromkeys(attendance.inferred),
        held_on=day.on if dated else None,
        period=day.period,
    )


def _find_correction_start(message: AnnotatedMessage) -> int:
    """Where to look for the correct day: behind 写错了 if one follows, as earlier ones are wrong."""
    wrong = cue.CORRECT.search(message.plain)
    return wrong.end() if wrong and any(day.start >= wrong.end() for day in message.days) else 0


def find_requirement(context: MessageContext) -> tuple[str | None, tuple[Doubt, ...]]:
    """The activity of a message without parts, and the doubts about it."""
    return _list_requirements(context, Part(0, len(context.message.text), context.message.activities))[0]


def read_description(context: MessageContext) -> dict[str, Any]:
    """The fields of the whole message without day and attendance, as for a plan."""
    part = Part(0, len(context.message.text), context.message.activities)
    record = _create_record_text(context.message, part)
    labelled = read_fields(record)
    return _read_details(
        context, part, record, labelled, Attendance(), _find_branch(context, part, record, labelled)
    )


def _list_days(context: MessageContext, parts: list[Part]) -> list[HeldDay]:
    """The day of each part: its own, its header's, the previous part's, or the first of all."""
    days: list[HeldDay] = []
    for part in parts:
        day = (
            read_held_day(context.message, part.day, context.now)
            if part.day
            else find_held_day(context.message, part.start, part.end, context.now)
        )
        if not day.stated and part.header:
            day = find_held_day(context.message, *part.header, context.now)
        elif not day.stated and days:
            day = days[-1]._replace(period=day.period or days[-1].period)
        days.append(day)
    stated = [day for day in days if day.stated]
    return [day if day.stated or not stated else stated[0] for day in days]


def _create_events(context: MessageContext, part: Part, day: HeldDay, before: Event | None) -> list[Event]:
    record = _create_record_text(context.message, part)
    labelled = read_fields(record)
    branch = _find_branch(context, part, record, labelled) or (before.branch if before else None)
    attendance = _read_attendance(context, part, record, branch)
    details = _read_details(context, part, record, labelled, attendance, branch)
    doubts = (*day.doubts, *attendance.doubts, *_list_inferred(attendance))
    events = [
        create_event(
            details,
            requirement=name,
            held_on=day.on,
            held_until=day.until,
            period=day.period,
            doubts=(*guessed, *doubts) if guessed else doubts,
        )
        for name, guessed in _list_requirements(context, part)
    ]
    return _split_counts(events, _list_counts(context, part)) if len(events) > 1 else events


def _read_attendance(
    context: MessageContext, part: Part, record: RecordText, branch: str | None
) -> Attendance:
    """The attendance of a part; that of the whole message is reused where it is the same."""
    whole, size = context.attendance, context.names.members.get(branch or "")
    needed = size is not None and whole is not None and (whole.everybody or whole.present is None)
    if whole and not needed and not part.row and len(record.text) == len(context.message.text):
        return whole
    return read_attendance(record.masked, _list_counts(context, part), offset=part.start, size=size)


def _list_counts(context: MessageContext, part: Part) -> Sequence[Count]:
    """The numbers of people in a part, except in the name of a row (一组)."""
    return list_between(context.message.counts, part.row[1] if part.row else part.start, part.end)


def _split_counts(events: list[Event], counts: Sequence[Count]) -> list[Event]:
    """支委会和党小组会分别是5人和8人: one number for each, if there are as many as activities."""
    plain = [count.value for count in counts if count.label is None]
    if len(plain) != len(events):
        return events
    return [event._replace(present=value) for event, value in zip(events, plain, strict=True)]


def _list_inferred(attendance: Attendance) -> Iterable[Doubt]:
    return (Doubt(name, DoubtKind.INFERRED) for name in attendance.inferred if name != "absent")


def _list_requirements(context: MessageContext, part: Part) -> list[tuple[str | None, tuple[Doubt, ...]]]:
    """The activities of a part with their doubts: named, asked about, or guessed."""
    weak = all(mention.weak for mention in part.activities)
    if context.replying_to and weak:
        return [(context.replying_to, ())]
    if names := part.names:
        return [(name, (Doubt("requirement", DoubtKind.GUESSED_ACTIVITY),) if weak else ()) for name in names]
    if guess := _find_guess(context, part):
        return [(guess, (Doubt("requirement", DoubtKind.GUESSED_ACTIVITY),))]
    return [(None, (Doubt("requirement", DoubtKind.UNKNOWN_ACTIVITY),))]


_GUESSES = (
    (compile_words("清廉 廉洁 廉政"), "廉洁教育活动"),
    (compile_words("清[理扫洁] 打扫 捡 义务 植树 献血 劝导 帮扶 敬老 关爱"), "志愿服务"),
    (compile_words("主题(?=\\s?[:：])", "红色", "重温入党", "过政治生日"), "主题党日"),
)


def _find_guess(context: MessageContext, part: Part) -> str | None:
    folded = context.message.folded
    for words, name in _GUESSES:
        if words.search(folded, part.start, part.end):
            return context.names.words[name][1][0]
    return None


def _create_record_text(message: AnnotatedMessage, part: Part) -> RecordText:
    start, end = part.start, part.end
    masked = message.masked[start:end]
    if part.row:
        masked = blank(masked, [(part.row[0] - start, part.row[1] - start)])
    return RecordText(message.text[start:end], message.folded[start:end], masked)


def _read_details(
    context: MessageContext,
    part: Part,
    record: RecordText,
    labelled: LabelledFields,
    attendance: Attendance,
    branch: str | None,
) -> dict[str, Any]:
    """The fields of a record except activity and day."""
    counted = RecordText(record.text, record.folded, blank(record.masked, attendance.spans))
    where = fields.find_places(counted, labelled)
    return {
        "branch": branch,
        "present": attendance.present,
        "expected": attendance.expected,
        "absent": attendance.absent,
        "observers": attendance.observers,
        "online": attendance.online,
        "quantity": fields.find_quantity(context.message.masked[part.start : part.end]),
        "topic": fields.find_topic(counted, labelled),
        "place": where[0] if where else None,
        "host": fields.find_host(record, labelled),
    }


def _find_branch(
    context: MessageContext, part: Part, record: RecordText, labelled: LabelledFields
) -> str | None:
    if part.row:
        start, end = part.row
        known = next(iter(list_between(context.message.branches, start, start + 1)), None)
        return known.names[0] if known else context.names.find_branch(context.message.text[start:end].strip())
    known_here = list_between(context.message.branches, part.start, part.end)
    if known_here:
        return "、".join(list_distinct(hit.names[0] for hit in known_here))
    written = fields.find_branch(record, labelled, group=_GROUP_MEETING in part.names)
    return context.names.find_branch(written) if written else None


_ALL_THERE = re.compile(r"[都均]在")


def _add_shared_places(context: MessageContext, parts: list[Part], events: list[Event]) -> list[Event]:
    """小会议室和阶梯教室 behind two meetings: one place for each; 都在三楼 is for all."""
    if len(parts) != len(events) or len(events) < 2 or any(event.place for event in events[:-1]):
        return events
    record = _create_record_text(context.message, parts[-1])
    where = fields.find_places(record, read_fields(record))
    if len(where) == 1 and _ALL_THERE.search(record.masked):
        where *= len(events)
    if len(where) != len(events):
        return events
    return [event._replace(place=place) for event, place in zip(events, where, strict=True)]


_EACH_TIME = re.compile(r"(?:[都均]是?|均为|各[有是]?|每次都?[是有]?)\s?(?:到了?|来了?)?\s?\d+\s?[人名个]")


def _add_shared_counts(context: MessageContext, parts: list[Part], events: list[Event]) -> list[Event]:
    """三个会都开了，都是22人: the numbers behind the last activity hold for all."""
    last = events[-1]
    if len(events) < 2 or any(event.present is not None for event in events[:-1]):
        return events
    if last.present is None or not _EACH_TIME.search(context.message.masked, parts[-1].start):
        return events
    return [
        event._replace(present=last.present, expected=last.expected, absent=last.absent) for event in events
    ]


def create_event(details: dict[str, Any], doubts: tuple[Doubt, ...], **more: Any) -> Event:
    """The event with its fields; the doubts decide which are asked for or assumed."""
    if not doubts:
        return Event(**(details | more))
    ask = list_distinct(doubt.field for doubt in doubts if doubt.kind in ASKED)
    flagged = {doubt.field for doubt in doubts}.difference(ask)
    assumed = tuple(name for name in _ASSUMED_ORDER if name in flagged)[:MOST_ASSUMED]
    return Event(**(details | more), ask=ask, assumed=assumed, doubts=doubts)
