"""Databases that are made once and copied for each test: what is in them costs its time only once."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import Postgres

Fill = Callable[[str], None]
"""Fills the empty database at an address."""


class Templates:
    """The templates of one test run, by engine and filling; `server` starts PostgreSQL when it is needed."""

    def __init__(self, folder: Path, server: Callable[[], Postgres]) -> None:
        self._folder, self._server = folder, server
        self._made: set[str] = set()

    @contextmanager
    def copy(self, engine: str, fill: Fill, folder: Path) -> Iterator[str]:
        """The address of a fresh copy; an SQLite file lies in `folder`."""
        name = f"template_{fill.__name__}".replace("__", "_")
        if engine == "sqlite":
            template = self._folder / f"{name}.db"
            self._make(engine + name, fill, f"sqlite:///{template}")
            shutil.copyfile(template, folder / "qingli.db")
            yield f"sqlite:///{folder / 'qingli.db'}"
            return
        server, copied = self._server(), f"test_{uuid.uuid4().hex}"
        if engine + name not in self._made:
            server.run(f"CREATE DATABASE {name};")
        self._make(engine + name, fill, server.address(name))
        server.run(f"CREATE DATABASE {copied} TEMPLATE {name};")
        yield server.address(copied)
        server.run(f"DROP DATABASE {copied} WITH (FORCE);")

    def _make(self, key: str, fill: Fill, address: str) -> None:
        if key not in self._made:
            fill(address)
            self._made.add(key)
