"""Corrections and withdrawals by words or by button: of one's own records, and of others' of one's branch."""

from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.reading.types import Event, Reading
from handlers.reports import draft, texts
from handlers.reports.save import Context, NotAllowedError, named, settle
from models.records import completions, reports
from models.records.reports import Report
from models.rules.people.permissions import Action
from models.tables.records import Completion


async def correct(turn: Turn, reading: Reading, row: Report | None = None) -> Answers:
    """Change the fields that the message names, in the given report or in the one that it means."""
    if row is None and reading.records:
        row = await _report_meant(turn, reading.records[0])
    rows = await _own(turn, row)
    if row is None or not rows or not reading.records:
        return [Answer(texts.nothing_to_correct())]
    event = reading.records[0]
    index = _meant(rows, event)
    pieces = [draft.Piece(completions.entry_of(done)) for done in rows]
    piece = draft.merged(pieces[index], event)
    if event.requirement is not None:
        piece = piece._replace(entry=piece.entry._replace(requirement=event.requirement))
    if event.branch is not None and (found := turn.register.find(event.branch)) is not None:
        piece = piece._replace(branch=event.branch, entry=piece.entry._replace(organization_id=found))
        if found not in turn.scope(Action.REPORT):
            return [Answer(texts.not_yours(turn.register.tree.name(found)))]
    if event.held_on is not None or event.requirement is not None:
        piece = piece._replace(entry=piece.entry._replace(period=event.period))
    await reports.add_wording(turn.session, row.id, turn.said.text, turn.said.at)
    pieces[index] = piece
    try:
        return await settle(turn, row, pieces, Context())
    except NotAllowedError as refused:
        return [Answer(texts.not_yours(refused.organization))]


async def withdraw(turn: Turn, row: Report | None = None, *, edits: str | None = None) -> Answers:
    """Take back the given report, or the speaker's newest one (an open question first)."""
    if row is None:
        waiting = await reports.waiting(turn.session, turn.speaker.id)
        if waiting:
            await reports.settle(turn.session, waiting[-1], reports.WITHDRAWN)
            return [Answer(texts.dropped())]
        row = await reports.last_recorded(turn.session, turn.speaker.id)
    rows = await _own(turn, row)
    if row is None or not rows:
        return [Answer(texts.nothing_to_correct())] if edits is None else []
    entries = [completions.entry_of(done) for done in rows]
    await completions.withdraw(turn.session, row.id, by=turn.speaker.id, at=turn.now)
    await reports.settle(turn.session, row, reports.WITHDRAWN)
    return [Answer(texts.withdrawn(named(turn, entries), turn.today), edits=edits)]


async def fix_pressed(turn: Turn, report_id: int) -> Answers:
    """改一下: say how; the reply to this message is the correction."""
    row = await reports.by_id(turn.session, report_id)
    rows = await _own(turn, row)
    if not rows:
        return []
    entries = [completions.entry_of(done) for done in rows]
    text = texts.fix_hint(named(turn, entries), turn.today)
    return [Answer(text, about={"report": report_id, "fix": True})]


async def undo_pressed(turn: Turn, report_id: int) -> Answers:
    """撤回: the record is closed and the message says so."""
    row = await reports.by_id(turn.session, report_id)
    return await withdraw(turn, row, edits=turn.said.message_key) if row is not None else []


async def _report_meant(turn: Turn, event: Event) -> Report | None:
    """The speaker's last report; or the newest of the activity that is named, whoever reported it."""
    own = await reports.last_recorded(turn.session, turn.speaker.id)
    if event.requirement is None:
        return own
    places = turn.scope(Action.REPORT)
    if event.branch is not None and (found := turn.register.find(event.branch)) is not None:
        places &= {found}
    if any(
        done.requirement == event.requirement and done.organization_id in places
        for done in await _own(turn, own)
    ):
        return own
    return await reports.last_of(turn.session, event.requirement, places) or own


async def _own(turn: Turn, row: Report | None) -> list[Completion]:
    """The current completions of a report that the speaker may change; none otherwise."""
    if row is None:
        return []
    rows = await completions.of_report(turn.session, row.id)
    scope = turn.scope(Action.REPORT)
    return rows if all(done.organization_id in scope for done in rows) else []


def _meant(rows: list[Completion], event: Event) -> int:
    """Which entry of a report with several a correction means: the one it names, else the first."""
    return next((i for i, done in enumerate(rows) if done.requirement == event.requirement), 0)
