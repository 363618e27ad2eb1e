"""The stored roster, and how an import changes it: rows are closed, never deleted."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from models.register.members import OPEN
from models.register.organizations import REGISTER, names, organizations, oversight_names
from models.register.roster_audit import Changed, organization_audits, role_audits
from models.rules.people.roles import Role
from models.rules.roster.types import (
    Change,
    ImportPlan,
    OrganizationEntry,
    PersonEntry,
    Place,
    Roster,
)
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Member, Membership, Organization, Oversight, OversightBranch
from models.tables.records import Audit

CHANNEL = "telegram"  # whose chats the column 聊天号 means
_LOCK = 7_411_903  # any number; the same in every process that may import into one PostgreSQL database


# People written at once, so that progress can be shown; SQLite also limits the numbers in a statement.
PORTION = 500
OnPeople = Callable[[int], None]


class WrongRowsError(ValueError):
    """A plan with wrong rows is never applied: mend the file and plan again."""


def lock(session: Session) -> None:
    """Let imports wait for each other until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def current(session: Session) -> Roster:
    """The whole stored roster, with ended organizations and people who left, in roster order."""
    rows = organizations(session, ended=True)
    called = {row.id: row.name for row in rows}
    looked_after = _looked_after(session)
    entries = tuple(
        OrganizationEntry(
            name=row.name,
            kind=row.kind,
            parent=called.get(row.parent_id or 0),
            aliases=tuple(row.aliases),
            oversights=looked_after.get(row.id, ()),
            has_committee=row.has_committee,
            starts_on=row.starts_on,
            position=row.position,
            id=row.id,
            ended=row.ends_on is not None,
            contact=row.contact,
        )
        for row in rows
    )
    return Roster(entries, _people(session, called))


def apply(
    session: Session,
    plan: ImportPlan,
    *,
    today: date,
    by: int | None = None,
    at: datetime | None = None,
    on_people: OnPeople | None = None,
) -> None:
    """Apply an import plan to the register; memberships end and begin `today`.

    The plan has to be made from `current` in the same transaction. Raises WrongRowsError, and writes
    nothing, where a row is wrong. For the audit, `by` is the person who imports and `at` the time (None:
    the wall clock). `on_people` is called with the number of people of each portion.
    """
    if plan.wrong:
        raise WrongRowsError(WrongRowsError.__doc__)
    if plan.nothing:
        return
    at = at or datetime.now(UTC)
    _apply_organizations(session, plan.organizations, today)
    _apply_oversights(session, plan)
    for start in range(0, len(plan.people), PORTION):
        portion = plan.people[start : start + PORTION]
        people = _apply_people(session, portion, today)
        _apply_addresses(session, people)
        session.add_all(role_audits(people, by, at))
        if on_people is not None:
            on_people(len(portion))
    for table, order in ((Organization, plan.organization_order), (Member, plan.people_order)):
        if order:
            rows = [{"id": key, "position": position} for key, position in order.items()]
            session.execute(update(table), rows)
    session.add_all(organization_audits(plan, by, at))
    counts = {"organizations": len(plan.organizations), "people": len(plan.people)}
    session.add(Audit(at=at, by_member_id=by, action="import", subject=REGISTER, after=counts))
    session.flush()


