"""Splits a message into its records: by activity, by branch, by day."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from handlers.reading.attendance.labels import Label
from handlers.reading.dates.find import DateSpan
from handlers.reading.reports import intent_patterns as cue
from handlers.reading.reports.annotate import ActivityMention, AnnotatedMessage
from handlers.reading.text.folding import Span, compile_words, list_between, list_spans


class Part(NamedTuple):
    """The part of a message that makes one record, as a span.

    `activities` stand side by side (暨). `header` is a span before it that holds for several parts, `row` the
    span of a branch's name in a list, `day` the one that is meant where several are named.
    """

    start: int
    end: int
    activities: tuple[ActivityMention, ...]
    header: Span | None = None
    row: Span | None = None
    day: DateSpan | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The common names of its activities, each once."""
        return tuple(dict.fromkeys(name for mention in self.activities for name in mention.names))


def split_message(message: AnnotatedMessage) -> list[Part]:
    """The parts in the order of the text; at least one."""
    groups = _list_groups(message)
    parts = (
        _split_by_activity(message, groups)
        if len(groups) > 1
        else [Part(0, len(message.text), *groups or ((),))]
    )
    return [
        row
        for part in parts
        for row in (_split_by_branch(message, part) or _split_by_day(message, part) or [part])
    ]


_TOGETHER = re.compile(
    r"(?:活动|会议|大会|会)?[”\"]?\s*(?:暨|和|、|及|与|\+|/|以及|,|跟|加|还有)\s*[“\"]?"
    r"(?:召开|开展|举行|举办|上了?|专题|集体|党支部|支部|党员|全体|集中|年度|\d{4}年度?|■)*"
)


def _list_groups(message: AnnotatedMessage) -> list[tuple[ActivityMention, ...]]:
    """The activities in groups; those of one event share a group (党员大会暨主题党日)."""
    groups: list[tuple[ActivityMention, ...]] = []
    # 三会一课 above a list of what was held is a heading and no activity of its own.
    for mention in [
        mention for mention in message.activities if len(mention.names) == 1
    ] or message.activities:
        if (
            groups
            and _TOGETHER.fullmatch(message.masked, groups[-1][-1].end, mention.start)
            and not _list_days(message, groups[-1][-1].end, mention.start)
        ):
            groups[-1] = (*groups[-1], mention)
        else:
            groups.append((mention,))
    return groups


_DAYS = ("day", "range")


def _list_days(message: AnnotatedMessage, start: int, end: int) -> list[DateSpan]:
    return [span for span in list_between(message.days, start, end) if span.kind in _DAYS]


def _find_first_day(message: AnnotatedMessage, start: int, end: int) -> DateSpan | None:
    return next((span for span in list_between(message.days, start, end) if span.kind in _DAYS), None)


_ONWARD = re.compile(r"(?:接着|随后|然后|之后|会后|同日|另外|又|接下来|结束后)[^,。;\n]{0,6}$")
_HELD = compile_words("[开上讲办]了 开过 开完 已 完成 召开 举行 开展")


def _split_by_activity(
    message: AnnotatedMessage, groups: Sequence[tuple[ActivityMention, ...]]
) -> list[Part]:
    """Parts by activity: a further one is a record of its own if `_is_another` says so.

    It needs a day, a count, or a word such as 接着 before it. Otherwise it belongs to the part before: a 党课
    within a 主题党日.
    """
    parts = [Part(0, len(message.text), groups[0])]
    for at, group in enumerate(groups[1:], 1):
        last = parts[-1]
        start = _find_beginning(message, last.activities[-1].end, group[0].start)
        limit = groups[at + 1][0].start if at + 1 < len(groups) else len(message.text)
        if _is_another(message, last, Part(start, limit, group)):
            parts[-1] = last._replace(end=start)
            parts.append(Part(start, len(message.text), group))
    return parts


def _find_beginning(message: AnnotatedMessage, after: int, mention_start: int) -> int:
    """Where the words of an activity begin: at a pause, or at a day or branch before it."""
    pause = max(message.plain.rfind(mark, after, mention_start) for mark in "\n。;,、") + 1
    if pause and not list_between(message.counts, pause, mention_start):
        return pause
    before = [
        *list_spans(list_between(message.days, after, mention_start)),
        *list_spans(list_between(message.branches, after, mention_start)),
    ]
    starts = {end: start for start, end in before}
    start = mention_start
    while True:
        while start > after and message.plain[start - 1] in " 的":
            start -= 1
        if start not in starts:
            return start
        start = starts[start]


def _is_another(message: AnnotatedMessage, last: Part, part: Part) -> bool:
    own_day = _find_first_day(message, part.start, part.end)
    last_day = _find_first_day(message, last.start, part.start)
    counted = bool(list_between(message.counts, part.start, part.end))
    last_counted = bool(list_between(message.counts, last.start, part.start))
    another_day = own_day is not None and not any(
        span.first == own_day.first and span.kind in _DAYS
        for span in list_between(message.days, last.start, part.start)
    )
    if part.names == last.names:
        return another_day and last_day is not None and (counted or not last_counted)
    reported = (
        last_counted or last_day is not None or bool(_HELD.search(message.plain, last.start, part.start))
    )
    line = "\n" in message.plain[last.activities[-1].end : part.activities[0].start]
    onward = bool(_ONWARD.search(message.plain, part.start, part.activities[0].start))
    not_held = bool(cue.NEGATED.search(message.plain, part.activities[-1].end, part.end))
    return reported and (
        another_day
        or onward
        or not_held
        or (counted and (last_counted or line))
        or (line and _is_reported(message, part))
    )


