"""What tests share: a database of each engine, with the whole schema and nothing in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.storage import schema
from models.storage.database import Database
from tests.postgres import Postgres
from tests.templates import Templates

pytest_plugins = ["tests.network"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test run."""
    server = Postgres()
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.run(f"ALTER SYSTEM SET {setting} = off;")  # what a power cut would lose is no test's subject
    server.run("SELECT pg_reload_conf();")
    yield server
    server.close()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Templates:
    """The databases that are copied."""
    return Templates(tmp_path_factory.mktemp("templates"), lambda: request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    name: str = request.param
    return name


@pytest.fixture
def address(engine: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the whole schema, on each engine in turn."""
    with templates.copy(engine, make_schema, tmp_path) as address:
        yield address


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A fresh database, on each engine in turn."""
    database = Database(address)
    yield database
    database.close()


def make_schema(address: str) -> None:
    """An empty schema."""
    database = Database(address)
    schema.upgrade_schema(database)
    database.close()
