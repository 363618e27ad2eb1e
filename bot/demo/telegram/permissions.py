"""Checks shared by the API methods of chats: the chat exists, the bot may write."""

from typing import Any

from bot.demo.chats.types import Chat, Json, Person
from bot.demo.chats.users import LocalTelegram, copy_for_reply
from bot.demo.messages.keyboards import inline_markup_json
from bot.demo.telegram.arguments import Arguments, parse_integer
from bot.demo.telegram.errors import build_bad_request, build_forbidden


def get_known_chat(local: LocalTelegram, given: Arguments) -> Chat:
    """Return the chat of `chat_id`. Raises ApiError where it is unknown or migrated."""
    wanted = given.chat_id()
    chat = local.chats.get(wanted) if isinstance(wanted, int) else None
    if chat is None:
        raise build_bad_request("chat not found")
    if chat.migrated_to:
        raise build_bad_request(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    return chat


def get_writable_chat(local: LocalTelegram, given: Arguments) -> Chat:
    """Return the chat of `chat_id` if the bot may write there. Raises ApiError (400, 403)."""
    chat = get_known_chat(local, given)
    if chat.person is not None:
        _check_person(chat.person)
    elif chat.bot_status == "kicked":
        raise build_forbidden(f"bot was kicked from the {chat.kind} chat")
    elif chat.bot_status == "left":
        raise build_forbidden(f"bot is not a member of the {chat.kind} chat")
    return chat


def _check_person(person: Person) -> None:
    if person.deactivated:
        raise build_forbidden("user is deactivated")
    if person.blocked:
        raise build_forbidden("bot was blocked by the user")
    if not person.started:
        raise build_forbidden("bot can't initiate conversation with a user")


def reply_json(chat: Chat, given: Arguments) -> Json:
    """Return `reply_to_message` for reply_parameters. Raises ApiError where it is missing."""
    parameters = given.json("reply_parameters", "can't parse reply parameters JSON object")
    # The older form of the same argument, before Bot API 7.0.
    if parameters is None:
        parameters = {
            "message_id": given.integer("reply_to_message_id"),
            "allow_sending_without_reply": given.flag("allow_sending_without_reply"),
        }
    if not isinstance(parameters, dict):
        raise build_bad_request("object expected as reply parameters")
    message_id = parse_integer(parameters.get("message_id"))
    if not message_id:
        return {}
    kept = chat.messages.get(message_id)
    if kept is not None:
        return {"reply_to_message": copy_for_reply(kept.body)}
    if parameters.get("allow_sending_without_reply"):
        return {}
    raise build_bad_request("message to be replied not found")


def store_message(
    local: LocalTelegram, given: Arguments, content: Json, *, markup: Json | None = None
) -> Json:
    """Check chat, reply and limits, store one message of the bot, and return it."""
    chat = get_writable_chat(local, given)
    reply = reply_json(chat, given)
    local.limits.take(chat.id, group=chat.group)
    set_keyboard(chat, markup)
    return local.post_from_bot(chat, {**reply, **content, **inline_markup_json(markup)})


def set_keyboard(chat: Chat, markup: Json | None) -> None:
    """Store the reply keyboard of a chat for its page; a Message object does not show it."""
    if markup and "keyboard" in markup:
        chat.keyboard = markup
    elif markup and markup.get("remove_keyboard"):
        chat.keyboard = None


def check_preview(given: Arguments) -> None:
    """Raise ApiError where link_preview_options is no object."""
    options: Any = given.json("link_preview_options", "can't parse link preview options JSON object")
    if options is not None and not isinstance(options, dict):
        raise build_bad_request("object expected as link preview options")
