"""Reads the attendance of one record: completes and checks its numbers."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handlers.reading.attendance.counts import NOBODY_ABSENT, SHARE, Count
from handlers.reading.attendance.labels import Label
from handlers.reading.text.folding import Span, compile_words
from handlers.reading.text.numbers import parse_integer
from handlers.reading.types import Doubt, DoubtKind

SURNAMES = (
    "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方任袁柳史唐薛雷贺汤罗毕郝安常于傅康伍余顾孟黄穆萧尹姚邵汪毛狄戴宋庞熊纪舒"
    "项祝董梁杜阮蓝闵席季贾路江童颜郭梅林钟徐邱骆高夏蔡田樊胡霍万卢莫房丁邓洪包左石崔吉龚程邢裴陆翁曲段侯宁武刘景龙叶白赖乔谭"
)
_ROLE = r"(?:副?校长|副?书记|副?主任|副?园长|副?局长|副?主席|副?组长|[一-龥]{2}委员|会计|老师|主席)"
_PERSON = (
    rf"(?:[老小大阿][{SURNAMES}]|[{SURNAMES}]{_ROLE}|[{SURNAMES}][某一-龥]{{1,2}}?|{_ROLE})(?:同志|老师)?"
)
_AWAY = compile_words(
    r"请[假价] 病假 事假 产假 公差 出差 公出 外出 没[能有]?[来到] 未到 缺[席勤] 住院 值班 培训 开会 "
    r"有事 有课 生病 走不开 带\S{0,4}[班队] 监考 休假"
)
_NAMED_ABSENT = re.compile(
    rf"(?:^|[,。;\n (■:])(?:其中|只有|就|除了?|除|仅)?(?P<who>{_PERSON}(?:[、和与及,]\s?{_PERSON}){{0,5}})"
    rf"(?:[一两二三四五六]人|[俩仨])?(?:都|均|因|有事|临时|今天|当天|在|去|要|正|刚好){{0,2}}[一-龥]{{0,4}}?(?:{_AWAY.pattern})"
)
_MISSED = re.compile(
    rf"缺席?的?[是为]?:?\s?(?P<who>{_PERSON}(?:[、和与及,]\s?{_PERSON}){{0,5}})(?=[,。;\s)]|$)"
)
_AND = re.compile(r"[、和与及,]")
_EVERYBODY = compile_words(
    r"全勤 满勤 全员 都[交缴] 到齐 悉数[到参] 一个[不没都也]+有?[少缺落] [收交][齐全] "
    r"[都均]在(?=$|[,。;\s场线]) 全部?(?:[到来](?:齐|会|场|了)?|上线)(?!位) 全部(?:参[加会]|出席) "
    r"全部?[交缴] "
    r"全体(?:党员|同志|人员|成员|委员|教师党员|班子成员)?(?=[^,。;\n]{0,24}(?:参[加会与评]|到|出席|按时|完成))",
    *(who + r"(?:已经?)?(?:到|来|参加|出席)[齐了会场全]" for who in ("人都", "全都?", "都", "均")),
    *(
        those + r"(?:人员|对象)\s?:\s?全[体部](?![\s\S]*?[应实][到道])"
        for those in ("参加", "参会", "出席", "到会")
    ),
)
_ALL_BUT = re.compile(r"除[^,。\n]{1,20}[外,]|其[余他]")


class Attendance(NamedTuple):
    """The attendance of one record, as far as it is stated or can be inferred.

    `inferred` names the fields that were not stated. `stated`: the text counts people at all. `everybody`: it
    says that all attended. `spans` are the numbers that were read.
    """

    present: int | None = None
    expected: int | None = None
    absent: int | None = None
    observers: int | None = None
    online: int | None = None
    inferred: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    stated: bool = False
    everybody: bool = False
    spans: tuple[Span, ...] = ()


NOBODY_COUNTED = Attendance()


def read_attendance(
    text: str, counts: Sequence[Count], *, offset: int = 0, size: int | None = None
) -> Attendance:
    """The attendance in folded text with dates, activities and titles blanked.

    `counts` are its numbers, with offsets that are `offset` too large. `size` is the number of members of the
    branch: it completes 全体党员参加 and never overrides what is stated.
    """
    counts = [count for count in counts if count.label is not Label.NOISE]
    absent, possible = _find_absent(counts, text)
    everybody = bool(_EVERYBODY.search(text)) or any(count.whole for count in counts)
    everybody = everybody and not absent and not _ALL_BUT.search(text)
    if not counts and absent is None and not everybody:
        return NOBODY_COUNTED
    present, expected = _find_present_and_expected(counts)
    attendance = Attendance(
        present=present.value if present else None,
        expected=expected.value if expected else None,
        absent=0 if everybody else absent,
        doubts=(*_list_doubts("present", present), *_list_doubts("expected", expected)),
        stated=True,
        everybody=everybody,
        spans=tuple((count.start - offset, count.end - offset) for count in counts),
    )
    if everybody:
        attendance = _add_everybody(attendance, size)
    elif absent and not (present or expected) and _EVERYBODY.search(text):
        attendance = _add_all_but(attendance, absent, size)
    attendance = _add_observers(_add_online(attendance, counts, text), counts)
    if "分之" in text:
        attendance = _add_share(attendance, text)
    return _add_third_number(attendance, possible)


_CAME = re.compile(r"[^,。;\n\d]{0,6}?(?:到|参|出席|来)")


def _add_share(attendance: Attendance, text: str) -> Attendance:
    """三分之二到会，20人参加: the share gives the missing number, if it is a whole one."""
    share = SHARE.search(text)
    if not share or share["rough"] or attendance.absent is not None or not _CAME.match(text, share.end()):
        return attendance
    of, part = parse_integer(share["of"]) or 0, parse_integer(share["part"]) or 0
    if not 0 < part < of:
        return attendance
    if attendance.present is not None and attendance.expected is None and attendance.present * of % part == 0:
        doubts = (*attendance.doubts, Doubt("expected", DoubtKind.INFERRED))
        return attendance._replace(expected=attendance.present * of // part, doubts=doubts)
    if (
        attendance.expected is not None
        and attendance.present is None
        and attendance.expected * part % of == 0
    ):
        doubts = (*attendance.doubts, Doubt("present", DoubtKind.INFERRED))
        return attendance._replace(present=attendance.expected * part // of, doubts=doubts)
    return attendance


def _list_labelled(counts: Iterable[Count], *labels: Label | None) -> list[Count]:
    return [count for count in counts if count.label in labels]


def _find_present_and_expected(counts: list[Count]) -> tuple[Count | None, Count | None]:
    """The counts of those present and expected; None where there is none.

    Present is the first of: 实到, 线下 plus 线上, 参加, a total, a bare number.

    A larger number that stands before those present (30人里来了27) was expected.
    """
    outer = [count for count in counts if not count.inside] or counts
    counted = (
        _list_labelled(outer, Label.PRESENT) or _list_onsite(counts) or _add_probation(outer, Label.CAME)
    )
    present = next(iter(counted or _list_labelled(outer, Label.TOTAL) or _add_probation(outer, None)), None)
    expected = next(iter(_list_labelled(counts, Label.EXPECTED)), None)
    if counted and present and not expected:
        before = (
            count
            for count in (*_list_labelled(outer, None), *_list_labelled(outer, Label.TOTAL))
            if count.start < present.start and count.value >= present.value
        )
        expected = next(before, None)
        if expected and expected.label is Label.TOTAL and _list_labelled(outer, Label.ONSITE):
            expected = None
    return present, expected


def _list_onsite(counts: list[Count]) -> list[Count]:
    online = sum(count.value for count in _list_labelled(counts, Label.ONLINE))
    doubt = DoubtKind.SUM if online else None
    return [
        count._replace(value=count.value + online, doubt=count.doubt or doubt)
        for count in _list_labelled(counts, Label.ONSITE)
    ]


def _add_probation(outer: list[Count], label: Label | None) -> list[Count]:
    """The numbers with a label, each with the 预备党员 named beside it added."""
    probation = _list_labelled(outer, Label.PROBATION)
    added = sum(count.value for count in probation)
    labelled = _list_labelled(outer, label)
    return [count._replace(value=count.value + added) for count in labelled] or ([] if label else probation)


def _find_absent(counts: list[Count], text: str) -> tuple[int | None, set[int]]:
    """The likeliest number of absent people, and all numbers that the words allow.

    请假2（病假1，事假1） are two, 请假2、缺席1 three; 病假 and 事假 may be parts of 请假 or stand beside it.
    """
    away = _list_labelled(counts, Label.LEAVE, Label.MISSING, Label.REASON)
    if not away:
        named = _list_named_absent(text)
        absent = len(named) or (0 if NOBODY_ABSENT.search(text) else None)
        return absent, set()
    away = [count for count in away if not count.inside] or away
    leave, missing, reasons = (
        sum(count.value for count in _list_labelled(away, label))
        for label in (Label.LEAVE, Label.MISSING, Label.REASON)
    )
    total = leave + missing + reasons
    if total == 2 * max(leave, missing, reasons):
        total //= 2
    return total, {
        total,
        leave + missing or total,
        missing or total,
        leave or total,
        leave + missing + reasons,
    }


def _list_named_absent(text: str) -> list[str]:
    """People named as absent: 老周请假, 校长出差. Used for counting only, names are not stored."""
    matches = list(_NAMED_ABSENT.finditer(text)) if _AWAY.search(text) else []
    if not matches and "缺" in text:
        matches = list(_MISSED.finditer(text))
    return [person for match in matches for person in _AND.split(match["who"]) if person]


def _list_doubts(field: str, count: Count | None) -> tuple[Doubt, ...]:
    return (Doubt(field, count.doubt),) if count and count.doubt else ()


def _add_everybody(attendance: Attendance, size: int | None) -> Attendance:
    """全员到齐: one number gives the other; without any, the branch's size gives both."""
    number = next((value for value in (attendance.expected, attendance.present) if value is not None), None)
    if number is None:
        doubts = (Doubt("present", DoubtKind.EVERYBODY), Doubt("expected", DoubtKind.EVERYBODY))
        return attendance._replace(present=size, expected=size, doubts=attendance.doubts + doubts)
    return attendance._replace(
        present=number if attendance.present is None else attendance.present,
        expected=attendance.expected or number,
    )


