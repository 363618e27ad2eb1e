"""A school in the chat: the real program against the local Telegram over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app.application import Program, build_program
from bot.app.clock import CivilClock
from bot.demo.chats.users import LocalTelegram
from bot.demo.school import BEGIN, PEOPLE, build_local_school, import_school
from bot.demo.telegram.server import serve_api
from bot.settings.load import load_settings
from models.tables.all import Base
from scheduler.delivery.limits import UNLIMITED, Limits
from tests.chat.school import Chat
from tests.templates import Templates

PEOPLES = (
    "organizations",
    "oversights",
    "oversight_branches",
    "members",
    "memberships",
    "chats",
    "invitations",
)
KEPT = {*PEOPLES, "audit"}
"""The tables that hold who has joined; the others only what was said on the way."""


@pytest.fixture
def school(engine: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the demo's school, whose three people have joined, on each engine."""
    with templates.copy(engine, moved_in, tmp_path) as address:
        yield address


@pytest.fixture
async def chat(school: str) -> AsyncIterator[Chat]:
    """The school in the chat: what was said while its three people joined is forgotten."""
    async with open_program(school) as (program, telegram, clock):
        for person in PEOPLE:
            telegram.people[person.user_id].started = True
        await program.start()
        yield Chat(telegram, program, clock)
        await program.stop()


def moved_in(address: str) -> None:
    """Bring in the school, have its people join, and forget what was said."""
    asyncio.run(_move_in(address))


async def _move_in(address: str) -> None:
    async with open_program(address) as (program, telegram, clock):
        await import_school(program, telegram, clock)
        await program.start()
        school = Chat(telegram, program, clock)
        for person in (school.member, school.secretary, school.leader):
            assert "您已加入" in await person.hears()
        with program.database.begin() as session:
            for table in reversed(Base.metadata.sorted_tables):
                if table.name not in KEPT:
                    session.execute(table.delete())
        await program.stop()


@asynccontextmanager
async def open_program(
    address: str, limits: Limits = UNLIMITED
) -> AsyncIterator[tuple[Program, LocalTelegram, CivilClock]]:
    """The program on a database, its own local Telegram over HTTP, and the clock at its beginning."""
    settings = load_settings(None)
    clock = CivilClock(settings.calendar.zone, BEGIN)
    telegram = build_local_school(clock)
    async with serve_api(telegram) as root:
        account = settings.telegram.model_copy(update={"token": SecretStr(telegram.token), "base_url": root})
        place = settings.database.model_copy(update={"url": address})
        own = settings.model_copy(update={"telegram": account, "database": place})
        yield build_program(own, clock, limits=limits), telegram, clock
