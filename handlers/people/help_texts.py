"""The words of help: what one can say, by what one may do. PURE."""

from collections.abc import Collection

from models.rules.people.permissions import Action

HEAD = "您可以直接发："
ALTER = "免办或改期：点开支部的情况，下面有这个按钮"
APPROVAL = "审定：节日提醒发出前先请您看，点按钮就行"


def help_text(may: Collection[Action], *, several: bool, page: bool, feed: bool, approval: bool) -> str:
    """One line for each thing that somebody can do who may do these; `several` organizations are seen.

    `page`, `feed` and `approval` say whether this bot offers them at all.
    """
    lines = [
        (Action.REPORT in may, "昨天主题党日，应到25实到23（登记；点“改一下”更正）"),
        (Action.REPORT in may, "主题党日推迟到28号（改期）"),
        (Action.REPORT in may, "撤回：收回上一条登记"),
        (True, "状态：缺什么、办了什么；也可以发：11月情况、逾期"),
        (several, "画个图、出台账：做成图片或表格"),
        (page, "网页：在浏览器里看"),
        (Action.BROADCAST in may, "截至11月5日，11月情况：那天知道的，和后来的变化"),
        (Action.BROADCAST in may, "催办：提醒还没办的，发出前先给您看"),
        (Action.BROADCAST in may, "通知第二督导组：明天下午3点开会"),
        (Action.BROADCAST in may, "预览：今后两周要发的提醒"),
        (Action.BROADCAST in may, "封账11月：把这个月的数字留底"),
        (Action.APPROVE in may, ALTER),
        (Action.APPROVE in may and approval, APPROVAL),
        (Action.BROADCAST in may, "已阅：最近的提醒有多少人看了"),
        (Action.INVITE in may, "邀请：还没加入的人的加入码"),
        (Action.BIND in may, "绑定：在工作群里发 /bind 支部名称"),
        (Action.HISTORY in may, "变更记录：谁在什么时候改了什么"),
        (Action.ADMINISTER in may, "名册：把名册文件发给我，先核对再写入"),
        (True, "日历：接下来的活动和节日"),
        (feed, "订阅：把日历订到手机里"),
        (Action.BROADCAST not in may, "25号主题党日请假：替您转告书记"),
        (True, "换手机：到新号里发 换手机 支部 姓名"),
        (True, "退出：不再接收消息"),
    ]
    return "\n".join([HEAD, *(line for offered, line in lines if offered)])
