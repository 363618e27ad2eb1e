"""Finds the numbers of people in a text and what each counts."""

import re
from typing import NamedTuple

from handlers.reading.attendance.labels import ABSENT, LABELS, ONTO, Label, find_strongest
from handlers.reading.text.folding import blank, compile_words, find_spans, list_spans
from handlers.reading.text.numbers import parse_integer
from handlers.reading.types import DoubtKind


class Count(NamedTuple):
    """One number of people.

    `unit`: 人, 名 … follows. `whole`: it counts everybody (全到). `inside`: it is a detail of an earlier
    number (in brackets, after 其中). `doubt`: why it is uncertain.
    """

    value: int
    start: int
    end: int
    label: Label | None = None
    unit: bool = False
    whole: bool = False
    inside: bool = False
    doubt: DoubtKind | None = None


_BOTH = {"俩": 2, "仨": 3}
_NUMBER = re.compile(
    r"(?=[\d近约大将接差超逾不至零〇一二两三四五六七八九十百廿卅壹贰叁肆伍陆柒捌玖拾佰俩仨])(?P<about>近|约|大约|大概|将近|接近|差不多|超过?|逾|不到|至少)?\s?"
    r"(?P<value>(?<![\d.第每这那A-Za-z])\d{1,5}(?![\d%])|(?<![第每这那零〇一二两三四五六七八九十百])[零〇一二两三四五六七八九十百廿卅壹贰叁肆伍陆柒捌玖拾佰]+|[俩仨])"
    r"(?:\s?(?P<more>[余多来几](?!了)))?(?:\s?(?P<unit>人(?!次|民币|才|物)|名(?![单称额义])|位(?![于置])|个|同志))?(?P<around>左右|上下)?"
)
_PAIR = re.compile(
    r"(?=[应实\d])(?:(?:应[到道]\s?[/、]?\s?实[到道]|实[到道]\s?[/、]?\s?应[到道])\s?(?:人数)?\s?[:为是]?\s?(?P<first>\d{1,4})人?\s?[/、,]\s?(?P<second>\d{1,4})"
    r"|应[到道]\s?[/、和,]?\s?实[到道]\s?(?:人数)?\s?[均都各同]?\s?[为是]?\s?:?\s?(?P<both>\d{1,4})(?!\s?[/\d])"
    r"|(?<![\d.])(?P<one>\d{1,3})\s?/\s?(?P<other>\d{1,3})(?![\d./]))"
)
# Follows a number that does not count people.
_THING = re.compile(
    r"(?:[届次项条章篇期元万千分点时节课学教室楼层班年级月号周票本份户家棵公里张部场套轮批组盘块斤米岁天日季%°:\-—]|/(?!\s?[应实])|\.\d|\(?\d*\)?班)"
)
_OBJECT = re.compile(
    r"[个名位人]?(?:小?时|钟头|月|小组|支部|总支|党委|学校|单位|部门|校区|专题|议题|议程|主题|方面|问题|案例|环节|步骤|阶段|星期|礼拜|学期|年级|班级|文件|视频(?!参|在|连|接|方)|片|"
    r"课时|学时|项目|事项|会|活动|教研|部分|章|篇|字|钟|季度|半天|多?小时|岗|点|亮点|方案|承诺|学生(?!党员)|家长|居民|孩子|幼儿|村民|困难|老党员)"
)
_SEPARATOR = compile_words(r"[,。;、()!?~和与及跟|/+] \n \x20 其(?=[余他]) 主要 围绕 传达 观看 内容")
_PAUSE = re.compile(r"$|[,。;\n)]")
_BETWEEN = " :=-—为是有约达都均各"
_ENDS = re.compile(
    r"$|[\s,。;、()!?~|/■]|[一二两三四五六七八九十\d]\s?[人名个位]|[都均全已里另还各没]|到(?=\s?[\d一二三四五六七八九十])|[实假缺到来](?=\s?[\d一二两三四五六七八九十])|其中|当中|中(?=来|到|有)|含|人|党员|委员|同志|老师|"
    + LABELS.pattern
)
_NONE = r"(?:人[员数])?\s?[:：为]?\s?(?:无|没有|0(?!\d)|零)"
NOBODY_ABSENT = compile_words(
    r"一[个人][都也]?[不没]有?[缺少落]下?席? 没有?缺的?(?![席勤\d]) "
    r"[无没]人?有?[欠缺拖]欠?[交缴]?的?(?=$|[,。;\s]) [无没零](?:有)?一?[人个]?(?:请假|缺席|缺勤|旷会)(?!的)",
    *(word + _NONE for word in ("请假", "缺席", "缺勤", "未到")),
    "无一人?(?:缺席|请假)",
)
_WHOLE = compile_words(
    r"全[到勤来交部员体都] 到齐 齐了 [都均](?:已经?)?[到来参交按] [都均]在(?=$|[,。;\s场]) 悉数 [收交]齐 "
    "无一 一个[都也]?[不没]有?[少缺落]"
)
SHARE = re.compile(
    r"(?P<of>[二三四五六七八九十]|\d{1,2})分之(?P<part>[一二三四五六七八九十]|\d{1,2})(?P<rough>以上|多|强|弱)?"
)
_INSIDE = compile_words(r"[()] 其中 里[面头](?=[有含,]) 当中有 包含(?!义) 含(?!义) 包括 [。;] \n")
_CLOSING = frozenset(")。;\n")


