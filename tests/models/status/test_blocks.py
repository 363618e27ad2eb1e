"""The status says of many what the pure rule says of each one, in as many statements for few as for many."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models.packs.load import load_packs, load_workdays
from models.records import changes, overrides
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import Done, Held, State, get_state, measure_progress, sum_towards
from models.rules.types import OrganizationFacts, Subject, get_subject
from models.status import grouped_records
from models.status.blocks import count_states, status_blocks
from models.status.lines import A_YEAR, StatusLine, find_done, list_lines, list_open_periods
from models.storage.database import Database
from models.tables.people import Organization
from models.tables.records import Completion

PACK = load_packs(["national", "xuchang_bureau", "xuchang_school"])
RULES = Rulebook(PACK.requirements, PACK.observances, load_workdays())
FIRST, LAST, TODAY = date(2026, 9, 1), date(2026, 12, 31), date(2026, 11, 21)
AT = datetime(2026, 10, 10, tzinfo=UTC)


async def fill(database: Database, schools: int, *, seed: int = 7) -> list[OrganizationFacts]:
    """Schools of three branches with records of all kinds: none, one, several, in parts, by superiors."""
    chance = random.Random(seed)
    with database.begin() as session:
        number = 0
        for school in range(schools):
            number += 1
            above = number
            for each in range(4):
                if each:
                    number += 1
                kind = OrganizationKind.BRANCH if each else OrganizationKind.COMMITTEE
                session.add(
                    Organization(
                        id=number, name=f"第{school}学校{each}", kind=kind, position=number,
                        parent_id=above if each else None, has_committee=each != 2,
                        starts_on=date(2026, 1 + 9 * (each == 3), 1), ends_on=None,
                    )
                )  # fmt: skip
            session.flush()
        facts = overrides.list_facts(session, RULES.workdays)
        due = RULES.list_due(DueQuery(facts, FIRST, LAST))
        for row in due:
            parts = next(rule for rule in RULES.requirements if rule.key == row.requirement).goal.parts
            for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 5))):
                day = row.due_on - timedelta(days=chance.randint(-6, 20))
                session.add(
                    Completion(
                        requirement=row.requirement, organization_id=row.organization_id, period=row.period,
                        part=chance.choice(parts) if parts else None, held_on=day,
                        quantity=chance.choice((None, 1.0, 2.5)),
                        present=chance.randint(10, 25), expected=25, known_at=AT,
                        superseded_at=chance.choice((None, None, None, AT + timedelta(days=3))),
                    )
                )  # fmt: skip
        for row in due[:: max(1, len(due) // 9)]:
            subject = row.requirement, row.organization_id, row.period
            changes.move_occurrence(session, subject, row.due_on + timedelta(days=9), by=None, at=AT)
        for row in due[4 :: max(1, len(due) // 9)]:
            subject = row.requirement, row.organization_id, row.period
            changes.waive_occurrence(session, subject, by=None, at=AT, reason="阅卷")
        done = next(row for row in due if row.period == "2026-09" and row.organization_id % 5)
        subject = done.requirement, done.organization_id, done.period
        changes.move_occurrence(session, subject, FIRST - timedelta(days=4), by=None, at=AT)
    return facts


def judge_each(session: Session, query: DueQuery, look_back: timedelta) -> list[StatusLine]:
    """The status by the pure rule: every occurrence by itself, from every record that stands."""
    held: dict[Subject, list[Held]] = {}
    for row in session.scalars(select(Completion).order_by(Completion.id)):
        known = query.known_at is None or row.known_at <= query.known_at
        gone = row.superseded_at is not None and (
            query.known_at is None or row.superseded_at <= query.known_at
        )
        if known and not gone:
            one = Held(row.held_on, row.quantity or 0.0, row.part, row.present or 0, row.expected or 0)
            held.setdefault((row.requirement, row.organization_id, row.period), []).append(one)
    asked = replace(query, first=query.first - look_back)
    changed = changes.list_changes(
        session, {each.id for each in query.organizations}, known_at=query.known_at
    )
    lines = []
    for row in RULES.list_due(asked, changed):
        rule = RULES.find_version(row.requirement, row.opens_on)
        above = query.ledger.list_superiors(row.organization_id) if rule.covered_by_superior else ()
        records = [
            each
            for place in (row.organization_id, *above)
            for each in held.get((row.requirement, place, row.period), ())
        ]
        done = sum_towards(rule.goal, records)
        state = get_state(rule, row, done, TODAY)
        if row.due_on >= query.first or state is State.OVERDUE:
            lines.append(StatusLine(row, done, state))
    return lines


@pytest.mark.parametrize(
    ("seed", "most_ids", "look_back", "known_at"),
    [
        (1, 5_000, 0, None),
        (7, 5_000, 40, None),
        (23, 3, 40, None),
        (7, 5_000, 40, AT - timedelta(days=1)),
        (23, 3, 0, AT + timedelta(days=1)),
        (1, 5_000, 40, AT + timedelta(days=1)),
    ],
)
async def test_what_is_judged_together_is_judged_as_each_by_itself(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    most_ids: int,
    seed: int,
    look_back: int,
    known_at: datetime | None,
) -> None:
    for room in (grouped_records, changes):
        monkeypatch.setattr(room, "MOST_IDS", most_ids)
    facts = await fill(database, 5, seed=seed)
    some = [each for each in facts if each.id % 5]
    back = timedelta(days=look_back)
    with database.read() as session:
        ledger = overrides.load_ledger(session)
        query = DueQuery(some, FIRST, LAST, ledger, known_at=known_at, whole_periods=True)
        blocks = status_blocks(session, RULES, query, TODAY, look_back=back)
        lines = list_lines(blocks, some)
        alone = judge_each(session, query, back)
        parts = list_lines(blocks, some[3:7])
    assert [(line.occurrence, line.state) for line in lines] == [
        (line.occurrence, line.state) for line in alone
    ]
    for line, other in zip(lines, alone, strict=True):
        goal = RULES.find_version(line.occurrence.requirement, line.occurrence.opens_on).goal
        assert (line.done is None) == (other.done is None)
        assert measure_progress(goal, line.done) == measure_progress(goal, other.done)
        if line.done is not None and other.done is not None:
            assert days_of(line.done) == days_of(other.done)
    assert count_states(blocks) == Counter(line.state for line in alone)
    ids = {each.id for each in some[3:7]}
    assert parts == [line for line in lines if line.occurrence.organization_id in ids]
    if known_at is None:
        assert len({line.state for line in lines}) >= 5, "the records show something"


def days_of(done: Done) -> tuple[object, ...]:
    return done.count, done.first_on, done.last_on, done.reached_on


async def test_what_was_moved_to_before_the_days_belongs_to_them_only_while_it_is_overdue(
    database: Database,
) -> None:
    facts = await fill(database, 5)
    with database.read() as session:
        ledger = overrides.load_ledger(session)
        query = DueQuery(facts, FIRST, LAST, ledger, whole_periods=True)
        blocks = status_blocks(session, RULES, query, TODAY)
        every = RULES.list_due(query, changes.list_changes(session, {each.id for each in facts}))
    assert min(row.due_on for row in every) < FIRST, "one was moved to before these days"
    assert all(block.occurrence.due_on >= FIRST or block.state is State.OVERDUE for block in blocks)


@pytest.mark.parametrize("requirement", ["主题党日", "组织生活会", "党课"])
async def test_the_periods_that_are_open_are_those_whose_goal_is_not_reached(
    database: Database, requirement: str
) -> None:
    facts = await fill(database, 3)
    with database.read() as session:
        ledger = overrides.load_ledger(session)
        for place in facts:
            query = DueQuery(
                [place],
                TODAY - A_YEAR,
                TODAY + A_YEAR,
                ledger,
                RULES.list_chosen([requirement]),
                by_period=True,
            )
            due = RULES.list_due(query, changes.list_changes(session, {place.id}))
            versions = {get_subject(row): RULES.find_version(requirement, row.opens_on) for row in due}
            done = find_done(session, ledger, versions)
            open_ = {
                row.period
                for row in due
                if not row.waived
                and not measure_progress(versions[get_subject(row)].goal, done.get(get_subject(row))).complete
            }
            assert list_open_periods(session, RULES, ledger, place, requirement, TODAY) == open_


async def test_the_statements_do_not_grow_with_the_branches(database: Database) -> None:
    facts = await fill(database, 12)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as session:
        ledger = overrides.load_ledger(session)
        for some in (facts[:4], facts[:24], facts):
            seen.clear()
            list_lines(status_blocks(session, RULES, DueQuery(some, FIRST, LAST, ledger), TODAY), some)
            assert len(seen) <= 3
