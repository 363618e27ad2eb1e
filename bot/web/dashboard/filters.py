"""The choice of period, requirement and group on the page, read from the query. PURE."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from handlers.reading.questions.read import Question
from handlers.status.texts import range_name
from models.rules.calendar.periods import PeriodError, PeriodKind, kind_of, parse_period, period_of
from models.rules.output.zh_text import period_name
from models.rules.requirements.rulebook import Rulebook

KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.SEMESTER, PeriodKind.YEAR)
HEADS = ("按月", "按季度", "按半年", "按学期", "按年")
BACK = (12, 4, 2, 2, 1)
YEARS_AWAY = 5
LONGEST = timedelta(days=731)
MOST_PAGES = 10_000
_DAYS = re.compile(r"(?a)(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


class Span(NamedTuple):
    """A period on the page: its key in the address, its name, its first and last day."""

    key: str
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice in the query; a missing or invalid parameter counts as not chosen."""

    span: Span
    requirement: str = ""
    group: str = ""
    page: int = 0

    @property
    def question(self) -> Question:
        """The choice as a question of the chat."""
        wanted = (self.requirement,) if self.requirement else ()
        return Question(self.span.first, self.span.last, wanted, stated_period=True)

    def query(self, **changes: object) -> str:
        """Return the query string of this choice with some values changed, question mark included."""
        values = {
            "period": self.span.key,
            "requirement": self.requirement,
            "group": self.group,
            "page": self.page or "",
        } | changes
        return "?" + urlencode({name: value for name, value in values.items() if value != ""})


def read_choice(given: Mapping[str, str], rules: Rulebook, today: date) -> Choice:
    """Parse the choice in these parameters."""
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 0
    requirement = given.get("requirement", "")
    return Choice(
        _span(given.get("period", ""), today),
        requirement if requirement in rules.by_key else "",
        given.get("group", "")[:60],
        min(number, MOST_PAGES),
    )


def asked_for(asked: Question, rules: Rulebook, today: date) -> Choice:
    """Convert a question of the chat to a choice: its period, and its one requirement if any."""
    wanted = asked.requirements[0] if len(asked.requirements) == 1 else ""
    given = {"requirement": wanted}
    if asked.first is not None and asked.last is not None:
        given["period"] = span_key(asked.first, asked.last)
    return read_choice(given, rules, today)


def span_key(first: date, last: date) -> str:
    """Return the key of the period with these days, else `first..last` in ISO form."""
    for kind in KINDS:
        found = period_of(kind, first)
        if found is not None and (found.first, found.last) == (first, last):
            return found.key
    return f"{first.isoformat()}..{last.isoformat()}"


def offered(today: date, chosen: Span) -> dict[str, list[Span]]:
    """Return the periods to choose from by heading, newest first; includes the chosen one."""
    found = {head: _back(kind, today, number) for head, kind, number in zip(HEADS, KINDS, BACK, strict=True)}
    if not any(chosen.key == span.key for spans in found.values() for span in spans):
        found["所选"] = [chosen]
    return found


def _back(kind: PeriodKind, today: date, number: int) -> list[Span]:
    """Return the current period of a kind and `number` periods before it, newest first."""
    spans: list[Span] = []
    day = today
    while len(spans) <= number:
        found = period_of(kind, day)
        if found is None:  # between two semesters
            day -= timedelta(days=7)
            continue
        spans.append(Span(found.key, period_name(found.key), found.first, found.last))
        day = found.first - timedelta(days=1)
    return spans


def _span(key: str, today: date) -> Span:
    if days := _DAYS.fullmatch(key):
        try:
            first, last = date.fromisoformat(days[1]), date.fromisoformat(days[2])
        except ValueError:
            first, last = today, today - timedelta(days=1)
        # Limits the work that an address typed by hand can cause.
        if first <= last <= first + LONGEST and abs(first.year - today.year) <= YEARS_AWAY:
            return Span(key, range_name(first, last, today), first, last)
    elif _near(key, today):
        found = parse_period(key)
        return Span(found.key, period_name(found.key), found.first, found.last)
    return _back(PeriodKind.MONTH, today, 0)[0]


def _near(key: str, today: date) -> bool:
    """Whether the key names a period of a kind on the page, within YEARS_AWAY years."""
    try:
        return kind_of(key) in KINDS and abs(parse_period(key).first.year - today.year) <= YEARS_AWAY
    except PeriodError:
        return False
