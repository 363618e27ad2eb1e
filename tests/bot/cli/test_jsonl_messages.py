"""JSON lines in, JSON lines out: what other programs ask of the reader."""

import io
import json
from typing import Any

from bot.cli.jsonl import answer_question_lines, answer_report_lines
from tests.tables import each_row

NOW = "2026-11-21T10:00:00+08:00"


def answers(run: Any, *lines: object) -> list[dict[str, Any]]:
    """What is written for the lines."""
    out = io.StringIO()
    text = "\n".join(
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    )
    run(io.StringIO(text + "\n"), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_message_is_answered_with_every_field() -> None:
    known = {"branches": ["专业三支部"], "aliases": {"专三": "专业三支部"}, "members": {}}
    (answer,) = answers(
        answer_report_lines, {"text": "专三昨天主题党日，到23人，请假2", "now": NOW, "known": known}
    )
    assert answer == {
        "intent": "record",
        "records": [
            {
                "requirement": "主题党日",
                "branch": "专业三支部",
                "held_on": "2026-11-20",
                "held_until": None,
                "period": None,
                "present": 23,
                "expected": 25,
                "absent": 2,
                "observers": None,
                "online": None,
                "quantity": None,
                "topic": None,
                "place": None,
                "host": None,
            }
        ],
        "ask": [],
        "assumed": ["expected"],
    }


def test_each_line_has_its_own_roster_and_activity() -> None:
    first = {"text": "理科昨天支委会5人", "now": NOW, "known": {"branches": ["理科支部"]}}
    second = {"text": "已开，23人", "now": NOW, "replying_to": "主题党日"}
    third = {**first, "known": {"branches": ["第二理科支部"], "aliases": {"理科": "第二理科支部"}}}
    got = answers(answer_report_lines, first, second, third, first)
    assert [answer["records"][0]["branch"] for answer in got] == [
        "理科支部",
        None,
        "第二理科支部",
        "理科支部",
    ]
    assert got[1]["records"][0]["requirement"] == "主题党日"


def test_an_answer_to_a_question_serves_as_the_one_before() -> None:
    known = {"organizations": ["理科支部", "文科支部"]}
    (first,) = answers(answer_question_lines, {"text": "理科10月主题党日没报的", "now": NOW, "known": known})
    (second,) = answers(
        answer_question_lines, {"text": "那文科呢", "now": NOW, "known": known, "previous": first}
    )
    assert second == {**first, "organizations": ["文科支部"]}


@each_row("run", [answer_report_lines, answer_question_lines])
@each_row("line", ["{", "[]", '"text"', "null", '{"text": "昨天"}', '{"text": 1, "now": 2}'])
def test_a_line_that_is_no_question_is_answered_with_an_error_and_the_next_one_is_read(
    run: Any, line: str
) -> None:
    error, answer = answers(run, line, {"text": "昨天支委会", "now": NOW})
    assert list(error) == ["error"]
    assert "error" not in answer
