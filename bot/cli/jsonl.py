"""JSON Lines interfaces of the readers: one JSON object in, one out."""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, TextIO

from handlers.reading.dates.find import find_dates
from handlers.reading.questions.read import Question, read_question
from handlers.reading.reports.read import read_message
from handlers.reading.text.name_index import EMPTY, NameIndex
from handlers.reading.types import Event

LineRequest = dict[str, Any]
LineAnswer = dict[str, Any]


def answer_date_lines(inp: TextIO, out: TextIO) -> None:
    """Answer each line {"text", "now"} with {"spans": [[first, last], …]}, inclusive ISO dates."""
    _answer_lines(inp, out, _answer_dates)


def answer_report_lines(inp: TextIO, out: TextIO) -> None:
    """Answer each line {"text", "now", "replying_to"?, "known"?} with the reading of a report.

    An answer has intent, records, ask and assumed. `known` holds branches, aliases and members; its
    index is built once and kept for the following lines.
    """
    _answer_lines(inp, out, partial(_answer_report, index={}))


def answer_question_lines(inp: TextIO, out: TextIO) -> None:
    """Answer each line {"text", "now", "known"?, "previous"?} with the reading of a question.

    An answer has from, to, requirements, organizations, show and as, and can be the next `previous`.
    """
    _answer_lines(inp, out, partial(_answer_question, index={}))


def _answer_lines(inp: TextIO, out: TextIO, answer: Callable[[LineRequest], LineAnswer]) -> None:
    """Answer each line at once; an invalid line is answered with {"error": …}."""
    for line in inp:
        if line.strip():
            out.write(json.dumps(_answer_line(line, answer), ensure_ascii=False) + "\n")
            out.flush()


def _answer_line(line: str, answer: Callable[[LineRequest], LineAnswer]) -> LineAnswer:
    try:
        asked = json.loads(line)
        asked["now"] = datetime.fromisoformat(asked["now"])
        if not isinstance(asked["text"], str):
            return {"error": "text 应为字符串"}
        return answer(asked)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return {"error": f'需要 {{"text": "…", "now": "2026-11-21T10:00:00+08:00"}}：{error}'}


def _answer_dates(asked: LineRequest) -> LineAnswer:
    spans = find_dates(asked["text"], now=asked["now"]).spans
    return {"spans": [[span.first.isoformat(), span.last.isoformat()] for span in spans]}


def _answer_report(asked: LineRequest, index: dict[str, NameIndex]) -> LineAnswer:
    reading = read_message(
        asked["text"],
        now=asked["now"],
        names=_get_names(asked.get("known"), index),
        replying_to=asked.get("replying_to"),
    )
    return {
        "intent": reading.intent,
        "records": [
            {name: _format_value(getattr(record, name)) for name in _RECORD_FIELDS}
            for record in reading.records
        ],
        "ask": list(reading.ask),
        "assumed": list(reading.assumed),
    }


def _answer_question(asked: LineRequest, index: dict[str, NameIndex]) -> LineAnswer:
    question = read_question(
        asked["text"],
        now=asked["now"],
        names=_get_names(asked.get("known"), index),
        previous=_parse_previous(asked.get("previous")),
    )
    return {
        "from": _format_value(question.first),
        "to": _format_value(question.last),
        "requirements": list(question.requirements),
        "organizations": list(question.organizations),
        "show": question.show,
        "as": question.as_,
    }


_RECORD_FIELDS = [name for name in Event._fields if name not in ("ask", "assumed", "doubts")]


def _get_names(known: dict[str, Any] | None, index: dict[str, NameIndex]) -> NameIndex:
    """Return the name index of a roster; only the last one is kept."""
    if not known:
        return EMPTY
    # Building the index takes far longer than reading a line, and rosters usually repeat.
    key = json.dumps(known, sort_keys=True)
    if key not in index:
        index.clear()
        branches = [*known.get("branches", ()), *known.get("organizations", ())]
        index[key] = NameIndex.create(
            branches=branches, aliases=known.get("aliases"), members=known.get("members")
        )
    return index[key]


def _parse_previous(answer: dict[str, Any] | None) -> Question | None:
    if not answer:
        return None
    first, last = (date.fromisoformat(answer[end]) if answer.get(end) else None for end in ("from", "to"))
    requirements, organizations = (
        tuple(answer.get(name) or ()) for name in ("requirements", "organizations")
    )
    show, as_ = answer.get("show") or "all", answer.get("as") or "text"
    return Question(first, last, requirements, organizations, show, as_, stated_period=first is not None)


def _format_value(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


if __name__ == "__main__":
    {"dates": answer_date_lines, "read": answer_report_lines, "ask": answer_question_lines}[sys.argv[1]](
        sys.stdin, sys.stdout
    )
