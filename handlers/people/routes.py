"""The routes of the conversations about people."""

import re

from handlers.core import callback_data
from handlers.core.routes import DIGITS, WORD, Callback, Command, HelpLine, Rest, Routes, deliver_where_asked
from handlers.people import (
    bind_group,
    help,
    history,
    import_roster,
    invite,
    join,
    new_phone,
    uncertain_delivery,
)
from models.rules.people.permissions import Action

# Only unambiguous texts: 不要发了 below a preview is about the previewed message.
LEAVES = re.compile(
    r"""(?:
        (?:请|我)?(?:不要|别|不想|不用)              # 别, 我不想
        (?: 再(?:给我)?(?:发|收到?|接收)(?:消息|提醒|信息)?   # 再收到消息, 再发
          | (?:给我)?(?:发|收到?|接收)(?:消息|提醒|信息) )    # 给我发提醒
        了?
      | 停止(?:发|接收)?(?:消息|提醒)                # 停止提醒
    )[。.！!]*""",
    re.VERBOSE,
)

ROUTES = Routes(
    commands=(
        Command("start", join.join_with_code, deliver_where_asked),
        Command("invite", invite.show_codes, words=("邀请", "加入码"), rest=Rest.NAME),
        Command("history", history.show_history, words=("变更记录", "历史"), rest=Rest.NAME),
        Command("bind", bind_group.ask_bind, deliver_where_asked, words=("绑定",), rest=Rest.NAME),
        Command("unbind", bind_group.release_group, deliver_where_asked, words=("解绑",)),
        Command("help", help.show_help, words=("帮助",), menu="能做什么"),
        Command("commands", help.show_help),
        Command("leave", join.leave_bot, words=("退出", "退订"), phrase=LEAVES, menu="不再接收消息"),
    ),
    callbacks=(
        Callback(callback_data.IMPORT, import_roster.answer_press, (DIGITS, WORD)),
        Callback(callback_data.BIND, bind_group.answer_press, (DIGITS, WORD)),
        Callback(callback_data.PHONE, new_phone.answer_press, (DIGITS, WORD)),
        Callback(callback_data.HISTORY, history.answer_press, (DIGITS, DIGITS)),
        Callback(callback_data.DECIDE, uncertain_delivery.answer_press, (DIGITS, WORD)),
    ),
    help_lines=(
        HelpLine(150, "邀请：还没加入的人的加入码", lambda offer: Action.INVITE in offer.may),
        HelpLine(160, "绑定：在工作群里发 /bind 支部名称", lambda offer: Action.BIND in offer.may),
        HelpLine(170, "变更记录：谁在什么时候改了什么", lambda offer: Action.HISTORY in offer.may),
        HelpLine(180, "名册：把名册文件发给我，先核对再写入", lambda offer: Action.ADMINISTER in offer.may),
        HelpLine(220, "换手机：到新号里发 换手机 支部 姓名"),
        HelpLine(230, "退出：不再接收消息"),
    ),
    history={
        "import": "导入名册",
        "role": "任职",
        "organization": "组织",
        "join": "加入",
        "leave": "退出",
        "forget": "删除个人信息",
        "bind": "绑定群",
        "unbind": "解除绑定",
        "settings": "设置",
        "restored": "从备份恢复",
    },
)
