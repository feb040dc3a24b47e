"""The words of phone books: headings, words that are nobody, words beside numbers."""

NAME, POSTS, UNIT, MOBILE = "name", "posts", "unit", "mobile"
WECOM, DINGTALK, FEISHU, MAIL = "wecom", "dingtalk", "feishu", "mail"
DEPUTY, TAGS, HEAD, LANDLINE = "deputy", "tags", "head", "landline"

# The first row that has a word of the heading says what the column is.
HEADINGS = (
    (LANDLINE, ("办公电话", "办公室电话", "座机", "固话", "固定电话", "传真", "值班电话",
                "单位电话", "宅电", "短号")),
    (MOBILE, ("手机", "移动电话", "联系电话", "联系方式", "电话", "联系号码", "mobile", "phone")),
    (WECOM, ("企业微信", "企微", "userid", "wecom")),
    (DINGTALK, ("钉钉", "工号", "dingtalk")),
    (FEISHU, ("飞书", "open_id")),
    (MAIL, ("邮箱", "邮件", "email", "e-mail")),
    (DEPUTY, ("代理", "ab岗", "a/b岗", "a、b岗", "b岗", "b角", "替岗")),
    (POSTS, ("职务", "岗位", "职位")),
    (HEAD, ("负责人",)),
    (NAME, ("姓名", "名字", "联系人", "网格员")),
    (TAGS, ("标签", "行业", "区域", "片区", "网格")),
    (UNIT, ("单位", "部门", "科室", "站所", "股室", "村社区")),
)  # fmt: skip
WHOLE = {"村": UNIT, "村/社区": UNIT, "号码": MOBILE}
SHOWN = {
    NAME: "姓名",
    POSTS: "职务",
    UNIT: "单位",
    MOBILE: "手机",
    WECOM: "企业微信",
    DINGTALK: "钉钉",
    FEISHU: "飞书",
    MAIL: "邮箱",
    DEPUTY: "代理",
    TAGS: "标签",
    HEAD: "负责人",
    LANDLINE: "座机",
}
# Another's number or account (代理人电话, 分管领导) is not the person's own.
ANOTHERS = (
    "身份证",
    "证件",
    "银行",
    "账户",
    "车",
    "门牌",
    "房间",
    "分管",
    "紧急",
    "家属",
    "家庭",
    "配偶",
    "上级",
    "包保",
    "联系领导",
    "挂钩",
    "驻村",
)
LONGEST_HEADING = 14

NOTHING = frozenset(
    ("", "无", "没有", "暂无", "空", "/", "\\", "-", "--", "—", "——", "N/A", "#N/A")
)
NOBODY = NOTHING | {"合计", "小计", "总计", "空缺", "暂缺", "缺", "待定", "待补", "空岗", "缺编"}
YES = frozenset(("是", "√", "✓", "✔", "对", "Y", "y"))
LITTER = frozenset(
    ("手机", "电话", "座机", "办", "宅", "家", "办公", "联系电话", "或", "和", "移动", "长号")
)
COMPOUND = frozenset(
    ("欧阳", "上官", "司马", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空",
     "东方", "西门", "南宫", "独孤", "端木", "轩辕", "宇文", "长孙", "闻人", "申屠", "百里", "东郭")
)  # fmt: skip
