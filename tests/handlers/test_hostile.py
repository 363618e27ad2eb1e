"""What somebody with bad intentions writes, sends or is called: text stays text, and nothing is reached."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from handlers.core.context import BotContext
from handlers.core.messages import File
from models.register import roster
from models.rules.roster.files import find_parts, plan_from, read_file
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.rules.roster.types import Roster
from models.storage.database import Database
from models.tables.base import Base
from models.tables.people import Confirmation, Member, Organization
from models.tables.records import Completion
from tests.handlers.roles.school import DAY, NOW, RULES, School, opened, texts, undone

HOSTILE = (
    "x'); DROP TABLE members;--",
    '" OR 1=1 --',
    "<b>粗</b><script>alert(1)</script>",
    "*粗* _斜_ [点](http://example.org) `码`",
    "&lt;b&gt;&amp;",
    "%s%n{0}{festival}",
    "../../../../tmp/x",
    "甲\u202e乙",
)
HEAD = "名称,类型,上级,别名,督导组\n学校党委,党委,,,\n"


def files_under(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*")]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture
async def admin(tmp_path: Path) -> AsyncIterator[School]:
    """The town of the roles' tests, spoken to by an admin."""
    async with opened(tmp_path) as town, undone(town.database) as session:
        yield School(town, BotContext(town.database, RULES, lambda: NOW), session, ("管理员", "甲局"))


def test_people_and_organizations_may_be_called_anything(database: Database) -> None:
    school = HEAD + "".join(f"{quoted(name)},支部,学校党委,,\n" for name in HOSTILE)
    staff = "姓名,角色,组织\n" + "".join(f"{quoted(name)},书记,学校党委\n" for name in HOSTILE)
    with database.begin() as session:
        sheets = read_csv("o.csv", school.encode()), read_csv("p.csv", staff.encode())
        plan = plan_import(roster.load_roster(session), *sheets, today=DAY)
        assert plan.wrong == ()
        roster.apply_plan(session, plan, today=DAY)
    with database.read() as session:
        names = set(session.scalars(select(Organization.name)))
        assert {name.replace("\u202e", "") for name in HOSTILE} <= names
        assert session.scalar(select(func.count()).select_from(Member)) == len(HOSTILE)
        tables = inspect(session.connection()).get_table_names()
        assert set(Base.metadata.tables) <= set(tables)
    again = plan_import(Roster(), *sheets, today=DAY)
    assert len(again.organizations) == len(HOSTILE) + 1


@pytest.mark.parametrize("topic", HOSTILE)
async def test_a_topic_is_kept_as_text_and_shown_as_text(admin: School, topic: str) -> None:
    async with admin.undone() as session:
        said = admin.utterance(f"甲一支部9月18日党课，应到25实到23，主题《{topic}》")
        answers = await admin.answers(said)
        row = session.scalar(select(Completion).order_by(Completion.id.desc()))
        assert row is not None
        assert (row.requirement, row.present) == ("党课", 23)
        shown = texts(answers)
        assert "<script" not in shown
        assert "<b>粗" not in shown


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("理科支部", "理科\u2f40部"),
        ("理科支部", "理科\u200b支部"),
        ("理科支部", "理科 支部"),
        ("A支部", "\u0410支部"),
        ("A支部", "\u0391支部"),
        ("A支部", "\uff21支部"),
    ],
)
def test_a_name_that_only_looks_like_another_is_no_second_one(name: str, alike: str) -> None:
    school = f"{HEAD}{name},支部,学校党委,,\n{alike},支部,学校党委,,\n"
    staff = "姓名,角色,组织\n某人,书记,学校党委\n"
    plan = plan_import(
        Roster(), read_csv("o.csv", school.encode()), read_csv("p.csv", staff.encode()), today=DAY
    )
    [problem] = plan.wrong
    assert "与第 3 行重名" in str(problem)


async def test_a_name_alike_gives_no_access(admin: School) -> None:
    for name in ("甲二\u2f40部", "甲\u4e8c\u200b支部"):
        changed = await admin.changes(f"{name}9月18日主题党日，应到25实到24", Completion)
        assert changed <= {admin.ids["甲二支部"]}


async def test_a_file_name_is_a_name_and_never_a_place(admin: School, tmp_path: Path) -> None:
    content = "姓名,角色,组织\n新来的,党员,甲一支部\n".encode()
    for name in (
        "../../../tmp/名册.csv",
        "/etc/名册.csv",
        "C:\\名册.csv",
        "\x00名册.csv",
        "名" * 5000 + ".csv",
    ):
        file = File(name, len(content), "key", content)
        async with admin.undone() as session:
            answers = await admin.hears(file=file, attachment="document")
            assert "新来的" in texts(answers)
            assert all(len(answer.text) < 4096 for answer in answers)
            kept = session.scalar(select(Confirmation.detail))
            assert kept is not None
            assert len(kept["name"]) <= 200
    assert {path.partition("-")[0] for path in files_under(tmp_path)} == {"town.db"}


@pytest.mark.parametrize("text", ["字", "主题党日", "9月18日", "《", "/bind "])
async def test_a_text_of_a_megabyte_is_not_read(admin: School, text: str) -> None:
    answers = await admin.says(text * (1_000_000 // len(text)))
    assert [answer.text.partition("\n")[0] for answer in answers] == [
        "这条太长了，没有读。请分成几条短的发。"
    ]
    assert await admin.says(pressed=text * (1_000_000 // len(text))) == []


def test_a_megabyte_in_a_cell_is_refused() -> None:
    data = ("姓名,角色,组织\n" + "名" * 1_000_000 + ",党员,理科支部\n").encode()
    plan = plan_from(Roster(), find_parts(read_file("p.csv", data)), today=DAY)
    assert plan.wrong
    assert all(len(str(problem)) < 1000 for problem in plan.wrong)
