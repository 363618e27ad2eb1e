"""Texts about the status: titles, counts and the detail of a branch. PURE."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.reading.questions.read import ALL, LATE, MISSING, OVERDUE, PICTURE, RECORDS, Question
from handlers.status.paging import Entry
from models.rules.output.zh_text import (
    clip_text,
    escape,
    format_full_day,
    format_period,
    format_short_day,
    join_names,
)
from models.rules.requirements.status import Done, State
from models.rules.types import Occurrence

SHOWN = {ALL: "情况", MISSING: "未办", OVERDUE: "逾期", LATE: "迟办", RECORDS: "记录"}
NOTHING = {
    ALL: "没有欠着的。",
    MISSING: "没有未办的。",
    OVERDUE: "没有逾期的。",
    LATE: "没有迟办的。",
    RECORDS: "还没有记录。",
}
NOTHING_DUE = "这段时间没有应办事项。"
MOST_SUMS = 10
LONGEST_TOPIC = 60
COMING = (State.DUE, State.PARTIAL, State.NOT_YET)
MARKS = {
    State.DONE: "已办",
    State.DONE_LATE: "迟办",
    State.WAIVED: "免办",
    State.OVERDUE: "逾期",
    State.NOT_SEEN: "未见记录",
    State.DUE: "待办",
    State.PARTIAL: "进行中",
    State.NOT_YET: "未到",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One occurrence to show: organization and requirement by name, state and completions.

    `progress` is 2/4 where a part is done, "" otherwise.
    """

    organization: str
    requirement: str
    occurrence: Occurrence
    state: State
    done: Done | None
    progress: str = ""

    @property
    def late(self) -> bool:
        """Whether it was done after its due day."""
        return self.state is State.DONE_LATE


@dataclass(frozen=True, slots=True)
class Held:
    """One record to show; counts are persons."""

    requirement: str
    held_on: date
    present: int | None
    expected: int | None
    topic: str | None
    reporter: str
    reported_on: date | None = None


def format_range(first: date, last: date, today: date) -> str:
    """9月, 第3季度, 2025年全年, or 9月5日至9月20日; the year is left out where it is today's."""
    year = f"{first.year}年" if first.year != today.year else ""
    ends_month = (last + timedelta(days=1)).day == 1
    if first.day == 1 and ends_month and first.year == last.year:
        if first.month == last.month:
            return f"{year}{first.month}月"
        span = (first.month, last.month)
        if span in {(1, 3), (4, 6), (7, 9), (10, 12)}:
            return f"{year}第{last.month // 3}季度"
        named = {(1, 6): "上半年", (7, 12): "下半年", (1, 12): "全年"}
        if span in named:
            return f"{first.year}年{named[span]}" if span == (1, 12) else f"{year}{named[span]}"
    return (
        f"{format_short_day(first, today)}至{format_short_day(last, today)}"
        if last != first
        else format_short_day(first, today)
    )


def format_title(asked: Question, first: date, last: date, where: str, today: date) -> str:
    """The title of an answer: 11月主题党日未办 · 第二督导组."""
    when = format_range(first, last, today)
    if asked.show == OVERDUE and not asked.stated_period:
        when = ""
    what = join_names(asked.requirements, 4) if asked.requirements else ""
    return f"{when}{what}{SHOWN[asked.show]} · {where}"


def format_head(about: str, today: date) -> str:
    """The first line of a status message."""
    return f"<b>{escape(about)}</b>（截至{format_short_day(today)}）"


def format_overview(
    heading: str,
    lines: Sequence[str],
    states: Counter[State],
    *,
    show: str = ALL,
    remarks: Sequence[str] = (),
) -> str:
    """A status message: heading, the lines of one page, counts and remarks."""
    shown = list(lines) or [NOTHING[show] if states else NOTHING_DUE]
    return "\n".join([heading, *shown, *([format_counts(states)] if states else []), *remarks])


def format_no_ranking() -> str:
    """The answer to a question for a ranking."""
    return (
        "清历不给支部排先后：支部大小、任务不同，一比高低，就容易为数字去填数，真正缺的反而看不到。\n"
        "可以看的是还缺哪一项、到了哪一天："
    )


def format_carried(count: int, first: date) -> list[str]:
    """The remark about overdue occurrences from before the first day of the title; none for 0."""
    return [f"逾期里有 {count} 项是{format_short_day(first)}以前的"] if count else []


