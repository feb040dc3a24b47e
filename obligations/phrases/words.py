"""The token table: every word that the phrase language knows, said once."""

from obligations.schedule import Period

UNITS: tuple[tuple[str, Period], ...] = (
    ("分钟", Period.MINUTE),
    ("min", Period.MINUTE),
    ("小时", Period.HOUR),
    ("h", Period.HOUR),
    ("班次", Period.SHIFT),
    ("班", Period.SHIFT),
    ("昼夜", Period.DAY),
    ("日", Period.DAY),
    ("天", Period.DAY),
    ("d", Period.DAY),
    ("星期", Period.WEEK),
    ("礼拜", Period.WEEK),
    ("周", Period.WEEK),
    ("旬", Period.TEN_DAYS),
    ("半个月", Period.HALF_MONTH),
    ("半月", Period.HALF_MONTH),
    ("个月", Period.MONTH),
    ("月", Period.MONTH),
    ("季度", Period.QUARTER),
    ("季", Period.QUARTER),
    ("半年度", Period.HALF_YEAR),
    ("半年", Period.HALF_YEAR),
    ("学期", Period.TERM),
    ("学年", Period.YEAR),
    ("晚", Period.DAY),
    ("夜", Period.DAY),
    ("年度", Period.YEAR),
    ("年", Period.YEAR),
)
UNITS_BY_SIGN: dict[str, tuple[tuple[str, Period], ...]] = {
    sign: tuple((word, unit) for word, unit in UNITS if word.startswith(sign))
    for sign in {word[0] for word, _ in UNITS}
}
# A unit before one of these is another word: 每天然气, 每班组, 每周边, 每年龄段, 每季节.
NOT_A_UNIT_BEFORE = {
    "天": "然",
    "班": "组级子主车线",
    "周": "边围转密期岁长全",
    "年": "龄轻代级产均薪",
    "月": "饼嫂",
    "日": "期语光用志",
    "季": "节",
    "旬": "",
    "h": "abcdefgijklmnopqrstuvwxyz",
    "d": "abcefghijklmnopqrstuvwxyz",
}
UNIT_WORDS = {
    Period.MINUTE: "分钟",
    Period.HOUR: "小时",
    Period.SHIFT: "班",
    Period.DAY: "日",
    Period.WEEK: "周",
    Period.TEN_DAYS: "旬",
    Period.HALF_MONTH: "半月",
    Period.MONTH: "月",
    Period.QUARTER: "季度",
    Period.HALF_YEAR: "半年",
    Period.TERM: "学期",
    Period.YEAR: "年",
}
SHORT_ORDER = "日周旬月季年"  # “日周月” goes upwards; 年月日 is a date
SHORT_UNITS = {
    "日": Period.DAY,
    "周": Period.WEEK,
    "旬": Period.TEN_DAYS,
    "月": Period.MONTH,
    "季": Period.QUARTER,
    "年": Period.YEAR,
}

DASHES = frozenset("-–—－─~～〜至到")
STOPS = frozenset("。；;！!？?\t\n")  # what ends a sentence, a cell, a list entry
PAUSES = STOPS | frozenset('，,：:（）()“”"《》')
LINKS = ("、", "以及", "和", "及", "与", "或者", "或")

AT_LEAST = (
    "至少", "不少于", "不得少于", "不能少于", "不应少于", "不低于", "不得低于", "不应低于",
    "最少", "不小于", "起码",
)  # fmt: skip
AT_MOST = (
    "不超过", "不得超过", "不应超过", "不能超过", "不宜超过", "不多于", "不得多于", "不大于",
    "不应大于", "不得大于", "至多", "最多", "不高于",
)  # fmt: skip
OR_MORE = ("及以上", "以上")
OR_LESS = ("及以下", "以下", "以内", "之内")
TIMES = ("次", "遍", "回")
MEASURES = (
    "人次", "场次", "学时", "课时", "小时", "家", "条", "件", "份", "篇", "期", "场", "起", "处",
    "户", "例", "批", "项", "台", "部", "堂", "节", "课", "幅", "人", "名", "个", "天", "辆",
    "支", "套", "所", "座", "类", "宗", "案",
)  # fmt: skip

BEFORE = ("之前", "以前", "前")
INCLUDED = ("（含）", "(含)", "（含当日）", "(含当日)", "含")
SEASONS = (
    "主汛期", "汛期", "汛", "雷雨季节", "雷雨季", "雨季", "雷电季节", "高温季节", "夏季高温",
    "高温", "春季", "夏季", "秋季", "冬季", "采暖期", "供暖期", "供暖季", "取暖季", "采暖季",
    "取暖期", "森林防火期", "防火期", "防灭火期", "梅雨季节", "台风季节", "春节", "国庆节",
    "国庆", "中秋", "元旦", "清明", "五一", "节假日", "寒假", "暑假", "开学", "放假", "春", "夏",
    "秋", "冬",
)  # fmt: skip