def _add_all_but(attendance: Attendance, absent: int, size: int | None) -> Attendance:
    """除3人监考外全部参加: the branch's size gives the rest."""
    doubts = (
        *attendance.doubts,
        Doubt("present", DoubtKind.EVERYBODY),
        Doubt("expected", DoubtKind.EVERYBODY),
    )
    if size is None or size < absent:
        return attendance._replace(doubts=doubts)
    return attendance._replace(present=size - absent, expected=size, doubts=doubts)


_ON = r"上?的?(?:方式|形式|平台)?(?:召?开|举行|进行|学习?|上)(?!会)"
_HELD_ONLINE = compile_words(
    "全[部员都]?上线",
    *(where + _ON for where in ("线上", "网上", "云端")),
    *(where + "(?:会议)?" + _ON for where in ("腾讯", "视频", "钉钉", "网络")),
)


def _add_online(attendance: Attendance, counts: list[Count], text: str) -> Attendance:
    """Count those online among those present, unless the sums show them as separate.

    应到25 实到22 线上2 请假1 adds up only with 24 present.
    """
    online = _list_labelled(counts, Label.ONLINE)
    if not online:
        all_online = (
            attendance.present is not None
            and _HELD_ONLINE.search(text)
            and not _list_labelled(counts, Label.ONSITE)
        )
        return attendance._replace(online=attendance.present) if all_online else attendance
    total = sum(count.value for count in online)
    attendance = attendance._replace(online=total)
    if attendance.present is None:
        return attendance._replace(present=total)
    if _list_labelled(counts, Label.ONSITE) or all(count.inside for count in online):
        return attendance
    together = attendance.present + total
    apart = total > attendance.present or (
        attendance.expected is not None and attendance.expected - (attendance.absent or 0) == together
    )
    doubts = (*attendance.doubts, Doubt("present", DoubtKind.SUM))
    return attendance._replace(present=together if apart else attendance.present, doubts=doubts)


