"""Waiving or moving an occurrence (免办, 改期): a leader picks it, and replies with the reason."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from handlers.core.callback_data import ALTER, UNALTER
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer, Button
from handlers.leaders import texts, waive_texts
from handlers.reading.questions.read import Question, read_question
from handlers.reading.reports.read import read_message
from handlers.status import filters as asked_of, view
from handlers.status.texts import Item
from models.records import changes
from models.register import confirmations
from models.rules.people.permissions import Action
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.status import State
from models.rules.types import Occurrence
from models.status import saved_questions
from models.status.occurrences import Subject
from models.tables.people import Petition

OPEN_STATES = (State.OVERDUE, State.NOT_SEEN, State.DUE, State.PARTIAL, State.NOT_YET)
MOST = 12
BRANCH = OrganizationKind.BRANCH
WAIVES = re.compile(r"\s*免办\s*[，,。：:;；]?\s*(.*)", re.DOTALL)
# The branch may be named: 理科支部主题党日改到9月28日，校庆; 免办理科支部党课，集中阅卷
NAMED = re.compile(
    r"\s*(?P<where>[^，,。；;\n]{0,30}?)(?P<how>免办或改期|免办|改到|改期到?|推迟到|延到|延期到|提前到)(?P<rest>.*)",
    re.DOTALL,
)
A_DAY, CLAUSES = re.compile(r"[\d一二三四五六日天周]"), re.compile(r"[，,：:；;。]")
ASKS = re.compile(r"[吗呢?？哪几]|多少|情况|记录|明细|清单|的$")
MOVES = re.compile(r"\s*(?:改到|改期到?|推迟到|延到|延期到|提前到)[^，,。；;\s]+[，,。；;\s]*(.*)", re.DOTALL)


async def under_branch(turn: Turn, place: int, inquiry: int) -> Answers:
    """The button under a branch: which of its open occurrences is meant."""
    kept = await saved_questions.of(turn.session, inquiry, turn.speaker.id)
    if kept is None or place not in turn.scope(Action.APPROVE):
        return []
    return [await _offer(turn, asked_of.from_json(kept), place)]


async def _offer(turn: Turn, asked: Question, place: int, said: str = "") -> Answer:
    """The open occurrences of a branch as buttons; what was `said` already counts for the one picked."""
    asked = view.narrowed(asked, organizations=())
    shown = await view.view(turn, asked, only=turn.register.tree.with_groups(place))
    found = [item for item in shown.items if item.state in OPEN_STATES][:MOST]
    where = turn.register.tree.name(place)
    if not found:
        return Answer(waive_texts.nothing_open(where))
    petition = await confirmations.add(
        turn.session,
        confirmations.ALTER,
        chat_id=turn.place.id,
        member_id=turn.speaker.id,
        detail={"items": [_kept(item) for item in found], "said": said},
    )
    return Answer(waive_texts.which(where), _choices(petition.id, found))


async def pressed(turn: Turn, petition_id: int, index: int) -> Answers:
    """One of them was picked: its reason is asked for, where it was not said before."""
    petition = await confirmations.waiting(turn.session, petition_id, confirmations.ALTER, of=turn.speaker.id)
    if petition is None or petition.detail is None:
        return []
    if not 0 <= index < len(petition.detail["items"]):
        return []
    petition.detail = {**petition.detail, "chosen": index}
    if said := petition.detail.get("said"):
        return [replace(each, edits=turn.said.message_key) for each in await _taken(turn, petition, said)]
    requirement, organization, period, due = petition.detail["items"][index]
    where, what = turn.register.tree.name(organization), turn.desk.rules.name(requirement)
    text = waive_texts.how(where, what, period, date.fromisoformat(due), turn.today)
    return [Answer(text, about={"alter": petition.id}, edits=turn.said.message_key)]


async def answered(turn: Turn, about: dict[str, Any]) -> Answers | None:
    """`免办，集中阅卷` or `改到9月28日，校庆` after one was picked; None where nothing of it is said."""
    mark, text = about.get("alter"), turn.said.text
    if turn.said.edited:
        return None
    if isinstance(mark, int) or WAIVES.fullmatch(text) or MOVES.fullmatch(text):
        petition = await _picked(turn, mark)
        if petition is not None:
            return await _taken(turn, petition, text)
        if mark:
            return [Answer(waive_texts.pick_again())]
    found = NAMED.fullmatch(text)
    return None if found is None or ASKS.search(text) else await _unpicked(turn, found)


async def _unpicked(turn: Turn, found: re.Match[str]) -> Answers | None:
    """Said before anything was picked: the branch named, or looked at last, is gone through; else how to."""
    leads, waives = turn.scope(Action.APPROVE), found["how"].startswith("免办")
    bare = not waives and not re.search(r"\w", found["where"] + found["rest"])
    if not waives and (not leads or turn.scope(Action.REPORT) or not (bare or A_DAY.search(found["rest"]))):
        return None  # what somebody says of a planned day
    named, reason = [*CLAUSES.split(found["rest"], 1), ""][:2] if waives else ("", "")
    asked = read_question(found["where"] + named, now=turn.said.at, names=turn.register.asking)
    place = _one_branch(turn, asked)
    if found["where"] and place is None:
        return None  # something else is told in which these words stand
    if not leads:
        return [Answer(texts.not_for_you())]
    if place is not None:
        return [
            await _offer(turn, asked, place, f"免办，{reason}" if waives else found["how"] + found["rest"])
        ]
    kept = await saved_questions.latest(
        turn.session,
        chat_id=turn.place.id,
        member_id=turn.speaker.id,
        since=turn.now - view.GOES_ON_FOR,
    )
    last = asked_of.from_json(kept) if kept is not None else Question()
    if (place := _one_branch(turn, last)) is not None:
        return [await _offer(turn, last, place, turn.said.text if reason or not (waives or bare) else "")]
    branches = (node.name for node in turn.register.tree if node.id in leads and node.kind is BRANCH)
    example = next(branches, turn.register.tree.name(min(leads)))
    return [Answer(waive_texts.of_which_branch(example, turn.today))]


def _one_branch(turn: Turn, asked: Question) -> int | None:
    """The one organization with nothing but groups below it that is meant, if the speaker leads it."""
    place = turn.register.find(asked.organizations[0]) if len(asked.organizations) == 1 else None
    if place is None or place not in turn.scope(Action.APPROVE):
        return None
    tree = turn.register.tree
    return place if tree.below(place) <= tree.with_groups(place) else None


async def _taken(turn: Turn, petition: Petition, text: str) -> Answers:
    """The reason, and the new day, for what was picked."""
    if petition.detail is None:
        return []
    requirement, organization, period, _ = petition.detail["items"][petition.detail["chosen"]]
    if organization not in turn.scope(Action.APPROVE):
        return []
    waives, moves = WAIVES.fullmatch(text), MOVES.fullmatch(text)
    reason = (waives or moves or [text, ""])[1].strip("，,。；; \n")
    day = None if waives else _day(turn, text, requirement)
    if not reason or (day is None and not waives):
        return [Answer(waive_texts.reason_needed(turn.today), about={"alter": petition.id})]
    if day is not None and day < turn.today:
        return [Answer(waive_texts.day_to_come(turn.today), about={"alter": petition.id})]
    confirmations.settle(petition, by=turn.speaker.id)
    return [await _altered(turn, (requirement, organization, period), day, reason)]


async def undone(turn: Turn, change_id: int, _: int) -> Answers:
    """恢复: what stood before the change stands again, while it is the newest one."""
    change = await changes.newest(turn.session, change_id)
    if change is None or change.organization_id not in turn.scope(Action.APPROVE):
        return []
    await changes.take_back(turn.session, change, by=turn.speaker.id, at=turn.now)
    where, what = turn.register.tree.name(change.organization_id), turn.desk.rules.name(change.requirement)
    return [Answer(waive_texts.restored(where, what, change.period), edits=turn.said.message_key)]


async def _altered(turn: Turn, subject: Subject, day: date | None, reason: str) -> Answer:
    by, at = turn.speaker.id, turn.now
    if day is None:
        change = await changes.waive(turn.session, subject, by=by, at=at, reason=reason)
    else:
        change = await changes.move(turn.session, subject, day, by=by, at=at, reason=reason)
    where, what = turn.register.tree.name(subject[1]), turn.desk.rules.name(subject[0])
    text = waive_texts.altered(where, what, subject[2], day, reason=reason, today=turn.today)
    return Answer(text, ((Button("恢复", f"{UNALTER}:{change.id}:0"),),))


async def _picked(turn: Turn, mark: object) -> Petition | None:
    """The petition that is replied to, else the one in which something was picked last in this chat."""
    if isinstance(mark, int):
        found = await confirmations.waiting(turn.session, mark, confirmations.ALTER)
    else:
        found = await confirmations.newest(turn.session, confirmations.ALTER, turn.place.id)
    if found is None or found.member_id != turn.speaker.id or "chosen" not in (found.detail or {}):
        return None
    return found


def _day(turn: Turn, text: str, requirement: str) -> date | None:
    reading = read_message(text, now=turn.said.at, names=turn.register.names, replying_to=requirement)
    return reading.records[0].held_on if reading.records else None


def _kept(item: Item) -> list[Any]:
    row: Occurrence = item.occurrence
    return [row.requirement, row.organization_id, row.period, row.due_on.isoformat()]


def _choices(petition_id: int, found: Sequence[Item]) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (Button(waive_texts.choice(item.requirement, item.occurrence.due_on), f"{ALTER}:{petition_id}:{n}"),)
        for n, item in enumerate(found)
    )
