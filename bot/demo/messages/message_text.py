"""The text or caption of a message: parse mode, entities and length checks."""

from typing import Any

from bot.demo.chats.types import Json
from bot.demo.messages.entities import detect_entities
from bot.demo.messages.html import Entity, clean_text, parse_html, sort_entities, trim_text, utf16_length
from bot.demo.telegram.arguments import Arguments, parse_integer
from bot.demo.telegram.errors import build_bad_request

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


def parse_text(given: Arguments) -> Json:
    """Parse `text` and `entities`. Raises ApiError (400) for empty or long texts and bad HTML."""
    text, entities = _parse_formatted(given.text("text"), given.text("parse_mode"), given, "entities")
    if not text:
        raise build_bad_request("message text is empty")
    if utf16_length(text) > LONGEST_TEXT:
        raise build_bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def parse_caption(given: Arguments) -> Json:
    """Parse `caption` and `caption_entities`; empty without a caption. Raises ApiError (400)."""
    text, entities = _parse_formatted(
        given.text("caption"), given.text("parse_mode"), given, "caption_entities"
    )
    if utf16_length(text) > LONGEST_CAPTION:
        raise build_bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def _parse_formatted(source: str, mode: str, given: Arguments, field: str) -> tuple[str, list[Entity]]:
    source = clean_text(source)
    entities: list[Entity] = []
    match mode.lower():
        case "":
            entities = _parse_entities(given.json(field, "can't parse entities JSON object"), source)
        case "html":
            source, entities = parse_html(source)
        case "markdown" | "markdownv2":
            raise build_bad_request("unsupported parse_mode: the local server reads HTML only")
        case "none":
            pass
        case _:
            raise build_bad_request("unsupported parse_mode")
    text, entities = trim_text(source, entities)
    return text, detect_entities(text, entities)


def _parse_entities(entities: Any, text: str) -> list[Entity]:
    if not entities:
        return []
    if not isinstance(entities, list):
        raise build_bad_request("can't parse entities: expected an Array of MessageEntity")
    length = utf16_length(text)
    kept: list[Entity] = []
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise build_bad_request("can't parse entities: expected an Object of type MessageEntity")
        start, size = parse_integer(entity.get("offset"), -1), parse_integer(entity.get("length"))
        if start < 0 or size <= 0 or start + size > length:
            raise build_bad_request("ENTITY_BOUNDS_INVALID")
        numbers = {"offset": start, "length": size}
        kept.append({**{key: value for key, value in entity.items() if value is not None}, **numbers})
    return sort_entities(kept)
