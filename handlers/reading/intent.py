"""What the sender wants: report, correct, take back, move, announce, excuse, ask, acknowledge or chat."""

import re
from dataclasses import dataclass

from handlers.reading.text import any_of
from handlers.reading.values import Intent

_ACK_WORD = (
    r"(?:收到|好[的滴嘞哒吧]?|知道了?|知悉|已阅|已读|明白了?|了解了?|清楚了?|晓得了?|嗯+|哦+|ok|okay|1|谢谢了?|感谢|多谢|"
    r"辛苦了?|没问题|可以的?|行的?|是的?|对的?|遵命|照办|马上[办报补就好]*|稍等|已知晓?|\+1|\[?(?:ok|强|抱拳|玫瑰)\]?|"
    r"书记|主任|校长|老师|领导|您|你|大家|各位|啦|了|哈|呀|的|呢|喔|噢|啊|嘛|提醒|通知)"
)
_ACKNOWLEDGED = re.compile(rf"(?:{_ACK_WORD}[\s,。!~.;、]*)+", re.IGNORECASE)
_ACK_NEEDED = re.compile(r"收到|好|知|已[阅读]|明白|了解|清楚|晓得|嗯|哦|ok|1|谢|辛苦|没问题|可以|行|是|对|遵命|照办|马上|稍等|强|抱拳", re.IGNORECASE)
_STARTS_ACK = re.compile(r"(?:收到|好的|好嘞|知道了|明白|嗯嗯?|ok)[\s,。!]", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[^\w+\[\]\n,。!~.;、?？ ]+")

_WITHDRAW = any_of("撤[回销消掉了] 作废 删[掉除了] 不算数? 忽略 取消 当没[发报] 不要了 收回 发错")
_CONTRAST = any_of("不是(?=[\\d一二三四五六七八九十周上昨前今])", "不是\\S{1,12}?(?:而是|,是|是)")
_WITHDRAW_ALONE = any_of("撤[回销消] 作废 删[掉除]")
_SUGGESTS = re.compile(r"吧[\s!。~]*$")
_LAST = any_of("刚[才刚发报]? 上一?[条个次] 上面 前面 那[条个] 这[条个] 记录 最后一条 报[的错] 发[的错] 之前")
_CORRECT = any_of(
    "更正 纠正一?下 订正 改正 修正 勘误 [写报填打弄搞发说记数输看算]错 错了 有误 不对 笔误 口误 少[写报算记数]了? "
    "多[写报算记数]了? 漏[写算数] [写填报]成 应该?[是为] 不是\\S{1,12}?(?:而?是|,是) [是为到]\\S{1,10}?,?不是 "
    "[把将由从]\\S{1,14}?改[成为] 改[成为]\\s?\\d 改一下 修改"
)
_CORRECT_OPENING = re.compile(r"^\W*(?:更正|订正|修正|改正|勘误|纠正)")
_QUESTION_END = re.compile(r"(?:[?？]|[吗么呢]|[了过开报交]没有?|开不开|(?<![全都])吧|(?<=有)没有|行不行|好不好|对不对|是不是)[\s?？!。~,]*$")
_QUESTION = any_of(
    "哪[些个几里儿位] 哪天(?!\\S{0,6}(?:通知|再|定|另)) 谁 几[个次号点时人月](?<![十余])[^余]? 多少 怎么 怎样 如何 要不要 是不是 有没有 能不能 可不可以 需不需要 "
    "用不用 什么时候 啥 何时 什么 咋 行不行 可否 能否 是否 开没开 报没报 请问 想问 问一?下 没报 未报 没交 未交 还[差缺](?!\\s?[\\d一二两三四五六七八九]) 没开的 未开的 没完成的"
)
_LOOK_UP = any_of(
    "情况 进度 完成率 清单 名单 统计 汇总 给我 发我 导出 查[一询看] 查$ 看一?下 台[账帐] 看板 报表 表格 一[份张]表 逾期 迟报 未完成 列[一出]"
)
_CONTENT = any_of(
    "学习(?!了?吗) 讨论 研究 围绕 主题(?=[:：是为]) 议题 内容 观看 交流 部署 传达 审议 通报 要求 强调 指出 表示 明确"
)
_CONTENT_TO = re.compile(r"[^,。;\n!?]*")
_REQUEST = re.compile(
    r"(?:请(?!假)|麻烦|烦请|望各?|务必|尽快|抓紧|记得|别忘|各(?:党)?支部|各单位|大家|催一?下?)[^。;\n]{0,30}?"
    r"(?:报(?!告厅|到)|上交|提交|交(?!流|谈|心)|填|补[上报齐]|整改|落实|开展|召开|完成|前(?:开|组织|举行))"
)
_LEAVE = any_of(
    "[想要得先]需?请\\S{0,4}?假 需要请\\S{0,3}?假 申请请?假 请[个次一]\\S{0,3}?假 请一?下假 请假一[次下天回] 没办?法[参来去到] 请假(?!\\s?[:\\d一二两三四五六七八九十]|的|人|条例|制度) "
    "[参来去到出赶]\\S?不[了上成] 不能[来去参到出按] 无法[参到出前] 赶不回 不[去来]了"
)
_NOT_LEAVE = any_of(
    "请假的 提前请假 须?请假(?=手续|制度) 不得请假 不能[^,。\\s]{0,5}的 无法[^,。\\s]{0,5}的 不了的 履行请假 无人请假 没人请假 无请假 不准请假 请假须 请假需 请假请"
)
_CALL = any_of(
    "通知(?=[:】\\]]) 将[于在] 拟[于定在] 定[于在] 请(?!假)\\S{0,14}?(?:准时|参加|到会|出席|按时|到|携带|穿|带|周知|安排) "
    "准时(?:参加|到|出席) 别迟到 [不勿]要?迟到 不得缺席 能来的 届时 敬请 不能来的 相互转告"
)
_PLAN = any_of(
    "计划 打算 准备[开召在于] 要[开上]\\S?[会课党] 预[定计告] 将[召开举组] 准时 安排在 提醒 到时 务必 做好准备 别忘 记得"
)
MOVED = any_of(
    "推迟 延[期后到至] 改[期到在至](?!线) 改为(?=\\S{0,3}[周下明后\\d]) 顺延 提前[到至在] 挪[到至] 补(?=$|[\\s,。!~]) 补[上办] 调整?[到至] 推[到至后] 往后[推延挪] 缓[一开] 暂缓 后延 补开 "
    "再开 另行 择[日期] 待定 下次再"
)
NEGATED = any_of(
    "没[开办搞]成 没有开成 未能[召开如举按组] 没能[开办召举组如按] 没开(?![始完口]) 没有[开召举组] 还没(?!写|拍|整|发|填|到|签|来) 尚未[开召举组进] 未[开召举]展?(?!始) "
    "开不[了成上] [办搞]不[了成] 不开了 没[办法]法?开 没空开 取消 暂停 没[搞弄办上](?!错) 没组织 没时间开 没来得及 来不及[开搞办]"
)
DONE = any_of(
    "开[了过完毕](?!吗|没) 已经?\\S{0,3}?(?:[开召]|举|组织|完成(?!情况)|结束|上[了完]?|收|交|缴|讲|听|办|搞|学|报|落实) 召开[了过完] 举[行办][了过完] 开展[了过完] 完成(?!情况|率|度|了?吗|了?多少|的?[^,。]{0,4}[表名]) [上讲听学看收交办搞谈走观参][了过完] "
    "[收交缴]齐 散会 刚[开上结] 结束了? 如期 顺利 [开上讲办搞](?=的(?!时候|地方|会)) 组织了 进行了 去了 圆满 报送了? 提交了 报了 全到 到齐 [做弄]完 [做弄]好了 出勤 签到 参加了 集体学习了 办结 补记 补个?记录 补报 补录"
)
_HELD = any_of(
    "召开 开展 举[行办] 组织 集中 进行 学习 观看 参观 上 讲 听 [交缴]纳 收[缴取] 研究 讨论 前往 赴 走进 重温 慰问 开 谈 看望 缅怀 传达 选举"
)
_HEARSAY = any_of(
    "听说 据说 我看(?<!给我看)(?!了|看|一) 好像 貌似 如果 假如 要是 万一 希望 建议 我觉得 也许 说不定 估计(?!\\d) 等\\S{0,8}再 争取 以后 下次 要不 应该[开要会在] 可能 会不会 想[开办搞] 该[开办交上]"
)
_USUALLY = any_of("一般 每次 通常 平时 往常")
_PAPERS = any_of(
    "[照图]片(?!\\s?:) 材料 方案 记录 简报 新闻稿 稿子? 总结 [pP][pP][tT] 课件 资料 签到表 签到本 计划 通知 心得 横幅 台账 视频发 海报 文件 表格 讲稿 教案"
)
_EVENT_WORD = any_of("开 会 活动 学习 演练 培训 讲座 捐 赛 诊 访 义务 植树 宣传 观看 参观 座谈 比赛 仪式 宣誓 慰问 检查 党 支部 研讨 宣讲")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the other readers found in a message.

    `activity`: one is named, or the message answers a question about one. `counts`: people are counted.
    `when`: past, today or future, the day that is named; None without one. `bare`: there is nothing but days,
    numbers and names in it; `signs`: a sign of assent is.
    """

    activity: bool = False
    counts: bool = False
    when: str | None = None
    bare: bool = False
    signs: bool = False


def decide(text: str, seen: Seen) -> Intent:
    """The intent of folded text from which quotations and credits are blanked out.

    What asks or doubts never becomes a record, whatever else it holds.
    """
    if acknowledges(text, seen.signs):
        return Intent.ACKNOWLEDGE
    asks = _asks(text, seen)
    if not (asks and not _SUGGESTS.search(text)) and _withdraws(text):
        return Intent.WITHDRAW
    if not asks and _corrects(text, seen):
        return Intent.CORRECT
    if asks:
        return Intent.QUERY
    if (_HEARSAY.search(text) and len(text) <= _LONG) or (_USUALLY.search(text) and not seen.counts):
        return Intent.OTHER
    if _REQUEST.search(text) and not seen.counts and not (DONE.search(text) and seen.when in ("past", "today")):
        return Intent.OTHER
    if _excuses(text, seen):
        return Intent.LEAVE
    if seen.activity:
        return _about_activity(text, seen)
    return _about_something(text, seen)


def acknowledges(text: str, signs: bool) -> bool:
    """收到, 好的, 知道了, OK, 1 and their like, with titles around them; or only a sign such as 👌."""
    words = _NOT_WORDS.sub("", text).strip()
    if not words:
        return signs
    return bool(_ACKNOWLEDGED.fullmatch(words) and _ACK_NEEDED.search(words))


def _asks(text: str, seen: Seen) -> bool:
    """A question mark or particle at the end asks always; a question word only outside of what was discussed."""
    if _QUESTION_END.search(text):
        return True
    told = seen.activity and seen.when in ("past", "today") and (seen.counts or bool(DONE.search(text)))
    return not (told and len(text) > _LONG) and bool(_QUESTION.search(without_content(text)))


_LONG = 60
"""From this many characters on a report is a brief, in which 如何 or 怎么 ask nobody."""


def without_content(text: str) -> str:
    """The text without what was studied or discussed: 研究谁去培训 asks nothing."""
    if not _CONTENT.search(text):
        return text
    parts, at = [], 0
    for match in _CONTENT.finditer(text):
        if match.start() >= at and (rest := _CONTENT_TO.match(text, match.end())):
            parts.append(text[at : match.start()])
            at = rest.end()
    return "".join([*parts, text[at:]])


def _withdraws(text: str) -> bool:
    if not _WITHDRAW.search(text) or _CONTRAST.search(text):
        return False
    return bool(_WITHDRAW_ALONE.search(text)) and len(text) <= 6 or bool(_LAST.search(text)) and not _RETOLD.search(text)


_RETOLD = any_of("应为 应该?是 改[为成] 重[新报]报? 以\\S{0,6}为准")


def _corrects(text: str, seen: Seen) -> bool:
    if _CORRECT_OPENING.search(text) or _CONTRAST.search(text):
        return True
    if not _CORRECT.search(text):
        return False
    return bool(_LAST.search(text)) or (len(text) < _LONG and not (seen.activity and DONE.search(text)))


def _excuses(text: str, seen: Seen) -> bool:
    if seen.counts or _LONG_AGO.search(text) or _NOT_LEAVE.search(text):
        return False
    return bool(_LEAVE.search(text)) and (seen.activity or seen.when is not None)


_LONG_AGO = any_of("昨 前[天日] 上[个周月次星]")


def _about_activity(text: str, seen: Seen) -> Intent:
    done = bool(DONE.search(_without_papers(text)))
    if MOVED.search(text) and not (done and seen.when != "future" and not NEGATED.search(text)):
        return Intent.RESCHEDULE
    if NEGATED.search(text) and not (done and seen.counts):
        return Intent.RESCHEDULE
    if not done and not _STATED.search(text) and (seen.when == "future" or _CALL.search(text)):
        return Intent.ANNOUNCE
    if not done and _PLAN.search(text) and not (seen.counts and seen.when == "past"):
        return Intent.ANNOUNCE
    if not seen.counts and not done and _LOOK_UP.search(text):
        return Intent.QUERY
    if not seen.counts and not done and _PAPERS.search(text):
        return Intent.OTHER
    if seen.bare and seen.when == "past":
        return Intent.RECORD
    if seen.counts or done or (seen.when == "past" and _HELD.search(text)):
        return Intent.RECORD
    return Intent.OTHER


_CLAUSE = re.compile(r"[^,。;\n]+")


def _without_papers(text: str) -> str:
    """The clauses that are not about photos, minutes or other papers: 照片交了 tells of no meeting."""
    if not _PAPERS.search(text):
        return text
    return ",".join(clause for clause in _CLAUSE.findall(text) if not _PAPERS.search(clause))


_STATED = any_of("实[到道] 到会 应[到道]")


def _about_something(text: str, seen: Seen) -> Intent:
    """Without a known activity only what plainly tells of an event that took place is a record."""
    if _LOOK_UP.search(text) and not seen.counts:
        return Intent.QUERY
    told = seen.counts and seen.when in ("past", "today") and _EVENT_WORD.search(text)
    if told and not NEGATED.search(text) and (DONE.search(text) or _HELD.search(text) or _STATED.search(text)):
        return Intent.RECORD
    return Intent.OTHER
