"""What holds for every date, every moment and every text."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given, settings, strategies as st

from handlers.reading.dates.find import Dates, find_dates
from handlers.reading.text.normalize import normalize_text

DAYS = st.dates(date(1970, 1, 1), date(2090, 12, 31))
MOMENTS = st.builds(datetime.combine, DAYS, st.times(), st.just(UTC))
FIGURES = "〇一二三四五六七八九"
PIECES = (
    *"年月日号周天前后上下大小初底末中第个的到至和、，。-—~/.:()（）《》“”每逢农历闰正腊",
    *"0123456789一二三四五六七八九十廿两半几",
    *(
        "11月",
        "15日",
        "上周",
        "周五",
        "2026年",
        "国庆节",
        "昨天",
        "三天",
        "季度",
        "11.15",
        "最后一个",
        "每月",
        "十一",
    ),
    *(
        "前夕",
        "以来",
        "之间",
        "下午3点",
        "14:30",
        "农历",
        "初三",
        "学期",
        "9999年12月31日",
        "0年",
        "年代",
        "Nov 15 2026",
    ),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else FIGURES[tens]) + ("十" if tens else "") + (FIGURES[ones] if ones else "")


def _spellings(day: date) -> list[str]:
    year = "".join(FIGURES[int(figure)] for figure in str(day.year))
    wide = f"{day.year}年{day.month}月{day.day}日".translate({48 + n: 0xFF10 + n for n in range(10)})
    return [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{day.year}年{day.month}月{day.day}号上午9点",
        f"{year}年{_chinese(day.month)}月{_chinese(day.day)}日",
        f"{day.year}年{day.month}.{day.day}",
        wide,
    ]


def _only(found: Dates) -> tuple[date, date]:
    (span,) = found.spans
    return span.first, span.last


@settings(max_examples=150, deadline=None)
@given(DAYS, MOMENTS)
def test_a_full_date_is_read_in_every_spelling(day: date, now: datetime) -> None:
    for text in _spellings(day):
        assert _only(find_dates(text, now=now)) == (day, day)


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.integers(0, 364))
def test_a_day_of_a_month_without_its_year_is_at_most_a_year_off(now: datetime, back: int) -> None:
    past, future = now.date() - timedelta(days=back), now.date() + timedelta(days=back)
    for day in (past, future):
        text = f"{day.month}月{day.day}日"
        (before, _), (after, _) = (
            _only(find_dates(text, now=now)),
            _only(find_dates(text, now=now, prefer="future")),
        )
        assert before <= now.date() <= after
        assert {day} & {before, after}


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.integers(0, 6))
def test_a_bare_weekday_is_within_seven_days(now: datetime, weekday: int) -> None:
    text, today = f"星期{'一二三四五六日'[weekday]}", now.date()
    past, _ = _only(find_dates(text, now=now))
    future, _ = _only(find_dates(text, now=now, prefer="future"))
    assert past.weekday() == future.weekday() == weekday
    assert today - timedelta(days=7) < past <= today <= future < today + timedelta(days=7)
    assert future - past in (timedelta(0), timedelta(days=7))


@settings(max_examples=150, deadline=None)
@given(DAYS, st.integers(0, 40), MOMENTS)
def test_a_range_is_read_from_its_two_ends(first: date, length: int, now: datetime) -> None:
    last = first + timedelta(days=length)
    for link in ("至", "-", "—", "到", "～"):
        text = f"{first.year}年{first.month}月{first.day}日{link}{last.month}月{last.day}日"
        assert _only(find_dates(text, now=now)) == (first, last)


@settings(max_examples=800, deadline=None)
@given(TEXTS, MOMENTS, st.sampled_from(["past", "future"]))
@example("9999年12月31日后一天", datetime(2026, 5, 20, tzinfo=UTC), "past")
@example("去年夏天", datetime(1970, 1, 1, tzinfo=UTC), "future")
def test_no_text_raises_and_every_span_lies_in_it(text: str, now: datetime, prefer: str) -> None:
    found = find_dates(text, now=now, prefer="past" if prefer == "past" else "future")
    end = 0
    for span in found.spans:
        assert span.first <= span.last
        assert end <= span.start < span.end <= len(text)
        end = span.end
    for day in found.impossible:
        assert text[day.start : day.end] == day.text


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_random_bytes_as_text_raise_nothing(data: bytes) -> None:
    now = datetime(2026, 5, 20, tzinfo=UTC)
    for errors in ("replace", "surrogateescape"):
        find_dates(data.decode("utf-8", errors), now=now)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_making_a_text_plain_keeps_its_length(text: str) -> None:
    assert len(normalize_text(text)) == len(text)
