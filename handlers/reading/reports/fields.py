"""Finds the other fields of one record: topic, place, host, quantity, branch as written."""

import re

from handlers.reading.attendance.read import SURNAMES
from handlers.reading.reports.labelled_lines import LabelledFields, RecordText
from handlers.reading.text.folding import compile_words
from handlers.reading.text.numbers import parse_integer

_ROOM = (
    r"会议室|教室|活动室|多功能厅|报告厅|礼堂|操场|办公室|图书[馆室]|阅览室|食堂|餐厅|党建室|党员之家|党员e?家|党群服务中心|阵地|"
    r"广场|公园|纪念[馆园碑]|陵园|博物馆|展览馆|展馆|科技馆|文化馆|美术馆|体育馆|"
    r"活动中心|服务中心|教育中心|接待室|谈话室|谈心室|议事室|基地|旧址|故居|会址|校史馆|录播室|机房|实验室|会堂|展厅|大厅|"
    r"书屋|书吧|书院|敬老院|福利院|养老院|光荣院|景区|党校|讲堂|剧院|影院|影城|宣誓墙|文化墙|长廊|"
    r"[一-龥]{1,5}室(?!内|友)|[教行综实办艺科图]\S楼|[东西南北前后主]楼|\d{1,2}楼|[一二三四五六七八九十]楼|门厅|室内|校门口"
)
_OUTSIDE = (
    r"社区|街道|村|小区|[一-龥]{0,3}站|路口|集市|市场|超市|企业|工厂|公司|法院|检察院|监狱|看守所|学校|小学|中学|幼儿园|局|医院|消防站|学院|大学|"
    r"[一-龥]{2,10}?[馆园院厂碑墓]|家中|家里|结对校"
)
_CLASS = (
    r"[初高小]?[一二三四五六七八九\d]{1,3}(?:年级)?[(（]?[一二三四五六七八九十\d]{1,2}[)）]?班|[1-9]\d{2}班"
)
_VERB = (
    r"(?:集中|组织|隆重|如期|成功|共同|联合|主持)?(?:召开|开展|举行|举办|组织|进行|开了?|搞了?|办了|过了|学习|学了|观看|收看|看了|讨论|研究|听|上|讲|给|为|参加|"
    r"交纳|缴纳|召集|以|与|和|,|。|;|\s|$|■)"
)
_IN_PLACE = re.compile(rf"(?:在|于)(?P<place>[^,。;\n在于■]{{2,20}}?)(?={_VERB})")
_NO_PLACE = re.compile(
    r"(?:下|中|上|后|前|时|期间|之际|精神|会上|工作|同志|书记|党员|带动|引领|方面|主持|职)$|^(?:此|这|线|校|岗|家)$"
)
_TO_PLACE = re.compile(
    rf"(?:前往|奔赴|赴|齐聚|深入|走进|来到|去往|去了?|到(?:了(?=[一-龥]))?|参观了?|走访)(?!会|了|场|齐|位|\d+[人名])(?P<place>[^,。;\n■到去]{{0,14}}?"
    rf"(?:{_ROOM}|{_OUTSIDE}|{_CLASS}))(?!长|书记|党|会)"
)
_BARE_PLACE = re.compile(
    rf"(?:^|(?<=[\s,。;、()■:和与]))(?P<place>[一-龥\w#号·]{{0,10}}?(?:{_ROOM})(?:\d{{2,4}}室?)?|{_CLASS})"
    r"(?=$|[\s,。;、()■和与!]|(?:召|举|集|组织|开|[应实][到道参]|参加|到会|来了|共■))"
)
_NUMBERED_ROOM = re.compile(r"(?<![\d.])(?P<place>[一-龥]{0,6}\d{3,4}(?:会议|教|办公)?室)")
_LEADING = re.compile(r"^(?:在|于|地点|去|到|了|会议(?!室)|活动(?!室|中心)|本次|集中|大家|全体党员)(?=\S{2})")
_PLACE_NEEDED = re.compile(r"[室堂厅馆园碑墓校学院厂社街村区局站楼家心场地居址廊墙屋吧班长在于口处]")
_CLASS_VISITED = re.compile(rf"(?:听了?|[到去给为])(?P<place>{_CLASS})")
_PLACES = (_IN_PLACE, _NUMBERED_ROOM, _TO_PLACE, _CLASS_VISITED, _BARE_PLACE)


def find_places(record: RecordText, labelled: LabelledFields) -> list[str]:
    """The places where it was held; both of two side by side (小会议室和阶梯教室)."""
    if stated := _get_field(record, labelled, "place"):
        return [stated]
    if not _PLACE_NEEDED.search(record.masked):
        return []
    for pattern in _PLACES:
        spans = [
            match.span("place")
            for match in pattern.finditer(record.masked)
            if not _NO_PLACE.search(match["place"])
            and (pattern is not _IN_PLACE or _is_place(record.masked, match.end("place")))
        ]
        if spans:
            return [place for span in spans if (place := _get_place(record, *span))]
    return []


