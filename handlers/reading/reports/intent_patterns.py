"""Patterns over folded text for the words that show what the sender of a message wants."""

import re

from handlers.reading.text.folding import compile_words

_ACK_WORD = (
    r"(?:已?收到|好[的滴嘞哒吧]?|知道了?|知悉|已阅|已读|明白了?|了解了?|清楚了?|晓得了?|嗯+|哦+|ok|okay|1|谢谢了?|感谢|多谢|"
    r"辛苦了?|没问题|可以的?|行的?|是的?|对的?|遵命|照办|马上[办报补就好]*|稍等|已知晓?|\+1|\[?(?:ok|强|抱拳|玫瑰)\]?|"
    r"书记|主任|校长|老师|领导|您|你|大家|各位|啦|了|哈|呀|的|呢|喔|噢|啊|嘛|提醒|通知)"
)
ACKNOWLEDGED = re.compile(rf"(?:{_ACK_WORD}[\s,。!~.;、]*)+", re.IGNORECASE)
ACK_NEEDED = re.compile(
    r"收到|好|知|已[阅读]|明白|了解|清楚|晓得|嗯|哦|ok|1|谢|辛苦|没问题|可以|行|是|对|遵命|照办|马上|稍等|强|抱拳",
    re.IGNORECASE,
)
NOT_WORDS = re.compile(r"[^\w+\[\]\n,。!~.;、?？ ]+")

