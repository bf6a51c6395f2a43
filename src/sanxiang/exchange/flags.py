"""What is odd about an imported record: short codes in the database, Chinese on pages. Nothing here refuses a row."""

LABELS: dict[str, str] = {
    "no-type": "缺类别",
    "no-number": "缺文号",
    "no-title": "缺标题",
    "no-party": "缺当事人",
    "no-party-type": "缺当事人类型",
    "no-code": "缺统一社会信用代码",
    "no-address": "缺地址",
    "no-facts": "缺事实",
    "no-basis": "缺依据",
    "no-result": "缺结果",
    "no-authority": "缺机关",
    "no-decision-date": "缺决定日期",
    "no-publish-date": "缺公示日期",
    "bad-decision-date": "决定日期无法识别",
    "bad-publish-date": "公示日期无法识别",
    "future-decision-date": "决定日期晚于导入日",
    "publish-before-decision": "公示日期早于决定日期",
    "sorted-by-import": "无可用日期，按导入日排序",
    "other-organ": "机关与导入单位不同",
    "bad-code": "代码校验不符",
    "odd-brackets": "文号未用六角括号",
    "unstorable": "含无法保存的字符，已代之以“�”",
    "control": "含控制字符",
    "too-long": "文字超过栏目长度，全文存于账本",
    "lossy-number": "被表格软件存成数字，末位可能失真",
    "composed": "结果由类别和金额列拼成",
    "id-derived": "编号由文号、当事人、日期推出",
    "holds-idcard": "含身份证件号码",
    "holds-mobile": "含手机号码",
    "holds-protected": "含应当保护的个人信息",
    "pushed": "由办案系统推送",
    "reviewed": "经人工核对，隐去应当保护的内容后公示",
}

HELD = frozenset({"holds-idcard", "holds-mobile", "holds-protected", "too-long"})
"""A record with one of these is kept but not shown: somebody has to look first."""


def label(code: str) -> str:
    """What pages call a flag; an unknown code as it stands."""
    return LABELS.get(code, code)
