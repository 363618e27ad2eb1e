"""Texts about the calendar, the preview and subscriptions. PURE."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from models.rules.output.agenda import Line
from models.rules.output.zh_text import escape, format_full_day, format_period, format_short_day, join_names

PROVISIONAL = "放假安排未公布，按规则预计"
MOST_PLACES = 3
PROVISIONAL_MARK = "（预计）"


def format_month(title: str, first: date, lines: Sequence[Line], today: date) -> str:
    """One month under its title; days that depend on unpublished days off are marked 预计."""
    year = "" if first.year == today.year else f"{first.year}年"
    head = f"<b>{year}{first.month}月日历</b> · {escape(title)}"
    return "\n".join([head, *(format_month_lines(lines, today) or ["没有安排。"]), *format_footnote(lines)])


def format_month_lines(lines: Iterable[Line], today: date) -> list[str]:
    """9月25日（周五） 中秋节 · 提醒9月24日, and 9月5日（周六） 主题党日：理科支部."""
    return [f"{format_full_day(line.day, today)} {_format_line(line, today)}" for line in lines]


def format_footnote(lines: Iterable[Line]) -> list[str]:
    """The note that explains 预计, if a line is marked so."""
    return [f"（预计：{PROVISIONAL}）"] if any(line.provisional for line in lines) else []


def _format_line(line: Line, today: date) -> str:
    if not line.places:
        reminder = f" · 提醒{format_short_day(line.remind_on, today)}" if line.remind_on else ""
        return f"{escape(line.name)}{reminder}{PROVISIONAL_MARK * line.provisional}"
    marks = f"{'（免办）' * line.waived}{'（一般）' * line.usual}{PROVISIONAL_MARK * line.provisional}"
    period = f"（{format_period(line.period)}）" if _is_other_period(line) else ""
    return f"{escape(line.name)}{period}：{escape(join_names(line.places, MOST_PLACES))}{marks}"


def _is_other_period(line: Line) -> bool:
    """Whether the period must be named: it lies in another year than the due day."""
    return not line.period.startswith(f"{line.day.year}")


def format_preview(slot: datetime, count: int, text: str, *, alike: bool) -> str:
    """One message under its moment and its number of recipients."""
    each = "" if alike else "，各收到本组织的，例如"
    head = f"<b>{format_full_day(slot.date())} {slot:%H:%M}</b> 发给 {count} 人{each}："
    return f"{head}\n<blockquote>{text}</blockquote>"


def format_preview_page(days: int, blocks: Sequence[str]) -> str:
    """One page of the preview of that many days."""
    head = f"今后{days}天要发的消息（什么也没有发）"
    return "\n\n".join([head, *(blocks or ["没有要发的。"])])


PREVIEW_NOT_ALLOWED = "预览是给领导看的。想看接下来的活动和节日，请发：日历"
"""The speaker is not a leader."""


def format_feed(organization: str, address: str, *, renewed: bool) -> str:
    """The address of the feed and how to subscribe."""
    old = "旧地址已作废。" if renewed else ""
    return (
        f"{old}{escape(organization)}的日历：在手机日历里选“添加订阅日历”，粘贴这个地址。\n"
        f"<code>{escape(address)}</code>\n改期会自己跟着变。知道地址的人都能看，书记发“订阅 换”可以换一个。"
    )


FEED_NOT_AVAILABLE = "还没有开通日历订阅。想看接下来的活动和节日，请发：日历"
"""The feed is disabled, or the speaker has no organization."""
