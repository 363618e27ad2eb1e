"""The preview for leaders: the messages of the next days as their readers will see them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from handlers.calendar import texts
from handlers.core.callback_data import PREVIEW
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from models.register import members
from models.rules.people.permissions import Action
from models.rules.people.roles import Person, Role
from models.rules.types import Occurrence
from scheduler.messages.bundle import PlannedMessage
from scheduler.planning.load_inputs import PlanWindow
from scheduler.planning.preview import preview_messages
from scheduler.types import Overdue, Subject

DAYS, MOST_DAYS = 14, 60
PAGE_LETTERS = 2800


def show_preview(request: Request, words: str = "") -> Answers:
    """The messages of the next 14 (or `30`) days to people in the speaker's scope."""
    digits = "".join(letter for letter in words if letter.isdecimal())
    days = min(int(digits[:3]), MOST_DAYS) if digits else DAYS
    return [_build_page(request, max(days, 1), 0)]


def answer_press(request: Request, days: int, page: int) -> Answers:
    """A button to another page: edit the message."""
    answer = _build_page(request, min(max(days, 1), MOST_DAYS), max(page, 0))
    return [OutgoingMessage(answer.text, answer.buttons, edits=request.message.message_key)]


def _build_page(request: Request, days: int, page: int) -> OutgoingMessage:
    scope = request.scope(Action.BROADCAST)
    if not scope:
        return OutgoingMessage(texts.PREVIEW_NOT_ALLOWED)
    now = request.now
    messages = preview_messages(
        request.session,
        request.context.rules,
        request.context.times,
        request.context.voice,
        PlanWindow(now, now + timedelta(days=days)),
    )
    people = members.list_people(request.session)
    within = {key for key, person in people.items() if {p.organization_id for p in person.posts} & scope}
    blocks = [
        texts.format_preview(
            same[0].slot, len(same), _find_example(same, people), alike=len({each.text for each in same}) == 1
        )
        for same in _group_alike([each for each in messages if each.member_id in within])
    ]
    pages = list(_split_pages(blocks))
    page = min(page, len(pages) - 1)
    text = texts.format_preview_page(days, pages[page] if blocks else [])
    ways = [
        Button(label, f"{PREVIEW}:{days}:{number}")
        for label, number in (("‹ 上一页", page - 1), ("下一页 ›", page + 1))
        if 0 <= number < len(pages)
    ]
    return OutgoingMessage(text, (tuple(ways),) if ways else ())


def _find_example(same: Sequence[PlannedMessage], people: Mapping[int, Person]) -> str:
    """The most frequent text among plain members, or among all readers if no member gets one."""
    plain = [each for each in same if all(p.role is Role.MEMBER for p in people[each.member_id].posts)]
    return Counter(each.text for each in plain or same).most_common(1)[0][0]


def _group_alike(messages: Sequence[PlannedMessage]) -> list[list[PlannedMessage]]:
    """Group messages of one moment about the same subjects, whatever organization each is about."""
    found: dict[tuple[object, ...], list[PlannedMessage]] = {}
    for each in messages:
        found.setdefault((each.slot, *map(_get_kind, each.subjects)), []).append(each)
    return list(found.values())


def _get_kind(subject: Subject) -> object:
    if isinstance(subject, Occurrence):
        return subject.requirement, subject.period, subject.due_on
    if isinstance(subject, Overdue):
        return subject.row.requirement, subject.row.period, subject.row.due_on, subject.role
    return subject


def _split_pages(blocks: Sequence[str]) -> Iterator[list[str]]:
    """The blocks in pages of at most PAGE_LETTERS characters; a longer block has its own page."""
    page: list[str] = []
    for block in blocks:
        if page and sum(map(len, page)) + len(block) > PAGE_LETTERS:
            yield page
            page = []
        page.append(block)
    yield page
