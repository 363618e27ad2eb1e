"""Backups: the whole database in one SQLite file, restored into SQLite or PostgreSQL."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from models.delivery import restore_gap
from models.storage import copy
from models.storage.copy import DatabaseDigest, NotEqualError, TableDigest
from models.storage.database import Database
from models.storage.schema import HEAD, upgrade_schema

MANIFEST = "qingli_backup"


class BackupError(Exception):
    """The backup file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description in a backup: when it was made, its schema revision and its contents."""

    made_at: datetime
    schema: str
    contents: DatabaseDigest

    @property
    def rows(self) -> int:
        """The number of rows in all tables."""
        return sum(content.rows for content in self.contents.values())


def create_backup(database: Database, file: Path) -> Manifest:
    """Write a backup while the bot runs; the file appears when it is complete and verified.

    An older backup of that name is replaced. Raises BackupError where the file is not a backup.
    """
    _check_writable(file)
    # The process id keeps two backups that run at once out of each other's partial file.
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    _delete_old_parts(file)
    target = Database(f"sqlite:///{part}")
    try:
        upgrade_schema(target)
        made_at = datetime.now(UTC)
        with copy.open_snapshot(database) as source, copy.open_transaction(target) as into:
            manifest = Manifest(made_at, HEAD, copy.copy_database(source, into))
            _write_manifest(into, manifest)
        target.close()
        _finish_file(part)
        # Atomic: a reader sees the old backup or the complete new one, never a part.
        os.replace(part, file)
        _sync_folder(file.parent)
    finally:
        target.close()
        for leftover in (part, Path(f"{part}-wal"), Path(f"{part}-shm")):
            leftover.unlink(missing_ok=True)
    return manifest


def restore_backup(database: Database, file: Path) -> Manifest:
    """Copy a backup into an empty database in one transaction.

    Deliveries that were pending at the time of the backup may have been sent since by the lost bot;
    the restore gap is recorded, so that they are marked as possible repetitions. Raises BackupError,
    NotEmptyError, NotEqualError.
    """
    manifest = read_manifest(file)
    if manifest.schema != HEAD:
        raise BackupError(f"{file} was made by another version (schema {manifest.schema}, here {HEAD})")
    upgrade_schema(database)
    with tempfile.TemporaryDirectory(prefix="qingli-restore-") as folder:
        copied = Path(folder) / "backup.db"  # opening a database writes beside it; the backup stays as it is
        shutil.copyfile(file, copied)
        source = Database(f"sqlite:///{copied}")
        try:
            with copy.open_snapshot(source) as given, copy.open_transaction(database) as into:
                # Compared before the commit, so that a damaged backup leaves the database empty.
                if copy.copy_database(given, into) != manifest.contents:
                    raise NotEqualError(f"{file} has changed since it was made")
                if not database.sqlite:
                    # Copied rows keep their ids, of which PostgreSQL's sequences know nothing.
                    copy.continue_numbering(into)
                restore_gap.record_restore(into, made_at=manifest.made_at, at=datetime.now(UTC))
        finally:
            source.close()
    return manifest


def read_manifest(file: Path) -> Manifest:
    """Read the manifest of a backup. Raises BackupError where the file has none."""
    try:
        # Read-only, since connecting to a missing file would otherwise create it.
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            [(manifest,)] = connection.execute(f"SELECT words FROM {MANIFEST}")  # noqa: S608
    except (sqlite3.Error, ValueError) as error:
        raise BackupError(f"{file} is no backup of Qingli ({error})") from error
    fields = json.loads(manifest)
    contents = {name: TableDigest(**content) for name, content in fields["contents"].items()}
    return Manifest(datetime.fromisoformat(fields["made_at"]), fields["schema"], contents)


def _write_manifest(connection: Connection, manifest: Manifest) -> None:
    fields = {
        "made_at": manifest.made_at.isoformat(),
        "schema": manifest.schema,
        "contents": {name: asdict(content) for name, content in manifest.contents.items()},
    }
    connection.execute(text(f"CREATE TABLE {MANIFEST} (words TEXT NOT NULL)"))
    connection.execute(
        text(f"INSERT INTO {MANIFEST} (words) VALUES (:words)"),  # noqa: S608
        {"words": json.dumps(fields)},
    )


def _finish_file(part: Path) -> None:
    """Turn the database into one plain file on the disk, without write-ahead log files."""
    with closing(sqlite3.connect(part)) as connection:
        # In WAL mode a copy of the main file alone would lack the last transactions.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    with part.open("rb+") as written:
        os.fsync(written.fileno())


def _sync_folder(folder: Path) -> None:
    """Write the folder's entry to the disk, so that the renamed file survives a power failure."""
    if os.name != "posix":
        return
    with _open_folder(folder) as number:
        os.fsync(number)


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    number = os.open(folder, os.O_RDONLY)
    try:
        yield number
    finally:
        os.close(number)


def _check_writable(file: Path) -> None:
    """Raise BackupError where the file exists and is not a backup."""
    if file.exists():
        read_manifest(file)


def _delete_old_parts(file: Path) -> None:
    """Delete the partial files of backups whose process was killed."""
    for part in file.parent.glob(f"{file.name}.*.part*"):
        part.unlink(missing_ok=True)
