"""What somebody who has just come in is told, by whichever way."""

from handlers import keeping_words, words
from handlers.desk import Turn
from handlers.utterance import Answer
from models.invitations import Redeemed
from models.rules.access import contact_for, speaks_for


def welcome(turn: Turn, joined: Redeemed, *, address: str | None = None) -> Answer:
    """Who has joined and where, from whom and whom to ask; said here or at that address."""
    tree = turn.register.tree
    names = [tree.name(place) for place in joined.organizations if place in tree.nodes]
    sender = turn.desk.sender or speaks_for(joined.person, tree)
    contact = contact_for(joined.person, tree) or turn.desk.contact
    text = keeping_words.signed(words.welcome(joined.name, names), sender, contact)
    return Answer(text, chat=address)
