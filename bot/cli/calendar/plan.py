"""`qingli plan`: lists the messages of some days with receiver, time and reason; sends none."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from textwrap import indent
from typing import Any

import click

from bot.cli.common import AS_OF, JSON, get_civil_now, open_existing_database, settings_command
from bot.settings.load import Settings
from bot.settings.to_rules import build_rulebook, build_times, build_voice
from models.register import members, organizations
from models.rules.calendar.observances import ObservanceDay
from models.rules.output.zh_text import format_period, format_short_day, strip_markup
from models.rules.people.organization_tree import Tree
from models.rules.people.roles import Person
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import Occurrence
from scheduler.delivery.limits import Limits
from scheduler.messages.bundle import PlannedMessage
from scheduler.planning.load_inputs import PlanWindow
from scheduler.planning.preview import preview_messages
from scheduler.types import (
    Digest,
    MissingYear,
    Overdue,
    Preparation,
    Subject,
    TextToApprove,
    list_occurrences,
)

DAY = click.DateTime(formats=["%Y-%m-%d"])
AHEAD = timedelta(days=30)
NAMES = 6


@click.command("plan")
@click.option("--from", "first", type=DAY, help="从哪天起；默认今天。")
@click.option("--to", "last", type=DAY, help="到哪天为止；默认其后30天。")
@click.option("--texts", is_flag=True, help="也显示每条消息的全文，和收到的一字不差。")
@AS_OF
@JSON
@settings_command
def show_plan(
    settings: Settings,
    *,
    first: datetime | None,
    last: datetime | None,
    texts: bool,
    as_of: str | None,
    as_json: bool,
) -> None:
    """这些天会发哪些消息：发给谁、何时、为什么、要发多久。什么也不发，什么也不存。

    名册里的人都算在内；还没加入的注明，他们加入以后才收得到。
    """
    zone = settings.calendar.zone
    today = get_civil_now(settings, as_of).date()
    begin = first.date() if first else today
    end = last.date() if last else begin + AHEAD
    if end < begin:
        raise click.UsageError(f"--to {end} 早于 --from {begin}")
    rules, messages, people, tree = build_rulebook(settings), [], {}, Tree(())
    after = datetime.combine(begin, time(), zone) - timedelta(microseconds=1)
    until = datetime.combine(end + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
    with open_existing_database(settings) as database:
        if database is not None:
            with database.read() as session:
                when, who = build_times(settings), build_voice(settings)
                # `everybody` includes people who have not joined; their chat_id is negative.
                messages = preview_messages(
                    session, rules, when, who, PlanWindow(after, until, everybody=True)
                )
                people = members.list_people(session)
                tree = organizations.load_tree(session)
    if as_json:
        data = {
            "from": begin.isoformat(),
            "to": end.isoformat(),
            "messages": [_message_json(each, people, tree) for each in messages],
            "waves": [_wave_json(slot, wave) for slot, wave in group_by_slot(messages)],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _print_plan(messages, rules, people, tree, texts=texts)


def group_by_slot(messages: Iterable[PlannedMessage]) -> Iterator[tuple[datetime, list[PlannedMessage]]]:
    """Group the messages by the moment at which they are sent, in order."""
    for slot, found in groupby(messages, key=lambda each: each.slot):
        yield slot, list(found)


def count_seconds(count: int) -> int:
    """Return how long that many messages to different people take at the network's limits."""
    limits = Limits()
    # The first second takes a burst; further messages follow at the spacing of the limits.
    beyond = max(0, count - limits.second_holds)
    return 1 + math.ceil(beyond * limits.spacing) if count else 0


def _message_json(each: PlannedMessage, people: dict[int, Person], tree: Tree) -> dict[str, Any]:
    person = people[each.member_id]
    return {
        "at": each.slot.isoformat(timespec="minutes"),
        "to": {"name": person.name, "organization": _find_home(person, tree), "joined": each.chat_id > 0},
        "why": [_subject_json(subject, tree) for subject in each.subjects],
        "provisional": any(_is_provisional(subject) for subject in each.subjects),
        "text": each.text,
    }


def _find_home(person: Person, tree: Tree) -> str:
    """Return the organization of the first post; empty for a supervisor without one."""
    return next(
        (tree.get_name(p.organization_id) for p in person.posts if p.organization_id in tree.nodes), ""
    )


