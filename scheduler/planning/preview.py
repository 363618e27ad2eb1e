"""What would be said in a span of time, as things stand; nothing is stored."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.rules.requirements.rulebook import Rulebook
from scheduler.messages.bundle import PlannedMessage, bundles, planned_messages
from scheduler.messages.texts import Voice
from scheduler.planning.load_inputs import situation
from scheduler.planning.reminders import reminders
from scheduler.send_times import SendTimes


def foresee(
    session: Session,
    rules: Rulebook,
    times: SendTimes,
    voice: Voice,
    after: datetime,
    until: datetime,
    *,
    everybody: bool = False,
) -> list[PlannedMessage]:
    """Every message that would be sent in (after, until], as its reader would see it, in order.

    Open questions are left out. `everybody`: as if the whole register had joined; the chats of those
    who have not are negative.
    """
    found, people = situation(session, rules, times, after, until, everybody=everybody)
    return [
        message
        for bundle in bundles(reminders(found, after, until), by_slot=True)
        for message in planned_messages(bundle, rules, found.tree, people, voice=voice, now=bundle[0].slot)
    ]
