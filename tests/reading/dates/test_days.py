"""Single days in Chinese texts, read on Wednesday 2026-05-20."""

from datetime import date, datetime, timedelta, timezone
from typing import Literal

from handlers.reading.dates.find import find_dates
from tests.tables import each_row

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def days(text: str, prefer: Literal["past", "future"] = "past") -> list[str]:
    """The spans of a text as `2026-05-19` or `2026-05-18..2026-05-20`."""
    return [
        f"{span.first}" if span.first == span.last else f"{span.first}..{span.last}"
        for span in find_dates(text, now=NOW, prefer=prefer).spans
    ]


@each_row(
    ("text", "day"),
    [
        ("昨天", "2026-05-19"),
        ("昨儿下午", "2026-05-19"),
        ("昨开了支委会", "2026-05-19"),
        ("前儿个", "2026-05-18"),
        ("前晚七点半", "2026-05-18"),
        ("大前天", "2026-05-17"),
        ("大大前天", "2026-05-16"),
        ("今晨5点", "2026-05-20"),
        ("明晚七点", "2026-05-21"),
        ("大后天", "2026-05-23"),
        ("刚才", "2026-05-20"),
        ("三天前", "2026-05-17"),
        ("3天以后", "2026-05-23"),
        ("两周前", "2026-05-06"),
        ("半个月前", "2026-05-05"),
        ("一个月前", "2026-04-20"),
        ("半年前", "2025-11-20"),
        ("两年半前", "2023-11-20"),
        ("一个半月后", "2026-07-04"),
        ("三年零两个月前", "2023-03-20"),
        ("再过5天", "2026-05-25"),
        ("16小时后", "2026-05-21"),
    ],
)
def test_days_are_counted_from_today(text: str, day: str) -> None:
    assert days(text) == [day]


@each_row(
    ("text", "day"),
    [
        ("周三", "2026-05-20"),
        ("周四", "2026-05-14"),
        ("礼拜天", "2026-05-17"),
        ("星期5晚上", "2026-05-15"),
        ("上周二", "2026-05-12"),
        ("上周的周二", "2026-05-12"),
        ("上个周二", "2026-05-12"),
        ("上上个星期一", "2026-05-04"),
        ("大上周一", "2026-05-04"),
        ("本周五", "2026-05-22"),
        ("这礼拜一上午", "2026-05-18"),
        ("下周日", "2026-05-31"),
        ("下下周三", "2026-06-03"),
        ("上週五", "2026-05-15"),
        ("老周上周五请假", "2026-05-15"),
    ],
)
def test_a_weekday_is_the_last_one_unless_its_week_is_named(text: str, day: str) -> None:
    assert days(text) == [day]


@each_row(
    ("text", "day"),
    [
        ("3月8日", "2026-03-08"),
        ("３月８号上午", "2026-03-08"),
        ("6月1日", "2025-06-01"),
        ("2月29日", "2024-02-29"),
        ("十二月三十一号", "2025-12-31"),
        ("五月二十", "2026-05-20"),
        ("5月8开的", "2026-05-08"),
        ("元月六日", "2026-01-06"),
        ("廿五日", "2026-04-25"),
        ("20号", "2026-05-20"),
        ("21号", "2026-04-21"),
        ("卅一号", "2026-03-31"),
        ("上月最后一天", "2026-04-30"),
        ("去年本月三日", "2025-05-03"),
        ("前年六月十五", "2024-06-15"),
        ("去年今天", "2025-05-20"),
        ("2025年6月30", "2025-06-30"),
        ("25年六月三十日", "2025-06-30"),
        ("二〇二五年六月三十日", "2025-06-30"),
        ("二○二五年六月卅日", "2025-06-30"),
        ("两千零九年六月三日", "2009-06-03"),
        ("2025 年 6 月 30 日", "2025-06-30"),
    ],
)
def test_a_day_of_a_month_is_the_last_one_unless_its_year_is_said(text: str, day: str) -> None:
    assert days(text) == [day]


@each_row(
    ("text", "day"),
    [
        ("5.18", "2026-05-18"),
        ("5。18", "2026-05-18"),
        ("5．18", "2026-05-18"),
        ("5/18", "2026-05-18"),
        ("05-18", "2026-05-18"),
        ("5·18", "2026-05-18"),
        ("5.8支委会", "2026-05-08"),
        ("5.8组织学习", "2026-05-08"),
        ("主题党日5.18 14:00 三楼", "2026-05-18"),
        ("主题党日5/18 14：00 三楼", "2026-05-18"),
        ("校长5.18讲党课", "2026-05-18"),
        ("去年5.8", "2025-05-08"),
        ("25.12.31", "2025-12-31"),
        ("2025.12.31", "2025-12-31"),
        ("2025/12/31 14:30", "2025-12-31"),
        ("2025-12-31T14:30:00+08:00", "2025-12-31"),
        ("2025 06 30", "2025-06-30"),
        ("20250630", "2025-06-30"),
        ("3-7-25", "2025-07-03"),
        ("31/12/2025", "2025-12-31"),
        ("12/31/2025", "2025-12-31"),
        ("总结20251231.docx", "2025-12-31"),
        ("1.5月18日召开", "2026-05-18"),
    ],
)
def test_dates_in_figures(text: str, day: str) -> None:
    assert days(text) == [day]


