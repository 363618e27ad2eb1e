"""Dates of other languages: dateparser reads them where the grammar reads nothing."""

import subprocess
import sys
from datetime import UTC, date, datetime

from handlers.reading.dates.context import Frame
from handlers.reading.dates.find import find_dates
from handlers.reading.dates.grammar import find_next_start
from handlers.reading.dates.ranges import read_phrase_at
from handlers.reading.text.normalize import normalize_text
from tests.tables import each_row

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
FORMS = [
    ("15 November 2025", date(2025, 11, 15)),
    ("Nov 15, 2025", date(2025, 11, 15)),
    ("November 15th", date(2025, 11, 15)),
    ("5 May", date(2026, 5, 5)),
    ("Sat, 15 Nov 2025 10:00:00 +0800", date(2025, 11, 15)),
    ("3 août 2025", date(2025, 8, 3)),
    ("3. März 2025", date(2025, 3, 3)),
    ("15 de noviembre de 2025", date(2025, 11, 15)),
    ("15 ноября 2025", date(2025, 11, 15)),
    ("2025년 11월 15일", date(2025, 11, 15)),
]


@each_row(("text", "day"), FORMS)
def test_dateparser_reads_a_foreign_date(text: str, day: date) -> None:
    assert [(span.first, span.last) for span in find_dates(text, now=NOW).spans] == [(day, day)]


@each_row("text", [text for text, _ in FORMS])
def test_the_grammar_alone_reads_none_of_them(text: str) -> None:
    frame, found, position = Frame(NOW, NOW.date(), NOW.date(), False), [], 0
    while (start := find_next_start(normalize_text(text), position)) is not None:
        found.append(read_phrase_at(normalize_text(text), start, frame))
        position = start + 1
    assert [piece for piece in found if piece] == []


def test_a_foreign_date_stands_in_chinese_text_at_its_place() -> None:
    text = "昨天收到通知（15 Nov 2025），上周五开会"
    found = find_dates(text, now=NOW).spans
    assert [text[span.start : span.end] for span in found] == ["昨天", "15 Nov 2025", "上周五"]


def test_a_foreign_month_is_a_period_and_the_future_can_be_preferred() -> None:
    (month,) = find_dates("Nov 2025", now=NOW).spans
    assert (month.first, month.last, month.period) == (date(2025, 11, 1), date(2025, 11, 30), "2025-11")
    assert find_dates("Nov 15", now=NOW, prefer="future").spans[0].first == date(2026, 11, 15)


@each_row("text", ["30 Feb 2026", "room 15 2026", "marching 5 men", "May", "15 mayor 2026"])
def test_what_is_no_foreign_date_stays_unread(text: str) -> None:
    assert find_dates(text, now=NOW).spans == ()


def test_chinese_text_does_not_load_dateparser() -> None:
    program = (
        "import sys; from datetime import datetime, UTC; from handlers.reading.dates.find import find_dates;"
        "find_dates('昨天 14:30 支委会 OK', now=datetime(2026, 5, 20, tzinfo=UTC));"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0
