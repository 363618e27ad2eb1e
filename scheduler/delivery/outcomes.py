"""What a try means for a delivery: all marks of one send cycle, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.delivery import deliveries, incidents, rate_limits, transitions
from models.delivery.claims import LeasedDelivery
from scheduler.channel import ChannelMessage, FailureKind, FileAttachment, TransportError

REPEAT_LABEL = "（可能重复，如已收到请忽略）\n"
UNAUTHORIZED_REST = 60.0


@dataclass(slots=True)
class ClaimedDelivery:
    """A delivery that this process has leased, with its destination.

    `recent` are the machine seconds of a group's latest messages, `slot_at` is that from which the chat's
    budget is free. `enclosure` is the file, `preface` and `remark` stand before and after the text.
    """

    delivery: LeasedDelivery
    address: str
    group: bool = False
    recent: list[float] | None = None
    slot_at: float = 0.0
    enclosure: FileAttachment | None = None
    remark: str = ""
    preface: str = ""

    @property
    def id(self) -> int:
        """The delivery's id."""
        return self.delivery.id

    def letter(self, write_by: float) -> ChannelMessage:
        """The message to send; a text that may have been sent before is labelled as a repetition."""
        row = self.delivery
        repeated = row.doubts > 0 and row.edits is None
        text = f"{REPEAT_LABEL if repeated else ''}{self.preface}{row.text}{self.remark}"
        return ChannelMessage(
            self.address, text, row.buttons, row.reply_to, row.edits, write_by, self.enclosure
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try ended: with the message's key, or with an error."""

    row: ClaimedDelivery
    key: str | None = None
    error: TransportError | None = None


@dataclass(slots=True)
class NetworkState:
    """What outcomes mean for the next messages.

    `unreachable` is the error of a network that cannot be reached; `blocked_until` is the machine second
    before which the bot may not send.
    """

    unreachable: str | None = None
    blocked_until: float = 0.0


@dataclass(frozen=True, slots=True)
class MarkTransaction:
    """The transaction in which outcomes are marked; `me` is the holder of the leases.

    `now` is the machine clock in seconds, `at` the civil one. What may have arrived is tried again after
    `doubtful_rest` seconds, longer each time.
    """

    session: Session
    me: str
    now: float
    at: datetime
    doubtful_rest: float


def mark_outcomes(marks: MarkTransaction, outcomes: list[Outcome]) -> NetworkState:
    """Mark every outcome."""
    sent = {outcome.row.id: outcome.key for outcome in outcomes if outcome.key is not None}
    transitions.mark_sent(marks.session, sent, me=marks.me, at=marks.at)
    verdict = NetworkState()
    for outcome in outcomes:
        if outcome.error is not None:
            _mark_failed(marks, outcome.row, outcome.error, verdict)
    return verdict


def _mark_failed(
    marks: MarkTransaction, row: ClaimedDelivery, error: TransportError, verdict: NetworkState
) -> None:
    """Mark one failure; the table of what each kind means."""
    session, me, now = marks.session, marks.me, marks.now
    # PostgreSQL refuses NUL in a text, and a long error would bloat the row.
    why = error.why.replace("\0", "")[:500]
    chat_id = row.delivery.chat_id
    match error.kind:
        # Certainly not sent: due again at once. OVERDUE says nothing about the network.
        case FailureKind.NOT_SENT | FailureKind.OVERDUE:
            verdict.unreachable = why if error.kind is FailureKind.NOT_SENT else verdict.unreachable
            transitions.put_back(session, {row.id: (now, why)}, me=me)
        # Perhaps sent: the delivery's policy decides whether it is repeated.
        case FailureKind.UNCERTAIN:
            rest = marks.doubtful_rest * (row.delivery.doubts + 1)
            transitions.mark_uncertain(session, [row.id], me=me, next_at=now + rest, why=why)
        # The chat waits, with all its deliveries; two chats within a second mean the whole bot.
        case FailureKind.TOO_FAST:
            until = now + error.retry_after
            if rate_limits.record_refusal(session, chat_id, until=until, now=now):
                verdict.blocked_until = until
            transitions.put_back(session, {row.id: (until, why)}, me=me)
            transitions.delay_chat(session, chat_id, until=until)
        # Final. An admin hears of a refused message, not of a person who blocked the bot.
        case FailureKind.DEAD_CHAT | FailureKind.DEAD_MESSAGE:
            transitions.close_deliveries(session, {row.id: ("dead", why)}, me=me)
            if error.kind is FailureKind.DEAD_CHAT:
                deliveries.suspend_chat(session, chat_id, why=why, at=marks.at)
            else:
                incidents.record_incident(session, incidents.IncidentKind.REFUSED, delivery=row.id, why=why)
        # A group became a supergroup: the same delivery again, at the new address.
        case FailureKind.MIGRATED:
            deliveries.migrate_chat(session, chat_id, error.moved_to)
            transitions.put_back(session, {row.id: (0.0, why)}, me=me)
        # No message can succeed with this token; it is tried again in case an operator corrects it.
        case FailureKind.UNAUTHORIZED:
            verdict.blocked_until = now + UNAUTHORIZED_REST
            rate_limits.block_bot(session, until=verdict.blocked_until)
            transitions.put_back(session, {row.id: (verdict.blocked_until, why)}, me=me)
