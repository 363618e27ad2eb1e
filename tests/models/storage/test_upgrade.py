"""Databases of every schema version come up to the newest with what they hold.

`versions/NNNN.sql` is a database as the program of that version left it: a school of made-up people who
have joined, reported, corrected, moved and withdrawn. A migration brings its fixture along.
"""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text

from models.records import completions
from models.storage import copy, schema
from models.storage.database import Database
from models.tables.all import Base
from models.tables.deliveries import Delivery
from models.tables.records import Audit, Completion, StoredReport

VERSIONS = sorted(Path(__file__).with_name("versions").glob("*.sql"))


def restore_version(file: Path, folder: Path) -> tuple[Database, dict[str, int]]:
    """The database of a version, and how many rows each of its tables has."""
    place = folder / "old.db"
    connection = sqlite3.connect(place)
    connection.executescript(file.read_text(encoding="utf-8"))
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608
    connection.close()
    return Database(f"sqlite:///{place}"), counts


def test_every_version_has_its_fixture() -> None:
    assert VERSIONS[-1].stem == schema.HEAD


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_database_of_this_version_is_upgraded_with_its_data(file: Path, tmp_path: Path) -> None:
    database, before = restore_version(file, tmp_path)
    schema.upgrade_schema(database)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    with database.read() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == schema.HEAD
        for kind in (Audit, Completion, Delivery, StoredReport):
            assert session.scalar(select(func.count()).select_from(kind)) == before[kind.__tablename__]
        held = list(session.scalars(select(Completion).order_by(Completion.id)))
        assert [completions.to_entry(row).present for row in held] == [23, 5, 22]
        reminded = session.scalars(select(Delivery).where(Delivery.kind == "reminder")).all()
        assert any(row.about is not None and row.about.occurrences for row in reminded)
    database.close()


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_an_upgraded_database_is_copied_to_either_engine(
    file: Path, tmp_path: Path, database: Database
) -> None:
    old, _ = restore_version(file, tmp_path)
    schema.upgrade_schema(old)
    with copy.open_snapshot(old) as source, copy.open_transaction(database) as target:
        copied = copy.copy_database(source, target)
    with copy.open_snapshot(database) as target:
        assert copy.compute_digests(target) == copied
    old.close()
