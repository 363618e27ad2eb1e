"""sendMessage and its refusals, as strict as Telegram's."""

import json
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReplyKeyboardMarkup
from telegram.error import BadRequest, Forbidden

from tests.telegram.server import FaultyTelegram


async def test_a_sent_message_comes_back_as_complete_as_telegram_gives_it(bot, local: FaultyTelegram, watch):
    message = await bot.send_message(1001, "明天主题党日")
    assert message.from_user.is_bot
    assert message.from_user.username == "qingli_demo_bot"
    assert message.chat.type == "private"
    assert message.chat.first_name == "甲"
    assert abs(message.date.timestamp() - local.wall()) < 60
    assert message.text == "明天主题党日"
    assert [send.text for send in local.accepted.sends] == ["明天主题党日"]
    assert local.accepted.sends[0].at == watch.now


async def test_message_ids_grow_within_each_chat(bot, local):
    in_group = [(await bot.send_message(-2001, f"{n}")).message_id for n in range(3)]
    private = (await bot.send_message(1001, "一")).message_id
    assert in_group == [1, 2, 3]
    assert private == 1
    assert local.say(1001, -2001, "好") == 4


@pytest.mark.parametrize(("chat_id", "kind"), [(1001, "private"), (-2001, "group"), (-1002002, "supergroup")])
async def test_chats_have_their_true_type(bot, chat_id, kind):
    assert (await bot.send_message(chat_id, "好")).chat.type == kind


@pytest.mark.parametrize("text", ["", "   \n ", "<b> </b>"])
async def test_a_message_without_text_is_refused(bot, text):
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(1001, text, parse_mode="HTML")


async def test_white_space_at_both_ends_is_cut_and_entities_move_with_it(bot):
    message = await bot.send_message(1001, "  \n<b>好</b> 的 \n", parse_mode="HTML")
    assert message.text == "好 的"
    assert message.entities == (MessageEntity("bold", 0, 1),)


async def test_a_text_of_4096_utf16_units_passes_and_one_more_is_refused(bot):
    await bot.send_message(1001, "😀" * 2048)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(1001, "😀" * 2048 + "a")


async def test_the_length_counts_after_the_markup_is_read(bot):
    message = await bot.send_message(1001, "<b>" + "字" * 4096 + "</b>", parse_mode="HTML")
    assert len(message.text) == 4096


async def test_callback_data_of_64_bytes_passes_and_one_more_is_refused(bot):
    def markup(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("撤回", callback_data=data)]])

    message = await bot.send_message(1001, "好", reply_markup=markup("记" * 21 + "a"))
    assert message.reply_markup == markup("记" * 21 + "a")
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(1001, "好", reply_markup=markup("记" * 21 + "ab"))


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("[1]", "object expected as reply markup"),
        ("{", "can't parse reply keyboard markup JSON object"),
        ({"inline_keyboard": {"text": "a"}}, "must be an Array"),
        ({"inline_keyboard": [{"text": "a", "callback_data": "b"}]}, "must be an Array of Arrays"),
        ({"inline_keyboard": [[{"text": "a"}]]}, "Text buttons are unallowed in the inline keyboard"),
        ({"inline_keyboard": [[{"callback_data": "a"}]]}, 'Can\'t find field "text"'),
        ({"inline_keyboard": [[{"text": "a", "url": "ftp://x"}]]}, "is invalid: Wrong HTTP URL"),
        ({"keyboard": [[{"no": 1}]]}, "can't parse keyboard button"),
    ],
)
async def test_a_malformed_keyboard_is_refused(call, markup: Any, reason):
    answer = await call("sendMessage", chat_id=1001, text="好", reply_markup=markup)
    assert answer["http"] == answer["error_code"] == 400
    assert reason in answer["description"]


async def test_a_reply_keyboard_is_not_given_back_but_kept_for_the_page(bot, local):
    message = await bot.send_message(1001, "好", reply_markup=ReplyKeyboardMarkup([["状态"]]))
    assert message.reply_markup is None
    assert local.chats[1001].keyboard["keyboard"] == [[{"text": "状态"}]]


