"""The webhook stores what Telegram posts before it says 200, and refuses everything else."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from telegram import Bot

from bot.channels.telegram.updates import Intake
from bot.channels.telegram.webhook import (
    LARGEST_BODY,
    SECRET_HEADER,
    Endpoint,
    WebhookServer,
    build_webhook_app,
    get_endpoint,
)
from bot.settings.sections import Webhook
from models.delivery import inbox
from models.storage.database import Database
from models.tables.coordination import Inbox
from tests.telegram.server import FaultyTelegram

SECRET = "a-secret_42"  # noqa: S105
UPDATE = {"update_id": 7, "message": {"chat": {"id": 1}, "text": "好"}}


async def nothing(_raw: dict[str, Any]) -> None:
    """A handler that knows no kind of update."""


@pytest.fixture
def intake(database: Database, bot: Bot) -> Intake:
    return Intake(database, bot, nothing)


@pytest.fixture
async def web(intake: Intake) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_webhook_app(intake.take, SECRET))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        client.headers[SECRET_HEADER] = SECRET
        yield client


def stored(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(Inbox.update_id).order_by(Inbox.id)))


async def test_an_update_is_stored_when_it_is_answered_and_only_once(
    web: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(3):
        answer = await web.post("/telegram", json=UPDATE)
        assert answer.status_code == 200
        assert stored(database) == [7]


@pytest.mark.parametrize("secret", ["", "a-secret_4", "a-secret_43", "ä"])
async def test_a_wrong_secret_is_refused(web: httpx.AsyncClient, database: Database, secret: str) -> None:
    answer = await web.post("/telegram", json=UPDATE, headers={SECRET_HEADER: secret.encode("latin-1")})
    assert answer.status_code == 403
    assert stored(database) == []


async def test_no_secret_at_all_is_refused(web: httpx.AsyncClient, database: Database) -> None:
    del web.headers[SECRET_HEADER]
    assert (await web.post("/telegram", json=UPDATE)).status_code == 403
    assert stored(database) == []


@pytest.mark.parametrize("body", [b"", b"hello", b"[1]", b'{"a": 1}', b'{"update_id": "7"}', b"[" * 100_000])
async def test_what_is_no_update_is_refused(web: httpx.AsyncClient, database: Database, body: bytes) -> None:
    assert (await web.post("/telegram", content=body)).status_code == 400
    assert stored(database) == []


async def test_more_than_a_megabyte_is_refused_announced_or_not(
    web: httpx.AsyncClient, database: Database
) -> None:
    large = json.dumps(UPDATE | {"text": "x" * LARGEST_BODY}).encode()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    assert (await web.post("/telegram", content=large)).status_code == 413
    assert (await web.post("/telegram", content=chunks())).status_code == 413
    assert (await web.get("/telegram")).status_code == 405
    assert stored(database) == []


async def test_while_the_database_is_away_telegram_is_asked_to_try_again() -> None:
    async def away(_updates: object) -> int:
        raise OSError("no route to the database")

    transport = httpx.ASGITransport(build_webhook_app(away, SECRET))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        answer = await client.post("/telegram", json=UPDATE, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 503


async def test_telegram_delivers_to_two_processes_with_one_inbox(
    database: Database, bot: Bot, telegram: FaultyTelegram, intake: Intake
) -> None:
    telegram.add_user(1, "某人", started=True)
    servers = []
    for port in (free_port(), free_port()):
        endpoint = Endpoint(f"http://127.0.0.1:{port}/hook", SECRET, port=port, path="/hook")
        servers.append(WebhookServer(bot, intake.take, endpoint))
        await servers[-1].start()
        telegram.say(1, 1, f"经过 {port}")
        async with asyncio.timeout(10):
            while telegram.updates.pending:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    for server in servers:
        await server.stop()
    assert len(stored(database)) == 2
    with database.read() as session:
        assert inbox.count_pending(session, intake.bot_id) == 2


def test_the_settings_say_where_telegram_posts_and_every_process_has_the_same_secret() -> None:
    assert get_endpoint(Webhook(), "4711:TOKEN") is None
    place = get_endpoint(Webhook(url="https://bot.example.org/hook", port=9000), "4711:TOKEN")
    assert place is not None
    assert (place.url, place.port, place.path) == ("https://bot.example.org/hook", 9000, "/hook")
    assert get_endpoint(Webhook(url="https://bot.example.org/hook", port=9000), "4711:TOKEN") == place
    other = get_endpoint(Webhook(url="https://bot.example.org/hook", port=9000), "4711:OTHER")
    assert other is not None
    assert other.secret != place.secret
    own = get_endpoint(
        Webhook(url="https://bot.example.org", secret=SecretStr("a-secret_of-our-own")), "4711:TOKEN"
    )
    assert own is not None
    assert (own.secret, own.path) == ("a-secret_of-our-own", "/")


async def test_a_program_that_polls_takes_a_webhook_away(
    bot: Bot, telegram: FaultyTelegram, intake: Intake, database: Database
) -> None:
    telegram.add_user(1, "某人", started=True)
    await bot.set_webhook("http://127.0.0.1:9/nowhere")
    running = asyncio.create_task(intake.run())
    telegram.say(1, 1, "好")
    async with asyncio.timeout(10):
        while not stored(database):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await intake.stop()
    await running
    assert (await bot.get_webhook_info()).url == ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