# Withdraws a report; and words that point at the last one.
WITHDRAW = compile_words("撤[回销消掉了] 作废 删[掉除了] 不算数? 忽略 取消 当没[发报] 不要了 收回 发错")
CONTRAST = compile_words(r"不是(?=[\d一二三四五六七八九十周上昨前今])", r"不是\S{1,12}?(?:而是|,是|是)")
WITHDRAW_ALONE = compile_words("撤[回销消] 作废 删[掉除]")
SUGGESTS = re.compile(r"吧[\s!。~]*$")
LAST = compile_words(
    "刚[才刚发报]? 上一?[条个次](?![月周星季学礼]) 上面 前面 [那这][条个](?![月周星季学礼]) "
    "记录 最后一条 报[的错] 发[的错] 之前"
)
# Corrects a report.
CORRECT = compile_words(
    "更正 纠正一?下 订正 改正 修正 勘误 [写报填打弄搞发说记数输看算]错 错了 有误 不对 笔误 口误 "
    "少[写报算记数]了? 漏报了?\\S{0,2}[人名位] "
    r"多[写报算记数]了? 漏[写算数] [写填报]成 应该?[是为] 不是\S{1,12}?(?:而?是|,是) [是为到]\S{1,10}?,?不是 "
    r"[把将由从]\S{1,14}?改[成为] 改[成为]\s?\d 改一下 修改"
)
# Fields of a record: 横幅做错了 corrects none of them.
RECORDED = compile_words(
    "[0123456789] 地点 日期 时间 人数 主[讲持] 主题 议题 内容 支部 应[到道] 实[到道] 请假 缺席 列席 "
    "[写报填打输记发]错"
)
CORRECT_OPENING = re.compile(r"\W*(?:更正|订正|修正|改正|勘误|纠正)")
# Questions and requests for figures.
QUESTION_END = re.compile(
    r"(?:[?？吗么呢吧]|[了过开报交]没有?|开不开|来着|没有(?<=有没有)|行不行|好不好|对不对|是不是)[\s?？!。~,]*$"
)
# 推到28号吧 decides although it ends like a question.
SETTLED = re.compile(
    r"^(?!.*(?:[?？]|是不是|要不|能不能|可以|行吗)).*(?:推|延|改|挪|顺延|调整?)[迟期后]?[到至][^,。;吗么呢]{1,16}吧[\s!。~]*$"
)
QUESTION = compile_words(
    r"哪[些个几里儿位] 哪天(?!\S{0,6}(?:通知|再|定|另)) 谁 几[个次号点时人月](?<![十余])[^余]? 多少 怎么 "
    r"怎样 如何 要不要 是不是 有没有 能不能 可不可以 需不需要 "
    r"用不用 什么时候(?!\S{0,6}(?:通知|再[定说议]|另|待定)) 啥 "
    r"何时(?!\S{0,6}(?:通知|再[定说议]|另|待定)) "
    r"什么(?!时候) 咋 行不行 可否 能否 是否 开没开 报没报 请问 想问 问一?下 没报 未报 没交 "
    r"未交 还[差缺](?!\s?[\d一二两三四五六七八九]) 没开的 未开的 没完成的"
)
LOOK_UP = compile_words(
    "情况 进度 完成率 清单 名单 统计 汇总 给我 发我 导出 查(?!收|摆|找|房|寝|体) 看一?下 台[账帐] 看板 "
    "报表 表格 "
    "一[份张]表 逾期 迟报 未完成 列[一出]"
)
# What follows was studied or discussed: its words do not count for the intent.
CONTENT = compile_words(
    "[说讲谈]的是 学习(?!了?吗) 讨论 研究 围绕 主题(?=[:：是为]) 议题 内容 观看 交流 部署 传达 审议 通报 "
    "要求 强调 指出 表示 明确"
)
CONTENT_TO = re.compile(r"[^,。;\n!?]*")
# Asks others to do something.
REQUEST = re.compile(
    r"(?:请(?<![申邀]请)(?!假)|麻烦|烦请|望各?|务必|尽快|抓紧|记得|别忘|各(?:党)?支部|各单位|大家|催一?下?)[^。;\n]{0,30}?"
    r"(?:报(?!到|告(?!一下|情况))|上交|提交|交(?!流|谈|心)|填|补[上报齐]|整改|落实|开展|召开|完成|前(?:开|组织|举行))"
)
# Somebody will be absent; then rules about absence, which excuse nobody.
LEAVE = compile_words(
    r"[想要得先]需?请\S{0,4}?假 需要请\S{0,3}?假 申请请?假 请[个次一]\S{0,3}?假 请一?下假 请假一[次下天回] "
    r"没办?法[参来去到] 请假(?!\s?[:\d一二两三四五六七八九十]|的|人|条例|制度) "
    r"[参来去到出赶]\S?不[了上成] 不能[来去参到出按] 无法[参到出前] 赶不回 不[去来]了"
)
NOT_LEAVE = compile_words(
    r"请假的 提前请假 请假(?=手续|制度) 不得请假 不能(?:参加|到会|参会|来|到)?的 "
    r"无法(?:参加|到会|参会|来|到)?的 不了的 "
    r"履行请假 无人请假 没人请假 无请假 不准请假 请假须 请假需 请假请"
)
# A future meeting: calls to it, then weaker words of planning.
CALL = compile_words(
    r"通知(?=[:】\]]) 将[于在] 拟[于定在] 定[于在] "
    r"请(?<![申邀]请)(?!假|了|的是?|来)\S{0,14}?(?:准时|参加|到会|出席|按时|到|携带|穿|带|周知|安排) "
    "准时(?:参加|到|出席) 别迟到 [不勿]要?迟到 不得缺席 能来的 届时 敬请 不能来的 相互转告"
)
PLAN = compile_words(
    r"计划 打算 准备[开召在于] 要[开上]\S?[会课党] 预[定计告] 将[召开举组] 准时 安排在 提醒 到时 务必 "
    r"做好准备 别忘 记得"
)
# The meeting is moved or cancelled.
MOVED = compile_words(
    r"推迟 延[期后到至] 改[期到在至](?!线) 改[为成](?!线)(?=[^,。\s]{0,3}[周下明后\d]) 顺延 提前[到至在] "
    r"[挪放][到至] "
    r"补(?=$|[\s,。!~]) 补[上办] 调整?[到至] 推[到至后] 往后[推延挪] 缓[一开] 暂缓 后延 补开 "
    "再开 另[行定] 择[日期] 待定 下次再"
)
# With a new day the meeting is moved; it is not a single person who is absent.
MOVED_TO = re.compile(
    r"(?:推迟?|延期?|改期?|挪|顺延|提前|调整?)[到至](?=[^,。;\n]{0,3}[\d周下本明后一二三四五六七八九十■])"
)
# Single people catch up later, the meeting is not moved.
CATCHING_UP = re.compile(r"[\d一二两三四五六七八九十几]\s?[人名个位][^,。;\n]{0,10}补(?![开办])")
NEGATED = compile_words(
    "没(?:有|呢)?(?=[,。;])(?<!有没) 没[开办搞]成 没有开成 未能[召开如举按组] 没能[开办召举组如按] "
    "没开(?![始完口]) 没有[开召举组] "
    "还没(?!写|拍|整|发|填|到|签|来|转|回|赶) 尚未[开召举组进] 未[开召举]展?(?!始) "
    "[开上]不[了成上] [办搞]不[了成] 不开了 没[办法]法?开 没空开 取消 暂停 没[搞弄办上](?!错) 没组织 "
    "忘[了记]?[开办搞召] "
    "不[搞办](?=$|[,。;了]) "
    "没时间开 "
    "没来得及 来不及[开搞办]"
)
# It was held. HELD says so only together with a past day.
DONE = compile_words(
    r"开[了过完毕](?!吗|没) "
    r"已经?\S{0,3}?(?:[开召]|举|组织|完成(?!情况)|结束|上[了完]?|收|交|缴|讲|听|办|搞|学|报|落实) "
    r"召开[了过完] 举[行办][了过完] 开展[了过完] 完成(?!情况|率|度|了?吗|了?多少|的?[^,。]{0,4}[表名]) "
    r"[上讲听学看收交办搞谈走观参做作][了过完] "
    "[收交缴]齐 散会 刚[开上结下散] 结束了? 如期 顺利 "
    "[开上讲办搞收交缴谈听](?=的(?!时候|地方|会)) 组织了 进行了 去了 "
    "圆满 报送了? 提交了 报了(?<!漏报了) 全到 到齐 [做弄]完 [做弄]好了 出勤 签到 参加了 集体学习了 办结 补记 "
    "补个?记录 补报 补录"
)
HELD = compile_words(
    "召开 开展 举[行办] 组织 集中 进行 学习 观看 参观 [上讲听](?=[了■课党思专微廉]) [交缴]纳 收[缴取] "
    "研究 讨论 前往 赴 走进 "
    "重温 慰问 开(?=[了■过完]) 谈(?=[了■]) 看望 缅怀 传达 选举"
)
# Hearsay, wishes, suppositions.
HEARSAY = compile_words(
    r"听说 据说 我看(?<!给我看)(?!了|看|一) 好像 貌似 如果 假如 要是 万一 希望 建议 我觉得 也许 说不定 "
    r"估计(?!\d) 等\S{0,8}再 争取 以后 下次 要不 应该[开要会在] 可能 会不会 想[开办搞] 该[开办交上] 就开始"
)
USUALLY = compile_words("一般 每次 通常 平时 往常")
# Papers about a meeting, not the meeting itself.
PAPERS = compile_words(
    r"[照图]片(?!\s?:) 材料 方案 记录 简报 新闻稿 稿子? 总结 [pP][pP][tT] 课件 资料 签到表 签到本 计划 "
    r"通知 心得 横幅 台账 视频发 海报 文件 表格 讲稿 教案"
)
PAPERS_OF = re.compile(
    r"[会课日动习](?:的|会议|活动)?(?:纪要|记录|[照图]片|简报|新闻稿|签到[表本]|台账|总结|稿子|讲稿|课件|美篇|推文)"
)
# Names an event for which no requirement is known.
EVENT_WORD = compile_words(
    "开 会 活动 学习 演练 培训 讲座 捐 赛 诊 访 义务 植树 宣传 观看 参观 座谈 比赛 仪式 宣誓 慰问 检查 党 "
    "支部 研讨 宣讲"
)
RETOLD = compile_words(r"应为 应该?是 改[为成] 重[新报]报?(?=[^。]*\d) 以\S{0,6}为准")

