"""Status questions: by text, by command, or by the buttons under an answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from handlers.core.callback_data import WAITING, status_button
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from handlers.reading.questions.off_topic import ranks
from handlers.reading.questions.read import MISSING, RECORDS, TEXT, Question, read_question, running
from handlers.reports import texts as report_texts
from handlers.status import (
    files,
    filters as asked_of,
    keyboards,
    lists,
    organization,
    revisions,
    texts,
    totals,
    view as status_view,
    web_link,
)
from handlers.status.keyboards import BRANCH, LIST, PERIODS, SCOPE
from handlers.status.paging import PAGE_LINES, SPARE_LINES, Entry, page
from handlers.status.view import View, narrowed
from models.delivery import deliveries
from models.records import reports
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.status import State
from models.status import saved_questions
from models.status.blocks import status_blocks
from models.status.lines import list_lines


def ask(request: Request, text: str) -> Answers:
    """Answer with the status of the speaker's scope, filtered by what the text names."""
    previous = _known_only(request, _previous(request)) if text else None
    asked = read_question(text, now=request.message.at, names=request.index.question_names, previous=previous)
    return [_unranked(request, asked)] if ranks(text) else _answers(request, asked)


def go_on(request: Request) -> Answers | None:
    """Answer a short question (第二督导组, 理科支部今年, 画个图); None for any other text."""
    text, now, names = request.message.text, request.message.at, request.index.question_names
    asked = read_question(text, now=now, names=names)
    if not ranks(text) and not asked_of.asks(text, asked, now=now, names=names):
        return None
    if not ranks(text) and request.scope(Action.REPORT) and asked_of.only_activity(asked):
        return None
    return ask(request, text)


def example(request: Request) -> str:
    """An example report for this speaker, about the first occurrence that is overdue or due."""
    first, last = running("month", request.today)
    own = request.index.facts_of(request.scope(Action.REPORT))
    query = DueQuery(own, first, last, request.index.ledger)
    blocks = status_blocks(request.session, request.context.rules, query, request.today)
    pressing = (block for block in blocks if block.state in (State.OVERDUE, State.DUE))
    due = [line.occurrence for line in list_lines(pressing, own)]
    what = request.context.rules.name(due[0].requirement) if due else "主题党日"
    several = len(own) > 1 and due
    where = request.index.tree.name(due[0].organization_id) if several else ""
    return f"{where}昨天{what}，应到25实到23"


def pressed(request: Request, inquiry: int, view: str, place: int, number: int) -> Answers:
    """A button under a status: another view, page, organization, scope or period, or a file."""
    kept = saved_questions.of(request.session, inquiry, request.speaker.id)
    if kept is None:
        return []
    asked = asked_of.from_json(kept)
    if view in keyboards.ELSEWHERE:
        return _elsewhere(request, asked, view, inquiry, place)
    match view:
        case keyboards.SCOPE:
            if place not in request.scope(Action.STATUS):
                return []
            chosen = narrowed(asked, organizations=(request.index.tree.name(place),))
            return _rewriting(request, _answers(request, chosen))
        case keyboards.WHOLE:
            return _rewriting(request, _answers(request, _widened(asked, place)))
        case keyboards.PERIOD if place <= len(PERIODS):
            return _rewriting(request, _answers(request, _other_period(asked, place, request.today)))
    shown = _view(request, asked, frozenset((place,)) if view == BRANCH else None)
    if not shown.organizations:
        return []
    return _rewriting(request, [_text(request, shown, inquiry, view, number, place)])


def _elsewhere(request: Request, asked: Question, view: str, inquiry: int, place: int) -> Answers:
    """The buttons that answer with a new message: files, the status as text, the web page.

    `place` is the id of one organization, 0 for all of the question.
    """
    if view == keyboards.SHEET:
        return files.record_sheet(request, place)
    if view == keyboards.PAGE:
        return web_link.offer(request, asked)
    shown = _view(request, asked, frozenset((place,)) if place else None)
    if not shown.organizations:
        return []
    if view == keyboards.AGAIN:
        return [_text(request, shown, inquiry, BRANCH if place else LIST, 0, place)]
    return [_filed(request, shown, inquiry, view, place)]


