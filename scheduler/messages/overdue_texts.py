"""Texts of what is overdue: to secretaries, and as the weekly list. PURE."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from models.rules.output.zh_text import escape, format_short_day
from models.rules.people.roles import Role
from models.rules.types import Occurrence

Name = Callable[[int], str]
MOST_LINES = 15
MOST_DAYS = 3
TOLD = {Role.SUPERVISOR: "已提醒过书记", Role.LEADER: "已提醒过书记和督导组"}


def format_own_overdue(
    rows: Sequence[Occurrence], where: Name, what: Callable[[str], str], today: date
) -> str:
    """To secretaries: what is overdue, by organization."""
    return "\n".join(["<b>已过期，还没有记录</b>", *list_by_organization(rows, where, what, today)])


def format_weekly_list(
    rows: Sequence[Occurrence],
    steps: Sequence[tuple[Role, Occurrence]],
    where: Name,
    what: Callable[[str], str],
    today: date,
) -> str:
    """To supervisors and leaders: what is passed on to them, then what else is overdue."""
    every = list(dict.fromkeys((*(row for _, row in steps), *rows)))
    lines = [f"<b>本周关注</b>：逾期 {len(every)} 项"]
    new: list[Occurrence] = []
    for role in dict.fromkeys(role for role, _ in steps):
        # Somebody with two roles reads each occurrence once.
        mine = [row for each, row in steps if each is role and row not in new]
        new += mine
        if mine:
            lines += [
                f"【{TOLD.get(role, '已提醒过')}，仍未办】",
                *list_by_organization(mine, where, what, today),
            ]
    rest = [row for row in every if row not in new]
    if rest:
        lines += ["【逾期】"] * bool(new) + list_by_organization(rest, where, what, today)
    lines.append("看全部发：逾期")
    return "\n".join(lines)


def list_by_organization(
    rows: Sequence[Occurrence], where: Name, what: Callable[[str], str], today: date
) -> list[str]:
    """文科支部：主题党日（9月5日）、党课（9月30日）; a line an organization, in the order given."""
    grouped: dict[int, dict[str, list[str]]] = {}
    for row in rows:
        days = grouped.setdefault(row.organization_id, {}).setdefault(what(row.requirement), [])
        days.append(format_short_day(row.due_on, today))
    lines = [f"{escape(where(place))}：{_format_names(names)}" for place, names in grouped.items()]
    more = [f"……还有 {len(lines) - MOST_LINES} 个组织"] if len(lines) > MOST_LINES else []
    return [*lines[:MOST_LINES], *more]


def _format_names(names: Mapping[str, Sequence[str]]) -> str:
    return "、".join(f"{escape(name)}（{_format_days(days)}）" for name, days in names.items())


def _format_days(days: Sequence[str]) -> str:
    if len(days) <= MOST_DAYS:
        return "、".join(days)
    return f"{len(days)}次，最早{days[0]}"