LONG_AGO = compile_words("昨 前[天日] 上[个周月次星]")

# 13号没开成，改到20号开的: it was held on the second day.
HELD_THEN = re.compile(
    r"(?:改|推迟?|延期?|挪|提前|顺延)[到至在][^,。;吗么呢]{1,14}?(?:[开上办搞](?:的|了|过|完)|召开了|举行了)"
)
CAPTION = re.compile(r"^\W*图[为示是:]")
EVENT_COUNTED = re.compile(
    r"(?:活动|比赛|竞赛|讲座|演练|座谈会?|仪式|宣讲|展演|义诊|献血|植树|清扫|大扫除|运动会|升旗|捐[款书])[,\s]{0,2}■*\s?(?:\d+|[一二三四五六七八九十]+)[人名]"
)
STATED = compile_words("实[到道] 到会 应[到道]")
LATER = compile_words("再[说定议看]")
TOOK_PART = compile_words("参[加会与] 到场 出席 听课")

# Names an activity, perhaps with people, but does not report it: it is going on, prepared, or a rule.
NOT_HELD = compile_words(
    "一会儿? 待会 马上(?!报) 正在 即将 快要 就要 现在[到党支主] 还有\\S{1,4}分钟 还差\\S{0,3}[人个名] "
    "[了齐]就 集合 准备开",
    "报名 接龙 订[车餐票] 统计一?下 座位 预约 名额 安排了\\S{0,3}个",
    "每[月季周年](?!度) 每学期 规定 组成 原则上 要求应到 分之\\S{0,8}?(?:以上|才|方|须)",
)
# The same without people: what comes afterwards, is one member's own, or counts how often.
NOT_REPORTED = compile_words(
    "[开上]完\\S{0,8}?(?:我|你|找|再|一起) 结束[了后]{0,2},?(?:叫|找|喊|联系|告诉|我|你|一起) "
    "完了(?:再|一起|去)",
    "我(?!们|支部|校|园|单位|局|院|县|党|总支|处|科|区|市|镇|部|[报补说汇]) 好累 累(?=$|[,。!~]) 迟到了",
    "[开上办](?:了|过)\\S{0,2}[\\d一二三四五六七八九十两]次(?!党|会)",
)
A_NOT_A = compile_words(r"不(?<=([一-龥])不)\1 [在去](?:哪|何处)")
