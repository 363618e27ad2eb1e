"""Finds the day of a record or a plan among all days that a text names."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from handlers.reading.dates.find import DateSpan
from handlers.reading.reports.annotate import AnnotatedMessage
from handlers.reading.text.folding import list_between
from handlers.reading.types import Doubt, DoubtKind

SOON_DAYS = 60
"""A day most of a year back whose next return is so near is a slip or a plan."""
NIGHT_ENDS = 5
"""Before this hour 今晚 means the previous evening."""


class HeldDay(NamedTuple):
    """The day of a record.

    `on` and `until` are the first and last day, `period` the key of a named period; `stated` is whether the
    text names a day at all.
    """

    on: date | None = None
    until: date | None = None
    period: str | None = None
    doubts: tuple[Doubt, ...] = ()
    stated: bool = False


_ASIDE = re.compile(r"(?:原定|原计划|本来|原来|下次|下一次|截至|截止|成立)(?:于|在|是)?[^,。;\n\d]{0,4}$")
_MOVED_TO = re.compile(r"(?:改|推迟|延期|提前|推|延|挪|调整?)(?:到|至|在)了?\s?$")
_LABEL = re.compile(r"(?:时间|日期)\s?[:为是]?\s?$")
_EXPLICIT = re.compile(r"[\d今昨周天]|[前明后][日早晚]|星期|礼拜|[一二三四五六七八九十][日号]")
_JUST_NOW = re.compile(r"刚(?!才(?:那|的|发|报|说)|发|报|说)|方才")
LATELY = re.compile(r"连日来?|近来|这段时间|不久前|前不久|前阵子")
_PART_OF_TODAY = re.compile(r"今|刚")


def find_held_day(message: AnnotatedMessage, start: int, end: int, now: datetime) -> HeldDay:
    """The day of the record in [start, end); not `stated` where today is assumed."""
    spans = list_between(message.days, start, end)
    period = next((s.period for s in spans if s.kind == "period" and s.period and "W" not in s.period), None)
    if chosen := _find_best_day(message, [span for span in spans if is_day(message, span)]):
        return _create_held_day(message, chosen, now, period)
    for impossible in message.impossible:
        if start <= impossible.start < end:
            return HeldDay(
                period=period,
                doubts=(_create_doubt(DoubtKind.IMPOSSIBLE_DATE, impossible.text),),
                stated=True,
            )
    if lately := LATELY.search(message.plain, start, end):
        return HeldDay(period=period, doubts=(_create_doubt(DoubtKind.VAGUE_DATE, lately[0]),), stated=True)
    just_now = _JUST_NOW.search(message.plain, start, end) or any(span.kind == "now" for span in spans)
    if not just_now and (vague := _find_vague(spans, now.date())):
        return HeldDay(
            period=period,
            doubts=(_create_doubt(DoubtKind.VAGUE_DATE, message.text[vague.start : vague.end]),),
            stated=True,
        )
    if just_now and now.hour < NIGHT_ENDS:
        return HeldDay(
            now.date() - timedelta(days=1),
            period=period,
            doubts=(_create_doubt(DoubtKind.MIDNIGHT),),
            stated=True,
        )
    return HeldDay(
        now.date(),
        period=period,
        doubts=() if just_now else (_create_doubt(DoubtKind.TODAY),),
        stated=bool(just_now),
    )


_CLOCK = re.compile(r"点|时|:\d\d|午|晚|早")
_DAY_WORD = re.compile(r"[日号天周./-]|星期|礼拜")


def is_day(message: AnnotatedMessage, span: DateSpan) -> bool:
    """Whether a span names days, not months (9-10月); 下午三点开始 is the start of a meeting."""
    words = message.plain[span.start : span.end]
    if span.kind == "range":
        return _DAY_WORD.search(words.replace("-", "", 1)) is not None
    return span.kind == "day" or (span.kind == "since" and _CLOCK.search(words) is not None)


def read_held_day(message: AnnotatedMessage, span: DateSpan, now: datetime) -> HeldDay:
    """A given span as the day of a record."""
    return _create_held_day(message, span, now, None)


def _create_doubt(kind: DoubtKind, text: str = "") -> Doubt:
    return Doubt("held_on", kind, text)


def _find_best_day(message: AnnotatedMessage, days: Sequence[DateSpan]) -> DateSpan | None:
    """The best of several days.

    In this order: what it was moved to, a labelled field, a date rather than a festival's name, the first.
    """
    days = [span for span in days if not _ASIDE.search(message.plain, max(0, span.start - 12), span.start)]
    if len(days) < 2:
        return days[0] if days else None
    for pattern in (_MOVED_TO, _LABEL):
        for span in days:
            if pattern.search(message.plain, max(0, span.start - 8), span.start):
                return span
    explicit = (span for span in days if _EXPLICIT.search(message.plain, span.start, span.end))
    return next(explicit, None) or days[0]


_DOUBTFUL = {"weekday": DoubtKind.WEEKDAY, "fraction": DoubtKind.BARE_NUMBERS, "old": DoubtKind.OLD_DATE}


def _create_held_day(message: AnnotatedMessage, span: DateSpan, now: datetime, period: str | None) -> HeldDay:
    today, words = now.date(), message.text[span.start : span.end]
    until = span.last if span.last != span.first else None
    if _is_coming(span, today) or span.first > today:
        day = span.first if span.first > today else None
        return HeldDay(
            day, until if day else None, period, (_create_doubt(DoubtKind.FUTURE_DATE, words),), stated=True
        )
    if span.first == today and now.hour < NIGHT_ENDS and _PART_OF_TODAY.search(words):
        return HeldDay(
            today - timedelta(days=1), None, period, (_create_doubt(DoubtKind.MIDNIGHT, words),), stated=True
        )
    doubts = (_create_doubt(_DOUBTFUL[span.doubt], words),) if span.doubt in _DOUBTFUL else ()
    if not _EXPLICIT.search(words):
        doubts = (*doubts, _create_doubt(DoubtKind.FESTIVAL, words))
    return HeldDay(span.first, until, period, doubts, stated=True)


def _is_coming(span: DateSpan, today: date) -> bool:
    """Whether a day that was read as last year's returns within SOON_DAYS."""
    if span.doubt != "old":
        return False
    ahead = span.first + timedelta(days=365)
    return today < ahead <= today + timedelta(days=SOON_DAYS)


