"""Group commit for SQLite: writers that wait for each other share one transaction, and so one disk write.

SQLite has a single writer, and each commit waits for the disk. Here writers work one after the other on
one connection, each inside a savepoint of its own; those that were waiting when the first began are
committed together. Nobody goes on before the commit that holds its work is on the disk.

SQLAlchemy sees one transaction on that connection which never ends: sessions nest theirs in it, and only
where they are used. The real ones begin and end beneath it, on the driver.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker

from models.storage.sqlite import Connection
from models.storage.statements import DRIVER

CACHE_KIB = 16_000
"""Of the one connection that writes: what a report touches stays in memory, the readers' need not."""


class TransactionLostError(Exception):
    """The database has taken the whole transaction back."""


class Group:
    """Writers whose work one commit will hold; each waits for its future."""

    def __init__(self) -> None:
        self._members: list[asyncio.Future[None]] = []

    def join(self) -> asyncio.Future[None]:
        """Done when the group is committed."""
        self._members.append(asyncio.get_running_loop().create_future())
        return self._members[-1]

    def end(self, error: BaseException | None = None) -> None:
        """Tell every member how the commit went."""
        for member in self._members:
            if member.done():
                continue
            if error is None:
                member.set_result(None)
            else:
                member.set_exception(error)
                member.exception()  # seen: a cancelled member does not ask any more
        self._members.clear()


class Writers:
    """The writers of this process on one SQLite file."""

    def __init__(self, engine: AsyncEngine, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._engine, self._sessions = engine, sessions
        self._turn = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        self._driver: Connection | None = None
        self._group: Group | None = None
        self._unused: AsyncSession | None = None
        self._commits: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One writer's work; at its end it is committed, or taken back when it raised."""
        async with self._turn:
            driver = self._driver or await self._connect()
            group = self._group or await self._open(driver)
            driver.run("SAVEPOINT writer")
            session, self._unused = self._unused or self._session(driver), None  # making one takes its time
            try:
                yield session
                used = session.in_transaction()
                if used:
                    await session.commit()
                    await session.close()
                driver.run("RELEASE writer")
                self._unused = None if used else session
            except BaseException as error:
                await self._take_back(group, session, driver, error)
                raise
            committed = group.join()
        await committed

    async def close(self) -> None:
        """When those who are at work are done and committed."""
        while True:
            async with self._turn:
                if self._group is None:
                    return await self._disconnect()
            await asyncio.wait(self._commits)

    async def _connect(self) -> Connection:
        connection = await self._engine.connect()
        try:
            await connection.execution_options(begin=None)
            await connection.begin()
            raw = await connection.get_raw_connection()
        except BaseException:
            await connection.close()
            raise
        self._connection, self._driver = connection, cast(Connection, raw.driver_connection)
        self._driver.run(f"PRAGMA cache_size = -{CACHE_KIB}")
        return self._driver

    def _session(self, driver: Connection) -> AsyncSession:
        return self._sessions(
            bind=self._connection, join_transaction_mode="create_savepoint", info={DRIVER: driver}
        )

    async def _disconnect(self, error: BaseException | None = None) -> None:
        """Give the connection up, and with it whatever was not committed."""
        connection, self._connection, self._driver, self._unused = self._connection, None, None, None
        if connection is None:
            return
        with contextlib.suppress(SQLAlchemyError):
            if error is not None:
                await connection.invalidate(error)
            await connection.close()

    @property
    def _invalidated(self) -> bool:
        return self._connection is None or self._connection.invalidated

    async def _open(self, driver: Connection) -> Group:
        try:
            await driver.begin()
        except BaseException as error:
            await self._disconnect(error)
            raise
        self._group = group = Group()
        # The lock is fair: the commit's turn comes after those who wait for theirs by now.
        task = asyncio.create_task(self._commit(group, driver))
        self._commits.add(task)
        task.add_done_callback(self._commits.discard)
        return group

    async def _take_back(
        self, group: Group, session: AsyncSession, driver: Connection, error: BaseException
    ) -> None:
        """Only this writer's work, unless the whole transaction is gone: then the whole group has failed.

        It is gone when the disk is full, and when a writer was cancelled in the middle of a statement.
        """
        with contextlib.suppress(SQLAlchemyError):
            await session.close()
            if not self._invalidated and driver.writes:
                driver.run("ROLLBACK TO writer")
                driver.run("RELEASE writer")
                return
        self._group = None
        # Only one of them was cancelled; the others have to hear that their work is lost.
        group.end(error if isinstance(error, Exception) else _lost())
        await self._disconnect(error)

    async def _commit(self, group: Group, driver: Connection) -> None:
        async with self._turn:
            if self._group is not group:
                return
            self._group = None
            try:
                # Without a transaction the driver's commit would say nothing and keep nothing.
                if not driver.writes:
                    raise _lost()
                await driver.commit_all()
                group.end()
            except BaseException as error:
                group.end(error)
                await self._disconnect(error)
                if not isinstance(error, Exception):
                    raise


def _lost() -> OperationalError:
    return OperationalError("COMMIT", None, TransactionLostError())