class _Gap(NamedTuple):
    """The labels between two numbers: `right` for the number before, `left` for the one after.

    `shared`: no separator stands between the numbers, so that both lists are the same.
    """

    right: list[re.Match[str]]
    left: list[re.Match[str]]
    shared: bool
    whole_before: bool
    whole_after: bool


def find_counts(text: str, *, bare: bool = False) -> list[Count]:
    """The numbers of people in folded text with dates, titles and activities blanked.

    In the order of the text.

    With `bare` a number needs neither unit nor label, as in the reply `23`.
    """
    pairs = _find_pairs(text)
    shares = find_spans(SHARE, text) if "分之" in text else []
    text = blank(text, [*list_spans(pairs), *find_spans(NOBODY_ABSENT, text), *shares])
    tokens = [match for match in _NUMBER.finditer(text) if _may_count(match, text)]
    if not tokens:
        return pairs
    gaps = _list_gaps(text, tokens)
    labels = _list_labels(gaps)
    inside = _list_inside(text, tokens)
    for at in range(len(tokens) - 1):
        if labels[at] in (None, Label.CAME) and _OF_WHOM.fullmatch(
            text, tokens[at].end(), tokens[at + 1].start()
        ):
            labels[at] = Label.EXPECTED
    counts = []
    for at, match in enumerate(tokens):
        leads = gaps[at + 1].shared and at + 1 < len(tokens) and labels[at + 1] in (Label.CAME, Label.PRESENT)
        if (
            labels[at]
            or leads
            or bare
            or match["unit"] not in (None, "个")
            or _is_separate_count(match, text)
        ):
            within = inside[at] or bool(_WITHIN.match(text, match.end()))
            counts.append(
                _create_count(match, labels[at], within, gaps[at].whole_after or gaps[at + 1].whole_before)
            )
    return sorted([*pairs, *counts], key=lambda count: count.start)


# 2个预备党员也算在里头: part of an earlier number.
_WITHIN = re.compile(r"[^,。;\n]{0,8}在(?:里|内)")
# 45个人里头3个没来, 32个党员缺了4个: the first number is the total of which the second is a part.
_OF_WHOM = re.compile(r"(?:党员|同志|委员|人)?(?:[里当]头?中?|里面)(?:有)?|(?:党员|同志|委员|老师|人)缺了")


def _find_pairs(text: str) -> list[Count]:
    """Pairs of expected and present: 应到/实到 25/23, 应到实到均为17, and 23/25, perhaps a date."""
    counts = []
    for match in _PAIR.finditer(text) if "/" in text or "应" in text else ():
        first, second = (
            int(match["first"] or match["one"] or match["both"]),
            int(match["second"] or match["other"] or match["both"]),
        )
        present, expected = sorted((first, second))
        doubt = DoubtKind.BARE_NUMBERS if match["one"] else None
        counts += [
            Count(expected, *match.span(), Label.EXPECTED, doubt=doubt),
            Count(present, *match.span(), Label.PRESENT, doubt=doubt),
        ]
    return counts


_LISTING = re.compile(r"(?:^|(?<=[\s。;]))\S{1,3}、(?=[一-龥])")


