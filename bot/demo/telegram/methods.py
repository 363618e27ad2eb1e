"""The API methods of the local server by name in lower case."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram import method_chat, method_edit, method_profile, method_send, method_updates
from bot.demo.telegram.arguments import Arguments

Method = Callable[[LocalTelegram, Arguments], Any | Awaitable[Any]]


def close_bot(local: LocalTelegram, given: Arguments) -> bool:  # noqa: ARG001
    """close and logOut: nothing to do, since the server serves one bot."""
    return True


METHODS: dict[str, Method] = {
    "getme": method_profile.get_me,
    "close": close_bot,
    "logout": close_bot,
    "getupdates": method_updates.get_updates,
    "setwebhook": method_updates.set_webhook,
    "deletewebhook": method_updates.delete_webhook,
    "getwebhookinfo": method_updates.get_webhook_info,
    "sendmessage": method_send.send_message,
    "sendphoto": method_send.send_photo,
    "senddocument": method_send.send_document,
    "sendmediagroup": method_send.send_media_group,
    "sendchataction": method_send.send_chat_action,
    "editmessagetext": method_edit.edit_message_text,
    "editmessagecaption": method_edit.edit_message_caption,
    "editmessagereplymarkup": method_edit.edit_message_reply_markup,
    "deletemessage": method_edit.delete_message,
    "deletemessages": method_edit.delete_messages,
    "answercallbackquery": method_edit.answer_callback_query,
    "leavechat": method_edit.leave_chat,
    "getfile": method_chat.get_file,
    "getchat": method_chat.get_chat,
    "getchatmember": method_chat.get_chat_member,
    "getchatadministrators": method_chat.get_chat_administrators,
    "getchatmembercount": method_chat.get_chat_member_count,
    "setmycommands": method_profile.set_my_commands,
    "getmycommands": method_profile.get_my_commands,
    "deletemycommands": method_profile.delete_my_commands,
    "setmyname": partial(method_profile.set_profile_text, part="name"),
    "getmyname": partial(method_profile.get_profile_text, part="name"),
    "setmydescription": partial(method_profile.set_profile_text, part="description"),
    "getmydescription": partial(method_profile.get_profile_text, part="description"),
    "setmyshortdescription": partial(method_profile.set_profile_text, part="short_description"),
    "getmyshortdescription": partial(method_profile.get_profile_text, part="short_description"),
    "setchatmenubutton": method_profile.set_chat_menu_button,
    "getchatmenubutton": method_profile.get_chat_menu_button,
}
