"""The town of all roles, opened once, and in it each speaker in turn."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handlers.core.context import BotContext
from tests.handlers.roles.school import NOW, RULES, School, Town, opened, undone
from tests.handlers.roles.table import SPEAKERS


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The town; what a test does in it is taken back."""
    async with opened(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture(scope="session")
def bot_context(town: Town) -> BotContext:
    """One desk for all, which reads the register once."""
    return BotContext(town.database, RULES, lambda: NOW)


@pytest_asyncio.fixture(params=SPEAKERS, ids=lambda who: "".join(who), loop_scope="session")
async def school(
    request: pytest.FixtureRequest, town: Town, bot_context: BotContext
) -> AsyncIterator[School]:
    """The school as each speaker meets it."""
    async with undone(town.database) as session:
        yield School(town, bot_context, session, request.param)
