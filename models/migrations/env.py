"""Run by Alembic inside the connection that `models.storage.schema` hands over."""

from alembic import context

from models.tables.all import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=False,  # the caller's transaction holds everything
    render_as_batch=True,
)
context.run_migrations()
