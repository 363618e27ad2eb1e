"""Strangers' chats are forgotten beside people who write there at the same moment, on PostgreSQL."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.delivery import deliveries
from models.privacy import retention
from models.register import chats, roster
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.storage.database import Database
from models.tables.deliveries import Delivery
from models.tables.people import Chat

AT = datetime(2026, 9, 1, tzinfo=UTC)
STRANGER = "9001"


@pytest.fixture
def engine() -> str:
    """SQLite has one writer at a time."""
    return "postgresql"


async def sweep(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        retention.delete_expired(session, civil=AT, machine=AT, keep_days=30)


async def stranger(database: Database) -> Chat:
    with database.begin() as session:
        chat = Chat(address=STRANGER)
        session.add(chat)
    return chat


async def test_a_chat_that_is_being_answered_keeps_its_address_and_its_answer(database: Database) -> None:
    chat = await stranger(database)
    with database.begin() as session:
        assert chats.lock_chat(session, chats.to_stored_chat(chat)) is not None
        await sweep(database)
        deliveries.enqueue(
            session, NewDelivery(key="a", chat_id=chat.id, kind=DeliveryKind.PATIENT, text="请问", due_at=AT)
        )
    await sweep(database)
    with database.read() as session:
        assert session.scalar(select(Chat.address)) == STRANGER
        assert session.scalar(select(Delivery.text)) == "请问"


async def test_who_writes_while_the_chat_is_forgotten_begins_anew(database: Database) -> None:
    chat = await stranger(database)
    with database.begin() as session:
        retention.delete_expired(session, civil=AT, machine=AT, keep_days=30)
        writing = asyncio.create_task(database.run(chats.lock_chat, chats.to_stored_chat(chat)))
        while not await waits(database):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await writing is None
    with database.read() as session:
        assert session.scalar(select(Chat.id).where(Chat.address == STRANGER)) is None


async def test_a_number_that_is_imported_while_its_chat_is_forgotten_gets_a_new_one(
    database: Database,
) -> None:
    await stranger(database)
    with database.begin() as session:
        retention.delete_expired(session, civil=AT, machine=AT, keep_days=30)
        importing = asyncio.create_task(database.run(bring_in))
        while not importing.done() and not await waits(database):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await importing
    with database.read() as session:
        assert session.scalar(select(Chat.member_id).where(Chat.address == STRANGER)) is not None


SCHOOL = "名称,类型,上级,别名,督导组\n校党委,党委,,,\n理科支部,支部,校党委,,\n"


def bring_in(session: Session) -> None:
    places = read_csv("o.csv", SCHOOL.encode())
    people = read_csv("p.csv", f"姓名,角色,组织,聊天号\n示例·小田,党员,理科支部,{STRANGER}\n".encode())
    plan = plan_import(roster.load_roster(session), places, people, today=AT.date())
    roster.apply_plan(session, plan, today=AT.date())


async def waits(database: Database) -> bool:
    """Whether somebody waits for a lock."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with database.read() as session:
        return bool(session.scalar(waiting))
