"""Rewrites the one initial migration from the tables: `python -m models.migrations.rewrite` (until 1.0)."""

from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from models.tables.all import Base
from models.tables.base import Instant, Words

FILE = Path(__file__).with_name("versions") / "0001_initial.py"
HEADER = '''"""The initial schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
'''


def _render_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Instant):
        return 'sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")'
    if kind == "type" and isinstance(item, Words):
        return "sa.String(32)"
    return False


def migration_text() -> str:
    """The Python text of the migration, before formatting."""
    with create_engine("sqlite://").connect() as connection:
        script = produce_migrations(MigrationContext.configure(connection), Base.metadata)
    up, down = (
        "\n".join(
            line
            for line in render_python_code(operations, render_item=_render_type).splitlines()
            if not line.strip().startswith("#")
        ).strip()
        for operations in (script.upgrade_ops, script.downgrade_ops)
        if operations is not None
    )
    return f'{HEADER}    {up}\n\n\ndef downgrade() -> None:\n    """Drop every table."""\n    {down}\n'


if __name__ == "__main__":
    FILE.write_text(migration_text(), encoding="utf-8")
