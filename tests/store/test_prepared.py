"""Prepared statements say what SQLAlchemy says, on both databases, and refuse what they cannot say."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    inspect,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.delivery import deliveries
from models.rules.people.roles import OrganizationKind
from models.storage.database import Database
from models.storage.errors import database_is_away
from models.storage.inserts import put_in
from models.storage.statements import DRIVER, Driver, Prepared, as_tuple, only
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Organization
from models.tables.records import Audit, Completion

AT = datetime(2026, 9, 24, 1, 2, 3, 456789, tzinfo=UTC)
SUBJECTS = Prepared(select(Audit.subject).order_by(Audit.id), only)
OF = Prepared(select(Audit.id).where(Audit.subject.in_(bindparam("words", expanding=True))), only)


def audit(subject: str, **more: Any) -> dict[str, Any]:
    return {"at": AT, "action": "note", "subject": subject, **more}


@pytest.fixture
async def place(database: Database) -> int:
    with database.begin() as session:
        row = Organization(
            name="示例支部", kind=OrganizationKind.BRANCH, aliases=[], starts_on=date(2026, 1, 1), position=1
        )
        session.add_all([row, Chat(address="1")])
        session.flush()
        return row.id


HELD = {
    "requirement": "党课", "organization_id": 1, "period": "2026-Q3", "held_on": date(2026, 9, 4),
    "held_until": None, "present": 7, "quantity": 1.5, "topic": "“清”", "known_at": AT,
}  # fmt: skip
GROUP = {
    "name": "乙", "kind": OrganizationKind.GROUP, "aliases": ["乙组"], "has_committee": False,
    "starts_on": date(2026, 1, 2), "position": 2,
}  # fmt: skip
SAID = {
    "key": "k", "chat_id": 1, "kind": "answer", "text": "好", "due_at": AT, "buttons": [[["是", "1"]]],
    "about": None,
}  # fmt: skip
CASES = [
    (Audit, audit("x", before=None, after={"a": [1, None, "二"]})),
    (Audit, audit("x", at=AT.astimezone(timezone(timedelta(hours=8))), before={}, after=None)),
    (Completion, HELD),
    (Organization, GROUP),
    (Delivery, SAID),
]


@pytest.mark.parametrize(("kind", "values"), CASES)
@pytest.mark.usefixtures("place")
async def test_what_is_put_in_is_what_an_object_would_have_stored(
    database: Database, kind: Any, values: dict[str, Any]
) -> None:
    unique = {"name": "甲"} if kind is Organization else {"key": "j"} if kind is Delivery else {}
    with database.begin() as session:
        session.add(kind(**values | unique))
        put_in(session, kind, [values])
    names = [column.key for column in inspect(kind).columns if column.key not in ("id", *unique)]
    raw = select(*map(literal_column, names)).select_from(kind.__table__).order_by(kind.__table__.c.id)
    with database.read() as session:
        stored = session.execute(raw).all()
    assert stored[-1] == stored[-2]


async def test_what_a_session_has_not_written_yet_is_written_before(database: Database) -> None:
    with database.begin() as session:
        session.add(Audit(**audit("一")))
        put_in(session, Audit, [audit("二")])
        session.add(Audit(**audit("三")))
        assert await SUBJECTS.all(session) == ["一", "二", "三"]
    with database.read() as session:
        assert await SUBJECTS.all(session) == ["一", "二", "三"]


async def test_lists_of_any_length_may_be_asked_for(database: Database) -> None:
    with database.begin() as session:
        put_in(session, Audit, [audit(word) for word in "甲乙丙"])
        for words, count in (("甲", 1), ("甲丙", 2), ("甲乙丙", 3), ("", 0), ("乙", 1)):
            assert len(await OF.all(session, {"words": list(words)})) == count
        with pytest.raises(TypeError, match="many rows at once"):
            await OF.each(session, [{"words": ["甲"]}, {"words": ["乙", "丙"]}])


async def test_a_key_that_is_there_gives_nothing(database: Database, place: int) -> None:  # noqa: ARG001
    row = {"key": "k", "chat_id": 1, "kind": "answer", "text": "好", "due_at": AT}
    with database.begin() as session:
        first = deliveries.enqueue_many(session, [row, row | {"key": "l"}])
        again = deliveries.enqueue_many(session, [row, row | {"key": "m"}])
    assert (set(first), set(again)) == ({"k", "l"}, {"m"})


@pytest.mark.parametrize("subject", ["\ud800", "\0"], ids=["surrogate", "nul"])
async def test_a_text_that_cannot_be_stored_is_nothing_to_wait_for(database: Database, subject: str) -> None:
    async def write() -> None:
        with database.begin() as session:
            put_in(session, Audit, [audit(subject)])

    [error] = await asyncio.gather(write(), return_exceptions=True)
    assert error is None or not database_is_away(error)
    with database.begin() as session:
        put_in(session, Audit, [audit("一")])
    with database.read() as session:
        assert (await SUBJECTS.all(session))[-1] == "一"


async def test_an_error_names_the_statement_and_not_the_values(database: Database) -> None:
    async def write() -> None:
        with database.begin() as session:
            put_in(session, Audit, [audit("秘密", by_member_id=77)])

    with pytest.raises(IntegrityError) as raised:
        await write()
    assert "INSERT INTO audit" in str(raised.value)
    assert isinstance(raised.value, DBAPIError)
    assert "秘密" not in str(raised.value)


OWN = Table(
    "own",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("made", String, default=lambda: "x"),
    Column("changed", String, onupdate="y"),
)


@pytest.mark.parametrize(
    ("clause", "values"),
    [
        (insert(OWN).inline(), {"changed": "1"}),
        (select(OWN.c.id).where(OWN.c.id.in_([1, 2])), {}),
        (
            update(OWN).where(OWN.c.id == bindparam("own")).values(made=bindparam("new")),
            {"own": 1, "new": "2"},
        ),
    ],
    ids=["a default that is called", "a list without a name", "a value on change"],
)
async def test_what_cannot_be_prepared_is_refused(database: Database, clause: Any, values: Any) -> None:
    statement = Prepared(clause, as_tuple)
    with database.begin() as session, pytest.raises(TypeError):
        await statement.all(session, values)


class Heard:
    """A session's driver, and the statements that were asked of it."""

    def __init__(self, driver: Driver) -> None:
        self._driver, self.dialect = driver, driver.dialect
        self.said: set[str] = set()

    async def fetch(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        self.said.add(statement)
        return await self._driver.fetch(statement, values)


async def test_few_statements_serve_lists_of_any_length(database: Database) -> None:
    with database.begin() as session:
        put_in(session, Audit, [audit(str(number)) for number in range(9)])
        session.info[DRIVER] = heard = Heard(session.info[DRIVER])
        for count in range(1, 65):
            found = await OF.all(session, {"words": [str(number) for number in range(count)]})
            assert len(found) == min(count, 9)
    assert len(heard.said) == 7
