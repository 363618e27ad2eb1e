"""Recognizes questions the bot does not answer: advice on rules, and rankings."""

import re

from handlers.reading.questions.read import ALL, Question

LONGEST_RANKING = 40
"""Characters; a longer text that holds such words is a report or a brief, not a question."""

_RANKING = re.compile(
    r"""
      排名|排行|排个[名序队]|排[在到]?第|名次|第几名                   # 给支部排个名
    | 倒数|垫底|红黑榜|[前后][\d一二三五十]{1,2}名                     # 倒数第一, 前十名
    | 最[差糟]|最落后
    | (?:谁|哪[个些支家所]|得|[做办搞开完成])\S{0,8}
      最(?:[好快慢棒优高低多少]|积极|认真|先进)                        # 哪个支部做得最好
    | (?:谁|哪[个些支家所])\S{0,6}(?:第一(?!督)|落后|先进)             # 谁第一, but not 第一督导组
    | (?:谁|哪|各|支部|给)\S{0,6}(?:得分|打分|评分|积分)               # 各支部得分
    """,
    re.VERBOSE,
)
_ADVICE = re.compile(
    r"""
      能不能|可不可以|可以[^,，。]{0,12}[吗么?？]|可否|能否            # 家长送的月饼能不能收
    | 是否(?:可以|允许|违|合|需要|属于|应)
    | 能[^,，。情况]{1,8}[吗么不]                                      # 能收吗
    | 要不要|该不该|应不应|用不用|需不需要|算不算|合不合|违不违        # 算不算违规
    | 合规|违规|违纪|违反|允许|禁止
    | 怎么(?:算|处理|处置|办|交|退|上交|申请|转|入|写|填|选|认定|报销) # 党费怎么算
    | 如何(?!开展|进行)
    | 多少(?:钱|合适)
    | 什么(?:标准|规定|材料|条件|流程|手续|意思)
    | 标准|规定|政策|条例第
    | 举报|投诉|反映|咨询|报销
    | 收礼|礼品|礼金|红包|购物卡|随礼|宴请|请吃饭|公车|津贴|补贴
    | 找谁|问谁|归谁|谁负责|是谁|电话                                  # people, not records
    | 预备期|转正|入党|组织关系
    """,
    re.VERBOSE,
)
# Words about the records that the bot keeps: they make it a status question, whatever else is in it.
_STATE = re.compile(
    r"""
      情况|进度|完成|逾期|超期|过期
    | [缺欠]什么|还[差缺欠]|[缺差]哪
    | 没[开报办交收搞做]|未[开报办交]|[开报办交收]了[吗没么]           # 党课开了吗
    | 记录|清单|名单|统计|汇总|台[账帐]|看板|报表|表格
    | 状态|待办|日程|日历|安排
    | 几[次场]|多少[次场]|到齐|出勤
    | 率|月报|周报|提醒
    """,
    re.VERBOSE,
)
_WHEN = re.compile(r"几号|哪[一]?天|什么时候|何时|多会儿")
# Help with the bot itself, which has an answer of its own.
_USE = re.compile(r"怎么(?:改|撤|登记|上报|报|退出|用|加入|请假|查|看)|在吗|有人吗|怎么说|你(?:能|会)")
_QUESTION = re.compile(r"[?？]|[吗么呢]\W*$|谁|什么|为什么|怎么|哪")


def is_ranking_question(text: str) -> bool:
    """Whether a short text asks for a ranking or points (谁最差, 哪个支部做得最好, 完成率排名)."""
    return len(text) <= LONGEST_RANKING and bool(_RANKING.search(text))


def is_advice_question(text: str, asked: Question) -> bool:
    """Whether a question is about rules, gifts, money, procedures or people (家长送的月饼能收吗).

    `asked` is what the text was read as. A question that names an activity or a period together with a word
    of its state is for the status, and so is a question for the day of an activity.
    """
    if _STATE.search(text) or _USE.search(text) or is_ranking_question(text):
        return False
    if _WHEN.search(text):
        return not asked.requirements
    if _ADVICE.search(text):
        return True
    named = asked.requirements or asked.organizations or asked.stated_period
    return not named and asked.show == ALL and bool(_QUESTION.search(text))
