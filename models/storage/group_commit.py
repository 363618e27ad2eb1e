"""Group commit for SQLite: waiting transactions share one commit, and so one disk write.

SQLite has a single writer, and each commit waits for the disk. One thread writes: it takes the waiting
transactions, runs each inside a savepoint of its own and commits them together. A result is returned only
when the commit that contains its work is on the disk.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

# Of the one writing connection: the pages that a report touches stay in memory.
CACHE_KIB = 16_000
# Bounds how long the first transaction of a group waits for the others.
MOST_TOGETHER = 64

T = TypeVar("T")
Job = tuple[Callable[[Session], Any], Future[Any]]
Done = tuple[Future[Any], Any]


class Pause(NamedTuple):
    """The writing thread sets `begun` and does nothing until `ended` is set."""

    begun: threading.Event
    ended: threading.Event


class TransactionLostError(Exception):
    """The database has taken the whole transaction back."""


class GroupCommit:
    """The writing thread of this process on one SQLite file.

    Another thread of this process that begins a transaction itself uses `pause`; SQLite's lock alone is not
    fair, and the thread might wait until its timeout.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[Job | Pause | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._starting = threading.Lock()

    def submit(self, work: Callable[[Session], T]) -> "Future[T]":
        """Run this as one transaction; the future is done when it is committed."""
        future: Future[T] = Future()
        self._jobs.put((work, future))
        if self._thread is None:
            self._start()
        return future

    @contextlib.contextmanager
    def pause(self) -> Iterator[None]:
        """Stop the writing thread inside the block, after the work that was submitted before."""
        if self._thread is None or self._thread is threading.current_thread():
            yield
            return
        pause = Pause(threading.Event(), threading.Event())
        self._jobs.put(pause)
        pause.begun.wait()
        try:
            yield
        finally:
            pause.ended.set()

    def close(self) -> None:
        """End the thread when all submitted work is done."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        """Start the thread once, whichever thread submits first."""
        with self._starting:
            if self._thread is None:
                # A daemon: a program that failed does not hang. What was answered is committed by then.
                self._thread = threading.Thread(target=self._work, name="write", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        """The writing thread: group after group until the end is requested."""
        item = self._jobs.get()
        while item is not None:
            if isinstance(item, Pause):
                item.begun.set()
                item.ended.wait()
                item = self._jobs.get()
            else:
                group, item = self._collect(item)
                # A job whose future was cancelled while it waited is not run.
                self._write_group([job for job in group if job[1].set_running_or_notify_cancel()])
                item = item or self._jobs.get()
        self._disconnect()

    def _collect(self, first: Job) -> tuple[list[Job], "Job | Pause | None"]:
        """The first job and those that wait by now; also the pause that ends the group, if any."""
        group = [first]
        for _ in range(min(self._jobs.qsize(), MOST_TOGETHER - 1)):
            item = self._jobs.get()
            if item is None:
                self._jobs.put(None)  # the end was asked for: these are the last ones
                break
            if isinstance(item, Pause):
                return group, item
            group.append(item)
        return group, None

    def _write_group(self, waiting: list[Job]) -> None:
        """Run these jobs, each in a savepoint, and commit them together."""
        done: list[Done] = []
        try:
            connection = self._connection or self._connect()
            with connection.begin():
                for work, future in waiting:
                    _run_in_savepoint(connection, work, future, done)
        except BaseException as error:
            # The commit failed: none of the group is stored, so all of it has to fail.
            self._disconnect(error)
            for _, future in waiting:
                if not future.done():
                    future.set_exception(error)
            return
        # Only now: before the commit the work could still be lost.
        for future, result in done:
            future.set_result(result)

    def _connect(self) -> Connection:
        """Open the one writing connection."""
        connection = self._connection = self._engine.connect()
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.commit()
        return connection

    def _disconnect(self, error: BaseException | None = None) -> None:
        """Close the connection; what was not committed is rolled back."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(SQLAlchemyError):
            if error is not None:
                connection.invalidate(error)
            connection.close()


def check_transaction(connection: Connection) -> None:
    """Raise OperationalError where SQLite has rolled the transaction back itself (full disk, …).

    Without this check each later statement would be committed by itself, and no error would say so.
    """
    driver = connection.connection.driver_connection
    if driver is not None and not driver.in_transaction:
        raise OperationalError("COMMIT", None, TransactionLostError())


def _run_in_savepoint(
    connection: Connection, work: Callable[[Session], Any], future: Future[Any], done: list[Done]
) -> None:
    """Run one transaction of a group; if it fails, only its own work is rolled back.

    Raises OperationalError where the whole transaction is lost: then the group fails.
    """
    savepoint = connection.begin_nested()
    # `rollback_only`: the session shares the group's transaction and must not commit it.
    session = Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only")
    try:
        result = work(session)
        session.flush()
        session.close()
        savepoint.commit()
    except Exception as error:
        session.close()
        check_transaction(connection)
        savepoint.rollback()
        future.set_exception(error)
    else:
        done.append((future, result))
