"""Second names of a day and open ends, read on Saturday 2026-11-21; days of that year."""

from datetime import datetime

from handlers.reading.dates.find import find_dates
from tests.tables import each_row

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")


@each_row(
    ("text", "doubt"),
    [
        ("11月18日（周四）=11-18", "weekday"),
        ("11月26日（周四）=11-26", None),
        ("下周四（11月26日）=11-26", None),
        ("下周四（11月25日）=11-25", "weekday"),
        ("11月26日（下周四）=11-26", None),
        ("15号（周二）=11-15", "weekday"),
        ("25号（周三）=11-25", None),
        ("明天（22日）=11-22", None),
        ("明天（23日）=11-23", "weekday"),
    ],
)
def test_a_second_name_settles_the_year_or_leaves_a_doubt(text: str, doubt: str | None) -> None:
    written, day = text.split("=")
    (span,) = find_dates(written, now=NOW).spans
    assert (f"{span.first:%m-%d}", span.first.year, span.doubt) == (day, NOW.year, doubt)


def test_a_festival_that_a_date_stands_before_is_only_its_upper_end() -> None:
    spans = find_dates("中秋前9月22日开了支委会", now=NOW).spans
    assert [(span.kind, f"{span.first:%m-%d}") for span in spans] == [("before", "09-25"), ("day", "09-22")]


@each_row(
    ("text", "kind"),
    [
        ("11月15日前", "before"), ("周五之前", "before"), ("截止到10月底", "before"), ("七一前", "before"),
        ("11月15日止", "before"), ("中秋节（9月25日）前", "before"), ("国庆节后", "since"),
        ("自11月15日起", "since"), ("11月15日开始", "since"), ("一个多月前", "vague"),
        ("这几天", "vague"), ("国庆期间", "vague"),
    ],
)  # fmt: skip
def test_open_ends_and_vague_days_say_so(text: str, kind: str) -> None:
    assert [span.kind for span in find_dates(text, now=NOW).spans] == [kind]
