"""The same question as a message, a picture, a workbook and a page: the same figures in all four."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from bot.web.dashboard import view
from handlers.exports.board_grid import URGENCY
from handlers.exports.state_style import LOOKS
from models.packs.load import load_workdays
from models.records import changes
from models.rules.calendar.periods import PeriodKind
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import State
from models.rules.requirements.types import Goal, GoalKind, Strength
from models.tables.deliveries import StoredFile
from models.tables.people import Organization
from models.tables.records import Completion
from tests.chat.school import Chat, Voice
from tests.chat.test_page import Browser, link_in, served as served
from tests.rules.small_rules import rule

STATES = {LOOKS[state].word: state for state in State}
AT = datetime(2026, 10, 6, 4, tzinfo=UTC)
RULES = Rulebook(
    [
        rule("主题党日", due="每月5日"),
        rule("支部委员会", due="每月10日", strength=Strength.USUAL),
        rule("志愿服务", due="每月18日", goal=Goal(GoalKind.TIMES, 2)),
        rule("交纳党费", due="每月25日", goal=Goal(GoalKind.TIMES, 2)),
        rule("党课", PeriodKind.QUARTER, "期末", covered_by_superior=True),
    ],
    [],
    load_workdays(),
)
RECORDS = [
    ("主题党日", "2026-09", "2026-09-05", "理科支部 文科支部 专业一支部"),
    ("主题党日", "2026-10", "2026-10-04", "理科支部"),
    ("主题党日", "2026-10", "2026-10-08", "文科支部"),
    ("支部委员会", "2026-09", "2026-09-09", "理科支部 文科支部"),
    ("志愿服务", "2026-09", "2026-09-09", "理科支部 理科支部 文科支部"),
    ("志愿服务", "2026-10", "2026-10-09", "文科支部 文科支部 行政支部"),
    ("交纳党费", "2026-10", "2026-10-09", "理科支部 专业二支部"),
    ("党课", "2026-Q3", "2026-09-20", "许昌科技学校党委"),
]


@dataclass
class Answer:
    """What one form says: its line of counts, the states one by one, and the cells of the board."""

    counts: str
    states: Counter[State] | None = None
    cells: Counter[State] | None = None


@pytest.fixture
async def october(chat: Chat) -> Chat:
    """It is 20 October 2026: some is overdue from September, some waived, moved, usual or half done."""
    chat.program.bot_context.rules = RULES
    chat.set_clock("2026-10-20T10:00:00")
    with chat.program.database.begin() as session:
        ids = {row.name: row.id for row in session.scalars(select(Organization))}
        session.add_all(
            Completion(
                requirement=what, organization_id=ids[name], period=period, known_at=AT,
                held_on=date.fromisoformat(day), quantity=1.0,
            )
            for what, period, day, names in RECORDS
            for name in names.split()
        )  # fmt: skip
        changes.waive(session, ("主题党日", ids["专业一支部"], "2026-10"), by=None, at=AT, reason="阅卷")
        changes.waive(session, ("主题党日", ids["行政支部"], "2026-09"), by=None, at=AT, reason="阅卷")
        for name, day in (
            ("专业二支部", "2026-10-28"),
            ("专业三支部", "2026-09-28"),
            ("行政支部", "2026-11-03"),
        ):
            subject = ("主题党日", ids[name], "2026-10")
            changes.move(session, subject, date.fromisoformat(day), by=None, at=AT)
        changes.move(session, ("志愿服务", ids["文科支部"], "2026-09"), date(2026, 10, 12), by=None, at=AT)
    chat.leader.forget()
    return chat


async def asks(leader: Voice, question: str) -> dict[str, Answer]:
    """The answer in each form, from one question and its buttons."""
    await leader.says(question)
    text = await leader.hears()
    found = {"message": Answer(counts_in(text))}
    asked = leader.heard
    await leader.presses("图")
    found["picture"] = Answer(counts_in(await leader.hears()), cells=board_of_last_file(leader.chat))
    leader.heard = asked
    await leader.presses("表格")
    caption = await leader.hears()
    states, cells = lines_of(leader.file()[1])
    found["workbook"] = Answer(counts_in(caption), states, cells)
    leader.heard = asked
    await leader.presses("网页")
    found["page"] = await opens(link_in(await leader.hears()))
    return found


async def opens(address: str) -> Answer:
    """What the page of a link shows."""
    browser = Browser(address.split("/board/")[0])
    assert await browser.posts(address) == 303
    assert await browser.gets(browser.headers["Location"]) == 200
    words = Counter[State]()
    while True:
        words += Counter(STATES[word] for word in re.findall(r'class="word">([^<]+)', browser.text))
        following = re.search(r'rel="next" href="([^"]+)"', browser.text)
        if following is None:
            return Answer(counts_in(re.sub("<.*?>", "\n", browser.text)), cells=words)
        assert await browser.gets(following[1].replace("&amp;", "&")) == 200


def counts_in(text: str) -> str:
    """The line of counts."""
    found = re.search(r"^应办 \d+：.*$", text, re.MULTILINE)
    assert found is not None, text
    return found[0]


def board_of_last_file(chat: Chat) -> Counter[State]:
    """The cells of the picture that was sent last."""
    with chat.program.database.read() as session:
        recipe = session.scalars(select(StoredFile.recipe).order_by(StoredFile.id.desc())).first()
    assert recipe is not None
    return Counter(State(cell[0]) for row in recipe["rows"] for cell in row[2] if cell)


def lines_of(content: bytes) -> tuple[Counter[State], Counter[State]]:
    """The states of the workbook's occurrences, and of the cells that they make on a board."""
    occurrences: dict[tuple[str, str, str], tuple[State, int]] = {}
    book = load_workbook(BytesIO(content))
    for name in book.sheetnames[1:]:
        for row in book[name].iter_rows(min_row=4, min_col=3, values_only=True):
            where, period, due, word = row[:4]
            if word in STATES:
                occurrences[name, str(where), str(period)] = STATES[str(word)], due.month  # type: ignore[union-attr]
    cells: dict[tuple[str, str, int], list[State]] = {}
    for (name, where, _), (state, month) in occurrences.items():
        cells.setdefault((name, where, min(month, 10)), []).append(state)
    shown = Counter(next(state for state in URGENCY if state in states) for states in cells.values())
    return Counter(state for state, _ in occurrences.values()), shown


