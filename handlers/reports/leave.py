"""A request for leave: noted on the coming meeting and passed to the branch's secretary."""

from datetime import timedelta

from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.reading.types import Event, Reading
from handlers.reports import texts
from models.records import leave_requests
from models.register import members
from models.rules.people.roles import Role
from models.rules.types import Occurrence
from models.status.occurrences import changes, subject_of

AHEAD = timedelta(days=62)


async def ask_for_leave(turn: Turn, reading: Reading) -> Answers:
    """Note it for the meeting that is meant, the next one of that kind; reasons are not kept."""
    event = reading.records[0] if reading.records else Event()
    row = await _coming(turn, event)
    if row is None:
        return [Answer(texts.leave_of_what())]
    await leave_requests.note(turn.session, subject_of(row), member_id=turn.speaker.id, at=turn.now)
    day = event.held_on or row.due_on
    place, what = turn.register.tree.name(row.organization_id), turn.desk.rules.name(row.requirement)
    answers = [Answer(texts.leave_noted(place, what, day, turn.today))]
    told = texts.leave_passed_on(turn.speaker.name, place, what, day, turn.today)
    branch = turn.register.tree.branch_of(row.organization_id)
    for joined in await members.joined(turn.session, {row.organization_id, branch}):
        posts = joined.person.posts
        secretary = any(
            post.role is Role.SECRETARY and post.organization_id in (row.organization_id, branch)
            for post in posts
        )
        if secretary and joined.person.id != turn.speaker.id:
            answers.append(Answer(turn.signed_for(joined.person, told), chat=joined.address))
    return answers


async def _coming(turn: Turn, event: Event) -> Occurrence | None:
    """The next occurrence of that activity in one of the speaker's own organizations."""
    own = {post.organization_id for post in turn.speaker.posts if post.organization_id is not None}
    ids = frozenset().union(*(turn.register.tree.with_groups(one) for one in own)) if own else frozenset()
    rules = turn.desk.rules
    rows = rules.due(
        turn.register.of(ids),
        (event.held_on or turn.today).replace(day=1),
        turn.today + AHEAD,
        ledger=turn.register.ledger,
        changes=await changes(turn.session, ids),
        requirements=rules.chosen([event.requirement]) if event.requirement else None,
    )
    day = event.held_on
    fitting = [
        row for row in rows if day is not None and (row.due_on == day or row.opens_on <= day <= row.due_on)
    ]
    coming = [row for row in rows if row.due_on >= turn.today]
    return next(iter(fitting or coming), None)
