"""The schema: upgrades an empty or older database to the program's version."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from models.storage.database import Database

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
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["connection"] = connection
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if (version := _version(connection)) is not None and version not in known:
        raise SchemaError(SchemaError.__doc__)
    (command.downgrade if target == "base" else command.upgrade)(config, target)
