"""Texts of reminders: what one person reads in one message. PURE."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from models.rules.calendar.due_days import DueKind
from models.rules.calendar.observances import ObservanceDay
from models.rules.output.templates import fill_template
from models.rules.output.zh_text import escape, format_full_day, format_period, join_names
from models.rules.people.organization_tree import Tree
from models.rules.people.permissions import ASK, find_contact, find_sender
from models.rules.people.roles import Person, Role
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.types import Strength
from models.rules.types import Occurrence
from scheduler.channel import CAUTIOUS, Capabilities
from scheduler.messages import overdue_texts
from scheduler.types import Digest, MissingYear, Overdue, Preparation, Subject, TextToApprove

LATE = "（本应"
SIGN = "—— "
STRANGERS_ASK = f"{ASK}本单位的管理员"
ASK_US = "有问题请联系我们"
PROVISIONAL = "放假安排未公布，按规则预计"
EXAMPLE = "办完后直接回复这条消息就行，例如：开了，23人，请假2人"
EXAMPLES = "办完一项回复一句就行，例如：主题党日开了，23人，请假2人"


@dataclass(frozen=True, slots=True)
class Voice:
    """The sender and contact of messages, when they say that they are late, their length.

    As set for all readers it may be empty; `to` makes it that of one.
    """

    sender: str = ""
    contact: str = ""
    late_after: timedelta = timedelta(minutes=30)
    capabilities: Capabilities = CAUTIOUS

    def create_for_reader(self, reader: Person | None, tree: Tree) -> "Voice":
        """The voice for one reader; a stranger (None) gets the highest organization."""
        if reader is None:
            highest = next((node.name for node in tree), "")
            return replace(self, sender=self.sender or highest, contact=self.contact or STRANGERS_ASK)
        sender = self.sender or find_sender(reader, tree)
        return replace(self, sender=sender, contact=find_contact(reader, tree, self.contact))

    def sign_text(self, text: str) -> str:
        """The text with a last line that names its sender and a contact, or says that they are one."""
        contact = ASK_US if self.sender and self.contact == f"{ASK}{self.sender}" else self.contact
        named = " · ".join(escape(part) for part in (self.sender, contact) if part)
        return f"{text}\n{SIGN}{named}" if named else text


@dataclass(frozen=True, slots=True)
class MessageContext:
    """What the words of a message depend on beside its subjects; `now` is when it leaves."""

    rules: Rulebook
    tree: Tree
    voice: Voice
    now: datetime

    @property
    def today(self) -> date:
        """The day on which it leaves."""
        return self.now.date()


def format_message(
    subjects: Sequence[Subject], context: MessageContext, *, slot: datetime, answerable: bool = True
) -> str:
    """The text of one message: overdue, festivals, days to prepare, due, missing years.

    `slot` is when it should have left, `answerable` whether the reader may report by replying and is
    shown how.
    """
    days = [subject for subject in subjects if isinstance(subject, ObservanceDay)]
    coming = [subject.day for subject in subjects if isinstance(subject, Preparation)]
    due = [subject for subject in subjects if isinstance(subject, Occurrence)]
    parts = [*_format_own_overdue(subjects, context, example=answerable and not due)]
    parts += _format_list(subjects, context)
    if days:
        parts.append(format_observances(days, context.today, context.voice.sender))
    if coming:
        parts.append(format_preparations(coming, context.today))
    if due:
        parts.append(format_requirements(due, context, answerable=answerable))
    parts += [format_missing_year(each.year) for each in subjects if isinstance(each, MissingYear)]
    return context.voice.sign_text(format_late(context.voice, slot, context.now) + "\n\n".join(parts))


def format_late(voice: Voice, slot: datetime, now: datetime) -> str:
    """The line above a message that leaves well after its slot; else empty."""
    return (
        f"{LATE}{_format_moment(slot, now)}发出，迟发了，请见谅）\n\n"
        if now - slot > voice.late_after
        else ""
    )


def _format_own_overdue(
    subjects: Sequence[Subject], context: MessageContext, *, example: bool
) -> Iterator[str]:
    """The reader's own overdue occurrences, with an example of an answer if asked."""
    own = [each.row for each in subjects if isinstance(each, Overdue) and each.role is Role.SECRETARY]
    if own:
        text = overdue_texts.format_own_overdue(
            own, context.tree.get_name, context.rules.get_name, context.today
        )
        yield f"{text}\n{EXAMPLE if len(own) == 1 else EXAMPLES}" if example else text


def _format_list(subjects: Sequence[Subject], context: MessageContext) -> Iterator[str]:
    """The week's list, and the steps that are passed on to those above the secretaries."""
    steps = [each for each in subjects if isinstance(each, Overdue)]
    above = [(each.role, each.row) for each in steps if each.role is not Role.SECRETARY]
    listed = [row for subject in subjects if isinstance(subject, Digest) for row in subject.rows]
    if above or listed:
        where, what = context.tree.get_name, context.rules.get_name
        yield overdue_texts.format_weekly_list(listed, above, where, what, context.today)


