"""The tally of many says what the status says of each one, in as many statements for few as for many."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from models.packs.load import load_packs, load_workdays
from models.records import changes, overrides
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import State
from models.rules.types import OrganizationFacts
from models.status.occurrences import status
from models.status.totals import blocks, tally
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
        facts = overrides.facts(session, RULES.workdays)
        due = RULES.due(facts, FIRST, LAST)
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
                        superseded_at=chance.choice((None, None, None, AT)),
                    )
                )  # fmt: skip
        for row in due[:: max(1, len(due) // 9)]:
            subject = row.requirement, row.organization_id, row.period
            changes.move(session, subject, row.due_on + timedelta(days=9), by=None, at=AT)
        for row in due[4 :: max(1, len(due) // 9)]:
            subject = row.requirement, row.organization_id, row.period
            changes.waive(session, subject, by=None, at=AT, reason="阅卷")
        done = next(row for row in due if row.period == "2026-09" and row.organization_id % 5)
        subject = done.requirement, done.organization_id, done.period
        changes.move(session, subject, FIRST - timedelta(days=4), by=None, at=AT)
    return facts


async def test_what_is_judged_together_is_judged_as_each_by_itself(database: Database) -> None:
    facts = await fill(database, 5)
    some = [each for each in facts if each.id % 5]
    asked = {"first": FIRST, "last": LAST, "today": TODAY, "whole": True}
    with database.read() as session:
        ledger = overrides.ledger(session)
        each = status(session, RULES, some, **asked, ledger=ledger)
        together = blocks(session, RULES, some, **asked, ledger=ledger)
        sums = tally(session, RULES, some, **asked, ledger=ledger, most=7)
    alone = Counter(
        (line.occurrence.requirement, line.occurrence.organization_id, line.occurrence.period,
         line.occurrence.due_on, line.state)
        for line in each
    )  # fmt: skip
    assert alone == Counter(
        (block.requirement, place, block.period, block.due_on, block.state)
        for block in together
        for place in block.organizations
    )
    assert len({line.state for line in each}) >= 5, "the records show something"
    shown = [line for line in each if line.occurrence.due_on >= FIRST or line.state is State.OVERDUE]
    assert len(shown) < len(each), "one was moved to before these days"
    assert sum(sums.counts.values(), Counter()) == Counter(line.state for line in shown)
    overdue = [line.occurrence for line in each if line.state is State.OVERDUE]
    assert [day for _, _, day in sums.missing] == [row.due_on for row in overdue[:7]]


@pytest.mark.parametrize("ask", [status, tally])
async def test_the_statements_do_not_grow_with_the_branches(database: Database, ask) -> None:  # type: ignore[no-untyped-def]
    facts = await fill(database, 12)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    with database.read() as session:
        ledger = overrides.ledger(session)
        for some in (facts[:4], facts[:24], facts):
            seen.clear()
            await ask(session, RULES, some, first=FIRST, last=LAST, today=TODAY, ledger=ledger)
            assert len(seen) <= 3
