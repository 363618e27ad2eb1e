"""What somebody who has just come in is told, by whichever way."""

from handlers import words
from handlers.desk import Turn
from handlers.utterance import Answer
from models.invitations import Redeemed


def welcome(turn: Turn, joined: Redeemed, *, address: str | None = None) -> Answer:
    """Who has joined and where, from whom and whom to ask; said here or at that address."""
    tree = turn.register.tree
    names = [tree.name(place) for place in joined.organizations if place in tree.nodes]
    text = turn.signed_for(joined.person, words.welcome(joined.name, names))
    return Answer(text, chat=address)
