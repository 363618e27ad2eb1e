"""Reads a leader's question: period, activities, organizations, what to show, in which form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from handlers.reading.dates.find import DateSpan, find_dates
from handlers.reading.text.activity_names import ACTIVITIES
from handlers.reading.text.folding import blank, compile_words, find_spans, fold, list_spans
from handlers.reading.text.name_index import EMPTY, Kind, NameIndex
from handlers.reading.types import list_distinct

ALL, MISSING, OVERDUE, LATE, RECORDS = "all", "missing", "overdue", "late", "records"
TEXT, PICTURE, WORKBOOK = "text", "picture", "workbook"


@dataclass(frozen=True, slots=True)
class Question:
    """What a question asks for.

    `first` and `last` are the days of the period, both included; `stated_period` is False where the current
    period of the requirements is assumed. Empty `requirements` or `organizations` mean all that the
    asker may see. `show` is all, missing (due or overdue), overdue, late (done, but late) or records; `as_`
    text, picture or workbook; `as_of` the day as of which the records count (截至11月5日).
    """

    first: date | None = None
    last: date | None = None
    requirements: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    show: str = ALL
    as_: str = TEXT
    stated_period: bool = False
    as_of: date | None = None


_SHOW = (
    (
        LATE,
        compile_words(
            "迟[报交办开到] 晚[报交开] [报交开]晚 晚了 补[报交]的 延[迟误] 滞后 逾期(?=完成|补|才|后) "
            "超期完成 过期完成 "
            "不及时 没按时 未按时"
        ),
    ),
    (OVERDUE, compile_words("逾期 超期 过期 超时 拖欠 拖着 到期未 到期没 过了期")),
    (
        MISSING,
        compile_words(
            "没[报开交做搞完上办达落填讲听收](?!关系) 没有(?<!有没有)(?!关系) "
            "未[报开交做搞完上办达落填讲听收] 还[差缺欠] "
            "差[哪什多啥几] 缺[的哪什啥几口报] 漏[报开了的] "
            "欠[的缺] 不达标 [不没]够 空[白着] 落下 待[办报开] 没动静 谁没 还[有要]\\S{0,4}没 还要开 缺$ "
            "需要补 未见 催"
        ),
    ),
    (
        RECORDS,
        compile_words(
            "开了[什啥哪几] 开过[什啥哪] 开的[什啥哪会] 报上来 报了 报过 上报了 谁[报讲主] 有人[报交] "
            "么时候[开报办搞上](?!始) 啥时候[开报办搞上](?!始) 何时[开报办召] 哪天[开报办] 记录(?!本) "
            "做了[什啥哪] 搞了[什啥哪] 明细 详情 几号开 怎么开的 报的 交了[什啥哪] 已[报开交]的 "
            "学了[什啥哪] 讲了[什啥哪]"
        ),
    ),
)
_PICTURE = compile_words("图(?![书文]) 截屏 画[一个张出]")
_WORKBOOK = compile_words(
    "表格 台[账帐] [eE]xcel EXCEL [xX]ls [一这]\\S?张?表 [份张个出做要成导用]表 "
    "[列发给做导出]\\S{0,4}表(?![现示达扬彰]) 报表 统计表 汇总表 明细表 一览表 工作簿 导出 表$ 清单表 "
    "电子版"
)
_COMING = compile_words(
    "要[开做办交报搞上讲听] 该[开做办交报] 将 计划 接下来 下[个周月一季半学] 明[天年] 后[天面续] 安排 "
    "快到 即将 未来 马上"
)
_FOLLOWS = re.compile(
    r"^(?:那|再|换|也|同样|只看|还有|以及|改成)|呢[?？。!~\s]*$|^(?:给我|发我|出|来|要|导出)?[个张份]?(?:表格?|图片?|台账|excel)[?？。!~\s]*$",
    re.IGNORECASE,
)
_NOT_NAMED = re.compile(r"[的没未哪各全所还都有些几每谁我你他这那了本]")
_WRITTEN = re.compile(
    r"(?:^|(?<=[\s,、;:■和与]))(?P<name>[一-龥\d]{1,10}?(?:督导组|党?支部|党?总支|党委|小学|中学|幼儿园|学校))(?=$|[\s,、;:■和与的呢?]|情况|完成|今|本|上|还|都|有|逾)"
)
_RUNNING = (
    ("year", compile_words("全年 年度 整年 年报 年终 一年")),
    ("half", compile_words("半年报 半年")),
    ("quarter", compile_words("季度 季报")),
    ("month", compile_words("月[台报度] 当月")),
)
_LENGTHS = ("month", "two-months", "quarter", "half", "semester", "year")
_AROUND = timedelta(days=15)


def read_question(
    text: str, *, now: datetime, names: NameIndex = EMPTY, previous: Question | None = None
) -> Question:
    """What a leader asks at the aware time `now`.

    A short question (那文科呢) continues `previous` and takes from it what it leaves out.
    """
    folded = fold(text)
    asked = _read_own_words(folded, now, names)
    if previous is None or not _is_continuation(folded, asked):
        return (
            asked
            if asked.stated_period
            else _add_running_period(asked, folded, asked.as_of or now.date(), names)
        )
    return _merge_previous(asked, previous)


def _read_own_words(folded: str, now: datetime, names: NameIndex) -> Question:
    prefer: Literal["past", "future"] = "future" if _COMING.search(folded) else "past"
    hits = names.find_names(folded)
    named = list_spans(hits)
    dates = find_dates(blank(folded, [*named, *find_spans(_WORKBOOK, folded)]), now=now, prefer=prefer)
    first, last, as_of = _find_period(dates.spans, folded)
    rest = blank(folded, [*named, *list_spans(dates.spans)])
    strong = [hit for hit in hits if hit.kind is Kind.ACTIVITY]
    weak = [hit for hit in hits if hit.kind in (Kind.WEAK, Kind.LESSON)]
    return Question(
        first,
        last,
        list_distinct(name for hit in strong or weak for name in hit.names),
        _list_organizations(names, [hit.names[0] for hit in hits if hit.kind is Kind.BRANCH], rest),
        next((show for show, words in _SHOW if words.search(folded)), ALL),
        PICTURE if _PICTURE.search(rest) else WORKBOOK if _WORKBOOK.search(rest) else TEXT,
        first is not None,
        as_of,
    )


def _list_organizations(names: NameIndex, known: list[str], rest: str) -> tuple[str, ...]:
    written = (match["name"] for match in _WRITTEN.finditer(rest) if not _NOT_NAMED.search(match["name"]))
    return list_distinct([*known, *(names.find_branch(name) for name in written)])


def _find_period(spans: Sequence[DateSpan], folded: str) -> tuple[date | None, date | None, date | None]:
    """First and last day over all named periods, and the day of 截至."""
    until = next(
        (
            span
            for span in spans
            if span.kind == "before" or folded[max(0, span.start - 2) : span.start] in ("截至", "截止")
        ),
        None,
    )
    named = [span for span in spans if span is not until and span.kind not in ("vague", "now")]
    as_of = until.last if until and until.kind != "now" else None
    if not named:
        return None, None, as_of
    if (
        len(named) == 1
        and named[0].kind == "day"
        and folded[named[0].end : named[0].end + 2] in ("前后", "左右")
    ):
        return named[0].first - _AROUND, named[0].last + _AROUND, as_of
    return min(span.first for span in named), max(span.last for span in named), as_of


def _is_continuation(folded: str, asked: Question) -> bool:
    parts = sum(map(bool, (asked.stated_period, asked.requirements, asked.organizations)))
    short = parts == 0 or (parts == 1 and len(folded) <= 8 and "情况" not in folded)
    return bool(_FOLLOWS.search(folded)) or short


def _merge_previous(asked: Question, before: Question) -> Question:
    """The question completed from the one before; only the form (picture, workbook) is not."""
    stated = asked.stated_period
    if asked.as_of and not stated and before.first and before.first > asked.as_of:
        first, last = get_current_period(
            "month", asked.as_of
        )  # nothing of a later period was known on that day
        before = replace(before, first=first, last=last, stated_period=False)
    return Question(
        asked.first if stated else before.first,
        asked.last if stated else before.last,
        asked.requirements or before.requirements,
        asked.organizations or before.organizations,
        asked.show if asked.show != ALL else before.show,
        asked.as_,
        stated or before.stated_period,
        asked.as_of or before.as_of,
    )


def _add_running_period(asked: Question, folded: str, today: date, names: NameIndex) -> Question:
    """The question with the current period that its words (月台账) or its requirements imply."""
    every = next((length for length, words in _RUNNING if words.search(folded)), None)
    if every is None:
        lengths = {names.words[a.name][1][0]: a.every for a in ACTIVITIES if a.name in names.words}
        every = max(
            (lengths.get(name, "month") for name in asked.requirements), key=_LENGTHS.index, default="month"
        )
    first, last = get_current_period(every, today)
    return replace(asked, first=first, last=last)


_MONTHS = {"month": 1, "two-months": 2, "quarter": 3, "half": 6, "year": 12}


def get_current_period(every: str, today: date) -> tuple[date, date]:
    """First and last day of the period of length `every` that holds `today`.

    `every` is month, two-months, quarter, half, year or semester.
    A semester runs from September to January or from February to August, holidays included.
    """
    if every == "semester":
        autumn = today.month >= 9 or today.month == 1
        start = date(today.year - (today.month == 1), 9, 1) if autumn else date(today.year, 2, 1)
        return start, _get_day_before(start.year + autumn, 2 if autumn else 9)
    length = _MONTHS[every]
    begin = (today.month - 1) // length * length + 1
    return date(today.year, begin, 1), _get_day_before(
        today.year + (begin + length > 12), (begin + length - 1) % 12 + 1
    )


def _get_day_before(year: int, month: int) -> date:
    """The day before a month begins."""
    return date(year, month, 1) - timedelta(days=1)
