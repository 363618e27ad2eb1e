"""The activities that are reported, with the names and typing slips people write for them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Activity(NamedTuple):
    """One activity.

    `aliases` name it beyond doubt; `weak` words name it only when nothing better is in the message;
    `every` is the length of its period: month, two-months, quarter, half, semester or year.
    """

    name: str
    every: str
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


def _create_activity(name: str, every: str, aliases: str = "", weak: str = "") -> Activity:
    return Activity(name, every, tuple(aliases.split()), tuple(weak.split()))


ACTIVITIES = (
    _create_activity(
        "主题党日",
        "month",
        "主题党日活动 主题党日会 支部主题党日 党日活动 固定党日 党员活动日 党员固定活动日 党员主题日 "
        "主题党日+ 主题党目 主题党月",
        "党日 主题日",
    ),
    _create_activity(
        "支部党员大会",
        "quarter",
        "党员大会 支部大会 支部全体党员大会 全体党员大会 全体党员会议 全体党员会 支部党员会 支部全体会 "
        "党支部大会 党总支大会 总支大会 党员代表大会",
        "大会 党员会 支部会 支部开会 党员开会",
    ),
    _create_activity(
        "支部委员会",
        "month",
        "支委会 支委会议 支委扩大会 支委扩大会议 支部委员会会议 支部委员会议 支部委员会扩大会议 "
        "总支委员会 总支委会 党总支委员会 支委开会 支委例会 支部委员开会 支委碰头会",
        "支委 委员会",
    ),
    _create_activity(
        "党小组会",
        "month",
        "党小组会议 党小组学习会 党小组例会 党小组活动 党小组开会 党小组学习 小组会 小组会议",
        "党小组 小组学习 小组开会",
    ),
    _create_activity(
        "党课",
        "quarter",
        "微党课 专题党课 廉政党课 廉洁党课 书记党课 党课学习 党课教育 党课活动 党可 党克 党颗",
    ),
    _create_activity(
        "组织生活会", "year", "专题组织生活会 组织生活会议 支部组织生活会 组织生活专题会", "生活会 组织生活"
    ),
    _create_activity(
        "民主生活会", "year", "专题民主生活会 民主生活会议 班子民主生活会 党员领导干部民主生活会"
    ),
    _create_activity(
        "民主评议党员",
        "year",
        "民主评议 党员评议 评议党员 党员民主评议 民主评议大会 民主测评党员 民主评议党员大会 民主评议会",
        "评议",
    ),
    _create_activity(
        "交纳党费",
        "month",
        "缴纳党费 党费 交党费 缴党费 收党费 收缴党费 收取党费 党费收缴 党费交纳 党费缴纳 缴交党费 "
        "集中交纳党费 集中缴纳党费 党费日 党废",
    ),
    _create_activity("谈心谈话", "year", "谈心 谈心活动 谈心谈话活动 交心谈心 谈心交心", "谈话"),
    _create_activity(
        "廉政谈话",
        "half",
        "廉洁谈话 廉政约谈 集体廉政谈话 廉政提醒谈话 任前廉政谈话 节前廉政谈话 廉洁提醒谈话 提醒谈话",
    ),
    _create_activity(
        "意识形态专题会",
        "half",
        "意识形态工作专题会 意识形态专题会议 意识形态工作专题会议 意识形态工作会 意识形态工作会议 "
        "意识形态会 意识形态会议 意识形态研判会 意识形态分析研判会 意识形态工作研判会 意识形态分析研判 "
        "意识形态研判 意识形态专题研究 意识形态工作专题研究 意识形态形势分析会 意识形态联席会",
        "意识形态工作 意识形态",
    ),
    _create_activity(
        "换届选举",
        "year",
        "换届选举大会 换届大会 换届选举会 支部换届 支部换届选举 支委换届 换届选举党员大会 换届党员大会 "
        "总支换届 选举大会 选举党员大会",
        "换届",
    ),
    _create_activity(
        "述职评议",
        "year",
        "述职评议会 述职评议大会 述职评议考核 述职述廉 党建述职 述职会 述职大会 书记述职 书记抓党建述职 "
        "抓基层党建述职评议 党建述职评议 党建工作述职",
        "述职",
    ),
    _create_activity(
        "警示教育",
        "half",
        "警示教育会 警示教育会议 警示教育大会 警示教育活动 廉政警示教育 廉洁警示教育 警示教育专题会 "
        "以案促改 以案促改警示教育 以案促改会",
    ),
    _create_activity(
        "廉洁教育活动",
        "half",
        "廉洁教育 廉政教育 清廉教育 廉洁活动 清廉活动 廉政教育活动 清廉教育活动 廉洁文化活动 "
        "清廉文化活动 廉洁主题活动 廉洁文化教育活动 廉洁从教活动 廉洁文化进校园 清廉学校活动 "
        "廉洁教育月活动 廉政文化活动",
    ),
    _create_activity(
        "志愿服务",
        "quarter",
        "志愿服务活动 志愿活动 志愿者活动 志愿者服务 志愿者服务活动 党员志愿服务 党员志愿服务活动 "
        "党员志愿活动 志愿服务日 志愿服务队活动 学雷锋志愿服务",
        "志愿 学雷锋活动",
    ),
    _create_activity(
        "集中培训",
        "year",
        "党员集中培训 党员培训 集中轮训 党员轮训 党员集中轮训 党员培训班 党员集中培训班 集中培训班 "
        "党员教育培训 党务培训",
        "培训 轮训 培训班",
    ),
    _create_activity("听思政课", "semester", "思政课听课"),
    _create_activity("讲思政课", "semester", "思政课授课"),
    _create_activity("双月报", "two-months", "双月报表 双月报告 双月报送 双月报材料 党建双月报 双月工作报告"),
    _create_activity(
        "理论学习中心组",
        "quarter",
        "理论学习中心组学习 理论学习中心组学习会 理论中心组 理论中心组学习 党委中心组 党委中心组学习 "
        "党委理论学习中心组 党委理论学习中心组学习 党总支理论学习中心组 中心组学习 中心组学习会 "
        "中心组理论学习 中心组集体学习 中心组",
        "",
    ),
    _create_activity(
        "党员学习",
        "month",
        "党员集中学习 党员理论学习 党员集体学习 党员政治学习 党员学习会 党员学习日 党员学习活动",
        "集中学习 政治学习 理论学习 集体学习",
    ),
    _create_activity(
        "专题研讨",
        "quarter",
        "专题研讨会 专题研讨交流 专题讨论会 专题学习研讨 专题交流研讨 专题研讨班 学习研讨会",
        "研讨会 交流研讨 专题讨论 研讨",
    ),
)
"""The names that offices use, each with its usual period; known without a register."""

SETS = {"三会一课": ("支部党员大会", "支部委员会", "党小组会", "党课")}
"""Words for several activities at once (支部工作条例, articles 11 to 16)."""

LESSON = "思政课"
"""A lesson may be given or attended: the verb beside it tells 讲思政课 from 听思政课."""

_KEYS = (
    "党当档挡 员元原圆 委尾伟为微位 课可刻克颗棵科 题提体替 主组住 支只之知织 组祖租阻足 织之支知 活火或伙 "
    "评平凭坪 议意义仪 费废非 谈坛弹 换唤 届界节 述术 职值直 廉联连 警井 示试是 愿院原 培陪赔 训巡 思私 "
    "政正证 研严 讨套 小晓 报抱 民明 交叫 大打达 会回汇"
)
_SOUND_ALIKE = {row[0]: row[1:] for row in _KEYS.split()}
"""Each character of the words above with those that the same phone keys offer in its place."""

_REAL_WORDS = {"当日活动"}
"""Would count as slips of an activity's name (党日活动), but are correct Chinese."""


def list_spellings(word: str) -> Iterator[str]:
    """The word itself and, from three characters on, each slip of one character by sound.

    Shorter words have no slips: one wrong character would make another word of them.
    """
    yield word
    if len(word) < 3:
        return
    for at, char in enumerate(word):
        for other in _SOUND_ALIKE.get(char, ""):
            if (slip := word[:at] + other + word[at + 1 :]) not in _REAL_WORDS:
                yield slip


def create_vocabulary(
    activities: Iterable[Activity] = ACTIVITIES,
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Two dictionaries from a written word to common names: unambiguous words and weak ones.

    A slip never replaces a correctly spelt word.
    """
    strong: dict[str, tuple[str, ...]] = dict(SETS)
    weak: dict[str, tuple[str, ...]] = {}
    slips: dict[str, tuple[str, ...]] = {}
    for activity in activities:
        for word in (activity.name, *activity.aliases):
            strong[word] = (activity.name,)
            slips.update((slip, (activity.name,)) for slip in list_spellings(word))
        weak.update((word, (activity.name,)) for word in activity.weak)
    return {**slips, **strong}, {word: names for word, names in weak.items() if word not in strong}
