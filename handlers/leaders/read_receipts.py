"""Receipts (已阅): the button under a reminder, and its counts for leaders, without names."""

from datetime import timedelta
from typing import Any

from handlers.core.callback_data import READ
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from handlers.leaders import texts
from models.delivery import deliveries
from models.records import receipts
from models.rules.deliveries import DeliveryKind
from models.rules.people.permissions import Action

LOOK_BACK = timedelta(days=30)
MOST, FEWEST = 10, 3  # a count of fewer than 3 recipients would identify the person


def build_receipt_rows() -> list[Any]:
    """The button under reminders where receipts are enabled, as JSON rows."""
    return [[[texts.RECEIPT_BUTTON, READ]]]


def record_receipt(request: Request) -> Answers:
    """The button under a reminder: store the receipt once and change the label."""
    row = deliveries.find_by_message(request.session, request.place.id, request.message.message_key)
    if row is None or row.kind is not DeliveryKind.REMINDER or request.message.chat_kind != "private":
        return []
    if not receipts.record_receipt(request.session, row.id, at=request.now):
        return []
    others = [[Button(*each) for each in line if each[1] != READ] for line in row.buttons or ()]
    lines = (*(tuple(line) for line in others if line), (Button(texts.RECEIPT_THANKS, READ),))
    return [OutgoingMessage(row.text, lines, row.about, request.message.message_key)]


def show_counts(request: Request, _: str) -> Answers:
    """`已阅`: for the last reminders within the speaker's scope, how many were sent and read."""
    scope = request.scope(Action.BROADCAST)
    if not scope:
        return [OutgoingMessage(texts.LEADERS_ONLY)]
    found = receipts.list_receipt_counts(request.session, scope, request.now - LOOK_BACK, many=MOST)
    zone = request.context.times.zone
    shown = [(each.at.astimezone(zone), each.sent, each.read) for each in found if each.sent >= FEWEST]
    return [OutgoingMessage(texts.format_receipts(shown, request.today))]