def _filed(request: Request, shown: View, inquiry: int, as_: str, place: int = 0) -> OutgoingMessage:
    if shown.is_large:
        return totals.refuse_file(request, shown, inquiry, as_)
    answer = files.filed(request, shown, as_)
    return replace(answer, buttons=keyboards.in_words(inquiry, place), about=ReplyContext(inquiry_id=inquiry))


def _answers(request: Request, asked: Question) -> Answers:
    """Answer a question and store it for its buttons and for short questions after it."""
    if not request.scope(Action.STATUS):
        return [OutgoingMessage(report_texts.JOIN_HINT)]
    if status_view.free_only(request, asked):
        asked = narrowed(asked, show=RECORDS)
    inquiry = _kept(request, asked)
    shown = status_view.view(request, asked)
    if shown.meant.unknown:
        return [_unclear(request, shown, inquiry)]
    if asked.as_ != TEXT:
        return [_filed(request, shown, inquiry, asked.as_)]
    single = len(shown.meant.names) == 1 and asked.show == RECORDS
    branch = request.index.find(shown.meant.names[0]) if single else None
    answer = _text(request, shown, inquiry, BRANCH if branch else LIST, 0, branch or 0)
    return [_with_waiting(request, answer)]


def _kept(request: Request, asked: Question) -> int:
    """Store a question for the buttons under its answer and for short questions after it."""
    return saved_questions.put(
        request.session,
        asked_of.to_json(asked),
        chat_id=request.place.id,
        member_id=request.speaker.id,
        at=request.now,
    )


def _unranked(request: Request, asked: Question) -> OutgoingMessage:
    """Explain why branches are not ranked, with a button to what is missing."""
    inquiry = _kept(request, narrowed(asked, show=MISSING, as_=TEXT))
    return OutgoingMessage(texts.unranked(), keyboards.missing(inquiry), ReplyContext(inquiry_id=inquiry))


def _view(request: Request, asked: Question, only: frozenset[int] | None) -> View:
    """The view of a question, or of the organizations `only` and their groups."""
    if only is not None:
        only = frozenset().union(*(request.index.tree.with_groups(one) for one in only))
        return status_view.view(request, narrowed(asked, organizations=()), only=only)
    return status_view.view(request, asked)


def _previous(request: Request) -> Question | None:
    """The question before a short one: of the message replied to, else the last of 30 minutes."""
    kept = None
    if request.message.reply_to is not None:
        row = deliveries.by_message(request.session, request.place.id, request.message.reply_to)
        inquiry = row.about.inquiry_id if row is not None and row.about is not None else None
        if isinstance(inquiry, int):
            kept = saved_questions.of(request.session, inquiry, request.speaker.id)
    if kept is None:
        since = request.now - status_view.GOES_ON_FOR
        kept = saved_questions.latest(
            request.session, chat_id=request.place.id, member_id=request.speaker.id, since=since
        )
    return asked_of.from_json(kept) if kept is not None else None


def _known_only(request: Request, previous: Question | None) -> Question | None:
    """The question without names that are unknown or outside the speaker's scope."""
    if previous is None:
        return None
    scope = request.scope(Action.STATUS)
    found = asked_of.meant(previous.organizations, request.index.tree, request.index.oversights, scope)
    return narrowed(previous, organizations=found.names)