def _may_count(match: re.Match[str], text: str) -> bool:
    """Whether a match is a number that may count people, judging by what follows."""
    if _parse_value(match) is None or (not match["unit"] and _LISTING.match(text, match.start("value"))):
        return False
    if match["unit"]:
        return not _OBJECT.match(text, match.start("unit"))
    return not _THING.match(text, match.end("value")) and bool(_ENDS.match(text, match.end("value")))


def _parse_value(match: re.Match[str]) -> int | None:
    value = match["value"]
    return int(value) if value.isdecimal() else _BOTH.get(value) or parse_integer(value)


def _is_separate_count(match: re.Match[str], text: str) -> bool:
    return match["unit"] == "个" and bool(_ENDS.match(text, match.end()))


def _create_count(match: re.Match[str], label: Label | None, inside: bool, whole: bool) -> Count:
    rough = match["about"] or match["more"] or match["around"]
    return Count(
        value=_parse_value(match) or 0,
        start=match.start("value"),
        end=match.end(),
        label=label,
        unit=bool(match["unit"]),
        whole=whole and label not in ABSENT,
        inside=inside,
        doubt=DoubtKind.APPROXIMATE if rough else None,
    )


def _list_gaps(text: str, tokens: list[re.Match[str]]) -> list[_Gap]:
    whole = _WHOLE.search(text) is not None
    edges = [0, *(edge for match in tokens for edge in match.span()), len(text)]
    return [_split_gap(text, edges[at], edges[at + 1], whole=whole) for at in range(0, len(edges), 2)]


def _split_gap(text: str, start: int, end: int, *, whole: bool) -> _Gap:
    """The labels in [start, end), split at the first and at the last separator."""
    numbered_before, numbered_after = start > 0, end < len(text)
    if (
        text.startswith(" ", start, end)
        and (label := LABELS.match(text, start + 1))
        and _PAUSE.match(text, label.end())
    ):
        start += 1
    stop = end
    while end > start and text[end - 1] in _BETWEEN:
        end -= 1
    if end < stop and text[end] == " " and _SPOKE.search(text, start, end):
        end = stop
    cuts = [match.start() for match in _SEPARATOR.finditer(text, start, end)]
    if not cuts:
        both = list(LABELS.finditer(text, start, end))
        whole = whole and bool(_WHOLE.search(text, start, end))
        return _Gap(both, both, True, whole, whole)
    first, last = cuts[0], cuts[-1] + 1
    return _Gap(
        list(LABELS.finditer(text, start, first)) if numbered_before else [],
        list(LABELS.finditer(text, last, end)) if numbered_after else [],
        False,
        whole and bool(_WHOLE.search(text, start, first)),
        whole and bool(_WHOLE.search(text, last, end)),
    )


_SPOKE = re.compile(r"发言$")
"""三位支委发言 20人: behind it a space separates the two numbers."""


def _list_labels(gaps: list[_Gap]) -> list[Label | None]:
    """The label of each number: from the words before it, or else from those after it.

    Words between two numbers without a separator (`20人请假2` against `1人病假1人事假`) go to the one
    before only when the last number of such a chain has words of its own behind it.
    """
    size = len(gaps) - 1
    led = [False] * (size + 1)
    for at in range(size - 1, -1, -1):
        after = gaps[at + 1]
        led[at] = bool(after.right) and (
            not after.shared or at + 1 == size or len(after.right) > 1 or led[at + 1]
        )
    labels: list[Label | None] = []
    used = 0
    for at in range(size):
        before = [match for match in gaps[at].left if match.start() >= used]
        if not before and led[at]:
            after = gaps[at + 1]
            before = after.right[:1] if after.shared and at + 1 < size else after.right
            used = before[-1].end()
            before = [match for match in before if match[0] not in ONTO]
        label, after = find_strongest(before), gaps[at + 1]
        if (
            label is Label.CAME
            and (not after.shared or at + 1 == size)
            and find_strongest(after.right) is Label.OBSERVERS
        ):
            label = Label.OBSERVERS  # 来了2位同志列席
        labels.append(label)
    return labels


def _list_inside(text: str, tokens: list[re.Match[str]]) -> list[bool]:
    """Whether each number stands in brackets or after 其中."""
    marks = [(match.start(), match[0] not in _CLOSING) for match in _INSIDE.finditer(text)]
    states, at, state = [], 0, False
    for match in tokens:
        while at < len(marks) and marks[at][0] < match.start("value"):
            state = marks[at][1]
            at += 1
        states.append(state)
    return states
