"""The history of changes, for people with the right to see it."""

from handlers.core.callback_data import HISTORY
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from handlers.people import history_texts, texts
from models.records import audit
from models.rules.output.zh_text import join_names
from models.rules.people.permissions import Action

A_PAGE, MOST_NAMED = 12, 4


def show_history(request: Request, name: str) -> Answers:
    """`/history`: the newest changes, of all organizations in scope or of the named one."""
    if not request.scope(Action.HISTORY):
        return [OutgoingMessage(texts.HISTORY_NOT_ALLOWED)]
    found = request.index.find(name) if name else 0
    if found is None or (found and found not in request.scope(Action.HISTORY)):
        return [OutgoingMessage(texts.format_no_history(name))]
    return [_build_page(request, found, None)]


def answer_press(request: Request, organization_id: int, before: int) -> Answers:
    """更早: the changes before the audit row `before`."""
    scope = request.scope(Action.HISTORY)
    if not scope or (organization_id and organization_id not in scope):
        return []
    answer = _build_page(request, organization_id, before)
    return [OutgoingMessage(answer.text, answer.buttons, edits=request.message.message_key)]


def _build_page(request: Request, organization_id: int, before: int | None) -> OutgoingMessage:
    tree = request.index.tree
    chosen = (
        tree.list_below(organization_id) & request.scope(Action.HISTORY)
        if organization_id
        else _list_organizations(request)
    )
    lines = audit.list_recent(request.session, chosen, before=before, many=A_PAGE)
    zone = request.now.tzinfo
    changes = [
        (
            line.to_zone(zone),
            tree.get_name(line.organization_id) if line.organization_id in tree.nodes else "",
        )
        for line in lines
    ]
    names = {key: rule.name for key, rule in request.context.rules.by_key.items()}
    title = tree.get_name(organization_id) if organization_id else _format_own_names(request)
    said = history_texts.Wording(names, request.today, request.all_routes.history)
    text = history_texts.format_history(title, changes, said)
    more = Button("更早", f"{HISTORY}:{organization_id}:{lines[-1].id}") if len(lines) == A_PAGE else None
    return OutgoingMessage(text, ((more,),) if more else ())


def _format_own_names(request: Request) -> str:
    """The names of the highest organizations in the speaker's scope."""
    tree, scope = request.index.tree, request.scope(Action.HISTORY)
    return join_names([tree.get_name(key) for key in tree.list_tops(scope)], MOST_NAMED)


def _list_organizations(request: Request) -> frozenset[int] | None:
    """The organizations to show; None for admins, who also see changes without organization."""
    return None if request.scope(Action.ADMINISTER) else request.scope(Action.HISTORY)
