"""Assembles the demo: a fictional school, the local Telegram, the page and the bot."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.app.application import Program, build_program
from bot.app.clock import CivilClock
from bot.demo.chats.users import LocalTelegram
from bot.demo.guard import PageGuard
from bot.demo.page import build_page_routes
from bot.demo.page_view import Group, Person, build_guide
from bot.demo.telegram.server import build_api_routes, serve_api
from bot.settings.load import Settings
from models.register import chats, invitations, roster
from models.rules.roster.import_plan import plan_import
from models.rules.roster.sheets import read_csv
from models.storage.schema import upgrade_schema
from models.tables.people import Chat, Organization
from scheduler.delivery.limits import UNLIMITED

SCHOOL = Path(__file__).parent / "register"
BEGIN = datetime.fromisoformat("2026-09-01T08:00:00+08:00")
REACHED_AT = time(9)
MEMBER = Person(1001, "示例·小安", "党员", 1001)
SECRETARY = Person(1002, "示例·小林", "支部书记", 1002)
LEADER = Person(1003, "示例·老周", "领导", 1003)
PEOPLE = (MEMBER, SECRETARY, LEADER)
GROUP = Group(-2001, "理科支部")


@dataclass
class DemoClock:
    """The clock of the page: a move sends everything that is due on the way, in order."""

    clock: CivilClock
    program: Program

    def __post_init__(self) -> None:
        self._moving = asyncio.Lock()

    def now(self) -> datetime:
        """Return the civil moment."""
        return self.clock.now()

    async def advance_day(self) -> None:
        """Move to 09:00 of the next day."""
        await self.to_day(self.now().date() + timedelta(days=1))

    async def next_reminder(self) -> None:
        """Move to the next moment at which something is sent."""
        slot = await asyncio.to_thread(self.program.planner.find_next_slot, self.now())
        if slot is None:
            raise ValueError("往后一年没有要发的提醒。")
        await self._move(slot)

    async def to_day(self, day: date) -> None:
        """Move to 09:00 of a later day."""
        await self._move(datetime.combine(day, REACHED_AT, tzinfo=self.clock.zone))

    async def _move(self, target: datetime) -> None:
        async with self._moving:
            if target <= self.now():
                raise ValueError("日期只能往后拨。")
            # Each slot is planned at its own moment, so that messages show the right date and lateness.
            for slot in await asyncio.to_thread(self.program.planner.list_slots, self.now(), target):
                await self._stop_at(slot)
            await self._stop_at(target)

    async def _stop_at(self, moment: datetime) -> None:
        self.clock.set(moment)
        await asyncio.to_thread(self.program.planner.plan_reminders)
        await self.program.dispatcher.drain()


@asynccontextmanager
async def run_school(settings: Settings, *, port: int) -> AsyncIterator[str]:
    """Run the demo and yield the page's address; everything is deleted at the end."""
    clock = CivilClock(settings.calendar.zone, BEGIN)
    local = build_local_school(clock)
    with tempfile.TemporaryDirectory(prefix="qingli-demo-") as folder:
        address = f"http://127.0.0.1:{port}"
        account = _build_settings(settings, local.token, address, Path(folder))
        # The local server has no limits unless a test sets them.
        program = build_program(account, clock, limits=UNLIMITED)
        page = build_page_routes(local, PEOPLE, GROUP, DemoClock(clock, program), build_guide(*PEOPLE))
        # The fence stands before the Bot API too: no page of another site may speak as the bot.
        app = Starlette(routes=[*build_api_routes(local), *page], middleware=[Middleware(PageGuard)])
        async with serve_api(local, port=port, app=app) as root:
            await import_school(program, local, clock)
            await program.start()
            try:
                yield root
            finally:
                await program.stop()


def build_local_school(clock: CivilClock) -> LocalTelegram:
    """Build the local Telegram with the three people and the branch's group, and a new token."""
    local = LocalTelegram(f"1:{secrets.token_urlsafe(24)}", civil=clock.now)
    for person in PEOPLE:
        local.add_user(person.user_id, person.name)
    local.add_group(GROUP.chat_id, GROUP.title, [person.user_id for person in PEOPLE])
    return local


async def import_school(program: Program, local: LocalTelegram, clock: CivilClock) -> None:
    """Import the school into an empty database, and let the three people join with their codes."""
    await asyncio.to_thread(upgrade_schema, program.database)
    codes = await program.database.run(_import_school, clock.now().date())
    for person in PEOPLE:
        local.say(person.user_id, person.chat_id, f"/start {codes[person.name]}")


def _import_school(session: Session, today: date) -> dict[str, str]:
    """Import the school's roster; returns the joining codes by name."""
    files = [read_csv(name, (SCHOOL / name).read_bytes()) for name in ("organizations.csv", "people.csv")]
    plan = plan_import(roster.load_roster(session), *files, today=today)
    roster.apply_plan(session, plan, today=today)
    codes = {invited.name: invited.code for invited in invitations.invite_all(session, now=datetime.now(UTC))}
    branch = session.scalar(select(Organization.id).where(Organization.name == "理科支部"))
    group: Chat = chats.get_or_create_chat(
        session, channel="telegram", address=str(GROUP.chat_id), kind="group"
    )
    group.organization_id = branch
    return codes


def _build_settings(settings: Settings, token: str, address: str, folder: Path) -> Settings:
    telegram = settings.telegram.model_copy(update={"token": SecretStr(token), "base_url": address})
    database = settings.database.model_copy(update={"url": f"sqlite:///{folder / 'demo.db'}"})
    # Port 0: the system chooses a free one, which the link in the chat then contains.
    page = {"enabled": True, "host": "127.0.0.1", "port": 0, "root": None, "mini_app": False}
    dashboard = settings.dashboard.model_copy(update=page)
    return settings.model_copy(update={"telegram": telegram, "database": database, "dashboard": dashboard})
