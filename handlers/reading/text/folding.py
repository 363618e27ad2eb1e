"""Folds spelling variants by character, blanks what has been read, compiles word lists."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from handlers.reading.text.normalize import normalize_text

BLANK = "■"
"""Stands for a character that another reader has already used; no pattern matches it as a word."""

Span = tuple[int, int]

_MARKS = str.maketrans(
    {"\r": " ", "\v": " ", "\f": " ", "\u2028": "\n", "\u2029": "\n"}
    | dict(zip("「」『』〈〉〔〕﹝﹞﹑﹐﹔﹕∶|│", "“”“”《》()()、,;::,,", strict=True))
    | dict.fromkeys("①②③④⑤⑥⑦⑧⑨⑩", ",")
    | dict(zip("曰參講聽學書動", "日参讲听学书动", strict=True))
)

QUOTED = re.compile(
    r"""
      《[^《》\n]{1,60}》
    | “[^“”\n]{1,60}”
    | "[^"\n]{1,60}"
    | ‘[^‘’\n]{1,60}’
    """,
    re.VERBOSE,
)
CREDITS = re.compile(
    r"""
    # One character of the heads below: lets a search skip places where no credit can begin.
    (?=[(|撰供摄拍图文审初复终编责校排来通投记填报联])
    [(|]?
    (?: 撰稿|供稿|摄影|拍摄
      | 图片|图文|图/文|文字|文/
      | 审核|初审|复审|终审|编辑|责编|校对|排版
      | 来源|通讯员|投稿
      | 记录人|记录员|填报人|报送人|联系人
    )
    (?:人|者|单位)?
    \s*[:/|]\s*
    [^\n。;, )?]{0,20}                # the name
    """,
    re.VERBOSE,
)


class _FoldingTable(dict[int, str]):
    """What each character becomes, cached: `str.translate` raises inside for every unknown one."""

    def __missing__(self, code: int) -> str:
        if len(self) > _MAX_CACHED:
            self.clear()
        folded = self[code] = normalize_text(chr(code)).translate(_MARKS)
        return folded


_MAX_CACHED = 20_000
_FOLDING = _FoldingTable()


def fold(text: str) -> str:
    """The text with half-width marks and simplified characters, each at its old offset."""
    return text.translate(_FOLDING)


def compile_words(*words: str) -> re.Pattern[str]:
    """A pattern that matches any of the words, which are separated by white space.

    Each word is a regular expression that begins with a plain character or a set of characters.
    """
    # Sets are expanded: only where every alternative begins with a plain character does `re` skip the
    # offsets at which none of them can begin, and skipping is most of the work of a search.
    return re.compile(
        "|".join(alternative for word in " ".join(words).split() for alternative in _list_alternatives(word))
    )


def _list_alternatives(word: str) -> list[str]:
    """The word with its leading set expanded: 撤销 and 收销 for [撤收]销."""
    if word[0] != "[":
        return [word]
    heads, rest = word[1:].split("]", 1)
    return [re.escape(head) + rest for head in heads]


def blank(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans overwritten by BLANK; spans may touch or overlap."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            parts += [text[at:start], BLANK * (end - start)]
            at = end
    return "".join([*parts, text[at:]]) if parts else text


class HasSpan(Protocol):
    """Anything with a span in a text."""

    @property
    def start(self) -> int:
        """Offset of its first character."""

    @property
    def end(self) -> int:
        """Offset behind its last character."""


Item = TypeVar("Item", bound=HasSpan)


def list_spans(items: Iterable[HasSpan]) -> list[Span]:
    """The spans of the items."""
    return [(item.start, item.end) for item in items]


def list_between(items: Sequence[Item], start: int, end: int) -> Sequence[Item]:
    """The items that begin in [start, end); they must be sorted by their start."""
    first = bisect_left(items, start, key=_get_start)
    return items[first : bisect_left(items, end, first, key=_get_start)]


def _get_start(item: HasSpan) -> int:
    return item.start


def find_spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    """The spans at which the pattern occurs."""
    return [match.span() for match in pattern.finditer(text)]
