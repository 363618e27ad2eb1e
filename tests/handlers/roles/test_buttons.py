"""Buttons of others, and forged ones, give nothing."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from models.records import reports
from models.register import confirmations
from models.tables.people import Chat, Confirmation
from models.tables.records import StoredReport
from tests.handlers.roles.school import DAY, NOW, School, texts
from tests.handlers.roles.table import named

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_buttons_of_others_give_nothing(school: School) -> None:
    """An open question, petitions of every kind and a status, all somebody else's."""
    owner = school.people["甲一支部的书记"]
    session = school.session
    place = session.scalar(select(Chat).where(Chat.member_id == owner))
    own = session.scalar(select(Chat).where(Chat.member_id == school.people[school.name]))
    assert place is not None
    assert own is not None
    report = reports.add_report(
        session, chat_id=place.id, message_key="3", member_id=owner, text="x", said_at=NOW
    )
    assert report is not None
    reports.ask_question(
        session,
        report,
        {"pieces": [{"entry": {"requirement": "主题党日"}}]},
        {"number": 1, "piece": 0, "field": "present", "options": []},
        DAY,
    )
    ids = [report.id]
    now = datetime.now(UTC)
    for kind in (
        confirmations.IMPORT,
        confirmations.BIND,
        confirmations.CLOSE,
        confirmations.URGE,
        confirmations.BROADCAST,
    ):
        row = confirmations.add_confirmation(
            session, kind, chat_id=place.id, member_id=owner, organization_id=school.ids["甲一支部"],
            content=b"x", now=now,
            detail={"name": "x", "digest": "x", "month": "2026-09", "tops": [], "items": []},
        )  # fmt: skip
        ids.append(row.id)
    for choice in ("yes", "no", "x", "0"):
        assert await school.hears(pressed=f"answer:{ids[0]}:1:{choice}") == []
        assert await school.hears(pressed=f"import:{ids[1]}:{choice}") == []
        assert await school.hears(pressed=f"bind:{ids[2]}:{choice}") == []
        assert await school.hears(pressed=f"close:{ids[3]}:{choice}") == []
        assert await school.hears(pressed=f"urge:{ids[4]}:{choice}") == []
        assert await school.hears(pressed=f"broadcast:{ids[5]}:{choice}") == []
    assert named(texts(await school.hears(pressed="waiting"))) == set()
    assert session.scalar(select(StoredReport.status).where(StoredReport.id == ids[0])) == "open"
    settled = select(func.count()).where(Confirmation.settled_at.is_not(None))
    assert session.scalar(settled) == 0


@pytest.mark.parametrize(
    "school", [("党员", "甲一支部"), ("管理员", "甲局")], indirect=True, ids=["member", "admin"]
)
@pytest.mark.parametrize(
    "data",
    ["", ":", "answer", "answer:x:y:z", "answer:1:1", "fix:", "fix:-1", "undo:1e3", "status:branch:x:y:z",
     "status:1:2:3:4", "status:list:20260901-20261399:1:0", "history::", "history:1:x", "import:1:yes:more",
     "bind:١:yes", "phone:9999999999999999999999:yes", "fix:99999999999999999999", "undo:0", "waiting:1",
     "history:99999999999999999999:1", "answer:99999999999999999999:1:0", "answer:1:99999999999999999999:0",
     "calendar:", "calendar:2026-13", "calendar:x", "preview:-1:0", "preview:1", "approve:x:yes",
     "approve:0123456789abcdef:yes", "approve:\x00:no", "' OR 1=1 --",
     "fix:1; DROP TABLE members", "\x00", "status" * 12],
)  # fmt: skip
async def test_nonsense_in_a_button_gives_nothing(school: School, data: str) -> None:
    assert await school.says(pressed=data) == []
