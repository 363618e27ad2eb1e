"""A message that reports what was held, and the same message edited later."""

from collections.abc import Sequence

from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.reading.types import Reading
from handlers.reports import draft, texts
from handlers.reports.draft import Piece
from handlers.reports.save import Context, NotAllowedError, placed, settle
from models.records import completions, reports
from models.records.reports import Report
from models.rules.people.permissions import Action


async def report(turn: Turn, reading: Reading, context: Context) -> Answers:
    """Take one message as a report: store it, or ask for what is missing."""
    if not turn.scope(Action.REPORT):
        return [Answer(texts.members_only())]
    pieces = [draft.piece_of(event, turn.said.text) for event in reading.records]
    try:
        pieces = [placed(turn, piece, context) for piece in pieces]
    except NotAllowedError as refused:
        return [Answer(texts.not_yours(refused.organization))]
    said = turn.said
    row = await reports.add(
        turn.session,
        chat_id=turn.place.id,
        message_key=said.message_key,
        member_id=turn.speaker.id,
        text=said.text,
        said_at=said.at,
    )
    if row is not None:
        return await settle(turn, row, pieces, context, new=True)
    row = await reports.of_message(turn.session, turn.place.id, said.message_key)
    return await settle(turn, row, pieces, context) if row is not None else []  # an update that came twice


async def edited(turn: Turn, reading: Reading, context: Context) -> Answers | None:
    """An edited message: its record follows. None where the message was no report before."""
    row = await reports.of_message(turn.session, turn.place.id, turn.said.message_key)
    if row is None or row.member_id != turn.speaker.id:
        return None
    if row.status == reports.WITHDRAWN:
        return None
    await reports.add_wording(turn.session, row.id, turn.said.text, turn.said.at)
    if not reading.records:
        return [Answer(texts.edit_not_read(), about={"report": row.id})]
    pieces = await _kept(turn, row, [draft.piece_of(event, turn.said.text) for event in reading.records])
    try:
        return await settle(turn, row, pieces, context)
    except NotAllowedError as refused:
        return [Answer(texts.not_yours(refused.organization))]


async def _kept(turn: Turn, row: Report, pieces: Sequence[Piece]) -> list[Piece]:
    """What an edit does not say again (the activity, the branch, the day) stays as it was recorded."""
    before = [completions.entry_of(done) for done in await completions.of_report(turn.session, row.id)]
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
