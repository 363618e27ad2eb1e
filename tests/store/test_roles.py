"""Every command and every button as every role on every kind of organization, against a table by hand."""

import ast
import io
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

import handlers.conversations
from bot.rules import rulebook
from bot.settings import load_settings
from handlers import buttons
from handlers.conversations import converse, wants_file
from handlers.desk import Desk
from handlers.utterance import Answer, File, Utterance
from models import approvals, completions, petitions, reports, roster, schema
from models.database import Database
from models.rules.approval import mark_of
from models.rules.entries import Entry
from models.rules.roster.plan import plan_import
from models.rules.roster.sheets import read_csv
from models.tables.approvals import TextReview
from models.tables.deliveries import Delivery, Inquiry
from models.tables.leading import Closing
from models.tables.people import Chat, Member, Organization, Petition
from models.tables.records import Completion, OccurrenceChange, Report

RULES = rulebook(load_settings(None))
NOW = datetime.fromisoformat("2026-09-20T10:00:00+08:00")
DAY = date(2026, 9, 1)
PLACES = (
    "甲局",
    "甲校党委",
    "甲总支",
    "甲一支部",
    "甲一小组",
    "甲二支部",
    "乙校党委",
    "乙一支部",
    "乙一小组",
)
SCHOOL = """名称,类型,上级,别名,督导组,启用日期
甲局,教育局,,,,2026-09-01
甲校党委,党委,甲局,,,2026-09-01
甲总支,总支,甲校党委,,,2026-09-01
甲一支部,支部,甲总支,,,2026-09-01
甲一小组,小组,甲一支部,,,2026-09-01
甲二支部,支部,甲总支,,第一督导组,2026-09-01
乙校党委,党委,甲局,,,2026-09-01
乙一支部,支部,乙校党委,,第一督导组,2026-09-01
乙一小组,小组,乙一支部,,,2026-09-01
"""
BUREAU = "甲局"
EVERYWHERE = " ".join(PLACES)
NOWHERE = ""
SUPERIORS = {
    "甲总支": "甲校党委",
    "甲一支部": "甲校党委 甲总支",
    "甲一小组": "甲校党委 甲总支 甲一支部",
    "甲二支部": "甲校党委 甲总支",
    "乙一支部": "乙校党委",
    "乙一小组": "乙校党委 乙一支部",
}
OF_OVERSIGHT = "甲二支部 乙一支部 乙一小组"
SUBTREE = {
    "甲局": EVERYWHERE,
    "甲校党委": "甲校党委 甲总支 甲一支部 甲一小组 甲二支部",
    "甲总支": "甲总支 甲一支部 甲一小组 甲二支部",
    "甲一支部": "甲一支部 甲一小组",
    "甲一小组": "甲一小组",
}
BELOW = {**SUBTREE, "乙校党委": "乙校党委 乙一支部 乙一小组", "乙一支部": "乙一支部 乙一小组"}
OWN = {
    "甲局": "甲局",
    "甲校党委": "甲校党委",
    "甲总支": "甲总支",
    "甲一支部": "甲一支部 甲一小组",
    "甲一小组": "甲一小组",
}
OF_A_MEMBER = {**OWN, "甲一小组": "甲一支部 甲一小组"}
# What is allowed, by hand: role → what may be seen, recorded, read of the history, and who may be invited,
# each by the place of the role.
NONE = dict.fromkeys(OWN, NOWHERE)
ALL = dict.fromkeys(OWN, EVERYWHERE)
SEES = {"党员": OF_A_MEMBER, "书记": SUBTREE, "干事": SUBTREE, "领导": SUBTREE, "管理员": ALL}
RECORDS = {"党员": NONE, "书记": OWN, "干事": OWN, "领导": NONE, "管理员": ALL}
HISTORY = {"党员": NONE, "书记": OWN, "干事": OWN, "领导": SUBTREE, "管理员": ALL}
BINDS = {"党员": NONE, "书记": OWN, "干事": NONE, "领导": NONE, "管理员": ALL}
INVITES = {"党员": NONE, "书记": OWN, "干事": NONE, "领导": NONE, "管理员": ALL}
PREVIEWS = {"党员": NONE, "书记": NONE, "干事": NONE, "领导": SUBTREE, "管理员": ALL}
LEADS = PREVIEWS
APPROVES = PREVIEWS
IMPORTS = {"管理员"}

