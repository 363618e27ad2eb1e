"""Pages of status messages: lines under sections and groups, one phone screen each. PURE."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

PAGE_LINES = 19
SPARE_LINES = 3  # for remarks; with them, heading, counts and signature a page has 25 lines
PAGE_LETTERS = 3000


class Entry(NamedTuple):
    """One line; section (逾期) and group (督导组 or school) become headings above the first of them."""

    section: str
    group: str
    text: str


def get_page(entries: Sequence[Entry], number: int, *, lines: int = PAGE_LINES) -> tuple[list[str], bool]:
    """The lines of page `number`, from 0, with headings, and whether there are more pages.

    A number past the end gives the last page.
    """
    pages = list(_split_pages(entries, lines))
    if not pages:
        return [], False
    number = min(number, len(pages) - 1)
    return pages[number], number < len(pages) - 1


def _split_pages(entries: Iterable[Entry], lines: int) -> Iterable[list[str]]:
    shown: list[str] = []
    under: tuple[str, str] | None = None
    for entry in entries:
        needed = [*_list_headings(entry, under), *entry.text.split("\n")]
        full = len(shown) + len(needed) > lines or sum(map(len, shown)) + len(entry.text) > PAGE_LETTERS
        if shown and full:
            yield shown
            shown = []
            needed = [*_list_headings(entry, None), *entry.text.split("\n")]
        shown += needed
        under = (entry.section, entry.group)
    if shown:
        yield shown


def _list_headings(entry: Entry, under: tuple[str, str] | None) -> list[str]:
    """The headings that change with this line."""
    section = (
        [f"【{entry.section}】"] if entry.section and (under is None or under[0] != entry.section) else []
    )
    changed = under is None or under != (entry.section, entry.group)
    return [*section, *([f"<i>{entry.group}</i>"] if entry.group and changed else [])]
