"""Texts to approve: what leaders were asked, and what they decided on each version."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.delivery import reminders
from models.rules.people.approval import Decision, Decisions, Verdict, get_question_mark, get_text_version
from models.storage.inserts import insert_into
from models.tables.approvals import TextReview
from models.tables.records import Audit

ACTION = "text"


def load_decisions(session: Session) -> Decisions:
    """All decisions, and the leaders' own texts that are not approved yet; the latest counts."""
    known = TextReview.verdict.is_not(None) | TextReview.own
    moment = func.coalesce(TextReview.decided_at, TextReview.asked_at)
    rows = session.scalars(select(TextReview).where(known).order_by(moment, TextReview.id))
    return Decisions(
        Decision(
            row.observance,
            row.occasion,
            row.organization_id,
            row.version,
            row.text,
            row.verdict,
            row.own,
        )
        for row in rows
    )


def add_questions(session: Session, rows: Iterable[dict[str, object]]) -> None:
    """Store questions to leaders (column → value); those already stored stay as they are."""
    values = list(rows)
    if values:
        session.execute(
            insert_into(session, TextReview).on_conflict_do_nothing(index_elements=["mark"]), values
        )


def find_review(session: Session, mark: str) -> TextReview | None:
    """The question with this review mark, locked until the transaction ends."""
    return session.scalar(select(TextReview).where(TextReview.mark == mark).with_for_update())


def list_undecided(session: Session, organization_id: int, *, after: datetime) -> list[TextReview]:
    """Open questions of an organization whose text goes out after a moment, soonest first.

    Of each text only the version asked about last.
    """
    newest = (
        select(func.max(TextReview.id))
        .where(TextReview.organization_id == organization_id)
        .group_by(TextReview.observance, TextReview.occasion)
    )
    query = select(TextReview).where(
        TextReview.id.in_(newest), TextReview.verdict.is_(None), TextReview.goes_at > after
    )
    return list(session.scalars(query.order_by(TextReview.goes_at, TextReview.id)))


def set_verdict(session: Session, row: TextReview, verdict: Verdict, *, by: int, at: datetime) -> None:
    """Store a leader's verdict on a version; unsent reminders with the text are planned anew."""
    before: dict[str, object] = {"verdict": row.verdict, "version": row.version}
    row.verdict, row.decided_at, row.by_member_id = verdict, at, by
    _record_audit(session, row, before, by=by, at=at)
    _withdraw_reminders(session, row)
    session.flush()


def set_wording(session: Session, row: TextReview, text: str, *, by: int, at: datetime) -> TextReview:
    """Store a leader's own text in place of a version; it waits for its approval."""
    version = get_text_version(row.theme, text)
    # The suffix keeps the mark apart from that of a pack's version with the same text.
    mark = get_question_mark(row.organization_id, row.observance, row.occasion, f"{version}/own")
    own = find_review(session, mark)
    if own is None:
        own = TextReview(
            mark=mark,
            observance=row.observance,
            name=row.name,
            occasion=row.occasion,
            organization_id=row.organization_id,
            version=version,
            text=text,
            theme=row.theme,
            own=True,
            day=row.day,
            goes_at=row.goes_at,
        )
        session.add(own)
    own.asked_at, own.verdict, own.decided_at, own.by_member_id = at, None, None, by
    if row is not own:
        set_verdict(session, row, Verdict.REPLACED, by=by, at=at)
    _record_audit(session, own, None, by=by, at=at)
    session.flush()
    return own


def _record_audit(
    session: Session, row: TextReview, before: dict[str, object] | None, *, by: int, at: datetime
) -> None:
    """Write the decision into the audit."""
    after = {"verdict": row.verdict, "version": row.version, "text": row.text}
    session.add(
        Audit(
            at=at,
            by_member_id=by,
            action=ACTION,
            subject=f"text:{row.observance}/{row.occasion}",
            organization_id=row.organization_id,
            before=before,
            after=after,
        )
    )


def _withdraw_reminders(session: Session, row: TextReview) -> None:
    """Withdraw unsent reminders of the observance, so that planning puts them in anew."""
    prefix = f"observance/{row.observance}/{row.occasion}/"
    # Keys begin with the observance and the occasion, for every reader.
    waiting = reminders.list_waiting(session)
    reminders.withdraw_deliveries(session, {key for name, key, _ in waiting if name.startswith(prefix)})
