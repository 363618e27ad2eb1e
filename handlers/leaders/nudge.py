"""Nudges (催办): reminders by hand of what is overdue, once a week for each branch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.core.callback_data import URGE, YES, build_confirmation_rows
from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.leaders import texts
from handlers.reading.questions.read import Question, read_question
from handlers.reports import texts as report_texts
from handlers.status import filters as asked_of, view
from handlers.status.view import View
from models.delivery import deliveries
from models.records import nudges
from models.register import confirmations, members
from models.rules.deliveries import DeliveryKind, NewDelivery, ReplyContext
from models.rules.people.permissions import Action
from models.rules.requirements.status import State
from models.rules.requirements.types import Strength
from models.rules.types import Subject
from models.status import saved_questions
from scheduler.planning.load_inputs import find_settled
from scheduler.types import Recipient, find_reporters

A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class NudgePlan:
    """The nudges that can be sent now.

    `subjects` and `people` map an organization to its overdue occurrences and its recipients, `names` to
    the occurrences in words. `urged` names organizations nudged within a week, `unreached` those in
    which nobody has joined.
    """

    subjects: dict[int, list[Subject]]
    people: dict[int, tuple[Recipient, ...]]
    names: dict[int, str]
    urged: list[str]
    unreached: list[str]


def ask_nudge(request: Request, rest: str) -> Answers:
    """`催办`, `催办第二督导组`: show who would get what, and ask."""
    asked = (
        read_question(rest, now=request.message.at, names=request.index.question_names)
        if rest
        else Question()
    )
    return [_build_preview(request, asked)]


def ask_under_status(request: Request, inquiry: int, _: int) -> Answers:
    """The button under a status, for what was asked; 0 (the weekly list) means everything."""
    if not inquiry:
        return [_build_preview(request, Question())]
    kept = saved_questions.of(request.session, inquiry, request.speaker.id)
    return [] if kept is None else [_build_preview(request, asked_of.from_json(kept))]


def answer_press(request: Request, confirmation_id: int, choice: str) -> Answers:
    """The button under the preview; what was done meanwhile is left out."""
    confirmation = confirmations.find_waiting(
        request.session, confirmation_id, confirmations.URGE, of=request.speaker.id
    )
    if confirmation is None or confirmation.detail is None:
        return []
    confirmations.settle_confirmation(confirmation, by=request.speaker.id)
    edits = request.message.message_key
    if choice != YES:
        return [OutgoingMessage(texts.NOTHING_SENT, edits=edits)]
    scope = request.scope(Action.BROADCAST)
    wanted = [(row[0], row[1], row[2]) for row in confirmation.detail["items"] if row[1] in scope]
    done = find_settled(request.session, request.context.rules, wanted)
    found = _plan_nudges(request, [subject for subject in wanted if subject not in done])
    count = _send_nudges(request, found, confirmation.id)
    return [OutgoingMessage(texts.format_nudge_sent(count), edits=edits)]


def _build_preview(request: Request, asked: Question) -> OutgoingMessage:
    scope = request.scope(Action.BROADCAST)
    if not scope:
        return OutgoingMessage(texts.LEADERS_ONLY)
    shown = view.build_view(request, replace(asked, as_of=None), only=scope)
    if shown.meant.unknown:
        return OutgoingMessage(report_texts.format_not_visible(shown.meant.unknown))
    found = _plan_nudges(request, _list_overdue(request, shown))
    if not found.subjects:
        return OutgoingMessage(texts.format_nothing_to_nudge(found.urged, found.unreached))
    confirmation = confirmations.add_confirmation(
        request.session,
        confirmations.URGE,
        chat_id=request.place.id,
        member_id=request.speaker.id,
        detail={"items": [list(subject) for each in found.subjects.values() for subject in each]},
    )
    names = {
        each.id: each.name for each in members.list_people(request.session, _list_recipients(found)).values()
    }
    rows = [
        (request.index.tree.get_name(place), [names[each.member_id] for each in people], found.names[place])
        for place, people in found.people.items()
    ]
    text = texts.format_nudge_preview(rows, found.urged, found.unreached)
    return OutgoingMessage(text, build_confirmation_rows(URGE, confirmation.id, "发出催办", "不发"))


def _list_overdue(request: Request, shown: View) -> list[Subject]:
    """The overdue occurrences of a view whose strength is 必须."""
    rules = request.context.rules
    blocks = (block for block in shown.blocks if block.state is State.OVERDUE)
    overdue = shown.list_items(blocks, shown.organizations)
    return [
        (row.requirement, row.organization_id, row.period)
        for row in (item.occurrence for item in overdue)
        if rules.find_version(row.requirement, row.opens_on).strength is Strength.MUST
    ]


def _plan_nudges(request: Request, subjects: Sequence[Subject]) -> NudgePlan:
    """Group subjects by organization, without those nudged within a week or lacking recipients."""
    tree = request.index.tree
    by_place: dict[int, list[Subject]] = {}
    for subject in subjects:
        by_place.setdefault(subject[1], []).append(subject)
    lately = nudges.list_nudged_since(request.session, by_place, request.now - A_WEEK)
    reachable = [
        Recipient(each.person.id, each.chat_id, each.joined_at, each.person.posts)
        for each in members.list_reachable(request.session)
    ]
    people = find_reporters(tree, reachable)
    sent = {place: rows for place, rows in by_place.items() if place not in lately and place in people}
    return NudgePlan(
        sent,
        {place: people[place] for place in sent},
        {place: _format_names(request, rows) for place, rows in sent.items()},
        [tree.get_name(place) for place in by_place if place in lately],
        [tree.get_name(place) for place in by_place if place not in lately and place not in people],
    )


def _format_names(request: Request, rows: Iterable[Subject]) -> str:
    return texts.format_nudge_subjects(
        [(request.context.rules.get_name(what), period) for what, _, period in rows]
    )


def _send_nudges(request: Request, found: NudgePlan, confirmation_id: int) -> int:
    """One message to each person; gives how many."""
    told: dict[int, list[int]] = {}
    chats: dict[int, int] = {}
    for place, rows in found.subjects.items():
        # False where another leader nudged this organization since the preview.
        if nudges.record_nudge(request.session, place, rows, by=request.speaker.id, at=request.now):
            for each in found.people[place]:
                told.setdefault(each.member_id, []).append(place)
                chats[each.member_id] = each.chat_id
    messages = [
        _build_delivery(request, found, places, f"urge/{confirmation_id}/{member}", chats[member])
        for member, places in told.items()
    ]
    return len(deliveries.enqueue_many(request.session, messages))


def _build_delivery(
    request: Request, found: NudgePlan, places: Sequence[int], key: str, chat_id: int
) -> NewDelivery:
    """A delivery of kind reminder: checked again before sending; a reply to it is a report."""
    due_at = request.context.times.after_quiet(request.now)
    text = texts.format_nudge([(request.index.tree.get_name(place), found.names[place]) for place in places])
    return NewDelivery(
        key=key,
        chat_id=chat_id,
        kind=DeliveryKind.REMINDER,
        text=request.voice.sign_text(text),
        about=ReplyContext(tuple(row for place in places for row in found.subjects[place])),
        due_at=due_at,
        expires_at=due_at + request.context.times.max_lateness,
    )


def _list_recipients(found: NudgePlan) -> set[int]:
    return {each.member_id for people in found.people.values() for each in people}
