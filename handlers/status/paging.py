"""Pages of a status message: lines under sections and groups, never longer than a phone's screen. PURE."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

PAGE_LINES = 19
SPARE_LINES = 3  # with these, the first line, the counts and the signature it is 25
PAGE_LETTERS = 3000


class Entry(NamedTuple):
    """One line; its section (逾期) and its group (督导组 or school) are written above the first of them."""

    section: str
    group: str
    text: str


def page(entries: Sequence[Entry], number: int, *, lines: int = PAGE_LINES) -> tuple[list[str], bool]:
    """The lines of one page, from 0, with their headings, and whether there are more pages.

    A page past the end is the last one.
    """
    pages = list(_pages(entries, lines))
    if not pages:
        return [], False
    number = min(number, len(pages) - 1)
    return pages[number], number < len(pages) - 1


def _pages(entries: Iterable[Entry], lines: int) -> Iterable[list[str]]:
    shown: list[str] = []
    under: tuple[str, str] | None = None
    for entry in entries:
        needed = [*_headings(entry, under), *entry.text.split("\n")]
        full = len(shown) + len(needed) > lines or sum(map(len, shown)) + len(entry.text) > PAGE_LETTERS
        if shown and full:
            yield shown
            shown = []
            needed = [*_headings(entry, None), *entry.text.split("\n")]
        shown += needed
        under = (entry.section, entry.group)
    if shown:
        yield shown


def _headings(entry: Entry, under: tuple[str, str] | None) -> list[str]:
    """The headings that change with this line."""
    section = (
        [f"【{entry.section}】"] if entry.section and (under is None or under[0] != entry.section) else []
    )
    changed = under is None or under != (entry.section, entry.group)
    return [*section, *([f"<i>{entry.group}</i>"] if entry.group and changed else [])]
