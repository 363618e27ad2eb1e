"""Numbers, names and repetitions in which no date may be read."""

from datetime import UTC, datetime

from handlers.reading.dates.find import find_dates
from tests.tables import each_row

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)


@each_row(
    "text",
    [
        "应到26人，实到24人，请假2人", "到会十一人", "二十一名党员", "5到4", "22/24", "1-2名",
        "党小组会 8/9", "到了19个", "应到25 实到23", "40余名", "缺席2", "三个支部", "第11次", "第3期",
        "3项议题", "2课时", "24学时",
    ],
)  # fmt: skip
def test_counts_are_no_dates(text: str) -> None:
    assert find_dates(text, now=NOW).spans == ()


@each_row(
    "text",
    [
        "5.20万元", "党费共计1250.50元", "人均5.10元", "3.5-4.5万元", "占比5.1%", "时长1.5小时",
        "得分9.5", "约11.15", "v2.10.3", "版本2.10.3", "192.168.1.1", "3/4", "2/3以上", "3:2",
        "14:30-16:00", "下午3点", "八点到九点半", "温度11.5度", "电话0379-65151120", "13703790000",
        "410305199001011234", "编号20260115001", "888-000-9999", "https://example.cn/2026/05/15/a.html",
        "A4纸", "H5页面",
    ],
)  # fmt: skip
def test_amounts_times_and_codes_are_no_dates(text: str) -> None:
    assert find_dates(text, now=NOW).spans == ()


@each_row(
    "text",
    [
        "二十届四中全会", "十九届六中全会", "党的二十大", "十四五规划", "中央一号文件",
        "豫教〔2026〕15号", "三八红旗手", "五一路15号", "五一劳动奖章", "八一路", "八一小学",
        "第十一中学", "十一中学", "六一小学", "五四运动", "五四精神", "七一勋章", "七一讲话", "一二九师",
        "六一班", "八(2)班", "初一(3)班", "初三年级", "2026级", "15号楼", "3号会议室", "301教室",
        "十月革命", "政治清明", "李国庆请假", "陈立春列席", "编号2026-03", "学号20260115", "一季度一次",
        "一日一练", "到会十一", "今日头条", "《明日之后》", "学习《2025年工作要点》", "周边", "会议日程",
    ],
)  # fmt: skip
def test_names_are_no_dates(text: str) -> None:
    assert find_dates(text, now=NOW).spans == ()


@each_row(
    "text",
    [
        "两年", "三天", "五个星期3小时", "一年又一个月21天", "为期一周", "连续三天", "提前3天",
        "党龄20年", "工作15年了", "从教三十年", "建党105周年", "七八年", "三年行动计划", "半天",
        "三年半过去了", "已经过了一个钟头", "一周一次", "第一周周五", "五周三小时",
    ],
)  # fmt: skip
def test_lengths_of_time_are_no_dates(text: str) -> None:
    assert find_dates(text, now=NOW).spans == ()


@each_row(
    "text",
    [
        "每周一下午", "每周一、三、五", "每周一至周五", "每周二和周四", "每月5日", "每月5日和20日",
        "每个月15号", "每月第二个周五", "每月底", "每季度末", "每年七一", "每年清明节前一天", "每逢周二",
        "每到周五", "每学年第一学期", "每个周末", "每天上午9点", "每两周一次", "每学期", "双周五",
        "逢年过节",
    ],
)  # fmt: skip
def test_what_comes_again_and_again_is_no_date(text: str) -> None:
    assert find_dates(text, now=NOW).spans == ()


@each_row(
    ("text", "words"),
    [
        ("11月23人参加", "11月"),
        ("11月5次会议", "11月"),
        ("8月二十五个人", "8月"),
        ("上周三次会议", "上周"),
        ("11月初三个支部开会", "11月初"),
        ("周五个人自学", "周五"),
        ("11月22/24", "11月"),
        ("《人民日报》5月15日社论", "5月15日"),
        ("每周一例会，上周五开了", "上周五"),
        ("今日头条报道了今日的会", "今日"),
    ],
)
def test_what_stands_beside_a_date_is_not_taken_into_it(text: str, words: str) -> None:
    assert [text[span.start : span.end] for span in find_dates(text, now=NOW).spans] == [words]
