"""The words of the status: what is missing first, then the counts, then a branch's detail. PURE."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.occurrences import Occurrence
from models.rules.status import Done, State
from models.rules.wording import escape, full_day, period_name, short_day

COMING = (State.DUE, State.PARTIAL, State.NOT_YET)
MARKS = {
    State.DONE: "已办",
    State.DONE_LATE: "迟办",
    State.WAIVED: "免办",
    State.OVERDUE: "逾期",
    State.NOT_SEEN: "未见记录",
    State.DUE: "待办",
    State.PARTIAL: "进行中",
    State.NOT_YET: "未到",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One occurrence to show: its organization and requirement by name, its state and what was done."""

    organization: str
    requirement: str
    occurrence: Occurrence
    state: State
    done: Done | None


@dataclass(frozen=True, slots=True)
class Held:
    """One record to show."""

    requirement: str
    held_on: date
    present: int | None
    expected: int | None
    topic: str | None
    reporter: str


def range_name(first: date, last: date, today: date) -> str:
    """9月, 第3季度, 2025年 …, or the two days."""
    year = f"{first.year}年" if first.year != today.year else ""
    ends_month = (last + timedelta(days=1)).day == 1
    if first.day == 1 and ends_month and first.year == last.year:
        if first.month == last.month:
            return f"{year}{first.month}月"
        span = (first.month, last.month)
        if span in {(1, 3), (4, 6), (7, 9), (10, 12)}:
            return f"{year}第{last.month // 3}季度"
        named = {(1, 6): "上半年", (7, 12): "下半年", (1, 12): "全年"}
        if span in named:
            return f"{first.year}年{named[span]}" if span == (1, 12) else f"{year}{named[span]}"
    return f"{short_day(first, today)}至{short_day(last, today)}"


def overview(
    title: str, items: Sequence[Item], today: date, *, page: int = 0, page_lines: int = 20
) -> tuple[str, bool]:
    """The message and whether there is more: missing first, then what is due, then one line of counts."""
    lines = _sections(items, today)
    start = page * page_lines
    shown = lines[start : start + page_lines]
    more = len(lines) > start + page_lines
    if not lines:
        shown = ["没有欠着的，都办好了。" if items else "这段时间没有应办事项。"]
    parts = [f"<b>{escape(title)}</b>（截至{short_day(today)}）", *shown]
    if items:
        parts.append(counts(items))
    return "\n".join(parts), more


def counts(items: Iterable[Item]) -> str:
    """应办 30：已办 12 · 迟办 1 · 免办 0 · 逾期 2 · 待办 15."""
    states = Counter(item.state for item in items)
    coming = sum(states[state] for state in COMING)
    unseen = f" · 未见记录 {states[State.NOT_SEEN]}" if states[State.NOT_SEEN] else ""
    return (
        f"应办 {states.total()}：已办 {states[State.DONE]} · 迟办 {states[State.DONE_LATE]}"
        f" · 免办 {states[State.WAIVED]} · 逾期 {states[State.OVERDUE]}{unseen} · 待办 {coming}"
    )


def branch_detail(
    title: str,
    items: Sequence[Item],
    held: Sequence[Held],
    today: date,
    *,
    away: Sequence[tuple[str, int, Sequence[str]]] = (),
) -> str:
    """One organization: each requirement with its state, who asked for leave, then the records."""
    lines = [f"<b>{escape(title)}</b>（截至{short_day(today)}）"]
    lines += [_detail_line(item, today) for item in items] or ["这段时间没有应办事项。"]
    for what, count, names in away:
        who = f"：{escape('、'.join(names))}" if names else ""
        lines.append(f"{escape(what)}已请假 {count} 人{who}")
    if held:
        lines += ["", "记录："]
        lines += [_held_line(record, today) for record in held]
    return "\n".join(lines)


def _sections(items: Sequence[Item], today: date) -> list[str]:
    lines: list[str] = []
    for heading, states in (
        ("逾期", (State.OVERDUE,)),
        ("未见记录", (State.NOT_SEEN,)),
        ("待办", COMING),
    ):
        chosen = [item for item in items if item.state in states]
        if chosen:
            lines.append(f"【{heading}】")
            lines += _by_branch(chosen, today)
    return lines


def _by_branch(items: Sequence[Item], today: date) -> list[str]:
    grouped: dict[str, list[str]] = {}
    for item in items:
        due = short_day(item.occurrence.due_on, today)
        grouped.setdefault(item.organization, []).append(f"{escape(item.requirement)}（{due}）")
    return [f"{escape(name)}：{'、'.join(dict.fromkeys(parts))}" for name, parts in grouped.items()]


def _detail_line(item: Item, today: date) -> str:
    due = f"{full_day(item.occurrence.due_on, today)}前"
    done = item.done
    if done is not None and done.last_on is not None and item.state in (State.DONE, State.DONE_LATE):
        due = full_day(done.last_on, today)
    moved = "（已改期）" if item.occurrence.moved and item.state in COMING else ""
    return (
        f"{MARKS.get(item.state, '')} {escape(item.requirement)} "
        f"{period_name(item.occurrence.period)} {due}{moved}"
    )


def _held_line(record: Held, today: date) -> str:
    numbers = " ".join(
        f"{name} {value}"
        for name, value in (("应到", record.expected), ("实到", record.present))
        if value is not None
    )
    topic = (
        f"《{escape(record.topic)}》"
        if record.topic and "《" not in record.topic
        else escape(record.topic or "")
    )
    parts = [short_day(record.held_on, today), escape(record.requirement), numbers, topic]
    return " ".join(part for part in parts if part) + f"（{escape(record.reporter)}报）"
