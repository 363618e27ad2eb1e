"""Folds the ways of typing into one spelling, character by character, and blanks out what has been read."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from handlers.reading.text.normalize import plain

BLANK = "■"
"""Stands for a character that another reader has already used."""

Span = tuple[int, int]

_MARKS = str.maketrans(
    {"\r": " ", "\v": " ", "\f": " ", "\u2028": "\n", "\u2029": "\n"}
    | dict(zip("「」『』〈〉〔〕﹝﹞﹑﹐﹔﹕∶|│", "“”“”《》()()、,;::,,", strict=True))
    | dict.fromkeys("①②③④⑤⑥⑦⑧⑨⑩", ",")
    | dict(zip("曰參講聽學書動", "日参讲听学书动", strict=True))
)

QUOTED = re.compile(r"《[^《》\n]{1,60}》|“[^“”\n]{1,60}”|\"[^\"\n]{1,60}\"|‘[^‘’\n]{1,60}’")
CREDITS = re.compile(
    r"(?=[(|撰供摄拍图文审初复终编责校排来通投记填报联])[(|]?(?:撰稿|供稿|摄影|拍摄|图片|图文|图/文|文字|文/|审核|初审|复审|终审|编辑|责编|校对|排版|来源|通讯员|投稿|记录人|记录员|填报人|报送人|联系人)"
    r"(?:人|者|单位)?\s*[:/|]\s*[^\n。;, )?]{0,20}"
)


class _FoldingTable(dict[int, str]):
    """What each character becomes, kept once it was met: an unknown one costs a translation an exception."""

    def __missing__(self, code: int) -> str:
        if len(self) > _MAX_CACHED:
            self.clear()
        folded = self[code] = plain(chr(code)).translate(_MARKS)
        return folded


_MAX_CACHED = 20_000
_FOLDING = _FoldingTable()


def fold(text: str) -> str:
    """The text with half-width marks and simplified characters, each at its old position."""
    return text.translate(_FOLDING)


def compile_words(*words: str) -> re.Pattern[str]:
    """A pattern for any of the words, which are given separated by white space.

    Each is a regular expression that begins with a plain character or a set of them. A set is spelt out:
    where every alternative begins with one character, `re` skips the places where none of them can begin,
    and that is most of the time a search takes.
    """
    return re.compile(
        "|".join(spelt for word in " ".join(words).split() for spelt in _list_alternatives(word))
    )


def _list_alternatives(word: str) -> list[str]:
    """撤销 and 收销 for [撤收]销."""
    if word[0] != "[":
        return [word]
    heads, rest = word[1:].split("]", 1)
    return [re.escape(head) + rest for head in heads]


def blank(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans overwritten; spans may touch or overlap."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            parts += [text[at:start], BLANK * (end - start)]
            at = end
    return "".join([*parts, text[at:]]) if parts else text


class HasSpan(Protocol):
    """Anything that was found at a place in a text."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """Behind its last character."""


Item = TypeVar("Item", bound=HasSpan)


def places(found: Iterable[HasSpan]) -> list[Span]:
    """Where the things stand."""
    return [(thing.start, thing.end) for thing in found]


def list_between(found: Sequence[Item], start: int, end: int) -> Sequence[Item]:
    """Those of the things, which are in the order of their places, that begin from `start` up to `end`."""
    first = bisect_left(found, start, key=_get_start)
    return found[first : bisect_left(found, end, first, key=_get_start)]


def _get_start(thing: HasSpan) -> int:
    return thing.start


def find_spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Where the pattern occurs."""
    return [match.span() for match in pattern.finditer(text)]
