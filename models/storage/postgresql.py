"""PostgreSQL: transactions of asyncpg, with SQLAlchemy's sessions nested in them where they are used."""

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

import asyncpg
from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker

from models.storage.statements import DRIVER

LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)


class Server:
    """One connection to the server, which is in a transaction; errors are SQLAlchemy's."""

    def __init__(self, driver: asyncpg.Connection, dialect: Dialect) -> None:
        self._driver, self.dialect = driver, dialect

    async def fetch(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """One statement; its rows."""
        with _as_sqlalchemy_says(statement):
            return cast(list[Sequence[Any]], await self._driver.fetch(statement, *values))

    async def fetch_each(self, statement: str, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """One statement for each of these values, all on their way at once; the rows of all."""
        with _as_sqlalchemy_says(statement):
            return cast(list[Sequence[Any]], await self._driver.fetchmany(statement, rows))


@asynccontextmanager
async def transaction(
    engine: AsyncEngine, sessions: async_sessionmaker[AsyncSession]
) -> AsyncIterator[AsyncSession]:
    """One transaction, committed at its end or taken back when it raised."""
    connection, driver = await _connection(engine)
    try:
        with _as_sqlalchemy_says("BEGIN"):
            whole = driver.transaction()
            await whole.start()
        session = sessions(bind=connection, info={DRIVER: Server(driver, engine.dialect)})
        try:
            yield session
            if session.in_transaction():
                await session.commit()
                await session.close()
        except Exception:
            with contextlib.suppress(SQLAlchemyError, asyncpg.PostgresError, *LOST):
                await session.close()
                await whole.rollback()
            raise
        with _as_sqlalchemy_says("COMMIT"):
            await whole.commit()
    except BaseException as error:
        # Whoever is cancelled in the middle of a statement leaves a connection that nobody can use.
        if not isinstance(error, Exception) or driver.is_closed() or driver.is_in_transaction():
            await connection.invalidate(error)
        raise
    finally:
        await connection.close()


async def _connection(engine: AsyncEngine) -> tuple[AsyncConnection, asyncpg.Connection]:
    """A connection that was not lost while nobody used it."""
    while True:
        connection = await engine.connect()
        try:
            raw = await connection.get_raw_connection()
            driver = cast(asyncpg.Connection, raw.driver_connection)
            if not driver.is_closed():
                return connection, driver
            await connection.invalidate()
        except BaseException:
            await connection.close()
            raise
        await connection.close()


@contextmanager
def _as_sqlalchemy_says(statement: str) -> Iterator[None]:
    """Errors of the driver become those that everybody here knows, without the values: people wrote them."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(statement, None, error, hide_parameters=True) from error
    except (*LOST, asyncpg.InvalidCachedStatementError) as error:  # the schema was changed meanwhile
        raise OperationalError(statement, None, error, hide_parameters=True) from error
    except asyncpg.PostgresError as error:
        raise DBAPIError(statement, None, error, hide_parameters=True) from error
