"""What somebody who has just come in is told, by whichever way."""

from handlers.core.context import Turn
from handlers.core.messages import Answer
from handlers.reports import texts as report_texts
from models.register.invitations import Redeemed


def welcome(turn: Turn, joined: Redeemed, *, address: str | None = None) -> Answer:
    """Who has joined and where, from whom and whom to ask; said here or at that address."""
    tree = turn.register.tree
    names = [tree.name(place) for place in joined.organizations if place in tree.nodes]
    text = turn.signed_for(joined.person, report_texts.welcome(joined.name, names))
    return Answer(text, chat=address)
