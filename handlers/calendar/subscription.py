"""Subscribing to the own organization's calendar on a phone, and giving it another address."""

from handlers.calendar import texts
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from models.register import feeds
from models.rules.people.permissions import Action


async def subscribe(turn: Turn, words: str = "") -> Answers:
    """The secret address of the calendar; `换` by somebody who reports there makes the old one void."""
    scope = turn.scope(Action.CALENDAR)
    own = next((post.organization_id for post in turn.speaker.posts if post.organization_id in scope), None)
    if turn.desk.feed_address is None or own is None:
        return [Answer(texts.no_feed())]
    at = turn.now
    renewed = words.startswith("换") and own in turn.scope(Action.REPORT)
    if renewed:
        await feeds.revoke(turn.session, own, at=at)
    address = turn.desk.feed_address(await feeds.token_of(turn.session, own, at=at))
    return [Answer(texts.feed(turn.register.tree.name(own), address, renewed=renewed))]
