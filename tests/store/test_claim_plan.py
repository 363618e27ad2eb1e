"""A claim finds what is due by an index, however much is pending."""

from sqlalchemy import text

from benchmarks.claiming import by_index, fill, plan
from models.database import Database


async def test_a_claim_reads_no_table_from_end_to_end(database: Database) -> None:
    await fill(database, pending=20_000, chats=200)
    assert by_index(shown := await plan(database)), shown


async def test_without_its_index_it_would(database: Database) -> None:
    await fill(database, pending=20_000, chats=200)
    async with database.begin() as session:
        await session.execute(text("DROP INDEX ix_deliveries_due"))
    assert not by_index(await plan(database))
