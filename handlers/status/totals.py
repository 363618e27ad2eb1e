"""The status of very many organizations: sums of each requirement, and the first that are missing."""

from itertools import groupby

from handlers.core.callback_data import status_button
from handlers.core.context import Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.questions.read import Question
from handlers.status import filters as asked_of, keyboards, texts, view
from models.rules.deliveries import ReplyContext
from models.rules.output.zh_text import joined, short_day
from models.rules.people.permissions import Action
from models.status.totals import tally

MANY = 2_000
MOST_MISSING, NAMES_A_LINE, MOST_LINES = 60, 6, 10


def answer(request: Request, asked: Question, inquiry: int) -> OutgoingMessage | None:
    """The answer where more than MANY organizations are meant; None where each can be looked at."""
    tree, scope = request.index.tree, request.scope(Action.STATUS)
    meant = asked_of.meant(asked.organizations, tree, request.index.oversights, scope)
    if meant.unknown or len(meant.ids) <= MANY:
        return None
    first, last = view.days_of(asked, request.today)
    today = min(request.today, asked.as_of) if asked.as_of else request.today
    found = tally(
        request.session,
        request.context.rules,
        request.index.facts_of(meant.ids),
        first=first,
        last=last,
        today=today,
        ledger=request.index.ledger,
        requirements=request.context.rules.chosen(asked.requirements) if asked.requirements else None,
        known=view.end_of(request, asked.as_of) if asked.as_of and asked.as_of < request.today else None,
        whole=True,
        most=MOST_MISSING,
    )
    where = "、".join(meant.names) or request.voice.sender
    title = texts.title(asked, first, last, where, request.today)
    missing = []
    for (day, what), group in groupby(found.missing, key=lambda each: (each[2], each[1])):
        names = joined([tree.name(place) for place, _, _ in group], NAMES_A_LINE)
        missing.append((f"{short_day(day, today)} {request.context.rules.name(what)}", names))
    text = texts.wide(
        texts.head(title, today),
        {request.context.rules.name(key): states for key, states in found.counts.items()},
        missing[:MOST_LINES],
        len(meant.ids),
    )
    below = {node.id: node.name for node in tree if node.id in meant.ids and len(tree.below(node.id)) > 1}
    buttons = [status_button(name, inquiry, keyboards.SCOPE, key) for key, name in below.items()]
    rows = keyboards.in_rows(buttons[1 : keyboards.MOST_BRANCHES + 1], 3)
    return OutgoingMessage(text, (*rows, *keyboards.periods(inquiry)), ReplyContext(inquiry_id=inquiry))
