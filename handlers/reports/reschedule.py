"""Announced and postponed days of coming meetings."""

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.types import Event, Intent, Reading
from handlers.reports import texts
from handlers.reports.period import find_period
from handlers.reports.save import list_organizations_for
from models.records import changes
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action


def move_meeting(request: Request, reading: Reading, replied: ReplyContext) -> Answers:
    """Move a coming meeting and its reminders to a new day; ask for the day if none is given."""
    event = reading.records[0] if reading.records else Event()
    requirement = event.requirement or replied.requirement
    organization = _find_organization(request, event, requirement, replied)
    if requirement is None or organization is None:
        return [OutgoingMessage(texts.format_unreadable("主题党日推迟到28号"))]
    if organization not in request.scope(Action.REPORT):
        return [OutgoingMessage(texts.format_not_allowed(request.index.tree.get_name(organization)))]
    name, shown = request.index.tree.get_name(organization), request.context.rules.get_name(requirement)
    stated = _find_stated_period(event, replied)
    if event.held_on is None or "held_on" in event.ask:
        about = ReplyContext(((requirement, organization, stated or ""),), reschedules=True)
        return [OutgoingMessage(texts.format_ask_new_day(name, shown), about=about)]
    is_postponed = reading.intent is Intent.RESCHEDULE
    reason, format_text = ("改期", texts.format_moved) if is_postponed else ("通知", texts.format_announced)
    period, _ = find_period(request, requirement, organization, event.held_on, stated=stated)
    changes.move_occurrence(
        request.session,
        (requirement, organization, period),
        event.held_on,
        by=request.speaker.id,
        at=request.now,
        reason=reason,
    )
    about = ReplyContext(((requirement, organization, period),))
    return [OutgoingMessage(format_text(name, shown, event.held_on, request.today), about=about)]


def _find_organization(
    request: Request, event: Event, requirement: str | None, replied: ReplyContext
) -> int | None:
    if event.branch is not None and (found := request.index.find(event.branch)) is not None:
        return found
    spoken_of = {row[1] for row in replied.occurrences if requirement in (None, row[0])}
    if len(spoken_of) == 1:
        return spoken_of.pop()
    choices = list_organizations_for(
        request.context.rules, request.index, request.scope(Action.REPORT), requirement
    )
    return choices[0] if len(choices) == 1 else None


def _find_stated_period(event: Event, replied: ReplyContext) -> str | None:
    if event.period is not None:
        return event.period
    return next((row[2] for row in replied.occurrences if event.requirement in (None, row[0])), None)
