"""New reports, and messages that were edited after they were reported."""

from collections.abc import Sequence

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.types import Reading
from handlers.reports import draft, texts
from handlers.reports.draft import Piece
from handlers.reports.save import NotAllowedError, placed, settle
from models.records import completions, reports
from models.records.reports import Report
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action


def report(request: Request, reading: Reading, replied: ReplyContext) -> Answers:
    """Store one message as a report, or ask for what is missing."""
    if not request.scope(Action.REPORT):
        return [OutgoingMessage(texts.REPORTERS_ONLY)]
    pieces = [draft.piece_of(event, request.message.text) for event in reading.records]
    try:
        pieces = [placed(request, piece, replied) for piece in pieces]
    except NotAllowedError as refused:
        return [OutgoingMessage(texts.not_yours(refused.organization))]
    message = request.message
    row = reports.add(
        request.session,
        chat_id=request.place.id,
        message_key=message.message_key,
        member_id=request.speaker.id,
        text=message.text,
        said_at=message.at,
    )
    if row is not None:
        return settle(request, row, pieces, replied, new=True)
    row = reports.of_message(request.session, request.place.id, message.message_key)
    return (
        settle(request, row, pieces, replied) if row is not None else []
    )  # the same update, delivered twice


def edited(request: Request, reading: Reading, replied: ReplyContext) -> Answers | None:
    """Change the record of an edited message; None where the message was no report."""
    row = reports.of_message(request.session, request.place.id, request.message.message_key)
    if row is None or row.member_id != request.speaker.id:
        return None
    if row.status == reports.WITHDRAWN:
        return None
    reports.add_wording(request.session, row.id, request.message.text, request.message.at)
    if not reading.records:
        return [OutgoingMessage(texts.EDIT_NOT_UNDERSTOOD, about=ReplyContext(report_id=row.id))]
    pieces = _kept(request, row, [draft.piece_of(event, request.message.text) for event in reading.records])
    try:
        return settle(request, row, pieces, replied)
    except NotAllowedError as refused:
        return [OutgoingMessage(texts.not_yours(refused.organization))]


def _kept(request: Request, row: Report, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with activity, branch and day from the record where the edit omits them."""
    before = [completions.entry_of(done) for done in completions.of_report(request.session, row.id)]
    if len(before) != len(pieces):
        return list(pieces)
    kept = []
    for piece, old in zip(pieces, before, strict=True):
        entry = piece.entry._replace(
            requirement=piece.entry.requirement or old.requirement,
            organization_id=piece.entry.organization_id or (None if piece.branch else old.organization_id),
        )
        if entry.held_on is None or "held_on" in piece.assumed:
            entry = entry._replace(held_on=old.held_on)
        ask = tuple(name for name in piece.ask if getattr(entry, name, None) is None)
        kept.append(piece._replace(entry=entry, ask=ask))
    return kept
