"""Faults on request, Telegram's limits on request, and the counts of what was accepted."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

URL = "/bot123456:local-secret/sendMessage"


async def test_a_429_names_its_seconds(bot, call, local):
    local.faults.add("sendMessage", retry_after=7, times=2)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(1001, "好")
    assert caught.value.retry_after == timedelta(seconds=7)
    answer = await call("sendMessage", chat_id=1001, text="好")
    assert answer["description"] == "Too Many Requests: retry after 7"
    assert answer["parameters"] == {"retry_after": 7}
    assert answer["http"] == 429
    assert await bot.send_message(1001, "好")


@pytest.mark.parametrize(
    ("refuse", "error", "reason"),
    [
        ("blocked", Forbidden, "bot was blocked by the user"),
        ("kicked", Forbidden, "bot was kicked from the group chat"),
        ("deactivated", Forbidden, "user is deactivated"),
        ("not_found", BadRequest, "Chat not found"),
        ("entities", BadRequest, "Can't parse entities"),
    ],
)
async def test_refusals_come_as_telegram_words_them(bot, local, refuse, error, reason):
    local.faults.add("sendMessage", refuse=refuse)
    with pytest.raises(error, match=reason):
        await bot.send_message(1001, "好")
    assert local.accepted.sends == []


async def test_an_unknown_refusal_is_an_error_of_the_test(local):
    with pytest.raises(KeyError):
        local.faults.add("sendMessage", refuse="tired")


async def test_a_migration_can_be_answered_without_a_service_message(bot, local):
    local.faults.add("sendMessage", chat=-2001, migrate_to=-1002002)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-2001, "好")
    assert caught.value.new_chat_id == -1002002


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_broken_gateway_answers_with_html(root, session, bot, local, status):
    local.faults.add("sendMessage", status=status, times=2)
    async with session.post(root + URL, json={"chat_id": 1001, "text": "好"}) as answer:
        assert answer.status == status
        assert answer.content_type == "text/html"
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "好")
    assert await bot.send_message(1001, "好")


async def test_any_status_can_be_answered_with_any_words(call, local):
    local.faults.add("getUpdates", status=401, description="Unauthorized")
    answer = await call("getUpdates")
    assert (answer["http"], answer["description"]) == (401, "Unauthorized")


@pytest.mark.parametrize("reset", [False, True])
async def test_a_connection_dropped_before_accepting_leaves_nothing(root, session, local, reset):
    local.faults.add("sendMessage", drop="before", reset=reset)
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await session.post(root + URL, json={"chat_id": 1001, "text": "好"})
    assert (len(local.accepted.sends), local.accepted.dropped) == (0, 1)


async def test_a_connection_dropped_after_accepting_leaves_the_message(bot, local):
    local.faults.add("sendMessage", drop="after", nth=2)
    await bot.send_message(1001, "一")
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "二")
    await bot.send_message(1001, "三")
    assert local.accepted.texts(1001) == ["一", "二", "三"]
    assert [message["text"] for message in local.history(1001)] == ["一", "二", "三"]
    assert local.accepted.dropped == 1


async def test_a_reset_is_seen_as_a_reset(root, local):
    local.faults.add("sendMessage", drop="after", reset=True)
    host, port = root.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {URL}?chat_id=1001&text=a HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
    assert len(local.accepted.sends) == 1


async def test_a_delayed_call_is_accepted_late_and_a_stalled_one_early(root, session, local):
    local.faults.add("sendMessage", chat=1001, delay=30)
    local.faults.add("sendMessage", chat=-2001, stall=30)
    for chat_id in (1001, -2001):
        with pytest.raises(TimeoutError):
            await session.post(
                root + URL, json={"chat_id": chat_id, "text": "好"}, timeout=aiohttp.ClientTimeout(0.2)
            )
    assert [send.chat_id for send in local.accepted.sends] == [-2001]


async def test_rules_pick_calls_by_method_chat_and_number(bot, local):
    local.faults.add("sendMessage", chat=1001, every=3, refuse="not_found")
    outcomes = []
    for number in range(6):
        await bot.send_message(-2001, f"{number}")
        try:
            outcomes.append((await bot.send_message(1001, f"{number}")).text)
        except TelegramError:
            outcomes.append("×")
    assert outcomes == ["0", "1", "×", "3", "4", "×"]
    (rule,) = local.faults.describe()
    assert (rule["matched"], rule["applied"]) == (6, 2)
    local.faults.clear()
    assert await bot.get_me()


async def test_what_was_accepted_is_counted_by_method_and_chat(bot, call, local):
    await bot.send_message(1001, "一")
    await bot.send_message(1001, "一")
    await bot.send_message(-2001, "二")
    await call("sendMessage", chat_id=4711, text="好")
    assert local.accepted.methods["sendmessage"] == 3
    assert local.accepted.codes[400] == 1
    assert {chat: len(sends) for chat, sends in local.accepted.by_chat().items()} == {1001: 2, -2001: 1}
    assert local.accepted.repeated() == {(1001, "一"): 2}
    local.accepted.clear()
    assert local.accepted.sends == []


async def test_a_chat_takes_one_message_a_second(call, local, watch):
    local.limits.enforced = True
    assert (await call("sendMessage", chat_id=1001, text="一"))["ok"]
    watch.now += 0.99
    refused = await call("sendMessage", chat_id=1001, text="二")
    assert (refused["http"], refused["parameters"]) == (429, {"retry_after": 1})
    watch.now += 0.01
    assert (await call("sendMessage", chat_id=1001, text="二"))["ok"]
    assert local.accepted.texts(1001) == ["一", "二"]


async def test_a_group_takes_twenty_messages_a_minute(call, local, watch):
    local.limits.enforced = True
    for number in range(20):
        assert (await call("sendMessage", chat_id=-2001, text=f"{number}"))["ok"]
        watch.now += 1
    refused = await call("sendMessage", chat_id=-2001, text="20")
    assert refused["parameters"] == {"retry_after": 40}
    assert (await call("sendMessage", chat_id=1001, text="好"))["ok"]
    watch.now += 40
    assert (await call("sendMessage", chat_id=-2001, text="20"))["ok"]


async def test_the_bot_sends_thirty_messages_in_any_second(call, local, watch):
    local.limits.enforced = True
    for number in range(31):
        local.add_user(5000 + number, "丁", started=True)
    answers = [await call("sendMessage", chat_id=5000 + number, text="好") for number in range(31)]
    assert [answer["http"] for answer in answers] == [200] * 30 + [429]
    watch.now += 1
    assert (await call("sendMessage", chat_id=5030, text="好"))["ok"]


async def test_limits_are_off_until_asked_for(call):
    for _ in range(40):
        assert (await call("sendMessage", chat_id=-2001, text="好"))["ok"]


async def test_latency_delays_every_answer_and_nothing_else(call, local):
    local.latency = 0.05
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.gather(*(call("sendMessage", chat_id=1001, text=f"{n}") for n in range(20)))
    assert loop.time() - begun >= 0.05
    assert len(local.accepted.sends) == 20


async def test_an_unchanged_request_is_answered_alike_by_the_shortcut_and_the_general_path(
    root, session, local
):
    values = {"chat_id": 1001, "text": "<b>好</b>", "parse_mode": "HTML"}
    answers = []
    for method in ("sendMessage", "sendmessage"):
        for body in (values, {**values, "text": "<b>"}, {**values, "chat_id": 4711}):
            async with session.post(f"{root}/bot123456:local-secret/{method}", json=body) as answer:
                content = await answer.json()
                for own in ("message_id", "date"):  # a second may end between two requests
                    content.get("result", {}).pop(own, None)
                answers.append((answer.status, answer.content_type, content))
    assert answers[:3] == answers[3:]
    assert [status for status, _, _ in answers] == [200, 400, 400] * 2
    assert local.accepted.codes == {200: 2, 400: 4}
