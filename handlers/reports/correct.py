"""Corrections and withdrawals, by text or button, of records within the speaker's scope."""

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.types import Event, Reading
from handlers.reports import draft, texts
from handlers.reports.save import NotAllowedError, add_organization_names, ask_or_store
from models.records import completions, reports
from models.records.reports import Report
from models.rules.deliveries import NOTHING_SAID, ReplyContext
from models.rules.people.permissions import Action
from models.tables.records import Completion


def correct_report(request: Request, reading: Reading, row: Report | None = None) -> Answers:
    """Change the fields that the message states, in the given report or the one it refers to."""
    event = reading.records[0] if reading.records else None
    if row is None and event is not None:
        row = _find_report(request, event)
    rows = _list_own_completions(request, row)
    if row is None or not rows or event is None:
        return [OutgoingMessage(texts.NOTHING_TO_CORRECT)]
    pieces = [draft.Piece(completions.to_entry(done)) for done in rows]
    index = _find_entry_index(rows, event)
    try:
        pieces[index] = _apply_correction(request, pieces[index], event)
        reports.add_revision(request.session, row.id, request.message.text, request.message.at)
        return ask_or_store(request, row, pieces, NOTHING_SAID)
    except NotAllowedError as refused:
        return [OutgoingMessage(texts.format_not_allowed(refused.organization))]


def _apply_correction(request: Request, piece: draft.Piece, event: Event) -> draft.Piece:
    """The corrected piece. Raises NotAllowedError for an organization out of scope."""
    piece = draft.merge_event(piece, event)
    entry = piece.entry
    if event.requirement is not None:
        entry = entry._replace(requirement=event.requirement)
    if event.branch is not None and (organization_id := request.index.find(event.branch)) is not None:
        if organization_id not in request.scope(Action.REPORT):
            raise NotAllowedError(request.index.tree.get_name(organization_id))
        piece = piece._replace(branch=event.branch)
        entry = entry._replace(organization_id=organization_id)
    if event.held_on is not None or event.requirement is not None:
        # The stored period belongs to the old day and activity; without a stated one it is worked out anew.
        entry = entry._replace(period=event.period)
    return piece._replace(entry=entry)


def withdraw_report(request: Request, row: Report | None = None, *, edits: str | None = None) -> Answers:
    """Withdraw the given report, or the speaker's newest one; an open question is dropped first."""
    if row is None:
        waiting = reports.list_open(request.session, request.speaker.id)
        if waiting:
            reports.close_question(request.session, waiting[-1], reports.WITHDRAWN)
            return [OutgoingMessage(texts.REPORT_DROPPED)]
        row = reports.find_last_recorded(request.session, request.speaker.id)
    rows = _list_own_completions(request, row)
    if row is None or not rows:
        return [OutgoingMessage(texts.NOTHING_TO_CORRECT)] if edits is None else []
    entries = [completions.to_entry(done) for done in rows]
    completions.withdraw_report(request.session, row.id, by=request.speaker.id, at=request.now)
    reports.close_question(request.session, row, reports.WITHDRAWN)
    return [
        OutgoingMessage(
            texts.format_withdrawn(add_organization_names(request, entries), request.today), edits=edits
        )
    ]


def explain_correction(request: Request, report_id: int) -> Answers:
    """改一下: explain how to correct; the reply to this message is read as the correction."""
    row = reports.find_report(request.session, report_id)
    rows = _list_own_completions(request, row)
    if not rows:
        return []
    entries = [completions.to_entry(done) for done in rows]
    text = texts.format_correction_hint(add_organization_names(request, entries), request.today)
    return [OutgoingMessage(text, about=ReplyContext(report_id=report_id, corrects=True))]


def withdraw_pressed(request: Request, report_id: int) -> Answers:
    """撤回: withdraw the report and edit the message under which the button was."""
    row = reports.find_report(request.session, report_id)
    return withdraw_report(request, row, edits=request.message.message_key) if row is not None else []


def _find_report(request: Request, event: Event) -> Report | None:
    """The speaker's last report; for a named activity the newest in scope, from any reporter."""
    own = reports.find_last_recorded(request.session, request.speaker.id)
    if event.requirement is None:
        return own
    places = request.scope(Action.REPORT)
    if event.branch is not None and (found := request.index.find(event.branch)) is not None:
        places &= {found}
    if any(
        done.requirement == event.requirement and done.organization_id in places
        for done in _list_own_completions(request, own)
    ):
        return own
    return reports.find_last_of_requirement(request.session, event.requirement, places) or own


def _list_own_completions(request: Request, row: Report | None) -> list[Completion]:
    """The current completions of a report; none where the speaker may not change all of them."""
    if row is None:
        return []
    rows = completions.list_of_report(request.session, row.id)
    scope = request.scope(Action.REPORT)
    return rows if all(done.organization_id in scope for done in rows) else []


def _find_entry_index(rows: list[Completion], event: Event) -> int:
    """The index of the entry to correct: that of the named activity, else the first."""
    return next((i for i, done in enumerate(rows) if done.requirement == event.requirement), 0)
