"""Labels beside a number of people, and what they make it count."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Label(StrEnum):
    """What a number of people counts."""

    EXPECTED = "expected"  # 应到
    PRESENT = "present"  # 实到: said of the whole meeting
    CAME = "came"  # 参加, 来了: weaker than PRESENT
    LEAVE = "leave"  # 请假
    MISSING = "missing"  # 缺席
    REASON = "reason"  # 病假, 出差: a part of those absent
    OBSERVERS = "observers"  # 列席, 积极分子
    ONLINE = "online"
    ONSITE = "onsite"  # 线下
    TOTAL = "total"  # 共
    PROBATION = "probation"  # 预备党员, counted beside the full members
    NOISE = "noise"  # people, but not those of the meeting


_WORDS = {
    Label.EXPECTED:
        "应[到道]会? 应(?:参加|参会|出席|参评|参训|参学|评|交|缴|参|收) 应(?=$) 现有(?:正式)?党员 "
        "共有(?:正式)?党员 总共有党员 在[册籍](?:正式)?党员 总人?数",
    Label.NOISE:
        "迟到 早退 优秀 合格 不合格 基本合格 赞成 不赞成 同意 反对 弃权 得票 选举 选[出了] 产生 推选 推荐 "
        "当选 接收 吸收 发展(?!对象) 转正 培养 考察 慰问 走访 "
    "看望 帮[扶助] 结对 资助 表彰 评[选出为] 获奖 服务 惠及 新增 转[入出] 调[入出] 女 男 学生(?!党员) "
    "家长 居民 发言 递交 谈话对象 候选 "
    "讨论(?<!学习讨论)(?=了?$|\\S{0,8}(?:对象|积极分子|预备|入党|转正|人选|申请)) "
    "[研审确][究议定](?=了?$|\\S{0,8}(?:对象|积极分子|预备|入党|转正|人选|申请))",
    Label.MISSING: "缺[席勤会课] 缺[的了]?(?=$) 未[到参来交缴进上] 没有?[来到参交进] 没上[线课来] "
    "旷 不在 欠交 还[差欠缺](?=$)",
    Label.LEAVE: "请[假价] 告假 假(?=$)",
    Label.REASON:
        "病假 事假 产假 公假 年假 婚假 丧假 休假 哺乳 公[差出干] 出[差国] 外出 因[病公事] 值班 住院 生病 "
        "发烧 看病 体检 手术 陪[护产] 培训 开会 带\\S{0,4}[班队] "
    "进修 带学生 "
    "走不开 有[事课会] 上课 监考 支教 借调 挂职 跟岗 在外 加班 赶不回 援[疆藏] 家访 探亲 赴外 送教 参赛 "
    "比赛 驻村 家里",
    Label.OBSERVERS: "列[席西] 积极分子 发展对象 申请人 群众 旁听 特邀 嘉宾 邀请 团员 非党员 非中共 中层",
    Label.ONLINE: "线上 网上 视频 腾讯 钉钉 云端? 远程 在线",
    Label.ONSITE: "线下 现场 到场",
    Label.PRESENT: "实[到道]会? 实际(?:参加|到会|参会|出席|到)? 实(?:参加|参会|出席|评|交|缴|参|收) 实(?=$) "
    "已[交缴]",
    Label.CAME:
        "到[会位] 进[了入来]会?议? 上线 去了?(?=$) "
        "出席 参[加会与评训学] 签到 来[了的] 来(?=$) 到[了的] 到(?=$) 全[到来交] 交[了齐] "
        "人[数员](?=$)",
    Label.TOTAL: "共计 合计 总计 总共 共(?=$) 党员(?<![个名位式]党员)(?=$)",
    Label.PROBATION: "预备党员",
}  # fmt: skip


def _create_alternation(words: Mapping[Label, str]) -> str:
    spelt = " ".join(words.values()).split()
    heads = {char for word in spelt for char in (word[1 : word.find("]")] if word[0] == "[" else word[0])}
    groups = "|".join(f"(?P<{label}>{pattern.replace(' ', '|')})" for label, pattern in words.items())
    return f"(?=[{''.join(sorted(heads))}])(?:{groups})"


LABELS = re.compile(_create_alternation(_WORDS))
_OF_GROUP: Mapping[str, Label] = {label: label for label in Label}
_PRIORITY = (
    Label.EXPECTED, Label.OBSERVERS, Label.ONLINE, Label.ONSITE, Label.MISSING, Label.LEAVE, Label.REASON,
    Label.PRESENT, Label.PROBATION, Label.CAME, Label.NOISE, Label.TOTAL,
)  # fmt: skip
ONTO = frozenset(["慰问", "看望", "走访", "服务", "资助", "帮扶", "帮助", "结对"])
"""Make noise only of a number behind them: in 8名党员慰问老人 the eight took part."""
ABSENT = {Label.MISSING, Label.LEAVE, Label.REASON}


def find_strongest(matches: list[re.Match[str]]) -> Label | None:
    """The most specific of several labels at one number; None without any."""
    labels = [_OF_GROUP[match.lastgroup] for match in matches if match.lastgroup]
    if len(labels) < 2:
        return labels[0] if labels else None
    if labels[0] is Label.NOISE and not {Label.PRESENT, Label.EXPECTED, Label.CAME} & set(labels):
        return Label.NOISE
    if Label.PROBATION in labels and Label.NOISE in labels:
        return Label.NOISE
    if Label.ONLINE in labels and Label.ONSITE in labels:
        return Label.TOTAL
    if Label.OBSERVERS in labels and ABSENT & set(labels):
        return Label.NOISE
    if labels[0] in ABSENT and labels[-1] in ABSENT:
        return labels[-1]
    return min(labels, key=_PRIORITY.index)
