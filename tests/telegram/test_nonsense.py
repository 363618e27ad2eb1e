"""Nonsense in any argument of any method is refused, never a failure of the server."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.demo.telegram.arguments import Arguments, Upload
from bot.demo.telegram.dispatch import carry_out
from bot.demo.telegram.methods import METHODS

# fmt: off
NAMES = (
    "chat_id", "text", "parse_mode", "entities", "reply_markup", "reply_parameters",
    "link_preview_options", "message_id", "message_ids", "caption", "caption_entities", "photo",
    "document", "media", "callback_query_id", "user_id", "file_id", "commands", "scope", "description",
    "menu_button", "url", "secret_token", "max_connections", "allowed_updates", "offset", "limit",
    "action", "language_code",
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3000, 3000),
    st.sampled_from([1001, -2001, "1001", "@x", "HTML", "<b>", "attach://f", "typing", "{", "[[", "photo"]),
    st.text(max_size=5),
)
KEYS = st.sampled_from((
    "message_id", "type", "offset", "length", "url", "media", "inline_keyboard", "keyboard", "text",
    "callback_data", "command", "description",
))
# fmt: on
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"getupdates", "leavechat"}))
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(values=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6))
async def test_nonsense_is_refused_or_carried_out(local, method: str, values: dict[str, Any]):
    values.setdefault("chat_id", 1001)
    answer = await carry_out(local, method, Arguments(values, {"f": Upload("a.txt", b"x")}))
    body = json.loads(answer.body)
    assert body["ok"] or 400 <= body["error_code"] < 500


@pytest.mark.parametrize(
    ("method", "values"),
    [
        ("sendmessage", {"text": "好", "entities": [{"type": "bold", "offset": "x", "length": []}]}),
        ("sendmessage", {"text": "好", "entities": {"type": "bold"}}),
        ("getmycommands", {"scope": {"type": []}}),
        ("sendmessage", {"text": "好", "reply_parameters": {"message_id": ["x"]}}),
        ("sendmessage", {"text": "好", "reply_parameters": 3}),
        ("sendmessage", {"text": "好", "reply_markup": {"inline_keyboard": [[{"text": 1, "url": 2}]]}}),
        ("sendmessage", {"text": "好", "link_preview_options": [1]}),
        ("sendmediagroup", {"media": [1, 2]}),
        ("sendmediagroup", {"media": [{"type": "photo", "media": 5}, {"type": "photo"}]}),
        ("setmycommands", {"commands": [{"command": ["a"]}]}),
        ("setmycommands", {"commands": [], "scope": "x"}),
        ("editmessagetext", {"text": "好", "message_id": {}}),
        ("setwebhook", {"url": "https://[broken"}),
        ("setwebhook", {"url": "https://127.0.0.1:port/"}),
    ],
)
async def test_values_of_a_wrong_type_are_told_apart(local, method, values):
    answer = await carry_out(local, method, Arguments({"chat_id": 1001, **values}))
    assert 200 <= answer.code < 500


async def test_updates_without_an_id_do_not_stop_the_queue(call, local):
    local.push({"telepathy": 1})
    local.say(1001, 1001, "好")
    first = (await call("getUpdates"))["result"]
    assert [update.get("message", {}).get("text") for update in first] == [None, "好"]
    assert (await call("getUpdates", offset=first[1]["update_id"] + 1))["result"] == []


async def test_texts_that_are_no_unicode_are_refused(root, session):
    url = f"{root}/bot123456:local-secret/sendMessage"
    for body in (b'{"chat_id":1001,"text":"\\ud83d"}', b'{"chat_id":1001,"text":"\xff"}'):
        async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
            assert (await answer.json())["description"] == "Bad Request: strings must be encoded in UTF-8"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with session.post(url, data=b"chat_id=1001&text=%FF", headers=form) as answer:
        assert answer.status == 400


async def test_control_characters_become_spaces(bot):
    assert (await bot.send_message(1001, "一\t二\x07三\r\n四")).text == "一 二 三\n四"
