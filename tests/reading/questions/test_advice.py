"""What is asked of the bot and what only people may answer."""

from datetime import datetime

from handlers.reading.questions.off_topic import is_advice_question
from handlers.reading.questions.read import read_question
from handlers.reading.text.name_index import NameIndex
from tests.tables import each_row

NOW = datetime.fromisoformat("2026-09-06T10:00:00+08:00")
NAMES = NameIndex.create(
    requirements=[("主题党日", ()), ("党课", ()), ("交纳党费", ("党费",)), ("组织生活会", ())],
    branches=["理科支部", "文科支部"],
    aliases={"理科": "理科支部"},
    members={"理科支部": 25},
)


def for_people(text: str) -> bool:
    return is_advice_question(text, read_question(text, now=NOW, names=NAMES))


@each_row(
    "text",
    [
        "家长送的月饼能收吗",
        "同事结婚随礼多少合适？",
        "可以用公车接孩子吗",
        "中秋能不能收购物卡",
        "教师节家长请吃饭要不要去",
        "学生家长发的红包退不回去怎么办",
        "我想举报一个问题",
        "党费怎么算",
        "发展党员要什么材料？",
        "我预备期什么时候满",
        "礼品登记找谁",
        "理科支部书记是谁",
        "办公室电话多少",
        "外出培训的住宿费能报销吗",
        "这样做是否违反规定？",
        "组织关系怎么转",
        "为什么要写心得？",
    ],
)
def test_a_question_of_substance_is_for_people(text: str) -> None:
    assert for_people(text)


@each_row(
    "text",
    [
        "11月情况",
        "9月呢",
        "这个月缺什么",
        "哪些支部没开",
        "主题党日开了吗",
        "组织生活会什么时候开",
        "请问主题党日几号",
        "理科支部今年",
        "能不能看一下9月情况",
        "可以给我一张表格吗",
        "上季度党课谁没讲完成？",
        "还差几项",
        "有什么待办",
        "状态怎么样",
        "怎么改",
        "怎么请假",
        "在吗",
        "你能做什么？",
    ],
)
def test_what_is_kept_here_is_answered_here(text: str) -> None:
    assert not for_people(text)
