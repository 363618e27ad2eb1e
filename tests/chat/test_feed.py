"""Subscribing to a calendar: the address is given in the chat and served by the running program."""

import re
import socket
from datetime import date

import aiohttp
import icalendar
import pytest

from tests.chat.school import Chat


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> None:
    """The web endpoint on a free port, switched on before the program is put together."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("QINGLI_WEB__ENABLED", "true")
    monkeypatch.setenv("QINGLI_WEB__PORT", str(port))


async def fetch(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


def address_in(text: str) -> str:
    found = re.search(r"http://\S+\.ics", text)
    assert found is not None
    return found[0]


async def test_a_secretary_subscribes_and_the_calendar_follows_what_is_moved(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("订阅")
    text = await chat.secretary.hears()
    assert text.startswith("理科支部的日历")
    address = address_in(text)
    await chat.secretary.says("主题党日改到10月16日")
    await chat.secretary.hears()
    status, content = await fetch(address)
    assert status == 200
    events = {(str(event["summary"]), event.start) for event in icalendar.Calendar.from_ical(content).events}
    assert ("主题党日", date(2026, 10, 16)) in events


async def test_only_who_reports_can_change_the_address(chat: Chat) -> None:
    await chat.member.says("订阅 换")
    first = address_in(await chat.member.hears())
    await chat.member.says("订阅 换")
    assert address_in(await chat.member.hears()) == first
    await chat.secretary.says("订阅 换")
    text = await chat.secretary.hears()
    assert text.startswith("旧地址已作废。")
    assert (await fetch(first))[0] == 404
    assert (await fetch(address_in(text)))[0] == 200
