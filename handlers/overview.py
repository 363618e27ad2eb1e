"""Asking for status: in one's own words, by command, or by the buttons under an answer."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers import status_words, words
from handlers.buttons import WAITING, status_button
from handlers.desk import Answers, Turn
from handlers.reading.question import Question, read_question
from handlers.status_words import Held, Item
from handlers.utterance import Answer, Button
from models import completions, leave_requests, members, reports
from models.rules.access import Action
from models.rules.occurrences import OrganizationFacts
from models.rules.status import State
from models.status import StatusLine, Subject, status, subject_of

LOOK_BACK = timedelta(days=183)


async def ask(turn: Turn, text: str) -> Answers:
    """The status of what the speaker may see, narrowed to what the words name."""
    asked = read_question(text, now=turn.said.at, names=turn.register.names)
    scope = turn.scope(Action.STATUS)
    if not scope:
        return [Answer(words.JOIN_HINT)]
    chosen = frozenset(
        found for name in asked.organizations if (found := turn.register.find(name)) is not None
    )
    if asked.organizations and not chosen & scope:
        return [Answer(words.not_visible(asked.organizations))]
    below = frozenset().union(*(turn.register.tree.below(one) for one in chosen)) if chosen else scope
    first, last = _range(asked, turn.today)
    organizations = turn.register.of(below & scope)
    if len(chosen) == 1 and asked.show == "records":
        return [await _branch(turn, next(iter(chosen)), first, last)]
    answer = await _list(turn, organizations, first, last, asked=asked)
    return [await _with_waiting(turn, answer)]


async def example(turn: Turn) -> str:
    """A report that this speaker could write next, for the most pressing thing that is due."""
    first, last = _range(None, turn.today)
    own = turn.register.of(turn.scope(Action.REPORT))
    lines = await status(turn.session, turn.desk.rules, own, first=first, last=last, today=turn.today)
    due = [line.occurrence for line in lines if line.state in (State.OVERDUE, State.DUE)]
    what = turn.desk.rules.name(due[0].requirement) if due else "主题党日"
    several = len(own) > 1 and due
    where = turn.register.tree.name(due[0].organization_id) if several else ""
    return f"{where}昨天{what}，应到25实到23"


async def pressed(turn: Turn, view: str, span: str, organization_id: int, page: int) -> Answers:
    """A button under a status: another page, or one organization's detail."""
    scope = turn.scope(Action.STATUS)
    first, last = _days(span)
    if view == "branch":
        if organization_id not in scope:
            return []
        answer = await _branch(turn, organization_id, first, last)
    else:
        below = turn.register.tree.below(organization_id) if organization_id else scope
        answer = await _list(turn, turn.register.of(below & scope), first, last, page=page)
    return [Answer(answer.text, answer.buttons, answer.about, edits=turn.said.message_key)]


async def _list(
    turn: Turn,
    organizations: Sequence[OrganizationFacts],
    first: date,
    last: date,
    *,
    asked: Question | None = None,
    page: int = 0,
) -> Answer:
    stated = asked is None or asked.stated_period
    lines = await status(
        turn.session,
        turn.desk.rules,
        organizations,
        first=first if stated else first - LOOK_BACK,
        last=last,
        today=turn.today,
        requirements=turn.desk.rules.chosen(asked.requirements) if asked and asked.requirements else None,
    )
    if not stated:
        lines = [line for line in lines if line.occurrence.due_on >= first or line.state is State.OVERDUE]
    if asked is not None and asked.show == "overdue":
        lines = [line for line in lines if line.state is State.OVERDUE]
    items = _items(turn, organizations, lines)
    where = organizations[0].name if len(organizations) == 1 else turn.sender()
    title = f"{status_words.range_name(first, last, turn.today)}情况 · {where}"
    text, more = status_words.overview(title, items, turn.today, page=page)
    rows = _branch_rows(organizations, items, _span(first, last))
    if more:
        rows = (*rows, (status_button("更多", "list", _span(first, last), page=page + 1),))
    if page:
        rows = (*rows, (status_button("上一页", "list", _span(first, last), page=page - 1),))
    return Answer(text, rows)


async def _with_waiting(turn: Turn, answer: Answer) -> Answer:
    """The answer with the speaker's open questions at its top, until they are settled."""
    count = len(await reports.waiting(turn.session, turn.speaker.id))
    if not count:
        return answer
    rows = ((Button("待确认", WAITING),), *answer.buttons)
    return Answer(f"{words.waiting(count)}\n\n{answer.text}", rows, answer.about)


async def _branch(turn: Turn, organization_id: int, first: date, last: date) -> Answer:
    ids = turn.register.tree.with_groups(organization_id) & turn.scope(Action.STATUS)
    organizations = turn.register.of(ids)
    lines = await status(
        turn.session, turn.desk.rules, organizations, first=first, last=last, today=turn.today
    )
    items = _items(turn, organizations, lines)
    rows = await completions.between(turn.session, ids, first, last)
    names = await members.names(turn.session, {row.reporter_id for row, _ in rows if row.reporter_id})
    held = [
        Held(
            turn.desk.rules.name(row.requirement),
            row.held_on,
            row.present,
            row.expected,
            row.topic,
            names.get(row.reporter_id or 0, "已离任"),
        )
        for row, _ in rows
    ]
    away = await leave_requests.names(turn.session, ids)
    name = turn.register.tree.name(organization_id)
    title = f"{name} · {status_words.range_name(first, last, turn.today)}"
    text = status_words.branch_detail(title, items, held, turn.today, away=_away(turn, away, items))
    return Answer(text, ((status_button("返回", "list", _span(first, last)),),))


def _items(turn: Turn, organizations: Sequence[OrganizationFacts], lines: Sequence[StatusLine]) -> list[Item]:
    order = {facts.id: place for place, facts in enumerate(organizations)}
    return [
        Item(
            turn.register.tree.name(line.occurrence.organization_id),
            turn.desk.rules.name(line.occurrence.requirement),
            line.occurrence,
            line.state,
            line.done,
        )
        for line in sorted(
            lines, key=lambda line: (order[line.occurrence.organization_id], line.occurrence.due_on)
        )
    ]


def _away(
    turn: Turn, away: dict[Subject, list[str]], items: Sequence[Item]
) -> list[tuple[str, int, list[str]]]:
    """Who asked for leave from what is still to come: what, how many, and names for who reports there."""
    reports_here = turn.scope(Action.REPORT)
    return [
        (item.requirement, len(names), names if item.occurrence.organization_id in reports_here else [])
        for item in items
        if item.state in status_words.COMING and (names := away.get(subject_of(item.occurrence), []))
    ]


def _branch_rows(
    organizations: Sequence[OrganizationFacts], items: Sequence[Item], span: str
) -> tuple[tuple[Button, ...], ...]:
    """A button for each organization that has something in the list, three a row, at most twelve."""
    involved = {item.occurrence.organization_id for item in items}
    buttons = [
        status_button(facts.name, "branch", span, facts.id) for facts in organizations if facts.id in involved
    ][:12]
    return tuple(tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3))


def _range(asked: Question | None, today: date) -> tuple[date, date]:
    if asked is not None and asked.first is not None and asked.last is not None:
        return asked.first, asked.last
    first = today.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _span(first: date, last: date) -> str:
    return f"{first:%Y%m%d}-{last:%Y%m%d}"


def _days(span: str) -> tuple[date, date]:
    first, _, last = span.partition("-")
    return date.fromisoformat(first), date.fromisoformat(last)
