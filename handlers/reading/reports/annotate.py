"""Annotates a whole message: dates, activities, branches and numbers with their spans."""

import re
from datetime import datetime
from typing import NamedTuple

from handlers.reading.attendance.counts import Count, find_counts
from handlers.reading.dates.find import Dates, DateSpan, ImpossibleDate, find_dates
from handlers.reading.text.folding import (
    CREDITS,
    QUOTED,
    Span,
    blank,
    compile_words,
    find_spans,
    fold,
    list_spans,
)
from handlers.reading.text.name_index import Kind, NameIndex, NameMatch

_ADDRESS = re.compile(r"@[A-Za-z0-9_]+|@[^\s,:@]{1,20}(?=[\s,:]|$)|^\s*/[A-Za-z_]+")
_COMMAND = re.compile(r"^\s*(?:@\S+\s+)?/(?P<name>[A-Za-z]+)")
_SIGNS = re.compile("[\u2190-\u21ff\u2300-\u23ff\u25b0-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")
_HOUR = r"(?:\d{1,2}|十[一二]?|[一二两三四五六七八九])"
_CLOCK = re.compile(
    rf"(?:上午|下午|晚上|中午|早上|凌晨|傍晚|[早晚])?\s?{_HOUR}(?::\d{{2}}(?::\d{{2}})?|点(?:[半整钟]|[一三]刻|\d{{1,2}}分?|[二三四五]?十[五]?分?)?"
    rf"|时(?:\d{{1,2}}分|半|许)?(?!间))(?:\s?[-~—至到]+\s?{_HOUR}(?::\d{{2}}|[点时](?:[半整]|\d{{1,2}}分?)?))?左?右?"
    r"|第[一二三四五六七八九十\d]{1,2}节课?"
)
_CLOCK_NEEDED = re.compile(r"[:点时节]")

# Before an activity that is a topic, not an event: 讨论换届选举, 产生新一届支部委员会.
_ABOUT = re.compile(
    r"(?:学习|学了|讨论|研究|围绕|关于|传达|部署|产生|审议|通报|布置|筹备|准备|迎接|结合|依托|规范|按照|根据|内容|议题|主题|"
    r"参照|完善|落实|补齐|补写|观看|看了|对照)[^,。;\n■]{0,12}$"
)
_HEADCOUNT = re.compile(r"人数\s?[:为]?\s?(?![应实])[一-龥]{1,8}?\s?\d")
"""Introduces bare numbers of people: 各支部人数：小学部27，初中部33."""
_PLACE_OF = re.compile(r"(?:教育)?(?:馆|基地|中心(?!组)|展厅|展馆|陈列室)")
"""Behind an activity's name it makes a place of it: 廉政教育馆."""
_THING_OF = re.compile(
    r"(?:制度|精神|材料|方案|计划|纪律|片|教材|事宜|事项|的?事(?!后)|知识|记录|成员|班子|委员|书记|课件|室|阵地|程序|办法|条例|规定|简报|照片|"
    r"基地|展|读本|文件|通知|上|之后去|结束后去)"
)
_STUDIES = re.compile(r"(?:了|[《“\"]|■|[一-龥])")
_STUDIES_NOT = re.compile(
    r"(?:活动|会|日|班|已|开|完|人|参|到|应|实|请|于|在|和|暨|时|结束|我|今|昨|前|上|下|周|集中|如期|按|情况|■)"
)


class ActivityMention(NamedTuple):
    """An activity named in the text; a weak one counts only if the message names no other."""

    start: int
    end: int
    names: tuple[str, ...]
    weak: bool = False


class AnnotatedMessage(NamedTuple):
    """A message with everything that has a span in it.

    `folded` is the text in one spelling; `plain` the folded text with addresses, credits and quotations
    blanked; `undated` the plain text with names blanked, in which dates are found; `masked` the plain text
    with dates, clock times, activities and branches blanked. All have the length of `text`.
    """

    text: str
    folded: str
    plain: str
    undated: str
    masked: str
    command: str | None
    activities: tuple[ActivityMention, ...]
    branches: tuple[NameMatch, ...]
    counts: tuple[Count, ...]
    days: tuple[DateSpan, ...]
    impossible: tuple[ImpossibleDate, ...]


