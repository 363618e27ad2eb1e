"""Help names all that somebody can do, and what it says can be said is understood."""

import pytest

from tests.chat.school import Chat

HELP = {
    "member": (
        "您可以直接发：\n"
        "状态：缺什么、办了什么；也可以发：11月情况、逾期\n"
        "日历：接下来的活动和节日\n"
        "25号主题党日请假：替您转告书记\n"
        "换手机：到新号里发 换手机 支部 姓名\n"
        "退出：不再接收消息"
    ),
    "secretary": (
        "您可以直接发：\n"
        "昨天主题党日，应到25实到23（登记；点“改一下”更正）\n"
        "主题党日推迟到28号（改期）\n"
        "撤回：收回上一条登记\n"
        "状态：缺什么、办了什么；也可以发：11月情况、逾期\n"
        "邀请：还没加入的人的加入码\n"
        "绑定：在工作群里发 /bind 支部名称\n"
        "变更记录：谁在什么时候改了什么\n"
        "日历：接下来的活动和节日\n"
        "25号主题党日请假：替您转告书记\n"
        "换手机：到新号里发 换手机 支部 姓名\n"
        "退出：不再接收消息"
    ),
    "leader": (
        "您可以直接发：\n"
        "状态：缺什么、办了什么；也可以发：11月情况、逾期\n"
        "画个图、出台账：做成图片或表格\n"
        "网页：在浏览器里看\n"
        "截至11月5日，11月情况：那天知道的，和后来的变化\n"
        "催办：提醒还没办的，发出前先给您看\n"
        "通知第二督导组：明天下午3点开会\n"
        "预览：今后两周要发的提醒\n"
        "封账11月：把这个月的数字留底\n"
        "免办或改期：点开支部的情况，下面有这个按钮\n"
        "已阅：最近的提醒有多少人看了\n"
        "变更记录：谁在什么时候改了什么\n"
        "日历：接下来的活动和节日\n"
        "订阅：把日历订到手机里\n"
        "换手机：到新号里发 换手机 支部 姓名\n"
        "退出：不再接收消息"
    ),
}


@pytest.fixture
def engine() -> str:
    """SQLite only: help reads nothing."""
    return "sqlite"


@pytest.mark.parametrize("role", HELP)
async def test_help_names_all_that_the_role_can_do(chat: Chat, role: str) -> None:
    if role == "leader":
        chat.program.bot_context.page_address = chat.program.bot_context.feed_address = (
            "https://example.org/{}".format
        )
    voice = getattr(chat, role)
    await voice.says("帮助")
    assert await voice.hears() == HELP[role]


async def test_what_help_says_is_understood(chat: Chat) -> None:
    chat.program.bot_context.page_address = chat.program.bot_context.feed_address = (
        "https://example.org/{}".format
    )
    said = {
        chat.leader: (
            "状态 11月情况 逾期 画个图 出台账 网页 截至11月5日，11月情况 催办 预览 封账11月"
            " 通知第二督导组：明天下午3点开会 已阅 变更记录 日历 订阅 换手机"
        ),
        chat.secretary: "昨天主题党日，应到25实到23 主题党日推迟到28号 撤回 邀请 绑定",
        chat.member: "状态 逾期 25号主题党日请假",
    }
    for voice, words in said.items():
        for text in words.split():
            await voice.says(text)
            assert "没读懂" not in await voice.hears(), text
