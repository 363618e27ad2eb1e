"""Updates are stored before they are acknowledged, and handled once and in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select
from telegram import Bot

from bot.channels.telegram.polling import UpdatePoller
from bot.channels.telegram.updates import Intake
from bot.intake.outage import OutageWatch
from bot.intake.worker import InboxWorker
from models.delivery import inbox
from models.storage.database import Database
from models.tables.coordination import Inbox
from models.tables.records import Audit
from tests.network import NOW
from tests.telegram.server import FaultyTelegram

BOT_ID = 4711
Raw = dict[str, Any]


class Notebook:
    """A handler that stores what was said, and fails or waits when a text asks for it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.tries: list[str] = []
        self.gate: dict[str, Callable[[], Awaitable[None]]] = {}

    async def __call__(self, raw: Raw) -> None:
        body = raw.get("message") or raw.get("edited_message")
        if body is None:
            return
        text = body["text"]
        self.tries.append(text)
        if text in self.gate:
            await self.gate[text]()
        if text.startswith("broken"):
            raise RuntimeError(text)
        with self.database.begin() as session:
            session.add(Audit(at=NOW, action="said", subject=text))
            inbox.mark_handled(session, BOT_ID, raw["update_id"])

    def noted(self) -> list[str]:
        with self.database.read() as session:
            return list(session.scalars(select(Audit.subject).order_by(Audit.id)))


@pytest.fixture
def notebook(database: Database) -> Notebook:
    return Notebook(database)


@contextlib.asynccontextmanager
async def running(intake: Intake) -> AsyncIterator[None]:
    task = asyncio.create_task(intake.run())
    yield
    await intake.stop()
    await task


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def message(number: int, chat: int, text: str) -> Raw:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": text}}


def states(database: Database) -> dict[int, str]:
    with database.read() as session:
        rows = session.execute(select(Inbox.update_id, Inbox.status))
        return dict(rows.all())


async def test_what_people_write_is_handled_and_acknowledged(
    database: Database, bot: Bot, telegram: FaultyTelegram, notebook: Notebook
) -> None:
    for person in (1, 2, 3):
        telegram.add_user(person, "某人", started=True)
    async with running(Intake(database, bot, notebook)):
        for word in ("一", "二", "三"):
            for person in (1, 2, 3):
                telegram.say(person, person, f"{person}{word}")
        await until(lambda: len(notebook.noted()) == 9 and not telegram.updates.pending)
    noted = notebook.noted()
    for person in (1, 2, 3):
        assert [text for text in noted if text[0] == str(person)] == [
            f"{person}一",
            f"{person}二",
            f"{person}三",
        ]


