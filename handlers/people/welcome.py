"""What somebody who has just come in is told, by whichever way."""

from handlers.core.context import Request
from handlers.core.messages import OutgoingMessage
from handlers.reports import texts as report_texts
from models.register.invitations import Redeemed


def welcome(request: Request, joined: Redeemed, *, address: str | None = None) -> OutgoingMessage:
    """Who has joined and where, from whom and whom to ask; said here or at that address."""
    tree = request.index.tree
    names = [tree.name(place) for place in joined.organizations if place in tree.nodes]
    text = request.signed_for(joined.person, report_texts.welcome(joined.name, names))
    return OutgoingMessage(text, chat=address)
