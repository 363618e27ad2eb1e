"""Whatever is sent, the reader answers: it raises nothing, and a question stays a question."""

import random
from datetime import datetime

from hypothesis import given, settings, strategies as st

from handlers.reading.questions.read import read_question
from handlers.reading.reports.read import read_message
from handlers.reading.text.name_index import NameIndex
from handlers.reading.types import Intent, Reading
from tests.tables import each_row

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
NAMES = NameIndex.create(
    branches=["理科支部", "专业二支部"], aliases={"专二": "专业二支部"}, members={"理科支部": 26}
)
VOCABULARY = (
    "主题党日 支委会 党课 昨天 11.18 2月30日 11月9日—13日 8/9 应到 实到 请假 列席 线上 23 二十三 人 名 个 "
    "， 。 、 ： （ ） 《 》 “ ” \n 暨 和 不是 应为 推迟到 取消 请 各支部 理科 专二 三楼会议室 书记 讲 "
    "全体党员 到齐 吗 ？ 刚才 撤回 更正 @bot /report 📢 ① 其中 第 节"
)
WORDS = VOCABULARY.split(" ")


def check(text: str) -> Reading:
    """Read as a message, as a reply and as a question."""
    reading = read_message(text, now=NOW, names=NAMES)
    read_message(text, now=NOW, replying_to="主题党日")
    read_question(text, now=NOW, names=NAMES)
    assert len(reading.assumed) <= 4
    assert not set(reading.ask) & {
        field for record in reading.records for field in record.assumed if len(reading.records) == 1
    }
    return reading


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    check(text)


@settings(max_examples=250, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(WORDS), max_size=24).map("".join))
def test_any_jumble_of_known_words_is_answered(text: str) -> None:
    reading = check(text)
    if text.endswith(("？", "吗")):
        assert reading.intent is not Intent.RECORD


@each_row("encoding", ["utf-8", "utf-16", "gb18030", "latin-1"])
def test_random_bytes_as_text_are_answered(encoding: str) -> None:
    source = random.Random(encoding)
    for _ in range(60):
        check(source.randbytes(source.randrange(120)).decode(encoding, "replace"))


@each_row("unit", ["主题党日22人，", "11.18 ", "（", "不是12是21，", "理科23人，", "1/", "一", "《", "：\n"])
def test_the_longest_message_is_answered(unit: str) -> None:
    check(unit * (4096 // len(unit)))
