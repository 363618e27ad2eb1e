"""What stands in one cell: cleaned text, separate values, kinds, roles, days and yes or no."""

import re
import unicodedata
from datetime import date

from models.rules.people.roles import KIND_NAMES, ROLE_NAMES, OrganizationKind, Role

_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()}
# Cyrillic and Greek letters that look like Latin ones (small, as case is folded first).
_ALIKE = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458"
    "\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7",
    "abekmhopctyxsijabeikvoptux",
)
_WIDE_LETTER = r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff（）“”《》·]"
_INNER_SPACE = re.compile(rf"(?<={_WIDE_LETTER})\s+|\s+(?={_WIDE_LETTER})")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0?0:00(?::00)?)?|(\d{4})(\d\d)(\d\d)")

KINDS = {name: kind for kind, name in KIND_NAMES.items()} | {
    "党总支": OrganizationKind.GENERAL_BRANCH,
    "党支部": OrganizationKind.BRANCH,
    "联合支部": OrganizationKind.BRANCH,
    "联合党支部": OrganizationKind.BRANCH,
    "离退休支部": OrganizationKind.BRANCH,
    "离退休党支部": OrganizationKind.BRANCH,
    "党小组": OrganizationKind.GROUP,
}
ROLES = {name: role for role, name in ROLE_NAMES.items()} | {
    "支部书记": Role.SECRETARY,
    "党支部书记": Role.SECRETARY,
    "督导员": Role.SUPERVISOR,
    "督导组长": Role.SUPERVISOR,
}
YES_NO = {"有": True, "无": False, "是": True, "否": False}


def clean_text(text: str) -> str:
    """The text without control characters, stray spaces, full-width letters and digits.

    Spaces beside Chinese letters go (`王　芳` is padding), brackets stay as they were written.
    """
    visible = "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or not unicodedata.category(letter).startswith("C")
    )
    # 王　芳 is padded for looks; a space between Latin words is meant.
    return _INNER_SPACE.sub("", " ".join(visible.translate(_NARROW).split()))


def get_identity(name: str) -> str:
    """The key by which names are compared: without width, case, spaces and look-alikes."""
    return "".join(unicodedata.normalize("NFKC", clean_text(name)).casefold().split()).translate(_ALIKE)


def split_values(text: str) -> tuple[str, ...]:
    """The values between 、 (or another separator people use), each once."""
    found = {get_identity(part): part for raw in re.split(r"[、，,；;\n]", text) if (part := clean_text(raw))}
    return tuple(found.values())


def parse_day(text: str) -> date | None:
    """A day as spreadsheets and people write it; None when it is none."""
    found = _DAY.fullmatch(clean_text(text))
    if found is None:
        return None
    year, month, number = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, number)
    except ValueError:
        return None
