"""One school for all roles: a secretary, a member and a record in every place, and each who speaks."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings.load import load_settings
from bot.settings.to_rules import build_rulebook
from handlers.core.context import BotContext
from handlers.core.messages import IncomingMessage, OutgoingMessage
from handlers.router import converse, create_request
from models.records import completions, reports
from models.register import roster
from models.rules.requirements.entries import Entry
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.storage import schema
from models.storage.database import Database
from models.tables.people import Chat, Member, Organization
from tests.handlers.roles.table import PLACES, SCHOOL, SPEAKERS, secret

RULES = build_rulebook(load_settings(None))
NOW = datetime.fromisoformat("2026-09-20T10:00:00+08:00")
DAY = date(2026, 9, 1)
VOICES = {who: f"说话的人{chr(ord('A') + number)}" for number, who in enumerate(SPEAKERS)}
"""What each who speaks is called: by no place, which nobody may name without seeing it."""


class Town:
    """The register with everybody in it, and where things in it are found."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ids: dict[str, int] = {}
        self.reports: dict[str, int] = {}
        self.people: dict[str, int] = {}

    def at(self, database: Database) -> "Town":
        """The same in a copy of its database."""
        there = Town(database)
        there.ids, there.reports, there.people = self.ids, self.reports, self.people
        return there

    async def build(self) -> None:
        """Bring it all in."""
        staff = ["姓名,角色,组织", *(f"{name},{role},{place}" for (role, place), name in VOICES.items())]
        staff += [f"{place}的书记,书记,{place}\n{place}的党员,党员,{place}" for place in PLACES]
        with self.database.begin() as session:
            sheets = read_csv("o.csv", SCHOOL.encode()), read_csv("p.csv", "\n".join(staff).encode())
            plan = plan_import(roster.load_roster(session), *sheets, today=DAY)
            assert plan.wrong == ()
            roster.apply_plan(session, plan, today=DAY)
            self.ids = dict(session.execute(select(Organization.name, Organization.id)).all())
            self.people = dict(session.execute(select(Member.name, Member.id)).all())
            for number, member_id in enumerate(self.people.values(), start=1):
                session.add(Chat(address=str(number), member_id=member_id, joined_at=NOW))
            session.add(Chat(address="-1", kind="group", organization_id=None))
            session.flush()
            for place in PLACES:
                self.reports[place] = await self._record(session, place)

    async def _record(self, session: Session, place: str) -> int:
        by = self.people[f"{place}的书记"]
        chat_id = session.scalar(select(Chat.id).where(Chat.member_id == by))
        assert chat_id is not None
        report = reports.add_report(
            session, chat_id=chat_id, message_key="1", member_id=by, text="x", said_at=NOW
        )
        assert report is not None
        entry = Entry("主题党日", self.ids[place], "2026-09", date(2026, 9, 4), present=23, expected=25)
        entry = entry._replace(topic=secret(place))
        completions.store_entries(session, report.id, [entry], before=(), reporter_id=by, at=NOW)
        return report.id

    def address(self, name: str) -> str:
        """Where somebody writes from."""
        return str(list(self.people).index(name) + 1)


class School:
    """The town as one speaker meets it, in one transaction that is taken back at its end."""

    def __init__(self, town: Town, bot_context: BotContext, session: Session, who: tuple[str, str]) -> None:
        self.town, self.bot_context, self.session = town, bot_context, session
        self.role, self.place = who
        self.name = VOICES[who]
        self.ids, self.reports, self.people = town.ids, town.reports, town.people
        self.address = town.address

    async def answers(self, said: IncomingMessage) -> Sequence[OutgoingMessage]:
        """What is answered to anybody; what it changed stays."""
        return converse(create_request(self.bot_context, self.session, said))

    async def hears(
        self, text: str = "", *, group: bool = False, **more: object
    ) -> Sequence[OutgoingMessage]:
        """What the speaker hears; what it changed stays."""
        return await self.answers(self.utterance(text, group=group, **more))

    async def says(self, text: str = "", *, group: bool = False, **more: object) -> Sequence[OutgoingMessage]:
        """What the speaker hears; nothing that it changed is kept."""
        async with self.undone():
            return await self.hears(text, group=group, **more)

    def utterance(self, text: str, *, group: bool = False, **more: object) -> IncomingMessage:
        """What the speaker says, in private or in the group."""
        sender = self.address(self.name)
        return IncomingMessage(
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
        async with self.undone() as session:
            before = {(row[0], row[1]) for row in session.execute(query)}
            await self.hears(text, **more)
            session.flush()
            after = {(row[0], row[1]) for row in session.execute(query)}
        return {organization for _, organization in after - before}

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[Session]:
        """What is done inside, in a session of its own, is taken back."""
        outer = self.session
        with Session(outer.connection(), join_transaction_mode="create_savepoint") as self.session:
            try:
                yield self.session
            finally:
                self.session.rollback()
                self.session = outer


class _UndoneError(Exception):
    pass


@asynccontextmanager
async def undone(database: Database) -> AsyncIterator[Session]:
    """A transaction that is taken back."""
    try:
        with database.begin() as session:
            yield session
            raise _UndoneError
    except _UndoneError:
        pass


_BUILT: list[tuple[bytes, Town]] = []


async def _built() -> tuple[bytes, Town]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "built.db"
        database = Database(f"sqlite:///{file}")
        schema.upgrade_schema(database)
        town = Town(database)
        await town.build()
        database.compact()
        database.close()
        return file.read_bytes(), town


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Town]:
    """A copy of the town in a folder; it is built once in a run."""
    if not _BUILT:
        _BUILT.append(await _built())
    content, made = _BUILT[0]
    (folder / "town.db").write_bytes(content)
    database = Database(f"sqlite:///{folder / 'town.db'}")
    yield made.at(database)
    database.close()


def texts(answers: Sequence[OutgoingMessage]) -> str:
    """All that is shown: texts, and what stands on the buttons."""
    labels = (button.label for answer in answers for row in answer.buttons for button in row)
    return "\n".join([*(answer.text for answer in answers), *labels])
