"""What tests of several rooms share: a local Telegram over HTTP, the bot that speaks to it, and an outbox."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.transport import AiohttpRequest
from models.delivery import deliveries
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.storage.database import Database
from models.tables.deliveries import Delivery
from models.tables.people import Chat
from scheduler.delivery.dispatcher import Dispatcher
from scheduler.delivery.limits import UNLIMITED, Limits
from tests.telegram.server import FaultyTelegram, serve

TOKEN = "4711:TOKEN"  # noqa: S105
NOW = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
FIRST_PERSON = 1000
QUICK = replace(UNLIMITED, doubtful_rest=0.05)


@pytest.fixture
def telegram() -> FaultyTelegram:
    """The network, empty."""
    return FaultyTelegram(TOKEN)


@pytest.fixture
async def bot(telegram: FaultyTelegram) -> AsyncIterator[Bot]:
    """The bot, connected to the network over HTTP."""
    async with serve(telegram) as root:
        requests = AiohttpRequest(), AiohttpRequest(read_seconds=0.5)
        polling, sending = requests
        yield Bot(TOKEN, f"{root}/bot", f"{root}/file/bot", request=sending, get_updates_request=polling)
        for request in requests:
            await request.shutdown()


class Post:
    """What a test of sending needs: people with chats, waves to them, and dispatchers."""

    def __init__(self, database: Database, telegram: FaultyTelegram, bot: Bot) -> None:
        self.database, self.telegram, self.bot = database, telegram, bot
        self.now = NOW

    def people(self, count: int) -> list[int]:
        """So many persons who know the bot; gives the ids of their chats in the database."""
        addresses = range(FIRST_PERSON, FIRST_PERSON + count)
        for address in addresses:
            self.telegram.add_user(address, f"人{address}")
            self.telegram.say(address, address, "/start")
        return self.chats([(str(address), "private") for address in addresses])

    def chats(self, places: list[tuple[str, str]]) -> list[int]:
        """Chats in the database, from (address, kind)."""
        with self.database.begin() as session:
            rows = [Chat(address=address, kind=kind) for address, kind in places]
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

    def put(
        self,
        chat_id: int,
        key: str,
        *,
        minutes: float = 0.0,
        kind: DeliveryKind | str = DeliveryKind.NOTICE,
        **more: object,
    ) -> int:
        """One delivery, due so many minutes before now, whose text is its key."""
        with self.database.begin() as session:
            added = deliveries.enqueue(
                session,
                NewDelivery(
                    key=key,
                    chat_id=chat_id,
                    kind=DeliveryKind(kind),
                    text=key,
                    due_at=NOW - timedelta(minutes=minutes),
                    **more,  # type: ignore[arg-type]
                ),
            )
        assert added is not None
        return added

    def row(self, delivery_id: int) -> Delivery:
        """The delivery as another session sees it."""
        with self.database.read() as session:
            return session.get_one(Delivery, delivery_id)

    def dispatcher(self, limits: Limits = QUICK, **more: object) -> Dispatcher:
        """A dispatcher of its own, as another process would have one."""
        return Dispatcher(
            self.database,
            TelegramChannel(self.bot),
            now=lambda: self.now,
            limits=limits,
            **more,  # type: ignore[arg-type]
        )

    def heard(self) -> list[tuple[int, str]]:
        """What the network accepted: (chat's address, text)."""
        return [(send.chat_id, send.text) for send in self.telegram.accepted.sends]


@pytest.fixture
def post(database: Database, telegram: FaultyTelegram, bot: Bot) -> Post:
    """A database, the network and the bot between them."""
    return Post(database, telegram, bot)
