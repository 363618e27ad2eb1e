"""What every conversation works with: the desk (rules, clock, register) and the turn (one utterance)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.core.messages import IncomingMessage, OutgoingMessage
from handlers.reading.text.name_index import Names
from models.records import overrides
from models.register import organizations
from models.register.chats import Place
from models.rules.people.organization_tree import Tree
from models.rules.people.permissions import Action, scope
from models.rules.people.roles import OrganizationKind, Person
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import OrganizationFacts
from models.storage.database import Database
from scheduler.messages.bundle import LONGEST
from scheduler.messages.texts import SIGN, Voice
from scheduler.send_times import Times

if TYPE_CHECKING:
    from handlers.core.routes import RouteTable

Answers = Sequence[OutgoingMessage]
CAPTION = 1024  # characters under a file


@dataclass(frozen=True)
class OrganizationIndex:
    """The organizations as they are now, with the index of their names for reading.

    `asking` is the index for questions, which may name a 督导组 as well; `oversights` are their names.

    `rules` are those it was made with: an organization's own days rest on the published days off.
    """

    version: int
    rules: Rulebook
    tree: Tree
    facts: dict[int, OrganizationFacts]
    ledger: Ledger
    names: Names
    question_names: Names
    oversights: dict[int, str]

    def facts_of(self, ids: frozenset[int]) -> list[OrganizationFacts]:
        """Facts of these organizations, in the register's order."""
        return [self.facts[node.id] for node in self.tree.among(ids)]

    def find(self, name: str) -> int | None:
        """The organization with this name or alias."""
        for node in self.tree:
            if name == node.name or name in node.aliases:
                return node.id
        return None


@dataclass
class BotContext:
    """The program as a conversation sees it. `now` is the civil clock, `bot` the bot's own name."""

    database: Database
    rules: Rulebook
    now: Callable[[], datetime]
    times: Times = Times(zone=ZoneInfo("Asia/Shanghai"))
    voice: Voice = Voice()
    feed_address: Callable[[str], str] | None = None
    page_address: Callable[[str], str] | None = None
    invitation_days: int = 30
    bot: str = ""
    _index: OrganizationIndex | None = field(default=None, init=False)

    def load_index(self, session: Session, version: int | None = None) -> OrganizationIndex:
        """The register; read again only after it, or the rules, have changed.

        `version` is that of `organizations.version`, where it is known already.
        """
        version = organizations.version(session) if version is None else version
        rules, kept = self.rules, self._index
        if kept is None or kept.version != version or kept.rules is not rules:
            tree = organizations.tree(session)
            facts = {row.id: row for row in overrides.facts(session, rules.workdays)}
            sizes = organizations.sizes(session)
            names = _names(rules, tree, sizes)
            entered = overrides.ledger(session)
            overseen = organizations.oversight_names(session)
            asking = _names(rules, tree, sizes, overseen.values()) if overseen else names
            self._index = kept = OrganizationIndex(
                version, rules, tree, facts, entered, names, asking, overseen
            )
        return kept


@dataclass(frozen=True)
class Request:
    """One utterance being answered, inside one transaction."""

    message: IncomingMessage
    context: BotContext
    session: Session
    index: OrganizationIndex
    person: Person | None = None
    chat: Place | None = None
    routes: "RouteTable | None" = None

    @property
    def all_routes(self) -> "RouteTable":
        """What all rooms answer, for help and the history."""
        if self.routes is None:
            raise LookupError("this request was not made by the router")
        return self.routes

    @property
    def today(self) -> date:
        """The civil day on which this was said."""
        return self.message.at.date()

    @cached_property
    def now(self) -> datetime:
        """The civil moment at which this is answered, one for all that is stored of it."""
        return self.context.now()

    @property
    def speaker(self) -> Person:
        """The person who speaks; conversations behind the door of `joined` may rely on one."""
        if self.person is None:
            raise LookupError("nobody of the register speaks here")
        return self.person

    @property
    def place(self) -> Place:
        """The stored chat of the person who speaks."""
        if self.chat is None:
            raise LookupError("this chat is not known")
        return self.chat

    def scope(self, action: Action) -> frozenset[int]:
        """Where the speaker may do this."""
        return scope(self.speaker, action, self.index.tree)

    @property
    def voice(self) -> Voice:
        """In whose name the bot speaks to the one who wrote this, and whom they ask."""
        return self.context.voice.to(self.person, self.index.tree)

    def signed_for(self, reader: Person, text: str) -> str:
        """What somebody else is told, with who sends it and whom to ask."""
        return self.context.voice.to(reader, self.index.tree).sign(text)

    def signed(self, answers: Answers) -> Answers:
        """What goes back to the one who wrote names its sender and a contact, once."""
        return [answer if self._is_signed(answer) else self._sign(answer) for answer in answers]

    def _is_signed(self, answer: OutgoingMessage) -> bool:
        to_another = answer.chat not in (None, self.message.chat, self.message.sender)
        return to_another or answer.text.rpartition("\n")[2].startswith(SIGN)

    def _sign(self, answer: OutgoingMessage) -> OutgoingMessage:
        text = self.voice.sign(answer.text)
        # What the network would refuse is said without it rather than not at all.
        return replace(answer, text=text) if len(text) <= (CAPTION if answer.file else LONGEST) else answer

    def here(self, answers: Answers) -> Answers:
        """What the branch's own group may read; in any other group it is said in private."""
        bound = self.chat is not None and self.chat.organization_id is not None
        return answers if bound else self.aside(answers)

    def aside(self, answers: Answers) -> Answers:
        """What is nobody else's business: in a group it is said to the speaker in private."""
        if self.message.chat_kind == "private":
            return answers
        return [
            answer if answer.chat or answer.edits else replace(answer, chat=self.message.sender)
            for answer in answers
        ]


def _names(rules: Rulebook, tree: Tree, sizes: dict[int, int], also: Iterable[str] = ()) -> Names:
    return Names.build(
        requirements=[(rule.key, rule.aliases) for rule in rules.requirements],
        branches=[*(node.name for node in tree if node.kind is not OrganizationKind.BUREAU), *also],
        aliases={alias: node.name for node in tree for alias in node.aliases},
        members={tree.name(key): size for key, size in sizes.items()},
    )