def _find_vague(spans: Sequence[DateSpan], today: date) -> DateSpan | None:
    """The first span that is no single day; not a current month or longer, which may mean today."""
    for span in spans:
        running = (
            span.kind == "period" and "W" not in (span.period or "W") and span.first <= today <= span.last
        )
        if span.kind in ("vague", "part", "window", "period", "range") and not running:
            return span
    return None


_PLANNED = re.compile(r"(?:到|至|在|为|改|定|于|补|:)\s?$")
_TO_BE_HELD = re.compile(r"\s?[^,。;\n没未不改推延挪调取]{0,8}?(?:补|再|开|办|搞|上(?!午)|进行|召)(?!不)")
_OF = re.compile(r"\s?的")


def find_planned_day(message: AnnotatedMessage, now: datetime, after: int | None) -> date | None:
    """The day something is moved to or announced for; the message is read as future.

    `after` is where the words of moving end: a day before them is the missed one, unless words beside it
    mark it as new (27号补开).
    """
    days = [span for span in message.days if span.kind in ("day", "range") and span.first >= now.date()]
    days = [span for span in days if not _ASIDE.search(message.plain, max(0, span.start - 12), span.start)]
    for span in days:
        if after is None or span.start >= after or _is_new_day(message, span):
            return span.first
    return None


def _is_new_day(message: AnnotatedMessage, span: DateSpan) -> bool:
    if _OF.match(message.plain, span.end):
        return False
    leads = _PLANNED.search(message.plain, max(0, span.start - 4), span.start)
    return bool(leads or _TO_BE_HELD.match(message.plain, span.end))
