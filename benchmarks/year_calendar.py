"""Computes a year's calendar, all festivals, and the reminders of one festival."""

from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import process_time
from zoneinfo import ZoneInfo

from benchmarks import results
from models.packs.load import load_packs, load_workdays
from models.rules.calendar.observances import add_listed_festivals
from models.rules.calendar.periods import PeriodKind
from models.rules.people.organization_tree import Node, Tree
from models.rules.people.roles import OrganizationKind, Post, Role
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.types import Requirement, parse_due
from models.rules.types import OrganizationFacts
from scheduler.planning.reminders import plan_reminders
from scheduler.send_times import SendTimes
from scheduler.types import Recipient, Situation

RUNS = 5
KINDS = [PeriodKind.MONTH, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR]
DUE = ["每月5日", "第一个周五", "期末，遇休息日提前", "最后一个工作日", "次年3月31日"]
REQUIREMENTS = [
    Requirement(
        f"事项{n}", f"事项{n}", frozenset({OrganizationKind.BRANCH}), KINDS[n % 5], parse_due(DUE[n % 5])
    )
    for n in range(20)
]
YEAR = date(2027, 1, 1), date(2027, 12, 31)


def build_register(count: int) -> list[OrganizationFacts]:
    """Return branches that have used the bot for years."""
    return [
        OrganizationFacts(n, f"支部{n}", OrganizationKind.BRANCH, None, True, date(2020, 1, 1))
        for n in range(1, count + 1)
    ]


def build_rules() -> Rulebook:
    """Return twenty requirements of every kind, national observances, and unused workdays."""
    return Rulebook(REQUIREMENTS, load_packs(["national"]).observances, load_workdays())


def count_occurrences(count: int) -> int:
    """A year's occurrences of so many branches; gives how many."""
    return len(build_rules().list_due(DueQuery(build_register(count), *YEAR)))


def count_festivals() -> int:
    """Compute every festival of 1901–2099 with its reminder day; returns their number."""
    book = build_rules()
    days = book.list_observance_days(
        date(1901, 1, 1), date(2099, 12, 31), observances=add_listed_festivals(book.observances)
    )
    return len(days)


def count_reminders(people: int) -> int:
    """Compute the reminders of one festival for people of 68 branches; returns their number."""
    places, zone = build_register(68), ZoneInfo("Asia/Shanghai")
    joined = datetime(2026, 1, 1, tzinfo=UTC)
    recipients = [Recipient(n, n, joined, (Post(Role.MEMBER, n % 68 + 1),)) for n in range(1, people + 1)]
    tree = Tree([Node(each.id, each.name, each.kind, None) for each in places])
    situation = Situation(build_rules(), tree, places, recipients, SendTimes(zone=zone))
    slot = datetime(2026, 9, 24, 9, tzinfo=zone)
    return len(plan_reminders(situation, slot - timedelta(minutes=1), slot))


def main() -> None:
    """Write the table: what, how many results, and the CPU time of RUNS runs."""
    rows = []
    for name, work, noun in (
        ("a year, 68 branches × 20 requirements", lambda: count_occurrences(68), "occurrences"),
        ("a year, 10,000 branches × 20 requirements", lambda: count_occurrences(10_000), "occurrences"),
        ("every festival of 1901–2099 with its reminder day", count_festivals, "days"),
        ("reminders of one festival for 2,000 people", lambda: count_reminders(2_000), "reminders"),
        ("reminders of one festival for 10,000 people", lambda: count_reminders(10_000), "reminders"),
    ):
        spent, found = [], 0
        for _ in range(RUNS):
            began = process_time()
            found = work()
            spent.append(1000 * (process_time() - began))
        each = 1000 * median(spent) / found
        rows.append([name, f"{found:,} {noun}", f"{median(spent):,.1f} ms", f"{each:.1f} µs"])
    results.write_section(
        "year_calendar",
        "The year's calendar",
        results.format_table(["what", "found", "CPU time", "each"], rows),
        f"The median of {RUNS} runs; nothing is kept from one to the next.",
    )


if __name__ == "__main__":
    main()
