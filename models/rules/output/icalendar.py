"""Writes a calendar of whole days as iCalendar (RFC 5545), to subscribe to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Qingli//Qingli 1.0//ZH"
REFRESH = timedelta(hours=6)
# TEXT may hold line breaks but no other control character; DEL is one, too.
_CONTROLS = dict.fromkeys([*(code for code in range(32) if code != ord("\n")), 127])


@dataclass(frozen=True, slots=True)
class DayEvent:
    """One event of a whole day. Its `uid` stays when the day moves, and `sequence` then grows."""

    uid: str
    day: date
    summary: str
    description: str = ""
    sequence: int = 0
    tentative: bool = False
    cancelled: bool = False

    @property
    def status(self) -> str:
        """STATUS as the format names it; a cancelled event is not tentative any more."""
        if self.cancelled:
            return "CANCELLED"
        return "TENTATIVE" if self.tentative else "CONFIRMED"


def format_calendar(name: str, events: Iterable[DayEvent], stamp: datetime) -> str:
    """Write the calendar of that name as made at `stamp`, an aware moment; lines end with CRLF."""
    # Slow to import, and most processes serve no feed.
    from icalendar import Calendar, vDuration, vText  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # Outlook and Google read the properties that begin with X-, others those of RFC 7986. The library
    # knows neither, so their types are given here.
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(_drop_controls(name)))
    calendar.add("refresh-interval", vDuration(REFRESH), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for event in events:
        calendar.add_component(_create_event(event, stamp.astimezone(UTC)))
    written: bytes = calendar.to_ical(sorted=False)
    return written.decode()


def _create_event(event: DayEvent, stamp: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - as above

    found = Event()
    found.add("uid", _drop_controls(event.uid))
    found.add("dtstamp", stamp)
    found.add("dtstart", event.day)
    found.add("dtend", event.day + timedelta(days=1))
    found.add("sequence", event.sequence)
    found.add("summary", _drop_controls(event.summary))
    if event.description:
        found.add("description", _drop_controls(event.description))
    found.add("status", event.status)
    found.add("transp", "TRANSPARENT")
    return found


def _drop_controls(text: str) -> str:
    return text.translate(_CONTROLS)