def annotate_message(text: str, *, now: datetime, names: NameIndex, bare: bool = False) -> AnnotatedMessage:
    """The message with its annotations; with `bare` a bare number counts people."""
    folded = fold(text)
    command = _COMMAND.match(folded) if "/" in folded else None
    plain = _SIGNS.sub(" ", blank(folded, _list_hidden_spans(folded, names)))
    hits = [
        hit
        for hit in names.find_names(plain)
        if hit.kind is Kind.BRANCH or not _PLACE_OF.match(plain, hit.end)
    ]
    branches = tuple(
        hit for hit in hits if hit.kind is Kind.BRANCH and (hit.sure or _is_separate_word(plain, hit))
    )
    activities = _list_activities(
        [hit for hit in hits if hit.kind is not Kind.BRANCH and _may_name_activity(hit, plain)], plain
    )
    undated = _blank_names(plain, hits)
    dates = find_dates(undated, now=now)
    days = tuple(
        _merge_weekday_doubt(span, plain, now)
        for span in dates.spans
        if not _is_count(span, dates, activities, plain)
    )
    if any(span.doubt == "old" for span in days):
        days = _remove_old_doubts(days, plain)
    masked = _blank_spans(plain, list_spans([*activities, *branches, *days, *dates.impossible]))
    counts = tuple(find_counts(masked, bare=bare or bool(_HEADCOUNT.search(masked))))
    name = command["name"] if command else None
    return AnnotatedMessage(
        text, folded, plain, undated, masked, name, activities, branches, counts, days, dates.impossible
    )


def read_as_future(message: AnnotatedMessage, now: datetime) -> AnnotatedMessage:
    """The message with its dates read as future ones: those of a plan, not of a report."""
    dates = find_dates(message.undated, now=now, prefer="future")
    masked = _blank_spans(
        message.plain, list_spans([*message.activities, *message.branches, *dates.spans, *dates.impossible])
    )
    return message._replace(masked=masked, days=dates.spans, impossible=dates.impossible)


def _blank_spans(plain: str, used: list[Span]) -> str:
    return blank(plain, used + find_spans(_CLOCK, plain) if _CLOCK_NEEDED.search(plain) else used)


def _list_hidden_spans(folded: str, names: NameIndex) -> list[Span]:
    """Spans of addresses, credits and quotations, except quoted names of activities."""
    hidden = [
        span for span in find_spans(QUOTED, folded) if folded[span[0] + 1 : span[1] - 1] not in names.words
    ]
    if "@" in folded or "/" in folded:
        hidden += find_spans(_ADDRESS, folded)
    return hidden + find_spans(CREDITS, folded) if _CREDITS_NEEDED.search(folded) else hidden


_CREDITS_NEEDED = re.compile("[:/|]")
_DATE_AND_NUMBER = re.compile(
    r"[ :](?:(?:(?<=\d[./]\d{2} )|(?<=\d[./]\d ))(?=\d)|(?:(?<=\d[./]\d{2}:)|(?<=\d[./]\d:))(?!\d))"
)


def _blank_names(plain: str, hits: list[NameMatch]) -> str:
    """Blank names, and separate dates from numbers behind them.

    Otherwise 11.17支委会 and 11.18 22人 would look like amounts or longer dates.
    """
    return _DATE_AND_NUMBER.sub(";", blank(plain, list_spans(hits)))


_WEEKDAY = re.compile(r"\s?\(?(?:周|星期|礼拜)[一二三四五六日天]\)?")
_YEAR = re.compile(r"年|\d{4}|^\d{2}[./-]\d{1,2}[./-]")


def _merge_weekday_doubt(span: DateSpan, plain: str, now: datetime) -> DateSpan:
    """The span without the weekday that moved it to next year, but in doubt for it.

    11月18日（周四） is a contradiction, not a date a year ahead.
    """
    words = plain[span.start : span.end]
    if span.kind != "day" or (span.first - now.date()).days < _MOST_AHEAD or _YEAR.search(words):
        return span
    gloss = _WEEKDAY.search(words)
    bare = find_dates(_WEEKDAY.sub(" ", words), now=now).spans if gloss else ()
    return bare[0]._replace(start=span.start, end=span.end, doubt="weekday") if bare else span


def _remove_old_doubts(days: tuple[DateSpan, ...], plain: str) -> tuple[DateSpan, ...]:
    """Clear the doubt about old days inside a period named with its year: 去年12月…12月18日."""
    named = [
        span
        for span in days
        if span.kind == "period" and "年" in plain[span.start : span.end] and span.period
    ]
    return tuple(
        span._replace(doubt=None)
        if span.doubt == "old" and any(one.first <= span.first <= one.last for one in named)
        else span
        for span in days
    )


_MOST_AHEAD = 300
"""In days. A day without a year that is read as further ahead was moved by its weekday."""