def format_observances(days: Sequence[ObservanceDay], today: date, sender: str = "") -> str:
    """The section of festivals: themes, texts and days, with a note on guessed days off."""
    heads = [day.observance.theme or day.observance.name for day in days]
    lines = [f"<b>廉洁提醒 · {escape(join_names(heads))}</b>"]
    lines += [escape(text) for day in days if (text := get_observance_text(day, today, sender))]
    lines.append(
        "；".join(f"{escape(day.observance.name)}：{format_full_day(day.date, today)}" for day in days)
    )
    if any(day.provisional for day in days):
        lines.append(f"（{PROVISIONAL}）")
    return "\n".join(lines)


def get_observance_text(day: ObservanceDay, today: date, sender: str) -> str:
    """The text of a day with its values; `sender` is the organization that speaks."""
    values = {
        "festival": day.observance.name,
        "theme": day.observance.theme,
        "date": format_full_day(day.date, today),
        "year": str(day.date.year),
        "organization": sender,
    }
    return fill_template(day.observance.get_text(day.date.year), values)


def format_broadcast_progress(sent: int, missed: int, total: int, *, stopped: bool, ended: bool) -> str:
    """How far a broadcast has come."""
    failed = f"，发不到 {missed}" if missed else ""
    if stopped and ended:
        return f"已停止：发出 {sent}，没发 {total - sent - missed}{failed}。"
    if ended:
        return f"发完了：共 {total} 人，发出 {sent}{failed}。"
    return f"正在{'停止' if stopped else '发送'}：{sent + missed}/{total}{failed}"


def format_preparations(days: Sequence[ObservanceDay], today: date) -> str:
    """The section of days to prepare: each day and how far it is."""
    lines = ["<b>请提前安排</b>"]
    for day in days:
        theme = f" {escape(day.observance.theme)}" if day.observance.theme else ""
        left = (day.date - today).days
        ahead = f"，还有{left}天" if left > 0 else ""
        lines.append(f"{escape(day.observance.name)}{theme}：{format_full_day(day.date, today)}{ahead}")
    if any(day.provisional for day in days):
        lines.append(f"（{PROVISIONAL}）")
    return "\n".join(lines)


def format_approval(asked: TextToApprove, context: MessageContext) -> str:
    """To a leader: a text as it will be read, and what happens without an answer."""
    seen = format_message([asked.day], replace(context, now=asked.goes_at), slot=asked.goes_at)
    when = f"{format_full_day(asked.goes_at.date(), context.today)} {asked.goes_at:%H:%M}"
    unanswered = "没有回音就照发。" if context.rules.approval.send_unanswered else "没有同意就不发。"
    head = f"<b>请审定</b> {escape(asked.day.observance.name)}提醒"
    return context.voice.sign_text(
        f"{head}，{when} 发给{escape(context.tree.get_name(asked.organization_id))}"
        f"及下级：\n<blockquote>{seen}</blockquote>\n{unanswered}"
    )


def format_missing_year(year: int) -> str:
    """To admins: a year's days off are missing, and what to do."""
    return (
        f"<b>{year}年放假安排还没有装入</b>\n公布后请运行：qingli holidays add {year}.json\n"
        f"在此之前，涉及{year}年的提醒按规则预计，并在消息里注明。"
    )


def format_requirements(
    due: Sequence[Occurrence], context: MessageContext, *, answerable: bool = True
) -> str:
    """The section of what is due, by organization; with an example for who may report."""
    lines = ["<b>近期应办</b>"]
    for organization_id, rows in _group_by_organization(due, context.tree).items():
        name = escape(context.tree.get_name(organization_id))
        items = [_format_due(row, context.rules, context.today) for row in rows]
        if len(items) == 1:
            lines.append(f"{name}：{items[0]}")
        else:
            lines += [f"{name}：", *(f"· {item}" for item in items)]
    if any(row.provisional for row in due):
        lines.append(f"（{PROVISIONAL}）")
    if answerable:
        lines.append(EXAMPLE if len(due) == 1 else EXAMPLES)
    return "\n".join(lines)


def _group_by_organization(due: Sequence[Occurrence], tree: Tree) -> dict[int, list[Occurrence]]:
    """In the register's order, each organization's by due day."""
    order = {node.id: place for place, node in enumerate(tree)}
    found: dict[int, list[Occurrence]] = {}
    for row in sorted(due, key=lambda row: (order.get(row.organization_id, 0), row.due_on)):
        found.setdefault(row.organization_id, []).append(row)
    return found


def _format_due(row: Occurrence, rules: Rulebook, today: date) -> str:
    """主题党日 9月5日（周六）, or 交纳党费（2026年9月）9月30日（周三）前; what is only usual says so."""
    rule = rules.find_version(row.requirement, row.opens_on)
    usual = "（一般）" if rule.strength is Strength.USUAL else ""
    day = format_full_day(row.due_on, today)
    named = rule.due.following or (rule.due.kind is DueKind.END and row.moved is None)
    period = f"（{format_period(row.period)}）" if named else " "
    until = "前" if named and row.moved is None else ""
    return f"{escape(rule.name)}{period}{day}{until}{usual}"


def _format_moment(slot: datetime, now: datetime) -> str:
    local = slot.astimezone(now.tzinfo)
    clock = f"{local.hour}点{local.minute:02d}分" if local.minute else f"{local.hour}点"
    return clock if local.date() == now.date() else f"{local.month}月{local.day}日{clock}"