_PAUSED = re.compile(r"$|[,。;\s]")
_PLACE_END = re.compile(
    r"[室堂厅馆园碑墓校学院厂社街村区局站楼家地居址廊墙屋吧班口处场城县镇市库岗道路边外\d]$|会议$|中心$|广场$"
)


def _is_place(masked: str, end: int) -> bool:
    """Whether the words behind 在 are a place: a verb follows, or they end like one."""
    return not _PAUSED.match(masked, end) or bool(_PLACE_END.search(masked, end - 2, end))


def _get_place(record: RecordText, start: int, end: int) -> str | None:
    while lead := _LEADING.match(record.folded[start:end]):
        start += lead.end()
    return record.get_words(start, end)


def _get_field(record: RecordText, labelled: LabelledFields, name: str) -> str | None:
    field = labelled.get(name)
    return record.get_words(field.start, field.end) if field else None


_TITLE = re.compile(r"《(?P<title>[^《》\n]{1,60})》")
_QUOTED = re.compile(r"[“\"](?P<title>[^“”\"\n]{3,40})[”\"]")
_NO_TOPIC = re.compile(
    r"^(?:三会一课|一对一|一肩挑|两优一先|学习强国|五星|四个|双减|第一议题|主题党日\+?|三会|七一)$"
)
_ABOUT = re.compile(
    r"(?:学习(?!强国)(?:贯彻|传达|宣传|领会|了)*|传达学习|学(?![校生员期习科区年段院术历时分雷])了?|研究(?!生|院)了?|"
    r"讨论(?<!专题讨论)了?|观看了?|看(?![望到来见])了?|收看了?|围绕|传达|重温|审议|部署|通报|交流(?!研讨)|诵读|宣讲|"
    r"专题研究|缅怀)(?P<topic>[^,。;\n\s■!?]{2,40})"
)


def find_topic(record: RecordText, labelled: LabelledFields) -> str | None:
    """The topic: a labelled field, a title in 《》, a quotation, or what follows 学习, 讨论 …"""
    if stated := _get_field(record, labelled, "topic"):
        return _get_inner_title(stated)
    if titles := _TITLE.findall(record.text):
        return "、".join(dict.fromkeys(titles))
    quoted = [m["title"] for m in _QUOTED.finditer(record.text) if not _NO_TOPIC.match(m["title"])]
    if quoted:
        return quoted[0]
    if about := _ABOUT.search(record.masked):
        start, end = about.span("topic")
        return record.get_words(start, end)
    return None


def _get_inner_title(value: str) -> str:
    whole = re.fullmatch(r"[“”\"《](.+?)[“”\"》]", value)
    return whole[1] if whole else value


_RANK = (
    r"(?:副?书记|副?委员|副?组长|副?校长|副?主任|副?园长|副?局长|副?院长|副?处长|副?科长|副?部长|副?主席|老师|教师|教授|专家|"
    r"讲师|同志|负责人|党员|代表|指导员|会长)"
)
_WHO = (
    rf"[一-龥]{{0,12}}?{_RANK}(?:[{SURNAMES}][一-龥某]{{1,2}}?)?(?:同志|老师)?|[{SURNAMES}][一-龥某]{{1,2}}?"
)
_HOSTS = (
    re.compile(rf"(?:主讲人?|授课人?|讲课人?|主持人)\s?[是为:]?\s?(?P<who>{_WHO})"),
    re.compile(rf"由(?P<who>{_WHO})(?:同志)?(?:主持|主讲|讲|授|作|做|带领|领学|领誓|为|给|上|担任)"),
    re.compile(rf"(?:^|(?<=[\s,。;、()■:请]))(?P<who>{_WHO})(?:在[^,。;\n]{{2,16}}?)?(?:主持|主讲|领学)"),
    re.compile(rf"请的(?P<who>{_WHO})"),
    re.compile(r"■\s?:\s?(?P<who>[一-龥]{0,6}(?:书记|校长|园长|主任|委员|局长|院长|组长))(?=[,。;\s]|$)"),
    re.compile(
        rf"(?:^|(?<=[\s,。;、()■:由请]))(?P<who>{_WHO})■*(?:(?:在|[到去]|走进|深入)[^,。;\n]{{2,16}}?)?(?:[给为向][^,。;\n]{{1,14}}?)?"
        r"(?:讲(?!话|义|述|解)|上了?(?=[一■党专微廉题]|$)|[作做]了?(?=[一■党专微廉题]))"
    ),
)
_HOST_NEEDED = compile_words(r"主持 [讲授领做作上] 请的 带 ■\s?:")
_HOST_REACH, _HOST_WITHIN = 60, 400
"""The host is searched from so many characters before the first such word, within so many."""
_WHO_LEAD = re.compile(
    r"^(?:本次|这次|活动|会议|大会|邀请|特邀|请|由|我校|学校邀请|我园|是|今天|本学期|本月)(?=\S{2})"
)


