"""Reads labelled fields: `地点：阶梯教室`, one a line or several in one."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from handlers.reading.text.folding import compile_words


class RecordText(NamedTuple):
    """One record's part of a message, in three versions of the same length.

    `text` is as written, `folded` in one spelling, `masked` the folded text with dates, times, activities,
    titles and counts blanked.
    """

    text: str
    folded: str
    masked: str

    def get_words(self, start: int, end: int) -> str | None:
        """The words as written without the marks around them; None if nothing is left."""
        return _EDGES.sub("", self.text[start:end]) or None


class FieldSpan(NamedTuple):
    """The span of a field's value."""

    start: int
    end: int


LabelledFields = Mapping[str, FieldSpan]


_EDGES = re.compile(
    r"^(?:[\s:：,，、。;；.\-—=）)】\]的了■]+|(?:是|为|在)(?=\S\S))+|[\s:：,，、。;；.\-—=（(【\[!！~～■]+$"
)
_WORDS = {
    "branch": "填报支部 上报支部 汇报支部 所在支部 支部名称 党支部 党组织 支部 填报单位 上报单位 报送单位 "
    "单位",
    "place": "会议地点 活动地点 地点 地址 场地 场所",
    "host": "主持人 主持者 主持 主讲人 主讲 授课人 讲课人 领学人 召集人",
    "topic": "会议主题 活动主题 学习主题 研讨主题 党课主题 党课题目 主题 会议议题 主要议题 议题 会议内容 "
    "活动内容 学习内容 主要内容 内容 题目 议程 课题",
    # These only end the value of the label before them.
    "stop": "会议名称 活动名称 名称 会议类型 活动类型 类型 类别 事项 会议时间 活动时间 时间 日期 参加人员 "
    "参会人员 出席人员 参加人数 参会人数 人数 参加对象 应到 实到 到会 参会 出席 列席人员 列席 请假 缺席 缺勤 "
    "记录人 记录 备注 照片 附件 线上 线下",
}
_HEADS = "".join(sorted({word[0] for words in _WORDS.values() for word in words.split()}))
_LABEL = re.compile(
    f"(?=[{_HEADS}])(?:"
    + "|".join(f"(?P<{name}>{'|'.join(words.split())})" for name, words in _WORDS.items())
    + ")"
)
_FIELD = compile_words(*(words for name, words in _WORDS.items() if name != "stop"))
_BEFORE = re.compile(r"(?:^|[\s,。;、()【】|■=])(?:[一二三四五六七八九十\d]{1,2}[、.)])?\s?【?$")
# Makes a label of the word before it; a correction may stand between label and value.
_COLON = re.compile(
    r"】?\s?(?:(?:写|填|报|打|搞|弄)?错了?|不对|有误)?[,\s]?(?:应该?[是为]|改[成为]|更正为|[是为])?\s?:?"
)
_ALWAYS = {
    "会议地点",
    "活动地点",
    "地点",
    "主持人",
    "应到",
    "实到",
    "请假",
    "缺席",
    "列席",
    "时间",
    "会议时间",
}
_REACH = 6
_END = re.compile(r"[\n。;]")
_PAUSE = re.compile(r"[ ,\n]")


def read_fields(record: RecordText) -> LabelledFields:
    """The first field of each name.

    A value ends before the next label, at a full stop or at the end of the line.
    """
    text = record.masked
    if not _FIELD.search(text):
        return {}
    labels = [
        (begin, match)
        for match in _LABEL.finditer(text)
        if (begin := _find_label_start(match, text)) is not None
    ]
    ends = [*(begin for begin, _ in labels[1:]), len(text)]
    fields: dict[str, FieldSpan] = {}
    for (begin, match), end in zip(labels, ends, strict=False):
        name = match.lastgroup or "stop"
        if name != "stop" and name not in fields:
            fields[name] = _find_value(record, begin, match, end)
    return fields


def _find_label_start(match: re.Match[str], text: str) -> int | None:
    """Where a label with its number and bracket begins; None where the word is no label."""
    window = max(0, match.start() - _REACH)
    before = _BEFORE.search(text[window : match.start()])
    colon = _COLON.match(text, match.end())
    stated = match[match.lastgroup or 0] in _ALWAYS or (colon and colon[0].strip(" 】,"))
    numbered = before and before[0].endswith(("、", ".", ")")) and text.startswith(" ", match.end())
    return window + before.start() if before and (stated or numbered) else None


def _find_value(record: RecordText, begin: int, match: re.Match[str], limit: int) -> FieldSpan:
    colon = _COLON.match(record.masked, match.end())
    start = colon.end() if colon else match.end()
    while start < limit and record.folded[start] == " ":
        start += 1
    if stop := _END.search(record.folded, start, limit):
        limit = stop.start()
    # On a line of its own a value may hold spaces and commas; beside others it ends at the first.
    own_line = begin == 0 or record.folded[begin] == "\n"
    own_line = own_line and ":" not in record.folded[start:limit]
    if not own_line and (pause := _PAUSE.search(record.folded, start, limit)):
        limit = pause.start()
    return FieldSpan(start, limit)
