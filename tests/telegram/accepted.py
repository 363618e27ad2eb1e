"""What the server accepted and refused: the counts an exactly-once check compares with."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Send:
    """One accepted message of the bot; `at` is seconds on the server's monotonic clock."""

    chat_id: int
    message_id: int
    text: str
    at: float


class Accepted:
    """Counts by method and by answered code, and every message that was accepted, in order."""

    def __init__(self) -> None:
        self.methods: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()
        self.dropped = 0
        self.sends: list[Send] = []

    def texts(self, chat_id: int) -> list[str]:
        """The texts accepted for one chat, in order."""
        return [send.text for send in self.sends if send.chat_id == chat_id]

    def by_chat(self) -> dict[int, list[Send]]:
        """The accepted messages of every chat."""
        chats: dict[int, list[Send]] = {}
        for send in self.sends:
            chats.setdefault(send.chat_id, []).append(send)
        return chats

    def repeated(self) -> dict[tuple[int, str], int]:
        """Texts that one chat got more than once, with how often."""
        counts = Counter((send.chat_id, send.text) for send in self.sends)
        return {key: count for key, count in counts.items() if count > 1}

    def clear(self) -> None:
        """Count from zero."""
        self.methods.clear()
        self.codes.clear()
        self.sends.clear()
        self.dropped = 0

    def describe(self, after: int = 0) -> dict[str, Any]:
        """The counts and the messages from number `after` on, as a JSON object."""
        return {
            "methods": dict(self.methods),
            "codes": {str(code): count for code, count in self.codes.items()},
            "dropped": self.dropped,
            "sent": len(self.sends),
            "sends": [asdict(send) for send in self.sends[after:]],
        }