def _subject_json(subject: Subject, tree: Tree) -> dict[str, Any]:
    if isinstance(subject, Occurrence):
        return {"kind": "requirement", **_occurrence_json(subject, tree)}
    if isinstance(subject, Overdue):
        return {"kind": "overdue", "step": str(subject.role), **_occurrence_json(subject.row, tree)}
    if isinstance(subject, Digest):
        return {"kind": "digest", "overdue": len(subject.rows)}
    if isinstance(subject, MissingYear):
        return {"kind": "missing_days_off", "year": subject.year}
    if isinstance(subject, TextToApprove):
        return {"kind": "approval", "key": subject.day.observance.key, "goes_at": subject.goes_at.isoformat()}
    day = subject.day if isinstance(subject, Preparation) else subject
    return {
        "kind": "preparation" if isinstance(subject, Preparation) else "observance",
        "key": day.observance.key,
        "name": day.observance.name,
        "date": day.date.isoformat(),
    }


def _occurrence_json(row: Occurrence, tree: Tree) -> dict[str, Any]:
    return {
        "branch": tree.get_name(row.organization_id),
        "requirement": row.requirement,
        "period": row.period,
        "due_on": row.due_on.isoformat(),
    }


def _is_provisional(subject: Subject) -> bool:
    day = subject.day if isinstance(subject, Preparation) else subject
    return isinstance(day, ObservanceDay | Occurrence) and day.provisional


def _wave_json(slot: datetime, wave: Sequence[PlannedMessage]) -> dict[str, Any]:
    return {
        "at": slot.isoformat(timespec="minutes"),
        "messages": len(wave),
        "joined": sum(each.chat_id > 0 for each in wave),
        "seconds": count_seconds(len(wave)),
    }


def _print_plan(
    messages: Sequence[PlannedMessage],
    rules: Rulebook,
    people: dict[int, Person],
    tree: Tree,
    *,
    texts: bool,
) -> None:
    if not messages:
        click.echo("这些天没有要发的消息。")
    for slot, wave in group_by_slot(messages):
        click.echo(_format_wave(slot, wave))
        pairs = [
            (_format_reason(what, rules, tree, slot.date()), each) for each in wave for what in each.subjects
        ]
        for reason, names in _group_by_reason(pairs, people).items():
            click.echo(f"  {reason} → {_format_names(names)}")
        for text in dict.fromkeys(each.text for each in wave) if texts else ():
            click.echo(indent(strip_markup(text), "  │ ", lambda _: True))


def _format_wave(slot: datetime, wave: Sequence[PlannedMessage]) -> str:
    # People who have not joined have a negative chat_id.
    away = sum(each.chat_id < 0 for each in wave)
    missing = f"，其中 {away} 人还没加入" if away else ""
    return f"{slot:%Y-%m-%d %H:%M}  {len(wave)} 条{missing}，约 {count_seconds(len(wave))} 秒"


def _group_by_reason(
    pairs: Iterable[tuple[str, PlannedMessage]], people: dict[int, Person]
) -> dict[str, list[str]]:
    """The names of the receivers by reason, both in the order of the messages."""
    names: dict[str, list[str]] = {}
    for reason, message in pairs:
        names.setdefault(reason, []).append(people[message.member_id].name)
    return names


def _format_names(names: Sequence[str]) -> str:
    more = f"等{len(names)}人" if len(names) > NAMES else ""
    return "、".join(names[:NAMES]) + more


def _format_reason(subject: Subject, rules: Rulebook, tree: Tree, today: date) -> str:
    guess = "（预计）" if _is_provisional(subject) else ""
    if isinstance(subject, Digest):
        return f"本周关注 逾期{len(subject.rows)}项"
    if isinstance(subject, Occurrence | Overdue):
        row = list_occurrences(subject)[0]
        what = f"{tree.get_name(row.organization_id)} {rules.get_name(row.requirement)}"
        passed = "已过期" if isinstance(subject, Overdue) else "到期"
        return f"{what}（{format_period(row.period)}）{format_short_day(row.due_on, today)}{passed}{guess}"
    if isinstance(subject, MissingYear):
        return f"{subject.year}年放假安排还没有装入"
    if isinstance(subject, TextToApprove):
        return f"请审定 {subject.day.observance.name} 的文字"
    day = subject.day if isinstance(subject, Preparation) else subject
    prepare = "请提前安排 " if isinstance(subject, Preparation) else ""
    return f"{prepare}{day.observance.name} {format_short_day(day.date, today)}{guess}"
