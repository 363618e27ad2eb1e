"""The schema: the migration makes what the tables say, and can be taken back."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from models.storage import schema
from models.storage.database import Database, DatabaseAddressError, parse_address
from models.tables.base import Base


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migration_makes_what_the_tables_say(database: Database) -> None:
    with database.engine.connect() as connection:
        assert _differences(connection) == []


async def test_the_migration_can_be_taken_back(database: Database) -> None:
    with database.begin() as session:
        schema._migrate(session.connection(), "base")
    with database.engine.connect() as connection:
        assert _tables(connection) == {"alembic_version"}
    schema.upgrade_schema(database)
    with database.engine.connect() as connection:
        assert _tables(connection) == {*Base.metadata.tables, "alembic_version"}


async def test_an_up_to_date_schema_is_left_alone(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("INSERT INTO leases (name, holder, until) VALUES ('poll:1', 'somebody', 5)"))
    schema.upgrade_schema(database)
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM leases")) == 1


async def test_a_schema_of_another_version_is_refused(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.SchemaError, match="another version"):
        schema.upgrade_schema(database)


async def test_what_was_begun_and_failed_leaves_nothing(database: Database) -> None:
    insert = text("INSERT INTO leases (name, holder, until) VALUES ('plan', 'x', 1)")

    async def begin_and_fail() -> None:
        with database.begin() as session:
            session.execute(insert)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        await begin_and_fail()
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM leases")) == 0


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("sqlite:///qingli.db", "sqlite+pysqlite"),
        ("postgresql://u:p@localhost/qingli", "postgresql+psycopg"),
        ("postgresql+asyncpg://u:p@localhost/qingli", "postgresql+psycopg"),
    ],
)
def test_addresses_get_the_driver_of_this_program(address: str, driver: str) -> None:
    assert parse_address(address).drivername == driver


@pytest.mark.parametrize("address", ["mysql://localhost/x", "qingli.db", str(Path("/tmp/x.db"))])  # noqa: S108
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(DatabaseAddressError):
        parse_address(address)
