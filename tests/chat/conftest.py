"""A school in the chat: the real program against the local Telegram over HTTP."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.assembly import assemble
from bot.clock import CivilClock
from bot.demo.bot_api import serve
from bot.demo.demo import BEGIN, local_school, move_in
from bot.settings import load_settings
from scheduler.limits import UNLIMITED
from tests.chat.school import Chat


@pytest.fixture
async def chat(address: str) -> AsyncIterator[Chat]:
    """The demo's school on a fresh database; the three people have joined and heard their welcome."""
    settings = load_settings(None)
    clock = CivilClock(settings.calendar.zone, BEGIN)
    telegram = local_school(clock)
    async with serve(telegram) as root:
        account = settings.telegram.model_copy(update={"token": SecretStr(telegram.token), "base_url": root})
        place = settings.database.model_copy(update={"url": address})
        program = assemble(
            settings.model_copy(update={"telegram": account, "database": place}), clock, limits=UNLIMITED
        )
        await move_in(program, telegram, clock)
        await program.start()
        school = Chat(telegram, program, clock)
        for person in (school.member, school.secretary, school.leader):
            assert "您已加入" in await person.hears()
        yield school
        await program.stop()
