"""Calendar feeds over real HTTP, read by another parser; their addresses and the end of them."""

import socket
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import aiohttp
import icalendar
import pytest
from click.testing import CliRunner

from bot.cli.main import main
from bot.settings.sections import Web
from bot.web.feeds import build_feed_app
from bot.web.server import WebServer
from models.records import changes
from models.register import feeds
from models.storage.database import Database
from tests.scheduler.planning.test_plan_tick import BRANCH, RULES, SCHOOL, move_in

AT = datetime(2026, 9, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 6, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
async def root(database: Database) -> AsyncIterator[str]:
    """The endpoint as the program serves it, over a school."""
    move_in(database)
    web = Web(enabled=True, port=free_port())
    server = WebServer(build_feed_app(database, lambda: RULES, lambda: NOW), web.host, web.port)
    server.start()
    yield f"http://127.0.0.1:{web.port}"
    await server.stop()


async def fetch(address: str, **headers: str) -> tuple[int, str, aiohttp.ClientResponse]:
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        return answer.status, await answer.text(), answer


def token(database: Database, organization: int = BRANCH) -> str:
    with database.begin() as session:
        return feeds.get_or_create_token(session, organization, at=AT)


async def test_a_branchs_calendar_is_read_by_another_parser(database: Database, root: str) -> None:
    status, text, answer = await fetch(f"{root}/calendar/{token(database)}.ics")
    assert (status, answer.content_type) == (200, "text/calendar")
    assert "no-referrer" in answer.headers["Referrer-Policy"]
    found = icalendar.Calendar.from_ical(text)
    assert str(found["x-wr-calname"]) == "一支部 · 清历"
    days = {(str(event["summary"]), event.start) for event in found.events}
    assert {
        ("主题党日", date(2026, 10, 5)),
        ("中秋节", date(2026, 9, 25)),
        ("主题党日", date(2027, 12, 5)),
    } <= days


async def test_a_moved_occurrence_moves_under_its_id_and_the_tag_changes(
    database: Database, root: str
) -> None:
    address = f"{root}/calendar/{token(database)}.ics"
    _, before, first = await fetch(address)
    status, text, _ = await fetch(address, **{"If-None-Match": first.headers["ETag"]})
    assert (status, text) == (304, "")
    with database.begin() as session:
        changes.move_occurrence(session, ("主题党日", BRANCH, "2026-10"), date(2026, 10, 16), by=None, at=AT)
    status, after, _ = await fetch(address, **{"If-None-Match": first.headers["ETag"]})
    assert status == 200

    def october(text: str) -> dict[str, date]:
        found = icalendar.Calendar.from_ical(text).events
        return {
            str(event["uid"]): event.start
            for event in found
            if str(event["summary"]) == "主题党日" and (event.start.year, event.start.month) == (2026, 10)
        }

    assert october(before).keys() == october(after).keys()
    assert [*october(before).values(), *october(after).values()] == [date(2026, 10, 5), date(2026, 10, 16)]


async def test_a_committees_calendar_names_the_branches(database: Database, root: str) -> None:
    _, text, _ = await fetch(f"{root}/calendar/{token(database, SCHOOL)}.ics")
    assert "学校党委 · 清历" in text
    assert {"主题党日"} <= {str(event["summary"]) for event in icalendar.Calendar.from_ical(text).events}


async def test_an_address_that_is_unknown_or_revoked_leads_nowhere(database: Database, root: str) -> None:
    assert (await fetch(f"{root}/calendar/guess.ics"))[0] == 404
    assert (await fetch(f"{root}/"))[0] == 404
    own = token(database)
    assert own == token(database), "the address stays"
    with database.begin() as session:
        assert feeds.revoke_feed(session, BRANCH, at=AT)
        assert not feeds.revoke_feed(session, BRANCH, at=AT)
    assert (await fetch(f"{root}/calendar/{own}.ics"))[0] == 404
    assert token(database) != own


def test_an_operator_gets_changes_and_ends_an_address(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGLI_DATABASE__URL", address)
    monkeypatch.setenv("QINGLI_WEB__ROOT", "https://calendar.example.org/")
    _move_in(address)

    def feed(*words: str) -> str:
        return CliRunner().invoke(main, ("feed", "一支部", *words)).stdout.strip()

    first = feed()
    assert first.startswith("https://calendar.example.org/calendar/")
    assert first.endswith(".ics")
    assert feed() == first
    second = feed("--new")
    assert second not in ("", first)
    assert (feed("--revoke"), feed("--revoke")) == ("已作废", "没有订阅地址")


def _move_in(address: str) -> None:
    database = Database(address)
    move_in(database)
    database.close()
