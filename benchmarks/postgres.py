"""A PostgreSQL server for measurements."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgres import Postgres


@contextmanager
def run_server() -> Iterator[str]:
    """Run a PostgreSQL server; yields the address of an empty database."""
    made = Postgres()
    try:
        made.run("CREATE DATABASE bench;")
        yield made.address("bench")
    finally:
        made.close()
