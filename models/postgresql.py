"""PostgreSQL: transactions of asyncpg, with SQLAlchemy's sessions nested in them where they are used."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import asyncpg
from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker

from models.prepared import DRIVER

Found = TypeVar("Found")
LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)


class Server:
    """One connection to the server, which is in a transaction; errors are SQLAlchemy's."""

    def __init__(self, driver: asyncpg.Connection, dialect: Dialect) -> None:
        self._driver, self.dialect = driver, dialect

    async def fetch(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """One statement; its rows."""
        return await _or_as_sqlalchemy_says(statement, self._driver.fetch(statement, *values))

    async def fetch_each(self, statement: str, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """One statement for each of these values, all on their way at once; the rows of all."""
        return await _or_as_sqlalchemy_says(statement, self._driver.fetchmany(statement, rows))


@asynccontextmanager
async def transaction(
    engine: AsyncEngine, sessions: async_sessionmaker[AsyncSession]
) -> AsyncIterator[AsyncSession]:
    """One transaction, committed at its end or taken back when it raised."""
    connection, driver = await _connection(engine)
    try:
        whole = driver.transaction()
        await _or_as_sqlalchemy_says("BEGIN", whole.start())
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
        await _or_as_sqlalchemy_says("COMMIT", whole.commit())
    except BaseException as error:
        if not isinstance(error, Exception) or driver.is_closed() or driver.is_in_transaction():
            await connection.invalidate(error)
        raise
    finally:
        await connection.close()


async def _connection(engine: AsyncEngine) -> tuple[AsyncConnection, asyncpg.Connection]:
    """A connection that was not lost while nobody used it."""
    while True:
        connection = await engine.connect()
        raw = await connection.get_raw_connection()
        driver = cast(asyncpg.Connection, raw.driver_connection)
        if not driver.is_closed():
            return connection, driver
        await connection.invalidate()
        await connection.close()


async def _or_as_sqlalchemy_says(statement: str, doing: Awaitable[Found]) -> Found:
    """What this gives, or its error as everybody here knows it, without the values: people wrote them."""
    try:
        return await doing
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(statement, None, error, hide_parameters=True) from error
    except LOST as error:
        raise OperationalError(statement, None, error, hide_parameters=True) from error
    except asyncpg.PostgresError as error:
        raise DBAPIError(statement, None, error, hide_parameters=True) from error
