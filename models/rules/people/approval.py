"""Approval of texts before they are sent: decisions, who made them, what follows. PURE.

A text is approved in a version: any change of its words or theme makes another one. A decision holds for
the organization whose leader made it and for all under it; that of the highest counts.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a leader decided of a version."""

    APPROVED = "approved"
    STOPPED = "stopped"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Policy:
    """Whether leaders are asked, how many days before, and what happens without an answer."""

    enabled: bool = False
    days_before: int = 7
    send_unanswered: bool = True


OFF = Policy()


@dataclass(frozen=True, slots=True)
class Decision:
    """One version as its leader left it. `occasion` is the year (or event) of the observance.

    `text` is the template; `own` says that it is the leader's and stands in the place of the pack's, be it
    that it still waits for the last word (no verdict).
    """

    observance: str
    occasion: str
    organization_id: int
    version: str
    text: str
    verdict: Verdict | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said; `allowed` is None without an answer.

    `text` are the leader's own words where there are any, `version` is theirs then.
    """

    allowed: bool | None
    text: str | None = None
    version: str = ""

    def may_send(self, policy: Policy, version: str) -> bool:
        """Whether this version may be sent."""
        if self.version not in ("", version):
            return False
        return policy.send_unanswered if self.allowed is None else self.allowed


UNANSWERED = Judgement(None)


def get_text_version(theme: str, text: str) -> str:
    """The mark of a version: the same for the same words."""
    return hashlib.sha256(f"{theme}\n{text}".encode()).hexdigest()[:16]


def get_question_mark(organization_id: int, observance: str, occasion: str, version: str) -> str:
    """The mark of one question to a leader, short enough for a button."""
    words = f"{organization_id}/{observance}/{occasion}/{version}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


class Decisions:
    """All that was decided; of an organization and an occasion the latest counts."""

    def __init__(self, made: Iterable[Decision] = ()) -> None:
        self._of: dict[tuple[str, str, int], Decision] = {}
        self._approved: set[tuple[str, str, int]] = set()
        for each in made:
            if each.verdict is not Verdict.REPLACED:
                self._of[each.observance, each.occasion, each.organization_id] = each
            if each.verdict is Verdict.APPROVED and not each.own:
                self._approved.add((each.observance, each.version, each.organization_id))

    def judge_text(self, observance: str, occasion: str, version: str, chain: Sequence[int]) -> Judgement:
        """Judge a text for members of an organization; `chain` goes from it up to the highest.

        A version that was approved once needs no second answer in a later year.
        """
        # From the highest down: a superior's decision counts for all below.
        for place in reversed(chain):
            found = self._of.get((observance, occasion, place))
            if found is not None and (found.own or found.version == version):
                allowed = None if found.verdict is None else found.verdict is Verdict.APPROVED
                return Judgement(allowed, found.text, found.version) if found.own else Judgement(allowed)
        for place in chain:
            if (observance, version, place) in self._approved:
                return Judgement(True)
        return UNANSWERED
