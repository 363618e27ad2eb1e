"""How leaders ask: labelled questions, each with the period, scope and form they mean."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from handlers.reading.questions.off_topic import is_ranking_question
from handlers.reading.questions.read import Question, get_current_period, read_question
from handlers.reading.text.name_index import NameIndex
from tests.tables import each_row

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
SCHOOLS = NameIndex.create(
    branches=["理科支部", "文科支部", "专业二支部", "专业三支部", "第一督导组", "第二督导组"],
    aliases={"理科": "理科支部"},
)
Case = dict[str, Any]
CASES: list[Case] = [
    json.loads(line)
    for name in ("questions.jsonl", "questions_second.jsonl", "questions_third.jsonl")
    for line in (Path(__file__).parents[1] / "data" / name).read_text("utf-8").splitlines()
]
BEFORE = Question(
    date(2026, 11, 1), date(2026, 11, 30), ("主题党日",), ("理科支部",), "missing", "text", True
)


@each_row("case", CASES, ids=lambda case: case["text"])
def test_a_question_is_understood(case: Case) -> None:
    asked = read_question(
        case["text"], now=NOW, names=SCHOOLS, previous=BEFORE if "previous" in case else None
    )
    got = {
        "from": str(asked.first),
        "to": str(asked.last),
        "requirements": sorted(asked.requirements),
        "organizations": sorted(asked.organizations),
        "show": asked.show,
        "as": asked.as_,
    }
    want = {name: sorted(value) if isinstance(value, list) else value for name, value in case["want"].items()}
    assert {name: got[name] for name in want} == want


@each_row(
    ("every", "today", "first", "last"),
    [
        ("month", date(2026, 2, 3), date(2026, 2, 1), date(2026, 2, 28)),
        ("two-months", date(2026, 11, 21), date(2026, 11, 1), date(2026, 12, 31)),
        ("two-months", date(2026, 10, 1), date(2026, 9, 1), date(2026, 10, 31)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        ("half", date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30)),
        ("year", date(2026, 6, 30), date(2026, 1, 1), date(2026, 12, 31)),
        ("semester", date(2026, 11, 21), date(2026, 9, 1), date(2027, 1, 31)),
        ("semester", date(2027, 1, 5), date(2026, 9, 1), date(2027, 1, 31)),
        ("semester", date(2026, 4, 5), date(2026, 2, 1), date(2026, 8, 31)),
    ],
)
def test_the_running_period_holds_today(every: str, today: date, first: date, last: date) -> None:
    assert get_current_period(every, today) == (first, last)


def test_without_a_period_that_of_the_requirement_is_taken_and_said_to_be_so() -> None:
    asked = read_question("党课情况", now=NOW)
    assert (asked.first, asked.last, asked.stated_period) == (date(2026, 10, 1), date(2026, 12, 31), False)


def test_as_of_a_day_asks_for_what_was_known_then() -> None:
    asked = read_question("截至11月5日的10月情况", now=NOW)
    assert (asked.first, asked.last, asked.as_of) == (
        date(2026, 10, 1),
        date(2026, 10, 31),
        date(2026, 11, 5),
    )


def test_as_of_a_day_goes_on_from_no_later_period() -> None:
    december = Question(date(2026, 12, 1), date(2026, 12, 31), ("主题党日",), (), "all", "text", True)
    asked = read_question("截至11月5日情况", now=NOW, names=SCHOOLS, previous=december)
    assert (asked.first, asked.last, asked.stated_period) == (date(2026, 11, 1), date(2026, 11, 30), False)


def test_a_full_question_does_not_inherit_from_the_one_before() -> None:
    asked = read_question("三季度党课完成情况", now=NOW, names=SCHOOLS, previous=BEFORE)
    assert (asked.requirements, asked.organizations, asked.show) == (("党课",), (), "all")


@each_row(
    ("text", "asked"),
    [("完成率排名", True), ("哪个支部做得最好", True), ("谁逾期最多", True), ("第二督导组谁垫底", True),
     ("最好周五开会", False), ("今天学习强国得分50", False), ("哪些支部11月主题党日还没报", False)],
)  # fmt: skip
def test_a_question_for_a_ranking_is_known(text: str, asked: bool) -> None:
    assert is_ranking_question(text) is asked


def test_no_other_question_is_taken_for_one() -> None:
    assert [case["text"] for case in CASES if is_ranking_question(case["text"])] == []
