"""Reading for other programs: a JSON line in, a JSON line out."""

import json
import sys
from dataclasses import fields
from datetime import date, datetime
from typing import Any, TextIO

from handlers.reading.dates import find_dates
from handlers.reading.message import read_message
from handlers.reading.names import EMPTY, Names
from handlers.reading.question import Question, read_question
from handlers.reading.values import Event, Reading


def date_lines(inp: TextIO, out: TextIO) -> None:
    """Answer each line {"text", "now"} with {"spans": [[first, last], ...]}, ISO dates, both included.

    A line that is not such an object is answered with {"error": …}; every answer is flushed at once.
    """
    for line in inp:
        if line.strip():
            out.write(json.dumps(_dates(line), ensure_ascii=False) + "\n")
            out.flush()


def _dates(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        text, now = asked["text"], datetime.fromisoformat(asked["now"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return {"error": f'需要 {{"text": "…", "now": "2026-11-21T10:00:00+08:00"}}：{error}'}
    if not isinstance(text, str):
        return {"error": "text 应为字符串"}
    return {
        "spans": [[span.first.isoformat(), span.last.isoformat()] for span in find_dates(text, now=now).spans]
    }


def read_lines(inp: TextIO, out: TextIO) -> None:
    """Answer each line {"text", "now", "replying_to"?, "known"?} with intent, records, ask and assumed.

    `known` holds branches, aliases and members; its index is built once and kept for the lines that follow.
    A line that is not such an object is answered with {"error": …}; every answer is flushed at once.
    """
    index: dict[str, Names] = {}
    for line in inp:
        if line.strip():
            out.write(json.dumps(_read(line, index), ensure_ascii=False) + "\n")
            out.flush()


def _read(line: str, index: dict[str, Names]) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        names = _names(asked.get("known"), index)
        now = datetime.fromisoformat(asked["now"])
        reading = read_message(asked["text"], now=now, names=names, replying_to=asked.get("replying_to"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {"error": f'需要 {{"text": "…", "now": "2026-11-21T10:00:00+08:00"}}：{error}'}
    return _answer(reading)


def _names(known: dict[str, Any] | None, index: dict[str, Names]) -> Names:
    """The index for a roster; only the last roster is kept."""
    if not known:
        return EMPTY
    key = json.dumps(known, sort_keys=True)
    if key not in index:
        index.clear()
        branches = [*known.get("branches", ()), *known.get("organizations", ())]
        index[key] = Names.build(
            branches=branches, aliases=known.get("aliases"), members=known.get("members")
        )
    return index[key]


_RECORD_FIELDS = [field.name for field in fields(Event) if field.name not in ("ask", "assumed", "doubts")]


def _answer(reading: Reading) -> dict[str, Any]:
    return {
        "intent": reading.intent,
        "records": [
            {name: _plain(getattr(record, name)) for name in _RECORD_FIELDS} for record in reading.records
        ],
        "ask": list(reading.ask),
        "assumed": list(reading.assumed),
    }


def ask_lines(inp: TextIO, out: TextIO) -> None:
    """Answer each line {"text", "now", "known"?, "previous"?} with the question as it was understood.

    An answer has from, to, requirements, organizations, show and as, and can be the next `previous`.
    A line that is not such an object is answered with {"error": …}; every answer is flushed at once.
    """
    index: dict[str, Names] = {}
    for line in inp:
        if line.strip():
            out.write(json.dumps(_ask(line, index), ensure_ascii=False) + "\n")
            out.flush()


def _ask(line: str, index: dict[str, Names]) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        names, now = _names(asked.get("known"), index), datetime.fromisoformat(asked["now"])
        question = read_question(
            asked["text"], now=now, names=names, previous=_previous(asked.get("previous"))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {"error": f'需要 {{"text": "…", "now": "2026-11-21T10:00:00+08:00"}}：{error}'}
    return {
        "from": _plain(question.first),
        "to": _plain(question.last),
        "requirements": list(question.requirements),
        "organizations": list(question.organizations),
        "show": question.show,
        "as": question.as_,
    }


def _previous(answer: dict[str, Any] | None) -> Question | None:
    if not answer:
        return None
    first, last = (date.fromisoformat(answer[end]) if answer.get(end) else None for end in ("from", "to"))
    requirements, organizations = (
        tuple(answer.get(name) or ()) for name in ("requirements", "organizations")
    )
    show, as_ = answer.get("show") or "all", answer.get("as") or "text"
    return Question(first, last, requirements, organizations, show, as_, stated_period=first is not None)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


if __name__ == "__main__":
    {"dates": date_lines, "read": read_lines, "ask": ask_lines}[sys.argv[1]](sys.stdin, sys.stdout)
