"""Calendar subscriptions: the secret address of an organization's feed, and its renewal."""

from handlers.calendar import texts
from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from models.register import feeds
from models.rules.people.permissions import Action


def show_feed_address(request: Request, words: str = "") -> Answers:
    """The secret address of the calendar; `换` from a reporter revokes the old address first."""
    scope = request.scope(Action.CALENDAR)
    own = next(
        (post.organization_id for post in request.speaker.posts if post.organization_id in scope), None
    )
    if request.context.feed_address is None or own is None:
        return [OutgoingMessage(texts.FEED_NOT_AVAILABLE)]
    at = request.now
    renewed = words.startswith("换") and own in request.scope(Action.REPORT)
    if renewed:
        feeds.revoke_feed(request.session, own, at=at)
    address = request.context.feed_address(feeds.get_or_create_token(request.session, own, at=at))
    return [OutgoingMessage(texts.format_feed(request.index.tree.get_name(own), address, renewed=renewed))]
