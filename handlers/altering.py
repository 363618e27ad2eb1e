"""Waiving or moving an occurrence (免办, 改期): a leader picks it, and replies with the reason."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers import altering_words, viewing
from handlers import asked as asked_of
from handlers.buttons import ALTER, UNALTER
from handlers.desk import Answers, Turn
from handlers.reading.message import read_message
from handlers.status_words import Item
from handlers.utterance import Answer, Button
from models import changes, inquiries, petitions
from models.rules.access import Action
from models.rules.facts import Occurrence
from models.rules.status import State
from models.status import Subject
from models.tables.people import Petition

OPEN_STATES = (State.OVERDUE, State.NOT_SEEN, State.DUE, State.PARTIAL, State.NOT_YET)
MOST = 12
WAIVES = re.compile(r"\s*免办\s*[，,。：:;；]?\s*(.*)", re.DOTALL)
MOVES = re.compile(r"\s*(?:改到|改期到?|推迟到|延到|延期到|提前到)[^，,。；;\s]+[，,。；;\s]*(.*)", re.DOTALL)


async def under_branch(turn: Turn, place: int, inquiry: int) -> Answers:
    """The button under a branch: which of its open occurrences is meant."""
    kept = await inquiries.of(turn.session, inquiry, turn.speaker.id)
    if kept is None or place not in turn.scope(Action.APPROVE):
        return []
    asked = viewing.narrowed(asked_of.from_json(kept), organizations=())
    shown = await viewing.view(turn, asked, only=turn.register.tree.with_groups(place))
    found = [item for item in shown.items if item.state in OPEN_STATES][:MOST]
    where = turn.register.tree.name(place)
    if not found:
        return [Answer(altering_words.nothing_open(where))]
    petition = await petitions.add(
        turn.session,
        petitions.ALTER,
        chat_id=turn.place.id,
        member_id=turn.speaker.id,
        detail={"items": [_kept(item) for item in found]},
    )
    return [Answer(altering_words.which(where), _choices(petition.id, found))]


async def pressed(turn: Turn, petition_id: int, index: int) -> Answers:
    """One of them was picked: its reason is asked for."""
    petition = await petitions.waiting(turn.session, petition_id, petitions.ALTER)
    if petition is None or petition.member_id != turn.speaker.id or petition.detail is None:
        return []
    if not 0 <= index < len(petition.detail["items"]):
        return []
    petition.detail = {**petition.detail, "chosen": index}
    requirement, organization, period, due = petition.detail["items"][index]
    where, what = turn.register.tree.name(organization), turn.desk.rules.name(requirement)
    text = altering_words.how(where, what, period, date.fromisoformat(due), turn.today)
    return [Answer(text, about={"alter": petition.id}, edits=turn.said.message_key)]


async def answered(turn: Turn, about: dict[str, Any]) -> Answers | None:
    """`免办，集中阅卷` or `改到9月28日，校庆` after one was picked; None where nothing of it is said."""
    mark, text = about.get("alter"), turn.said.text
    waives, moves = WAIVES.fullmatch(text), MOVES.fullmatch(text)
    if turn.said.edited or not (isinstance(mark, int) or waives or moves):
        return None
    petition = await _picked(turn, mark)
    if petition is None or petition.detail is None:
        return [Answer(altering_words.pick_again())] if mark else None
    requirement, organization, period, _ = petition.detail["items"][petition.detail["chosen"]]
    if organization not in turn.scope(Action.APPROVE):
        return []
    reason = (waives or moves or [text, ""])[1].strip("，,。；; \n")
    day = None if waives else _day(turn, requirement)
    if not reason or (day is None and not waives):
        return [Answer(altering_words.reason_needed(turn.today), about={"alter": petition.id})]
    if day is not None and day < turn.today:
        return [Answer(altering_words.day_to_come(turn.today), about={"alter": petition.id})]
    petitions.settle(petition, by=turn.speaker.id)
    return [await _altered(turn, (requirement, organization, period), day, reason)]


async def undone(turn: Turn, change_id: int, _: int) -> Answers:
    """恢复: what stood before the change stands again, while it is the newest one."""
    change = await changes.newest(turn.session, change_id)
    if change is None or change.organization_id not in turn.scope(Action.APPROVE):
        return []
    await changes.take_back(turn.session, change, by=turn.speaker.id, at=turn.desk.now())
    where, what = turn.register.tree.name(change.organization_id), turn.desk.rules.name(change.requirement)
    return [Answer(altering_words.restored(where, what, change.period), edits=turn.said.message_key)]


async def _altered(turn: Turn, subject: Subject, day: date | None, reason: str) -> Answer:
    by, at = turn.speaker.id, turn.desk.now()
    if day is None:
        change = await changes.waive(turn.session, subject, by=by, at=at, reason=reason)
    else:
        change = await changes.move(turn.session, subject, day, by=by, at=at, reason=reason)
    where, what = turn.register.tree.name(subject[1]), turn.desk.rules.name(subject[0])
    text = altering_words.altered(where, what, subject[2], day, reason=reason, today=turn.today)
    return Answer(text, ((Button("恢复", f"{UNALTER}:{change.id}:0"),),))


async def _picked(turn: Turn, mark: object) -> Petition | None:
    """The petition that is replied to, else the one in which something was picked last in this chat."""
    if isinstance(mark, int):
        found = await petitions.waiting(turn.session, mark, petitions.ALTER)
    else:
        found = await petitions.newest(turn.session, petitions.ALTER, turn.place.id)
    if found is None or found.member_id != turn.speaker.id or "chosen" not in (found.detail or {}):
        return None
    return found


def _day(turn: Turn, requirement: str) -> date | None:
    reading = read_message(
        turn.said.text, now=turn.said.at, names=turn.register.names, replying_to=requirement
    )
    return reading.records[0].held_on if reading.records else None


def _kept(item: Item) -> list[Any]:
    row: Occurrence = item.occurrence
    return [row.requirement, row.organization_id, row.period, row.due_on.isoformat()]


def _choices(petition_id: int, found: Sequence[Item]) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (
            Button(
                altering_words.choice(item.requirement, item.occurrence.due_on), f"{ALTER}:{petition_id}:{n}"
            ),
        )
        for n, item in enumerate(found)
    )
