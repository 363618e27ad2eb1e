"""Texts of incidents: to admins, and to everybody after a long silence. PURE."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from models.rules.output.zh_text import escape

HEAD = "<b>运行情况</b>"
DECIDE, AGAIN, LET_BE = "decide", "yes", "no"
TAG = re.compile(r"<[^>]*>")
LONGEST = 60
KEPT = timedelta(hours=24)
"""For so long Telegram keeps what it cannot deliver."""


def format_moment(at: datetime, zone: tzinfo) -> str:
    """9月24日10:05."""
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def format_silence(since: datetime, until: datetime, zone: tzinfo) -> str:
    """To everybody: what was written in this time may never have arrived."""
    lost = format_moment(until - KEPT, zone)
    return (
        f"我从{format_moment(since, zone)}起停了一段时间，刚刚恢复。{lost}以前发给我的消息可能没有收到，"
        "如果您发过而没有得到回复，请再发一次，给您添麻烦了。"
    )


def format_silence_note(since: datetime, until: datetime, zone: tzinfo) -> str:
    """The same to admins."""
    span = f"从{format_moment(since, zone)}到{format_moment(until, zone)}"
    return f"{span}没有收消息，超过24小时的部分已收不到；已告诉大家。"


def format_expired(count: int) -> str:
    """To admins: messages that were too late to be sent."""
    return f"{count}条消息过了时限，没有发出。"


def format_missed(count: int) -> str:
    """To admins: reminders that were never created, as nothing ran."""
    return f"停机期间有{count}条提醒过了时限，没有发出。"


def format_set_aside(people: Sequence[str], zone: tzinfo, at: Sequence[datetime]) -> str:
    """To admins: messages that could not be handled, whose, and when they came."""
    which = "、".join(
        f"{escape(who)}（{format_moment(when, zone)}）" for who, when in zip(people, at, strict=True)
    )
    return f"{len(people)}条来信处理不了，已放在一边，后面的照常：{which}。请问问对方要报什么，换个说法再发。"


def format_uncertain(count: int) -> str:
    """To admins: messages of which nobody knows whether they arrived."""
    return f"{count}条消息不知道有没有送到，请看下面，定一下要不要再发。"


def format_fatal(count: int) -> str:
    """To admins: messages that ended the program each time they were sent."""
    return f"{count}条消息每次一发程序就退出，不再发了，请告诉维护的人。"


def format_uncertain_message(who: str, text: str) -> str:
    """To admins: one uncertain message, above its buttons; `text` is in our small markup."""
    plain = TAG.sub("", text).strip().partition("\n")[0][:LONGEST]
    return f"发给{escape(who)}的这条不知道有没有送到：\n{plain}"


def list_choices(delivery_id: int) -> list[list[list[str]]]:
    """The buttons of an uncertain message."""
    return [
        [["再发一次", f"{DECIDE}:{delivery_id}:{AGAIN}"], ["不用再发", f"{DECIDE}:{delivery_id}:{LET_BE}"]]
    ]


def format_refused(reasons: Mapping[str, int]) -> str:
    """To admins: messages that the channel refused, by reason."""
    which = "；".join(f"{escape(why)}（{count}条）" for why, count in reasons.items())
    return f"{sum(reasons.values())}条消息 Telegram 不收：{which}。"


def join_incidents(lines: Sequence[str]) -> str:
    """Join lines to one message for an admin."""
    return "\n".join([HEAD, *lines])


def parse_moment(detail: Mapping[str, Any], name: str) -> datetime:
    """Parse a moment in an incident's detail."""
    return datetime.fromisoformat(detail[name])
