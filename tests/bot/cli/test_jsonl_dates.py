"""The JSON lines of the date reader for other programs."""

import io
import json

from bot.cli.jsonl import answer_date_lines


def _answers(*lines: str) -> list[dict[str, object]]:
    out = io.StringIO()
    answer_date_lines(io.StringIO("".join(line + "\n" for line in lines)), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _asked(text: str) -> str:
    return json.dumps({"text": text, "now": "2026-05-20T09:30:00+08:00"})


def test_each_line_is_answered_with_its_spans() -> None:
    assert _answers(_asked("昨天下午"), _asked("5月11日至15日"), _asked("收到")) == [
        {"spans": [["2026-05-19", "2026-05-19"]]},
        {"spans": [["2026-05-11", "2026-05-15"]]},
        {"spans": []},
    ]


def test_a_bad_line_is_answered_with_an_error_and_the_next_is_read() -> None:
    bad = [
        "{",
        "[]",
        "3",
        '"text"',
        "{}",
        '{"text": 5, "now": "2026-05-20"}',
        '{"text": "昨天", "now": "x"}',
        "[" * 5000,
    ]
    answers = _answers(*bad, _asked("昨天"))
    assert [set(answer) for answer in answers[:-1]] == [{"error"}] * len(bad)
    assert answers[-1] == {"spans": [["2026-05-19", "2026-05-19"]]}
