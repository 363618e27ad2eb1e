"""The period, and the part of a goal, that a report counts for."""

from collections.abc import Collection, Sequence
from datetime import date

from handlers.core.context import Request
from handlers.reports.draft import Option, Piece
from models.records.changes import list_changes
from models.rules.requirements.entries import Entry
from models.rules.requirements.period_assignment import find_counted_period, find_part, needs_open_periods
from models.rules.requirements.status import PeriodHints
from models.rules.requirements.types import GoalKind, Requirement
from models.status.lines import list_open_periods
from models.tables.records import Completion


def assign_period(
    request: Request, before: Sequence[Completion], piece: Piece, replied_to: str | None, *, alone: bool
) -> Piece:
    """The piece with the period and the part that it counts for.

    `before` are the completions that the report has already; `alone` is true where the message reports
    nothing else.
    """
    entry = piece.entry
    if entry.requirement is None or entry.held_on is None or entry.organization_id is None:
        raise ValueError("a piece without requirement, organization or day has no period")
    # A report that is corrected keeps its own period open, or it would move to the next one.
    own = {
        row.period
        for row in before
        if (row.requirement, row.organization_id) == (entry.requirement, entry.organization_id)
    }
    key, inferred = find_period(
        request, entry.requirement, entry.organization_id, entry.held_on,
        stated=entry.period, replied_to=replied_to, still_open=own,
    )  # fmt: skip
    assumed = (*piece.assumed, "period") if inferred else piece.assumed
    rule = request.context.rules.by_key.get(entry.requirement)
    # In a message about several activities, its text could name the part of another one.
    part = _find_part(rule, entry, request.message.text if alone else "")
    return piece._replace(entry=entry._replace(period=key, part=part), assumed=assumed)


def _find_part(rule: Requirement | None, entry: Entry, text: str) -> str | None:
    """The part of the goal that the entry, its topic or the text names."""
    if entry.part or rule is None:
        return entry.part or None
    return find_part(rule.goal, (entry.topic or "", text)) or None


def find_period(
    request: Request,
    requirement: str,
    organization_id: int,
    day: date,
    *,
    stated: str | None,
    replied_to: str | None = None,
    still_open: Collection[str] = (),
) -> tuple[str, bool]:
    """The key of the period that an activity of this day counts for; true if it was inferred.

    `still_open` are periods that count as open although they have a record.
    """
    rule = request.context.rules.by_key.get(requirement)
    facts = request.index.facts[organization_id]
    waiting = None
    if rule is not None and needs_open_periods(rule, day):
        known = request.index.ledger
        waiting = {
            *still_open,
            *list_open_periods(request.session, request.context.rules, known, facts, requirement, day),
        }
    hints = PeriodHints(
        stated=stated,
        replied_to=replied_to,
        changes=list_changes(request.session, {organization_id}),
        open_periods=waiting,
        semesters=facts.semesters,
    )
    return find_counted_period(rule, day, organization_id, hints)


def list_part_options(rule: Requirement | None, piece: Piece) -> Sequence[Option]:
    """The parts to choose from where a goal has several and the report names none."""
    if rule is None or rule.goal.kind is not GoalKind.PARTS or piece.entry.part is not None:
        return ()
    return tuple(Option(part, {"part": part}) for part in rule.goal.parts)