ROLES = ("党员", "书记", "干事", "领导", "管理员")
SPEAKERS = [(role, place) for role in ROLES for place in OWN] + [("督导", "第一督导组")]
COMMANDS = {
    *("start", "leave", "help", "status", "calendar", "preview", "subscribe", "withdraw"),
    *("invite", "history", "bind", "unbind", "close", "page"),
    *("urge", "broadcast", "receipts"),
}
BUTTONS = {
    *("answer", "fix", "undo", "status", "waiting", "calendar", "preview"),
    *("import", "bind", "phone", "history", "close", "approve"),
    *("urge", "urge-of", "decide"),
    *("alter", "alter-of", "unalter", "broadcast", "stop", "read"),
}


def allowed(
    table: dict[str, dict[str, str]], role: str, place: str, *, supervisor: str = NOWHERE
) -> set[str]:
    """The places that a table allows."""
    return set((supervisor if role == "督导" else table[role][place]).split())


class School:
    """The tree with a secretary and a plain member in every place, a record there, and one more speaker."""

    def __init__(self, database: Database, role: str, place: str) -> None:
        self.database, self.role, self.place = database, role, place
        self.desk = Desk(database, RULES, lambda: NOW)
        self.ids: dict[str, int] = {}
        self.reports: dict[str, int] = {}
        self.people: dict[str, int] = {}

    def at(self, database: Database) -> "School":
        """The same school in a copy of its database."""
        there = School(database, self.role, self.place)
        there.ids, there.reports, there.people = self.ids, self.reports, self.people
        return there

    async def build(self) -> None:
        staff = ["姓名,角色,组织", f"说话的人,{self.role},{self.place}"]
        staff += [f"{place}的书记,书记,{place}\n{place}的党员,党员,{place}" for place in PLACES]
        async with self.database.begin() as session:
            sheets = read_csv("o.csv", SCHOOL.encode()), read_csv("p.csv", "\n".join(staff).encode())
            plan = plan_import(await roster.current(session), *sheets, today=DAY)
            assert plan.wrong == ()
            await roster.apply(session, plan, today=DAY)
            self.ids = dict((await session.execute(select(Organization.name, Organization.id))).all())
            self.people = dict((await session.execute(select(Member.name, Member.id))).all())
            for number, member_id in enumerate(self.people.values(), start=1):
                session.add(Chat(address=str(number), member_id=member_id, joined_at=NOW))
            session.add(Chat(address="-1", kind="group", organization_id=None))
            await session.flush()
            for place in PLACES:
                self.reports[place] = await self._record(session, place)

    async def _record(self, session, place: str) -> int:  # type: ignore[no-untyped-def]
        by = self.people[f"{place}的书记"]
        chat_id = await session.scalar(select(Chat.id).where(Chat.member_id == by))
        report = await reports.add(
            session, chat_id=chat_id, message_key="1", member_id=by, text="x", said_at=NOW
        )
        entry = Entry("主题党日", self.ids[place], "2026-09", date(2026, 9, 4), present=23, expected=25)
        entry = Entry(
            **{name: getattr(entry, name) for name in Entry.__dataclass_fields__} | {"topic": secret(place)}
        )
        await completions.store(session, report.id, [entry], before=(), reporter_id=by, at=NOW)
        return report.id

    def address(self, name: str) -> str:
        return str(list(self.people).index(name) + 1)

    async def says(self, text: str = "", *, group: bool = False, **more: object) -> Sequence[Answer]:
        """What the speaker hears; nothing that it changed is kept."""
        async with undone(self.database) as session:
            return await converse(self.desk, session, self.utterance(text, group=group, **more))

    def utterance(self, text: str, *, group: bool = False, **more: object) -> Utterance:
        sender = self.address("说话的人")
        return Utterance(
            sender=sender,
            chat="-1" if group else sender,
            chat_kind="group" if group else "private",
            text=text,
            at=NOW,
            message_key="77",
            **more,  # type: ignore[arg-type]
        )

    async def changes(self, text: str, table: type, **more: object) -> set[int]:
        """Of which organizations there are rows that were not there before."""
        query = select(table.id, table.organization_id)  # type: ignore[attr-defined]
        async with undone(self.database) as session:
            before = {(row[0], row[1]) for row in await session.execute(query)}
            await converse(self.desk, session, self.utterance(text, **more))
            await session.flush()
            after = {(row[0], row[1]) for row in await session.execute(query)}
        return {organization for _, organization in after - before}


