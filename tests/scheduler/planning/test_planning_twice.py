"""A property on a real database: planning twice, by another process, equals planning once."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from models.records import changes, overrides
from models.rules.calendar.workdays import HolidayYear, Workdays
from models.storage import schema
from models.storage.database import Database
from models.tables.deliveries import Delivery, Reminder
from models.tables.records import Completion
from tests.scheduler.planning.test_plan_tick import BRANCH, PUBLISHED, RULES, School, at, move_in

# Breaks around 中秋 (15 September) and 国庆 2027 that join and part them.
BREAKS = [("2027-09-15", "2027-09-15"), ("2027-09-13", "2027-09-15"), ("2027-09-15", "2027-10-07")]
NUMBERS = count()

stories = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([1, 9, 24, 30])),
        st.tuples(st.just("move"), st.integers(1, 28)),
        st.tuples(st.just("hold"), st.integers(9, 10)),
        st.tuples(st.just("install"), st.integers(0, len(BREAKS) - 1)),
        st.tuples(st.just("send"), st.just(0)),
    ),
    min_size=4,
    max_size=11,
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the school in it, to be copied."""
    file = tmp_path_factory.mktemp("planning") / "school.db"
    database = Database(f"sqlite:///{file}")
    schema.upgrade_schema(database)
    move_in(database)
    database.close()
    return file


def days_off(number: int) -> Workdays:
    first, last = (date.fromisoformat(day) for day in BREAKS[number])
    off = frozenset(first + timedelta(days=n) for n in range((last - first).days + 1))
    return Workdays([*PUBLISHED.years.values(), HolidayYear(2027, off, frozenset())])


def act(school: School, step: str, number: int) -> None:
    match step:
        case "wait":
            school.now += timedelta(hours=number)
        case "send":
            school.send()
        case "install":
            school.rules = replace(RULES, workdays=days_off(number))
            school.write(lambda session: overrides.record_install(session, 2027, at=school.now))
        case "move":
            occurrence, day = ("主题党日", BRANCH, "2027-10"), date(2027, 10, number)
            school.write(
                lambda session: changes.move_occurrence(session, occurrence, day, by=2, at=school.now)
            )
        case "hold":
            with school.database.begin() as session:
                session.add(
                    Completion(
                        requirement="主题党日",
                        organization_id=BRANCH,
                        period=f"2027-{number:02}",
                        held_on=school.now.date(),
                        known_at=school.now,
                    )  # fmt: skip
                )


def outcome(
    file: Path, begin: datetime, story: list[tuple[str, int]], times: int
) -> tuple[list[str], list[tuple[int, str, str]]]:
    """The reminders and messages there are after a story, planned so many times after each step."""
    own = file.with_name(f"{next(NUMBERS)}.db")
    shutil.copy(file, own)
    school = School(Database(f"sqlite:///{own}"), begin)
    for step, number in story:
        act(school, step, number)
        for _ in range(times):
            school.planner().plan_reminders()
    with school.database.read() as session:
        keys = sorted(session.scalars(select(Reminder.key)))
        rows = session.execute(select(Delivery.chat_id, Delivery.status, Delivery.text))
        messages = sorted((row[0], row[1], row[2]) for row in rows if row.status != "withdrawn")
    school.database.close()
    own.unlink()
    return keys, messages


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=stories, begin=st.sampled_from(["2027-09-10T08:00", "2027-09-28T20:00"]))
def test_planning_twice_equals_planning_once_and_nobody_hears_of_a_festival_twice(
    template: Path, story: list[tuple[str, int]], begin: str
) -> None:
    once = outcome(template, at(begin), story, 1)
    assert outcome(template, at(begin), story, 2) == once
    sent = Counter(
        (chat, theme)
        for chat, status, text in once[1]
        for theme in ("中秋思“正”", "国庆守“规”")
        if status == "sent" and theme in text
    )
    assert all(times == 1 for times in sent.values())
