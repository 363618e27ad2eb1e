"""A large broadcast is put in part by part, so that others can write in between; each reader once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.delivery import broadcasts
from models.rules.people.roles import OrganizationKind, Role
from models.storage.database import Database
from models.tables.closings import Broadcast
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Member, Membership, Organization
from scheduler.jobs.broadcasts import BroadcastProgress
from tests.network import NOW

READERS = 7


def begun(database: Database) -> int:
    day = NOW.date()
    with database.begin() as session:
        place = Organization(
            name="示例支部", kind=OrganizationKind.BRANCH, aliases=[], starts_on=day, position=1
        )
        people = [Member(name=f"人{number}", position=number) for number in range(READERS + 1)]
        session.add_all([place, *people])
        session.flush()
        for each in people:
            post = {"role": Role.MEMBER, "organization_id": place.id, "valid_from": day}
            session.add(Membership(member_id=each.id, **post))
            session.add(Chat(address=str(each.id), member_id=each.id, joined_at=NOW))
        session.flush()
        row = Broadcast(
            chat_id=people[0].id, message_key="1", by_member_id=people[0].id, organizations=[place.id],
            everybody=True, total=READERS + 1, shown="", begun_at=NOW,
        )  # fmt: skip
        broadcasts.start_broadcast(session, row, "看通知", due_at=NOW, expires_at=NOW + timedelta(hours=3))
        return row.id


def told(database: Database) -> list[int]:
    with database.read() as session:
        rows = select(Delivery.chat_id).where(Delivery.kind == broadcasts.KIND).order_by(Delivery.id)
        return list(session.scalars(rows))


def test_every_reader_gets_one_delivery(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "AT_ONCE", 3)
    key = begun(database)
    assert len(told(database)) == (3 if database.sqlite else READERS)
    progress = BroadcastProgress(database, lambda: NOW, lambda _key: [])
    assert progress.fill() == [key]
    assert len(set(told(database))) == len(told(database)) == READERS
    assert progress.fill() == [key]
    assert len(told(database)) == READERS
    with database.read() as session:
        row = session.get_one(Broadcast, key)
        assert (row.text, row.filled_to) == (None, None)
        assert row.total == READERS  # one of those who were counted before has left meanwhile


def test_what_is_stopped_is_not_put_in_any_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "AT_ONCE", 3)
    key = begun(database)
    before = len(told(database))
    with database.begin() as session:
        row = broadcasts.lock_broadcast(session, key)
        assert row is not None
        broadcasts.stop_broadcast(session, row, by=row.by_member_id, at=NOW)
    BroadcastProgress(database, lambda: NOW, lambda _key: []).fill()
    assert len(told(database)) == before


def test_a_part_has_as_many_readers_as_the_machine_puts_in_at_once() -> None:
    assert broadcasts.plan_next_part(2_000, took=0.06) == 4_000
    assert broadcasts.plan_next_part(2_000, took=0.001) == 8_000  # it grows step by step
    assert broadcasts.plan_next_part(20_000, took=0.24) == 10_000
    assert broadcasts.plan_next_part(2_000, took=60.0) == broadcasts.FEWEST
    assert broadcasts.plan_next_part(50_000, took=0.01) == broadcasts.MOST
