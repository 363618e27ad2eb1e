"""The page: a link from the chat, a session in a browser, and what each person sees there."""

import json
import re
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import select, update

from bot.demo.school import LEADER
from bot.settings.sections import Dashboard
from bot.web.dashboard import view
from bot.web.dashboard.app import SESSION_COOKIE, Page
from bot.web.dashboard.mini_app_auth import sign_fields
from bot.web.server import WebServer
from models.rules.people.roles import OrganizationKind
from models.tables.people import Organization
from models.tables.web_sessions import WebSession
from tests.chat.school import Chat, Voice


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page on a free port, switched on before the program is put together."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for name, value in (("ENABLED", "true"), ("HOST", "127.0.0.1"), ("PORT", str(port))):
        monkeypatch.setenv(f"QINGLI_DASHBOARD__{name}", value)


@dataclass
class Browser:
    """Somebody's browser: its cookies, and the page it shows."""

    root: str
    cookie: str = ""
    status: int = 0
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def gets(self, path: str) -> int:
        return await self._asks("GET", path)

    async def posts(self, path: str, form: dict[str, str] | None = None) -> int:
        return await self._asks("POST", path, form)

    async def _asks(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        cookies = {SESSION_COOKIE: self.cookie} if self.cookie else {}
        async with aiohttp.ClientSession(cookies=cookies) as session:
            address = path if path.startswith("http") else self.root + path
            async with session.request(method, address, data=form, allow_redirects=False) as answer:
                self.status, self.headers = answer.status, dict(answer.headers)
                self.text = await answer.text()
                if SESSION_COOKIE in answer.cookies:
                    self.cookie = answer.cookies[SESSION_COOKIE].value
        return self.status

    @property
    def rows(self) -> list[str]:
        """The organizations or activities that the board's rows are about."""
        heads = re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', self.text)
        return [head.strip() for head in heads]

    def cells(self, row: str) -> list[str]:
        """The states of a row in words."""
        found = re.search(rf'<th scope="row">(?:<a [^>]*>)?{row}<.*?</tr>', self.text, re.DOTALL)
        assert found is not None
        return re.findall(r'class="word">([^<]+)', found[0])


async def link(voice: Voice, text: str = "网页") -> str:
    """The one-time link that somebody asks for."""
    await voice.says(text)
    return link_in(await voice.hears())


def link_in(text: str) -> str:
    found = re.search(r"http://\S+/board/open/[\w-]+", text)
    assert found is not None, text
    return found[0]


async def enters(voice: Voice, text: str = "网页") -> Browser:
    """Ask for the link, open it, and see the first page."""
    address = await link(voice, text)
    browser = Browser(address.split("/board/")[0])
    assert await browser.posts(address) == 303
    assert await browser.gets(browser.headers["Location"]) == 200
    return browser


async def test_a_leader_opens_the_status_as_a_page(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    await chat.secretary.says("昨天主题党日，应到25实到23，学习《<b>条例</b>》")
    await chat.secretary.hears()
    await chat.leader.says("9月情况")
    await chat.leader.hears()
    await chat.leader.presses("网页")
    address = link_in(await chat.leader.hears())
    browser = Browser(address.split("/board/")[0])
    assert (await browser.gets(address), browser.cookie) == (200, ""), "looking does not open it"
    assert await browser.posts(address) == 303
    assert re.search(
        rf"^{SESSION_COOKIE}=[\w-]{{32}}; HttpOnly; Max-Age=3600; Path=/board; SameSite=strict$",
        browser.headers["Set-Cookie"],
    )
    assert browser.headers["Location"] == "/board/?period=2026-09"
    assert await browser.gets("/board/?period=2026-09") == 200
    assert "应办 29：已办 1 · 迟办 0 · 免办 0 · 逾期 5 · 待办 23" in browser.text
    assert browser.rows == ["理科支部", "文科支部", "行政支部", "专业一支部", "专业二支部", "专业三支部"]
    assert browser.cells("理科支部") == ["已办", "待办", "待办", "待办", "待办"]
    assert browser.cells("文科支部")[0] == "逾期"
    assert await browser.gets("/board/?period=2026-09&group=第二督导组&requirement=主题党日") == 200
    assert browser.rows == ["专业一支部", "专业二支部", "专业三支部"]
    assert browser.cells("专业一支部") == ["逾期"]
    assert await browser.gets("/board/?period=2026-09") == 200
    place = re.search(r'href="(/board/branch/\d+[^"]*)">理科支部', browser.text)
    assert place is not None
    assert await browser.gets(place[1]) == 200
    assert "&lt;b&gt;条例&lt;/b&gt;" in browser.text
    assert "<b>条例" not in browser.text
    assert "示例·小林 9月6日" in browser.text
    assert await browser.posts("/board/leave") == 200
    assert await browser.gets("/board/") == 401


async def test_a_link_opens_once_and_not_for_long(chat: Chat) -> None:
    first = await link(chat.leader)
    second = await link(chat.leader)
    browser = Browser(first.split("/board/")[0])
    assert await browser.posts(first) == 410, "a newer link was given"
    assert await browser.posts(second) == 303
    assert await Browser(browser.root).posts(second) == 410
    secret = second.rsplit("/", 1)[1]
    third = await link(chat.member)
    with chat.program.database.begin() as session:
        kept = list(session.scalars(select(WebSession.digest)))
        assert secret not in kept
        assert browser.cookie not in kept
        session.execute(update(WebSession).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert await browser.posts(third) == 410
    assert await browser.gets("/board/") == 401, "the session is over"


async def test_everybody_sees_there_what_they_see_in_the_chat(chat: Chat) -> None:
    chat.set_clock("2026-09-06T10:00:00")
    browser = await enters(chat.member, "网页 9月")
    with chat.program.database.read() as session:
        found = dict(session.execute(select(Organization.name, Organization.id)).all())
    assert "文科支部" not in browser.text
    assert "主题党日" in browser.rows
    assert await browser.gets(f"/board/branch/{found['理科支部']}") == 200
    assert await browser.gets(f"/board/branch/{found['文科支部']}") == 404
    assert await browser.gets("/board/?group=第二督导组") == 200
    assert "专业一支部" not in browser.text
    for nonsense in (
        "period=2026-13",
        "period=9999",
        "period=2026-09-31..2026-09-01",
        "page=9x&requirement=x",
    ):
        assert await browser.gets(f"/board/?{nonsense}") == 200, nonsense
    await chat.member.says("退出")
    await chat.member.hears()
    assert await browser.gets("/board/") == 401, "who has left sees nothing more"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_page_is_fenced_in(chat: Chat) -> None:
    browser = await enters(chat.leader)
    policy = browser.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in policy
    assert browser.headers["Cache-Control"] == "no-store"
    assert browser.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", browser.text)
    assert re.search(r"\sstyle=|<style|<script|\son\w+=", browser.text) is None
    assert await browser.gets("/board/static/board.css") == 200
    assert "#A8240F" in browser.text
    assert await browser.gets("/board/static/..%2f..%2fapp.py") == 404
    assert await browser.posts("/board/telegram") == 404, "there is no Mini App"
    assert await Browser(browser.root, "forged").gets("/board/") == 401
    assert await Browser(browser.root).posts("/board/open/forged") == 410


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_who_joined_opens_it_as_a_mini_app(chat: Chat) -> None:
    bot_context, token = chat.program.bot_context, chat.program.bot.token
    given = {"enabled": True, "root": "https://board.example.org"}
    settings = Dashboard(enabled=True).model_copy(update={**given, "mini_app": True})
    server = WebServer(Page(bot_context, settings, token).app(), "127.0.0.1", 0)
    server.start()
    browser = Browser(f"http://127.0.0.1:{server.port}")
    try:
        assert await browser.gets("/board/telegram") == 200
        for user, status in ((LEADER.user_id, 303), (9001, 403)):
            fields = {"auth_date": str(int(time.time())), "user": json.dumps({"id": user})}
            fields["hash"] = sign_fields(fields, token)
            assert await browser.posts("/board/telegram", {"init_data": urlencode(fields)}) == status
            fields["hash"] = "0" * 64
            assert await browser.posts("/board/telegram", {"init_data": urlencode(fields)}) == 403
        assert await browser.gets("/board/") == 200
        assert "许昌科技学校党委" in browser.text
    finally:
        await server.stop()


async def test_of_more_than_a_list_can_hold_a_page_shows_its_own_rows_and_the_sums_of_all(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chat.program.database.begin() as session:
        session.execute(
            update(Organization).where(Organization.parent_id.is_(None)).values(kind=OrganizationKind.BUREAU)
        )
    chat.set_clock("2026-09-08T10:00:00")
    chat.leader.forget()
    browser = await enters(chat.leader)
    await browser.gets("/board/?period=2026-09")
    whole, sums = browser.rows, re.search(r'<p class="counts">应办 29[^<]*', browser.text)
    assert len(whole) == 6, "the bureau above them has no group of its own"
    assert sums is not None
    chat.program.bot_context.most_lines = 20
    monkeypatch.setattr(view, "ROWS_A_PAGE", 4)
    monkeypatch.setattr(view, "MOST_OPEN", 2)
    await browser.gets("/board/?period=2026-09")
    assert sums[0] in browser.text
    assert "<li>理科支部：主题党日（9月5日）</li>" in browser.text
    assert "还有 4 条，见下表。" in browser.text
    first = browser.rows
    await browser.gets("/board/?period=2026-09&page=1")
    assert (len(first), first + browser.rows) == (4, whole)
