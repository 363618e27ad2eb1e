"""Indexes the names a message may use: activities, and branches with short forms and sizes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from handlers.reading.text import activity_names
from handlers.reading.text.folding import fold


class Kind(StrEnum):
    """What a word of the index names."""

    ACTIVITY = "activity"
    WEAK = "weak"  # an activity, unless the message names one beyond doubt
    LESSON = "lesson"  # given or attended; the verb beside it decides
    BRANCH = "branch"


class NameMatch(NamedTuple):
    """One word of the index in a text: its span, and the names it stands for."""

    start: int
    end: int
    kind: Kind
    names: tuple[str, ...]
    sure: bool = True  # False: a short form, which counts only as a word of its own


_SUFFIX = re.compile(
    r"""
    (?:联合)?
    (?: 党?总支部?(?:委员会)?
      | 党支部(?:委员会)?
      | 支部(?:委员会)?
      | 党委
      | 党小组|小组|督导组
    )$
    """,
    re.VERBOSE,
)
_FILLING = str.maketrans("", "", "第党")
# 专业第三: its first character and its number make the short form 专三.
_ORDINAL = re.compile(r"^(.)[^一二三四五六七八九十]{0,6}?第?([一二三四五六七八九十]{1,2})$")
_ORDINAL_ONLY = re.compile(r"^第?[一二三四五六七八九十0-9]*$")
_DIGITS = str.maketrans("123456789", "一二三四五六七八九")


def get_stem(name: str) -> str:
    """The name without its kind: 专业三 of 专业三支部."""
    return _SUFFIX.sub("", name)


def create_key(name: str) -> str:
    """A key that is the same for all spellings of one organization: 第3党支部 and 三支部."""
    return fold(name).translate(_DIGITS).translate(_FILLING).removeprefix("中共")


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The index. Built once for each version of the register, not for each message.

    `words` maps a written word to its kind, the names it stands for, and whether it is unambiguous. It is
    searched by length: `heads` matches the characters a word may begin with, `lengths` gives for the first
    two characters the possible lengths, longest first. `keys` maps the key of a branch, or of an ending
    that only one branch has, to its name; `members` maps a branch to its number of members.
    """

    words: Mapping[str, tuple[Kind, tuple[str, ...], bool]]
    heads: re.Pattern[str]
    lengths: Mapping[str, tuple[int, ...]]
    branches: tuple[str, ...]
    members: Mapping[str, int]
    keys: Mapping[str, str]

    @classmethod
    def create(
        cls,
        requirements: Iterable[tuple[str, Iterable[str]]] = (),
        branches: Iterable[str] = (),
        aliases: Mapping[str, str] | None = None,
        members: Mapping[str, int] | None = None,
    ) -> "NameIndex":
        """An index of the built-in activities, the register's requirements and its branches.

        `requirements` are names with their aliases; one whose word is the name of a built-in activity
        replaces that activity under all its words. `aliases` map a short form to a branch, `members` a
        branch to its number of members.
        """
        registered, aliases = tuple(branches), dict(aliases or {})
        words = {**_list_branch_words(registered, aliases), **_list_activity_words(requirements)}
        heads = re.compile(f"[{re.escape(''.join({word[0] for word in words}))}]")
        return cls(
            words,
            heads,
            _list_lengths(words),
            registered,
            dict(members or {}),
            _create_keys(registered, aliases),
        )

    def find_names(self, text: str) -> list[NameMatch]:
        """The words of the index in folded text, left to right, the longest first, not overlapping."""
        matches: list[NameMatch] = []
        end = 0
        for head in self.heads.finditer(text):
            at = head.start()
            if at < end:
                continue
            for length in self.lengths.get(text[at : at + 2], ()):
                if entry := self.words.get(text[at : at + length]):
                    end = at + length
                    matches.append(NameMatch(at, end, *entry))
                    break
        return matches

    def find_branch(self, written: str) -> str:
        """The register's name of a branch as it was written, or the written text if it is unknown."""
        wanted = create_key(written)
        return self.keys.get(wanted) or self.keys.get(get_stem(wanted)) or written


def _list_activity_words(
    requirements: Iterable[tuple[str, Iterable[str]]],
) -> dict[str, tuple[Kind, tuple[str, ...], bool]]:
    strong, weak = activity_names.create_vocabulary()
    renamed: dict[str, str] = {}
    added: dict[str, tuple[str, ...]] = {}
    for name, other_words in requirements:
        for word in map(fold, (name, *other_words)):
            if any(word == activity.name for activity in activity_names.ACTIVITIES):
                renamed[word] = name
            added[word] = (name,)
    both = [(Kind.WEAK, weak), (Kind.ACTIVITY, strong)]
    words = {
        word: (kind, tuple(renamed.get(name, name) for name in names), True)
        for kind, table in both
        for word, names in table.items()
    }
    words[activity_names.LESSON] = (
        Kind.LESSON,
        (renamed.get("听思政课", "听思政课"), renamed.get("讲思政课", "讲思政课")),
        True,
    )
    words.update((word, (Kind.ACTIVITY, names, True)) for word, names in added.items() if len(word) > 1)
    return words


def _list_branch_words(
    branches: tuple[str, ...], aliases: Mapping[str, str]
) -> dict[str, tuple[Kind, tuple[str, ...], bool]]:
    short = {
        word: (Kind.BRANCH, (name,), False)
        for word, name in _list_unambiguous(_list_short_forms(branches)).items()
    }
    sure = {fold(word): (Kind.BRANCH, (name,), len(word) > 3) for word, name in aliases.items()}
    whole = {fold(name): (Kind.BRANCH, (name,), True) for name in branches}
    return {word: entry for word, entry in {**short, **sure, **whole}.items() if len(word) > 1}


def _list_short_forms(branches: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Pairs of a short form and its branch: (理科, 理科支部), (专三, 专业三支部)."""
    for name in branches:
        root = get_stem(fold(name))
        if root == name or _ORDINAL_ONLY.match(root):
            continue
        yield root, name
        if ordinal := _ORDINAL.match(root.translate(_DIGITS)):
            yield "".join(ordinal.groups()), name


def _create_keys(branches: tuple[str, ...], aliases: Mapping[str, str]) -> dict[str, str]:
    """Keys of names, stems and endings, each only where it leads to one branch.

    An exact name overrides an alias, an alias a stem, a stem an ending.
    """
    endings = (
        (create_key(name)[cut:], name) for name in branches for cut in range(1, len(create_key(name)) - 2)
    )
    keys = _list_unambiguous(endings)
    keys |= _list_unambiguous((get_stem(create_key(name)), name) for name in branches)
    keys |= {create_key(word): name for word, name in aliases.items()}
    keys |= {create_key(name): name for name in branches}
    keys.pop("", None)
    return keys


def _list_unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    names: dict[str, set[str]] = {}
    for word, name in pairs:
        names.setdefault(word, set()).add(name)
    return {word: next(iter(which)) for word, which in names.items() if len(which) == 1}


def _list_lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[:2], set()).add(len(word))
    return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in lengths.items()}


EMPTY = NameIndex.create()
"""The index without a register: built-in activities only."""
