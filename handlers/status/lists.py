"""The lists of status messages: open items, late items, records and totals. PURE."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from handlers.reading.questions.read import ALL, LATE, MISSING, OVERDUE
from handlers.status.paging import Entry
from handlers.status.texts import COMING, Held, Item, format_brief, format_record
from models.rules.output.zh_text import escape, format_full_day, format_short_day, join_names
from models.rules.requirements.status import State

MISSED = (State.OVERDUE, State.NOT_SEEN)
SOON, SOON_AT_MOST = timedelta(days=14), timedelta(days=31)
MOST_DAYS = 3

Groups = Mapping[int, str]


def list_open_items(
    items: Sequence[Item], groups: Groups, today: date, *, show: str = ALL, last: date
) -> list[Entry]:
    """The items to show: overdue ones first, then those without a record, then those due soon."""
    if show == LATE:
        return [
            Entry("迟办", _format_group(item, groups), _format_late_line(item, today))
            for item in items
            if item.late
        ]
    found = _list_by_organization("逾期", items, (State.OVERDUE,), groups, today)
    if show == OVERDUE:
        return found
    found += _list_by_organization("未见记录", items, (State.NOT_SEEN,), groups, today)
    until = max(today + SOON, min(last, today + SOON_AT_MOST))
    single = len({item.occurrence.organization_id for item in items}) <= 1
    ahead = bool(items) and all(item.occurrence.due_on > until for item in items)
    coming = [
        item
        for item in items
        if item.state in COMING
        and (item.occurrence.due_on <= until or show == MISSING or single or ahead)
        and (item.state is not State.NOT_YET or single or ahead)
    ]
    return found + _list_by_day(coming, today)


def sum_by_requirement(items: Sequence[Item]) -> list[Entry]:
    """One line of totals for each requirement, with the organizations that miss it."""
    return _sum_by(items, lambda item: item.requirement, lambda item: item.organization, lambda _: "")


def sum_by_organization(items: Sequence[Item], groups: Groups) -> list[Entry]:
    """One line of totals for each organization, in the register's order, with what it misses."""
    return _sum_by(
        items,
        lambda item: item.organization,
        lambda item: item.requirement,
        lambda item: _format_group(item, groups),
    )


def sum_by_month(items: Sequence[Item]) -> list[Entry]:
    """One line of totals for each month in which something is due."""
    return _sum_by(
        sorted(items, key=lambda item: item.occurrence.due_on),
        lambda item: f"{item.occurrence.due_on.year}年{item.occurrence.due_on.month}月",
        None,
        lambda _: "",
    )


def list_records(held: Iterable[tuple[int, str, Held]], groups: Groups, today: date) -> list[Entry]:
    """One line for each record; `held` are (organization id, organization name, record)."""
    return [
        Entry("记录", escape(groups.get(place, "")), f"{escape(name)}：{format_record(record, today)}")
        for place, name, record in held
    ]


def _format_group(item: Item, groups: Groups) -> str:
    return escape(groups.get(item.occurrence.organization_id, ""))


def _list_by_organization(
    section: str, items: Sequence[Item], states: Sequence[State], groups: Groups, today: date
) -> list[Entry]:
    """One line for each organization: what it misses, with the due days."""
    lines: dict[int, list[Item]] = {}
    for item in items:
        if item.state in states:
            lines.setdefault(item.occurrence.organization_id, []).append(item)
    # Organizations of one group stand together, groups in the order of their first organization.
    order = list(dict.fromkeys(groups.get(place, "") for place in lines))
    places = sorted(lines, key=lambda place: order.index(groups.get(place, "")))
    return [
        Entry(
            section,
            _format_group(lines[place][0], groups),
            f"{escape(lines[place][0].organization)}：{_format_missed(lines[place], today)}",
        )
        for place in places
    ]


def _format_missed(items: Sequence[Item], today: date) -> str:
    """主题党日（9月5日、10月5日）、党课（9月30日）; more than MOST_DAYS of one kind as their number."""
    days: dict[str, list[str]] = {}
    for item in items:
        day = format_short_day(item.occurrence.due_on, today) + (f" {item.progress}" if item.progress else "")
        days.setdefault(item.requirement, []).append(day)
    parts = []
    for requirement, each in days.items():
        distinct = list(dict.fromkeys(each))
        shown = "、".join(distinct) if len(distinct) <= MOST_DAYS else f"{len(each)}次，最早{distinct[0]}"
        parts.append(f"{escape(requirement)}（{shown}）")
    return "、".join(parts)


def _list_by_day(items: Sequence[Item], today: date) -> list[Entry]:
    """One line for each day and requirement, with its organizations, in order of the days."""
    lines: dict[tuple[date, str], list[str]] = {}
    for item in items:
        key = (item.occurrence.due_on, item.requirement)
        lines.setdefault(key, []).append(
            item.organization + (f"（{item.progress}）" if item.progress else "")
        )
    return [
        Entry(
            "待办",
            "",
            f"{format_full_day(day, today)} {escape(what)}："
            f"{escape(join_names(list(dict.fromkeys(who)), 6))}",
        )
        for (day, what), who in sorted(lines.items(), key=lambda each: each[0][0])
    ]


def _format_late_line(item: Item, today: date) -> str:
    done = item.done.reached_on or item.done.last_on if item.done else None
    held = f"，{format_short_day(done, today)}办" if done else ""
    due = format_short_day(item.occurrence.due_on, today)
    return f"{escape(item.organization)}：{escape(item.requirement)} 应{due}前{held}"


def _sum_by(
    items: Sequence[Item],
    label: Callable[[Item], str],
    missing: Callable[[Item], str] | None,
    group: Callable[[Item], str],
) -> list[Entry]:
    gathered: dict[str, list[Item]] = {}
    for item in items:
        gathered.setdefault(label(item), []).append(item)
    order = list(dict.fromkeys(group(each[0]) for each in gathered.values()))
    entries = []
    for name, each in sorted(gathered.items(), key=lambda pair: order.index(group(pair[1][0]))):
        missed = [missing(item) for item in each if item.state in MISSED] if missing else []
        names = f"\n　缺：{escape(join_names(list(dict.fromkeys(missed)), 6))}" if missed else ""
        entries.append(Entry("", group(each[0]), f"{escape(name)}：{format_brief(each)}{names}"))
    return entries
