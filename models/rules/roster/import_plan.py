"""What an import of the two files would change in the register."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from models.rules.people.roles import Role
from models.rules.roster.cells import get_identity
from models.rules.roster.matching import index_by_id, match_people
from models.rules.roster.organization_rows import read_organizations
from models.rules.roster.person_rows import Known, list_same_addresses, list_same_places, read_people
from models.rules.roster.sheets import (
    ORGANIZATION_COLUMNS,
    ORGANIZATION_EXTRAS,
    PEOPLE_COLUMNS,
    PEOPLE_EXTRAS,
    Sheet,
    create_file_problem,
    read_table,
)
from models.rules.roster.tree_checks import index_names
from models.rules.roster.types import (
    Change,
    ImportPlan,
    OrganizationEntry,
    PersonEntry,
    Problem,
    Roster,
)


def plan_import(
    stored: Roster, organizations: Sheet | None, people: Sheet | None, *, today: date
) -> ImportPlan:
    """The changes that make the register what the files say; with wrong cells there are none.

    A file that is not given leaves its part as it is, except that nobody stays in an organization
    that is gone. Every file is the whole register of its kind: what is not in it is gone.
    """
    wrong: list[Problem] = []
    notes: list[Problem] = []
    # Without a file of organizations the stored ones stand.
    entries = tuple(entry for entry in stored.organizations if not entry.ended)
    if organizations is not None:
        read = read_table(organizations, ORGANIZATION_COLUMNS, ORGANIZATION_EXTRAS)
        entries, problems = read_organizations(read, stored.organizations, today)
        wrong += problems
        notes += read.notes
    # Before people are compared, or a renamed organization would move everybody in it.
    before = _rename_places(stored, entries)
    if people is not None:
        read = read_table(people, PEOPLE_COLUMNS, PEOPLE_EXTRAS)
        rows, problems = read_people(read, _list_known(entries))
        after = match_people(rows, before)
        wrong += [*problems, *list_same_addresses(read, after, before)]
        notes += [*read.notes, *list_same_places(read, after, index_by_id(before))]
        notes += _check_admins(people, before, after)
    else:
        after = tuple(_list_staying(before, entries))
    if wrong:
        return ImportPlan(wrong=tuple(wrong), notes=tuple(notes))
    return _compare_rosters(stored, entries, before, after, notes)


def _check_admins(
    people: Sheet, before: Iterable[PersonEntry], after: Iterable[PersonEntry]
) -> Iterator[Problem]:
    """Check that an import leaves somebody to administer the bot."""
    had, has = (
        any(place.role is Role.ADMIN for person in persons for place in person.places)
        for persons in (before, after)
    )
    if had and not has:
        yield create_file_problem(people.name, "导入后没有管理员了；要留一位，请在“角色”里写 管理员")


def _list_known(entries: Iterable[OrganizationEntry]) -> Known:
    found = list(entries)
    return Known(
        index_names(found), {get_identity(name): name for entry in found for name in entry.oversights}
    )


def _rename_places(stored: Roster, entries: Iterable[OrganizationEntry]) -> tuple[PersonEntry, ...]:
    """The stored people with the names that their organizations have in the file."""
    names = _list_new_names(stored, entries)
    return tuple(
        replace(
            person,
            places=tuple(
                place if place.oversight else replace(place, name=names.get(place.name, place.name))
                for place in person.places
            ),
            former=frozenset(names.get(name, name) for name in person.former),
        )
        for person in stored.people
    )


def _list_new_names(stored: Roster, entries: Iterable[OrganizationEntry]) -> dict[str, str]:
    after = {entry.id: entry.name for entry in entries if entry.id is not None}
    return {entry.name: after[entry.id] for entry in stored.organizations if entry.id in after}


def _list_staying(
    people: Iterable[PersonEntry], entries: Iterable[OrganizationEntry]
) -> Iterator[PersonEntry]:
    """The people without places that are gone; who has none left is not among them."""
    known = _list_known(entries)
    for person in people:
        places = tuple(
            place
            for place in person.places
            if get_identity(place.name) in (known.oversights if place.oversight else known.organizations)
        )
        if places:
            yield replace(person, places=places)


def _compare_rosters(
    stored: Roster,
    entries: tuple[OrganizationEntry, ...],
    before: tuple[PersonEntry, ...],
    after: tuple[PersonEntry, ...],
    notes: Iterable[Problem],
) -> ImportPlan:
    organizations = tuple(_list_organization_changes(stored, entries))
    people = tuple(_list_people_changes(before, after))
    old_order = {entry.id: entry.position for entry in stored.organizations}
    old_places = {person.id: person.position for person in stored.people}
    return ImportPlan(
        organizations=organizations,
        people=people,
        organization_order=_list_moved(old_order, entries),
        people_order=_list_moved(old_places, after),
        reordered=_is_reordered(old_order, entries) or _is_reordered(old_places, after),
        oversights=Roster(entries).oversights,
        notes=tuple(notes),
    )


def _list_organization_changes(
    stored: Roster, entries: tuple[OrganizationEntry, ...]
) -> Iterator[Change[OrganizationEntry]]:
    names = _list_new_names(stored, entries)
    old = {entry.id: entry for entry in stored.organizations}
    for entry in entries:
        before = old.get(entry.id) if entry.id is not None else None
        if before is None or _get_compared_facts(before, names) != _get_compared_facts(entry, {}):
            yield Change(before, entry)
    kept = {entry.id for entry in entries}
    for entry in stored.organizations:
        # What ended before is not reported as gone again.
        if not entry.ended and entry.id not in kept:
            yield Change(entry, None)


def _get_compared_facts(entry: OrganizationEntry, names: dict[str, str]) -> OrganizationEntry:
    """What counts as a change: everything but the position and the order of the oversights."""
    parent = names.get(entry.parent, entry.parent) if entry.parent else None
    return replace(entry, position=0, oversights=tuple(sorted(entry.oversights)), parent=parent)


def _list_people_changes(
    before: tuple[PersonEntry, ...], after: tuple[PersonEntry, ...]
) -> Iterator[Change[PersonEntry]]:
    old = index_by_id(before)
    for person in after:
        known = old.get(person.id) if person.id is not None else None
        if known is None or _has_changed(known, person):
            yield Change(known, person)
    kept = {person.id for person in after}
    for person in before:
        if person.places and person.id not in kept:
            yield Change(person, None)


def _has_changed(before: PersonEntry, after: PersonEntry) -> bool:
    """Chats that the file does not name stay, so only one that it adds is a change."""
    posts = set(before.places) != set(after.places)
    return posts or before.name != after.name or not after.addresses <= before.addresses


Entries = tuple[OrganizationEntry, ...] | tuple[PersonEntry, ...]


def _list_moved(old: dict[int | None, int], entries: Entries) -> dict[int, int]:
    """The new position of each stored entry that stands elsewhere now, by id."""
    return {
        entry.id: entry.position
        for entry in entries
        if entry.id is not None and old.get(entry.id) != entry.position
    }


def _is_reordered(old: dict[int | None, int], entries: Entries) -> bool:
    """Whether the entries that stay follow each other in another order than before."""
    places = [old[entry.id] for entry in entries if entry.id in old]
    return places != sorted(places)