@each_row(
    ("text", "day"),
    [
        ("四月最后一个周五", "2026-04-24"),
        ("4月的第二个星期三", "2026-04-08"),
        ("第三个周一", "2026-05-18"),
        ("上个月首个周日", "2026-04-05"),
        ("4月倒数第二个周五", "2026-04-17"),
        ("4月第二周周三", "2026-04-08"),
        ("去年最后一天", "2025-12-31"),
        ("本月第一天", "2026-05-01"),
    ],
)
def test_the_nth_weekday_or_day_of_a_month_or_year(text: str, day: str) -> None:
    assert days(text) == [day]


@each_row(
    ("text", "day"),
    [
        ("周四", "2026-05-21"),
        ("周三", "2026-05-20"),
        ("下周三下午三点", "2026-05-27"),
        ("28号", "2026-05-28"),
        ("19号", "2026-06-19"),
        ("5月25日", "2026-05-25"),
        ("5.19", "2027-05-19"),
        ("第二个周五", "2026-06-12"),
        ("最后一个周五", "2026-05-29"),
        ("国庆节", "2026-10-01"),
        ("2月29日", "2028-02-29"),
        ("昨天", "2026-05-19"),
    ],
)
def test_announcements_prefer_what_is_to_come(text: str, day: str) -> None:
    assert days(text, "future") == [day]


def test_a_day_leans_on_the_month_that_was_named_before() -> None:
    assert days("补报4月：9号支委会，16号主题党日") == ["2026-04-01..2026-04-30", "2026-04-09", "2026-04-16"]
    assert days("去年3月10日党课，12日支委会") == ["2025-03-10", "2025-03-12"]
    assert days("4月28日党课，8号支委会") == ["2026-04-28", "2026-05-08"]


def test_the_same_day_is_not_read_twice_and_the_next_day_follows() -> None:
    assert days("4月28日党课，当天到23人") == ["2026-04-28"]
    assert days("4月28日培训，次日考试") == ["2026-04-28", "2026-04-29"]
    assert days("当天") == ["2026-05-20"]


@each_row("text", ["2月30日", "2026年2月29日", "4月31号", "13月5日", "5月32日", "2026-02-30"])
def test_an_impossible_day_is_no_date_and_is_said_so(text: str) -> None:
    found = find_dates(f"{text}支委会开了", now=NOW)
    assert (found.spans, [day.text for day in found.impossible]) == ((), [text])


def test_a_weekday_that_contradicts_its_date_is_flagged() -> None:
    doubts = [
        find_dates(text, now=NOW).spans[0].doubt
        for text in ("5月15日（周五）", "5月15日（周四）", "上周五（5月14日）", "15号星期四", "周五，5.15")
    ]
    assert doubts == [None, "weekday", "weekday", "weekday", None]


def test_a_weekday_decides_between_the_last_year_and_this() -> None:
    assert days("5月25日（周一）") == ["2026-05-25"]
    assert days("5月25日（周日）") == ["2025-05-25"]


@each_row(
    "text",
    ["5月19日（昨天）", "昨天（5月19日）", "昨天周二", "周二5.19", "19号星期二", "昨天（5月19日星期二）上午"],
)
def test_two_names_of_a_day_are_one_date(text: str) -> None:
    found = find_dates(text, now=NOW).spans
    assert [(span.first, span.start, span.end, span.doubt) for span in found] == [
        (date(2026, 5, 19), 0, len(text), None)
    ]


def test_a_count_that_could_be_a_date_is_flagged() -> None:
    assert [span.doubt for span in find_dates("4/5 党小组会", now=NOW).spans] == ["fraction"]
    assert days("党小组会 4/5") == []


def test_a_day_of_last_year_is_flagged_where_the_year_was_not_said() -> None:
    assert [span.doubt for span in find_dates("6月1日，2025年6月2日", now=NOW).spans] == ["old", None]


def test_offsets_point_into_the_text_as_it_was_given() -> None:
    text = "補錄：２０２６年５月１８日（週一）下午３點 支委會，上週五黨課"
    found = find_dates(text, now=NOW).spans
    assert [text[span.start : span.end] for span in found] == [
        "２０２６年５月１８日（週一）下午３點",
        "上週五",
    ]