def _is_reported(message: AnnotatedMessage, part: Part) -> bool:
    return bool(_HELD.search(message.plain, part.activities[-1].end, part.end))


_ROW = re.compile(
    r"(?<![^\n,。;、:\s])(?P<name>■+(?:党?支部)?|[一-龥A-Za-z0-9()]{1,14}?)(?:\s?:)?\s?"
    r"(?=应[到道]|实[到道]|到会?\s?\d|来了|参加|共|全[到部]|全体|\d+\s?/|\d+(?:[人名个,;、。\s]|$)|[一二三四五六七八九十]+[人名个])"
)
_BRANCH_LIKE = re.compile(r"(?:支部|总支|党委|组|校|学|园|年级|校区|处|科|部)$")
_BRANCH_NEEDED = re.compile("[部支委组校学园级处科]")
"""The name of a row holds one of these, or is a known branch; any word in a list of several."""
_NOBODY = {"支部", "我支部", "本支部", "我们支部", "全支部", "党支部"}
_SEVERAL = re.compile(
    r"(?:[两二三四五六七八九十几各]个?|\d个)\S{0,3}支部|支部(?:都|均|分别)|各校|小组|各组|分别|总支|单位|各党"
)
_COUNT_WORD = re.compile(
    r"赞|反对|弃|同意|应|实|到|来|参|出|请|缺|病|事|产|公|线|网|列|积极|群众|其中|共|合计|总|预备|正式|党员|教师|男|女|优秀|全|未|没|人数|现场|委员|班子|支委|日期|时间|缺"
)


def _split_by_branch(message: AnnotatedMessage, part: Part) -> list[Part]:
    """Rows by branch: 理科23人，文科21人，专业二18人; they share what stands before the first."""
    several = bool(_SEVERAL.search(message.plain, part.start, part.end))
    if not (several or message.branches or _BRANCH_NEEDED.search(message.masked, part.start, part.end)):
        return []
    rows = [
        match.span("name")
        for match in _ROW.finditer(message.masked, part.start, part.end)
        if _is_branch(message, match.span("name"), several)
    ]
    if len(rows) < 2:
        return []
    header = (part.start, rows[0][0])
    ends = [*(start for start, _ in rows[1:]), part.end]
    return [Part(row[0], end, part.activities, header, row) for row, end in zip(rows, ends, strict=True)]


def _is_branch(message: AnnotatedMessage, name: Span, several: bool) -> bool:
    start, end = name
    if message.masked[start] == "■":
        return bool(list_between(message.branches, start, start + 1))
    word = message.masked[start:end]
    if word in _NOBODY:
        return False
    return not _COUNT_WORD.match(word) and (
        bool(_BRANCH_LIKE.search(word)) or (several and not word.isdecimal())
    )


_ASIDE = re.compile(
    r"(?:原定|原计划|本来|原来|下次|下一次|截至|截止|定于|成立|改到|推迟|提前到)[^,。;\n]{0,6}$"
)
_EACH = re.compile(r"各|分别|[两三四]次|每次")
_LISTED = re.compile(r"\s?[、和与,及]\s?")


def _split_by_day(message: AnnotatedMessage, part: Part) -> list[Part]:
    """Parts by day, where each has its own numbers, or days are listed (11.3、11.17各开一次)."""
    days = _list_days(message, part.start, part.end)
    if len(days) < 2:
        return []
    days = [
        span
        for span in days
        if not _ASIDE.search(message.plain, max(part.start, span.start - 12), span.start)
    ]
    if len({span.first for span in days}) < 2:
        return []
    if all(_LISTED.fullmatch(message.plain, a.end, b.start) for a, b in pairwise(days)):
        in_a_row = all(b.first - a.last == timedelta(days=1) for a, b in pairwise(days))
        if in_a_row and not _EACH.search(message.plain, part.start, part.end):
            return [part._replace(day=days[0]._replace(last=days[-1].last))]
        return [part._replace(day=day) for day in days]
    edges = [part.start, *(_find_row_start(message, *pair) for pair in pairwise(days)), part.end]
    if all(_has_people(message, start, end) for start, end in pairwise(edges)):
        return [part._replace(start=start, end=end) for start, end in pairwise(edges)]
    return []


def _find_row_start(message: AnnotatedMessage, before: DateSpan, day: DateSpan) -> int:
    """Where the words of a day begin: behind a pause with no number after it, or at the day."""
    pause = max(message.plain.rfind(mark, before.end, day.start) for mark in "\n。;,、") + 1
    return pause if pause and not list_between(message.counts, pause, day.start) else day.start


def _has_people(message: AnnotatedMessage, start: int, end: int) -> bool:
    return any(count.label is not Label.NOISE for count in list_between(message.counts, start, end))
