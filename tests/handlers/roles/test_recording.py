"""Records and calendars: who makes, moves and changes them, by the table."""

import re
from dataclasses import replace

import pytest

from models.tables.records import Completion, OccurrenceChange
from tests.handlers.roles.school import School, texts
from tests.handlers.roles.table import BUREAU, PLACES, RECORDS, above, allowed, named

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_records_are_made_and_moved_where_the_table_says(school: School) -> None:
    records = {school.ids[place] for place in allowed(RECORDS, school.role, school.place)}
    for place in PLACES:
        own = {school.ids[place]} & records
        made = await school.changes(f"{place}9月18日主题党日，应到25实到24", Completion)
        moved = await school.changes(f"{place}主题党日推迟到9月28日", OccurrenceChange)
        if place == BUREAU:
            assert made | moved <= records
        else:
            assert (made, moved) == (own, own), place


async def test_records_of_others_are_changed_where_the_table_says(school: School) -> None:
    records = allowed(RECORDS, school.role, school.place)
    for place, report_id in school.reports.items():
        for data in (f"fix:{report_id}", f"undo:{report_id}"):
            answers = await school.says(pressed=data)
            assert bool(answers) == (place in records), (data, place)
            assert named(texts(answers)) <= {place}
        async with school.undone():
            pressed = [await school.hears(pressed=f"undo:{report_id}") for _ in range(2)]
            assert [bool(answers) for answers in pressed] == [place in records, False]


async def test_a_calendar_is_given_to_its_own_and_made_void_by_who_reports(school: School) -> None:
    school.bot_context = replace(school.bot_context, feed_address="https://example.invalid/{}".format)
    records = allowed(RECORDS, school.role, school.place)
    async with school.undone():
        asked = [texts(await school.hears(text)) for text in ("/subscribe", "/subscribe", "/subscribe 换")]
    addresses = [re.findall(r"invalid/([\w-]+)", text) for text in asked]
    if school.role == "督导":
        assert addresses == [[], [], []]
        return
    assert named("".join(asked)) <= above({school.place})
    assert addresses[0] == addresses[1] != []
    assert (addresses[2] != addresses[0]) == (school.place in records)
