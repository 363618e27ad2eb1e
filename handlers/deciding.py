"""An admin decides on a message of which nobody knows whether it has arrived."""

from handlers import keeping_words as words
from handlers.desk import Answers, Turn
from handlers.utterance import Answer
from models import deliveries
from models.rules.access import Action
from scheduler.incident_words import AGAIN


async def pressed(turn: Turn, delivery_id: int, choice: str) -> Answers:
    """Send it once more, labelled, or let it be; the first admin who presses decides."""
    if not turn.scope(Action.ADMINISTER):
        return []
    again = choice == AGAIN
    if not await deliveries.decide(turn.session, delivery_id, resend=again):
        return [Answer(words.decided_already(), edits=turn.said.message_key)]
    return [Answer(words.sent_again() if again else words.let_be(), edits=turn.said.message_key)]