async def test_an_unknown_chat_is_not_found(bot):
    with pytest.raises(BadRequest, match="^Chat not found$"):
        await bot.send_message(4711, "好")


async def test_a_call_without_chat_says_so(call):
    assert (await call("sendMessage", text="好"))["description"] == "Bad Request: chat_id is empty"


async def test_the_bot_cannot_write_first_to_a_person_who_has_not_started_it(bot, local):
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(1002, "好")
    local.say(1002, 1002, "/start")
    assert (await bot.send_message(1002, "好")).text == "好"


async def test_a_reply_holds_the_message_it_answers_without_that_ones_own_reply(bot, local):
    first = local.say(1001, 1001, "第一")
    second = await bot.send_message(1001, "第二", reply_to_message_id=first)
    third = await bot.send_message(1001, "第三", reply_to_message_id=second.message_id)
    assert third.reply_to_message.text == "第二"
    assert second.reply_to_message.text == "第一"
    assert third.reply_to_message.reply_to_message is None


async def test_a_reply_to_a_message_that_is_not_there_is_refused_unless_allowed(bot):
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(1001, "好", reply_to_message_id=99)
    message = await bot.send_message(1001, "好", reply_to_message_id=99, allow_sending_without_reply=True)
    assert message.reply_to_message is None


async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_is_not_found(call):
    assert (await call("getMe", token="123456:other"))["http"] == 401  # noqa: S106
    assert (await call("getMe", token="nonsense"))["http"] == 404  # noqa: S106


async def test_an_unknown_method_is_not_found(call):
    answer = await call("sendTelepathy")
    assert answer == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found: method not found",
        "http": 404,
    }


async def test_method_names_are_read_in_any_case(call):
    assert (await call("SENDmessage", chat_id=1001, text="好"))["ok"]


@pytest.mark.parametrize("how", ["query", "form", "json", "multipart"])
async def test_arguments_come_as_query_form_json_or_multipart_with_json_inside(root, session, how):
    markup = {"inline_keyboard": [[{"text": "好", "callback_data": "1"}]]}
    values = {"chat_id": "1001", "text": "一&二 <三", "reply_markup": json.dumps(markup)}
    url = f"{root}/bot123456:local-secret/sendMessage"
    match how:
        case "query":
            request = session.get(url, params=values)
        case "form":
            request = session.post(url, data=values)
        case "json":
            request = session.post(url, json={**values, "chat_id": 1001, "reply_markup": markup})
        case _:
            with_boundary = {key: (None, value) for key, value in values.items()}
            request = session.post(url, data=_multipart(with_boundary))
    async with request as answer:
        result = (await answer.json())["result"]
    assert result["text"] == "一&二 <三"
    assert result["reply_markup"] == markup


def _multipart(values):
    import aiohttp

    form = aiohttp.FormData()
    for name, (_, value) in values.items():
        form.add_field(name, value, content_type="text/plain")
    return form


async def test_a_body_that_is_no_json_is_refused(root, session):
    url = f"{root}/bot123456:local-secret/sendMessage"
    async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400


async def test_commands_mentions_and_addresses_are_found_in_the_bots_own_texts_too(bot):
    message = await bot.send_message(1001, "<b>发</b> /status 或看 https://example.cn/a", parse_mode="HTML")
    assert [entity.type for entity in message.entities] == ["bold", "bot_command", "url"]


async def test_entities_can_be_given_instead_of_markup(bot):
    message = await bot.send_message(1001, "好的", entities=[MessageEntity("italic", 0, 1)])
    assert message.entities == (MessageEntity("italic", 0, 1),)
    with pytest.raises(BadRequest):
        await bot.send_message(1001, "好的", entities=[MessageEntity("italic", 0, 9)])


async def test_an_unknown_parse_mode_is_refused(call):
    answer = await call("sendMessage", chat_id=1001, text="好", parse_mode="bbcode")
    assert answer["description"] == "Bad Request: unsupported parse_mode"
