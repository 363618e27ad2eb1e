"""iCalendar text as an independent parser reads it, and ids that stay when a day moves."""

from datetime import UTC, date, datetime

import icalendar
from hypothesis import given, settings, strategies as st

from models.packs.load import load_packs, load_workdays
from models.rules.output.feed_events import create_feed_events
from models.rules.output.icalendar import DayEvent, format_calendar
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import Change, OrganizationFacts
from tests.tables import each_row

STAMP = datetime(2026, 9, 1, tzinfo=UTC)
PACK = load_packs(["national"])
RULES = Rulebook(PACK.requirements, PACK.observances, load_workdays())
BRANCH = OrganizationFacts(3, "理科支部", OrganizationKind.BRANCH, None, True, date(2026, 1, 1))
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


def parsed(text: str) -> icalendar.Calendar:
    found = icalendar.Calendar.from_ical(text)
    assert found.errors == []
    assert all(event.errors == [] for event in found.events)
    return found


def events_of(*changes: Change) -> list[DayEvent]:
    due = RULES.list_due(DueQuery([BRANCH], *YEAR), changes)
    return create_feed_events(RULES.list_observance_days(*YEAR), due, RULES, {3: "理科支部"}, changes)


def test_a_calendar_is_read_back_by_another_parser() -> None:
    text = format_calendar("理科支部 · 清历", events_of(), STAMP)
    found = parsed(text)
    assert (found["version"], found["prodid"]) == ("2.0", "-//Qingli//Qingli 1.0//ZH")
    assert str(found["x-wr-calname"]) == "理科支部 · 清历"
    events = {(str(event["summary"]), event.start): event for event in found.events}
    festival = events["中秋节", date(2027, 9, 15)]
    assert festival.end == date(2027, 9, 16)
    assert festival["dtstamp"].dt == STAMP
    assert str(festival["description"]) == ("中秋思“正”\n提醒：9月14日（周二）\n放假安排未公布，按规则预计")
    assert "2027年9月应办" in str(events["主题党日", date(2027, 9, 5)]["description"])
    assert len({str(event["uid"]) for event in found.events}) == len(found.events) > 50


def test_lines_are_short_and_end_as_the_format_wants() -> None:
    text = format_calendar("清历", [DayEvent("a", date(2026, 9, 1), "长" * 200, "说明" * 200)], STAMP)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert str(parsed(text).events[0]["summary"]) == "长" * 200


def test_an_occurrence_that_is_moved_moves_under_its_old_id() -> None:
    def theme_day(*changes: Change) -> DayEvent:
        found = [each for each in events_of(*changes) if each.summary == "主题党日"]
        return next(each for each in found if "2027年9月应办" in each.description)

    plain = theme_day()
    moved = theme_day(Change("主题党日", 3, "2027-09", moved_to=date(2027, 9, 28), id=7))
    assert (plain.day, plain.sequence) == (date(2027, 9, 5), 0)
    assert (moved.uid, moved.day, moved.sequence) == (plain.uid, date(2027, 9, 28), 7)
    waived = theme_day(Change("主题党日", 3, "2027-09", waived=True, id=9))
    assert (waived.uid, waived.cancelled, waived.sequence) == (plain.uid, True, 9)


def test_ids_are_the_same_in_every_window() -> None:
    def ids(first: date) -> dict[tuple[date, str], str]:
        due = RULES.list_due(DueQuery([BRANCH], first, YEAR[1]))
        found = create_feed_events(RULES.list_observance_days(first, YEAR[1]), due, RULES, {3: "理科支部"})
        return {(each.day, each.summary): each.uid for each in found}

    late = ids(date(2027, 6, 1))
    assert late.items() <= ids(YEAR[0]).items()


@each_row("text", ["a;b,c\\d", "第一行\n第二行", "\\n 与 \\;", "名：值；“引号”"])
def test_signs_with_a_meaning_of_their_own_are_read_back(text: str) -> None:
    event = parsed(format_calendar(text, [DayEvent("u", date(2026, 9, 1), text, text)], STAMP)).events[0]
    assert (str(event["summary"]), str(event["description"])) == (text, text)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(min_size=1, max_size=120).filter(lambda text: text.isprintable() and text.strip() == text))
def test_any_words_are_read_back(text: str) -> None:
    event = parsed(format_calendar("清历", [DayEvent("u", date(2026, 9, 1), text)], STAMP)).events[0]
    assert str(event["summary"]) == text
