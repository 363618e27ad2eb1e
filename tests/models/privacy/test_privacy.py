"""What is forgotten after a time, and what is left of a person who is to be forgotten."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, update

from bot.cli.main import main
from models.delivery import deliveries, files, inbox
from models.privacy import erasure, retention
from models.records import completions, leave_requests, reports
from models.register import confirmations, invitations, members, roster
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.rules.requirements.entries import Entry
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.status import saved_questions
from models.storage.database import Database
from models.tables.base import Base
from models.tables.coordination import Inbox
from models.tables.deliveries import Delivery, Inquiry, StoredFile
from models.tables.people import Chat, Confirmation, Member, Organization
from models.tables.records import Audit, Completion, ReportRevision, StoredReport
from scheduler.jobs.cleanup import EVERY_S, Cleanup

DAY = date(2026, 9, 1)
THEN = datetime(2026, 9, 1, 2, tzinfo=UTC)
SCHOOL = "名称,类型,上级,别名,督导组\n学校党委,党委,,,\n理科支部,支部,学校党委,,\n"
STAFF = "姓名,角色,组织,聊天号\n甲乙丙,领导,学校党委,\n丁戊,书记,理科支部,70007\n丁戊己,党员,理科支部,\n"
NAME, ADDRESS = "丁戊", "70007"


def everything(database: Database) -> str:
    """All that is stored, as text."""
    found = []
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            found += [repr(tuple(row)) for row in session.execute(select(table))]
    return "\n".join(found).encode().decode("unicode_escape", "ignore") + "\n".join(found)


def update_of(number: int, text: str, sender: int = 70007, chat: int = 70007) -> dict[str, Any]:
    return {
        "update_id": number,
        "message": {"text": text, "from": {"id": sender, "first_name": "x"}, "chat": {"id": chat}},
    }


@pytest.fixture
def school(database: Database) -> Database:
    """A secretary who joined, reported, was answered, and is spoken of by others."""
    with database.begin() as session:
        sheets = read_csv("o.csv", SCHOOL.encode()), read_csv("p.csv", STAFF.encode())
        roster.apply_plan(session, plan_import(roster.load_roster(session), *sheets, today=DAY), today=DAY)
        person = next(iter(members.list_by_name(session, NAME).values()))
        chat = session.scalar(select(Chat).where(Chat.address == ADDRESS))
        assert chat is not None
        invitations.join_chat(session, person.id, chat, THEN)
        branch = session.scalar(select(Organization).where(Organization.name == "理科支部"))
        assert branch is not None
        branch.contact = f"{NAME} 0000-0000"
        report = reports.add_report(
            session,
            chat_id=chat.id,
            message_key="5",
            member_id=person.id,
            text="昨天党课，到23人",
            said_at=THEN,
        )
        assert report is not None
        entry = Entry(
            requirement="党课",
            organization_id=branch.id,
            period="2026-Q3",
            held_on=date(2026, 8, 31),
            present=23,
            expected=25,
            host=NAME,
            topic=f"{NAME}讲党课",
        )
        completions.store_entries(session, report.id, [entry], before=(), reporter_id=person.id, at=THEN)
        for key, text in (("answer/70007/1/5", f"{NAME}，您好"), ("answer/70007/2/6", "已记录")):
            deliveries.enqueue(
                session,
                NewDelivery(key=key, chat_id=chat.id, kind=DeliveryKind.ANSWER, text=text, due_at=THEN),
            )
        other = Chat(address="80008", member_id=1, joined_at=THEN)
        session.add(other)
        session.flush()
        listed = f"{NAME}、丁戊己报"
        deliveries.enqueue(
            session,
            NewDelivery(
                key="answer/80008/3/1", chat_id=other.id, kind=DeliveryKind.ANSWER, text=listed, due_at=THEN
            ),
        )
        second = reports.add_report(
            session,
            chat_id=other.id,
            message_key="9",
            member_id=1,
            text=f"{NAME}和丁戊己主持",
            said_at=THEN,
        )
        assert second is not None
        reports.ask_question(session, second, {"pieces": [{"host": NAME}]}, {"number": 1}, DAY)
        leave_requests.record_leave(session, ("党课", branch.id, "2026-Q4"), member_id=person.id, at=THEN)
        for member_id, place in ((person.id, chat.id), (1, other.id)):
            asked = {"text": f"{NAME}报了什么"}
            saved_questions.put(session, asked, chat_id=place, member_id=member_id, at=THEN)
        drawn = files.add_file(session, f"{NAME}.docx", recipe={"host": NAME}, at=THEN)
        deliveries.enqueue(
            session,
            NewDelivery(
                key="file", chat_id=other.id, kind=DeliveryKind.ANSWER, text="表", due_at=THEN, file_id=drawn
            ),
        )
        confirmations.add_confirmation(
            session,
            confirmations.IMPORT,
            chat_id=other.id,
            member_id=1,
            content=f"姓名\n{NAME}".encode(),
            now=THEN,
        )
        inbox.add_updates(
            session,
            1,
            [
                update_of(1, "昨天党课"),
                update_of(2, f"{NAME}呢", 80008, 80008),
                update_of(3, "好", 70007, -5),
            ],
            at=THEN,
        )
        for number in (1, 2, 3):
            inbox.mark_handled(session, 1, number)
        sent = update(Delivery).where(Delivery.key != "file").values(status="sent", sent_at=THEN)
        session.execute(sent)
    return database


def test_a_forgotten_person_is_nowhere_and_the_figures_stay(school: Database) -> None:
    with school.begin() as session:
        person = next(iter(members.list_by_name(session, NAME).values()))
        invitations.invite_all(session, members=[person.id], joined_too=True)
    assert NAME in everything(school).replace("丁戊己", "")
    with school.begin() as session:
        assert erasure.erase_member(session, person.id, today=DAY, at=THEN)
    left = everything(school)
    assert NAME not in left.replace("丁戊己", "")
    assert ADDRESS not in left
    assert "0000-0000" not in left
    assert "丁戊己报" in left
    assert "（已删除）和丁戊己主持" in left
    with school.read() as session:
        row = session.scalar(select(Completion).where(Completion.superseded_at.is_(None)))
        assert row is not None
        assert (row.present, row.expected, row.reporter_id) == (23, 25, person.id)
        assert (row.host, row.topic) == ("（已删除）", "（已删除）讲党课")
        assert members.find_person(session, person.id) is None
        assert session.scalar(select(func.count()).select_from(Member)) == 3
        assert session.scalar(select(Audit.action).order_by(Audit.id.desc()).limit(1)) == "forget"


def test_records_that_may_mean_a_namesake_are_left(school: Database) -> None:
    with school.begin() as session:
        session.add(Member(name=NAME, position=9))
    with school.begin() as session:
        first = erasure.find_namesakes(session, NAME).ids[0]
        assert not erasure.erase_member(session, first, today=DAY, at=THEN)
    with school.read() as session:
        row = session.scalar(select(Completion))
        assert row is not None
        assert row.host == NAME
    assert ADDRESS not in everything(school)


def test_a_chat_that_is_somebody_elses_by_now_stays_theirs(school: Database) -> None:
    with school.begin() as session:
        person = next(iter(members.list_by_name(session, NAME).values()))
        chat = session.scalar(select(Chat).where(Chat.address == ADDRESS))
        assert chat is not None
        chat.member_id = 3
        session.flush()
        erasure.erase_member(session, person.id, today=DAY, at=THEN)
    with school.read() as session:
        assert session.scalar(select(Chat.member_id).where(Chat.address == ADDRESS)) == 3


def sweep(database: Database, days: float, keep: int = 90) -> None:
    moment = THEN + timedelta(days=days)
    with database.begin() as session:
        retention.delete_expired(session, civil=moment, machine=moment, keep_days=keep)


def test_raw_messages_go_after_the_set_time_and_records_stay(school: Database) -> None:
    sweep(school, 89)
    with school.read() as session:
        assert session.scalar(select(func.count()).select_from(Inbox)) == 3
        assert session.scalar(select(ReportRevision.text).limit(1)) != ""
    sweep(school, 91)
    with school.read() as session:
        assert session.scalar(select(func.count()).select_from(Inbox)) == 0
        assert set(session.scalars(select(ReportRevision.text))) == {""}
        assert set(session.scalars(select(Delivery.text).where(Delivery.key != "file"))) == {""}
        assert session.scalar(select(func.count()).select_from(Delivery)) == 4
        assert set(session.scalars(select(StoredReport.status))) == {"recorded", "withdrawn"}
        for table in (Confirmation, Inquiry):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        row = session.scalar(select(Completion))
        assert row is not None
        assert (row.present, row.host) == (23, NAME)
    left = everything(school)
    assert "昨天党课" not in left
    assert "您好" not in left


def test_what_still_waits_is_not_touched(school: Database) -> None:
    with school.begin() as session:
        deliveries.enqueue(
            session, NewDelivery(key="r", chat_id=1, kind=DeliveryKind.REMINDER, text="提醒", due_at=THEN)
        )
        inbox.add_updates(session, 1, [update_of(4, "还没处理")], at=THEN)
    sweep(school, 400)
    with school.read() as session:
        assert session.scalar(select(Delivery.text).where(Delivery.key == "r")) == "提醒"
        assert session.scalar(select(func.count()).select_from(Inbox)) == 1


def test_files_go_a_day_after_they_were_sent(school: Database) -> None:
    sweep(school, 2)
    with school.begin() as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
        session.execute(update(Delivery).where(Delivery.key == "file").values(status="sent"))
    sweep(school, 0.5)
    with school.read() as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
    sweep(school, 2)
    with school.read() as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
        assert session.scalar(select(Delivery.file_id).where(Delivery.key == "file")) is None


def test_a_chat_that_is_nobodys_loses_its_address_once_all_is_sent(school: Database) -> None:
    with school.begin() as session:
        assert invitations.leave_chat(session, channel="telegram", address=ADDRESS, at=THEN)
        deliveries.enqueue(
            session,
            NewDelivery(
                key="answer/70007/9/9", chat_id=1, kind=DeliveryKind.ANSWER, text="再见", due_at=THEN
            ),
        )
    sweep(school, 1)
    with school.read() as session:
        assert session.scalar(select(Chat.id).where(Chat.address == ADDRESS)) is not None
    with school.begin() as session:
        row = session.scalar(select(Delivery).where(Delivery.key == "answer/70007/9/9"))
        assert row is not None
        row.status = "sent"
    sweep(school, 1)
    with school.read() as session:
        assert session.scalar(select(Chat.id).where(Chat.address == ADDRESS)) is None
        assert list(session.scalars(select(Delivery.key).where(Delivery.key.contains(ADDRESS)))) == []
        assert session.scalar(select(Chat.id).where(Chat.address == "80008")) is not None


def test_housekeeping_looks_once_an_hour_and_a_rehearsal_of_the_future_empties_nothing(
    school: Database,
) -> None:
    clock = [0.0]
    house = Cleanup(
        school, lambda: datetime.now(UTC) + timedelta(days=4000), 3650, monotonic=lambda: clock[0]
    )
    house.tick()
    with school.read() as session:
        assert "昨天党课，到23人" in set(session.scalars(select(ReportRevision.text)))
    house.keep_days = 1
    house.now = lambda: THEN + timedelta(days=30)
    house.tick()
    with school.read() as session:
        assert "昨天党课，到23人" in set(session.scalars(select(ReportRevision.text)))
    clock[0] = EVERY_S
    house.tick()
    with school.read() as session:
        assert set(session.scalars(select(ReportRevision.text))) == {""}


def qingli(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.fixture
def register(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a register that was imported; one name is two people's."""
    monkeypatch.setenv("QINGLI_DATABASE__URL", address)
    (tmp_path / "o.csv").write_text(SCHOOL, "utf-8")
    (tmp_path / "p.csv").write_text(f"{STAFF}甲乙丙,党员,理科支部,\n", "utf-8")
    shown = qingli("import", str(tmp_path / "o.csv"), str(tmp_path / "p.csv"), "--yes")
    assert shown.exit_code == 0
    return tmp_path


