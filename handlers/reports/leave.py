"""Requests for leave: stored for the coming meeting and passed on to the secretary."""

from datetime import timedelta

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.types import Event, Reading
from handlers.reports import texts
from models.records import leave_requests
from models.records.changes import list_changes
from models.register import members
from models.rules.people.roles import Role
from models.rules.requirements.due_query import DueQuery
from models.rules.types import Occurrence, get_subject

AHEAD = timedelta(days=62)


def ask_for_leave(request: Request, reading: Reading) -> Answers:
    """Store a request for leave from the next meeting of that kind; the reason is not stored."""
    event = reading.records[0] if reading.records else Event()
    row = _find_occurrence(request, event)
    if row is None:
        return [OutgoingMessage(texts.NO_MEETING_FOR_LEAVE)]
    leave_requests.record_leave(
        request.session, get_subject(row), member_id=request.speaker.id, at=request.now
    )
    day = event.held_on or row.due_on
    place, what = (
        request.index.tree.get_name(row.organization_id),
        request.context.rules.get_name(row.requirement),
    )
    answers = [OutgoingMessage(texts.format_leave_noted(place, what, day, request.today))]
    told = texts.format_leave_for_secretary(request.speaker.name, place, what, day, request.today)
    branch = request.index.tree.get_branch(row.organization_id)
    for joined in members.list_reachable(request.session, {row.organization_id, branch}):
        posts = joined.person.posts
        secretary = any(
            post.role is Role.SECRETARY and post.organization_id in (row.organization_id, branch)
            for post in posts
        )
        if secretary and joined.person.id != request.speaker.id:
            answers.append(OutgoingMessage(request.signed_for(joined.person, told), chat=joined.address))
    return answers


def _list_own_organizations(request: Request) -> frozenset[int]:
    """The organizations in which the speaker has a post, with their groups."""
    own = {post.organization_id for post in request.speaker.posts if post.organization_id is not None}
    return frozenset[int]().union(*(request.index.tree.list_with_groups(one) for one in own))


def _find_occurrence(request: Request, event: Event) -> Occurrence | None:
    """The occurrence that the request is about: by its day, else the next of that activity."""
    ids = _list_own_organizations(request)
    rules = request.context.rules
    query = DueQuery(
        request.index.facts_of(ids),
        (event.held_on or request.today).replace(day=1),
        request.today + AHEAD,
        request.index.ledger,
        rules.list_chosen([event.requirement]) if event.requirement else None,
    )
    rows = rules.list_due(query, list_changes(request.session, ids))
    day = event.held_on
    fitting = [
        row for row in rows if day is not None and (row.due_on == day or row.opens_on <= day <= row.due_on)
    ]
    coming = [row for row in rows if row.due_on >= request.today]
    return next(iter(fitting or coming), None)