def _looked_after(session: Session) -> dict[int, tuple[str, ...]]:
    """The names of the oversights of each organization, by its id."""
    query = (
        select(OversightBranch.organization_id, Oversight.name)
        .join(Oversight, Oversight.id == OversightBranch.oversight_id)
        .order_by(Oversight.position, Oversight.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for organization_id, name in session.execute(query):
        found[organization_id] = (*found.get(organization_id, ()), name)
    return found


def _people(session: Session, called: dict[int, str]) -> tuple[PersonEntry, ...]:
    """The stored people, each with open posts, former organizations and addresses."""
    groups = oversight_names(session)
    places: dict[int, list[Place]] = {}
    former: dict[int, set[str]] = {}
    for row in session.scalars(select(Membership).order_by(Membership.id)):
        name = called[row.organization_id] if row.organization_id else groups[row.oversight_id or 0]
        if row.valid_until is None:
            places.setdefault(row.member_id, []).append(Place(row.role, name))
        else:
            former.setdefault(row.member_id, set()).add(name)
    addresses: dict[int, set[str]] = {}
    owned = select(Chat).where(Chat.channel == CHANNEL, Chat.kind == "private", Chat.member_id.is_not(None))
    for chat in session.scalars(owned):
        addresses.setdefault(chat.member_id or 0, set()).add(chat.address)
    return tuple(
        PersonEntry(
            name=member.name,
            places=tuple(places.get(member.id, ())),
            position=member.position,
            id=member.id,
            former=frozenset(former.get(member.id, ())),
            addresses=frozenset(addresses.get(member.id, ())),
        )
        for member in session.scalars(select(Member).order_by(Member.position, Member.id))
    )


def _apply_organizations(session: Session, changes: Sequence[Change[OrganizationEntry]], today: date) -> None:
    """Write changed organizations and end those that are gone."""
    rows = {row.id: row for row in organizations(session, ended=True)}
    for change in changes:
        before, after = change.before, change.after
        if after is None:
            rows[before.id if before and before.id else 0].ends_on = today
            continue
        row = rows[after.id] if after.id else Organization(ends_on=None)
        _fill_organization(row, after)
        session.add(row)
    session.flush()
    _set_parents(session, changes)


def _fill_organization(row: Organization, entry: OrganizationEntry) -> None:
    """Set every column but the parent, whose row may not exist yet."""
    row.name, row.kind, row.aliases = entry.name, entry.kind, list(entry.aliases)
    row.has_committee, row.starts_on = entry.has_committee, entry.starts_on
    row.position, row.ends_on, row.contact = entry.position, None, entry.contact


def _set_parents(session: Session, changes: Sequence[Change[OrganizationEntry]]) -> None:
    """Set the parents of changed organizations by name, once all organizations have a row."""
    # A parent may be new itself: all rows exist and have ids by now.
    by_name = {row.name: row for row in organizations(session, ended=True)}
    for change in changes:
        if change.after is not None:
            parent = by_name[change.after.parent].id if change.after.parent else None
            by_name[change.after.name].parent_id = parent
    session.flush()


def _apply_oversights(session: Session, plan: ImportPlan) -> None:
    """Write the oversights in the plan's order, and the branches of changed organizations."""
    rows = {row.name: row for row in session.scalars(select(Oversight))}
    for position, name in enumerate(plan.oversights, start=1):
        if name not in rows:
            rows[name] = Oversight(name=name, position=position)
            session.add(rows[name])
        rows[name].position = position
    session.flush()
    ids = {name: found for found, name in names(session).items()}
    changed = [ids[entry.name] for change in plan.organizations if (entry := change.after or change.before)]
    session.execute(delete(OversightBranch).where(OversightBranch.organization_id.in_(changed)))
    session.add_all(
        OversightBranch(oversight_id=rows[oversight].id, organization_id=ids[change.after.name])
        for change in plan.organizations
        if change.after is not None
        for oversight in change.after.oversights
    )
    session.flush()


def _apply_people(session: Session, changes: Sequence[Change[PersonEntry]], today: date) -> list[Changed]:
    """Write changed people and their posts; returns the rows with their changes."""
    stored = _load_members(session, [change.before for change in changes if change.before])
    people: list[Changed] = []
    for change in changes:
        entry = change.after or change.before
        if entry is not None:
            row = stored[entry.id] if entry.id else Member()
            row.name, row.position = entry.name, entry.position
            people.append((row, change))
    session.add_all(row for row, _ in people)
    session.flush()
    places = [(row, change.after.places if change.after else ()) for row, change in people]
    _apply_places(session, places, today)
    return people


def _load_members(session: Session, entries: Iterable[PersonEntry]) -> dict[int, Member]:
    """The stored rows of these people by id; entries without an id have none."""
    ids = [entry.id for entry in entries if entry.id]
    return {row.id: row for row in session.scalars(select(Member).where(Member.id.in_(ids)))}


def _apply_addresses(session: Session, people: Iterable[Changed]) -> None:
    """Tie the chats of the file to their people; they count as joined only after /start."""
    wanted = {
        address: member.id
        for member, change in people
        if change.after is not None
        for address in change.after.addresses - (change.before.addresses if change.before else frozenset())
    }
    # Held, since one that is nobody's yet may be forgotten at this moment (`models.privacy.retention`).
    query = select(Chat).where(Chat.channel == CHANNEL, Chat.address.in_(wanted)).with_for_update()
    chats = {chat.address: chat for chat in session.scalars(query)} if wanted else {}
    for address, member_id in wanted.items():
        chat = chats.get(address) or Chat(channel=CHANNEL, address=address, kind="private")
        if chat.member_id != member_id:
            chat.member_id, chat.joined_at = member_id, None
            session.add(chat)
    waiting = update(Delivery).where(Delivery.status == "pending")
    # What waits there is about the former owner of the chat.
    taken = [chat.id for chat in chats.values() if chat.joined_at is None]
    session.execute(waiting.where(Delivery.chat_id.in_(taken)).values(status="withdrawn", error="left"))
    session.flush()


def _apply_places(session: Session, people: Sequence[tuple[Member, tuple[Place, ...]]], today: date) -> None:
    """Close open memberships that are not among the places, and open those that are new."""
    groups = {name: found for found, name in oversight_names(session).items()}
    ids = {name: found for found, name in names(session).items()}
    wanted = {
        _post(row.id, place, groups if place.oversight else ids): None
        for row, places in people
        for place in places
    }
    ending = []
    query = select(Membership).where(OPEN, Membership.member_id.in_([row.id for row, _ in people]))
    for held in session.scalars(query):
        post = (held.member_id, held.role, held.organization_id, held.oversight_id)
        if post in wanted:
            del wanted[post]
        else:
            ending.append(held.id)
    session.execute(update(Membership).where(Membership.id.in_(ending)).values(valid_until=today))
    session.add_all(
        Membership(
            member_id=member_id,
            role=role,
            organization_id=organization_id,
            oversight_id=oversight_id,
            valid_from=today,
        )
        for member_id, role, organization_id, oversight_id in wanted
    )
    session.flush()


def _post(member_id: int, place: Place, ids: dict[str, int]) -> tuple[int, Role, int | None, int | None]:
    """The columns of a membership of one place."""
    found = ids[place.name]
    return (member_id, place.role, None, found) if place.oversight else (member_id, place.role, found, None)
