"""API methods that change messages: editing, deleting and answering callback queries."""

from bot.demo.chats.state import Toast
from bot.demo.chats.types import Chat, Json
from bot.demo.chats.users import LocalTelegram
from bot.demo.messages.keyboards import inline_markup_json, parse_markup
from bot.demo.messages.message_text import parse_caption, parse_text
from bot.demo.telegram.arguments import Arguments, parse_integer
from bot.demo.telegram.errors import build_bad_request
from bot.demo.telegram.permissions import check_preview, get_known_chat, get_writable_chat

UNCHANGED_TEXT = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
LONGEST_TOAST = 200


def edit_message_text(local: LocalTelegram, given: Arguments) -> Json:
    """editMessageText; without reply_markup the old buttons are removed."""
    content = parse_text(given)
    check_preview(given)
    chat, body = _get_own_message(local, given)
    if "text" not in body:
        raise build_bad_request("there is no text in the message to edit")
    return _edit_message(
        local, chat, body, _copy_without(body, "text", "entities"), {**content, **_parse_new_markup(given)}
    )


def edit_message_caption(local: LocalTelegram, given: Arguments) -> Json:
    """editMessageCaption; without reply_markup the old buttons are removed."""
    content = parse_caption(given)
    chat, body = _get_own_message(local, given)
    if "text" in body:
        raise build_bad_request("there is no caption in the message to edit")
    rest = _copy_without(body, "caption", "caption_entities")
    return _edit_message(local, chat, body, rest, {**content, **_parse_new_markup(given)})


def edit_message_reply_markup(local: LocalTelegram, given: Arguments) -> Json:
    """editMessageReplyMarkup; without reply_markup the buttons are removed."""
    markup = _parse_new_markup(given)
    chat, body = _get_own_message(local, given)
    return _edit_message(local, chat, body, _copy_without(body), markup)


def _parse_new_markup(given: Arguments) -> Json:
    return inline_markup_json(parse_markup(given))


def _copy_without(body: Json, *parts: str) -> Json:
    gone = {*parts, "reply_markup", "edit_date"}
    return {key: value for key, value in body.items() if key not in gone}


def _edit_message(local: LocalTelegram, chat: Chat, old: Json, rest: Json, content: Json) -> Json:
    new = {**rest, **content}
    # Clients treat an unchanged edit as an error of the Bot API, so it is refused here too.
    if new == {key: value for key, value in old.items() if key != "edit_date"}:
        raise build_bad_request(UNCHANGED_TEXT)
    return local.replace(chat, old["message_id"], new)


def _get_own_message(local: LocalTelegram, given: Arguments) -> tuple[Chat, Json]:
    if given.text("inline_message_id"):
        raise build_bad_request("MESSAGE_ID_INVALID")
    chat = get_writable_chat(local, given)
    message_id = given.integer("message_id")
    if not message_id:
        raise build_bad_request("message identifier is not specified")
    kept = chat.messages.get(message_id)
    if kept is None:
        raise build_bad_request("message to edit not found")
    if kept.body["from"]["id"] != local.me["id"]:
        raise build_bad_request("message can't be edited")
    return chat, kept.body


def delete_message(local: LocalTelegram, given: Arguments) -> bool:
    """deleteMessage."""
    chat = get_writable_chat(local, given)
    message_id = given.integer("message_id")
    if not message_id:
        raise build_bad_request("message identifier is not specified")
    kept = chat.messages.get(message_id)
    if kept is None:
        raise build_bad_request("message to delete not found")
    if not _is_deletable(local, chat, kept.body):
        raise build_bad_request("message can't be deleted")
    local.remove(chat, message_id)
    return True


def delete_messages(local: LocalTelegram, given: Arguments) -> bool:
    """deleteMessages; ids that cannot be deleted are skipped."""
    chat = get_writable_chat(local, given)
    ids = given.json("message_ids", "can't parse message identifiers JSON object")
    if not isinstance(ids, list) or not 0 < len(ids) <= 100:
        raise build_bad_request("message identifiers are not specified")
    for message_id in ids:
        kept = chat.messages.get(parse_integer(message_id))
        if kept is not None and _is_deletable(local, chat, kept.body):
            local.remove(chat, parse_integer(message_id))
    return True


def _is_deletable(local: LocalTelegram, chat: Chat, body: Json) -> bool:
    own = body["from"]["id"] == local.me["id"]
    # The Bot API: messages can be deleted within 48 hours.
    young = local.wall() - body["date"] < 48 * 3600
    return young and (own or not chat.group or chat.bot_status == "administrator")


def answer_callback_query(local: LocalTelegram, given: Arguments) -> bool:
    """answerCallbackQuery."""
    text = given.text("text")
    if len(text) > LONGEST_TOAST:
        raise build_bad_request("MESSAGE_TOO_LONG")
    query = local.queries.get(given.text("callback_query_id"))
    if query is None or local.clock() - query.asked_at > local.query_lifetime:
        raise build_bad_request("query is too old and response timeout expired or query ID is invalid")
    if query.answer is not None and not query.answer.done():
        query.answer.set_result(Toast(text, given.flag("show_alert"), given.text("url")))
    return True


def leave_chat(local: LocalTelegram, given: Arguments) -> bool:
    """leaveChat."""
    chat = get_known_chat(local, given)
    if not chat.group:
        raise build_bad_request("chat member status can't be changed in private chats")
    chat = get_writable_chat(local, given)
    chat.bot_status = "left"
    local.touch()
    return True
