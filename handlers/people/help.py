"""Help: the lines that the rooms declare, for one person."""

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.core.routes import Offer
from models.rules.people.permissions import Action

HEAD = "您可以直接发："


def show_help(request: Request, _rest: str = "") -> Answers:
    """Answer with the help lines that apply to the speaker's rights and the enabled features."""
    context = request.context
    offer = Offer(
        may={action for action in Action if request.scope(action)},
        several=len(request.scope(Action.STATUS)) > 1,
        page=context.page_address is not None,
        feed=context.feed_address is not None,
        approval=context.rules.approval.enabled,
    )
    return [OutgoingMessage("\n".join([HEAD, *request.all_routes.list_help(offer)]))]
