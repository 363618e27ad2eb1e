"""The view of a status question: its organizations, days, and occurrences with their states."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from handlers.core.context import Request
from handlers.reading.questions.read import OVERDUE, Question
from handlers.status import filters as asked_of, texts
from handlers.status.filters import Selection
from handlers.status.texts import Held, Item
from models.records import completions
from models.register import members
from models.rules.calendar.periods import PeriodKind
from models.rules.people.permissions import Action
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import State, measure_progress
from models.rules.types import OrganizationFacts
from models.status.blocks import LOOK_BACK, Block, count_states, status_blocks
from models.status.lines import StatusLine, list_lines
from models.tables.records import Completion

GOES_ON_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class View:
    """The values of one question's answer, in whatever form it is given.

    `today` is the day as of which the states hold; `known` is the moment up to which records count (None:
    all). `groups` names the 督导组 or school of each organization where there are several. `blocks` are all
    occurrences of the answer; `items` are the same one by one, computed on first use.
    """

    asked: Question
    meant: Selection
    first: date
    last: date
    today: date
    known: datetime | None
    where: str
    organizations: tuple[OrganizationFacts, ...]
    groups: dict[int, str]
    blocks: tuple[Block, ...]
    rules: Rulebook
    most_lines: int

    @cached_property
    def counts(self) -> Counter[State]:
        """The number of occurrences in each state."""
        return count_states(self.blocks)

    @property
    def is_large(self) -> bool:
        """Whether there are more occurrences than one answer or one file may hold."""
        return self.counts.total() > self.most_lines

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every occurrence, by organization in the register's order and then by day."""
        return tuple(self.list_items(self.blocks, self.organizations))

    def list_items(self, blocks: Iterable[Block], organizations: Sequence[OrganizationFacts]) -> list[Item]:
        """The occurrences of some of the blocks and organizations, in the same order."""
        order = {facts.id: place for place, facts in enumerate(organizations)}
        lines = list_lines(blocks, organizations)
        lines.sort(key=lambda line: (order[line.occurrence.organization_id], line.occurrence.due_on))
        return [self._item_of(line, organizations[order[line.occurrence.organization_id]]) for line in lines]

    def _item_of(self, line: StatusLine, facts: OrganizationFacts) -> Item:
        what = self.rules.get_name(line.occurrence.requirement)
        done = _format_progress(self.rules, line)
        return Item(facts.name, what, line.occurrence, line.state, line.done, done)

    @property
    def title(self) -> str:
        """Period, requirements and organizations in words."""
        return texts.format_title(self.asked, self.first, self.last, self.where, self.today)

    @property
    def earlier(self) -> int:
        """The number of occurrences from before the first day; 0 for 逾期 without a period."""
        named = self.asked.show != OVERDUE or self.asked.stated_period
        before = (block for block in self.blocks if block.occurrence.due_on < self.first)
        return count_states(before).total() if named else 0

    @property
    def next_year(self) -> str:
        """The same days a year later (2026年11月) if the view is empty and they are not over, or ""."""
        if self.blocks or not self.asked.stated_period or self.last.year >= self.today.year:
            return ""
        later = asked_of.move_year_later(self.asked)
        if later.first is None or later.last is None or later.last < self.today:
            return ""
        name = texts.format_range(later.first, later.last, self.today)
        return name if "年" in name else f"{later.first.year}年{name}"

    @property
    def ids(self) -> frozenset[int]:
        """The ids of the organizations."""
        return frozenset(facts.id for facts in self.organizations)

    @cached_property
    def owing(self) -> tuple[OrganizationFacts, ...]:
        """The organizations that have anything due, in the register's order."""
        ids = frozenset[int]().union(*(block.organizations for block in self.blocks))
        return tuple(facts for facts in self.organizations if facts.id in ids)

    @cached_property
    def subjects(self) -> tuple[set[str], set[str]]:
        """The requirements and the periods that have an occurrence in the view."""
        rows = [block.occurrence for block in self.blocks]
        return {row.requirement for row in rows}, {row.period for row in rows}