def find_host(record: RecordText, labelled: LabelledFields) -> str | None:
    """Who chaired the meeting or gave the lecture."""
    if stated := _get_field(record, labelled, "host"):
        return stated
    needed = _HOST_NEEDED.search(record.masked)
    if not needed:
        return None
    first = max(0, needed.start() - _HOST_REACH)
    for pattern in _HOSTS:
        if match := pattern.search(record.masked, first, first + _HOST_WITHIN):
            start, end = match.span("who")
            while lead := _WHO_LEAD.match(record.folded[start:end]):
                start += lead.end()
            return record.get_words(start, end)
    return None


_QUANTITY = re.compile(
    r"(?=[\d半一二两三四五六七八九十])(?<![第每])(?P<value>\d{1,3}(?:\.\d)?|半|(?<![第每一二三四五六七八九十])[一二两三四五六七八九十]{1,3})\s?个?(?P<half>半)?"
    r"(?:课时|学时|节(?!日|前|后|约|目|点|课堂)|小时|钟头)"
)
_QUANTITY_NEEDED = re.compile("[时节头]")
_NOT_ADDED = re.compile(
    r"(?:累计|总计|合计|历时|持续|为时|时长|用时|近|不少于|要求)[^\d一二两三四五六七八九十,。]{0,8}$"
)


def find_quantity(folded: str) -> float | None:
    """The lessons or hours of this report, but not 第3节 or running totals (累计2课时)."""
    for match in _QUANTITY.finditer(folded) if _QUANTITY_NEEDED.search(folded) else ():
        if not _NOT_ADDED.search(folded, max(0, match.start() - 14), match.start()):
            value = 0.5 if match["value"] == "半" else _parse_decimal(match["value"])
            return value + (0.5 if match["half"] and match["value"] != "半" else 0)
    return None


def _parse_decimal(text: str) -> float:
    return float(text) if "." in text else float(parse_integer(text) or 0)


_BRANCH_KIND = r"(?:党总支|党支部|总支部?|支部|党委|党组|党小组)"
_BRANCH_NEEDED = re.compile("[支党组]")
_BRANCH = re.compile(
    rf"(?:^|(?<=[\s,。;、\n■:()【】\]!~]))(?P<name>[一-龥A-Za-z0-9()]{{1,18}}?{_BRANCH_KIND})"
    r"(?!办公室|支部|的|(?<=党[委组])(?:副?书记|委员))(?=$|[\s,。;、\n■:()\d【】\[|！!]|[一-龥])"
)
_GROUP = re.compile(r"(?:^|(?<=[\s,。;、\n■:()】]))(?P<name>[一-龥0-9]{1,8}组)的?(?=[■,。;\s开召]|$)")
_GROUP_AT_HEAD = re.compile(r"^\s?(?P<name>[一-龥]{2,5}(?<!小)(?<!督导)组)的?(?=■)")
_NUMBERED_GROUP = re.compile(r"(?:^|(?<=[\s,。;、\n■:()】]))(?P<name>第?[一二三四五六七八九十\d]{1,2})(?=■)")
_SUBJECT_GROUP = re.compile(
    r"(?:^|(?<=[\s,。;、\n■:()】]))(?P<name>语文|数学|英语|外语|物理|化学|生物|政治|历史|地理|音体美|体育|艺术|综合|文科|理科|理化生|政史地"
    r"|行政|后勤|机关|离?退休|教学|德育|[初高小][一二三]|[一二三四五六七八九]年级|[低中高]年?[级段])的?(?=■)"
)
_OWN = re.compile(
    r"(?:^|.*?)(?:情况|我们|咱们?|俺们?|我校|我园|我县|本校|我局|到|在|由|与|和(?!平|谐|睦|美|顺)|给|对|向(?!阳|东|前|荣)|请|于(?!庄|家)|是|了|让|把|据|看|说|^学校的?)(?=\S)"
)
_NOBODY = re.compile(
    r"^(?:我们?|本|该|各|全|每个?|哪个?|哪些|某|[一二两三四五六七八九十\d]+个|几个|所有|其[他余]|你们?|他们?|这个?|那个?|[上那这]一?条|刚才?|党|全体|咱们?|中共|基层|我单位|全校|下属|所属)*"
    + _BRANCH_KIND
    + "$"
)


def find_branch(record: RecordText, labelled: LabelledFields, *, group: bool) -> str | None:
    """The branch as written; with `group` also 数学组 before the activity, as for a 党小组会."""
    if stated := _get_field(record, labelled, "branch"):
        return stated
    patterns = (_BRANCH, _GROUP) if group else (_BRANCH, _GROUP_AT_HEAD)
    for pattern in patterns if _BRANCH_NEEDED.search(record.masked) else ():
        for match in pattern.finditer(record.masked):
            if named := _get_branch(record, match):
                return named
    if group and (subject := _SUBJECT_GROUP.search(record.masked)):
        return f"{subject['name']}党小组"
    if group and (numbered := _NUMBERED_GROUP.search(record.masked)):
        return f"{numbered['name']}党小组"
    return None


def _get_branch(record: RecordText, match: re.Match[str]) -> str | None:
    start, end = match.span("name")
    if own := _OWN.match(record.folded[start : end - 2]):
        start += own.end()
    return None if _NOBODY.match(record.folded[start:end]) else record.get_words(start, end)
