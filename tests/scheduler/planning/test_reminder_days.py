"""Planning by audience and calendar: leads, quiet hours, own vacations, events, days off that are missing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from models.packs.load import load_packs, load_workdays
from models.rules.calendar.lead_times import parse_lead
from models.rules.calendar.observances import Observance, ObservanceDay, parse_when
from models.rules.calendar.workdays import HolidayYear, Workdays
from models.rules.people.organization_tree import Node, Tree
from models.rules.people.roles import OrganizationKind, Person, Post, Role
from models.rules.requirements.overrides import Ledger, OwnSemester, apply_own_days
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import KeyEvent, OrganizationFacts
from scheduler.messages.bundle import bundle_reminders, create_message, create_messages
from scheduler.messages.texts import MessageContext, Voice
from scheduler.planning.reminders import plan_reminders
from scheduler.send_times import SendTimes
from scheduler.types import MissingYear, PlannedReminder, Preparation, Recipient, Situation
from tests.tables import each_row

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKDAYS = load_workdays()
COMMITTEE, BRANCH, OTHER = 1, 2, 3
TREE = Tree(
    [
        Node(COMMITTEE, "示例学校党委", OrganizationKind.COMMITTEE, None),
        Node(BRANCH, "一支部", OrganizationKind.BRANCH, COMMITTEE),
        Node(OTHER, "二支部", OrganizationKind.BRANCH, COMMITTEE),
    ]
)
EARLIER = datetime(2024, 1, 1, tzinfo=UTC)
SECRETARY = Recipient(11, 101, EARLIER, (Post(Role.SECRETARY, BRANCH), Post(Role.MEMBER, BRANCH)))
MEMBER = Recipient(12, 102, EARLIER, (Post(Role.MEMBER, OTHER),))
LEADER = Recipient(13, 103, EARLIER, (Post(Role.LEADER, COMMITTEE),))
ADMIN = Recipient(14, 104, EARLIER, (Post(Role.ADMIN, COMMITTEE),))
PLACES = [
    OrganizationFacts(node.id, node.name, node.kind, node.parent_id, True, date(2024, 1, 1)) for node in TREE
]
PARENTS = {each.id: each.parent_id for each in PLACES}


def rulebook(*packs: str, workdays: Workdays = WORKDAYS) -> Rulebook:
    pack = load_packs(packs or ("national",))
    return Rulebook(pack.requirements, pack.observances, workdays)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+08:00")


def planned(first: str, last: str, rules: Rulebook | None = None, **other: object) -> list[PlannedReminder]:
    values: dict[str, object] = {
        "rules": rules or rulebook(),
        "tree": TREE,
        "organizations": PLACES,
        "recipients": [SECRETARY, MEMBER, LEADER, ADMIN],
        "times": SendTimes(zone=SHANGHAI),
        "ledger": Ledger(parents=PARENTS),
    }
    situation = Situation(**{**values, **other})  # type: ignore[arg-type]
    found = plan_reminders(situation, at(f"{first}T00:00"), at(f"{last}T23:59"))
    return [each for each in found if not isinstance(each.subject, MissingYear)]


def days(found: list[PlannedReminder], member: int = 12) -> list[tuple[str, datetime]]:
    return [
        (each.subject.observance.name, each.slot)
        for each in found
        if each.member_id == member and isinstance(each.subject, ObservanceDay)
    ]


def only(*observances: Observance) -> Rulebook:
    return Rulebook((), observances, WORKDAYS)


def observance(when: str, *leads: str, **more: object) -> Observance:
    given = {"leads": tuple(parse_lead(lead, Role.MEMBER) for lead in leads)} if leads else {}
    return Observance(when, when, parse_when(when), **{**given, **more})  # type: ignore[arg-type]


def test_a_text_of_its_own_year_is_filled_in_and_two_long_ones_are_two_messages() -> None:
    own = ((2026, "{festival}，{organization}提醒"),)
    day = replace(observance("中秋节"), name="中秋<节>", theme="思正", texts=("轮流",), yearly=own)
    people = {12: Person(12, "某人", MEMBER.posts)}
    (found,) = [each for each in planned("2026-09-24", "2026-09-24", only(day)) if each.member_id == 12]
    text = create_message([found], people, MessageContext(only(day), TREE, Voice(), found.slot)).text
    assert "\n中秋&lt;节&gt;，示例学校党委提醒\n" in text
    long = [replace(observance("中秋节"), key=key, texts=("长" * 3000,)) for key in ("一", "二")]
    both = [each for each in planned("2026-09-24", "2026-09-24", only(*long)) if each.member_id == 12]
    messages = create_messages(both, people, MessageContext(only(*long), TREE, Voice(), both[0].slot))
    assert [len(each.reminders) for each in messages] == [1, 1]
    assert all(len(each.text) < 4096 for each in messages)


def test_festivals_of_one_run_are_one_message_under_two_keys() -> None:
    found = [each for each in planned("2025-09-20", "2025-10-10") if each.member_id == 12]
    assert [(each.key, each.slot) for each in found] == [
        ("observance/国庆节/2025/12", at("2025-09-30T09:00")),
        ("observance/中秋节/2025/12", at("2025-09-30T09:00")),
    ]
    people = {12: Person(12, "示例", MEMBER.posts)}
    (bundle,) = bundle_reminders(found)
    text = create_message(bundle, people, MessageContext(rulebook(), TREE, Voice(), found[0].slot)).text
    assert text.splitlines()[0] == "<b>廉洁提醒 · 国庆守“规”、中秋思“正”</b>"


def test_a_further_lead_of_the_settings_is_told_beside_the_usual_one() -> None:
    times = SendTimes(zone=SHANGHAI, members_also=(parse_lead("提前一周 10:00", Role.MEMBER),))
    found = planned("2025-09-15", "2025-10-10", times=times)
    assert days(found) == [
        ("国庆节", at("2025-09-24T10:00")),
        ("中秋节", at("2025-09-24T10:00")),
        ("国庆节", at("2025-09-30T09:00")),
        ("中秋节", at("2025-09-30T09:00")),
    ]
    assert len({each.key for each in found}) == len(found)


def test_who_prepares_an_activity_hears_of_it_two_weeks_before() -> None:
    found = planned("2026-11-20", "2026-12-09")
    ahead = [each for each in found if isinstance(each.subject, Preparation)]
    assert [(each.member_id, each.slot) for each in ahead] == [(11, at("2026-11-25T09:00"))]
    people = {11: Person(11, "示例", SECRETARY.posts)}
    text = create_message(ahead, people, MessageContext(rulebook(), TREE, Voice(), ahead[0].slot)).text
    assert text == (
        "<b>请提前安排</b>\n国际反腐败日 反腐倡“廉”：12月9日（周三），还有14天\n"
        "—— 示例学校党委 · 有问题请联系我们"
    )
    assert days(found) == [("国际反腐败日", at("2026-12-08T09:00"))]


def test_a_day_for_leaders_alone_is_told_to_nobody_else() -> None:
    rules = only(observance("9月10日", audience=(Role.LEADER,)))
    assert [each.member_id for each in planned("2026-09-01", "2026-09-10", rules)] == [13]


@each_row(
    ("quiet", "members_at", "slot"),
    [
        ((time(21), time(7)), time(22), "2026-09-10T07:00"),
        ((time(21), time(7)), time(6, 30), "2026-09-09T07:00"),
        ((time(21), time(7)), time(7), "2026-09-09T07:00"),
        ((time(21), time(7)), time(20, 59), "2026-09-09T20:59"),
        ((time(12), time(14)), time(13), "2026-09-09T14:00"),
        ((time(0), time(0)), time(3), "2026-09-09T03:00"),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(
    quiet: tuple[time, time], members_at: time, slot: str
) -> None:
    times = SendTimes(zone=SHANGHAI, members_at=members_at, quiet_from=quiet[0], quiet_until=quiet[1])
    found = planned("2026-09-01", "2026-09-30", only(observance("教师节")), times=times)
    assert days(found) == [("教师节", at(slot))]


def test_a_lead_keeps_its_own_hour_and_the_others_follow_the_settings() -> None:
    times = SendTimes(zone=SHANGHAI, members_at=time(8))
    rules = only(observance("9月10日"), observance("9月11日", "最后一个工作日 10:30"))
    found = planned("2026-09-01", "2026-09-30", rules, times=times)
    assert [slot.time() for _, slot in days(found)] == [time(8), time(10, 30)]


def test_a_school_on_vacation_is_told_before_it_closes_and_the_others_as_usual() -> None:
    semester = OwnSemester(OTHER, "2025-S1", date(2025, 9, 1), date(2026, 1, 30))
    places = apply_own_days(PLACES, WORKDAYS, [], [semester])
    found = planned("2026-01-20", "2026-02-20", organizations=places)
    assert days(found, 12) == [("春节", at("2026-01-30T09:00"))]
    assert days(found, 11) == [("春节", at("2026-02-14T09:00"))]


def test_somebody_in_two_schools_is_told_once_at_the_earlier_time() -> None:
    semester = OwnSemester(OTHER, "2025-S1", date(2025, 9, 1), date(2026, 1, 30))
    places = apply_own_days(PLACES, WORKDAYS, [], [semester])
    both = Recipient(15, 105, EARLIER, (Post(Role.MEMBER, BRANCH), Post(Role.MEMBER, OTHER)))
    found = planned("2026-01-20", "2026-02-20", organizations=places, recipients=[both])
    assert days(found, 15) == [("春节", at("2026-01-30T09:00"))]


def test_each_schools_own_first_day_is_told_to_its_people() -> None:
    rules = only(observance("秋季开学"))
    places = apply_own_days(
        PLACES, WORKDAYS, [], [OwnSemester(OTHER, "2026-S1", date(2026, 9, 7), date(2027, 1, 20))]
    )
    found = planned("2026-08-01", "2026-09-30", rules, organizations=places)
    assert days(found, 11) == [("秋季开学", at("2026-08-31T09:00"))]
    # Its summer vacation is known to last until 6 September.
    assert days(planned("2026-07-01", "2026-09-30", rules, organizations=places), 12) == [
        ("秋季开学", at("2026-07-10T09:00"))
    ]


def test_two_beginnings_of_school_in_a_year_are_two_reminders() -> None:
    found = planned("2026-01-01", "2026-12-31", only(observance("开学")))
    keys = [each.key for each in found if each.member_id == 12]
    assert keys == ["observance/开学/2026/12", "observance/开学/2026.2/12"]


def test_a_key_event_is_told_only_where_it_was_entered_and_below() -> None:
    rules = only(observance("事件：升学宴"))
    events = [
        KeyEvent("升学宴", date(2026, 7, 22), BRANCH, id=3),
        KeyEvent("换届", date(2026, 7, 1), OTHER, id=4),
    ]
    found = planned("2026-07-01", "2026-07-31", rules, ledger=Ledger(events=events, parents=PARENTS))
    assert [(each.key, each.slot) for each in found] == [
        ("observance/事件：升学宴/e3/11", at("2026-07-21T09:00"))
    ]
    above = [KeyEvent("升学宴", date(2026, 7, 22), COMMITTEE, id=5)]
    found = planned("2026-07-01", "2026-07-31", rules, ledger=Ledger(events=above, parents=PARENTS))
    assert {each.member_id for each in found} == {11, 12, 13, 14}


def test_an_election_is_told_months_ahead_to_secretary_and_leader() -> None:
    ledger = Ledger(events=[KeyEvent("换届", date(2024, 6, 15), BRANCH, id=1)], parents=PARENTS)
    rules = rulebook("yizheng@2024-01-01")
    found = [
        each
        for each in planned("2026-12-01", "2027-06-30", rules, ledger=ledger)
        if each.key.startswith("requirement/按期换届/")
    ]
    assert [(each.member_id, each.slot.date()) for each in found] == [
        (11, date(2026, 12, 15)),
        (13, date(2026, 12, 15)),
        (11, date(2027, 3, 15)),
        (11, date(2027, 5, 15)),
    ]
    people = {13: Person(13, "示例", LEADER.posts)}
    text = create_message(found[1:2], people, MessageContext(rules, TREE, Voice(), found[1].slot)).text
    assert "按期换届（2024年6月15日）2027年6月15日（周二）前" in text
    assert "回复" not in text, "a leader does not report"


def test_what_is_only_usual_says_so() -> None:
    rules = rulebook("xuchang_bureau")
    tree = Tree([Node(9, "示例教育局", OrganizationKind.BUREAU, None)])
    clerk = Recipient(19, 109, EARLIER, (Post(Role.CLERK, 9),))
    places = [OrganizationFacts(9, "示例教育局", OrganizationKind.BUREAU, None, True, date(2024, 1, 1))]
    found = planned("2026-12-20", "2026-12-31", rules, tree=tree, recipients=[clerk], organizations=places)
    rows = [each for each in found if each.key.startswith("requirement/全面从严治党工作会议/")]
    context = MessageContext(rules, tree, Voice(), rows[0].slot)
    text = create_message(rows, {19: Person(19, "", clerk.posts)}, context).text
    assert "全面从严治党工作会议（2026年度）12月31日（周四）前（一般）" in text


def calls(first: str, last: str, *years: int) -> list[tuple[int, int, str]]:
    published = [each for each in WORKDAYS.years.values() if each.year in (2024, 2025, 2026)]
    known = [*published, *(HolidayYear(year, frozenset(), frozenset()) for year in years)]
    rules = rulebook(workdays=Workdays(known))
    people = [SECRETARY, ADMIN]
    situation = Situation(rules, TREE, PLACES, people, SendTimes(zone=SHANGHAI), Ledger(parents=PARENTS))
    found = plan_reminders(situation, at(f"{first}T00:00"), at(f"{last}T23:59"))
    return [
        (each.member_id, each.subject.year, f"{each.slot:%m-%d}")
        for each in found
        if isinstance(each.subject, MissingYear)
    ]


def test_admins_are_told_of_a_missing_year_in_november_and_weekly_from_december() -> None:
    assert calls("2026-10-01", "2027-01-15") == [
        (14, 2027, day) for day in ("11-01", "12-01", "12-08", "12-15", "12-22", "12-29", "01-05", "01-12")
    ]
    assert calls("2026-10-01", "2027-01-15", 2027) == []


def test_a_missing_year_says_what_to_do() -> None:
    reminder = PlannedReminder("k", 14, 104, at("2026-11-01T09:00"), MissingYear(2027), Role.ADMIN)
    people = {14: Person(14, "示例", ADMIN.posts)}
    text = create_message([reminder], people, MessageContext(rulebook(), TREE, Voice(), reminder.slot)).text
    assert "qingli holidays add 2027.json" in text


def test_what_new_days_off_moved_into_the_past_is_said_at_once() -> None:
    installed = at("2026-09-24T15:00")
    found = planned("2026-09-24", "2026-09-25", installed_at=installed)
    assert days(found) == [("中秋节", installed)]
    late = planned("2026-09-24", "2026-09-25", installed_at=at("2026-09-24T22:00"))
    assert days(late) == [("中秋节", at("2026-09-25T07:00"))]
    assert days(planned("2026-09-25", "2026-09-26", installed_at=at("2026-09-25T10:00"))) == []


def test_days_off_that_regroup_festivals_repeat_nothing() -> None:
    def national_day(first: int, last: int) -> Workdays:
        off = frozenset(date(2028, 10, day) for day in range(first, last + 1))
        return Workdays([*WORKDAYS.years.values(), HolidayYear(2028, off, frozenset())])

    together = planned("2028-09-20", "2028-10-10", rulebook(workdays=national_day(1, 8)))
    apart = planned("2028-09-20", "2028-10-10", rulebook(workdays=national_day(3, 4)))
    assert {each.key for each in together} == {each.key for each in apart}
    assert [len({slot for _, slot in days(found)}) for found in (together, apart)] == [1, 2]
