"""The local Bot API as a process by itself, driven through its control interface."""

import asyncio
import base64
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

TOKEN = "77:process"  # noqa: S105


class Remote:
    """The process: `act` runs one control action, `call` one API method."""

    def __init__(self, root: str, session: aiohttp.ClientSession) -> None:
        self.root = root
        self.session = session

    async def act(self, action: str, **arguments: Any) -> Any:
        async with self.session.post(f"{self.root}/control/{action}", json=arguments) as answer:
            body = await answer.json()
        assert body["ok"], body
        return body["result"]

    async def call(self, method: str, **values: Any) -> Any:
        async with self.session.post(f"{self.root}/bot{TOKEN}/{method}", json=values) as answer:
            return await answer.json()


@pytest.fixture
async def process() -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    command = [sys.executable, "-m", "tests.telegram.process", "--token", TOKEN]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    line = await asyncio.wait_for(process.stdout.readline(), 20)
    yield process, line.decode().strip()
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.fixture
async def remote(process, session) -> Remote:
    remote = Remote(process[1], session)
    people = [["add_user", {"user_id": 1, "name": "甲"}], ["add_user", {"user_id": 2, "name": "乙"}]]
    await remote.act("batch", actions=[*people, ["say", {"user_id": 1, "chat_id": 1, "text": "/start"}]])
    return remote


async def test_people_speak_and_press_and_the_bot_answers(remote):
    (start,) = (await remote.call("getUpdates"))["result"]
    assert start["message"]["text"] == "/start"
    keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]}
    sent = await remote.call("sendMessage", chat_id=1, text="在吗", reply_markup=keyboard)
    place = {"user_id": 1, "chat_id": 1, "message_id": sent["result"]["message_id"]}
    pressing = asyncio.create_task(remote.act("press", **place, data="ok"))
    updates = await remote.call("getUpdates", offset=start["update_id"] + 1, timeout=10)
    query = updates["result"][0]["callback_query"]
    await remote.call("answerCallbackQuery", callback_query_id=query["id"], text="收到了")
    assert await pressing == {"text": "收到了", "show_alert": False, "url": ""}
    texts = [message["text"] for message in await remote.act("history", chat_id=1)]
    assert texts == ["/start", "在吗"]


async def test_faults_limits_and_counts_are_at_hand(remote):
    await remote.act("fault", method="sendMessage", times=1, retry_after=3)
    refused = await remote.call("sendMessage", chat_id=1, text="一")
    assert refused["parameters"] == {"retry_after": 3}
    assert (await remote.act("faults", clear=True))[0]["applied"] == 1
    for text in ("二", "三"):
        await remote.call("sendMessage", chat_id=1, text=text)
    counts = await remote.act("accepted", after=1)
    assert (counts["sent"], counts["codes"]) == (2, {"429": 1, "200": 2})
    assert [send["text"] for send in counts["sends"]] == ["三"]
    assert (await remote.act("settings", limits=True, latency=0.001))["limits"]
    await remote.call("sendMessage", chat_id=1, text="四")
    assert (await remote.call("sendMessage", chat_id=1, text="五"))["error_code"] == 429
    assert len((await remote.act("updates", clear=True))["pending"]) == 1
    assert (await remote.act("updates"))["pending"] == []


async def test_a_file_is_sent_as_base64(remote):
    content = base64.b64encode(b"a,b").decode()
    await remote.act("send_file", user_id=1, chat_id=1, name="a.csv", content=content)
    updates = (await remote.call("getUpdates"))["result"]
    assert updates[-1]["message"]["document"]["file_name"] == "a.csv"


async def test_an_album_is_sent_as_base64(remote):
    png = b"\x89PNG\r\n\x1a\n" + bytes(8) + bytes([0, 0, 0, 4] * 2)
    contents = [base64.b64encode(png).decode()] * 2
    await remote.act("send_album", user_id=1, chat_id=1, contents=contents, caption="23人")
    first, second = [update["message"] for update in (await remote.call("getUpdates"))["result"][-2:]]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("23人", False)


async def test_what_is_wrong_is_said_and_not_done(remote):
    async def refused(action: str, body: dict[str, Any], **headers: str) -> tuple[int, str]:
        url = f"{remote.root}/control/{action}"
        async with remote.session.post(url, json=body, headers=headers) as answer:
            return answer.status, (await answer.json())["error"]

    assert (await refused("dance", {}))[0] == 404
    assert (await refused("say", {"user_id": 9, "chat_id": 9, "text": "好"}))[0] == 400
    assert (await refused("say", {"user_id": 2, "chat_id": 1, "text": "好"}))[1].startswith(
        "NotPossibleError"
    )
    assert (await refused("say", {"who": 9}))[0] == 400
    form = {"Content-Type": "text/plain"}
    assert (await refused("say", {"user_id": 1, "chat_id": 1, "text": "好"}, **form))[0] == 415


async def test_sigterm_ends_it_cleanly_while_a_poll_is_held(process, remote):
    poll = asyncio.create_task(remote.call("getUpdates", offset=-0, timeout=30))
    await poll
    poll = asyncio.create_task(remote.call("getUpdates", offset=2**40, timeout=30))
    async with asyncio.timeout(10):
        while not (await remote.act("updates"))["held"]:  # noqa: ASYNC110
            await asyncio.sleep(0)
    process[0].send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process[0].wait(), 10) == 0
    assert await poll == {"ok": True, "result": []}
