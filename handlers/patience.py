"""What strangers are told: it waits behind answers to known people, and who goes on and on hears no more."""

from datetime import timedelta

from handlers.desk import Answers, Turn
from models import deliveries

WINDOW = timedelta(hours=1)
MOST_ANSWERS = 8


async def patient(turn: Turn, answers: Answers) -> Answers:
    """The answers without those that this chat has had often enough within the hour."""
    if turn.chat is None or not any(answer.patient for answer in answers):
        return answers
    since = turn.desk.now() - WINDOW
    if await deliveries.told(turn.session, turn.chat.id, since=since) < MOST_ANSWERS:
        return answers
    return [answer for answer in answers if not answer.patient]
