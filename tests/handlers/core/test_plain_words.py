"""Plain words that work as commands do."""

from handlers.router import ROUTES
from tests.tables import each_row


@each_row(
    ("text", "command"),
    [
        ("退出", "leave"),
        ("不要再发", "leave"),
        ("别再发了！", "leave"),
        ("我不想再收到消息了", "leave"),
        ("请不要再给我发消息。", "leave"),
        ("别给我发提醒了", "leave"),
        ("停止提醒", "leave"),
        ("不要发了", None),
        ("停止发送", None),
        ("主题党日不要再发通知了", None),
        ("状态", "status"),
        ("撤回。", "withdraw"),
    ],
)
def test_only_words_that_can_mean_nothing_else_make_somebody_leave(text: str, command: str | None) -> None:
    found, rest = ROUTES.find_command(text)
    assert (found.name if found else None, rest) == (command, "")
