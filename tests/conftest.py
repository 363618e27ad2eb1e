"""What tests share: a database of each engine, with the whole schema and nothing in it."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from models import schema
from models.database import Database
from tests.postgres import Postgres


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
def postgres_template(postgres: Postgres) -> str:
    """The name of a database that holds the empty schema, to be copied."""
    postgres.run("CREATE DATABASE template_qingli;")
    asyncio.run(_make_schema(postgres.address("template_qingli")))
    return "template_qingli"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds the empty schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "qingli.db"
    asyncio.run(_make_schema(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database, on each engine in turn."""
    if request.param == "sqlite":
        file = tmp_path / "qingli.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {template};")
    yield server.address(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE);")


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    """A fresh database, on each engine in turn."""
    database = Database(address)
    yield database
    await database.close()


async def _make_schema(address: str) -> None:
    database = Database(address)
    await schema.upgrade(database)
    await database.close()
