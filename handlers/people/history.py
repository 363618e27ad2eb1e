"""The history of changes, for those who answer for an organization's records."""

from handlers.core.callback_data import HISTORY
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer, Button
from handlers.people import history_texts, texts
from models.records import audit
from models.rules.output.zh_text import joined
from models.rules.people.permissions import Action

A_PAGE, MOST_NAMED = 12, 4


async def show(turn: Turn, name: str) -> Answers:
    """`/history`, or of one organization: its newest changes."""
    if not turn.scope(Action.HISTORY):
        return [Answer(texts.may_not_see_history())]
    found = turn.register.find(name) if name else 0
    if found is None or (found and found not in turn.scope(Action.HISTORY)):
        return [Answer(texts.no_history_of(name))]
    return [await _page(turn, found, None)]


async def pressed(turn: Turn, organization_id: int, before: int) -> Answers:
    """更早: the changes before those that are shown."""
    scope = turn.scope(Action.HISTORY)
    if not scope or (organization_id and organization_id not in scope):
        return []
    answer = await _page(turn, organization_id, before)
    return [Answer(answer.text, answer.buttons, edits=turn.said.message_key)]


async def _page(turn: Turn, organization_id: int, before: int | None) -> Answer:
    tree = turn.register.tree
    chosen = (
        tree.below(organization_id) & turn.scope(Action.HISTORY) if organization_id else _everything(turn)
    )
    lines = await audit.recent(turn.session, chosen, before=before, many=A_PAGE)
    zone = turn.now.tzinfo
    changes = [
        (line.local(zone), tree.name(line.organization_id) if line.organization_id in tree.nodes else "")
        for line in lines
    ]
    names = {key: rule.name for key, rule in turn.desk.rules.by_key.items()}
    title = tree.name(organization_id) if organization_id else _own(turn)
    text = history_texts.history(title, changes, names, turn.today)
    more = Button("更早", f"{HISTORY}:{organization_id}:{lines[-1].id}") if len(lines) == A_PAGE else None
    return Answer(text, ((more,),) if more else ())


def _own(turn: Turn) -> str:
    """The organizations whose changes are shown: the highest ones within the speaker's reach."""
    tree, scope = turn.register.tree, turn.scope(Action.HISTORY)
    return joined([tree.name(key) for key in tree.tops(scope)], MOST_NAMED)


def _everything(turn: Turn) -> frozenset[int] | None:
    """Who administers sees also what is no organization's own; the others what is theirs."""
    return None if turn.scope(Action.ADMINISTER) else turn.scope(Action.HISTORY)
