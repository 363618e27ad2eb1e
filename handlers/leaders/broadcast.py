"""Broadcasts (通知): what is sent to whom is shown first, sent after a button, and can be stopped."""

import re

from handlers.core.callback_data import BROADCAST, NO, STOP
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer, Button
from handlers.leaders import texts
from handlers.status import filters as asked_of
from models.delivery import broadcasts
from models.register import confirmations
from models.rules.people.permissions import Action
from models.rules.people.roles import Role
from models.tables.closings import Broadcast
from models.tables.people import Petition
from scheduler.messages.texts import broadcast_progress

STAFF, EVERYBODY = "staff", "all"
LONGEST = 3000
FORM = re.compile(r"\s*([^：:\n]{1,30}?)\s*[：:]\s*(.+)", re.DOTALL)
WHOLE = re.compile(
    r"(?:全体|所有|全部|各|各位|大家)(?:人员?|同志|党员|支部|党支部|书记|组织|单位)*|全[校局区市]"
)
_TO = re.compile(r"(?:的|各|各位|全体|所有)*(?:书记|党员|同志们?|干事)$")


def fits(turn: Turn, rest: str) -> bool:
    """Whether words after 通知 are for many: who reports may be telling of a notice, or of a meeting."""
    found = FORM.fullmatch(rest)
    named = found is not None and bool(_ids(turn, found[1])[0])
    return named or not turn.scope(Action.REPORT)


async def ask(turn: Turn, rest: str) -> Answers:
    """`通知第二督导组：明天下午3点开会`: a preview of what is sent to whom."""
    if not turn.scope(Action.BROADCAST):
        return [Answer(texts.not_for_you())]
    found = FORM.fullmatch(rest)
    if found is None or not (meant := _ids(turn, found[1]))[0]:
        return [Answer(texts.broadcast_how())]
    text = found[2].strip()
    if len(text) > LONGEST:
        return [Answer(texts.too_long(len(text), LONGEST))]
    ids, where = meant
    shown = turn.voice.sign(texts.broadcast(text))
    by = turn.speaker.id
    staff, _ = await broadcasts.reach(turn.session, ids, everybody=False, by=by)
    everybody, absent = await broadcasts.reach(turn.session, ids, everybody=True, by=by)
    if not everybody:
        return [Answer(texts.nobody_there(where))]
    petition = await confirmations.add(
        turn.session,
        confirmations.BROADCAST,
        chat_id=turn.place.id,
        member_id=by,
        detail={"ids": sorted(ids), "text": shown, "reached": {STAFF: staff, EVERYBODY: everybody}},
    )
    preview = texts.broadcast_preview(
        shown, where, staff, everybody, absent=absent, quiet_until=_quiet_until(turn)
    )
    return [Answer(preview, _choices(petition.id, staff, everybody))]


async def pressed(turn: Turn, petition_id: int, choice: str) -> Answers:
    """The buttons under the preview, of the one who asked, while they still may."""
    petition = await confirmations.waiting(
        turn.session, petition_id, confirmations.BROADCAST, of=turn.speaker.id
    )
    if petition is None or petition.detail is None:
        return []
    if choice not in (STAFF, EVERYBODY, NO) or not set(petition.detail["ids"]) <= turn.scope(
        Action.BROADCAST
    ):
        return []
    confirmations.settle(petition, by=turn.speaker.id)
    if choice == NO:
        petition.detail = None
        return [Answer(texts.nothing_sent(), edits=turn.said.message_key)]
    return [await _begin(turn, petition, choice)]


async def stopped(turn: Turn, broadcast_id: int, _: int) -> Answers:
    """停止发送: by the sender or an admin, while it is under way."""
    found = await broadcasts.kept(turn.session, broadcast_id)
    if found is None or found.ended_at is not None or found.stopped:
        return []
    if found.by_member_id != turn.speaker.id and not turn.speaker.has(Role.ADMIN):
        return []
    await broadcasts.stop(turn.session, found, by=turn.speaker.id, at=turn.now)
    found.shown = texts.stopping()
    return [Answer(found.shown, edits=turn.said.message_key)]


async def _begin(turn: Turn, petition: Petition, choice: str) -> Answer:
    detail = petition.detail or {}
    due_at = turn.desk.times.after_quiet(turn.now)
    row = Broadcast(
        chat_id=turn.place.id,
        message_key=turn.said.message_key,
        by_member_id=turn.speaker.id,
        organizations=detail["ids"],
        everybody=choice == EVERYBODY,
        total=detail["reached"][choice],
        shown="",
        begun_at=turn.now,
        ended_at=None,
    )
    expires_at = due_at + turn.desk.times.max_lateness
    await broadcasts.begin(turn.session, row, detail["text"], due_at=due_at, expires_at=expires_at)
    petition.detail = None  # the text is kept with what was sent, and forgotten with it
    row.shown = broadcast_progress(0, 0, row.total, stopped=False, ended=False)
    return Answer(row.shown, stop_rows(row.id), edits=turn.said.message_key)


def stop_rows(broadcast_id: int) -> tuple[tuple[Button, ...], ...]:
    """The button that stops it."""
    return ((Button("停止发送", f"{STOP}:{broadcast_id}:0"),),)


def _ids(turn: Turn, name: str) -> tuple[frozenset[int], str]:
    """The organizations that are meant, and how they are called; none where the name says nothing."""
    scope = turn.scope(Action.BROADCAST)
    if WHOLE.fullmatch(name):
        return scope, turn.voice.sender
    for called in (name, _TO.sub("", name)):
        meant = asked_of.meant((called,), turn.register.tree, turn.register.oversights, scope)
        if called and meant.ids and not meant.unknown:
            return meant.ids, called
    return frozenset(), name


def _quiet_until(turn: Turn) -> str:
    now = turn.now
    later = turn.desk.times.after_quiet(now)
    return f"{later.astimezone(turn.desk.times.zone):%H:%M}" if later > now else ""


def _choices(petition_id: int, staff: int, everybody: int) -> tuple[tuple[Button, ...], ...]:
    rows = [
        (f"发给书记和干事（{staff}人）", STAFF, staff),
        (f"发给全体（{everybody}人）", EVERYBODY, everybody),
    ]
    buttons = [Button(label, f"{BROADCAST}:{petition_id}:{key}") for label, key, count in rows if count]
    return (*((button,) for button in buttons), (Button("不发", f"{BROADCAST}:{petition_id}:{NO}"),))
