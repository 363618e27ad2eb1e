"""The routes of the conversations about the calendar."""

from handlers.calendar import month, preview, subscription
from handlers.core import callback_data
from handlers.core.routes import DIGITS, WORD, Callback, Command, HelpLine, Rest, Routes
from models.rules.people.permissions import Action

ROUTES = Routes(
    commands=(
        Command(
            "calendar", month.show_month, words=("日历",), rest=Rest.NAME, menu="日历：哪天什么到期、什么节日"
        ),
        Command(
            "preview", preview.show_preview, words=("预览",), rest=Rest.NAME, menu="领导：接下来要发的提醒"
        ),
        Command("subscribe", subscription.show_feed_address, words=("订阅", "订阅日历"), rest=Rest.NAME),
    ),
    callbacks=(
        Callback(callback_data.CALENDAR, month.answer_press, (WORD,)),
        Callback(callback_data.PREVIEW, preview.answer_press, (DIGITS, DIGITS)),
    ),
    help_lines=(
        HelpLine(100, "预览：今后两周要发的提醒", lambda offer: Action.BROADCAST in offer.may),
        HelpLine(190, "日历：接下来的活动和节日"),
        HelpLine(200, "订阅：把日历订到手机里", lambda offer: offer.feed),
    ),
    history={
        "event": "要事",
        "setting": "要求的设置",
        "day": "调整日期",
        "semester": "学期",
        "holidays": "放假安排",
        "feed": "日历订阅地址",
    },
)
