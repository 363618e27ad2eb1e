"""A large wave is put in part by part, what one chat is told at once."""

from datetime import UTC, datetime

from models.rules.people.roles import Role
from scheduler.messages.bundle import split_parts
from scheduler.types import MissingYear, PlannedReminder

SLOT = datetime(2026, 9, 24, 9, tzinfo=UTC)


def test_the_reminders_of_a_chat_stay_together_and_none_is_lost() -> None:
    rows = [
        PlannedReminder(f"{chat}/{number}", chat, chat, SLOT, MissingYear(2027), Role.ADMIN)
        for number in range(3)
        for chat in range(5)
    ]
    found = list(split_parts(rows, 4))
    assert [len(part) for part in found] == [6, 6, 3]
    assert sorted(row.key for part in found for row in part) == sorted(row.key for row in rows)
    assert [{row.chat_id for row in part} for part in found] == [{0, 1}, {2, 3}, {4}]
    assert list(split_parts([], 4)) == []
