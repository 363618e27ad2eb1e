"""Status questions: by text, by command, or by the buttons under an answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from handlers.core.callback_data import WAITING, build_status_button
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from handlers.reading.questions.off_topic import is_ranking_question
from handlers.reading.questions.read import (
    MISSING,
    RECORDS,
    TEXT,
    Question,
    get_current_period,
    read_question,
)
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
from handlers.status.paging import PAGE_LINES, SPARE_LINES, Entry, get_page
from handlers.status.view import View, narrow_question
from models.delivery import deliveries
from models.records import reports
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.status import State
from models.status import saved_questions
from models.status.blocks import status_blocks
from models.status.lines import list_lines


def answer_question(request: Request, text: str) -> Answers:
    """Answer with the status of the speaker's scope, filtered by what the text names."""
    previous = _drop_unknown(request, _find_previous(request)) if text else None
    asked = read_question(text, now=request.message.at, names=request.index.question_names, previous=previous)
    return [_refuse_ranking(request, asked)] if is_ranking_question(text) else _answer_asked(request, asked)


def answer_short_question(request: Request) -> Answers | None:
    """Answer a short question (第二督导组, 理科支部今年, 画个图); None for any other text."""
    text, now, names = request.message.text, request.message.at, request.index.question_names
    asked = read_question(text, now=now, names=names)
    if not is_ranking_question(text) and not asked_of.is_question(text, asked, now=now, names=names):
        return None
    if not is_ranking_question(text) and request.scope(Action.REPORT) and asked_of.names_only_activity(asked):
        return None
    return answer_question(request, text)


def build_example_report(request: Request) -> str:
    """An example report for this speaker, about the first occurrence that is overdue or due."""
    first, last = get_current_period("month", request.today)
    own = request.index.facts_of(request.scope(Action.REPORT))
    query = DueQuery(own, first, last, request.index.ledger)
    blocks = status_blocks(request.session, request.context.rules, query, request.today)
    pressing = (block for block in blocks if block.state in (State.OVERDUE, State.DUE))
    due = [line.occurrence for line in list_lines(pressing, own)]
    what = request.context.rules.get_name(due[0].requirement) if due else "主题党日"
    several = len(own) > 1 and due
    where = request.index.tree.get_name(due[0].organization_id) if several else ""
    return f"{where}昨天{what}，应到25实到23"


def answer_press(request: Request, inquiry: int, view: str, place: int, number: int) -> Answers:
    """A button under a status: another view, page, organization, scope or period, or a file."""
    kept = saved_questions.of(request.session, inquiry, request.speaker.id)
    if kept is None:
        return []
    asked = asked_of.from_json(kept)
    if view in keyboards.ELSEWHERE:
        return _answer_new_message(request, asked, view, inquiry, place)
    match view:
        case keyboards.SCOPE:
            if place not in request.scope(Action.STATUS):
                return []
            chosen = narrow_question(asked, organizations=(request.index.tree.get_name(place),))
            return _edit_to(request, _answer_asked(request, chosen))
        case keyboards.WHOLE:
            return _edit_to(request, _answer_asked(request, _widen(asked, place)))
        case keyboards.PERIOD if place <= len(PERIODS):
            return _edit_to(request, _answer_asked(request, _change_period(asked, place, request.today)))
    shown = _build_view(request, asked, frozenset((place,)) if view == BRANCH else None)
    if not shown.organizations:
        return []
    return _edit_to(request, [_show_text(request, shown, inquiry, view, number, place)])


def _answer_new_message(request: Request, asked: Question, view: str, inquiry: int, place: int) -> Answers:
    """The buttons that answer with a new message: files, the status as text, the web page.

    `place` is the id of one organization, 0 for all of the question.
    """
    if view == keyboards.SHEET:
        return files.show_record_sheet(request, place)
    if view == keyboards.PAGE:
        return web_link.offer_link(request, asked)
    shown = _build_view(request, asked, frozenset((place,)) if place else None)
    if not shown.organizations:
        return []
    if view == keyboards.AGAIN:
        return [_show_text(request, shown, inquiry, BRANCH if place else LIST, 0, place)]
    return [_show_file(request, shown, inquiry, view, place)]