async def test_what_comes_while_there_is_no_room_is_begun_as_soon_as_there_is(
    database: Database, bot: Bot, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests, go_on = 0, asyncio.Event()

    async def rest(handling: InboxWorker, _seconds: float) -> None:
        nonlocal rests
        rests += 1
        await handling._work.wait()  # no clock helps

    async def rested(times: int) -> None:
        await until(lambda: rests == times)

    monkeypatch.setattr(InboxWorker, "_rest", rest)
    monkeypatch.setattr("bot.intake.worker.AT_ONCE", 2)
    notebook.gate = {"一": go_on.wait, "二": go_on.wait}
    intake = Intake(database, bot, notebook)
    task = asyncio.create_task(intake.run(poll=False))
    await rested(1)
    await intake.take([message(1, 1, "一"), message(2, 2, "二")])
    await rested(2)
    await intake.take([message(3, 3, "三")])
    await rested(3)
    go_on.set()
    await until(lambda: "三" in notebook.tries)
    await intake.stop()
    await task


async def test_a_repeated_update_is_handled_once(database: Database, bot: Bot, notebook: Notebook) -> None:
    intake = Intake(database, bot, notebook)
    assert await intake.take([message(1, 7, "甲"), message(2, 7, "乙")]) == 2
    await intake.handle_pending()
    assert await intake.take([message(2, 7, "乙"), message(1, 7, "甲")]) == 0
    await intake.handle_pending()
    assert notebook.noted() == ["甲", "乙"]


async def test_numbers_may_start_again(database: Database, bot: Bot, notebook: Notebook) -> None:
    intake = Intake(database, bot, notebook)
    await intake.take([message(1, 7, "甲")])
    await intake.handle_pending()
    assert await intake.take([message(1, 7, "另一条")]) == 1
    await intake.handle_pending()
    assert notebook.noted() == ["甲", "另一条"]


async def test_a_handler_that_fails_three_times_holds_nobody_up(
    database: Database, bot: Bot, notebook: Notebook
) -> None:
    intake = Intake(database, bot, notebook)
    await intake.take([message(1, 7, "broken"), message(2, 7, "后来"), message(3, 8, "别处")])
    await intake.handle_pending()
    assert notebook.tries.count("broken") == 3
    assert sorted(notebook.noted()) == ["别处", "后来"]
    assert states(database) == {1: "set aside", 2: "done", 3: "done"}


async def test_unknown_and_malformed_updates_are_ignored(
    database: Database, bot: Bot, notebook: Notebook
) -> None:
    intake = Intake(database, bot, notebook)
    await intake.take([{"update_id": 5, "brand_new": {"x": 1}}, {"update_id": 6}, message(7, 1, "好")])
    await intake.handle_pending()
    assert states(database) == {5: "ignored", 6: "ignored", 7: "done"}


async def test_one_slow_chat_does_not_hold_the_others_up(
    database: Database, bot: Bot, notebook: Notebook
) -> None:
    go_on = asyncio.Event()

    notebook.gate["慢"] = go_on.wait
    intake = Intake(database, bot, notebook)
    await intake.take([message(1, 7, "慢"), message(2, 7, "慢后"), message(3, 8, "快")])
    handling = asyncio.create_task(intake.handle_pending())
    await until(lambda: notebook.noted() == ["快"])
    go_on.set()
    await handling
    assert notebook.noted() == ["快", "慢", "慢后"]


async def test_what_a_dead_process_left_is_handled_by_the_next(
    database: Database, bot: Bot, notebook: Notebook
) -> None:
    await Intake(database, bot, notebook).take([message(1, 7, "甲"), message(2, 7, "乙")])
    with database.begin() as session:
        taken, _ = inbox.claim(session, BOT_ID, me="dead", until=-1.0, many=10)
    assert len(taken) == 2
    await Intake(database, bot, notebook).handle_pending()
    assert notebook.noted() == ["甲", "乙"]


async def test_of_what_a_crash_left_only_the_first_of_each_chat_is_suspect(
    database: Database, bot: Bot, notebook: Notebook
) -> None:
    rows = [message(1, 7, "甲"), message(2, 7, "乙"), message(3, 8, "丙"), message(4, 8, "丁")]
    await Intake(database, bot, notebook).take(rows)
    with database.begin() as session:
        inbox.claim(session, BOT_ID, me="dead", until=-1.0, many=10)
    with database.begin() as session:
        inbox.recover_updates(session, now=0.0)
        suspects = session.scalars(select(Inbox.update_id).where(Inbox.alone).order_by(Inbox.id))
        assert list(suspects) == [1, 3]
    await Intake(database, bot, notebook).handle_pending()
    assert [text for text in notebook.noted() if text in "甲乙"] == ["甲", "乙"]
    assert [text for text in notebook.noted() if text in "丙丁"] == ["丙", "丁"]


async def test_an_update_that_ends_the_process_each_time_is_set_aside(
    database: Database, bot: Bot, notebook: Notebook
) -> None:
    await Intake(database, bot, notebook).take([message(1, 7, "毒"), message(2, 7, "后来")])
    with database.begin() as session:
        inbox.claim(session, BOT_ID, me="dead", until=-1.0, many=1)
    for number in range(inbox.MOST_CRASHES + 1):
        with database.begin() as session:
            inbox.recover_updates(session, now=0.0)
            [row], _ = inbox.claim(session, BOT_ID, me="dead", until=-1.0, many=1, alone=True)
            assert inbox.record_start(session, row.id, me="dead") == (number < inbox.MOST_CRASHES)
    await Intake(database, bot, notebook).handle_pending()
    assert notebook.noted() == ["后来"]
    assert states(database) == {1: "set aside", 2: "done"}


async def test_polling_ends_also_where_a_cancellation_is_made_an_error(
    database: Database, telegram: FaultyTelegram, bot: Bot
) -> None:
    telegram.add_user(5, "某人")
    telegram.say(5, 5, "你好")
    storing = asyncio.Event()

    async def take(_: object) -> int:
        storing.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            raise OSError("the connection was closed in the middle of a statement") from error
        return 0

    polling = UpdatePoller(
        database, bot, 4711, take, hearing=OutageWatch(database, 4711), me="me", step=lambda _: None
    )
    running = asyncio.create_task(polling.run())
    await storing.wait()
    async with asyncio.timeout(8.0):
        await polling.stop()
        await running
