"""The choice of period, requirement and group on the page, read from the query. PURE."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from handlers.reading.questions.read import Question
from handlers.status.texts import format_range
from models.rules.calendar.periods import PeriodError, PeriodKind, find_period, parse_kind, parse_period
from models.rules.output.zh_text import format_period
from models.rules.requirements.rulebook import Rulebook

KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.SEMESTER, PeriodKind.YEAR)
PERIOD_HEADS = ("按月", "按季度", "按半年", "按学期", "按年")
PERIODS_BACK = (12, 4, 2, 2, 1)
YEARS_AWAY = 5
LONGEST = timedelta(days=731)
MOST_PAGES = 10_000
LONGEST_NAMES = 200
EARLIER = "~"  # after the key of a period: with what is overdue from before
_DAYS = re.compile(r"(?a)(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


class Span(NamedTuple):
    """A period to look at: its key in the address, its name, its first and last day.

    `earlier`: with what is overdue from before, as in the chat where nobody names a period.
    """

    key: str
    name: str
    first: date
    last: date
    earlier: bool = False

    @property
    def label(self) -> str:
        """What it is called among the periods to choose from."""
        return f"{self.name}和以前逾期的" if self.earlier else self.name

    def with_earlier(self) -> "Span":
        """The same with what is overdue from before."""
        return self._replace(key=f"{self.key}{EARLIER}", earlier=True)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address says; what it does not say, or says wrongly, is as if nobody had chosen.

    `requirement` and `group` may be several: keys joined by commas, names of organizations by 、.
    """

    span: Span
    requirement: str = ""
    group: str = ""
    page: int = 0
    as_of: date | None = None

    @property
    def question(self) -> Question:
        """The choice as a question of the chat: the answer is made of the same."""
        return Question(
            self.span.first,
            self.span.last,
            tuple(filter(None, self.requirement.split(","))),
            tuple(filter(None, self.group.split("、"))),
            stated_period=not self.span.earlier,
            as_of=self.as_of,
        )

    def query(self, **changes: object) -> str:
        """Return the query string of this choice with some values changed, question mark included."""
        values = {
            "period": self.span.key,
            "requirement": self.requirement,
            "group": self.group,
            "page": self.page or "",
            "as_of": self.as_of.isoformat() if self.as_of else "",
        } | changes
        return "?" + urlencode({name: value for name, value in values.items() if value != ""})


def parse_choice(given: Mapping[str, str], rules: Rulebook, today: date) -> Choice:
    """Parse the choice in these parameters."""
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 0
    wanted = [key for key in given.get("requirement", "").split(",") if key in rules.by_key]
    return Choice(
        _read_span(given.get("period", ""), today),
        ",".join(wanted),
        given.get("group", "")[:LONGEST_NAMES],
        min(number, MOST_PAGES),
        _read_day(given.get("as_of", ""), today),
    )


def choice_of(asked: Question, rules: Rulebook, today: date) -> Choice:
    """A question of the chat as a choice."""
    given = {"requirement": ",".join(asked.requirements), "group": "、".join(asked.organizations)}
    if asked.first is not None and asked.last is not None:
        given["period"] = format_span_key(asked.first, asked.last) + ("" if asked.stated_period else EARLIER)
    if asked.as_of is not None:
        given["as_of"] = asked.as_of.isoformat()
    return parse_choice(given, rules, today)


def _read_day(text: str, today: date) -> date | None:
    """A day before today, in ISO's form."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day < today else None


def format_span_key(first: date, last: date) -> str:
    """Return the key of the period with these days, else `first..last` in ISO form."""
    for kind in KINDS:
        found = find_period(kind, first)
        if found is not None and (found.first, found.last) == (first, last):
            return found.key
    return f"{first.isoformat()}..{last.isoformat()}"


def list_periods(today: date, chosen: Span) -> dict[str, list[Span]]:
    """The periods to choose from under their heads, the running one first; the chosen one is among them."""
    found = {"现在": [_running_month(today).with_earlier()]}
    found |= {
        head: _list_back(kind, today, number)
        for head, kind, number in zip(PERIOD_HEADS, KINDS, PERIODS_BACK, strict=True)
    }
    if not any(chosen.key == span.key for spans in found.values() for span in spans):
        found["所选"] = [chosen]
    return found


def _list_back(kind: PeriodKind, today: date, number: int) -> list[Span]:
    """The running period of a kind and so many before it."""
    spans: list[Span] = []
    day = today
    while len(spans) <= number:
        found = find_period(kind, day)
        if found is None:  # between two semesters
            day -= timedelta(days=7)
            continue
        spans.append(Span(found.key, format_period(found.key), found.first, found.last))
        day = found.first - timedelta(days=1)
    return spans


def _running_month(today: date) -> Span:
    return _list_back(PeriodKind.MONTH, today, 0)[0]


def _read_span(key: str, today: date) -> Span:
    """The period of a key; without one, the running month with what is overdue from before."""
    found = _find_span(key.removesuffix(EARLIER), today)
    if found is None:
        return _running_month(today).with_earlier()
    return found.with_earlier() if key.endswith(EARLIER) else found


def _find_span(key: str, today: date) -> Span | None:
    if days := _DAYS.fullmatch(key):
        try:
            first, last = date.fromisoformat(days[1]), date.fromisoformat(days[2])
        except ValueError:
            first, last = today, today - timedelta(days=1)
        # Limits the work that an address typed by hand can cause.
        if first <= last <= first + LONGEST and abs(first.year - today.year) <= YEARS_AWAY:
            return Span(key, format_range(first, last, today), first, last)
    elif _is_near(key, today):
        found = parse_period(key)
        return Span(found.key, format_period(found.key), found.first, found.last)
    return None


def _is_near(key: str, today: date) -> bool:
    """Whether the key names a period of a kind on the page, within YEARS_AWAY years."""
    try:
        return parse_kind(key) in KINDS and abs(parse_period(key).first.year - today.year) <= YEARS_AWAY
    except PeriodError:
        return False
