"""Checks right before sending: may the reader still see this, and is its text approved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.delivery.claims import LeasedDelivery
from models.records import approvals
from models.register import members, organizations
from models.rules.deliveries import NOTHING_SAID, DeliveryKind
from models.rules.people.approval import Policy
from models.rules.people.organization_tree import Tree
from models.rules.people.permissions import Action, list_permitted
from models.rules.people.roles import Person
from models.tables.approvals import TextReview
from models.tables.people import Chat
from scheduler.planning.approvals import list_home
from scheduler.types import TextToApprove

GONE, NOT_THEIRS = "the reader has left", "not the reader's any more"
NOT_APPROVED, DECIDED = "the text is not approved", "decided meanwhile"


def find_not_for_reader(session: Session, rows: Sequence[LeasedDelivery]) -> dict[int, str]:
    """Ids and reasons of reminders whose reader has left or may no longer see the subject."""
    reminders = [row for row in rows if row.kind in (DeliveryKind.REMINDER, DeliveryKind.APPROVAL)]
    if not reminders:
        return {}
    owners, people = _load_readers(session, reminders)
    tree = organizations.load_tree(session)
    reasons: dict[int, str] = {}
    for row in reminders:
        # A group's reminder: it has no single reader whose rights could be checked.
        if row.chat_id not in owners:
            continue
        person = people.get(owners[row.chat_id] or 0)
        if person is None:
            reasons[row.id] = GONE
        elif not _may_see(row, person, tree):
            reasons[row.id] = NOT_THEIRS
    return reasons


def find_not_approved(session: Session, rows: Sequence[LeasedDelivery], policy: Policy) -> dict[int, str]:
    """Ids and reasons of deliveries with an unapproved text, and of questions already decided."""
    reasons = _find_decided(session, rows)
    if policy.enabled:
        # Last, since it is the weightier reason where both apply.
        reasons |= _find_unapproved(session, rows, policy)
    return reasons


def _find_decided(session: Session, rows: Sequence[LeasedDelivery]) -> dict[int, str]:
    """Questions to leaders, by delivery id, whose text was decided in the meantime."""
    asking = {
        row.id: row.about.review_mark
        for row in rows
        if row.kind is DeliveryKind.APPROVAL and row.about and row.about.review_mark
    }
    if not asking:
        return {}
    known = TextReview.mark.in_(set(asking.values())) & TextReview.verdict.is_not(None)
    decided = set(session.scalars(select(TextReview.mark).where(known)))
    return {key: DECIDED for key, mark in asking.items() if mark in decided}


def _find_unapproved(session: Session, rows: Sequence[LeasedDelivery], policy: Policy) -> dict[int, str]:
    """Ids and reasons of deliveries with a text that is not approved for the reader."""
    worded = [(row, row.about.texts) for row in rows if row.about and row.about.texts]
    if not worded:
        return {}
    decisions, tree = approvals.load_decisions(session), organizations.load_tree(session)
    owners, people = _load_readers(session, [row for row, _ in worded])
    reasons: dict[int, str] = {}
    for row, texts in worded:
        person = people.get(owners.get(row.chat_id) or 0)
        # From the reader's organization up to the highest; `Decisions.judge` picks the decision that counts.
        chain = list_home(person.posts, tree) if person is not None else ()
        for observance, occasion, version in texts:
            judgement = decisions.judge_text(observance, occasion, version, chain)
            if not judgement.may_send(policy, version):
                reasons[row.id] = NOT_APPROVED
    return reasons


def build_review(asked: TextToApprove, at: datetime) -> dict[str, object]:
    """The columns of the row that stores a question to a leader."""
    return {
        "mark": asked.mark,
        "observance": asked.day.observance.key,
        "name": asked.day.observance.name,
        "occasion": asked.day.occasion,
        "organization_id": asked.organization_id,
        "version": asked.version,
        "text": asked.text,
        "theme": asked.day.observance.theme,
        "day": asked.day.date,
        "own": False,
        "goes_at": asked.goes_at,
        "asked_at": at,
    }


def _load_readers(
    session: Session, rows: Sequence[LeasedDelivery]
) -> tuple[dict[int, int | None], dict[int, Person]]:
    """The owner of each private chat (member id by chat id), and those people as they are now."""
    query = select(Chat.id, Chat.member_id, Chat.kind).where(Chat.id.in_({row.chat_id for row in rows}))
    owners = {row[0]: row[1] for row in session.execute(query) if row[2] == "private"}
    people = members.list_people(session, {found for found in owners.values() if found is not None})
    return owners, people


def _may_see(row: LeasedDelivery, person: Person, tree: Tree) -> bool:
    """Whether the person's scope still covers what the delivery speaks of."""
    about = row.about or NOTHING_SAID
    if row.kind is DeliveryKind.APPROVAL:
        return about.review_organization in list_permitted(person, Action.APPROVE, tree)
    spoken_of = {organization for _, organization, _ in about.occurrences}
    return spoken_of <= list_permitted(person, Action.CALENDAR, tree)
