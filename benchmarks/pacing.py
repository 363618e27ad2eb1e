"""A wave against a server that enforces Telegram's limits: its time and its refusals."""

import asyncio
import time

from benchmarks import results
from benchmarks.network import open_bot, run_network
from benchmarks.sending import FIRST, NOW, add_wave, create_database
from bot.channels.telegram.channel import TelegramChannel
from models.delivery import deliveries
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.storage.database import Database
from models.tables.people import Chat
from scheduler.delivery.dispatcher import Dispatcher
from scheduler.delivery.limits import SINGLE_PROCESS

MEMBERS, GROUPS, EACH = 2_000, 3, 22
FIRST_GROUP = -1_000_000


def add_groups(database: Database) -> None:
    """Beside the members, each group is to hear more messages than a minute allows."""
    with database.begin() as session:
        rows = [Chat(address=str(FIRST_GROUP - number), kind="group") for number in range(GROUPS)]
        session.add_all(rows)
        session.flush()
        values = [
            {
                "key": f"group/{row.id}/{i}",
                "chat_id": row.id,
                "kind": DeliveryKind.NOTICE,
                "text": f"通知 {i}",
                "due_at": NOW,
            }
            for row in rows
            for i in range(EACH)
        ]
        deliveries.enqueue_many(session, [NewDelivery(**row) for row in values])


async def main(members: int = MEMBERS) -> None:
    """Measure one wave until its last message."""
    async with run_network() as net, create_database(members) as database, open_bot(net.root) as bot:
        await net.people(FIRST, members)
        for number in range(GROUPS):
            await net.do("add_group", chat_id=FIRST_GROUP - number, title="群", members=[FIRST])
        add_wave(database, "wave", members)
        add_groups(database)
        await net.do("settings", limits=True)
        dispatcher = Dispatcher(database, TelegramChannel(bot), now=lambda: NOW, limits=SINGLE_PROCESS)
        begun = time.perf_counter()
        await dispatcher.drain(patience=70.0)
        took = time.perf_counter() - begun
        heard = await net.do("accepted", sends=False)
        await dispatcher.stop()
    messages = members + GROUPS * EACH
    assert heard["sent"] == messages, heard
    refused, ideal = heard["codes"].get("429", 0), messages / 30
    row = [
        f"{members:,} members, {GROUPS} groups × {EACH}",
        f"{ideal:.1f} s",
        f"{took:.1f} s",
        f"{took / ideal:.3f} ×",
        str(refused),
        results.format_goal(took <= 1.1 * ideal and not refused, "≤ 1.1 ×, no refusal"),
    ]
    head = ["wave", "ideal: 30 a second", "taken", "ratio", "refused (429)", "goal"]
    note = (
        "The local server counts 30/s a bot, 1/s a chat and 20/min a group over sliding windows and refuses "
        "the rest."
    )
    results.write_section("pacing", "A wave at Telegram's limits", results.format_table(head, [row]), note)


if __name__ == "__main__":
    asyncio.run(main())
