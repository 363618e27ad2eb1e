"""Broadcasts (通知): preview, sending after confirmation, and stopping."""

import re

from handlers.core.callback_data import BROADCAST, NO, STOP
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from handlers.leaders import texts
from handlers.status import filters as asked_of
from models.delivery import broadcasts
from models.register import confirmations
from models.rules.people.permissions import Action
from models.rules.people.roles import Role
from models.tables.closings import Broadcast
from models.tables.people import Confirmation
from scheduler.messages.texts import format_broadcast_progress

STAFF, EVERYBODY = "staff", "all"
LONGEST = 3000
FORM = re.compile(r"\s*([^：:\n]{1,30}?)\s*[：:]\s*(.+)", re.DOTALL)
WHOLE = re.compile(
    r"(?:全体|所有|全部|各|各位|大家)(?:人员?|同志|党员|支部|党支部|书记|组织|单位)*|全[校局区市]"
)
_TO = re.compile(r"(?:的|各|各位|全体|所有)*(?:书记|党员|同志们?|干事)$")


def is_broadcast(request: Request, rest: str) -> bool:
    """Whether the text after 通知 is a broadcast.

    A reporter also writes 通知 to announce a meeting: then it is one only where organizations are named.
    """
    found = FORM.fullmatch(rest)
    named = found is not None and bool(_find_organizations(request, found[1])[0])
    return named or not request.scope(Action.REPORT)


def ask_broadcast(request: Request, rest: str) -> Answers:
    """`通知第二督导组：明天下午3点开会`: show the message, its recipients and the buttons to send it."""
    if not request.scope(Action.BROADCAST):
        return [OutgoingMessage(texts.LEADERS_ONLY)]
    found = FORM.fullmatch(rest)
    if found is None or not (meant := _find_organizations(request, found[1]))[0]:
        return [OutgoingMessage(texts.HOW_TO_BROADCAST)]
    text = found[2].strip()
    if len(text) > LONGEST:
        return [OutgoingMessage(texts.format_too_long(len(text), LONGEST))]
    ids, where = meant
    shown = request.voice.sign_text(texts.format_broadcast(text))
    by = request.speaker.id
    staff, _ = broadcasts.count_readers(request.session, ids, everybody=False, by=by)
    everybody, absent = broadcasts.count_readers(request.session, ids, everybody=True, by=by)
    if not everybody:
        return [OutgoingMessage(texts.format_nobody_joined(where))]
    confirmation = confirmations.add_confirmation(
        request.session,
        confirmations.BROADCAST,
        chat_id=request.place.id,
        member_id=by,
        detail={"ids": sorted(ids), "text": shown, "reached": {STAFF: staff, EVERYBODY: everybody}},
    )
    preview = texts.format_broadcast_preview(
        shown, where, staff, everybody, absent=absent, quiet_until=_format_quiet_until(request)
    )
    return [OutgoingMessage(preview, _build_buttons(confirmation.id, staff, everybody))]


def answer_press(request: Request, confirmation_id: int, choice: str) -> Answers:
    """The buttons under the preview, of the one who asked, while they still may."""
    confirmation = confirmations.find_waiting(
        request.session, confirmation_id, confirmations.BROADCAST, of=request.speaker.id
    )
    if confirmation is None or confirmation.detail is None:
        return []
    if choice not in (STAFF, EVERYBODY, NO) or not set(confirmation.detail["ids"]) <= request.scope(
        Action.BROADCAST
    ):
        return []
    confirmations.settle_confirmation(confirmation, by=request.speaker.id)
    if choice == NO:
        confirmation.detail = None
        return [OutgoingMessage(texts.NOTHING_SENT, edits=request.message.message_key)]
    return [_begin_sending(request, confirmation, choice)]


def stop_broadcast(request: Request, broadcast_id: int, _: int) -> Answers:
    """停止发送: stop a broadcast that is being sent; for its sender or an admin."""
    found = broadcasts.lock_broadcast(request.session, broadcast_id)
    if found is None or found.ended_at is not None or found.stopped:
        return []
    if found.by_member_id != request.speaker.id and not request.speaker.has_role(Role.ADMIN):
        return []
    broadcasts.stop_broadcast(request.session, found, by=request.speaker.id, at=request.now)
    found.shown = texts.STOPPING
    return [OutgoingMessage(found.shown, edits=request.message.message_key)]


def _begin_sending(request: Request, confirmation: Confirmation, choice: str) -> OutgoingMessage:
    detail = confirmation.detail or {}
    due_at = request.context.times.after_quiet(request.now)
    row = Broadcast(
        chat_id=request.place.id,
        message_key=request.message.message_key,
        by_member_id=request.speaker.id,
        organizations=detail["ids"],
        everybody=choice == EVERYBODY,
        total=detail["reached"][choice],
        shown="",
        begun_at=request.now,
        ended_at=None,
    )
    expires_at = due_at + request.context.times.max_lateness
    broadcasts.start_broadcast(request.session, row, detail["text"], due_at=due_at, expires_at=expires_at)
    confirmation.detail = None  # the text is kept with what was sent, and forgotten with it
    row.shown = format_broadcast_progress(0, 0, row.total, stopped=False, ended=False)
    return OutgoingMessage(row.shown, build_stop_rows(row.id), edits=request.message.message_key)


def build_stop_rows(broadcast_id: int) -> tuple[tuple[Button, ...], ...]:
    """The button that stops a broadcast."""
    return ((Button("停止发送", f"{STOP}:{broadcast_id}:0"),),)


def _find_organizations(request: Request, name: str) -> tuple[frozenset[int], str]:
    """The organizations of a name within the scope, and the name to show; no ids if unknown."""
    scope = request.scope(Action.BROADCAST)
    if WHOLE.fullmatch(name):
        return scope, request.voice.sender
    for called in (name, _TO.sub("", name)):
        meant = asked_of.find_meant((called,), request.index.tree, request.index.oversights, scope)
        if called and meant.ids and not meant.unknown:
            return meant.ids, called
    return frozenset(), name


def _format_quiet_until(request: Request) -> str:
    now = request.now
    later = request.context.times.after_quiet(now)
    return f"{later.astimezone(request.context.times.zone):%H:%M}" if later > now else ""


def _build_buttons(confirmation_id: int, staff: int, everybody: int) -> tuple[tuple[Button, ...], ...]:
    rows = [
        (f"发给书记和干事（{staff}人）", STAFF, staff),
        (f"发给全体（{everybody}人）", EVERYBODY, everybody),
    ]
    buttons = [Button(label, f"{BROADCAST}:{confirmation_id}:{key}") for label, key, count in rows if count]
    return (*((button,) for button in buttons), (Button("不发", f"{BROADCAST}:{confirmation_id}:{NO}"),))
