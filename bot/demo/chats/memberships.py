"""People, groups and changes of membership: blocking, joining, removing, migrating."""

from typing import Any

from bot.demo.chats.state import TelegramState
from bot.demo.chats.types import Chat, Json, Kind, Person

BOT_RIGHTS = {
    "can_be_edited": False,
    "can_manage_chat": True,
    "can_change_info": False,
    "can_delete_messages": True,
    "can_invite_users": True,
    "can_restrict_members": False,
    "can_pin_messages": True,
    "can_promote_members": False,
    "can_manage_video_chats": False,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "is_anonymous": False,
}


class Memberships(TelegramState):
    """People and groups, with the my_chat_member updates and service messages of changes."""

    def add_user(
        self, user_id: int, name: str, *, username: str = "", last_name: str = "", started: bool = False
    ) -> Person:
        """Add an account; the bot cannot write to it before the person starts the chat."""
        person = Person(user_id, name, username, last_name, started)
        self.people[user_id] = person
        self.chats[user_id] = Chat(user_id, "private", person=person)
        self.touch()
        return person

    def add_group(self, chat_id: int, title: str, members: list[int], kind: Kind = "group") -> Chat:
        """Add a group with the bot in it; `chat_id` is negative, the first member is the creator."""
        chat = Chat(chat_id, kind, title, members=dict.fromkeys(members, "member"))
        if members:
            chat.members[members[0]] = "creator"
        self.chats[chat_id] = chat
        self.touch()
        return chat

    def block(self, user_id: int) -> None:
        """Block the bot as this person."""
        self._set_blocked(user_id, blocked=True)

    def unblock(self, user_id: int) -> None:
        """Unblock the bot as this person."""
        self._set_blocked(user_id, blocked=False)

    def deactivate(self, user_id: int) -> None:
        """Delete the account; Telegram sends the bot no update."""
        self.people[user_id].deactivated = True

    def kick(self, chat_id: int, user_id: int | None = None) -> None:
        """Remove the bot from a group, by default as its creator."""
        self._set_bot_status(chat_id, "kicked", user_id)

    def invite(self, chat_id: int, user_id: int | None = None) -> None:
        """Add the bot to a group, by default as its creator."""
        self._set_bot_status(chat_id, "member", user_id)
        self._service(chat_id, user_id, {"new_chat_members": [self.me]})

    def promote(self, chat_id: int, user_id: int | None = None) -> None:
        """Make the bot an administrator of a group, so that it sees every message."""
        self._set_bot_status(chat_id, "administrator", user_id)

    def join(self, chat_id: int, user_id: int) -> None:
        """Add a person to a group."""
        self.chats[chat_id].members[user_id] = "member"
        user = self.people[user_id].user()
        self._service(chat_id, user_id, {"new_chat_members": [user]})

    def leave(self, chat_id: int, user_id: int) -> None:
        """Remove a person from a group."""
        user = self.people[user_id].user()
        self._service(chat_id, user_id, {"left_chat_member": user})
        del self.chats[chat_id].members[user_id]

    def migrate_group(self, chat_id: int, new_id: int | None = None) -> int:
        """Turn a group into a supergroup and return its new id; both chats get a service message."""
        old = self.chats[chat_id]
        # Telegram's supergroup ids begin with -100.
        moved_to = new_id or int(f"-100{abs(chat_id)}")
        new = Chat(moved_to, "supergroup", old.title, members=dict(old.members), bot_status=old.bot_status)
        self.chats[moved_to] = new
        self._service(chat_id, None, {"migrate_to_chat_id": moved_to})
        self._service(moved_to, None, {"migrate_from_chat_id": chat_id})
        # Set last: nobody can post to a migrated chat, not even the service message above.
        old.migrated_to = moved_to
        return moved_to

    def member(self, chat: Chat, user_id: int) -> Json | None:
        """Return the ChatMember object of a person or the bot; None for an unknown user."""
        if user_id == self.me["id"]:
            return self._bot_member(chat.bot_status)
        person = self.people.get(user_id)
        if person is None:
            return None
        status = chat.members.get(user_id, "left") if chat.group else "member"
        member: Json = {"user": person.user(), "status": status}
        return {**member, "is_anonymous": False} if status == "creator" else member

    def _bot_member(self, status: str) -> Json:
        member: Json = {"user": self.me, "status": status}
        if status == "kicked":
            member["until_date"] = 0
        return {**member, **BOT_RIGHTS} if status == "administrator" else member

    def _set_blocked(self, user_id: int, *, blocked: bool) -> None:
        person = self.people[user_id]
        if person.blocked == blocked:
            return
        person.blocked = blocked
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self._tell_bot_status(self.chats[user_id], person, before, after)

    def _set_bot_status(self, chat_id: int, status: str, user_id: int | None) -> None:
        chat = self.chats[chat_id]
        before, chat.bot_status = chat.bot_status, status
        if before != status:
            self._tell_bot_status(chat, self._who(chat, user_id), before, status)

    def _tell_bot_status(self, chat: Chat, person: Person, before: str, after: str) -> None:
        change: dict[str, Any] = {
            "chat": chat.chat(),
            "from": person.user(),
            "date": int(self.wall()),
            "old_chat_member": self._bot_member(before),
            "new_chat_member": self._bot_member(after),
        }
        self.updates.put("my_chat_member", change)
        self.touch()

    def _service(self, chat_id: int, user_id: int | None, content: Json) -> None:
        chat = self.chats[chat_id]
        body = self.post(chat, self._who(chat, user_id).user(), content)
        self.updates.put("message", body)

    def _who(self, chat: Chat, user_id: int | None) -> Person:
        return self.people[user_id if user_id is not None else next(iter(chat.members))]