def _text(request: Request, shown: View, inquiry: int, view: str, number: int, place: int) -> OutgoingMessage:
    """One page of one view as a message with its buttons."""
    if view == BRANCH:
        return organization.detail(request, shown, inquiry, number, place)
    lists_records = view == LIST and shown.asked.show == RECORDS
    if shown.is_large and not lists_records:
        return totals.show_totals(request, shown, inquiry)
    if lists_records:
        rows = status_view.held(request, shown)
        tree = request.index.tree
        entries = lists.records(
            [(row.organization_id, tree.name(row.organization_id), held) for row, held in rows],
            shown.groups,
            request.today,
        )
    else:
        entries = _entries(shown, view)
    heading = texts.head(shown.title, shown.today)
    remarks = [*texts.carried(shown.earlier, shown.first), *revisions.remarks(request, shown)]
    lines, more = page(entries, number, lines=PAGE_LINES - max(0, len(remarks) - SPARE_LINES))
    text = texts.overview(heading, lines, shown.counts, show=shown.asked.show, remarks=remarks)
    on_page = {facts.id: facts.name for facts in shown.owing if any(facts.name in line for line in lines)}
    web = request.context.page_address is not None
    buttons = (
        *_rows(shown, inquiry, view, number, more=more, on_page=on_page, web=web),
        *keyboards.whole(inquiry, **status_view.narrowed_by(request, shown)),
    )
    if shown.counts[State.OVERDUE] and shown.ids & request.scope(Action.BROADCAST):
        buttons = (*buttons, keyboards.acting(inquiry))
    return OutgoingMessage(text, buttons, ReplyContext(inquiry_id=inquiry))


def _entries(shown: View, view: str) -> list[Entry]:
    items = shown.items
    match view:
        case keyboards.BY_REQUIREMENT:
            return lists.by_requirement(items)
        case keyboards.BY_BRANCH:
            return lists.by_organization(items, shown.groups)
        case keyboards.BY_MONTH:
            return lists.by_month(items)
    return lists.listed(items, shown.groups, shown.today, show=shown.asked.show, last=shown.last)


def _rows(
    shown: View, inquiry: int, view: str, number: int, *, more: bool, on_page: Mapping[int, str], web: bool
) -> keyboards.Rows:
    """The buttons of a list: organizations of the page, pages, views, files and periods."""
    one_month = (shown.first.year, shown.first.month) == (shown.last.year, shown.last.month)
    return (
        *keyboards.branches(inquiry, on_page),
        *keyboards.paging(inquiry, view, number, more=more),
        *keyboards.views(inquiry, view, months=not one_month, branches=len(shown.organizations) > 1),
        keyboards.files(inquiry, web=web),
        *keyboards.next_year(inquiry, shown.next_year),
        *([] if shown.asked.stated_period else keyboards.periods(inquiry)),
    )


def _unclear(request: Request, shown: View, inquiry: int) -> OutgoingMessage:
    """The answer to a name that is unknown or out of scope: similar names as buttons."""
    unknown = shown.meant.unknown
    scope = request.scope(Action.STATUS)
    offered = asked_of.candidates(unknown[0], request.index.tree, scope)
    if not offered:
        return OutgoingMessage(report_texts.not_visible(unknown))
    buttons = [status_button(name, inquiry, SCOPE, key) for key, name in offered]
    return OutgoingMessage(
        f"{report_texts.not_visible(unknown)}{report_texts.WHICH_ORGANIZATION}",
        keyboards.in_rows(buttons, 2),
        ReplyContext(inquiry_id=inquiry),
    )


def _widened(asked: Question, place: int) -> Question:
    match place:
        case keyboards.ALL_PLACES:
            return narrowed(asked, organizations=())
        case keyboards.ALL_MATTERS:
            return narrowed(asked, requirements=())
    return asked


def _other_period(asked: Question, place: int, today: date) -> Question:
    if place == len(PERIODS):
        return asked_of.year_later(asked)
    _, every, back = PERIODS[place]
    first, last = running(every, today)
    if back:
        first, last = running(every, first - timedelta(days=1))
    return narrowed(asked, first=first, last=last)


def _rewriting(request: Request, answers: Answers) -> Answers:
    """Edit the message whose button was pressed; files are sent as new messages."""
    return [
        answer
        if answer.file
        else OutgoingMessage(answer.text, answer.buttons, answer.about, request.message.message_key)
        for answer in answers
    ]


def _with_waiting(request: Request, answer: OutgoingMessage) -> OutgoingMessage:
    """The answer with the number of the speaker's open questions above it, if there are any."""
    count = len(reports.waiting(request.session, request.speaker.id))
    if not count:
        return answer
    rows = ((Button("待确认", WAITING),), *answer.buttons)
    return OutgoingMessage(f"{report_texts.waiting(count)}\n\n{answer.text}", rows, answer.about)
