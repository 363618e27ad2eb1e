"""Numbers of people: what each counts, and how two of them give the third."""

from handlers.reading.attendance.counts import find_counts
from handlers.reading.attendance.read import Attendance, read_attendance
from handlers.reading.types import DoubtKind
from tests.tables import each_row


def attendance(text: str, *, bare: bool = False, size: int | None = None) -> Attendance:
    """The attendance of a folded text."""
    return read_attendance(text, find_counts(text, bare=bare), size=size)


@each_row(
    ("text", "present", "expected", "absent"),
    [
        ("应到25,实到23", 23, 25, 2),
        ("到18,请假2", 18, 20, 2),
        ("应到26,请假2", 24, 26, 2),
        ("应到二十五人,实到二十三人", 23, 25, 2),
        ("5人全到", 5, 5, 0),
        ("5个委员全到", 5, 5, 0),
        ("30人里来了27,缺的3个都请过假", 27, 30, 3),
        ("23人到了22个", 22, 23, 1),
        ("5到4 校长出差", 4, 5, 1),
        ("应25到23", 23, 25, 2),
        ("22/24", 22, 24, 2),
        ("应到/实到:25/23", 23, 25, 2),
        ("应到实到均为17人", 17, 17, 0),
        ("应到23实到21 缺2(1病假1外出培训)", 21, 23, 2),
        ("请假3人(病假2,事假1),到会20人", 20, 23, 3),
        ("应参会20人,病假1人,19人参加", 19, 20, 1),
        ("到了19个,两个出差一个带毕业班走不开", 19, 22, 3),
        ("应到28实到25,请假2,缺席1", 25, 28, 3),
        ("来了6个,老周请假", 6, 7, 1),
        ("老周、小李请假,到18", 18, 20, 2),
        ("无人请假,21人", 21, 21, 0),
        ("除2人请假外全部参加,应到20", 18, 20, 2),
        ("共有党员26人,到会24人", 24, 26, 2),
    ],
)
def test_two_numbers_give_the_third(text: str, present: int, expected: int, absent: int) -> None:
    read = attendance(text)
    assert (read.present, read.expected, read.absent) == (present, expected, absent)


@each_row(
    ("text", "present", "observers", "online"),
    [
        ("31名党员参加,入党积极分子3人列席", 31, 3, None),
        ("应到5人实到5人列席2人", 5, 2, None),
        ("实到20人(含积极分子2人)", 18, 2, None),
        ("线下18人线上5人共23人", 23, None, 5),
        ("实到22人(其中线上3人)", 22, None, 3),
        ("应到25 实到22 线上2 请假1", 24, None, 2),
        ("正式党员20人、预备党员2人参加", 22, None, None),
    ],
)
def test_observers_are_not_present_and_those_online_are(
    text: str, present: int, observers: int | None, online: int | None
) -> None:
    read = attendance(text)
    assert (read.present, read.observers, read.online) == (present, observers, online)


@each_row(
    "text",
    [
        "第3次",
        "3项议题",
        "301教室",
        "1250.5元",
        "研究发展对象2名",
        "讨论2名发展对象转正",
        "3个专题",
        "二十届四中全会",
        "选举产生委员5名",
        "服务群众100余人",
        "走访困难家庭8户",
        "八(2)班",
        "优秀8,合格17",
        "一对一",
        "28票同意",
    ],
)
def test_what_counts_other_things_is_no_attendance(text: str) -> None:
    read = attendance(text)
    assert (read.present, read.expected, read.absent, read.observers) == (None, None, None, None)


@each_row(
    ("text", "kind"),
    [
        ("40余名党员参加", DoubtKind.APPROXIMATE),
        ("约30人", DoubtKind.APPROXIMATE),
        ("20人左右", DoubtKind.APPROXIMATE),
        ("8/9", DoubtKind.BARE_NUMBERS),
        ("应到18实到20", DoubtKind.MORE_PRESENT_THAN_EXPECTED),
        ("应到25实到22请假2", DoubtKind.SUM),
        ("全体党员参加", DoubtKind.EVERYBODY),
    ],
)
def test_doubtful_numbers_say_why(text: str, kind: DoubtKind) -> None:
    assert kind in {doubt.kind for doubt in attendance(text).doubts if doubt.field == "present"}


def test_the_size_of_a_branch_completes_a_phrase_and_never_a_number() -> None:
    assert attendance("全员到齐", size=26).present == 26
    assert attendance("全体党员31人都参加了", size=26).present == 31


def test_a_naked_number_counts_only_where_it_answers() -> None:
    assert attendance("23").present is None
    assert attendance("23", bare=True).present == 23


def test_names_of_those_absent_are_counted_and_not_kept() -> None:
    read = attendance("王老师和李老师请假 到会15人")
    assert read.absent == 2
    assert "王" not in repr(read)
