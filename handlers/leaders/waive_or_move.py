"""Waiving or moving an occurrence (免办, 改期): a leader picks it and replies with the reason."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from handlers.core.callback_data import ALTER, UNALTER
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from handlers.leaders import texts, waive_texts
from handlers.reading.questions.read import Question, read_question
from handlers.reading.reports.read import read_message
from handlers.status import filters as asked_of, view
from handlers.status.texts import Item
from models.records import changes
from models.register import confirmations
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.status import State
from models.rules.types import Occurrence, Subject
from models.status import saved_questions
from models.tables.people import Confirmation

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


def ask_under_branch(request: Request, place: int, inquiry: int) -> Answers:
    """The button under a branch: offer its open occurrences."""
    kept = saved_questions.of(request.session, inquiry, request.speaker.id)
    if kept is None or place not in request.scope(Action.APPROVE):
        return []
    return [_offer_occurrences(request, asked_of.from_json(kept), place)]


def _offer_occurrences(request: Request, asked: Question, place: int, message: str = "") -> OutgoingMessage:
    """The open occurrences of a branch as buttons; `message` is the reply for the picked one."""
    asked = view.narrow_question(asked, organizations=())
    shown = view.build_view(request, asked, only=request.index.tree.list_with_groups(place))
    found = [item for item in shown.items if item.state in OPEN_STATES][:MOST]
    where = request.index.tree.get_name(place)
    if not found:
        return OutgoingMessage(waive_texts.format_nothing_open(where))
    confirmation = confirmations.add_confirmation(
        request.session,
        confirmations.ALTER,
        chat_id=request.place.id,
        member_id=request.speaker.id,
        detail={"items": [_to_row(item) for item in found], "said": message},
    )
    return OutgoingMessage(waive_texts.format_which(where), _build_buttons(confirmation.id, found))


def answer_press(request: Request, confirmation_id: int, index: int) -> Answers:
    """One of them was picked: its reason is asked for, where it was not said before."""
    confirmation = confirmations.find_waiting(
        request.session, confirmation_id, confirmations.ALTER, of=request.speaker.id
    )
    if confirmation is None or confirmation.detail is None:
        return []
    if not 0 <= index < len(confirmation.detail["items"]):
        return []
    confirmation.detail = {**confirmation.detail, "chosen": index}
    if message := confirmation.detail.get("said"):
        return [
            replace(each, edits=request.message.message_key)
            for each in _apply_pick(request, confirmation, message)
        ]
    requirement, organization, period, due = confirmation.detail["items"][index]
    where, what = request.index.tree.get_name(organization), request.context.rules.get_name(requirement)
    text = waive_texts.format_how_to(where, what, period, date.fromisoformat(due), request.today)
    return [
        OutgoingMessage(
            text, about=ReplyContext(confirmation_id=confirmation.id), edits=request.message.message_key
        )
    ]


def answer_text(request: Request, about: ReplyContext) -> Answers | None:
    """`免办，集中阅卷` or `改到9月28日，校庆`, before or after the pick; None for any other text."""
    mark, text = about.confirmation_id, request.message.text
    if request.message.edited:
        return None
    if mark is not None or WAIVES.fullmatch(text) or MOVES.fullmatch(text):
        confirmation = _find_picked(request, mark)
        if confirmation is not None:
            return _apply_pick(request, confirmation, text)
        if mark:
            return [OutgoingMessage(waive_texts.PICK_AGAIN)]
    found = NAMED.fullmatch(text)
    return None if found is None or ASKS.search(text) else _answer_unpicked(request, found)


class _Wish(NamedTuple):
    """What is written before anything is picked: 免办理科支部党课，集中阅卷.

    `subject` is the activity of a waiver (党课), `answer` the words that count as the reply for the one
    picked (免办，集中阅卷); `is_complete` says whether a waiver has its reason and a move its day.
    """

    is_waiver: bool
    where: str
    subject: str
    answer: str
    is_complete: bool


def _parse_wish(found: re.Match[str]) -> _Wish:
    """The parts of a match of NAMED."""
    where, how, rest = found["where"], found["how"], found["rest"]
    if how.startswith("免办"):
        subject, reason = [*CLAUSES.split(rest, 1), ""][:2]
        return _Wish(True, where, subject, f"免办，{reason}", bool(reason))
    return _Wish(False, where, "", how + rest, re.search(r"\w", where + rest) is not None)


def _answer_unpicked(request: Request, found: re.Match[str]) -> Answers | None:
    """Offer the named branch, or the one looked at last; without either, explain how to ask."""
    wish, leads = _parse_wish(found), request.scope(Action.APPROVE)
    if not wish.is_waiver and not _is_leader_move(request, wish, found["rest"]):
        return None
    words = wish.where + wish.subject
    asked = read_question(words, now=request.message.at, names=request.index.question_names)
    place = _find_branch(request, asked)
    if wish.where and place is None:
        return None  # the words before 免办 name no branch: they belong to a report
    if not leads:
        return [OutgoingMessage(texts.LEADERS_ONLY)]
    if place is not None:
        return [_offer_occurrences(request, asked, place, wish.answer)]
    last = _find_last_question(request)
    if (place := _find_branch(request, last)) is not None:
        return [_offer_occurrences(request, last, place, request.message.text if wish.is_complete else "")]
    return [
        OutgoingMessage(waive_texts.format_which_branch(_find_example_branch(request, leads), request.today))
    ]


def _is_leader_move(request: Request, wish: _Wish, rest: str) -> bool:
    """Whether a leader moves an occurrence; a reporter announces a day with the same words."""
    if not request.scope(Action.APPROVE) or request.scope(Action.REPORT):
        return False
    return not wish.is_complete or A_DAY.search(rest) is not None


def _find_last_question(request: Request) -> Question:
    """The status question asked last in this chat, within half an hour."""
    saved = saved_questions.latest(
        request.session,
        chat_id=request.place.id,
        member_id=request.speaker.id,
        since=request.now - view.GOES_ON_FOR,
    )
    return asked_of.from_json(saved) if saved is not None else Question()


def _find_example_branch(request: Request, leads: frozenset[int]) -> str:
    """A branch that the speaker leads, for an example; any organization if there is no branch."""
    branches = (node.name for node in request.index.tree if node.id in leads and node.kind is BRANCH)
    return next(branches, request.index.tree.get_name(min(leads)))


def _find_branch(request: Request, asked: Question) -> int | None:
    """The one organization named, if the speaker leads it and only groups are below it."""
    place = request.index.find(asked.organizations[0]) if len(asked.organizations) == 1 else None
    if place is None or place not in request.scope(Action.APPROVE):
        return None
    tree = request.index.tree
    return place if tree.list_below(place) <= tree.list_with_groups(place) else None


def _apply_pick(request: Request, confirmation: Confirmation, text: str) -> Answers:
    """The reason, and the new day, for what was picked."""
    if confirmation.detail is None:
        return []
    requirement, organization, period, _ = confirmation.detail["items"][confirmation.detail["chosen"]]
    if organization not in request.scope(Action.APPROVE):
        return []
    waives, reason = WAIVES.fullmatch(text), _find_reason(text)
    day = None if waives else _find_day(request, text, requirement)
    if not reason or (day is None and not waives):
        return [
            OutgoingMessage(
                waive_texts.format_reason_needed(request.today),
                about=ReplyContext(confirmation_id=confirmation.id),
            )
        ]
    if day is not None and day < request.today:
        return [
            OutgoingMessage(
                waive_texts.format_day_in_past(request.today),
                about=ReplyContext(confirmation_id=confirmation.id),
            )
        ]
    confirmations.settle_confirmation(confirmation, by=request.speaker.id)
    return [_store_change(request, (requirement, organization, period), day, reason)]


def _find_reason(text: str) -> str:
    """What follows 免办 or 改到 and its day; "" where the text has neither form."""
    found = WAIVES.fullmatch(text) or MOVES.fullmatch(text)
    return found[1].strip("，,。；; \n") if found else ""


def undo_change(request: Request, change_id: int, _: int) -> Answers:
    """恢复: undo a change; no answer where a newer change of the occurrence exists."""
    change = changes.find_newest(request.session, change_id)
    if change is None or change.organization_id not in request.scope(Action.APPROVE):
        return []
    changes.restore_previous(request.session, change, by=request.speaker.id, at=request.now)
    where, what = (
        request.index.tree.get_name(change.organization_id),
        request.context.rules.get_name(change.requirement),
    )
    return [
        OutgoingMessage(
            waive_texts.format_restored(where, what, change.period), edits=request.message.message_key
        )
    ]


def _store_change(request: Request, subject: Subject, day: date | None, reason: str) -> OutgoingMessage:
    by, at = request.speaker.id, request.now
    if day is None:
        change = changes.waive_occurrence(request.session, subject, by=by, at=at, reason=reason)
    else:
        change = changes.move_occurrence(request.session, subject, day, by=by, at=at, reason=reason)
    where, what = request.index.tree.get_name(subject[1]), request.context.rules.get_name(subject[0])
    text = waive_texts.format_changed(where, what, subject[2], day, reason=reason, today=request.today)
    return OutgoingMessage(text, ((Button("恢复", f"{UNALTER}:{change.id}:0"),),))


def _find_picked(request: Request, mark: object) -> Confirmation | None:
    """The confirmation that is replied to, else the one in which something was picked last in this chat."""
    if isinstance(mark, int):
        found = confirmations.find_waiting(request.session, mark, confirmations.ALTER)
    else:
        found = confirmations.find_newest(request.session, confirmations.ALTER, request.place.id)
    if found is None or found.member_id != request.speaker.id or "chosen" not in (found.detail or {}):
        return None
    return found


def _find_day(request: Request, text: str, requirement: str) -> date | None:
    reading = read_message(text, now=request.message.at, names=request.index.names, replying_to=requirement)
    return reading.records[0].held_on if reading.records else None


def _to_row(item: Item) -> list[Any]:
    row: Occurrence = item.occurrence
    return [row.requirement, row.organization_id, row.period, row.due_on.isoformat()]


def _build_buttons(confirmation_id: int, found: Sequence[Item]) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (
            Button(
                waive_texts.format_choice(item.requirement, item.occurrence.due_on),
                f"{ALTER}:{confirmation_id}:{n}",
            ),
        )
        for n, item in enumerate(found)
    )
