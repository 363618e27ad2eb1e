"""Templates of message texts: names in braces are filled in, nothing is computed.

`{festival}` stands for a value, `{{` and `}}` for a brace; there are no expressions, formats or attributes.
Values are put in as they are and never read as templates again.
"""

import re
from collections.abc import Mapping

PLACEHOLDERS = ("festival", "theme", "date", "year", "organization")
# A message holds 4,096 characters; the heading, the day and the signature need their room, too.
LONGEST = 3_500  # a leader reads it inside a question, both signed: see the test of the longest

_PIECE = re.compile(r"\{\{|\}\}|\{(\w+)\}|[{}]")


def list_template_mistakes(text: str) -> list[str]:
    """What is wrong with a template, in words; nothing where it can be filled."""
    allowed = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    found = [
        f"花括号里只能写 {allowed}，现在是“{text[piece.start() : piece.start() + 20]}”"
        for piece in _PIECE.finditer(text)
        if piece[0] not in ("{{", "}}") and piece[1] not in PLACEHOLDERS
    ]
    if len(text) > LONGEST:
        found.append(f"不要超过{LONGEST}个字（一条消息还要写标题和落款），现在有{len(text)}个")
    return found


def fill_template(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what is wrong in it stays as it is written."""

    def value(piece: re.Match[str]) -> str:
        if piece[0] in ("{{", "}}"):
            return piece[0][0]
        return values.get(piece[1] or "", piece[0])

    return _PIECE.sub(value, text)
