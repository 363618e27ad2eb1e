"""Telegram's HTML: parses it to text with entities, and renders it safely for a page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from bot.demo.telegram.errors import ApiError, build_bad_request

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
PAGE_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "mark",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}

# Telegram knows four named references; any other stays as it is.
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_WEB_ADDRESS = re.compile(
    r"(?:https?://|tg://|mailto:)\S+|[^\s/?#:]+\.[^\s/?#:]+(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_SAFE_SCHEMES = ("http://", "https://", "mailto:", "tg://")

Entity = dict[str, Any]


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _OpenTag:
    tag: str
    attributes: dict[str, str]
    units: int
    chars: int


class _Reader:
    """Parses the source in one pass; offsets in errors are bytes, as Telegram reports them."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.parts: list[str] = []
        self.units = 0
        self.chars = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.position < len(self.source):
            at = self.source.find("<", self.position)
            self._plain(self.source[self.position : at if at >= 0 else None])
            if at < 0:
                break
            self.position = at
            if self.source.startswith("</", at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise _build_error(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.parts), self.entities

    def _plain(self, piece: str) -> None:
        text = _REFERENCE.sub(_parse_reference, piece) if "&" in piece else piece
        self.parts.append(text)
        self.units += utf16_length(text)
        self.chars += len(text)

    def _where(self) -> str:
        return f"at byte offset {len(self.source[: self.position].encode())}"

    def _start_tag(self) -> None:
        name = re.compile(r"[^\s>]*").match(self.source, self.position + 1)
        tag = name.group().lower() if name else ""
        after = self.position + 1 + len(tag)
        if after >= len(self.source):
            raise _build_error(f"Unclosed start tag {self._where()}")
        if tag not in KINDS:
            raise _build_error(f'Unsupported start tag "{tag}" {self._where()}')
        attributes, end = self._attributes(tag, after)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _build_error(f'Tag "span" must have class "tg-spoiler" {self._where()}')
        self.open.append(_OpenTag(tag, attributes, self.units, self.chars))
        self.position = end

    def _attributes(self, tag: str, at: int) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while True:
            at = self._after_space(at)
            if at >= len(self.source):
                raise _build_error(f"Unclosed start tag {self._where()}")
            if self.source[at] == ">":
                return found, at + 1
            match = _ATTRIBUTE.match(self.source, at)
            if match is None:
                raise _build_error(f'Empty attribute name in the tag "{tag}" {self._where()}')
            name, given, *values = match.groups()
            # Only <blockquote expandable> may leave out the value.
            if given is None and not (tag == "blockquote" and name.lower() == "expandable"):
                raise _build_error(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" {self._where()}'
                )
            value = next((v for v in values if v is not None), "")
            found[name.lower()] = _REFERENCE.sub(_parse_reference, value)
            at = match.end()

    def _after_space(self, at: int) -> int:
        """Return the position of the next character that is no white space."""
        while at < len(self.source) and self.source[at].isspace():
            at += 1
        return at

    def _end_tag(self) -> None:
        if not self.open:
            raise _build_error(f"Unexpected end tag {self._where()}")
        close = self.source.find(">", self.position)
        if close < 0:
            raise _build_error(f"Unclosed end tag {self._where()}")
        name = self.source[self.position + 2 : close].strip().lower()
        opened = self.open.pop()
        if name and name != opened.tag:
            raise _build_error(
                f'Unmatched end tag {self._where()}, expected "</{opened.tag}>", found "</{name}>"'
            )
        self.position = close + 1
        if self.units > opened.units:
            self._add(opened)

    def _add(self, opened: _OpenTag) -> None:
        """Add the entity of a closed tag, unless it has no valid address."""
        kind = KINDS[opened.tag]
        # `<pre><code class="language-python">` is one entity: the language goes to the `pre` around it.
        if kind == "code" and self.open and self.open[-1].tag == "pre":
            self._language(opened)
            return
        entity: Entity = {"offset": opened.units, "length": self.units - opened.units, "type": kind}
        find_fields = _FIELDS_BY_KIND.get(kind)
        if find_fields is not None:
            fields = find_fields(opened.attributes, "".join(self.parts)[opened.chars :])
            if fields is None:
                return
            entity |= fields
        self.entities.append(entity)

    def _language(self, code: _OpenTag) -> None:
        name = code.attributes.get("class", "")
        if name.startswith("language-"):
            self.open[-1].attributes["language"] = name.removeprefix("language-")


def _link_fields(attributes: dict[str, str], text: str) -> Entity | None:
    """`<a href="qingli.example">` → url; None where neither href nor text is a web address."""
    address = attributes.get("href") or text
    if not _WEB_ADDRESS.fullmatch(address):
        return None
    return {"url": address if address.lower().startswith(_SAFE_SCHEMES) else f"http://{address}"}


def _emoji_fields(attributes: dict[str, str], _text: str) -> Entity:
    """`<tg-emoji emoji-id="5368">` → custom_emoji_id."""
    return {"custom_emoji_id": attributes.get("emoji-id", "")}


def _quote_fields(attributes: dict[str, str], _text: str) -> Entity:
    """`<blockquote expandable>` → another type."""
    return {"type": "expandable_blockquote"} if "expandable" in attributes else {}


def _pre_fields(attributes: dict[str, str], _text: str) -> Entity:
    """`<pre>` with a language from its `<code>` → language."""
    return {"language": attributes["language"]} if "language" in attributes else {}


# What an entity has beside offset, length and type, from its attributes and its text; None drops it.
_FIELDS_BY_KIND: dict[str, Callable[[dict[str, str], str], Entity | None]] = {
    "text_link": _link_fields,
    "custom_emoji": _emoji_fields,
    "blockquote": _quote_fields,
    "pre": _pre_fields,
}


def _parse_reference(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    # Surrogates (D800 to DFFF) are no characters.
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else match.group()


def _build_error(reason: str) -> ApiError:
    return build_bad_request(f"can't parse entities: {reason}")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Parse Telegram's HTML style to plain text and its entities in UTF-16 units.

    Raises ApiError (400, "can't parse entities: …") for tags that are unknown, open or crossed.
    """
    if "<" not in source and "&" not in source:
        return source, []
    text, entities = _Reader(source).read()
    return text, sort_entities(entities)


def sort_entities(entities: list[Entity]) -> list[Entity]:
    """Sort as Telegram does; drop entities inside code and styles inside themselves."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        around = [e for e in kept if entity["offset"] + entity["length"] <= e["offset"] + e["length"]]
        if not any(e["type"] in ("code", "pre") or e["type"] == entity["type"] for e in around):
            kept.append(entity)
    return kept


_CONTROLS = {code: " " for code in range(32) if chr(code) not in "\r\n"} | {ord("\r"): ""}


def clean_text(text: str) -> str:
    """Remove carriage returns and replace other control characters by spaces, as Telegram does."""
    return text.translate(_CONTROLS) if not text.isprintable() else text


def trim_text(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Strip white space at both ends, as Telegram does, and move the entities accordingly."""
    shorter = text.lstrip()
    cut = utf16_length(text[: len(text) - len(shorter)])
    shorter = shorter.rstrip()
    if not entities:
        return shorter, entities
    total = utf16_length(shorter)
    moved: list[Entity] = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, total)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return shorter, moved


def format_html(text: str, entities: list[Entity]) -> str:
    """Render a message as safe HTML; line breaks stay, crossed styles are closed and reopened."""
    units = text.encode("utf-16-le", "surrogatepass")
    ordered = sort_entities(entities)
    edges = {0, len(units) // 2}
    # Between two edges the set of open styles does not change.
    edges.update(edge for e in ordered for edge in (e["offset"], e["offset"] + e["length"]))
    out: list[str] = []
    open_now: list[Entity] = []
    borders = sorted(edges)
    for start, end in zip(borders, borders[1:] or borders, strict=False):
        wanted = [e for e in ordered if e["offset"] <= start and e["offset"] + e["length"] > start]
        _change_tags(out, open_now, wanted)
        out.append(escape(units[start * 2 : end * 2].decode("utf-16-le", "replace")))
    _change_tags(out, open_now, [])
    return "".join(out)


def _change_tags(out: list[str], open_now: list[Entity], wanted: list[Entity]) -> None:
    """Close the tags that end, innermost first, and open those that begin."""
    # Tags nest, so all that follows the first difference is closed and opened again.
    same = 0
    while same < min(len(open_now), len(wanted)) and open_now[same] is wanted[same]:
        same += 1
    out.extend(_format_tags(entity)[1] for entity in reversed(open_now[same:]))
    out.extend(_format_tags(entity)[0] for entity in wanted[same:])
    open_now[same:] = wanted[same:]


def _format_tags(entity: Entity) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link" and str(entity.get("url")).lower().startswith(_SAFE_SCHEMES):
        return f'<a href="{escape(entity["url"])}" target="_blank" rel="noopener">', "</a>"
    if kind in PAGE_TAGS:
        return f"<{PAGE_TAGS[kind]}>", f"</{PAGE_TAGS[kind]}>"
    return f'<span class="{kind}">', "</span>"
