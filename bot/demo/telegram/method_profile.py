"""API methods about the bot itself: profile, commands and descriptions."""

import re
from typing import Any

from bot.demo.chats.types import Json
from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.errors import build_bad_request

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)
MENU_BUTTONS = ("default", "commands", "web_app")
LENGTHS = {"name": 64, "description": 512, "short_description": 120}


def get_me(local: LocalTelegram, given: Arguments) -> Json:  # noqa: ARG001
    """getMe."""
    return {
        **local.me,
        "can_join_groups": True,
        "can_read_all_group_messages": not local.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(local: LocalTelegram, given: Arguments) -> bool:
    """setMyCommands."""
    commands = given.json("commands", "can't parse commands JSON object")
    if not isinstance(commands, list):
        raise build_bad_request("expected an Array of BotCommand")
    if len(commands) > 100:
        raise build_bad_request("BOT_COMMANDS_TOO_MUCH")
    local.profile.commands[_parse_scope(given)] = [_parse_command(item) for item in commands]
    return True


def _parse_command(item: Any) -> Json:
    if not isinstance(item, dict):
        raise build_bad_request("can't parse BotCommand: expected an Object")
    name, description = str(item.get("command", "")).removeprefix("/"), str(item.get("description", ""))
    if not _COMMAND.fullmatch(name):
        raise build_bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise build_bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def get_my_commands(local: LocalTelegram, given: Arguments) -> list[Json]:
    """getMyCommands: those set for exactly this scope and language."""
    return local.profile.commands.get(_parse_scope(given), [])


def delete_my_commands(local: LocalTelegram, given: Arguments) -> bool:
    """deleteMyCommands."""
    local.profile.commands.pop(_parse_scope(given), None)
    return True


def _parse_scope(given: Arguments) -> tuple[str, str]:
    scope = given.json("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    if not isinstance(scope, dict) or str(scope.get("type")) not in SCOPES:
        raise build_bad_request("unsupported type specified in BotCommandScope")
    parts = [str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope]
    return ":".join(parts), given.text("language_code")


def set_profile_text(local: LocalTelegram, given: Arguments, part: str) -> bool:
    """setMyName, setMyDescription and setMyShortDescription."""
    text = given.text(part)
    if len(text) > LENGTHS[part]:
        raise build_bad_request(f"bot {part.replace('_', ' ')} is too long")
    local.profile.texts[part, given.text("language_code")] = text
    return True


def get_profile_text(local: LocalTelegram, given: Arguments, part: str) -> Json:
    """getMyName, getMyDescription and getMyShortDescription."""
    texts = local.profile.texts
    default = local.me["first_name"] if part == "name" else ""
    text = texts.get((part, given.text("language_code"))) or texts.get((part, "")) or default
    return {part: text}


def set_chat_menu_button(local: LocalTelegram, given: Arguments) -> bool:
    """setChatMenuButton."""
    button = given.json("menu_button", "can't parse MenuButton JSON object") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in MENU_BUTTONS:
        raise build_bad_request("can't parse MenuButton: unsupported type specified")
    local.profile.texts["menu_button", given.text("chat_id")] = button["type"]
    return True


def get_chat_menu_button(local: LocalTelegram, given: Arguments) -> Json:
    """getChatMenuButton."""
    return {"type": local.profile.texts.get(("menu_button", given.text("chat_id")), "default")}
