"""What is entered by hand: kept with its history, and followed by what is due and its status."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.packs.load import load_packs, load_workdays
from models.records import overrides
from models.register import organizations
from models.rules.calendar.due_parser import DueError
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.overrides import OwnDay, OwnSemester
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import State
from models.rules.types import KeyEvent
from models.status.blocks import status_blocks
from models.status.lines import StatusLine, list_lines
from models.storage.database import Database
from models.tables.people import Organization
from models.tables.records import Audit, Completion

AT = datetime(2026, 9, 1, tzinfo=UTC)
BUREAU, SCHOOL, BRANCH = 1, 2, 3
YIZHENG = load_packs(["national", "yizheng@2026-01-01"])
RULES = Rulebook(YIZHENG.requirements, YIZHENG.observances, load_workdays())


def school(session: Session) -> None:
    kinds = (OrganizationKind.BUREAU, OrganizationKind.COMMITTEE, OrganizationKind.BRANCH)
    for key, (name, kind) in enumerate(zip(("教育局", "学校党委", "一支部"), kinds, strict=True), start=1):
        session.add(
            Organization(
                id=key,
                name=name,
                kind=kind,
                parent_id=key - 1 or None,
                position=key,
                has_committee=True,
                starts_on=date(2026, 1, 1),
            )  # fmt: skip
        )
        session.flush()


def lines(session: Session, requirement: str, first: date, last: date) -> list[StatusLine]:
    facts = [each for each in overrides.list_facts(session, RULES.workdays) if each.id == BRANCH]
    query = DueQuery(facts, first, last, overrides.load_ledger(session), RULES.list_chosen([requirement]))
    return list_lines(status_blocks(session, RULES, query, date(2026, 12, 31)), facts)


def test_the_bureaus_setting_reaches_a_branch_that_is_asked_about_alone(database: Database) -> None:
    with database.begin() as session:
        school(session)
        overrides.set_requirement(
            session,
            "主题党日",
            BUREAU,
            due="每月8日",
            valid_from=date(2026, 10, 1),
            reason="〔2026〕12号",
            at=AT,
        )
    with database.read() as session:
        found = lines(session, "主题党日", date(2026, 9, 1), date(2026, 10, 31))
    assert [line.occurrence.due_on for line in found] == [date(2026, 9, 5), date(2026, 10, 8)]


def test_of_two_settings_from_one_day_the_later_counts(database: Database) -> None:
    with database.begin() as session:
        school(session)
        for due in ("每月8日", "每月9日"):
            overrides.set_requirement(session, "主题党日", None, due=due, valid_from=date(2026, 10, 1), at=AT)
    with database.read() as session:
        found = lines(session, "主题党日", date(2026, 10, 1), date(2026, 10, 31))
    assert [line.occurrence.due_on for line in found] == [date(2026, 10, 9)]


def test_a_due_day_nobody_understands_is_not_stored(database: Database) -> None:
    with database.begin() as session:
        school(session)
        with pytest.raises(DueError):
            overrides.set_requirement(
                session, "主题党日", None, due="改天", valid_from=date(2026, 10, 1), at=AT
            )
    with database.read() as session:
        assert overrides.list_settings(session) == []


def test_an_election_makes_the_next_one_due_until_it_is_taken_back(database: Database) -> None:
    with database.begin() as session:
        school(session)
        row = overrides.add_event(session, KeyEvent("换届", date(2023, 11, 20), BRANCH), at=AT)
    with database.read() as session:
        found = lines(session, "按期换届", date(2026, 1, 1), date(2026, 12, 31))
    assert [line.occurrence.due_on for line in found] == [date(2026, 11, 20)]
    with database.begin() as session:
        assert overrides.withdraw_event(session, row.id, at=AT)
        assert not overrides.withdraw_event(session, row.id, at=AT)
    with database.read() as session:
        assert lines(session, "按期换届", date(2026, 1, 1), date(2026, 12, 31)) == []


def test_own_days_and_semesters_are_read_back(database: Database) -> None:
    with database.begin() as session:
        school(session)
        overrides.set_days(session, [OwnDay(SCHOOL, date(2026, 10, 8), False)], reason="校庆", at=AT)
        semester = OwnSemester(SCHOOL, "2026-S1", date(2026, 9, 7), date(2027, 1, 20))
        overrides.set_semester(session, semester, at=AT)
    with database.read() as session:
        bureau, committee, branch = overrides.list_facts(session, RULES.workdays)
    assert bureau.workdays is None
    assert branch.workdays is committee.workdays is not None
    assert not branch.workdays.is_workday(date(2026, 10, 8))
    assert branch.semesters.get_span(2026, 1) == (date(2026, 9, 7), date(2027, 1, 20))


def test_overlapping_semesters_are_refused_and_nothing_is_stored(database: Database) -> None:
    with database.begin() as session:
        school(session)
    with pytest.raises(ValueError, match="重叠"), database.begin() as session:
        overrides.set_semester(
            session, OwnSemester(SCHOOL, "2026-S1", date(2026, 9, 7), date(2027, 3, 1)), at=AT
        )
    with database.read() as session:
        assert overrides.list_facts(session, RULES.workdays)[1].workdays is None


def test_every_change_is_audited_and_makes_the_register_new(database: Database) -> None:
    with database.begin() as session:
        school(session)
        before = organizations.get_version(session)
        overrides.set_requirement(
            session,
            "主题党日",
            SCHOOL,
            exempt=True,
            valid_from=date(2026, 10, 1),
            reason="〔2026〕3号",
            at=AT,
        )
        assert organizations.get_version(session) > before
    with database.read() as session:
        (row,) = session.scalars(select(Audit))
    assert (row.action, row.after) == (
        "setting",
        {
            "id": 1, "requirement": "主题党日", "organization_id": SCHOOL, "exempt": True,
            "valid_from": "2026-10-01", "reason": "〔2026〕3号",
        },
    )  # fmt: skip


def completion(requirement: str, organization: int, period: str, day: date, **more: object) -> Completion:
    return Completion(
        requirement=requirement, organization_id=organization, period=period, held_on=day, known_at=AT, **more
    )


def test_the_committees_party_lecture_counts_for_its_branches(database: Database) -> None:
    with database.begin() as session:
        school(session)
        session.add(completion("党课", SCHOOL, "2026-Q3", date(2026, 9, 10)))
        session.add(completion("支部党员大会", SCHOOL, "2026-Q3", date(2026, 9, 10)))
    with database.read() as session:
        lecture = lines(session, "党课", date(2026, 9, 1), date(2026, 9, 30))
        meeting = lines(session, "支部党员大会", date(2026, 9, 1), date(2026, 9, 30))
    assert [line.state for line in lecture] == [State.DONE]
    assert [line.state for line in meeting] == [State.OVERDUE]


def test_a_goal_of_several_is_late_only_when_it_was_reached_late(database: Database) -> None:
    topics = ("全面从严治党", "党风廉政建设", "思政建设", "意识形态")
    with database.begin() as session:
        school(session)
        for number, part in enumerate(topics):
            day = date(2026, 3, 1 + number)
            session.add(completion("半年专题研究", BRANCH, "2026-H1", day, part=part))
        session.add(completion("半年专题研究", BRANCH, "2026-H1", date(2026, 7, 9), part=topics[0]))
    with database.read() as session:
        (line,) = lines(session, "半年专题研究", date(2026, 6, 1), date(2026, 6, 30))
    assert line.state is State.DONE
    assert line.done is not None
    assert line.done.reached_on == date(2026, 3, 4)
