"""Reads one message: the sender's intent and the records in it."""

import re
from datetime import datetime, timedelta

from handlers.reading.attendance.read import read_attendance
from handlers.reading.reports import fields, intent_patterns as cue, records
from handlers.reading.reports.annotate import AnnotatedMessage, annotate_message, read_as_future
from handlers.reading.reports.held_on import LATELY, NIGHT_ENDS, find_planned_day
from handlers.reading.reports.intent import MessageFeatures, find_intent
from handlers.reading.reports.records import MessageContext
from handlers.reading.reports.split import Part, split_message
from handlers.reading.text.folding import blank, find_spans
from handlers.reading.text.name_index import EMPTY, NameIndex
from handlers.reading.types import Doubt, DoubtKind, Event, Intent, Reading, list_distinct

__all__ = ["read_message"]

_SHORT = 12
"""A reply of up to so many characters may be a bare number."""
_SPACED_OUT = re.compile(r"(?:[一-龥] ){5}")
_SPACED = re.compile(r"(?<=[一-龥]) (?=[一-龥\d])|(?<=\d) (?=[一-龥])")
"""The gaps in a text with a space after every character (党 课 昨 天)."""
_ASKING_COMMANDS = {"status", "query", "board", "ask"}


def read_message(
    text: str, *, now: datetime, names: NameIndex = EMPTY, replying_to: str | None = None
) -> Reading:
    """The reading of one message that was written at the aware time `now`.

    `replying_to` is the activity that the previous message asked about; a reply may leave it out.
    Never raises, whatever the text.
    """
    if " " in text and _SPACED_OUT.search(text):
        text = _SPACED.sub("", text)
    bare = replying_to is not None and len(text) <= _SHORT
    message = annotate_message(text, now=now, names=names, bare=bare)
    context = MessageContext(
        message, now, names, replying_to, read_attendance(message.masked, message.counts)
    )
    intent = _find_intent(context)
    if intent in (Intent.RECORD, Intent.RESCHEDULE) and (held_parts := _list_held_parts(message, intent)):
        return Reading(Intent.RECORD, records.create_records(context, held_parts))
    match intent:
        case Intent.CORRECT:
            return _read_correction(context, text)
        case Intent.RESCHEDULE | Intent.ANNOUNCE | Intent.LEAVE:
            return _read_plan(intent, context._replace(message=read_as_future(message, now)))
        case Intent.QUERY:
            activities = list_distinct(name for mention in message.activities for name in mention.names)
            return Reading(intent, tuple(Event(requirement=name) for name in activities))
    return Reading(intent)


def _list_held_parts(message: AnnotatedMessage, intent: Intent) -> list[Part]:
    """The parts that report an event; in 支委会开了，主题党日还没开 only the first."""
    parts = split_message(message)
    if len(parts) == 1:
        return parts if intent is Intent.RECORD else []
    held = [part for part in parts if not cue.NEGATED.search(message.plain, part.start, part.end)]
    if intent is Intent.RECORD:
        return held or parts
    return (
        [part for part in held if cue.DONE.search(message.plain, part.start, part.end)]
        if len(held) < len(parts)
        else []
    )


def _find_intent(context: MessageContext) -> Intent:
    message = context.message
    if message.command in _ASKING_COMMANDS:
        return Intent.QUERY
    features = MessageFeatures(
        activity=bool(message.activities) or context.replying_to is not None,
        counts=bool(context.attendance and context.attendance.stated) or _has_lesson_count(message),
        when=_find_tense(message, context.now),
        signs=bool(_ASSENT.search(message.text)),
        bare=not _WORDS.search(message.masked),
    )
    intent = find_intent(message.plain, features)
    if intent is Intent.OTHER and message.activities and features.when == "past":
        if _is_coming_soon(context):
            return Intent.ANNOUNCE
        return Intent.RECORD if _is_form(message) or _is_caption(context) else intent
    return intent


def _has_lesson_count(message: AnnotatedMessage) -> bool:
    """Whether lessons are counted: 讲思政课2课时."""
    return any("思政课" in name for mention in message.activities for name in mention.names) and (
        fields.find_quantity(message.masked) is not None
    )


