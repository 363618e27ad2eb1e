"""Tells a database that is unavailable for the moment from an error in a statement."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError as PoolTimeoutError

# Prefixes of PostgreSQL's SQLSTATEs: 57P shut down or starting, 53 out of disk or connections, 08
# connection lost, 25006 read-only (a standby), 55006 in use.
ENDED = ("57P", "53", "08", "25006", "55006")


def database_is_away(error: BaseException) -> bool:
    """Whether the database is unavailable, locked or full, so that a later try may succeed."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError | OSError):
        return True
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or state.startswith(ENDED)
    state = getattr(error, "sqlstate", None) or ""  # psycopg's own errors
    return state.startswith(ENDED)


def first_line(error: BaseException) -> str:
    """The line of an error to log, without a statement's parameters: they hold personal texts."""
    return (str(error).splitlines() or [type(error).__name__])[0]