def secret(place: str) -> str:
    """What only those may read who see the place."""
    return f"机密{place}"


class _UndoneError(Exception):
    pass


@asynccontextmanager
async def undone(database: Database) -> AsyncIterator:  # type: ignore[type-arg]
    """A transaction that is taken back."""
    try:
        async with database.begin() as session:
            yield session
            raise _UndoneError
    except _UndoneError:
        pass


_BUILT: dict[tuple[str, str], tuple[bytes, School]] = {}


async def built(speaker: tuple[str, str], folder: Path) -> tuple[bytes, School]:
    """The database of a speaker's school, made once in a run."""
    if speaker not in _BUILT:
        database = Database(f"sqlite:///{folder / 'built.db'}")
        await schema.upgrade(database)
        school = School(database, *speaker)
        await school.build()
        await database.compact()
        await database.close()
        _BUILT[speaker] = (folder / "built.db").read_bytes(), school
    return _BUILT[speaker]


@pytest.fixture(params=SPEAKERS, ids=lambda speaker: "".join(speaker))
async def school(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[School]:
    content, made = await built(request.param, tmp_path)
    (tmp_path / "roles.db").write_bytes(content)
    database = Database(f"sqlite:///{tmp_path / 'roles.db'}")
    yield made.at(database)
    await database.close()


def above(places: set[str]) -> set[str]:
    """The places and their superiors, which are no secret: messages are headed with them."""
    return places | {BUREAU} | {superior for place in places for superior in SUPERIORS.get(place, "").split()}


def texts(answers: Sequence[Answer]) -> str:
    """All that is shown: texts, and what stands on the buttons."""
    labels = (button.label for answer in answers for row in answer.buttons for button in row)
    return "\n".join([*(answer.text for answer in answers), *labels])


def named(text: str) -> set[str]:
    """Which places a text names, be it by their secret."""
    unsigned = re.sub(r"^—— .*$", "", text, flags=re.MULTILINE)
    return {place for place in PLACES if place in unsigned}


def told(text: str) -> set[str]:
    """Whose secrets a text tells."""
    return {place for place in PLACES if secret(place) in text}


async def test_status_and_records_are_seen_where_the_table_says(school: School) -> None:
    sees = allowed(SEES, school.role, school.place, supervisor=OF_OVERSIGHT)
    for place in PLACES:
        for question in (f"{place}9月情况", f"/status {place} 9月记录", f"/status {place} 9月"):
            text = texts(await school.says(question))
            assert told(text) <= sees
            assert named(text) <= above(sees) | {place}, question
            if place in sees:
                assert "您看不到" not in text, question
            elif place != BUREAU and not sees & set(BELOW.get(place, place).split()):
                assert text.startswith(f"您看不到{place}的情况。"), question


async def test_what_is_asked_without_a_name_stays_inside(school: School) -> None:
    sees = allowed(SEES, school.role, school.place, supervisor=OF_OVERSIGHT)
    for question in (
        "状态",
        "9月情况",
        "/status",
        "日历",
        "/calendar",
        "帮助",
        "/help",
        "已阅",
        "9月记录",
        "逾期",
        "缺什么",
    ):
        text = texts(await school.says(question))
        assert named(text) <= above(sees), question
        assert told(text) <= sees


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
        async with undone(school.database) as session:
            pressed = [
                await converse(school.desk, session, school.utterance("", pressed=f"undo:{report_id}"))
                for _ in range(2)
            ]
            assert [bool(answers) for answers in pressed] == [place in records, False]


async def test_the_history_is_read_where_the_table_says(school: School) -> None:
    reads = allowed(HISTORY, school.role, school.place)
    for place in PLACES:
        text = texts(await school.says(f"/history {place}"))
        assert ("登记" in text) == (place in reads), place
        answers = await school.says(pressed=f"history:{school.ids[place]}:999")
        assert bool(answers) == (place in reads), place
    everything = texts(await school.says("变更记录"))
    lines = [line for line in everything.split("\n") if "登记" in line]
    assert {place for place in PLACES if any(f" {place} " in line for line in lines)} <= reads


async def test_what_will_be_said_is_seen_where_the_table_says(school: School) -> None:
    previews = allowed(PREVIEWS, school.role, school.place)
    for answers in (
        await school.says("预览"),
        await school.says(pressed="preview:7:0"),
        await school.says(pressed="preview:7:1"),
    ):
        assert named(texts(answers)) <= above(previews)
    assert bool(named(texts(await school.says("/preview 14"))) & previews) == bool(previews)


async def test_the_calendar_shows_what_the_table_says(school: School) -> None:
    sees = allowed(SEES, school.role, school.place, supervisor=OF_OVERSIGHT)
    for answers in (
        await school.says("日历"),
        *[await school.says(f"日历 {place}") for place in PLACES],
        await school.says(pressed="calendar:2026-10"),
    ):
        assert named(texts(answers)) <= above(sees)


async def test_a_calendar_is_given_to_its_own_and_made_void_by_who_reports(school: School) -> None:
    school.desk.feed_address = "https://example.invalid/{}".format
    records = allowed(RECORDS, school.role, school.place)
    async with undone(school.database) as session:
        asked = [
            texts(await converse(school.desk, session, school.utterance(text)))
            for text in ("/subscribe", "/subscribe", "/subscribe 换")
        ]
    addresses = [re.findall(r"invalid/([\w-]+)", text) for text in asked]
    if school.role == "督导":
        assert addresses == [[], [], []]
        return
    assert named("".join(asked)) <= above({school.place})
    assert addresses[0] == addresses[1] != []
    assert (addresses[2] != addresses[0]) == (school.place in records)


async def test_a_month_is_closed_where_the_table_says(school: School) -> None:
    leads = allowed(LEADS, school.role, school.place)
    async with undone(school.database) as session:
        asked = await converse(school.desk, session, school.utterance("封账9月"))
        assert bool(named(texts(asked))) == bool(leads)
        assert named(texts(asked)) <= above(leads)
        for button in (row[0].data for answer in asked for row in answer.buttons):
            await converse(school.desk, session, school.utterance("", pressed=button))
        kept = list(await session.scalars(select(Closing)))
        top = {"领导": school.place, "管理员": BUREAU}.get(school.role)
        assert [row.organization_id for row in kept] == [school.ids[top] for top in [top] if top]
        assert {place for row in kept for place in row.figures["organizations"]} <= leads


async def test_people_are_urged_where_the_table_says(school: School) -> None:
    leads = allowed(LEADS, school.role, school.place)
    said = replace(school.utterance("催办"), at=NOW + timedelta(days=30))
    async with undone(school.database) as session:
        asked = await converse(school.desk, session, said)
        assert ("领导来做" in texts(asked)) == (not leads)
        for button in (row[0].data for answer in asked for row in answer.buttons):
            await converse(school.desk, session, replace(said, text="", pressed=button))
        sent = list(await session.scalars(select(Delivery).where(Delivery.key.startswith("urge/"))))
        told = {item[1] for row in sent for item in (row.about or {})["occurrences"]}
        assert told <= {school.ids[place] for place in leads}
        assert bool(told) == bool(leads)


async def test_occurrences_are_waived_and_people_told_where_the_table_says(school: School) -> None:
    leads = allowed(LEADS, school.role, school.place)
    for place in PLACES:
        async with undone(school.database) as session:
            await converse(school.desk, session, school.utterance("/status 9月"))
            inquiry = await session.scalar(select(func.max(Inquiry.id)))
            data = f"alter-of:{school.ids[place]}:{inquiry}"
            shown = await converse(school.desk, session, school.utterance("", pressed=data))
            assert bool(shown) == (place in leads), place
            for button in (row[0].data for answer in shown for row in answer.buttons[:1]):
                await converse(school.desk, session, school.utterance("", pressed=button))
                await converse(school.desk, session, school.utterance("免办，集中阅卷"))
            rows = list(await session.scalars(select(OccurrenceChange)))
            assert {row.organization_id for row in rows} <= {
                school.ids[each] for each in BELOW.get(place, place).split()
            }
            assert bool(rows) == bool(shown and shown[0].buttons)
    for place in PLACES:
        async with undone(school.database) as session:
            said = school.utterance(f"/broadcast {place}：请看")
            asked = await converse(school.desk, session, said)
            allowed_here = bool(set(BELOW.get(place, place).split()) & leads)
            assert bool(asked[0].buttons) == allowed_here, place
            for button in (row[0].data for answer in asked for row in answer.buttons[-2:-1]):
                started = await converse(school.desk, session, school.utterance("", pressed=button))
                assert "正在发送" in texts(started)
            names = {number: name for name, number in school.people.items()}
            query = select(Chat.member_id).join(Delivery).where(Delivery.kind == "broadcast")
            told = {names[found] for found in await session.scalars(query)}
            assert {name.split("的")[0] for name in told} <= leads


async def test_groups_are_bound_where_the_table_says(school: School) -> None:
    binds = allowed(BINDS, school.role, school.place)
    for place in PLACES:
        asked = await school.changes(f"/bind {place}", Petition, group=True)
        assert asked == ({school.ids[place]} & {school.ids[each] for each in binds}), place
        answers = await school.says("/unbind", group=True)
        assert "已解除" not in texts(answers)


async def test_codes_are_given_where_the_table_says(school: School) -> None:
    invites = allowed(INVITES, school.role, school.place)
    for place in PLACES:
        for person in ("党员", "书记"):
            text = texts(await school.says(f"邀请 {place}的{person}"))
            assert bool(re.search("[A-Z0-9]{10}", text)) == (place in invites), (place, person)


async def test_nobody_is_given_the_code_of_one_who_may_more(school: School) -> None:
    """A leader who is a member of the speaker's branch as well is let in by admins only."""
    async with school.database.begin() as session:
        sheet = (
            "姓名,角色,组织\n说话的人," + f"{school.role},{school.place}\n局领导,领导、党员,甲局、甲一支部\n"
        )
        plan = plan_import(await roster.current(session), None, read_csv("p.csv", sheet.encode()), today=DAY)
        await roster.apply(session, plan, today=DAY)
    text = texts(await school.says("邀请 局领导"))
    assert bool(re.search("[A-Z0-9]{10}", text)) == (school.role == "管理员")


async def test_a_register_is_brought_in_by_admins_only(school: School) -> None:
    book = Workbook()
    book.active.append(["姓名", "角色", "组织"])
    book.active.append(["新来的", "党员", "甲一支部"])
    content = io.BytesIO()
    book.save(content)
    file = File("名册.xlsx", len(content.getvalue()), "key", content.getvalue())
    said = school.utterance("", file=file, attachment="document")
    async with undone(school.database) as session:
        assert await wants_file(school.desk, session, said) == (school.role in IMPORTS)
        answers = await converse(school.desk, session, said)
        assert ("新来的" in texts(answers)) == (school.role in IMPORTS)


async def test_buttons_of_others_give_nothing(school: School) -> None:
    """An open question, petitions of every kind and a status, all somebody else's."""
    owner = school.people["甲一支部的书记"]
    async with school.database.begin() as session:
        place = await session.scalar(select(Chat).where(Chat.member_id == owner))
        own = await session.scalar(select(Chat).where(Chat.member_id == school.people["说话的人"]))
        assert place is not None
        assert own is not None
        report = await reports.add(
            session, chat_id=place.id, message_key="3", member_id=owner, text="x", said_at=NOW
        )
        reports.ask(
            report,
            {"pieces": [{"entry": {"requirement": "主题党日"}}]},
            {"number": 1, "piece": 0, "field": "present", "options": []},
            DAY,
        )
        ids = [report.id]
        now = datetime.now(UTC)
        for kind in (petitions.IMPORT, petitions.BIND, petitions.CLOSE, petitions.URGE, petitions.BROADCAST):
            row = await petitions.add(
                session, kind, chat_id=place.id, member_id=owner, organization_id=school.ids["甲一支部"],
                content=b"x", now=now,
                detail={"name": "x", "digest": "x", "month": "2026-09", "tops": [], "items": []},
            )  # fmt: skip
            ids.append(row.id)
    for choice in ("yes", "no", "x", "0"):
        assert await school.says(pressed=f"answer:{ids[0]}:1:{choice}") == []
        assert await school.says(pressed=f"import:{ids[1]}:{choice}") == []
        assert await school.says(pressed=f"bind:{ids[2]}:{choice}") == []
        assert await school.says(pressed=f"close:{ids[3]}:{choice}") == []
        assert await school.says(pressed=f"urge:{ids[4]}:{choice}") == []
        assert await school.says(pressed=f"broadcast:{ids[5]}:{choice}") == []
    assert named(texts(await school.says(pressed="waiting"))) == set()
    async with school.database.read() as session:
        assert await session.scalar(select(Report.status).where(Report.id == ids[0])) == "open"
        settled = select(func.count()).where(Petition.settled_at.is_not(None))
        assert await session.scalar(settled) == 0


async def test_new_telephones_are_let_in_where_the_table_says(school: School) -> None:
    invites = allowed(INVITES, school.role, school.place)
    for place in PLACES:
        async with undone(school.database) as session:
            stranger = Chat(address="9999")
            session.add(stranger)
            await session.flush()
            row = await petitions.add(
                session, petitions.PHONE, chat_id=stranger.id, member_id=school.people[f"{place}的党员"]
            )
            said = school.utterance("", pressed=f"phone:{row.id}:yes")
            answers = await converse(school.desk, session, said)
            assert bool(answers) == (place in invites), place
            assert (stranger.member_id is not None) == (place in invites)


async def test_a_status_of_another_shows_only_what_one_sees_oneself(school: School) -> None:
    sees = allowed(SEES, school.role, school.place, supervisor=OF_OVERSIGHT)
    async with undone(school.database) as session:
        sender = school.address("甲局的书记")
        asked = Utterance(sender=sender, chat=sender, text="9月情况", at=NOW, message_key="5")
        shown = await converse(school.desk, session, asked)
        data = [button.data for answer in shown for row in answer.buttons for button in row]
        assert data
        for each in data:
            answers = await converse(school.desk, session, school.utterance("", pressed=each))
            assert told(texts(answers)) <= sees, each
            assert named(texts(answers)) <= above(sees), each


async def test_texts_are_decided_on_where_the_table_says(school: School) -> None:
    approves = allowed(APPROVES, school.role, school.place)
    for place in PLACES:
        for choice in ("yes", "change", "no"):
            async with undone(school.database) as session:
                mark = mark_of(school.ids[place], "中秋节", "2026", "1")
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
                await approvals.ask(session, [row])
                pressed = school.utterance("", pressed=f"approve:{mark}:{choice}")
                answers = await converse(school.desk, session, pressed)
                assert bool(answers) == (place in approves), (place, choice)
                verdict = await session.scalar(select(TextReview.verdict))
                assert (verdict is not None) == (place in approves and choice != "change")


async def test_a_message_that_may_have_been_sent_is_decided_on_by_admins_alone(school: School) -> None:
    for choice in ("yes", "no"):
        async with undone(school.database) as session:
            chat_id = await session.scalar(
                select(Chat.id).where(Chat.address == school.address("甲局的书记"))
            )
            row = Delivery(key="u", chat_id=chat_id, kind="notice", text="x", due_at=NOW, policy="ask",
                           status="uncertain", doubts=1)  # fmt: skip
            session.add(row)
            await session.flush()
            answers = await converse(
                school.desk, session, school.utterance("", pressed=f"decide:{row.id}:{choice}")
            )
            await session.refresh(row)
            decides = school.role == "管理员"
            assert bool(answers) == decides
            assert (row.status == "pending") == (decides and choice == "yes")


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


def test_every_command_and_every_kind_of_button_stands_in_this_table() -> None:
    tree = ast.parse(Path(handlers.conversations.__file__).read_text("utf-8"))
    commanded = next(node for node in ast.walk(tree) if getattr(node, "name", "") == "_commanded")
    cases = {
        pattern.value.value
        for pattern in ast.walk(commanded)
        if isinstance(pattern, ast.MatchValue) and isinstance(pattern.value, ast.Constant)
    }
    assert cases | set(handlers.conversations.ASIDE) | {"start", "help"} == COMMANDS
    kinds = {
        value
        for name, value in vars(buttons).items()
        if name.isupper() and isinstance(value, str) and name not in ("CANCEL", "YES", "NO")
    }
    assert kinds == BUTTONS