def format_counts(states: Counter[State]) -> str:
    """应办 30：已办 12 · 迟办 1 · 免办 0 · 逾期 2 · 待办 15."""
    coming = sum(states[state] for state in COMING)
    unseen = f" · 未见记录 {states[State.NOT_SEEN]}" if states[State.NOT_SEEN] else ""
    return (
        f"应办 {states.total()}：已办 {states[State.DONE]} · 迟办 {states[State.DONE_LATE]}"
        f" · 免办 {states[State.WAIVED]} · 逾期 {states[State.OVERDUE]}{unseen} · 待办 {coming}"
    )


def format_totals(
    missing: Sequence[tuple[str, str]], counted: Mapping[str, Counter[State]], show: str
) -> list[str]:
    """The lines for a status too large to list: the first missing, and totals by requirement."""
    lines = [f"{escape(what)}：{escape(who)}" for what, who in missing]
    section = SHOWN[LATE] if show == LATE else SHOWN[OVERDUE]
    return [
        *([f"【{section}】（最早的）", *lines] if lines else [NOTHING[LATE if show == LATE else OVERDUE]]),
        *(
            f"{escape(name)}：{format_brief_counts(states)}"
            for name, states in list(counted.items())[:MOST_SUMS]
        ),
    ]


def format_narrow_down(organizations: int) -> str:
    """The remark below totals: how to narrow the question."""
    return f"共{organizations}个组织，请点一个或写名字缩小范围。"


def format_too_large(as_: str, count: int, part: str) -> str:
    """The refusal of a file that is too large, with a smaller `part` (第二督导组9月) as an example."""
    what = "图片" if as_ == PICTURE else "表格"
    return f"{what}太大（{count} 项），请按督导组或一个月来要，例如“{escape(part)}{what}”。"


def format_brief(items: Iterable[Item]) -> str:
    """应办 6 · 已办 3 · 逾期 2; states without items are left out."""
    return format_brief_counts(Counter(item.state for item in items))


def format_brief_counts(states: Counter[State]) -> str:
    """The same from the counts by state."""
    named = (
        ("应办", states.total()),
        ("已办", states[State.DONE]),
        ("迟办", states[State.DONE_LATE]),
        ("免办", states[State.WAIVED]),
        ("逾期", states[State.OVERDUE]),
        ("未见记录", states[State.NOT_SEEN]),
        ("待办", sum(states[state] for state in COMING)),
    )
    return " · ".join(f"{name} {count}" for name, count in named if count)


def list_branch_detail(
    items: Sequence[Item],
    held: Sequence[Held],
    today: date,
    *,
    away: Sequence[tuple[str, int, Sequence[str]]] = (),
    standing: Sequence[str] = (),
) -> list[Entry]:
    """The lines of one organization: items, leave, changes, records and later items."""
    lines = [Entry("", "", _format_detail(item, today)) for item in items if item.state is not State.NOT_YET]
    for what, count, names in away:
        who = f"：{escape('、'.join(names))}" if names else ""
        lines.append(Entry("", "", f"{escape(what)}已请假 {count} 人{who}"))
    lines += [Entry("免办和改期", "", line) for line in standing]
    lines += [Entry("记录", "", format_record(record, today)) for record in held]
    ahead = (item for item in items if item.state is State.NOT_YET)
    return lines + [Entry("以后", "", _format_detail(item, today)) for item in ahead]


def _format_detail(item: Item, today: date) -> str:
    due = f"{format_full_day(item.occurrence.due_on, today)}前"
    done = item.done
    if done is not None and done.last_on is not None and item.state in (State.DONE, State.DONE_LATE):
        due = format_full_day(done.last_on, today)
    moved = "（已改期）" if item.occurrence.moved and item.state in COMING else ""
    return (
        f"{MARKS.get(item.state, '')} {escape(item.requirement)} "
        f"{format_period(item.occurrence.period)} {due}{moved}"
        + (f" {item.progress}" if item.progress else "")
    )


def format_record(record: Held, today: date) -> str:
    """9月5日 主题党日 应到 25 实到 23 《条例》（示例·小林 9月6日报）."""
    numbers = " ".join(
        f"{name} {value}"
        for name, value in (("应到", record.expected), ("实到", record.present))
        if value is not None
    )
    topic = escape(clip_text(record.topic or "", LONGEST_TOPIC))
    if topic and "《" not in topic:
        topic = f"《{topic}》"
    parts = [format_short_day(record.held_on, today), escape(record.requirement), numbers, topic]
    when = f" {format_short_day(record.reported_on, today)}" if record.reported_on else ""
    return " ".join(part for part in parts if part) + f"（{escape(record.reporter)}{when}报）"
