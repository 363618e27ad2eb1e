"""Decisions of admins on uncertain deliveries."""

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.people import texts as words
from models.delivery import deliveries
from models.rules.people.permissions import Action
from scheduler.messages.incident_texts import AGAIN


def answer_press(request: Request, delivery_id: int, choice: str) -> Answers:
    """Send the delivery again with a note, or not; the first admin who presses decides."""
    if not request.scope(Action.ADMINISTER):
        return []
    again = choice == AGAIN
    if not deliveries.decide_uncertain(request.session, delivery_id, resend=again):
        return [OutgoingMessage(words.ALREADY_DECIDED, edits=request.message.message_key)]
    return [
        OutgoingMessage(
            words.SENT_AGAIN if again else words.NOT_SENT_AGAIN, edits=request.message.message_key
        )
    ]
