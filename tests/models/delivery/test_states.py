"""The states of a delivery, on both databases."""

from datetime import UTC, datetime, timedelta

from models.delivery import claims, deliveries
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.storage.database import Database
from models.tables.deliveries import Delivery
from models.tables.people import Chat

NOW = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)


def chats(database: Database, count: int) -> list[int]:
    with database.begin() as session:
        rows = [Chat(address=str(1000 + i)) for i in range(count)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def test_a_key_is_put_in_once(database: Database) -> None:
    [chat] = chats(database, 1)
    with database.begin() as session:
        first = deliveries.enqueue(
            session, NewDelivery(key="a", chat_id=chat, kind=DeliveryKind.NOTICE, text="一", due_at=NOW)
        )
        again = deliveries.enqueue(
            session, NewDelivery(key="a", chat_id=chat, kind=DeliveryKind.NOTICE, text="二", due_at=NOW)
        )
    assert first is not None
    assert again is None


def test_of_each_chat_only_the_oldest_is_claimed(database: Database) -> None:
    here, there = chats(database, 2)
    with database.begin() as session:
        for key, chat, minutes in [("b", here, 2), ("a", here, 1), ("c", there, 3)]:
            deliveries.enqueue(
                session,
                NewDelivery(
                    key=key,
                    chat_id=chat,
                    kind=DeliveryKind.NOTICE,
                    text=key,
                    due_at=NOW - timedelta(minutes=9 - minutes),
                ),
            )
    with database.begin() as session:
        claimed = claims.claim(session, me="me", due=NOW, now=5.0, until=35.0, many=10)
    assert [row.key for row in claimed] == ["c", "a"]
    with database.begin() as session:
        assert claims.claim(session, me="me", due=NOW, now=5.0, until=35.0, many=10) == []
    with database.read() as session:
        row = session.get(Delivery, claimed[0].id)
        assert row is not None
        assert (row.status, row.lease_by, row.lease_until, row.due_at) == (
            "leased",
            "me",
            35.0,
            claimed[0].due_at,
        )
