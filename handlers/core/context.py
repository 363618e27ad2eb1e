"""The context of all conversations and the request that one message makes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.core.messages import IncomingMessage, OutgoingMessage
from handlers.reading.text.name_index import NameIndex
from models.records import overrides
from models.register import organizations
from models.register.chats import StoredChat
from models.rules.people.organization_tree import Tree
from models.rules.people.permissions import Action, list_permitted
from models.rules.people.roles import OrganizationKind, Person
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import OrganizationFacts
from models.storage.database import Database
from scheduler.messages.texts import SIGN, Voice
from scheduler.send_times import SendTimes

if TYPE_CHECKING:
    from handlers.core.routes import RouteTable

Answers = Sequence[OutgoingMessage]


@dataclass(frozen=True)
class OrganizationIndex:
    """The organizations of one register version, with the indexes of their names for the reader.

    `names` is the index for reports; `question_names` also holds the names of 督导组, which only
    questions may use; `oversights` maps a 督导组's id to its name. `rules` are those that it was built
    with: an organization's due days depend on the published days off.
    """

    version: int
    rules: Rulebook
    tree: Tree
    facts: dict[int, OrganizationFacts]
    ledger: Ledger
    names: NameIndex
    question_names: NameIndex
    oversights: dict[int, str]

    def facts_of(self, ids: frozenset[int]) -> list[OrganizationFacts]:
        """Facts of these organizations, in the register's order."""
        return [self.facts[node.id] for node in self.tree.list_among(ids)]

    def find(self, name: str) -> int | None:
        """The organization with this name or alias."""
        for node in self.tree:
            if name == node.name or name in node.aliases:
                return node.id
        return None


@dataclass
class BotContext:
    """The parts of the program that conversations use, one object a process.

    `now` is the civil clock, `bot` the bot's user name. `feed_address` and `page_address` make the
    address of a token; None where the web server is off. `most_lines` is how many occurrences one answer
    or file may hold; above it, answers hold totals only.
    """

    database: Database
    rules: Rulebook
    now: Callable[[], datetime]
    times: SendTimes = SendTimes(zone=ZoneInfo("Asia/Shanghai"))
    voice: Voice = Voice()
    feed_address: Callable[[str], str] | None = None
    page_address: Callable[[str], str] | None = None
    invitation_days: int = 30
    most_lines: int = 20_000
    bot: str = ""
    _index: OrganizationIndex | None = field(default=None, init=False)

    def load_index(self, session: Session, version: int | None = None) -> OrganizationIndex:
        """The index of organizations, cached until the register or the rules change.

        `version` is the value of `organizations.version` if the caller has read it already.
        """
        version = organizations.get_version(session) if version is None else version
        rules, kept = self.rules, self._index
        if kept is None or kept.version != version or kept.rules is not rules:
            tree = organizations.load_tree(session)
            facts = {row.id: row for row in overrides.list_facts(session, rules.workdays)}
            sizes = organizations.count_members(session)
            names = _build_names(rules, tree, sizes)
            entered = overrides.load_ledger(session)
            overseen = organizations.list_oversight_names(session)
            asking = _build_names(rules, tree, sizes, overseen.values()) if overseen else names
            self._index = kept = OrganizationIndex(
                version, rules, tree, facts, entered, names, asking, overseen
            )
        return kept


@dataclass(frozen=True)
class Request:
    """One incoming message with its sender, its chat and the transaction that answers it.

    `person` and `chat` are None for somebody, or a chat, that the register does not know.
    """

    message: IncomingMessage
    context: BotContext
    session: Session
    index: OrganizationIndex
    person: Person | None = None
    chat: StoredChat | None = None
    routes: "RouteTable | None" = None

    @property
    def all_routes(self) -> "RouteTable":
        """The routes of all rooms, for help and the history. Raises LookupError without a router."""
        if self.routes is None:
            raise LookupError("this request was not made by the router")
        return self.routes

    @property
    def today(self) -> date:
        """The civil day of the message."""
        return self.message.at.date()

    @cached_property
    def now(self) -> datetime:
        """The civil moment of the answer; the same for every row that the request stores."""
        return self.context.now()

    @property
    def speaker(self) -> Person:
        """The person who wrote the message. Raises LookupError for a stranger."""
        if self.person is None:
            raise LookupError("the sender is not in the register")
        return self.person

    @property
    def place(self) -> StoredChat:
        """The stored chat of the message. Raises LookupError for an unknown chat."""
        if self.chat is None:
            raise LookupError("this chat is not known")
        return self.chat

    def scope(self, action: Action) -> frozenset[int]:
        """The ids of the organizations in which the speaker may do this."""
        return list_permitted(self.speaker, action, self.index.tree)

    @property
    def voice(self) -> Voice:
        """The sender's name and the contact that messages to the speaker carry."""
        return self.context.voice.create_for_reader(self.person, self.index.tree)

    def signed_for(self, reader: Person, text: str) -> str:
        """A text for another person, with the sender's name and the contact for that person."""
        return self.context.voice.create_for_reader(reader, self.index.tree).sign_text(text)

    def signed(self, answers: Answers) -> Answers:
        """The answers with the signature below each one that goes to the speaker and has none yet."""
        return [answer if self._is_signed(answer) else self._sign(answer) for answer in answers]

    def _is_signed(self, answer: OutgoingMessage) -> bool:
        to_another = answer.chat not in (None, self.message.chat, self.message.sender)
        return to_another or answer.text.rpartition("\n")[2].startswith(SIGN)

    def _sign(self, answer: OutgoingMessage) -> OutgoingMessage:
        text = self.voice.sign_text(answer.text)
        # An answer that the signature makes too long for the network is sent without it.
        takes = self.voice.capabilities
        longest = takes.longest_caption if answer.file else takes.longest_text
        return replace(answer, text=text) if len(text) <= longest else answer

    def here(self, answers: Answers) -> Answers:
        """Keep the answers in a group bound to a branch; in any other group, send them in private."""
        bound = self.chat is not None and self.chat.organization_id is not None
        return answers if bound else self.aside(answers)

    def aside(self, answers: Answers) -> Answers:
        """In a group, send the answers to the speaker's private chat; edits stay in the group."""
        if self.message.chat_kind == "private":
            return answers
        return [
            answer if answer.chat or answer.edits else replace(answer, chat=self.message.sender)
            for answer in answers
        ]


def _build_names(rules: Rulebook, tree: Tree, sizes: dict[int, int], also: Iterable[str] = ()) -> NameIndex:
    return NameIndex.create(
        requirements=[(rule.key, rule.aliases) for rule in rules.requirements],
        branches=[*(node.name for node in tree if node.kind is not OrganizationKind.BUREAU), *also],
        aliases={alias: node.name for node in tree for alias in node.aliases},
        members={tree.get_name(key): size for key, size in sizes.items()},
    )
