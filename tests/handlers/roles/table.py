"""What is allowed, by hand: each right by role and by the place of the role, on one tree of every kind."""

import re

BUREAU = "甲局"
SCHOOL = """名称,类型,上级,别名,督导组,启用日期
甲局,教育局,,,,2026-09-01
甲校党委,党委,甲局,,,2026-09-01
甲总支,总支,甲校党委,,,2026-09-01
甲一支部,支部,甲总支,,,2026-09-01
甲一小组,小组,甲一支部,,,2026-09-01
甲二支部,支部,甲总支,,第一督导组,2026-09-01
乙校党委,党委,甲局,,,2026-09-01
乙一支部,支部,乙校党委,,第一督导组,2026-09-01
乙一小组,小组,乙一支部,,,2026-09-01
"""
PLACES = tuple(line.split(",")[0] for line in SCHOOL.splitlines()[1:])
EVERYWHERE = " ".join(PLACES)
NOWHERE = ""
SUPERIORS = {
    "甲总支": "甲校党委",
    "甲一支部": "甲校党委 甲总支",
    "甲一小组": "甲校党委 甲总支 甲一支部",
    "甲二支部": "甲校党委 甲总支",
    "乙一支部": "乙校党委",
    "乙一小组": "乙校党委 乙一支部",
}
OF_OVERSIGHT = "甲二支部 乙一支部 乙一小组"
SUBTREE = {
    "甲局": EVERYWHERE,
    "甲校党委": "甲校党委 甲总支 甲一支部 甲一小组 甲二支部",
    "甲总支": "甲总支 甲一支部 甲一小组 甲二支部",
    "甲一支部": "甲一支部 甲一小组",
    "甲一小组": "甲一小组",
}
BELOW = {**SUBTREE, "乙校党委": "乙校党委 乙一支部 乙一小组", "乙一支部": "乙一支部 乙一小组"}
OWN = {
    "甲局": "甲局",
    "甲校党委": "甲校党委",
    "甲总支": "甲总支",
    "甲一支部": "甲一支部 甲一小组",
    "甲一小组": "甲一小组",
}
OF_A_MEMBER = {**OWN, "甲一小组": "甲一支部 甲一小组"}
NONE = dict.fromkeys(OWN, NOWHERE)
ALL = dict.fromkeys(OWN, EVERYWHERE)
SEES = {"党员": OF_A_MEMBER, "书记": SUBTREE, "干事": SUBTREE, "领导": SUBTREE, "管理员": ALL}
RECORDS = {"党员": NONE, "书记": OWN, "干事": OWN, "领导": NONE, "管理员": ALL}
HISTORY = {"党员": NONE, "书记": OWN, "干事": OWN, "领导": SUBTREE, "管理员": ALL}
BINDS = {"党员": NONE, "书记": OWN, "干事": NONE, "领导": NONE, "管理员": ALL}
INVITES = {"党员": NONE, "书记": OWN, "干事": NONE, "领导": NONE, "管理员": ALL}
PREVIEWS = {"党员": NONE, "书记": NONE, "干事": NONE, "领导": SUBTREE, "管理员": ALL}
LEADS = PREVIEWS
APPROVES = PREVIEWS
IMPORTS = {"管理员"}

ROLES = ("党员", "书记", "干事", "领导", "管理员")
SPEAKERS = [(role, place) for role in ROLES for place in OWN] + [("督导", "第一督导组")]
COMMANDS = {
    *("start", "leave", "help", "status", "calendar", "preview", "subscribe", "withdraw"),
    *("invite", "history", "bind", "unbind", "close", "page"),
    *("urge", "broadcast", "receipts"),
}
BUTTONS = {
    *("answer", "fix", "undo", "status", "waiting", "calendar", "preview"),
    *("import", "bind", "phone", "history", "close", "approve"),
    *("urge", "urge-of", "decide"),
    *("alter", "alter-of", "unalter", "broadcast", "stop", "read"),
}


def allowed(
    table: dict[str, dict[str, str]], role: str, place: str, *, supervisor: str = NOWHERE
) -> set[str]:
    """The places that a table allows."""
    return set((supervisor if role == "督导" else table[role][place]).split())


def above(places: set[str]) -> set[str]:
    """The places and their superiors, which are no secret: messages are headed with them."""
    return places | {BUREAU} | {superior for place in places for superior in SUPERIORS.get(place, "").split()}


def below(place: str) -> set[str]:
    """The place and all that is under it."""
    return set(BELOW.get(place, place).split())


def secret(place: str) -> str:
    """What only those may read who see the place."""
    return f"机密{place}"


def named(text: str) -> set[str]:
    """Which places a text names, be it by their secret."""
    unsigned = re.sub(r"^—— .*$", "", text, flags=re.MULTILINE)
    return {place for place in PLACES if place in unsigned}


def told(text: str) -> set[str]:
    """Whose secrets a text tells."""
    return {place for place in PLACES if secret(place) in text}