def _add_observers(attendance: Attendance, counts: list[Count]) -> Attendance:
    """Count observers apart from those present: 实到20（含积极分子2）are 18."""
    observers = _list_labelled(counts, Label.OBSERVERS)
    outer = [count for count in observers if not count.inside]
    if not observers:
        return attendance
    total = sum(count.value for count in outer or observers)
    attendance = attendance._replace(observers=total)
    if attendance.present is None or attendance.present <= total:
        return attendance
    too_many = attendance.expected is not None and attendance.present > attendance.expected
    if not too_many and (outer or observers[0].start < _find_first_start(counts)):
        return attendance
    return attendance._replace(
        present=attendance.present - total, doubts=(*attendance.doubts, Doubt("present", DoubtKind.SUM))
    )


def _find_first_start(counts: list[Count]) -> int:
    return min(count.start for count in counts)


def _add_third_number(attendance: Attendance, possible: set[int]) -> Attendance:
    """Infer the third of expected, present and absent from two of them.

    Three that do not add up are all in doubt.
    """
    present, expected, absent = attendance.present, attendance.expected, attendance.absent
    if expected is not None and present is not None:
        if expected - present in possible or (absent is None and expected >= present):
            inferred = ("absent",) if absent is None else ()
            return attendance._replace(absent=expected - present, inferred=inferred)
        if present > expected:
            return _add_doubts(attendance, DoubtKind.MORE_PRESENT_THAN_EXPECTED)
        return attendance if expected - present == absent else _add_doubts(attendance, DoubtKind.SUM)
    if absent is None:
        return attendance
    if present is not None:
        return attendance._replace(expected=present + absent, inferred=("expected",))
    if expected is not None and expected >= absent:
        return attendance._replace(present=expected - absent, inferred=("present",))
    return attendance


def _add_doubts(attendance: Attendance, kind: DoubtKind) -> Attendance:
    doubts = tuple(Doubt(field, kind) for field in ("present", "expected", "absent"))
    return attendance._replace(doubts=attendance.doubts + doubts)
