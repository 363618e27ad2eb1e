"""An admin decides on a message of which nobody knows whether it has arrived."""

from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.people import texts as words
from models.delivery import deliveries
from models.rules.people.permissions import Action
from scheduler.messages.incident_texts import AGAIN


async def pressed(turn: Turn, delivery_id: int, choice: str) -> Answers:
    """Send it once more, labelled, or let it be; the first admin who presses decides."""
    if not turn.scope(Action.ADMINISTER):
        return []
    again = choice == AGAIN
    if not await deliveries.decide(turn.session, delivery_id, resend=again):
        return [Answer(words.decided_already(), edits=turn.said.message_key)]
    return [Answer(words.sent_again() if again else words.let_be(), edits=turn.said.message_key)]
