"""Callback data: the kinds of buttons and how their arguments are written and parsed."""

from handlers.core.messages import Button
from scheduler.messages import incident_texts
from scheduler.messages.bundle import APPROVE as APPROVE, URGE_OF as URGE_OF

ANSWER, FIX, UNDO, STATUS, WAITING = "answer", "fix", "undo", "status", "waiting"
CANCEL = "x"
# Callback data can be forged; a number must not overflow a BIGINT column.
MAX_DIGITS = 15
IMPORT, BIND, PHONE, HISTORY = "import", "bind", "phone", "history"
CALENDAR, PREVIEW = "calendar", "preview"
CLOSE, URGE = "close", "urge"
BROADCAST, STOP = "broadcast", "stop"
READ = "read"
ALTER, ALTER_OF, UNALTER = "alter", "alter-of", "unalter"
YES, NO = "yes", "no"
DECIDE = incident_texts.DECIDE


class NoButtonError(ValueError):
    """The callback data belongs to no button of this bot."""


def parse_number(text: str) -> int:
    """A non-negative number of at most 15 digits. Raises NoButtonError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise NoButtonError(text)
    return int(text)


def build_status_button(label: str, inquiry: int, view: str, argument: int = 0, page: int = 0) -> Button:
    """A button under a status answer; `handlers.status.query` handles its press."""
    return Button(label, f"{STATUS}:{inquiry}:{view}:{argument}:{page}")


def build_confirmation_rows(
    kind: str, confirmation_id: int, yes: str, no: str
) -> tuple[tuple[Button, ...], ...]:
    """The two ways a confirmation can go."""
    return ((Button(yes, f"{kind}:{confirmation_id}:{YES}"), Button(no, f"{kind}:{confirmation_id}:{NO}")),)