def format_states(states: Counter[State]) -> str:
    coming = states[State.DUE] + states[State.PARTIAL] + states[State.NOT_YET]
    unseen = f" · 未见记录 {states[State.NOT_SEEN]}" if states[State.NOT_SEEN] else ""
    return (
        f"应办 {states.total()}：已办 {states[State.DONE]} · 迟办 {states[State.DONE_LATE]} · 免办 "
        f"{states[State.WAIVED]} · 逾期 {states[State.OVERDUE]}{unseen} · 待办 {coming}"
    )


QUESTIONS = {
    "情况": "应办 37：已办 2 · 迟办 1 · 免办 1 · 逾期 19 · 未见记录 6 · 待办 8",
    "10月情况": "应办 25：已办 2 · 迟办 1 · 免办 1 · 逾期 7 · 未见记录 6 · 待办 8",
    "9月情况": "应办 31：已办 12 · 迟办 0 · 免办 1 · 逾期 14 · 未见记录 4 · 待办 0",
    "逾期": "应办 37：已办 2 · 迟办 1 · 免办 1 · 逾期 19 · 未见记录 6 · 待办 8",
    "第二督导组情况": "应办 20：已办 0 · 迟办 0 · 免办 1 · 逾期 12 · 未见记录 3 · 待办 4",
    "理科支部和文科支部10月情况": "应办 9：已办 2 · 迟办 1 · 免办 0 · 逾期 2 · 未见记录 2 · 待办 2",
    "理科支部情况": "应办 5：已办 1 · 迟办 0 · 免办 0 · 逾期 2 · 未见记录 1 · 待办 1",
    "党课情况": "应办 6：已办 0 · 迟办 0 · 免办 0 · 逾期 0 · 待办 6",
    "主题党日和志愿服务10月情况": "应办 13：已办 2 · 迟办 1 · 免办 1 · 逾期 7 · 待办 2",
    "截至10月7日，10月情况": "应办 25：已办 2 · 迟办 1 · 免办 1 · 逾期 1 · 待办 20",
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_all_forms_say_the_same(october: Chat, question: str) -> None:
    found = await asks(october.leader, question)
    assert {form: answer.counts for form, answer in found.items()} == dict.fromkeys(
        found, QUESTIONS[question]
    )
    states = found["workbook"].states
    assert states is not None
    assert format_states(states) == QUESTIONS[question]
    assert found["picture"].cells == found["page"].cells == found["workbook"].cells


@pytest.mark.parametrize("question", ["情况", "10月情况", "截至10月7日，10月情况"])
async def test_what_is_too_large_has_the_same_figures_and_is_said_to_be(
    october: Chat, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    whole = await asks(october.leader, question)
    october.program.bot_context.most_lines = 10
    monkeypatch.setattr(view, "ROWS_A_PAGE", 4)
    october.leader.forget()
    for form, words in (("图片", f"{question}，画个图"), ("表格", f"{question}，给我表格")):
        await october.leader.says(words)
        text = await october.leader.hears()
        assert counts_in(text) == QUESTIONS[question]
        total = re.findall(r"应办 (\d+)", text)[0]
        refused = f"{form}太大（{total} 项），请按督导组或一个月来要，例如“第一督导组10月{form}”。"
        assert text.endswith(refused)
        assert not {"document", "photo"} & october.leader.heard.keys()
    await october.leader.says(question)
    text = await october.leader.hears()
    assert "共7个组织，请点一个或写名字缩小范围。" in text
    assert counts_in(text) == QUESTIONS[question]
    await october.leader.presses("网页")
    page = await opens(link_in(await october.leader.hears()))
    assert (page.counts, page.cells) == (QUESTIONS[question], whole["page"].cells)
    await october.leader.says("第一督导组9月主题党日给我表格")
    assert "太大" not in await october.leader.hears()
    assert "document" in october.leader.heard


async def test_what_is_overdue_from_before_is_said_in_the_message_and_on_the_page(october: Chat) -> None:
    await october.leader.says("情况")
    remark = "逾期里有 13 项是10月1日以前的"
    assert remark in await october.leader.hears()
    await october.leader.presses("网页")
    address = link_in(await october.leader.hears())
    browser = Browser(address.split("/board/")[0])
    await browser.posts(address)
    assert browser.headers["Location"] == "/board/?period=2026-10~"
    await browser.gets("/board/?period=2026-10~")
    assert remark in browser.text
    assert '<option value="2026-10~" selected>2026年10月和以前逾期的</option>' in browser.text
    await browser.gets("/board/?period=2026-10")
    assert QUESTIONS["10月情况"] in browser.text
    await browser.gets("/board/")
    assert QUESTIONS["情况"] in browser.text, "as in the chat where no period is named"
