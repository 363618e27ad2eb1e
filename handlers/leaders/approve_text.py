"""Approval of reminder texts by leaders: 同意, 修改 and 不发."""

import re
from collections.abc import Sequence
from datetime import datetime

from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from handlers.leaders import approve_texts as words
from models.records import approvals
from models.rules.calendar.day_parser import When, WhenKind
from models.rules.calendar.observances import Observance, ObservanceDay
from models.rules.deliveries import ReplyContext
from models.rules.output import templates
from models.rules.people.approval import Verdict
from models.rules.people.permissions import Action
from models.tables.approvals import TextReview
from scheduler.messages import texts as message_texts
from scheduler.messages.bundle import AGREE, APPROVE, CHANGE, CHOICES, STOP
from scheduler.messages.texts import MessageContext

MARK = re.compile("[0-9a-f]{16}")
REST = "rest"
Rows = tuple[tuple[Button, ...], ...]


def answer_press(request: Request, mark: str, choice: str) -> Answers:
    """A button under a text; no answer for a person who does not lead that organization."""
    row = _find_text(request, mark)
    if row is None or choice not in (AGREE, CHANGE, STOP, REST):
        return []
    if choice == REST:
        return _approve_rest(request, row)
    if _is_over(request, row):
        return [OutgoingMessage(words.format_too_late(row.name))]
    if choice == CHANGE:
        return [
            OutgoingMessage(
                words.format_how_to_change(row.name, row.text), about=ReplyContext(reword_mark=row.mark)
            )
        ]
    verdict = Verdict.APPROVED if choice == AGREE else Verdict.STOPPED
    approvals.set_verdict(request.session, row, verdict, by=request.speaker.id, at=request.now)
    goes_at, edits = _to_local(request, row.goes_at), request.message.message_key
    if choice == STOP:
        return [
            OutgoingMessage(
                words.format_stopped(row.name, goes_at), _build_buttons(row, but=choice), edits=edits
            )
        ]
    text, buttons = (
        words.format_approved(row.name, goes_at, _format_preview(request, row)),
        _build_buttons(row, but=choice),
    )
    if rest := _list_undecided(request, row):
        text += f"\n{words.format_undecided(_list_names(request, rest))}"
        buttons += ((Button(words.format_rest_button(len(rest)), f"{APPROVE}:{row.mark}:{REST}"),),)
    return [OutgoingMessage(text, buttons, edits=edits)]


def _approve_rest(request: Request, row: TextReview) -> Answers:
    """Approve all other texts that wait for this leader; each was shown in its own message."""
    rest = _list_undecided(request, row)
    for each in rest:
        approvals.set_verdict(request.session, each, Verdict.APPROVED, by=request.speaker.id, at=request.now)
    if not rest:
        return []
    return [
        OutgoingMessage(
            words.format_rest_approved(_list_names(request, rest)), edits=request.message.message_key
        )
    ]


def _list_undecided(request: Request, row: TextReview) -> list[TextReview]:
    """The other undecided texts of the same organization whose time to be sent is not over."""
    return [
        each
        for each in approvals.list_undecided(request.session, row.organization_id, after=request.now)
        if each.id != row.id
    ]


def _list_names(request: Request, rows: Sequence[TextReview]) -> list[tuple[str, datetime]]:
    return [(each.name, _to_local(request, each.goes_at)) for each in rows]


def change_text(request: Request, mark: str) -> Answers:
    """The reply to 修改: check the new text and show it as members will read it, for approval."""
    row = _find_text(request, mark)
    if row is None:
        return []
    text, about = request.message.text.strip(), ReplyContext(reword_mark=mark)
    if _is_over(request, row):
        return [OutgoingMessage(words.format_too_late(row.name))]
    if found := templates.list_template_mistakes(text):
        return [OutgoingMessage(words.format_not_changed(found), about=about)]
    if len(text) < words.SHORTEST:
        return [OutgoingMessage(words.TOO_SHORT, about=about)]
    own = approvals.set_wording(request.session, row, text, by=request.speaker.id, at=request.now)
    shown = words.format_changed(own.name, _to_local(request, own.goes_at), _format_preview(request, own))
    return [OutgoingMessage(shown, _build_buttons(own), about=about)]


def _find_text(request: Request, mark: str) -> TextReview | None:
    """The text with this mark, if the speaker may approve it."""
    row = approvals.find_review(request.session, mark) if MARK.fullmatch(mark) else None
    return row if row is not None and row.organization_id in request.scope(Action.APPROVE) else None


def _is_over(request: Request, row: TextReview) -> bool:
    return request.now > row.goes_at + request.context.times.max_lateness


def _format_preview(request: Request, row: TextReview) -> str:
    """The whole message as members will read it."""
    when = When(WhenKind.NAMED, name=row.observance)
    words_of = Observance(row.observance, row.name, when, theme=row.theme, texts=(row.text,))
    day = ObservanceDay(words_of, row.day, None, False)
    goes_at = _to_local(request, row.goes_at)
    context = MessageContext(request.context.rules, request.index.tree, request.voice, goes_at)
    return message_texts.format_message([day], context, slot=goes_at)


def _build_buttons(row: TextReview, but: str = "") -> Rows:
    return (
        tuple(Button(label, f"{APPROVE}:{row.mark}:{choice}") for label, choice in CHOICES if choice != but),
    )


def _to_local(request: Request, moment: datetime) -> datetime:
    return moment.astimezone(request.context.times.zone)
