"""What leaders do: closing, urging, waiving, telling all and approving, by the table."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.records import approvals
from models.rules.deliveries import NOTHING_SAID
from models.rules.people.approval import get_question_mark
from models.tables.approvals import TextReview
from models.tables.closings import Closing
from models.tables.deliveries import Delivery, Inquiry
from models.tables.people import Chat, Membership
from models.tables.records import OccurrenceChange
from tests.handlers.roles.school import DAY, NOW, School, texts
from tests.handlers.roles.table import APPROVES, BUREAU, LEADS, PLACES, above, allowed, below, named, secret

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_month_is_closed_where_the_table_says(school: School) -> None:
    leads = allowed(LEADS, school.role, school.place)
    async with school.undone() as session:
        asked = await school.hears("封账9月")
        assert bool(named(texts(asked))) == bool(leads)
        assert named(texts(asked)) <= above(leads)
        for button in (row[0].data for answer in asked for row in answer.buttons):
            await school.hears(pressed=button)
        kept = list(session.scalars(select(Closing)))
        top = {"领导": school.place, "管理员": BUREAU}.get(school.role)
        assert [row.organization_id for row in kept] == [school.ids[top] for top in [top] if top]
        assert {place for row in kept for place in row.figures["organizations"]} <= leads


async def test_people_are_urged_where_the_table_says(school: School) -> None:
    leads = allowed(LEADS, school.role, school.place)
    said = replace(school.utterance("催办"), at=NOW + timedelta(days=30))
    async with school.undone() as session:
        asked = await school.answers(said)
        assert ("领导来做" in texts(asked)) == (not leads)
        for button in (row[0].data for answer in asked for row in answer.buttons):
            await school.answers(replace(said, text="", pressed=button))
        sent = list(session.scalars(select(Delivery).where(Delivery.key.startswith("urge/"))))
        told = {item[1] for row in sent for item in (row.about or NOTHING_SAID).occurrences}
        assert told <= {school.ids[place] for place in leads}
        assert bool(told) == bool(leads)


async def test_occurrences_are_waived_and_people_told_where_the_table_says(school: School) -> None:
    leads = allowed(LEADS, school.role, school.place)
    for place in PLACES:
        async with school.undone() as session:
            await school.hears("/status 9月")
            inquiry = session.scalar(select(func.max(Inquiry.id)))
            data = f"alter-of:{school.ids[place]}:{inquiry}"
            shown = await school.hears(pressed=data)
            assert bool(shown) == (place in leads), place
            for button in (row[0].data for answer in shown for row in answer.buttons[:1]):
                await school.hears(pressed=button)
                await school.hears("免办，集中阅卷")
            rows = list(session.scalars(select(OccurrenceChange)))
            assert {row.organization_id for row in rows} <= {school.ids[each] for each in below(place)}
            assert bool(rows) == bool(shown and shown[0].buttons)
    for place in PLACES:
        async with school.undone() as session:
            said = school.utterance(f"/broadcast {place}：请看")
            asked = await school.answers(said)
            allowed_here = bool(below(place) & leads)
            assert bool(asked[0].buttons) == allowed_here, place
            for button in (row[0].data for answer in asked for row in answer.buttons[-2:-1]):
                started = await school.hears(pressed=button)
                assert "正在发送" in texts(started)
            query = (
                select(Membership.organization_id)
                .join(Chat, Chat.member_id == Membership.member_id)
                .join(Delivery, Delivery.chat_id == Chat.id)
                .where(Delivery.kind == "broadcast")
            )
            told = set(session.scalars(query))
            assert told <= {school.ids[each] for each in leads}
            assert bool(told) == allowed_here


async def test_texts_are_decided_on_where_the_table_says(school: School) -> None:
    approves = allowed(APPROVES, school.role, school.place)
    for place in PLACES:
        for choice in ("yes", "change", "no"):
            async with school.undone() as session:
                mark = get_question_mark(school.ids[place], "中秋节", "2026", "1")
                row = {
                    "observance": "中秋节",
                    "name": "中秋节",
                    "occasion": "2026",
                    "version": "1",
                    "own": False,
                }
                row |= {
                    "mark": mark,
                    "organization_id": school.ids[place],
                    "text": secret(place),
                    "theme": "",
                }
                row |= {"day": DAY, "goes_at": NOW, "asked_at": NOW}
                approvals.add_questions(session, [row])
                pressed = school.utterance("", pressed=f"approve:{mark}:{choice}")
                answers = await school.answers(pressed)
                assert bool(answers) == (place in approves), (place, choice)
                verdict = session.scalar(select(TextReview.verdict))
                assert (verdict is not None) == (place in approves and choice != "change")


async def test_a_message_that_may_have_been_sent_is_decided_on_by_admins_alone(school: School) -> None:
    for choice in ("yes", "no"):
        async with school.undone() as session:
            chat_id = session.scalar(select(Chat.id).where(Chat.address == school.address("甲局的书记")))
            row = Delivery(key="u", chat_id=chat_id, kind="notice", text="x", due_at=NOW, policy="ask",
                           status="uncertain", doubts=1)  # fmt: skip
            session.add(row)
            session.flush()
            answers = await school.hears(pressed=f"decide:{row.id}:{choice}")
            session.refresh(row)
            decides = school.role == "管理员"
            assert bool(answers) == decides
            assert (row.status == "pending") == (decides and choice == "yes")
