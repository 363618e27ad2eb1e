"""The fault matrix in a small form: real processes killed, paused and cut off from their database."""

from collections.abc import Iterator

import pytest

from tests.faults.cases import matrix
from tests.faults.runner import Postgres, run
from tests.faults.size import SMALL

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server that may be restarted."""
    made = Postgres()
    yield made
    made.close()


def _small() -> list[tuple[str, str]]:
    return [(entry.name, engine) for entry in matrix(None) for engine in entry.small]  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "engine"), _small())
async def test_nothing_is_lost_or_repeated_blindly(server: Postgres, name: str, engine: str) -> None:
    entry = next(entry for entry in matrix(server) if entry.name == name)
    tally = await run(entry.case, SMALL, server.new() if engine == "postgresql" else None)
    assert tally.clean, tally.line()
