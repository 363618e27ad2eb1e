"""Texts about closings, nudges, changed occurrences, broadcasts and receipts. PURE."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from models.rules.output.zh_text import escape, format_period, format_short_day, join_names
from models.rules.requirements.status import State

STATES = (
    (State.DONE, "已办"),
    (State.DONE_LATE, "迟办"),
    (State.WAIVED, "免办"),
    (State.OVERDUE, "逾期"),
    (State.NOT_SEEN, "未见记录"),
)
MOST_SHOWN, MOST_URGED = 6, 40


LEADERS_ONLY = "这件事由领导来做。"
"""The speaker is not a leader."""


def format_figures(counts: Mapping[str, int]) -> str:
    """应办 30：已办 12 · 迟办 1 · 免办 0 · 逾期 2 · 未见记录 0 · 待办 15."""
    named = [f"{name} {counts.get(state, 0)}" for state, name in STATES]
    coming = sum(counts.values()) - sum(counts.get(state, 0) for state, _ in STATES)
    return f"应办 {sum(counts.values())}：{' · '.join([*named, f'待办 {coming}'])}"


def format_close_question(
    month: str, rows: Sequence[tuple[str, Mapping[str, int], date | None]], *, over: bool, today: date
) -> str:
    """The question before a closing: organizations, counts, and days of earlier closings."""
    lines = [f"<b>封账 {format_period(month)}</b>"]
    for where, counts, before in rows:
        lines.append(f"{escape(where)}\n{format_figures(counts)}")
        if before is not None:
            lines.append(f"{format_short_day(before, today)}封过一次，再封会另留一份。")
    if not over:
        lines.append("这个月还没过完，现在封账只留到今天的数字。")
    lines.append("封账后数字留底；以后补报照常登记，查看这个月时单独列出。")
    return "\n".join(lines)


def format_closed(month: str, rows: Sequence[tuple[str, Mapping[str, int]]], today: date) -> str:
    """A month was closed."""
    lines = [f"已封账 {format_period(month)}（{format_short_day(today)}）"]
    return "\n".join([*lines, *(f"{escape(where)}\n{format_figures(counts)}" for where, counts in rows)])


def format_closed_before(month: str, day: date, counts: Mapping[str, int] | None, today: date) -> str:
    """Under the status of a closed month: the day, and the stored counts of the same selection."""
    kept = f"，当时{format_figures(counts)}" if counts is not None else ""
    return f"{format_period(month)}已于{format_short_day(day, today)}封账{kept}"


NOT_CLOSED = "好的，没有封账。"
"""The leader declined to close the month."""


def format_month_to_come(month: str, over: date) -> str:
    """The month has not begun; with the last month that can be closed."""
    return f"{format_period(month)}还没到，不能封账。上一个过完的月可以封：{_format_close_command(over)}"


def format_empty_month(month: str) -> str:
    """Nothing is due in the month."""
    return f"{format_period(month)}没有应办事项，不用封账。"


def format_which_month(over: date) -> str:
    """The text after 封账 names no month."""
    return f"请写明哪个月，例如：{_format_close_command(over)}"


def _format_close_command(month: date) -> str:
    return f"封账{month.year}年{month.month}月"


def format_changes(lines: Sequence[str], since: str) -> list[str]:
    """The changes since a day or a closing: their number and the first ones."""
    if not lines:
        return []
    more = [f"……还有 {len(lines) - MOST_SHOWN} 处"] if len(lines) > MOST_SHOWN else []
    return [f"{since}有变化 {len(lines)} 处：", *lines[:MOST_SHOWN], *more]


def format_record_added(day: date, where: str, what: str, held_on: date, today: date) -> str:
    """9月20日 文科支部 主题党日：登记（9月4日办）."""
    return f"{_format_subject(day, where, what, today)}：登记（{format_short_day(held_on, today)}办）"


def format_record_removed(day: date, where: str, what: str, today: date) -> str:
    """A record was withdrawn or replaced."""
    return f"{_format_subject(day, where, what, today)}：撤回或更正"


def format_occurrence_changed(
    day: date, where: str, what: str, moved_to: date | None, *, waived: bool, today: date
) -> str:
    """An occurrence was waived, moved or restored."""
    how = "免办" if waived else f"改到{format_short_day(moved_to, today)}" if moved_to else "恢复原样"
    return f"{_format_subject(day, where, what, today)}：{how}"


def _format_subject(day: date, where: str, what: str, today: date) -> str:
    return f"{format_short_day(day, today)} {escape(where)} {escape(what)}"


def format_nudge_preview(
    rows: Sequence[tuple[str, Sequence[str], str]], urged: Sequence[str], unreached: Sequence[str]
) -> str:
    """Who would be nudged about what; and the organizations that are left out, with the reason."""
    people = {name for _, names, _ in rows for name in names}
    lines = [f"<b>催办</b>：{len(rows)} 个组织，{len(people)} 人会收到"]
    lines += [
        f"{escape(where)}（{escape(join_names(list(names), 6))}）：{escape(what)}"
        for where, names, what in rows[:MOST_URGED]
    ]
    if len(rows) > MOST_URGED:
        lines.append(f"……还有 {len(rows) - MOST_URGED} 个组织")
    return "\n".join(lines + _format_left_out(urged, unreached))


def format_nothing_to_nudge(urged: Sequence[str], unreached: Sequence[str]) -> str:
    """No organization can be nudged now."""
    return "\n".join(["现在没有可以催办的。", *_format_left_out(urged, unreached)])


def _format_left_out(urged: Sequence[str], unreached: Sequence[str]) -> list[str]:
    lines = [f"一周内催过，这次不发：{escape(join_names(list(urged), 8))}"] if urged else []
    return lines + ([f"没有人加入，发不到：{escape(join_names(list(unreached), 8))}"] if unreached else [])


def format_nudge_subjects(rows: Sequence[tuple[str, str]]) -> str:
    """主题党日（2026年9月）、党课（2026年第3季度）."""
    return "、".join(f"{what}（{format_period(period)}）" for what, period in rows)


def format_nudge(rows: Sequence[tuple[str, str]]) -> str:
    """The nudge itself: each organization and what is overdue there."""
    lines = ["<b>催办</b>：下面这些过了日子，还没有见到记录"]
    lines += [f"{escape(where)}：{escape(what)}" for where, what in rows]
    lines.append("办了请直接回复这条消息，例如：主题党日昨天开了，23人，请假2人。没办也请尽快安排。")
    return "\n".join(lines)


def format_nudge_sent(count: int) -> str:
    """The number of recipients of a nudge; 0 where none was left."""
    return (
        f"已催办，发给 {count} 人。同一个组织一周内不会再催。"
        if count
        else "没有发出：刚刚已经有人催过或办完了。"
    )


HOW_TO_BROADCAST = "请写清发给谁、说什么，例如：\n通知第二督导组：明天下午3点开会\n通知全体：……"
"""How to write a broadcast."""


def format_too_long(length: int, most: int) -> str:
    """The text does not fit into one message."""
    return f"内容 {length} 字，太长了，请压缩到 {most} 字以内。"


def format_nobody_joined(where: str) -> str:
    """No person of these organizations has joined."""
    return f"{escape(where)}还没有人加入，发不到。"


def format_broadcast(text: str) -> str:
    """The broadcast itself."""
    return f"<b>通知</b>\n{escape(text)}"


def format_broadcast_preview(
    text: str, where: str, staff: int, everybody: int, *, absent: int, quiet_until: str
) -> str:
    """The question before a broadcast: the message and its recipients."""
    lines = [f"<b>将发给 {escape(where)}</b>，对方看到的是：", "————", text, "————"]
    lines.append(f"书记和干事 {staff} 人，全体 {everybody} 人（不含您）")
    if absent:
        lines.append(f"另有 {absent} 人没有加入，收不到")
    if quiet_until:
        lines.append(f"现在是免打扰时间，{quiet_until} 发出")
    return "\n".join(lines)


STOPPING = "正在停止……"
"""The remaining messages of a broadcast are not sent."""


RECEIPT_BUTTON = "已阅"
"""The label of the button under a reminder."""


RECEIPT_THANKS = "已阅，谢谢"
"""The label of the button after it was pressed."""


def format_receipts(waves: Sequence[tuple[datetime, int, int]], today: date) -> str:
    """The last reminders, newest first: when they were sent, to how many, and read by how many."""
    if not waves:
        return "近30天没有可以统计的已阅。"
    lines = [
        f"{format_short_day(at.date(), today)} {at:%H:%M}：发出 {sent}，已阅 {read}"
        for at, sent, read in waves
    ]
    return "\n".join(["<b>已阅</b>（只有人数，不点名；没点不等于没看）", *lines])


NOTHING_SENT = "好的，没有发。"
"""The leader declined to send."""
