"""Editing, deleting and pressing buttons."""

import asyncio

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.demo.chats.state import Toast
from bot.demo.chats.users import NotPossibleError

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("撤回", callback_data="undo")]])


async def test_an_edit_gives_the_whole_message_with_its_edit_date(bot):
    sent = await bot.send_message(1001, "到23人", reply_markup=BUTTONS)
    edited = await bot.edit_message_text(
        "<b>到24人</b>", 1001, sent.message_id, parse_mode="HTML", reply_markup=BUTTONS
    )
    assert edited.text == "到24人"
    assert edited.message_id == sent.message_id
    assert edited.date == sent.date
    assert edited.edit_date is not None
    assert edited.reply_markup == BUTTONS
    assert edited.from_user.is_bot


async def test_an_edit_without_buttons_takes_them_away(bot):
    sent = await bot.send_message(1001, "到23人", reply_markup=BUTTONS)
    edited = await bot.edit_message_text("到24人", 1001, sent.message_id)
    assert edited.reply_markup is None


async def test_an_edit_that_changes_nothing_is_refused(bot):
    sent = await bot.send_message(1001, "<b>到23人</b>", "HTML", reply_markup=BUTTONS)
    again = {"chat_id": 1001, "message_id": sent.message_id, "reply_markup": BUTTONS}
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content and reply"):
        await bot.edit_message_text(" <b>到23人</b> ", parse_mode="HTML", **again)
    assert (await bot.edit_message_text("到23人", **again)).entities == ()
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("到23人", **again)


async def test_buttons_alone_can_change_once(bot):
    sent = await bot.send_message(1001, "到23人", reply_markup=BUTTONS)
    edited = await bot.edit_message_reply_markup(1001, sent.message_id)
    assert edited.reply_markup is None
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_reply_markup(1001, sent.message_id)


async def test_only_messages_that_exist_and_are_the_bots_own_can_be_edited(bot, local):
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("好", 1001, 99)
    theirs = local.say(1001, 1001, "好")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("好", 1001, theirs)


async def test_a_documents_caption_is_edited_as_such(bot):
    sent = await bot.send_document(1001, b"a,b", filename="a.csv", caption="表")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("好", 1001, sent.message_id)
    edited = await bot.edit_message_caption(1001, sent.message_id, caption="新表")
    assert edited.caption == "新表"
    assert edited.document.file_id == sent.document.file_id


async def test_edits_are_checked_like_new_messages(call, bot):
    sent = await bot.send_message(1001, "好")
    place = {"chat_id": 1001, "message_id": sent.message_id}
    for text, reason in [("", "message text is empty"), ("字" * 4097, "message is too long")]:
        assert (await call("editMessageText", text=text, **place))["description"] == f"Bad Request: {reason}"


async def test_a_deleted_message_is_gone(bot, local):
    sent = await bot.send_message(1001, "好")
    assert await bot.delete_message(1001, sent.message_id)
    assert local.history(1001) == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(1001, sent.message_id)


async def test_other_peoples_messages_in_a_group_are_deleted_only_by_an_administrator(bot, local):
    theirs = local.say(1001, -2001, "好")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(-2001, theirs)
    local.promote(-2001)
    assert await bot.delete_message(-2001, theirs)


async def test_a_pressed_button_reaches_the_bot_and_its_toast_the_person(bot, local):
    sent = await bot.send_message(1001, "已记录", reply_markup=BUTTONS)
    pressed = asyncio.create_task(local.press(1001, 1001, sent.message_id, "undo"))
    (update,) = await bot.get_updates(timeout=5)
    query = update.callback_query
    assert query.data == "undo"
    assert query.from_user.id == 1001
    assert query.message.text == "已记录"
    assert query.message.reply_markup == BUTTONS
    await bot.answer_callback_query(query.id, "已撤回", show_alert=True)
    assert await pressed == Toast("已撤回", show_alert=True)


async def test_a_press_that_is_not_answered_ends_without_a_toast(bot, local):
    sent = await bot.send_message(1001, "已记录", reply_markup=BUTTONS)
    assert await local.press(1001, 1001, sent.message_id, "undo", wait=0.01) is None


async def test_a_button_that_is_not_there_cannot_be_pressed(bot, local):
    sent = await bot.send_message(1001, "已记录", reply_markup=BUTTONS)
    with pytest.raises(NotPossibleError):
        local.press_only(1001, 1001, sent.message_id, "other")


async def test_an_answer_that_comes_too_late_is_refused(bot, local, watch):
    sent = await bot.send_message(1001, "已记录", reply_markup=BUTTONS)
    query_id = local.press_only(1001, 1001, sent.message_id, "undo")
    watch.now += local.query_lifetime + 1
    for wrong in (query_id, "0"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is"):
            await bot.answer_callback_query(wrong)