def _is_count(span: DateSpan, dates: Dates, activities: tuple[ActivityMention, ...], plain: str) -> bool:
    """Whether 8/9 is a count: another day is named, or it is the only number after an activity."""
    if span.doubt != "fraction":
        return False
    if any(other.doubt != "fraction" and other.kind in ("day", "range") for other in dates.spans):
        return True
    rest = plain[: span.start] + " " * (span.end - span.start) + plain[span.end :]
    return any(mention.end <= span.start for mention in activities) and not re.search(r"\d", rest)


_EDGE_BEFORE = re.compile(r"(?:^|[\s,。;、:()■【】!~|]|[和与及由在到是我校月日号])$")
_EDGE_AFTER = re.compile(
    r"$|[\s,。;、:()■【】!~|\d]|[一二三四五六七八九十两]+[人名位]|支部|党支部|的|[和与及呢]|今|昨|前|上|都|已|应|实|到|开|在|于|党员|全"
)


def _is_separate_word(plain: str, hit: NameMatch) -> bool:
    """Whether a short form of a branch is a word of its own and not a part of another."""
    before = hit.start == 0 or bool(_EDGE_BEFORE.search(plain[hit.start - 1 : hit.start]))
    return before and bool(_EDGE_AFTER.match(plain, hit.end))


# May stand before a weak word that is an activity: 开大会, but not 教职工大会.
_WEAK_AFTER = re.compile(
    r"[^\w■]|[\d■开了的会办场次日和在上到去织加行展完搞听部体党支组我们天午晚周月号]|(?<!动)员"
)


def _may_name_activity(hit: NameMatch, plain: str) -> bool:
    if hit.kind is not Kind.WEAK or hit.start == 0:
        return True
    return bool(_WEAK_AFTER.match(plain, hit.start - 1))


def _list_activities(hits: list[NameMatch], plain: str) -> tuple[ActivityMention, ...]:
    around = blank(plain, list_spans(hits))
    activities = [_create_mention(hit, plain, around) for hit in hits]
    if not any(mention.weak for mention in activities) or all(mention.weak for mention in activities):
        return tuple(activities)
    return tuple(mention for mention in activities if not mention.weak)


_BRANCH_WORD = re.compile(r"支部|总支|党支部|党总支")
_NAME_CHAR = re.compile(r"[一-龥\d](?<![开了的在月日度行展加办季号午天晚周和暨年次期上届个份集由与及])")


def _find_own_start(hit: NameMatch, plain: str) -> int:
    """Where the activity itself begins: in 二支部大会 behind 支部, in 讲思政课 behind the verb."""
    if plain[hit.start] in "上讲听授":
        return hit.start + 1
    word = _BRANCH_WORD.match(plain, hit.start)
    named = word and _NAME_CHAR.fullmatch(plain[hit.start - 1 : hit.start]) if hit.start else None
    return word.end() if word and named else hit.start


def _create_mention(hit: NameMatch, plain: str, around: str) -> ActivityMention:
    weak = hit.kind is Kind.WEAK
    names = hit.names
    if hit.kind is Kind.LESSON:
        names, weak = _find_lesson_names(hit, plain)
    weak = (
        weak
        or bool(_THING_OF.match(plain, hit.end))
        or _is_spoken_of(hit, around)
        or _is_studying(hit, plain)
    )
    return ActivityMention(_find_own_start(hit, plain), hit.end, names, weak)


_ATTENDED = compile_words("听 听课 旁听")
_GIVEN = compile_words("讲 上 授 主讲 开讲")


def _find_lesson_names(hit: NameMatch, plain: str) -> tuple[tuple[str, ...], bool]:
    """听思政课 or 讲思政课 by the verb before, else behind; and whether it is only a guess."""
    for part in (plain[max(0, hit.start - 20) : hit.start], plain[hit.end : hit.end + 12]):
        if _ATTENDED.search(part):
            return hit.names[:1], False
        if _GIVEN.search(part):
            return hit.names[1:], False
    return hit.names[1:], True


def _is_spoken_of(hit: NameMatch, around: str) -> bool:
    return bool(_ABOUT.search(around, max(0, hit.start - 20), hit.start))


def _is_studying(hit: NameMatch, plain: str) -> bool:
    """Whether 学习 is a verb with an object: 组织党员学习《条例》."""
    studying = plain[hit.end - 2 : hit.end] == "学习"
    return studying and bool(_STUDIES.match(plain, hit.end)) and not _STUDIES_NOT.match(plain, hit.end)
