"""What the chat page reads: histories with civil stamps, changes to wait for, and a real bot beside it."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.demo.chats.state import Toast
from tests.telegram.server import FaultyTelegram, create_app, serve

TOKEN = "123456:local-secret"  # noqa: S105
Context = ContextTypes.DEFAULT_TYPE


async def test_the_page_shows_the_civil_moment_and_the_api_the_real_one(bot, local):
    moment = datetime(2026, 9, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    local.civil = lambda: moment
    await bot.send_message(1001, "好")
    (shown,) = local.history(1001)
    assert shown["civil"] == "2026-09-01T08:00:00+08:00"
    assert abs(shown["date"] - local.wall()) < 60


async def test_who_waits_for_a_change_is_woken_by_it(bot, local):
    seen = local.version
    waiting = asyncio.create_task(local.wait_change(seen))
    await asyncio.sleep(0)
    await bot.send_message(1001, "好")
    assert await asyncio.wait_for(waiting, 5) > seen
    assert await local.wait_change(local.version, 0.01) == local.version


async def test_an_edited_message_carries_a_newer_version(bot, local):
    first = await bot.send_message(1001, "一")
    await bot.send_message(1001, "二")
    await first.edit_text("一改")
    shown = {message["text"]: message["version"] for message in local.history(1001)}
    assert list(shown) == ["一改", "二"]
    assert shown["一改"] > shown["二"]


async def test_a_server_can_stop_and_come_back_with_everything_it_knew(local):
    async with serve(local) as root:
        port = int(root.rpartition(":")[2])
        local.say(1001, 1001, "早")
    local.say(1001, 1001, "晚")
    async with serve(local, port=port) as again:
        assert again == root
        assert [update["message"]["text"] for update in local.updates.pending] == ["早", "晚"]


async def test_a_held_poll_ends_when_the_server_stops(local, session):
    async with serve(local) as root:
        poll = asyncio.create_task(session.post(f"{root}/bot{TOKEN}/getUpdates", json={"timeout": 30}))
        await asyncio.wait_for(local.updates.holding.wait(), 5)
    answer = await asyncio.wait_for(poll, 5)
    assert (answer.status, await answer.json()) == (200, {"ok": True, "result": []})


async def test_a_real_application_talks_with_a_person(local: FaultyTelegram):
    async def greet(update: Update, _: Context) -> None:
        button = InlineKeyboardButton("撤回", callback_data="undo")
        await update.message.reply_text(
            f"收下：{update.message.text}", reply_markup=InlineKeyboardMarkup([[button]])
        )

    async def undo(update: Update, _: Context) -> None:
        await update.callback_query.answer("已撤回")
        await update.callback_query.edit_message_text("撤回了")

    async with serve(local) as root:
        builder = ApplicationBuilder().token(TOKEN).base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")
        application = builder.build()
        application.add_handler(MessageHandler(filters.TEXT, greet))
        application.add_handler(CallbackQueryHandler(undo))
        async with application:
            await application.start()
            await application.updater.start_polling(timeout=10)
            seen = local.version
            said = local.say(1001, 1001, "开了，23人")
            await _until(local, seen, "收下：开了，23人")
            answer = local.history(1001)[-1]
            assert answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "undo"
            assert answer["message_id"] == said + 1
            assert await local.press(1001, 1001, said + 1, "undo") == Toast("已撤回")
            await _until(local, answer["version"], "撤回了")
            await application.updater.stop()
            await application.stop()


async def _until(local: FaultyTelegram, version: int, text: str) -> None:
    async with asyncio.timeout(10):
        while local.history(1001)[-1]["text"] != text:
            version = await local.wait_change(version)


async def test_a_port_that_is_taken_is_an_error(local, root):
    with pytest.raises(OSError, match="in use"):
        async with serve(local, port=int(root.rpartition(":")[2])):
            pass


async def test_a_connection_is_cut_below_any_middleware(local, session):
    def wrapped(app):
        async def outer(scope, receive, send):
            async def relay():
                return await receive()

            await app(scope, relay, send)

        return outer

    local.faults.add("getMe", drop="before")
    async with serve(local, app=wrapped(create_app(local))) as root:
        with pytest.raises(aiohttp.ClientError):
            await session.get(f"{root}/bot{TOKEN}/getMe")
