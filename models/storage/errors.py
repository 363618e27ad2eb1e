"""Telling a database that cannot be used for the moment from a mistake in what was asked of it."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError as PoolTimeoutError

ENDED = ("57P", "53", "08", "25006", "55006")
"""SQLSTATEs of PostgreSQL: shut down or starting, out of disk or connections, connection lost, read-only."""


def database_is_away(error: BaseException) -> bool:
    """Whether this speaks of the database's state: away, locked or full, and later it may be different."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError | OSError):
        return True
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or state.startswith(ENDED)
    state = getattr(error, "sqlstate", None) or ""  # asyncpg's own errors while connecting
    return state.startswith(ENDED)


def first_line(error: BaseException) -> str:
    """What to log of an error: a statement's parameters hold what people wrote and stay out."""
    return (str(error).splitlines() or [type(error).__name__])[0]
