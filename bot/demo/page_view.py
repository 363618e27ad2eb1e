"""The parts of the chat page as values, and as the JSON for its script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from borax.calendars.lunardate import LunarDate

WEEKDAYS = "一二三四五六日"
PRIVATE_FIELDS = ("chat", "civil", "html", "version", "date", "language_code")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A person on the page; `role` is the Chinese word above their column."""

    user_id: int
    name: str
    role: str
    chat_id: int


@dataclass(frozen=True, slots=True)
class Group:
    """The branch's group chat."""

    chat_id: int
    title: str


class Clock(Protocol):
    """The demo's civil clock; a move returns once everything due on the way is sent.

    A move that is not possible raises ValueError with a Chinese line for the page.
    """

    def now(self) -> datetime:
        """Return the civil moment with its zone."""

    async def advance_day(self) -> None:
        """Move to 09:00 of the next day."""

    async def next_reminder(self) -> None:
        """Move to the next moment at which something is sent."""

    async def to_day(self, day: date) -> None:
        """Move to 09:00 of a later day."""


@dataclass(frozen=True, slots=True)
class MovesTo:
    """A step of the guide that moves the clock to a day."""

    day: date


@dataclass(frozen=True, slots=True)
class Says:
    """A step of the guide that sends a message."""

    text: str


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One thing to try: what it shows, in whose column (a user id), and what a click does."""

    title: str
    text: str
    as_person: int
    action: MovesTo | Says


def build_guide(member: Person, secretary: Person, leader: Person) -> list[GuideStep]:
    """Return the guide for a first visit: a reminder, a report and a question for the status."""
    festival, report, question = date(2026, 9, 24), "昨天主题党日，应到25实到23，学习《条例》", "9月情况"
    return [
        GuideStep(
            "节前，党员收到提醒",
            "拨到 9月24日，中秋放假前最后一个工作日。",
            member.user_id,
            MovesTo(festival),
        ),
        GuideStep("书记一句话，记录就有了", f"书记发：“{report}”", secretary.user_id, Says(report)),
        GuideStep("领导问一句，先看缺什么", f"领导发：“{question}”", leader.user_id, Says(question)),
    ]


def clock_json(now: datetime, *, moving: bool) -> Json:
    """Return the clock as JSON; `tomorrow` is the first day it can be moved to, in ISO form."""
    return {
        "month": f"{now.month}月",
        "day": str(now.day),
        "date": f"{now.year}年{now.month}月{now.day}日",
        "weekday": f"星期{WEEKDAYS[now.weekday()]}",
        "time": f"{now:%H:%M}",
        "lunar": f"农历{LunarDate.from_solar(now.date()).strftime('%L%M月%D')}",
        "tomorrow": (now.date() + timedelta(days=1)).isoformat(),
        "moving": moving,
    }


def message_json(message: Json) -> Json:
    """Return a Message object as the page needs it, with the civil day and time of posting."""
    said = datetime.fromisoformat(message["civil"])
    day = f"{said.month}月{said.day}日 星期{WEEKDAYS[said.weekday()]}"
    kept = {key: value for key, value in message.items() if key not in PRIVATE_FIELDS}
    return {**kept, "civil_day": day, "civil_time": f"{said:%H:%M}"}


def start_json(people: Sequence[Person], group: Group, guide: Sequence[GuideStep], *, hint: str) -> Json:
    """Return people, group and guide as JSON; `hint` is shown in the empty group."""
    return {
        "people": [_person_json(person) for person in people],
        "group": {"chat_id": group.chat_id, "title": group.title, "hint": hint},
        "guide": [_step_json(step) for step in guide],
    }


def find_picture_type(content: bytes) -> str | None:
    """Return the media type of a picture that is safe to show, by its first bytes, else None."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/jpeg" if content.startswith(b"\xff\xd8\xff") else None


def _person_json(person: Person) -> Json:
    return {"user_id": person.user_id, "name": person.name, "role": person.role, "chat_id": person.chat_id}


def _step_json(step: GuideStep) -> Json:
    shown = {"title": step.title, "text": step.text, "as_person": step.as_person}
    match step.action:
        case MovesTo(day):
            return {**shown, "label": f"拨到 {day.month}月{day.day}日", "move": day.isoformat()}
        case Says(text):
            return {**shown, "label": "发送这一句", "say": text}