def _show_file(request: Request, shown: View, inquiry: int, as_: str, place: int = 0) -> OutgoingMessage:
    if shown.is_large:
        return totals.refuse_file(request, shown, inquiry, as_)
    answer = files.build_file_answer(request, shown, as_)
    return replace(
        answer, buttons=keyboards.build_text_button(inquiry, place), about=ReplyContext(inquiry_id=inquiry)
    )


def _answer_asked(request: Request, asked: Question) -> Answers:
    """Answer a question and store it for its buttons and for short questions after it."""
    if not request.scope(Action.STATUS):
        return [OutgoingMessage(report_texts.JOIN_HINT)]
    if status_view.has_only_free(request, asked):
        asked = narrow_question(asked, show=RECORDS)
    inquiry = _store_question(request, asked)
    shown = status_view.build_view(request, asked)
    if shown.meant.unknown:
        return [_ask_which_organization(request, shown, inquiry)]
    if asked.as_ != TEXT:
        return [_show_file(request, shown, inquiry, asked.as_)]
    single = len(shown.meant.names) == 1 and asked.show == RECORDS
    branch = request.index.find(shown.meant.names[0]) if single else None
    answer = _show_text(request, shown, inquiry, BRANCH if branch else LIST, 0, branch or 0)
    return [_add_open_questions(request, answer)]


def _store_question(request: Request, asked: Question) -> int:
    """Store a question for the buttons under its answer and for short questions after it."""
    return saved_questions.put(
        request.session,
        asked_of.to_json(asked),
        chat_id=request.place.id,
        member_id=request.speaker.id,
        at=request.now,
    )


def _refuse_ranking(request: Request, asked: Question) -> OutgoingMessage:
    """Explain why branches are not ranked, with a button to what is missing."""
    inquiry = _store_question(request, narrow_question(asked, show=MISSING, as_=TEXT))
    return OutgoingMessage(
        texts.format_no_ranking(), keyboards.build_missing(inquiry), ReplyContext(inquiry_id=inquiry)
    )


def _build_view(request: Request, asked: Question, only: frozenset[int] | None) -> View:
    """The view of a question, or of the organizations `only` and their groups."""
    if only is not None:
        only = frozenset().union(*(request.index.tree.list_with_groups(one) for one in only))
        return status_view.build_view(request, narrow_question(asked, organizations=()), only=only)
    return status_view.build_view(request, asked)


def _find_previous(request: Request) -> Question | None:
    """The question before a short one: of the message replied to, else the last of 30 minutes."""
    kept = None
    if request.message.reply_to is not None:
        row = deliveries.find_by_message(request.session, request.place.id, request.message.reply_to)
        inquiry = row.about.inquiry_id if row is not None and row.about is not None else None
        if isinstance(inquiry, int):
            kept = saved_questions.of(request.session, inquiry, request.speaker.id)
    if kept is None:
        since = request.now - status_view.GOES_ON_FOR
        kept = saved_questions.latest(
            request.session, chat_id=request.place.id, member_id=request.speaker.id, since=since
        )
    return asked_of.from_json(kept) if kept is not None else None


def _drop_unknown(request: Request, previous: Question | None) -> Question | None:
    """The question without names that are unknown or outside the speaker's scope."""
    if previous is None:
        return None
    scope = request.scope(Action.STATUS)
    found = asked_of.find_meant(previous.organizations, request.index.tree, request.index.oversights, scope)
    return narrow_question(previous, organizations=found.names)


