"""Whether somebody asks about the matter itself (家长送的月饼能收吗), which the bot never answers. PURE."""

import re

from handlers.reading.questions.rankings import ranks
from handlers.reading.questions.read import ALL, Question

_ADVICE = re.compile(
    r"能不能|可不可以|可以[^,，。]{0,12}[吗么?？]|可否|能否|是否(?:可以|允许|违|合|需要|属于|应)|能[^,，。情况]{1,8}[吗么不]"
    r"|要不要|该不该|应不应|用不用|需不需要|算不算|合不合|违不违|合规|违规|违纪|违反|允许|禁止"
    r"|怎么(?:算|处理|处置|办|交|退|上交|申请|转|入|写|填|选|认定|报销)|如何(?!开展|进行)|多少(?:钱|合适)|什么(?:标准|规定|材料|条件|流程|手续|意思)"
    r"|标准|规定|政策|条例第|举报|投诉|反映|咨询|报销|收礼|礼品|礼金|红包|购物卡|随礼|宴请|请吃饭|公车|津贴|补贴"
    r"|找谁|问谁|归谁|谁负责|是谁|电话|预备期|转正|入党|组织关系"
)
_STATE = re.compile(
    r"情况|进度|完成|逾期|超期|过期|[缺欠]什么|还[差缺欠]|[缺差]哪|没[开报办交收搞做]|未[开报办交]|[开报办交收]了[吗没么]"
    r"|记录|清单|名单|统计|汇总|台[账帐]|看板|报表|表格|状态|待办|日程|日历|安排|几[次场]|多少[次场]|到齐|出勤"
    r"|率|月报|周报|提醒"
)
_WHEN = re.compile(r"几号|哪[一]?天|什么时候|何时|多会儿")
_USE = re.compile(r"怎么(?:改|撤|登记|上报|报|退出|用|加入|请假|查|看)|在吗|有人吗|怎么说|你(?:能|会)")


def of_substance(text: str, asked: Question) -> bool:
    """Whether a question is about rules, gifts, money, procedures or people, and not about what is kept here.

    `asked` is what the question was read as; what names an activity or a period with a word of its state
    is for the status, and so is a day that is asked of an activity.
    """
    if _STATE.search(text) or _USE.search(text) or ranks(text):
        return False
    if _WHEN.search(text):
        return not asked.requirements
    if _ADVICE.search(text):
        return True
    named = asked.requirements or asked.organizations or asked.stated_period
    return (
        not named
        and asked.show == ALL
        and bool(re.search(r"[?？]|[吗么呢]\W*$|谁|什么|为什么|怎么|哪", text))
    )
