"""The register sent to the bot by an admin: shown first, written after a button from the same file."""

import asyncio
import hashlib

from handlers.core.callback_data import IMPORT, YES, petition_rows
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer, File
from handlers.people import texts as words
from models.register import confirmations, roster
from models.rules.people.permissions import Action
from models.rules.roster.files import plan_from, read_file, sorted_out
from models.rules.roster.sheets import MOST_BYTES
from models.rules.roster.summary import summary
from models.rules.roster.types import ImportPlan
from models.tables.people import Petition

LINES_OF_A_KIND = 8
MOST_LINES = 1_000_000


def wanted(turn: Turn, file: File) -> bool:
    """Whether this is a register that the speaker may bring in here."""
    private = turn.said.chat_kind == "private" and not turn.said.edited
    fits = file.name.lower().endswith((".xlsx", ".csv", ".xls", ".txt"))
    return private and fits and turn.person is not None and bool(turn.scope(Action.ADMINISTER))


async def received(turn: Turn, file: File) -> Answers:
    """Say what the file would change, and ask; nothing is written yet."""
    if file.size > MOST_BYTES:
        return [Answer(words.file_too_large())]
    if file.content is None:
        return [Answer(words.file_not_fetched())]
    plan = await _planned(turn, file.name, file.content)
    if plan.wrong or plan.nothing:
        return [Answer(words.import_plan(_told(plan), asks=False))]
    petition = await confirmations.add(
        turn.session,
        confirmations.IMPORT,
        chat_id=turn.place.id,
        member_id=turn.speaker.id,
        detail={"name": file.name[:200], "digest": _digest(plan)},
        content=file.content,
    )
    return [_question(petition, plan)]


async def pressed(turn: Turn, petition_id: int, choice: str) -> Answers:
    """确认 or 取消 by the admin who sent the file; planned again, since the register may have changed."""
    petition = await confirmations.waiting(
        turn.session, petition_id, confirmations.IMPORT, of=turn.speaker.id
    )
    if petition is None or petition.chat_id != turn.place.id:
        return []
    if not turn.scope(Action.ADMINISTER) or petition.content is None:
        return []
    if choice != YES:
        confirmations.settle(petition, by=turn.speaker.id)
        return [Answer(words.not_imported(), edits=turn.said.message_key)]
    await roster.lock(turn.session)
    detail = petition.detail or {}
    plan = await _planned(turn, detail["name"], petition.content)
    if plan.wrong or plan.nothing:
        confirmations.settle(petition, by=turn.speaker.id)
        return [Answer(words.import_plan(_told(plan), asks=False), edits=turn.said.message_key)]
    if _digest(plan) != detail["digest"]:
        petition.detail = {**detail, "digest": _digest(plan)}
        return [_question(petition, plan, edits=turn.said.message_key)]
    await roster.apply(turn.session, plan, today=turn.today, by=turn.speaker.id, at=turn.now)
    confirmations.settle(petition, by=turn.speaker.id)
    return [Answer(words.imported(_told(plan)), edits=turn.said.message_key)]


async def _planned(turn: Turn, name: str, content: bytes) -> ImportPlan:
    files = sorted_out(await asyncio.to_thread(read_file, name, content))
    return plan_from(await roster.current(turn.session), files, today=turn.today)


def _question(petition: Petition, plan: ImportPlan, edits: str | None = None) -> Answer:
    rows = petition_rows(IMPORT, petition.id, "确认导入", "取消")
    return Answer(words.import_plan(_told(plan), asks=True), rows, edits=edits)


def _told(plan: ImportPlan) -> str:
    return summary(plan, LINES_OF_A_KIND)


def _digest(plan: ImportPlan) -> str:
    """What tells two plans apart: everything they say."""
    return hashlib.sha256(summary(plan, most=MOST_LINES).encode()).hexdigest()
