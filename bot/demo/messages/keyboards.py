"""The reply_markup argument, checked as Telegram checks it."""

from typing import Any

from bot.demo.chats.types import Json
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.errors import ApiError, build_bad_request

MOST_DATA_BYTES = 64
MOST_BUTTONS = 100
BUTTON_ACTIONS = (
    "callback_data",
    "url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "web_app",
    "copy_text",
)
OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")
URL_SCHEMES = ("http://", "https://", "tg://")


def parse_markup(given: Arguments) -> Json | None:
    """Parse the reply_markup object; None where there is none. Raises ApiError (400)."""
    markup = given.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise build_bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return {"inline_keyboard": _parse_inline_rows(markup["inline_keyboard"])}
    if "keyboard" in markup:
        markup = {**markup, "keyboard": _parse_reply_rows(markup["keyboard"])}
    return markup if any(key in markup for key in OTHER_MARKUPS) else None


def inline_markup_json(markup: Json | None) -> Json:
    """Return what a Message shows of a markup: an inline keyboard that has buttons."""
    return {"reply_markup": markup} if markup and markup.get("inline_keyboard") else {}


def _check_rows(field: str, owner: str, rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise build_bad_request(f'field "{field}" of the {owner} must be an Array')
    if not all(isinstance(row, list) for row in rows):
        raise build_bad_request(f'field "{field}" of the {owner} must be an Array of Arrays')
    return [row for row in rows if row]


def _parse_inline_rows(rows: Any) -> list[list[Json]]:
    checked = [
        [_parse_inline_button(button) for button in row]
        for row in _check_rows("inline_keyboard", "InlineKeyboardMarkup", rows)
    ]
    if sum(len(row) for row in checked) > MOST_BUTTONS:
        raise build_bad_request("reply markup is too long")
    return checked


def _parse_inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _build_button_error("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _build_button_error('Can\'t find field "text"')
    if not button["text"].strip():
        raise build_bad_request("BUTTON_TEXT_INVALID")
    actions = [action for action in BUTTON_ACTIONS if button.get(action) is not None]
    if not actions:
        raise _build_button_error("Text buttons are unallowed in the inline keyboard")
    _check_data(button.get("callback_data"))
    if actions[0] == "url" and not _is_address(button["url"]):
        raise build_bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return {"text": button["text"], actions[0]: button[actions[0]]}


def _check_data(data: Any) -> None:
    """Raise ApiError for callback data that are empty, too long or no text."""
    if data is not None and not (isinstance(data, str) and 0 < len(data.encode()) <= MOST_DATA_BYTES):
        raise build_bad_request("BUTTON_DATA_INVALID")


def _is_address(url: Any) -> bool:
    return isinstance(url, str) and ("://" not in url or url.startswith(URL_SCHEMES)) and len(url) > 3


def _build_button_error(reason: str) -> ApiError:
    return build_bad_request(f"can't parse inline keyboard button: {reason}")


def _parse_reply_rows(rows: Any) -> list[list[Json]]:
    return [
        [_parse_reply_button(button) for button in row]
        for row in _check_rows("keyboard", "ReplyKeyboardMarkup", rows)
    ]


def _parse_reply_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise build_bad_request("can't parse keyboard button: KeyboardButton must be an Object or a String")
    return button
