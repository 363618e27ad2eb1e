"""Finds the entities that Telegram detects in plain text: commands, mentions, links."""

import re
from typing import Any

from bot.demo.messages.html import utf16_length

_PATTERNS = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])")),
    (
        "email",
        re.compile(r"(?<![\w@.+-])[a-zA-Z0-9._+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*\.[a-zA-Z]{2,}(?!\w)"),
    ),
    ("url", re.compile(r"(?<![\w@])https?://[^\s<>\"“”，。；！？（）《》、]+", re.IGNORECASE)),
    ("mention", re.compile(r"(?<!\w)@[a-zA-Z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#@])#(?!\d+(?!\w))\w{1,256}")),
)


def detect_entities(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the given entities and those detected outside links and code, in order."""
    if not any(mark in text for mark in "/@#"):
        return entities
    found = list(entities)
    # Nothing is detected inside these, nor inside what an earlier pattern has found.
    taken = [e for e in entities if e["type"] in ("code", "pre", "text_link")]
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, length = utf16_length(text[: match.start()]), utf16_length(match.group())
            if not any(start < e["offset"] + e["length"] and e["offset"] < start + length for e in taken):
                entity = {"offset": start, "length": length, "type": kind}
                found.append(entity)
                taken.append(entity)
    return sorted(found, key=lambda e: (e["offset"], -e["length"]))
