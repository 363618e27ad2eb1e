"""The database: one engine for SQLite or PostgreSQL, its transactions and its machine clock."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy import Connection, Double, cast, event, extract, func, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from models.storage import sqlite
from models.storage.group_commit import Writers
from models.storage.statements import Prepared, only


class DatabaseAddressError(ValueError):
    """The database address is neither sqlite:///FILE nor postgresql://USER:PASSWORD@HOST/NAME."""


def async_url(address: str) -> URL:
    """`sqlite:///FILE` and `postgresql://…` (any driver) to the URL with the driver of this program.

    Raises DatabaseAddressError for any other form.
    """
    try:
        url = make_url(address)
    except Exception as error:
        raise DatabaseAddressError(address) from error
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql":
            return url.set(drivername="postgresql+asyncpg")
    raise DatabaseAddressError(address)


_SECONDS = extract("epoch", func.clock_timestamp())
_CLOCK = Prepared(select(cast(_SECONDS, Double)), only)


class Database:
    """Transactions on one database.

    `begin()` is for writing, `read()` for reading; both give an AsyncSession and commit or roll back
    at their end. SQLite has a single writer: within the process writers take turns and share commits
    (see `models.storage.group_commit`); beside other processes `BEGIN IMMEDIATE` waits. `at_once` is how many
    writers are best at work.
    """

    def __init__(self, address: str) -> None:
        self.url = async_url(address)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        # On SQLite writers share commits; PostgreSQL's have to share its processors with other processes'.
        self.at_once = 16 if self.sqlite else 6
        self.engine = _sqlite_engine(self.url) if self.sqlite else _postgresql_engine(self.url)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._writers = Writers(self.engine, self._sessions)
        self.closers: list[Callable[[], Awaitable[None]]] = []

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One writing transaction."""
        if self.sqlite:
            async with self._writers.begin() as session:
                yield session
            return
        # Its driver is loaded only by who uses it.
        from models.storage.postgresql import transaction

        async with transaction(self.engine, self._sessions) as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One reading transaction: a consistent view that waits for nobody."""
        async with self._sessions() as session:
            yield session

    async def now(self, session: AsyncSession) -> float:
        """Machine seconds: the server's clock on PostgreSQL, the process's monotonic one on SQLite."""
        if self.sqlite:
            return time.monotonic()
        return await _CLOCK.first(session) or 0.0

    async def compact(self) -> None:
        """Let nothing that was deleted be read from the file any more; PostgreSQL vacuums by itself."""
        if not self.sqlite:
            return
        async with self.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            if driver is not None:
                await driver.execute("VACUUM")
                await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Give all connections back; what holds one for itself is told first."""
        for closer in self.closers:
            await closer()
        await self._writers.close()
        await self.engine.dispose()


def _postgresql_engine(url: URL) -> AsyncEngine:
    # Who worked last knows the statements best; parameters hold what people wrote.
    return create_async_engine(url, pool_size=15, pool_use_lifo=True, hide_parameters=True)


def _sqlite_engine(url: URL) -> AsyncEngine:
    own = {"timeout": sqlite.BUSY_TIMEOUT_MS / 1000, "async_creator_fn": sqlite.Connection}
    engine = create_async_engine(url, connect_args=own, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(sqlite.PATIENCE)
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("begin", "DEFERRED")
    if kind is not None:  # None: the writers' connection, which begins by itself
        connection.exec_driver_sql(f"BEGIN {kind}")
