"""How people write: labelled messages, each with what must be read from it and nothing asked for besides."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from handlers.reading.reports.read import read_message
from handlers.reading.text.name_index import EMPTY, NameIndex
from handlers.reading.types import Event, Intent, Reading
from tests.tables import each_row

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
ROSTER = NameIndex.create(
    branches=["理科支部", "文科支部", "专业二支部", "专业三支部", "机关支部", "离退休支部"],
    aliases={"理科": "理科支部", "专二": "专业二支部", "专三": "专业三支部", "机关": "机关支部"},
    members={"理科支部": 26, "文科支部": 19},
)
Case = dict[str, Any]
CASES: list[Case] = [
    json.loads(line)
    for name in ("messages.jsonl", "messages_second.jsonl", "messages_third.jsonl")
    for line in (Path(__file__).parents[1] / "data" / name).read_text("utf-8").splitlines()
]
RECORDS = [case for case in CASES if case["want"]["intent"] == "record" and "replying_to" not in case]
QUIET = {"not-record", "query", "acknowledge", "leave", "announce", "reschedule", "withdraw", "correct"}
MOST_ASSUMED = 4


def name_of(case: Case) -> str:
    """The text, and the activity it answers about."""
    return case["text"] + (f" ← {case['replying_to']}" if "replying_to" in case else "")


def read(case: Case, more: str = "") -> Reading:
    """The reading of a case, with some words added to its text."""
    now = datetime.fromisoformat(case["now"]) if "now" in case else NOW
    known = case.get("known")
    names = NameIndex.create(**known) if isinstance(known, dict) else ROSTER if known else EMPTY
    return read_message(case["text"] + more, now=now, names=names, replying_to=case.get("replying_to"))


def differences(wanted: Case, event: Event) -> list[str]:
    """The labelled fields that were read otherwise; of texts a part must be met, and little around it."""
    wrong = []
    for name, value in wanted.items():
        got = getattr(event, name)
        got = got.isoformat() if isinstance(got, date) else got
        if name in ("topic", "place", "host", "branch"):
            same = got is not None and value in got and len(got) <= len(value) + 8
        else:
            same = got == value
        if not same:
            wrong.append(f"{name}: {got!r} instead of {value!r}")
    return wrong


@each_row("case", CASES, ids=name_of)
def test_a_message_is_read_as_a_person_would(case: Case) -> None:
    want, reading = case["want"], read(case)
    if want["intent"] == "not-record":
        asks_day = reading.intent is Intent.RESCHEDULE and "held_on" in reading.ask
        assert asks_day or reading.intent in (Intent.QUERY, Intent.ACKNOWLEDGE, Intent.OTHER)
        return
    assert reading.intent == want["intent"]
    asks, flags = set(want.get("ask", ())), set(want.get("flag", ()))
    assert asks <= set(reading.ask) <= asks | flags
    assert flags <= set(reading.ask) | set(reading.assumed)
    assert len(reading.assumed) <= MOST_ASSUMED
    records = want.get("records", [])
    if want["intent"] == "record":
        assert len(reading.records) == len(records)
    if want["intent"] == "query" and records:
        assert sorted(str(r.requirement) for r in reading.records) == sorted(
            r["requirement"] for r in records
        )
        return
    pairs = zip(records, reading.records, strict=False)
    assert [wrong for wanted, event in pairs for wrong in differences(wanted, event)] == []


@each_row("case", RECORDS, ids=name_of)
def test_a_report_turned_into_a_question_is_no_record(case: Case) -> None:
    for ending in ("吗？", "?", "，对吗"):
        assert read(case, ending).intent is Intent.QUERY


@each_row("case", [c for c in CASES if c["want"]["intent"] in QUIET], ids=name_of)
def test_only_what_is_told_as_held_becomes_a_record(case: Case) -> None:
    assert read(case).intent is not Intent.RECORD


@each_row("case", [c for c in RECORDS if "\n" not in c["text"]], ids=name_of)
def test_signs_and_an_address_in_front_change_nothing(case: Case) -> None:
    plain = read(case)
    for front in ("📢 ", "@qingli_bot ", "/report "):
        marked = read({**case, "text": front + case["text"]})
        assert (marked.intent, marked.records) == (plain.intent, plain.records)


@each_row("digit", "0123456789")
def test_any_digit_is_what_a_record_holds(digit: str) -> None:
    assert read_message(f"不对，{digit}", now=NOW).intent is Intent.CORRECT
