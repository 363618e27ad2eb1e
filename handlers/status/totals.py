"""The status that is too large for a list or a file: totals and the first missing ones."""

from collections import Counter, defaultdict
from datetime import date

from handlers.core.callback_data import build_status_button
from handlers.core.context import Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.questions.read import LATE
from handlers.status import keyboards, texts
from handlers.status.view import View
from models.rules.deliveries import ReplyContext
from models.rules.output.zh_text import format_short_day, join_names
from models.rules.requirements.status import State

NAMES_A_LINE, MOST_LINES = 6, 10


def show_totals(request: Request, shown: View, inquiry: int) -> OutgoingMessage:
    """Answer with totals, in all and by requirement, and the first missing occurrences."""
    lines = texts.format_totals(_list_missing(shown), _count_by_requirement(shown), shown.asked.show)
    remarks = [
        *texts.format_carried(shown.earlier, shown.first),
        texts.format_narrow_down(len(shown.organizations)),
    ]
    text = texts.format_overview(
        texts.format_head(shown.title, shown.today), lines, shown.counts, remarks=remarks
    )
    buttons = (*_offer_parts(request, shown, inquiry), *keyboards.build_periods(inquiry))
    return OutgoingMessage(text, buttons, ReplyContext(inquiry_id=inquiry))


def refuse_file(request: Request, shown: View, inquiry: int, as_: str) -> OutgoingMessage:
    """Refuse a file that is too large, with buttons to smaller parts."""
    one_month = (shown.first.year, shown.first.month) == (shown.last.year, shown.last.month)
    when = texts.format_range(shown.first, shown.last, shown.today) if one_month else "本月"
    group = next(filter(None, (shown.groups.get(facts.id) for facts in shown.owing)), "")
    lines = [
        texts.format_head(shown.title, shown.today),
        texts.format_counts(shown.counts),
        texts.format_too_large(as_, shown.counts.total(), f"{group}{when}"),
    ]
    buttons = (*_offer_parts(request, shown, inquiry), *keyboards.build_text_button(inquiry, 0))
    return OutgoingMessage("\n".join(lines), buttons, ReplyContext(inquiry_id=inquiry))


def _offer_parts(request: Request, shown: View, inquiry: int) -> keyboards.Rows:
    """Buttons to the organizations that have others below them, but for the highest, and to the page."""
    tree, ids = request.index.tree, shown.ids
    below = [(node.name, node.id) for node in tree if node.id in ids and len(tree.list_below(node.id)) > 1]
    buttons = [build_status_button(name, inquiry, keyboards.SCOPE, key) for name, key in below]
    web = request.context.page_address is not None
    return (
        *keyboards.split_rows(buttons[1 : keyboards.MOST_BRANCHES + 1], 3),
        *keyboards.page(inquiry, web=web),
    )


def _list_missing(shown: View) -> list[tuple[str, str]]:
    """The first overdue occurrences (late ones if asked for) by day and requirement, with names."""
    state = State.DONE_LATE if shown.asked.show == LATE else State.OVERDUE
    places: dict[tuple[date, int, str], set[int]] = defaultdict(set)
    for block in shown.blocks:
        if block.state is state:
            places[block.occurrence.due_on, block.order, block.occurrence.requirement] |= block.organizations
    found = []
    for (day, _, requirement), ids in sorted(places.items(), key=lambda each: each[0])[:MOST_LINES]:
        names = [facts.name for facts in shown.organizations if facts.id in ids]
        what = f"{format_short_day(day, shown.today)} {shown.rules.get_name(requirement)}"
        found.append((what, join_names(names, NAMES_A_LINE)))
    return found


def _count_by_requirement(shown: View) -> dict[str, Counter[State]]:
    """How many occurrences of each requirement are in each state, in the order of the rules."""
    counts: dict[str, Counter[State]] = defaultdict(Counter)
    for block in sorted(shown.blocks, key=lambda block: block.order):
        counts[shown.rules.get_name(block.occurrence.requirement)][block.state] += len(block.organizations)
    return counts
