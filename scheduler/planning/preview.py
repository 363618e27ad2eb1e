"""Previews the messages of a window of time; nothing is stored."""

from sqlalchemy.orm import Session

from models.rules.requirements.rulebook import Rulebook
from scheduler.messages.bundle import PlannedMessage, bundles, planned_messages
from scheduler.messages.texts import MessageContext, Voice
from scheduler.planning.load_inputs import PlanWindow, situation
from scheduler.planning.reminders import reminders
from scheduler.send_times import SendTimes


def foresee(
    session: Session, rules: Rulebook, times: SendTimes, voice: Voice, window: PlanWindow
) -> list[PlannedMessage]:
    """List every message that would be sent in a window, as its reader would see it.

    Open questions are left out. With `window.everybody` as if the whole register had joined; the chats
    of those who have not are negative.
    """
    found, people = situation(session, rules, times, window)
    return [
        message
        for bundle in bundles(reminders(found, window.since, window.until), by_slot=True)
        for message in planned_messages(
            bundle, people, MessageContext(rules, found.tree, voice, bundle[0].slot)
        )
    ]
