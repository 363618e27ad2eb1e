"""The values of status files: items and records as board, ledger or record sheet. PURE."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from handlers.exports.board_grid import Board, Column, build_board
from handlers.exports.ledger import Book, Line, Meeting, Sheet
from handlers.status.texts import Held, Item
from models.rules.output.zh_text import format_period, format_short_day
from models.rules.requirements.entries import Entry
from models.rules.requirements.status import State

Subject = tuple[str, int, str]


def build_status_board(
    title: str, items: Sequence[Item], *, first: date, last: date, today: date, groups: Mapping[int, str]
) -> Board:
    """Organizations × requirements × months; for a single organization requirements × months."""
    months = _list_months(first, last, items)
    note = f"截至{format_short_day(today)}"
    organizations = list(dict.fromkeys(item.organization for item in items))
    requirements = list(dict.fromkeys(item.requirement for item in items))
    if len(organizations) == 1:
        columns = [Column(month) for month in months.values()]
        states = [((item.requirement, _format_month(item, months), ""), item.state) for item in items]
        return build_board(title, note, states, rows=requirements, columns=columns)
    several = len(months) > 1
    named = {item.organization: groups.get(item.occurrence.organization_id, "") for item in items}
    return build_board(
        title,
        note,
        [
            (
                (item.organization, item.requirement, _format_month(item, months) if several else ""),
                item.state,
            )
            for item in items
        ],
        rows=_sort_by_group(organizations, named),
        columns=[Column(what, tuple(months.values()) if several else ("",)) for what in requirements],
        groups=named,
    )


def build_status_book(
    overview: Board,
    unit: str,
    as_of: date,
    items: Sequence[Item],
    *,
    held: Mapping[Subject, Sequence[tuple[Entry, Held]]],
    free: Sequence[tuple[str, str, Held, Entry]] = (),
    groups: Mapping[int, str],
) -> Book:
    """The ledger: for each requirement a sheet with its records and occurrences without one.

    `held` maps an occurrence to its records; `free` are the records of activities without due days, as
    (organization, group, record as shown, entry).
    """
    sheets: dict[str, list[Line]] = {}
    for item in items:
        row = item.occurrence
        group = groups.get(row.organization_id, "")
        blank = Line(group, item.organization, format_period(row.period), row.due_on, item.state)
        known = held.get((row.requirement, row.organization_id, row.period), ())
        lines = [_fill_line(blank, entry, record) for entry, record in known] or [blank]
        sheets.setdefault(item.requirement, []).extend(lines)
    for organization, group, record, entry in free:
        period = format_period(entry.period or "")
        blank = Line(group, organization, period, record.held_on, State.DONE)
        sheets.setdefault(record.requirement, []).append(_fill_line(blank, entry, record))
    ordered = tuple(Sheet(name, tuple(lines)) for name, lines in sheets.items())
    return Book(overview.title, unit, as_of, overview, ordered)


def build_meeting(organization: str, requirement: str, entry: Entry) -> Meeting:
    """The record sheet of one record; the recorder is never reported and stays blank."""
    return Meeting(
        organization,
        requirement,
        entry.held_on,
        entry.held_until,
        entry.place or "",
        entry.host or "",
        entry.expected,
        entry.present,
        entry.absent,
        entry.observers,
        entry.topic or "",
    )


def _fill_line(blank: Line, entry: Entry, record: Held) -> Line:
    return replace(
        blank,
        held_on=record.held_on,
        expected=entry.expected,
        present=entry.present,
        absent=entry.absent,
        observers=entry.observers,
        topic=entry.topic or "",
        place=entry.place or "",
        host=entry.host or "",
        reporter=record.reporter,
        reported_on=record.reported_on,
    )


def _sort_by_group(organizations: Iterable[str], groups: Mapping[str, str]) -> list[str]:
    """The organizations sorted by group, groups in the order of their first organization."""
    names = list(organizations)
    order = list(dict.fromkeys(groups[name] for name in names))
    return sorted(names, key=lambda name: order.index(groups[name]))


def _list_months(first: date, last: date, items: Iterable[Item]) -> dict[tuple[int, int], str]:
    """The heads of the months from the earliest due day to the last day asked about."""
    earliest = min([first, *(item.occurrence.due_on for item in items)])
    months = []
    year, month = earliest.year, earliest.month
    while (year, month) <= (last.year, last.month):
        months.append((year, month))
        year, month = year + month // 12, month % 12 + 1
    one_year = len({year for year, _ in months}) == 1
    return {key: f"{key[1]}月" if one_year else f"{key[0] % 100}.{key[1]}" for key in months}


def _format_month(item: Item, months: Mapping[tuple[int, int], str]) -> str:
    """The head of the month in which an item is due; the last head for a later month."""
    due = item.occurrence.due_on
    return months.get((due.year, due.month)) or list(months.values())[-1]
