"""The words of what leaders do: closing a month, urging, changing an occurrence, telling many. PURE."""

from collections.abc import Mapping, Sequence
from datetime import date

from models.rules.status import State
from models.rules.wording import escape, period_name, short_day

STATES = (
    (State.DONE, "已办"),
    (State.DONE_LATE, "迟办"),
    (State.WAIVED, "免办"),
    (State.OVERDUE, "逾期"),
    (State.NOT_SEEN, "未见记录"),
)
MOST_SHOWN = 6


def not_for_you() -> str:
    """Somebody who may not do what leaders do."""
    return "这件事由领导来做。"


def figures(counts: Mapping[str, int]) -> str:
    """应办 30：已办 12 · 迟办 1 · 免办 0 · 逾期 2 · 未见记录 0 · 待办 15."""
    named = [f"{name} {counts.get(state, 0)}" for state, name in STATES]
    coming = sum(counts.values()) - sum(counts.get(state, 0) for state, _ in STATES)
    return f"应办 {sum(counts.values())}：{' · '.join([*named, f'待办 {coming}'])}"


def close_which(
    month: str, rows: Sequence[tuple[str, Mapping[str, int], date | None]], *, over: bool, today: date
) -> str:
    """Before a month is closed: each organization, its figures, and the day on which it was closed before."""
    lines = [f"<b>封账 {period_name(month)}</b>"]
    for where, counts, before in rows:
        lines.append(f"{escape(where)}\n{figures(counts)}")
        if before is not None:
            lines.append(f"{short_day(before, today)}封过一次，再封会另留一份。")
    if not over:
        lines.append("这个月还没过完，现在封账只留到今天的数字。")
    lines.append("封账后数字留底；以后补报照常登记，查看这个月时单独列出。")
    return "\n".join(lines)


def closed(month: str, rows: Sequence[tuple[str, Mapping[str, int]]], today: date) -> str:
    """A month was closed."""
    lines = [f"已封账 {period_name(month)}（{short_day(today)}）"]
    return "\n".join([*lines, *(f"{escape(where)}\n{figures(counts)}" for where, counts in rows)])


def closed_before(month: str, day: date, counts: Mapping[str, int] | None, today: date) -> str:
    """Under the status of a closed month: when, and the figures that were kept of just what is shown."""
    kept = f"，当时{figures(counts)}" if counts is not None else ""
    return f"{period_name(month)}已于{short_day(day, today)}封账{kept}"


def not_closed() -> str:
    """The leader has thought better of it."""
    return "好的，没有封账。"


def month_to_come() -> str:
    """A month that has not begun cannot be closed."""
    return "这个月还没开始，不能封账。可以写：封账11月"


def empty_month(month: str) -> str:
    """A month without anything due."""
    return f"{period_name(month)}没有应办事项，不用封账。"


def which_month() -> str:
    """What was written names no month."""
    return "请写明哪个月，例如：封账11月"


def changed_since(lines: Sequence[str], since: str) -> list[str]:
    """What has changed since a day or a closing."""
    if not lines:
        return []
    more = [f"……还有 {len(lines) - MOST_SHOWN} 处"] if len(lines) > MOST_SHOWN else []
    return [f"{since}有变化 {len(lines)} 处：", *lines[:MOST_SHOWN], *more]


def came(day: date, where: str, what: str, held_on: date, today: date) -> str:
    """9月20日 文科支部 主题党日：登记（9月4日办）."""
    return f"{_subject(day, where, what, today)}：登记（{short_day(held_on, today)}办）"


def went(day: date, where: str, what: str, today: date) -> str:
    """A record was withdrawn, or gave way to another."""
    return f"{_subject(day, where, what, today)}：撤回或更正"


def altered(day: date, where: str, what: str, moved_to: date | None, *, waived: bool, today: date) -> str:
    """An occurrence was waived, moved, or put back."""
    how = "免办" if waived else f"改到{short_day(moved_to, today)}" if moved_to else "恢复原样"
    return f"{_subject(day, where, what, today)}：{how}"


def _subject(day: date, where: str, what: str, today: date) -> str:
    return f"{short_day(day, today)} {escape(where)} {escape(what)}"
