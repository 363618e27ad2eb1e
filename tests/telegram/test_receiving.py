"""getUpdates: held polls, confirmation by offset, one poller, and what the updates hold."""

import asyncio

import pytest
from telegram.error import Conflict

from tests.telegram.server import FaultyTelegram


async def held(local: FaultyTelegram) -> None:
    """Wait until a poll is held by the server."""
    await asyncio.wait_for(local.updates.holding.wait(), 5)


async def test_a_poll_is_held_until_something_is_said(bot, local):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await held(local)
    assert not poll.done()
    local.say(1001, 1001, "开了，23人")
    (update,) = await asyncio.wait_for(poll, 5)
    assert update.message.text == "开了，23人"


async def test_a_poll_ends_empty_after_its_timeout(bot, local):
    poll = asyncio.create_task(bot.get_updates(timeout=1))
    await held(local)
    assert await poll == ()
    assert not local.updates.holding.is_set()


async def test_a_poll_without_timeout_is_answered_at_once(bot):
    assert await bot.get_updates(timeout=0) == ()


async def test_updates_come_again_until_a_higher_offset_confirms_them(bot, local):
    for text in ("一", "二", "三"):
        local.say(1001, 1001, text)
    first = await bot.get_updates()
    assert await bot.get_updates() == first
    rest = await bot.get_updates(offset=first[0].update_id + 1)
    assert [update.message.text for update in rest] == ["二", "三"]
    assert await bot.get_updates(offset=first[-1].update_id + 1) == ()
    assert await bot.get_updates(offset=0) == ()


async def test_a_negative_offset_keeps_only_the_last_updates(bot, local):
    for text in ("一", "二", "三"):
        local.say(1001, 1001, text)
    assert [update.message.text for update in await bot.get_updates(offset=-1)] == ["三"]
    assert [update.message.text for update in await bot.get_updates()] == ["三"]


async def test_a_limit_caps_one_answer(bot, local):
    for number in range(5):
        local.say(1001, 1001, f"{number}号")
    assert len(await bot.get_updates(limit=2)) == 2


async def test_only_a_hundred_updates_come_at_once(bot, local):
    for number in range(105):
        local.say(1001, 1001, f"{number}号")
    assert len(await bot.get_updates()) == 100


async def test_the_older_of_two_polls_is_told_of_the_conflict(bot, call, local):
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await held(local)
    newer = asyncio.create_task(call("getUpdates", timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await older
    await held(local)
    local.say(1001, 1001, "好")
    assert len((await newer)["result"]) == 1


async def test_kinds_that_were_not_asked_for_are_never_queued(bot, local):
    await bot.get_updates(allowed_updates=["callback_query"])
    local.say(1001, 1001, "好")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    local.say(1001, 1001, "在")
    assert [update.message.text for update in await bot.get_updates()] == ["在"]


async def test_commands_and_mentions_carry_entities_in_utf16_units(bot, local):
    local.say(1001, -2001, "😀 /status@qingli_demo_bot 请看 @qingli_demo_bot")
    (update,) = await bot.get_updates()
    assert [(e.type, e.offset, e.length) for e in update.message.entities] == [
        ("bot_command", 3, 23),
        ("mention", 30, 16),
    ]


@pytest.mark.parametrize("text", ["到23/25人", "8/9", "甲@qingli_demo_bot", "见/a/b"])
async def test_slashes_and_signs_inside_words_are_no_commands_or_mentions(bot, local, text):
    local.say(1001, 1001, text)
    (update,) = await bot.get_updates()
    assert update.message.entities == ()


async def test_an_edit_comes_as_the_whole_message_with_its_edit_date(bot, local):
    sent = local.say(1001, 1001, "到23人")
    local.edit(1001, 1001, sent, "到24人")
    _, update = await bot.get_updates()
    assert update.edited_message.text == "到24人"
    assert update.edited_message.message_id == sent
    assert update.edited_message.edit_date is not None


async def test_a_reply_of_a_person_holds_the_bots_message(bot, local):
    asked = await bot.send_message(1001, "主题党日开了吗？")
    local.say(1001, 1001, "开了", reply_to=asked.message_id)
    (update,) = await bot.get_updates()
    assert update.message.reply_to_message.message_id == asked.message_id
    assert update.message.reply_to_message.from_user.id == bot.id


async def test_raw_updates_are_handed_out_once_even_when_repeated_or_unknown(call, local):
    local.say(1001, 1001, "好")
    (update,) = (await call("getUpdates"))["result"]
    await call("getUpdates", offset=update["update_id"] + 1)
    local.push(update)
    local.push({"update_id": update["update_id"] + 1, "telepathy": {"from": 1}})
    again = (await call("getUpdates", offset=update["update_id"] + 1))["result"]
    assert [u["update_id"] for u in again] == [update["update_id"], update["update_id"] + 1]
    assert (await call("getUpdates", offset=update["update_id"] + 2))["result"] == []


async def test_what_waits_is_counted_and_can_be_dropped(bot, local):
    local.say(1001, 1001, "好")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
