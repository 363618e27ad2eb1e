"""The status of very many organizations: sums of each requirement, and the first that are missing."""

from itertools import groupby

from handlers.core.callback_data import status_button
from handlers.core.context import Turn
from handlers.core.messages import Answer
from handlers.reading.questions.read import Question
from handlers.status import filters as asked_of, keyboards, texts, view
from models.rules.output.zh_text import joined, short_day
from models.rules.people.permissions import Action
from models.status.totals import tally

MANY = 2_000
MOST_MISSING, NAMES_A_LINE, MOST_LINES = 60, 6, 10


async def answer(turn: Turn, asked: Question, inquiry: int) -> Answer | None:
    """The answer where more than MANY organizations are meant; None where each can be looked at."""
    tree, scope = turn.register.tree, turn.scope(Action.STATUS)
    meant = asked_of.meant(asked.organizations, tree, turn.register.oversights, scope)
    if meant.unknown or len(meant.ids) <= MANY:
        return None
    first, last = view.days_of(asked, turn.today)
    today = min(turn.today, asked.as_of) if asked.as_of else turn.today
    found = await tally(
        turn.session,
        turn.desk.rules,
        turn.register.of(meant.ids),
        first=first,
        last=last,
        today=today,
        ledger=turn.register.ledger,
        requirements=turn.desk.rules.chosen(asked.requirements) if asked.requirements else None,
        known=view.end_of(turn, asked.as_of) if asked.as_of and asked.as_of < turn.today else None,
        whole=True,
        most=MOST_MISSING,
    )
    where = "、".join(meant.names) or turn.voice.sender
    title = texts.title(asked, first, last, where, turn.today)
    missing = []
    for (day, what), group in groupby(found.missing, key=lambda each: (each[2], each[1])):
        names = joined([tree.name(place) for place, _, _ in group], NAMES_A_LINE)
        missing.append((f"{short_day(day, today)} {turn.desk.rules.name(what)}", names))
    text = texts.wide(
        texts.head(title, today),
        {turn.desk.rules.name(key): states for key, states in found.counts.items()},
        missing[:MOST_LINES],
        len(meant.ids),
    )
    below = {node.id: node.name for node in tree if node.id in meant.ids and len(tree.below(node.id)) > 1}
    buttons = [status_button(name, inquiry, keyboards.SCOPE, key) for key, name in below.items()]
    rows = keyboards.in_rows(buttons[1 : keyboards.MOST_BRANCHES + 1], 3)
    return Answer(text, (*rows, *keyboards.periods(inquiry)), {"inquiry": inquiry})