def test_forgetting_says_whom_and_waits_for_yes(register: Path, address: str) -> None:
    shown = qingli("forget", f" {NAME[0]} {NAME[1]}")
    assert (shown.exit_code, shown.output.splitlines()[-1]) == (0, "没有删除；确定就加 --yes 再运行一次")
    assert "编号 2 丁戊（理科支部书记）" in shown.output
    shown = qingli("forget", NAME, "--yes")
    assert shown.exit_code == 0
    assert "已删除" in shown.output
    assert NAME not in {row["name"] for row in json.loads(qingli("invite", "--all", "--json").stdout)}
    assert qingli("forget", NAME, "--yes").exit_code == 1
    if address.startswith("sqlite"):
        kept = b"".join(path.read_bytes() for path in register.glob("qingli.db*"))
        assert ADDRESS.encode() not in kept
        assert NAME.encode() not in kept.replace("丁戊己".encode(), b"")


def test_of_several_one_is_asked_for(register: Path) -> None:
    assert register.exists()
    shown = qingli("forget", "甲乙丙", "--yes")
    assert shown.exit_code == 2
    assert "有 2 位叫“甲乙丙”：" in shown.output
    assert "编号 4 甲乙丙（理科支部党员）" in shown.output
    assert qingli("forget", "甲乙丙", "--id", "2", "--yes").exit_code == 1
    shown = qingli("forget", "甲乙丙", "--id", "4", "--yes")
    assert shown.exit_code == 0
    assert "还有同名的人" in shown.output
    left = json.loads(qingli("invite", "--all", "--json").stdout)
    assert [(row["name"], row["role"]) for row in left if row["name"] == "甲乙丙"] == [("甲乙丙", "领导")]
