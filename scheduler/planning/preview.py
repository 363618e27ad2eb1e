"""Previews the messages of a window of time; nothing is stored."""

from sqlalchemy.orm import Session

from models.rules.requirements.rulebook import Rulebook
from scheduler.messages.bundle import PlannedMessage, bundle_reminders, create_messages
from scheduler.messages.texts import MessageContext, Voice
from scheduler.planning.load_inputs import PlanWindow, load_situation
from scheduler.planning.reminders import plan_reminders
from scheduler.send_times import SendTimes


def preview_messages(
    session: Session, rules: Rulebook, times: SendTimes, voice: Voice, window: PlanWindow
) -> list[PlannedMessage]:
    """List every message that would be sent in a window, as its reader would see it.

    Open questions are left out. With `window.everybody` as if the whole register had joined; the chats
    of those who have not are negative.
    """
    found, people = load_situation(session, rules, times, window)
    return [
        message
        for bundle in bundle_reminders(plan_reminders(found, window.since, window.until), by_slot=True)
        for message in create_messages(
            bundle, people, MessageContext(rules, found.tree, voice, bundle[0].slot)
        )
    ]
