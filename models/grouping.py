"""Group commit for SQLite: writers that wait for each other share one transaction, and so one disk write.

SQLite has a single writer, and each commit waits for the disk. Here writers work one after the other on
one connection, each inside a savepoint of its own; those that were waiting when the first began are
committed together. Nobody goes on before the commit that holds its work is on the disk.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker


class TransactionLostError(Exception):
    """The database has taken the whole transaction back."""


class Group:
    """Writers whose work one commit will hold; each waits for its future."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
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

    async def alive(self) -> bool:
        """Whether the transaction is still open: after a full disk SQLite takes all of it back by itself."""
        raw = await self.connection.get_raw_connection()
        driver = raw.driver_connection
        return driver is not None and bool(driver.in_transaction)


class Writers:
    """The writers of this process on one SQLite file."""

    def __init__(self, engine: AsyncEngine, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._engine, self._sessions = engine, sessions
        self._turn = asyncio.Lock()
        self._group: Group | None = None
        self._commits: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One writer's work; at its end it is committed, or taken back when it raised."""
        async with self._turn:
            group = self._group or await self._open()
            async with self._sessions(
                bind=group.connection, join_transaction_mode="create_savepoint"
            ) as session:
                try:
                    yield session
                    await session.commit()
                except BaseException as error:
                    await self._take_back(group, session, error)
                    raise
            committed = group.join()
        await committed

    async def close(self) -> None:
        """When the commits under way have ended."""
        if self._commits:
            await asyncio.wait(self._commits)

    async def _open(self) -> Group:
        connection = await self._engine.connect()
        try:
            await connection.execution_options(begin="IMMEDIATE")
            await connection.begin()
        except BaseException:
            await connection.close()
            raise
        self._group = group = Group(connection)
        # The lock is fair: the commit's turn comes after those who wait for theirs by now.
        task = asyncio.create_task(self._commit(group))
        self._commits.add(task)
        task.add_done_callback(self._commits.discard)
        return group

    async def _take_back(self, group: Group, session: AsyncSession, error: BaseException) -> None:
        """Only this writer's work, unless the whole transaction is gone: then the whole group has failed.

        It is gone when the disk is full, and when a writer was cancelled in the middle of a statement.
        """
        with contextlib.suppress(SQLAlchemyError):
            await session.rollback()
            if await group.alive():
                return
        self._group = None
        # Only one of them was cancelled; the others have to hear that their work is lost.
        group.end(error if isinstance(error, Exception) else _lost())

    async def _commit(self, group: Group) -> None:
        async with self._turn:
            if self._group is group:
                self._group = None
            try:
                # Without a transaction the driver's commit would say nothing and keep nothing.
                if not await group.alive():
                    raise _lost()
                await group.connection.commit()
                group.end()
            except Exception as error:
                await group.connection.invalidate(error)
                group.end(error)
            finally:
                with contextlib.suppress(OperationalError):
                    await group.connection.close()


def _lost() -> OperationalError:
    return OperationalError("COMMIT", None, TransactionLostError())