_FIELD_LINE = re.compile(r"(?:^|\n)[^\S\n]*(?:[一二三四五六七八九十\d][、.])?【?[一-龥]{2,6}】?:\s?[^\s?]")
_FIELDS = 3


def _is_form(message: AnnotatedMessage) -> bool:
    """Whether it has several lines of labels and values."""
    return "\n" in message.folded and len(_FIELD_LINE.findall(message.folded)) >= _FIELDS


def _is_caption(context: MessageContext) -> bool:
    """Whether it holds only day, activity, branch and place: 11月18日文科支部主题党日."""
    details = records.read_description(context)
    known = sum(
        len(words)
        for words in (details["branch"], details["place"], details["topic"])
        if words and words in context.message.text
    )
    return len(_WORDS.findall(context.message.masked)) <= known


_APPOINTED = re.compile(r"[日号](?!的)|\d点|\d:\d\d|[一二三四五六七八九十]点")
_SOON = timedelta(days=14)


def _is_coming_soon(context: MessageContext) -> bool:
    """Whether 26日下午主题党日 means the next 26th, since that is nearer than the last."""
    message, today = context.message, context.now.date()
    ahead = read_as_future(message, context.now).days
    for past, coming in zip(message.days, ahead, strict=False):
        if past.kind == "day" and _APPOINTED.search(message.plain, past.start, past.end + 8):
            return today < coming.first <= today + _SOON and coming.first - today < today - past.first
    return False


_ASSENT = re.compile("[👌👍🙏✅🫡💪]")
_WORDS = re.compile(r"[^\W■_]")


_EVENING, _AFTERNOON = 17, 12
_LATER_TODAY = (("晚", _EVENING), ("下午", _AFTERNOON))


def _find_tense(message: AnnotatedMessage, now: datetime) -> str | None:
    """Whether the first named day is past, today or future; 今晚 is future until evening."""
    today = now.date()
    for span in message.days:
        if span.kind in ("day", "range", "now", "vague") or span.first > today:
            if span.first > today or span.doubt == "old":
                return "future"
            if span.last < today or span.kind == "vague":
                return "past"
            words = message.plain[span.start : span.end + 2]
            return (
                "future"
                if any(part in words and NIGHT_ENDS <= now.hour < hour for part, hour in _LATER_TODAY)
                else "today"
            )
    return "past" if LATELY.search(message.plain) else None


_DENIED = re.compile(
    r"(?:而)?不(?:应)?是\s?(?P<what>[^,。;\n]{1,14}?)(?:(?=[。;\s]|而?是|$)|,\s?(?:而?是|应该?[是为])?)|写成了?\s?\d+|由\s?\d+[人名个]?(?=改)|把?\s?\d+[人名个]?(?=改[成为])"
)


_BESIDE = 200
"""How far from 写错了 a field may stand that it corrects, in characters."""


def _read_correction(context: MessageContext, text: str) -> Reading:
    """The corrected fields; what is called wrong (不是12) is blanked before reading."""
    message = context.message
    start, end = 0, len(text)
    if end > 2 * _BESIDE and (word := cue.CORRECT.search(message.plain)):
        start, end = max(0, word.start() - _BESIDE), word.end() + _BESIDE
    beside = text[start:end]
    wrong = find_spans(_DENIED, message.plain[start:end])
    if wrong or len(beside) < len(text):
        message = annotate_message(blank(beside, wrong), now=context.now, names=context.names)
    event = records.create_correction(context._replace(message=message))
    return Reading(Intent.CORRECT, (event,))


def _read_plan(intent: Intent, context: MessageContext) -> Reading:
    """What is moved, announced or asked leave from, with its future day."""
    message = context.message
    moved = (
        (cue.NEGATED.search(message.plain) or cue.MOVED.search(message.plain))
        if intent is Intent.RESCHEDULE
        else None
    )
    day = find_planned_day(message, context.now, moved.end() if moved else None)
    name, doubts = records.find_requirement(context)
    if day is None and intent is not Intent.LEAVE:
        doubts = (*doubts, Doubt("held_on", DoubtKind.MISSING))
    return Reading(
        intent,
        (records.create_event(records.read_description(context), doubts, requirement=name, held_on=day),),
    )
