"""The database: one engine for SQLite or PostgreSQL, its transactions and its machine clock."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Double, Engine, cast, create_engine, event, extract, func, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models.storage.group_commit import GroupCommit, check_transaction

BUSY_TIMEOUT_MS = 5_000
# Threads that read at once. More would only wait for the interpreter's lock.
READERS = 4

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseAddressError(ValueError):
    """The database address is neither sqlite:///FILE nor postgresql://USER:PASSWORD@HOST/NAME."""


def parse_address(address: str) -> URL:
    """Parse `sqlite:///FILE` or `postgresql://…` (any driver) to a URL with our driver.

    Raises DatabaseAddressError for any other form.
    """
    try:
        url = make_url(address)
    except Exception as error:
        raise DatabaseAddressError(address) from error
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite+pysqlite")
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
    raise DatabaseAddressError(address)


_CLOCK = select(cast(extract("epoch", func.clock_timestamp()), Double))


class Database:
    """Transactions on one database, each a plain function of a session that is run in a thread.

    `await run(function, …)` and `submit(function, …)` write, `await fetch(function, …)` reads. The function
    gets the session as its first argument and cannot await, so that no transaction is open during a network
    call. It is committed before its result is returned, and rolled back if it raises. `begin()` and
    `read()` are transactions in the calling thread, for commands and tests.

    SQLite has a single writer: one thread writes, and the transactions that wait for it are committed
    together (see `group_commit`). PostgreSQL has a small pool of threads. `at_once` is the number of
    concurrent writers with the best throughput.
    """

    def __init__(self, address: str) -> None:
        self.url = parse_address(address)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        # On SQLite writers share commits; PostgreSQL's have to share its processors with other processes'.
        self.at_once = 48 if self.sqlite else 6
        self.engine = _create_sqlite_engine(self.url) if self.sqlite else _create_postgresql_engine(self.url)
        self._immediate = self.engine.execution_options(begin="IMMEDIATE")
        self._group_commit = GroupCommit(self._immediate) if self.sqlite else None
        self._writers = ThreadPoolExecutor(self.at_once, "write")  # PostgreSQL's; its threads begin when used
        self._readers = ThreadPoolExecutor(READERS, "read")
        self.closers: list[Callable[[], None]] = []

    def submit(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Run one writing transaction; the future is done when it is committed."""
        work = _bind(function, args, kwargs)
        if self._group_commit is not None:
            return self._group_commit.submit(work)
        return self._writers.submit(self._write, work)

    async def run(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one writing transaction; returns its result once it is committed.

        Cancelling the caller does not undo it.
        """
        return await asyncio.wrap_future(self.submit(function, *args, **kwargs))

    async def fetch(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one reading transaction; returns its result."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, _bind(function, args, kwargs))

    def write(
        self, function: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one writing transaction in a thread that may block, not in the event loop's."""
        return self.submit(function, *args, **kwargs).result()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One writing transaction in this thread, committed at its end and rolled back on an error."""
        if self._group_commit is not None:
            with self._group_commit.pause(), Session(self._immediate, expire_on_commit=False) as session:
                yield from _commit_after(session)
            return
        with Session(self.engine, expire_on_commit=False) as session:
            yield from _commit_after(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction in this thread: a consistent view that waits for no writer."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def now(self, session: Session) -> float:
        """Machine seconds: the server's clock on PostgreSQL, the monotonic clock on SQLite."""
        if self.sqlite:
            return time.monotonic()
        return session.scalar(_CLOCK) or 0.0

    def compact(self) -> None:
        """Remove deleted content from the SQLite file; PostgreSQL vacuums by itself."""
        if not self.sqlite:
            return
        # VACUUM cannot run inside a transaction.
        with self.engine.connect().execution_options(begin=None) as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections when the submitted transactions have ended."""
        # Closers first: they may still hold connections of the engine.
        for closer in self.closers:
            closer()
        if self._group_commit is not None:
            self._group_commit.close()
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()

    def _write(self, work: Callable[[Session], T]) -> T:
        """Run a transaction in a thread of PostgreSQL's pool."""
        with self.begin() as session:
            return work(session)

    def _read(self, work: Callable[[Session], T]) -> T:
        """Run a reading transaction in a thread of the readers."""
        with self.read() as session:
            return work(session)


def _bind(
    function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]
) -> Callable[[Session], T]:
    """The function with every argument but the session."""
    return lambda session: function(session, *args, **kwargs)


def _commit_after(session: Session) -> Iterator[Session]:
    """Commit when the block ends without an error."""
    yield session
    session.commit()


def _create_postgresql_engine(url: URL) -> Engine:
    """The engine of PostgreSQL."""
    # Who worked last knows the statements best; parameters hold what people wrote.
    return create_engine(url, pool_size=15, pool_use_lifo=True, hide_parameters=True)


def _create_sqlite_engine(url: URL) -> Engine:
    """The engine of SQLite, whose transactions this program begins itself."""
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "before_cursor_execute", _check_before_statement)
    event.listen(engine, "commit", check_transaction)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set a new connection to durable WAL mode with foreign keys."""
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver
    cursor = connection.cursor()
    # Readers do not block the writer, nor it them.
    cursor.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL would lose the latest commits at a power failure, and with them acknowledged
    # updates.
    cursor.execute("PRAGMA synchronous = FULL")
    # SQLite checks foreign keys only where each connection asks for it.
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _check_before_statement(
    connection: Connection, _cursor: DBAPICursor, statement: str, *_rest: object
) -> None:
    """Check that the transaction still exists before a statement is run in it."""
    outside = connection.get_execution_options().get("begin", "DEFERRED") is None
    # PRAGMA and BEGIN run before the transaction exists.
    if not (outside or statement.startswith(("BEGIN", "PRAGMA"))):
        check_transaction(connection)


def _begin_sqlite(connection: Connection) -> None:
    """Begin a transaction of the kind that the execution option `begin` names."""
    kind = connection.get_execution_options().get("begin", "DEFERRED")
    if kind is not None:  # None: what SQLite runs outside a transaction only
        connection.exec_driver_sql(f"BEGIN {kind}")
