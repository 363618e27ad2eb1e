"""Approval of texts: decisions are applied, and new texts put before leaders. PURE."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models.rules.calendar.observances import ObservanceDay
from models.rules.people.approval import Judgement, get_text_version
from models.rules.people.organization_tree import Tree
from models.rules.people.roles import Post, Role
from scheduler.planning.festivals import plan_observances
from scheduler.types import PlannedReminder, Recipient, Situation, TextToApprove

EARLY = timedelta(days=1)  # quiet hours can carry a slot past its day


def apply_decisions(situation: Situation, found: Sequence[PlannedReminder]) -> Sequence[PlannedReminder]:
    """The reminders with the texts that leaders decided, without those they stopped."""
    policy = situation.rules.approval
    if not policy.enabled:
        return found
    chains = _Chains(situation)
    kept = []
    for reminder in found:
        day = reminder.subject
        if not isinstance(day, ObservanceDay) or not _get_text(day):
            kept.append(reminder)
            continue
        judgement = _judge_day(situation, day, chains.get_chain(reminder.member_id))
        if judgement.text is not None:
            own = replace(day.observance, texts=(judgement.text,), yearly=())
            reminder = replace(reminder, subject=replace(day, observance=own))
        # The version judged is the one that will be read, the leader's own included.
        if judgement.may_send(policy, judgement.version):
            kept.append(reminder)
    return kept


def plan_approvals(situation: Situation, since: datetime, until: datetime) -> Iterator[PlannedReminder]:
    """Put each undecided text before the leaders of the highest organization with any.

    It is asked some days before the text goes out; one that came or was changed later is asked at once.
    """
    policy, times, now = situation.rules.approval, situation.times, situation.now
    leaders = _list_leaders(situation)
    if not policy.enabled or not leaders:
        return
    for asked in _list_undecided(situation, leaders, since, until):
        day = times.day_of(asked.goes_at) - timedelta(days=policy.days_before)
        slot = times.slot(day, times.secretaries_at)
        # The moment to ask has passed while the text was new or changed: ask now.
        if now is not None and slot <= since:
            slot = now
        if not since < slot <= until or (now is not None and asked.goes_at <= now):
            continue
        for each in leaders[asked.organization_id]:
            what = f"{asked.day.observance.key}/{asked.day.occasion}/{asked.version}"
            key = f"approve/{asked.organization_id}/{what}/{each.member_id}"
            yield PlannedReminder(key, each.member_id, each.chat_id, slot, asked, Role.LEADER)


def list_home(posts: Sequence[Post], tree: Tree) -> tuple[int, ...]:
    """The organization of the first post and its superiors; the highest one without posts."""
    for post in posts:
        if post.organization_id in tree.nodes:
            return (post.organization_id, *tree.list_above(post.organization_id))
    return tuple(node.id for node in tree)[:1]


def _list_undecided(
    situation: Situation, leaders: dict[int, list[Recipient]], since: datetime, until: datetime
) -> Iterable[TextToApprove]:
    chains = _Chains(situation)
    ahead = timedelta(days=situation.rules.approval.days_before) + EARLY
    found: dict[tuple[str, str, int], TextToApprove] = {}
    for reminder in sorted(plan_observances(situation, since, until + ahead), key=lambda each: each.slot):
        day = reminder.subject
        if not isinstance(day, ObservanceDay) or not _get_text(day):
            continue
        chain = chains.get_chain(reminder.member_id)
        place = next((each for each in reversed(chain) if each in leaders), None)
        if place is None or (day.observance.key, day.occasion, place) in found:
            continue
        judgement = _judge_day(situation, day, chain)
        if judgement.allowed is None and judgement.text is None:
            asked = TextToApprove(day, _get_text(day), _get_version(day), place, reminder.slot)
            found[day.observance.key, day.occasion, place] = asked
    return found.values()


class _Chains:
    """The organizations of each recipient, worked out once a place."""

    def __init__(self, situation: Situation) -> None:
        self._tree = situation.tree
        self._posts = {each.member_id: each.posts for each in situation.recipients}
        self._known: dict[int, tuple[int, ...]] = {}

    def get_chain(self, member_id: int) -> tuple[int, ...]:
        if member_id not in self._known:
            self._known[member_id] = list_home(self._posts[member_id], self._tree)
        return self._known[member_id]


def _list_leaders(situation: Situation) -> dict[int, list[Recipient]]:
    found: dict[int, list[Recipient]] = {}
    for each in situation.recipients:
        for post in each.posts:
            if post.role is Role.LEADER and post.organization_id in situation.tree.nodes:
                found.setdefault(post.organization_id, []).append(each)
    return found


def _judge_day(situation: Situation, day: ObservanceDay, chain: Sequence[int]) -> Judgement:
    return situation.decisions.judge_text(day.observance.key, day.occasion, _get_version(day), chain)


def _get_text(day: ObservanceDay) -> str:
    return day.observance.get_text(day.date.year)


def _get_version(day: ObservanceDay) -> str:
    return get_text_version(day.observance.theme, _get_text(day))
