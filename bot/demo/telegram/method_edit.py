"""API methods that change messages: editing, deleting and answering callback queries."""

from bot.demo.chats.state import Toast
from bot.demo.chats.types import Chat, Json
from bot.demo.chats.users import LocalTelegram
from bot.demo.messages.keyboards import inline_part, read_markup
from bot.demo.messages.message_text import read_caption, read_text
from bot.demo.telegram.arguments import Arguments, whole
from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.permissions import check_preview, known_chat, open_chat

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
LONGEST_TOAST = 200


def edit_message_text(local: LocalTelegram, given: Arguments) -> Json:
    """editMessageText; without reply_markup the old buttons are removed."""
    content = read_text(given)
    check_preview(given)
    chat, body = _own_message(local, given)
    if "text" not in body:
        raise bad_request("there is no text in the message to edit")
    return _rewrite(local, chat, body, _without(body, "text", "entities"), {**content, **_new_markup(given)})


def edit_message_caption(local: LocalTelegram, given: Arguments) -> Json:
    """editMessageCaption; without reply_markup the old buttons are removed."""
    content = read_caption(given)
    chat, body = _own_message(local, given)
    if "text" in body:
        raise bad_request("there is no caption in the message to edit")
    rest = _without(body, "caption", "caption_entities")
    return _rewrite(local, chat, body, rest, {**content, **_new_markup(given)})


def edit_message_reply_markup(local: LocalTelegram, given: Arguments) -> Json:
    """editMessageReplyMarkup; without reply_markup the buttons are removed."""
    markup = _new_markup(given)
    chat, body = _own_message(local, given)
    return _rewrite(local, chat, body, _without(body), markup)


def _new_markup(given: Arguments) -> Json:
    return inline_part(read_markup(given))


def _without(body: Json, *parts: str) -> Json:
    gone = {*parts, "reply_markup", "edit_date"}
    return {key: value for key, value in body.items() if key not in gone}


def _rewrite(local: LocalTelegram, chat: Chat, old: Json, rest: Json, content: Json) -> Json:
    new = {**rest, **content}
    # Clients treat an unchanged edit as an error of the Bot API, so it is refused here too.
    if new == {key: value for key, value in old.items() if key != "edit_date"}:
        raise bad_request(UNCHANGED)
    return local.replace(chat, old["message_id"], new)


def _own_message(local: LocalTelegram, given: Arguments) -> tuple[Chat, Json]:
    if given.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = open_chat(local, given)
    message_id = given.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    kept = chat.messages.get(message_id)
    if kept is None:
        raise bad_request("message to edit not found")
    if kept.body["from"]["id"] != local.me["id"]:
        raise bad_request("message can't be edited")
    return chat, kept.body


def delete_message(local: LocalTelegram, given: Arguments) -> bool:
    """deleteMessage."""
    chat = open_chat(local, given)
    message_id = given.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    kept = chat.messages.get(message_id)
    if kept is None:
        raise bad_request("message to delete not found")
    if not _deletable(local, chat, kept.body):
        raise bad_request("message can't be deleted")
    local.remove(chat, message_id)
    return True


def delete_messages(local: LocalTelegram, given: Arguments) -> bool:
    """deleteMessages; ids that cannot be deleted are skipped."""
    chat = open_chat(local, given)
    ids = given.json("message_ids", "can't parse message identifiers JSON object")
    if not isinstance(ids, list) or not 0 < len(ids) <= 100:
        raise bad_request("message identifiers are not specified")
    for message_id in ids:
        kept = chat.messages.get(whole(message_id))
        if kept is not None and _deletable(local, chat, kept.body):
            local.remove(chat, whole(message_id))
    return True


def _deletable(local: LocalTelegram, chat: Chat, body: Json) -> bool:
    own = body["from"]["id"] == local.me["id"]
    # The Bot API: messages can be deleted within 48 hours.
    young = local.wall() - body["date"] < 48 * 3600
    return young and (own or not chat.group or chat.bot_status == "administrator")


def answer_callback_query(local: LocalTelegram, given: Arguments) -> bool:
    """answerCallbackQuery."""
    text = given.text("text")
    if len(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query = local.queries.get(given.text("callback_query_id"))
    if query is None or local.clock() - query.asked_at > local.query_lifetime:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if query.answer is not None and not query.answer.done():
        query.answer.set_result(Toast(text, given.flag("show_alert"), given.text("url")))
    return True


def leave_chat(local: LocalTelegram, given: Arguments) -> bool:
    """leaveChat."""
    chat = known_chat(local, given)
    if not chat.group:
        raise bad_request("chat member status can't be changed in private chats")
    chat = open_chat(local, given)
    chat.bot_status = "left"
    local.touch()
    return True
