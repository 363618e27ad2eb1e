"""The fence around the page: other sites can neither write to it nor read it, and files stay files."""

import aiohttp
import pytest
from playwright.async_api import expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from yarl import URL

from tests.telegram.server import FaultyTelegram, serve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SAYING = {"user_id": 101, "chat_id": 101, "text": "闯入"}
ATTACK = """<script>fetch("{address}/page/say", {{method: "POST", mode: "no-cors", body: '{body}'}})
  .then(() => {{ document.title = "answered"; }}, () => {{ document.title = "failed"; }});</script>"""


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "["},
    ],
)
async def test_a_foreign_page_cannot_write(demo, headers):
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{demo.address}/page/say", json=SAYING, headers=headers) as answer,
    ):
        assert answer.status == 403
    assert demo.telegram.history(101) == []


async def test_a_name_pointed_at_this_computer_cannot_read(demo):
    async with aiohttp.ClientSession() as client:
        for path in ("/", "/page/state", "/page/start", "/static/page.js"):
            async with client.get(demo.address + path, headers={"Host": "evil.example"}) as answer:
                assert answer.status == 403
            async with client.get(demo.address + path, headers={"Host": "localhost:8088"}) as answer:
                assert answer.status == 200
                assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_a_page_of_another_server_on_this_computer_cannot_write_either(demo, visit, chromium):
    attack = ATTACK.format(address=demo.address, body='{"user_id":101,"chat_id":101,"text":"闯入"}')
    app = Starlette(routes=[Route("/", lambda _request: HTMLResponse(attack))])
    async with serve(FaultyTelegram("1:other"), app=app) as elsewhere:
        page = await chromium.new_page()
        await page.goto(elsewhere)
        await page.wait_for_function("document.title !== ''")
        await page.close()
    person = await visit(demo.address)
    await expect(person.room("党员").locator(".message")).to_have_count(0)
    assert demo.telegram.history(101) == []


async def test_only_the_people_of_the_page_speak_and_only_where_they_are(demo):
    demo.telegram.add_user(104, "路人", started=True)
    async with aiohttp.ClientSession() as client:
        for user, chat, status in ((104, 104, 403), (101, 102, 400), (101, 999, 404)):
            said = {"user_id": user, "chat_id": chat, "text": "闯入"}
            async with client.post(f"{demo.address}/page/say", json=said) as answer:
                assert answer.status == status
                assert (await answer.json())["error"].endswith("。")
        async with client.post(f"{demo.address}/page/say", data=b"\xff{") as answer:
            assert answer.status == 400


async def test_only_the_files_of_the_page_are_served(demo):
    async with aiohttp.ClientSession() as client:
        for path in (
            "/static/..%2Fpage.py",
            "/static/%2e%2e%2Fpage.py",
            "/static/..",
            "/static/none.js",
            "/static/%00",
        ):
            async with client.get(URL(demo.address + path, encoded=True)) as answer:
                assert answer.status == 404


async def test_a_sent_web_page_is_never_shown_as_a_page(demo):
    demo.telegram.send_file(101, 101, "a.html", b"<script>alert(1)</script>")
    file_id = demo.telegram.history(101)[-1]["document"]["file_id"]
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"{demo.address}/page/file/{file_id}") as answer,
    ):
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert await answer.read() == b"<script>alert(1)</script>"