def _show_text(
    request: Request, shown: View, inquiry: int, view: str, number: int, place: int
) -> OutgoingMessage:
    """One page of one view as a message with its buttons."""
    if view == BRANCH:
        return organization.show_organization(request, shown, inquiry, number, place)
    lists_records = view == LIST and shown.asked.show == RECORDS
    if shown.is_large and not lists_records:
        return totals.show_totals(request, shown, inquiry)
    if lists_records:
        rows = status_view.list_records(request, shown)
        tree = request.index.tree
        entries = lists.list_records(
            [(row.organization_id, tree.get_name(row.organization_id), held) for row, held in rows],
            shown.groups,
            request.today,
        )
    else:
        entries = _list_entries(shown, view)
    heading = texts.format_head(shown.title, shown.today)
    remarks = [*texts.format_carried(shown.earlier, shown.first), *revisions.list_remarks(request, shown)]
    lines, more = get_page(entries, number, lines=PAGE_LINES - max(0, len(remarks) - SPARE_LINES))
    text = texts.format_overview(heading, lines, shown.counts, show=shown.asked.show, remarks=remarks)
    on_page = {facts.id: facts.name for facts in shown.owing if any(facts.name in line for line in lines)}
    web = request.context.page_address is not None
    buttons = (
        *_build_rows(shown, inquiry, view, number, more=more, on_page=on_page, web=web),
        *keyboards.build_widening(inquiry, **status_view.get_limits(request, shown)),
    )
    if shown.counts[State.OVERDUE] and shown.ids & request.scope(Action.BROADCAST):
        buttons = (*buttons, keyboards.build_nudge(inquiry))
    return OutgoingMessage(text, buttons, ReplyContext(inquiry_id=inquiry))


def _list_entries(shown: View, view: str) -> list[Entry]:
    items = shown.items
    match view:
        case keyboards.BY_REQUIREMENT:
            return lists.sum_by_requirement(items)
        case keyboards.BY_BRANCH:
            return lists.sum_by_organization(items, shown.groups)
        case keyboards.BY_MONTH:
            return lists.sum_by_month(items)
    return lists.list_open_items(items, shown.groups, shown.today, show=shown.asked.show, last=shown.last)


def _build_rows(
    shown: View, inquiry: int, view: str, number: int, *, more: bool, on_page: Mapping[int, str], web: bool
) -> keyboards.Rows:
    """The buttons of a list: organizations of the page, pages, views, files and periods."""
    one_month = (shown.first.year, shown.first.month) == (shown.last.year, shown.last.month)
    return (
        *keyboards.build_branches(inquiry, on_page),
        *keyboards.build_paging(inquiry, view, number, more=more),
        *keyboards.build_views(inquiry, view, months=not one_month, branches=len(shown.organizations) > 1),
        keyboards.build_files(inquiry, web=web),
        *keyboards.build_next_year(inquiry, shown.next_year),
        *([] if shown.asked.stated_period else keyboards.build_periods(inquiry)),
    )


def _ask_which_organization(request: Request, shown: View, inquiry: int) -> OutgoingMessage:
    """The answer to a name that is unknown or out of scope: similar names as buttons."""
    unknown = shown.meant.unknown
    scope = request.scope(Action.STATUS)
    offered = asked_of.find_similar(unknown[0], request.index.tree, scope)
    if not offered:
        return OutgoingMessage(report_texts.format_not_visible(unknown))
    buttons = [build_status_button(name, inquiry, SCOPE, key) for key, name in offered]
    return OutgoingMessage(
        f"{report_texts.format_not_visible(unknown)}{report_texts.WHICH_ORGANIZATION}",
        keyboards.split_rows(buttons, 2),
        ReplyContext(inquiry_id=inquiry),
    )


def _widen(asked: Question, place: int) -> Question:
    match place:
        case keyboards.ALL_PLACES:
            return narrow_question(asked, organizations=())
        case keyboards.ALL_MATTERS:
            return narrow_question(asked, requirements=())
    return asked


def _change_period(asked: Question, place: int, today: date) -> Question:
    if place == len(PERIODS):
        return asked_of.move_year_later(asked)
    _, every, back = PERIODS[place]
    first, last = get_current_period(every, today)
    if back:
        first, last = get_current_period(every, first - timedelta(days=1))
    return narrow_question(asked, first=first, last=last)


def _edit_to(request: Request, answers: Answers) -> Answers:
    """Edit the message whose button was pressed; files are sent as new messages."""
    return [
        answer
        if answer.file
        else OutgoingMessage(answer.text, answer.buttons, answer.about, request.message.message_key)
        for answer in answers
    ]


def _add_open_questions(request: Request, answer: OutgoingMessage) -> OutgoingMessage:
    """The answer with the number of the speaker's open questions above it, if there are any."""
    count = len(reports.list_open(request.session, request.speaker.id))
    if not count:
        return answer
    rows = ((Button("待确认", WAITING),), *answer.buttons)
    return OutgoingMessage(
        f"{report_texts.format_open_questions(count)}\n\n{answer.text}", rows, answer.about
    )
