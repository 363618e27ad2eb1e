"""The welcome message to a person who joined."""

from handlers.core.context import Request
from handlers.core.messages import OutgoingMessage
from handlers.reports import texts as report_texts
from models.register.invitations import JoinResult


def build_welcome(request: Request, joined: JoinResult, *, address: str | None = None) -> OutgoingMessage:
    """The signed welcome, for the chat of the request or for the chat at `address`."""
    tree = request.index.tree
    names = [tree.get_name(place) for place in joined.organizations if place in tree.nodes]
    text = request.signed_for(joined.person, report_texts.format_welcome(joined.name, names))
    return OutgoingMessage(text, chat=address)
