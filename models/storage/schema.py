"""The schema: upgrades an empty or older database to the program's version."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from models.storage.database import Database
from models.tables.all import Base

HEAD = "0001"
_LOCK = 7_411_902  # any number; the same in every process that may upgrade one PostgreSQL database


class SchemaError(Exception):
    """The database was written by another version of Qingli; use that version, or an empty database."""


def upgrade(database: Database) -> None:
    """Upgrade the schema to HEAD; two processes at once wait for each other.

    Raises SchemaError for a version that this program does not know.
    """
    with database.engine.connect() as connection:
        # The usual start: no lock and no import of Alembic.
        if _version(connection) == HEAD:
            return
    with database.begin() as session:
        if not database.sqlite:
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _migrate(session.connection(), HEAD)


def _version(connection: Connection) -> str | None:
    """The stored version; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if version is None else str(version)


def _migrate(connection: Connection, target: str) -> None:
    """Run the migrations to `target` ("base" removes everything) in the caller's transaction."""
    # Alembic takes a tenth of a second to import and is needed once in a database's life.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(Path(__file__).parents[1] / "migrations"))
    known = {revision.revision for revision in script.walk_revisions()}
    if (version := _version(connection)) is not None and version not in known:
        raise SchemaError(SchemaError.__doc__)
    environment = EnvironmentContext(Config(), script)
    # Alembic's command line opens connections of its own; these private functions take ours, so that a
    # failed upgrade is rolled back as a whole.
    steps = script._downgrade_revs if target == "base" else script._upgrade_revs
    environment.configure(
        connection=connection,
        target_metadata=Base.metadata,
        fn=lambda revision, _context: steps(target, revision),
        # The transaction is the caller's: Alembic must not commit in between.
        transactional_ddl=False,
        # SQLite cannot alter most columns; in batch mode the table is copied.
        render_as_batch=True,
    )
    environment.run_migrations()
