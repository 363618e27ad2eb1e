"""The names a message may use, with short forms and slips of the keyboard."""

from datetime import datetime

from handlers.reading.reports.read import read_message
from handlers.reading.text.activity_names import ACTIVITIES, Activity, create_vocabulary
from handlers.reading.text.name_index import EMPTY, Kind, NameIndex
from tests.tables import each_row

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
BRANCHES = [
    "理科支部",
    "文科支部",
    "专业二支部",
    "专业三支部",
    "第一中学党总支",
    "机关第一党支部",
    "后勤一支部",
]


@each_row(
    ("written", "name"),
    [
        ("专业三", "专业三支部"),
        ("三支部", "专业三支部"),
        ("第三党支部", "专业三支部"),
        ("专业3支部", "专业三支部"),
        ("文科", "文科支部"),
        ("文科党支部", "文科支部"),
        ("第一中学", "第一中学党总支"),
        ("机关一支部", "机关第一党支部"),
        ("离退休支部", "离退休支部"),
        ("一支部", "一支部"),
    ],
)
def test_a_branch_is_known_by_its_short_forms_and_kept_as_written_otherwise(written: str, name: str) -> None:
    assert NameIndex.create(branches=BRANCHES).find_branch(written) == name


@each_row(("text", "name"), [("专三昨天支委会5人", "专业三支部"), ("理科11.18主题党日22人", "理科支部")])
def test_a_short_form_that_leads_to_one_branch_needs_no_alias(text: str, name: str) -> None:
    names = NameIndex.create(branches=BRANCHES)
    assert read_message(text, now=NOW, names=names).records[0].branch == name


def test_a_short_form_inside_another_word_is_no_branch() -> None:
    names = NameIndex.create(branches=BRANCHES)
    assert read_message("昨天支委会研究理科楼改造，5人", now=NOW, names=names).records[0].branch is None


def test_an_alias_leads_where_the_register_says() -> None:
    names = NameIndex.create(branches=BRANCHES, aliases={"老干部": "后勤一支部"})
    assert read_message("老干部昨天支委会5人", now=NOW, names=names).records[0].branch == "后勤一支部"


@each_row("activity", ACTIVITIES, ids=lambda activity: activity.name)
def test_every_name_and_alias_is_found_as_its_activity(activity: Activity) -> None:
    for word in (activity.name, *activity.aliases):
        (found,) = EMPTY.find_names(word)
        assert (found.kind, found.names) == (Kind.ACTIVITY, (activity.name,))


@each_row(
    ("slip", "name"),
    [
        ("主题党曰", "主题党日"),
        ("主题当日", "主题党日"),
        ("住题党日", "主题党日"),
        ("支尾会", "支部委员会"),
        ("支部大会", "支部党员大会"),
        ("组织生或会", "组织生活会"),
        ("民主平议", "民主评议党员"),
        ("黨員大會", "支部党员大会"),
        ("換屆選舉", "换届选举"),
    ],
)
def test_slips_and_old_characters_still_name_the_activity(slip: str, name: str) -> None:
    assert read_message(f"昨天{slip}开了，20人", now=NOW).records[0].requirement == name


def test_no_slip_of_one_activity_is_the_name_of_another_and_none_is_good_chinese() -> None:
    strong, weak = create_vocabulary()
    for activity in ACTIVITIES:
        for word in (activity.name, *activity.aliases):
            assert strong[word] == (activity.name,)
    assert not strong.keys() & weak.keys()
    assert not {"当日活动", "小组汇报", "全体党员回顾"} & strong.keys()


def test_a_requirement_of_the_register_takes_over_the_words_of_a_built_in_activity() -> None:
    names = NameIndex.create(requirements=[("支部主题党日活动", ["主题党日"]), ("安全例会", ["安全碰头会"])])
    assert read_message("昨天主题当日22人", now=NOW, names=names).records[0].requirement == "支部主题党日活动"
    assert read_message("昨天安全碰头会开了，22人", now=NOW, names=names).records[0].requirement == "安全例会"


def test_the_size_of_a_branch_is_used_only_where_all_were_there() -> None:
    names = NameIndex.create(branches=BRANCHES, members={"理科支部": 26})
    (event,) = read_message("理科支部11.18主题党日，全体党员参加", now=NOW, names=names).records
    assert (event.present, event.expected, event.absent) == (26, 26, 0)
    assert {"present", "expected"} <= set(event.assumed)
    (event,) = read_message("理科支部11.18主题党日，22人参加", now=NOW, names=names).records
    assert (event.present, event.expected) == (22, None)