def build_view(request: Request, asked: Question, *, only: frozenset[int] | None = None) -> View:
    """The view of a question within the speaker's scope; `only` limits the organizations."""
    scope = request.scope(Action.STATUS)
    meant = asked_of.find_meant(asked.organizations, request.index.tree, request.index.oversights, scope)
    ids = meant.ids if only is None else meant.ids & only if asked.organizations else scope & only
    first, last = get_days(asked, request.today)
    organizations = tuple(request.index.facts_of(ids))
    today = min(request.today, asked.as_of) if asked.as_of else request.today
    known = get_end_of_day(request, asked.as_of) if asked.as_of and asked.as_of < request.today else None
    rules = request.context.rules
    query = DueQuery(
        organizations,
        first,
        last,
        request.index.ledger,
        rules.list_chosen(asked.requirements) if asked.requirements else None,
        known,
        whole_periods=True,
    )
    look_back = timedelta(0) if asked.stated_period else LOOK_BACK
    blocks = tuple(status_blocks(request.session, rules, query, today, look_back=look_back))
    groups = asked_of.list_groups(request.index.tree, request.index.oversights, ids)
    where = format_where(request, meant, organizations)
    most = request.context.most_lines
    return View(asked, meant, first, last, today, known, where, organizations, groups, blocks, rules, most)


def get_days(asked: Question, today: date) -> tuple[date, date]:
    """The first and last day of a question; this month where it names none."""
    if asked.first is not None and asked.last is not None:
        return asked.first, asked.last
    first = today.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def get_end_of_day(request: Request, day: date) -> datetime:
    """The last moment of a civil day."""
    return datetime.combine(day, time.max, tzinfo=request.message.at.tzinfo)


def narrow_question(asked: Question, **changes: object) -> Question:
    """The question with these fields changed; a changed `first` makes the period stated."""
    stated = asked.stated_period or "first" in changes
    return replace(asked, **{**changes, "stated_period": stated})  # type: ignore[arg-type]


def get_limits(request: Request, shown: View) -> dict[str, bool]:
    """Whether the view is limited to some `places` of the speaker's scope, or to some `matters`."""
    some = bool(shown.asked.organizations) and shown.ids < request.scope(Action.STATUS)
    return {"places": some, "matters": bool(shown.asked.requirements)}


def has_only_free(request: Request, asked: Question) -> bool:
    """Whether none of the named requirements has due days, so that only records can be shown."""
    rules = [request.context.rules.by_key.get(name) for name in asked.requirements]
    return bool(rules) and all(rule is None or rule.period is PeriodKind.FREE for rule in rules)


def list_records(request: Request, shown: View) -> list[tuple[Completion, Held]]:
    """The records of the view's days with their values to show, in the register's order."""
    rows = completions.list_between(
        request.session,
        shown.ids,
        shown.first,
        shown.last,
        requirements=shown.asked.requirements,
        known_at=shown.known,
    )
    return build_records(request, [row for row, _ in rows])


def build_records(request: Request, rows: Sequence[Completion]) -> list[tuple[Completion, Held]]:
    """Records with their values to show; the day of the report is a civil day."""
    names = members.list_names(request.session, {row.reporter_id for row in rows if row.reporter_id})
    return [
        (
            row,
            Held(
                request.context.rules.get_name(row.requirement),
                row.held_on,
                row.present,
                row.expected,
                row.topic,
                names.get(row.reporter_id or 0, "已离任"),
                row.known_at.astimezone(request.message.at.tzinfo).date(),
            ),
        )
        for row in rows
    ]


def format_where(request: Request, meant: Selection, organizations: Sequence[OrganizationFacts]) -> str:
    """The common name of the organizations of an answer."""
    if meant.names:
        return "、".join(meant.names[:3]) + (f"等{len(meant.names)}个" if len(meant.names) > 3 else "")
    if len(organizations) == 1:
        return organizations[0].name
    overseen = {post.oversight_id for post in request.speaker.posts if post.oversight_id}
    plain = {post.organization_id for post in request.speaker.posts} & {facts.id for facts in organizations}
    if len(overseen) == 1 and not plain:
        return request.index.oversights.get(next(iter(overseen)), request.voice.sender)
    return request.voice.sender


def _format_progress(rules: Rulebook, line: StatusLine) -> str:
    """2/4 where a part is done, "" otherwise."""
    if line.done is None or line.state in (State.DONE, State.DONE_LATE, State.WAIVED):
        return ""
    goal = rules.find_version(line.occurrence.requirement, line.occurrence.opens_on).goal
    done = measure_progress(goal, line.done)
    return f"{done.have:g}/{done.need:g}" if done.have else ""
