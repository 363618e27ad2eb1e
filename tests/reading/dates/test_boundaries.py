"""What stands beside a date and is not taken into it."""

from datetime import UTC, datetime

from handlers.reading.dates.find import find_dates
from tests.tables import each_row

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)


@each_row(
    ("text", "words"),
    [
        ("11月23人参加", "11月"),
        ("11月5次会议", "11月"),
        ("8月二十五个人", "8月"),
        ("上周三次会议", "上周"),
        ("11月初三个支部开会", "11月初"),
        ("周五个人自学", "周五"),
        ("11月22/24", "11月"),
        ("《人民日报》5月15日社论", "5月15日"),
        ("每周一例会，上周五开了", "上周五"),
        ("今日头条报道了今日的会", "今日"),
    ],
)
def test_what_stands_beside_a_date_is_not_taken_into_it(text: str, words: str) -> None:
    assert [text[span.start : span.end] for span in find_dates(text, now=NOW).spans] == [words]
