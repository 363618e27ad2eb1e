"""Texts about waiving and moving occurrences. PURE."""

from datetime import date, timedelta

from models.rules.output.zh_text import clip_text, escape, format_full_day, format_period, format_short_day

LATER = timedelta(days=7)
LONGEST = 60


def format_which(where: str) -> str:
    """The question which occurrence to waive or move."""
    return f"{escape(where)}：要免办或改期的是哪一项？"


def format_choice(what: str, due: date) -> str:
    """主题党日 9月5日, on a button."""
    return f"{what} {format_short_day(due)}"


def format_nothing_open(where: str) -> str:
    """The organization has no open occurrence."""
    return f"{escape(where)}这段时间没有待办或逾期的事项。"


def format_how_to(where: str, what: str, period: str, due: date, today: date) -> str:
    """How to waive or move it."""
    head = f"{escape(where)} · {escape(what)} · {format_period(period)}（{format_full_day(due, today)}）"
    return f"{head}\n请回复这条消息，写明原因，例如：\n{_format_examples(today)}"


def format_which_branch(example: str, today: date) -> str:
    """A waiver or a move that names no branch."""
    return (
        "还不知道是哪个支部的哪一项。请先发支部和月份，再把这句话发一次，就能点选，例如：\n"
        f"{escape(example)}{today.month}月情况"
    )


def format_reason_needed(today: date) -> str:
    """A waiver or a move without a reason."""
    return f"请写上原因，例如：\n{_format_examples(today)}"


def format_day_in_past(today: date) -> str:
    """The new day is in the past."""
    return f"新的日子已经过了，请写今天或以后的，例如：{_format_move_example(today)}"


PICK_AGAIN = "这一项已经处理过，或时间太久了。请在支部情况里重新点“免办或改期”。"
"""The pick was answered already or has expired."""


def format_changed(
    where: str, what: str, period: str, moved_to: date | None, *, reason: str, today: date
) -> str:
    """An occurrence was waived or moved."""
    stands = f"改到{format_full_day(moved_to, today)}" if moved_to else "免办"
    why = escape(clip_text(reason, LONGEST))
    return f"已{stands} {escape(where)} · {escape(what)} · {format_period(period)}\n原因：{why}"


def format_restored(where: str, what: str, period: str) -> str:
    """A waiver or a move was undone."""
    return f"已恢复 {escape(where)} · {escape(what)} · {format_period(period)}"


def format_current_change(
    what: str, period: str, moved_to: date | None, *, reason: str, by: str, today: date
) -> str:
    """Under a branch: 免办 党课 2026年第3季度：集中阅卷（示例·老周）."""
    how = f"改到{format_short_day(moved_to, today)}" if moved_to else "免办"
    who = f"（{escape(by)}）" if by else ""
    return f"{how} {escape(what)} {format_period(period)}：{escape(clip_text(reason, LONGEST))}{who}"


def _format_examples(today: date) -> str:
    return f"免办，集中阅卷\n{_format_move_example(today)}"


def _format_move_example(today: date) -> str:
    return f"改到{format_short_day(today + LATER, today)}，校庆冲突"
