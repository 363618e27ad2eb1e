"""What is forwarded gives nobody the rights of who wrote it."""

from telegram import Message

from bot.channels.telegram.adapter import parse_message
from tests.handlers.roles.school import NOW


def test_a_forwarded_message_is_said_by_who_forwards_it() -> None:
    secretary, member = ({"id": number, "is_bot": False, "first_name": "x"} for number in (1, 2))
    message = Message.de_json(
        {
            "message_id": 5,
            "date": 1,
            "chat": {"id": 2, "type": "private"},
            "from": member,
            "forward_origin": {"type": "user", "date": 1, "sender_user": secretary},
            "text": "撤回",
        },
        None,
    )
    assert message is not None
    said = parse_message(message, "school_bot", NOW)
    assert (said.sender, said.chat) == ("2", "2")
