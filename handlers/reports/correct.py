"""Corrections and withdrawals, by text or button, of records within the speaker's scope."""

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.types import Event, Reading
from handlers.reports import draft, texts
from handlers.reports.save import NotAllowedError, named, settle
from models.records import completions, reports
from models.records.reports import Report
from models.rules.deliveries import NOTHING_SAID, ReplyContext
from models.rules.people.permissions import Action
from models.tables.records import Completion


def correct(request: Request, reading: Reading, row: Report | None = None) -> Answers:
    """Change the fields that the message states, in the given report or the one it refers to."""
    event = reading.records[0] if reading.records else None
    if row is None and event is not None:
        row = _report_meant(request, event)
    rows = _own(request, row)
    if row is None or not rows or event is None:
        return [OutgoingMessage(texts.NOTHING_TO_CORRECT)]
    pieces = [draft.Piece(completions.entry_of(done)) for done in rows]
    index = _meant(rows, event)
    try:
        pieces[index] = _apply_correction(request, pieces[index], event)
        reports.add_wording(request.session, row.id, request.message.text, request.message.at)
        return settle(request, row, pieces, NOTHING_SAID)
    except NotAllowedError as refused:
        return [OutgoingMessage(texts.not_yours(refused.organization))]


def _apply_correction(request: Request, piece: draft.Piece, event: Event) -> draft.Piece:
    """The corrected piece. Raises NotAllowedError for an organization out of scope."""
    piece = draft.merged(piece, event)
    entry = piece.entry
    if event.requirement is not None:
        entry = entry._replace(requirement=event.requirement)
    if event.branch is not None and (organization_id := request.index.find(event.branch)) is not None:
        if organization_id not in request.scope(Action.REPORT):
            raise NotAllowedError(request.index.tree.name(organization_id))
        piece = piece._replace(branch=event.branch)
        entry = entry._replace(organization_id=organization_id)
    if event.held_on is not None or event.requirement is not None:
        # The stored period belongs to the old day and activity; without a stated one it is worked out anew.
        entry = entry._replace(period=event.period)
    return piece._replace(entry=entry)


def withdraw(request: Request, row: Report | None = None, *, edits: str | None = None) -> Answers:
    """Withdraw the given report, or the speaker's newest one; an open question is dropped first."""
    if row is None:
        waiting = reports.waiting(request.session, request.speaker.id)
        if waiting:
            reports.settle(request.session, waiting[-1], reports.WITHDRAWN)
            return [OutgoingMessage(texts.REPORT_DROPPED)]
        row = reports.last_recorded(request.session, request.speaker.id)
    rows = _own(request, row)
    if row is None or not rows:
        return [OutgoingMessage(texts.NOTHING_TO_CORRECT)] if edits is None else []
    entries = [completions.entry_of(done) for done in rows]
    completions.withdraw(request.session, row.id, by=request.speaker.id, at=request.now)
    reports.settle(request.session, row, reports.WITHDRAWN)
    return [OutgoingMessage(texts.withdrawn(named(request, entries), request.today), edits=edits)]


def fix_pressed(request: Request, report_id: int) -> Answers:
    """改一下: explain how to correct; the reply to this message is read as the correction."""
    row = reports.by_id(request.session, report_id)
    rows = _own(request, row)
    if not rows:
        return []
    entries = [completions.entry_of(done) for done in rows]
    text = texts.fix_hint(named(request, entries), request.today)
    return [OutgoingMessage(text, about=ReplyContext(report_id=report_id, corrects=True))]


def undo_pressed(request: Request, report_id: int) -> Answers:
    """撤回: withdraw the report and edit the message under which the button was."""
    row = reports.by_id(request.session, report_id)
    return withdraw(request, row, edits=request.message.message_key) if row is not None else []


def _report_meant(request: Request, event: Event) -> Report | None:
    """The speaker's last report; for a named activity the newest in scope, from any reporter."""
    own = reports.last_recorded(request.session, request.speaker.id)
    if event.requirement is None:
        return own
    places = request.scope(Action.REPORT)
    if event.branch is not None and (found := request.index.find(event.branch)) is not None:
        places &= {found}
    if any(
        done.requirement == event.requirement and done.organization_id in places
        for done in _own(request, own)
    ):
        return own
    return reports.last_of(request.session, event.requirement, places) or own


def _own(request: Request, row: Report | None) -> list[Completion]:
    """The current completions of a report; none where the speaker may not change all of them."""
    if row is None:
        return []
    rows = completions.of_report(request.session, row.id)
    scope = request.scope(Action.REPORT)
    return rows if all(done.organization_id in scope for done in rows) else []


def _meant(rows: list[Completion], event: Event) -> int:
    """The index of the entry to correct: that of the named activity, else the first."""
    return next((i for i, done in enumerate(rows) if done.requirement == event.requirement), 0)
