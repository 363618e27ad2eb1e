"""The board of many organizations: sums over all of them, rows of one page."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from bot.web.dashboard.filters import Choice
from bot.web.dashboard.view import MOST_OPEN, ROWS_A_PAGE, Part, Sheet, sheet
from handlers.core.context import Request
from handlers.status import texts as status_texts, view
from handlers.status.filters import Meant
from handlers.status.view import View
from models.rules.output.zh_text import short_day
from models.rules.requirements.status import State
from models.status.totals import Tally, tally

MANY = 300


def page_of_many(
    visit: Request, choice: Choice, ids: frozenset[int], groups: Mapping[int, str]
) -> tuple[View, Sheet]:
    """Return one page of rows as a view and its sheet, with the sums and first overdue of all."""
    asked, facts = choice.question, visit.index.facts_of(ids)
    found = tally(
        visit.session,
        visit.context.rules,
        facts,
        first=choice.span.first,
        last=choice.span.last,
        today=visit.today,
        ledger=visit.index.ledger,
        requirements=visit.context.rules.chosen(asked.requirements) if asked.requirements else None,
        whole=True,
        most=MOST_OPEN,
    )
    rows = _in_order(visit, found, groups)
    # -(-a // b) rounds up.
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    page = min(choice.page, pages - 1)
    here = frozenset(rows[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE])
    where = view.where_of(visit, Meant(ids), facts)
    shown = replace(view.view(visit, asked, only=here), groups=dict(groups), where=where)
    states = sum(found.counts.values(), Counter[State]())
    return shown, replace(
        sheet(shown, replace(choice, page=0)),
        counts=status_texts.sums(states),
        open=_overdue(visit, found, states[State.OVERDUE]),
        page=page,
        pages=pages,
    )


def _in_order(visit: Request, found: Tally, groups: Mapping[int, str]) -> list[int]:
    """Return the organizations with due items by group; groups follow the order of the register."""
    owing = [facts.id for facts in visit.index.facts_of(found.organizations)]
    first: dict[str, int] = {}
    for number, organization_id in enumerate(owing):
        first.setdefault(groups.get(organization_id, ""), number)
    return sorted(owing, key=lambda organization_id: first[groups.get(organization_id, "")])


def _overdue(visit: Request, found: Tally, count: int) -> tuple[Part, ...]:
    tree, rules = visit.index.tree, visit.context.rules
    lines = tuple(
        f"{tree.name(organization_id)}：{rules.name(key)}（{short_day(day, visit.today)}）"
        for organization_id, key, day in found.missing
    )
    return (Part("逾期", lines, count - len(lines)),) if lines else ()
