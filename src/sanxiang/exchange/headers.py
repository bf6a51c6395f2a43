"""What columns are called in lists of 信用中国 and of offices: Chinese headers, codes of the 2018 data standard (domain.md §3.1)."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

DECISION_HEADERS: dict[str, tuple[str, ...]] = {
    "id": ("外部编号", "记录编号", "数据编号", "信息编号", "唯一标识", "主键", "external_id"),
    "record_type": ("类型", "信息类型", "记录类型", "行政行为种类", "执法行为种类"),
    "doc_no": (
        "行政处罚决定书文号",
        "行政处罚决定文书号",
        "处罚决定书文号",
        "处罚决定文书号",
        "行政许可决定书文号",
        "行政许可决定文书号",
        "许可决定书文号",
        "决定书文号",
        "决定文书号",
        "处罚文号",
        "许可文号",
        "文书号",
        "文号",
        "CF_WSH",
        "XK_WSH",
    ),
    "title": (
        "标题",
        "案件名称",
        "行政处罚案件名称",
        "项目名称",
        "行政许可决定文书名称",
        "许可决定文书名称",
        "案由",
        "XK_XKWS",
    ),
    "party": (
        "行政相对人名称",
        "相对人名称",
        "行政相对人",
        "当事人名称",
        "当事人",
        "被处罚人",
        "被处罚人名称",
        "被处罚单位",
        "被许可人",
        "企业名称",
        "姓名或名称",
        "姓名或者名称",
        "CF_XDR_MC",
        "XK_XDR_MC",
    ),
    "party_type": (
        "行政相对人类别",
        "相对人类别",
        "行政相对人类型",
        "当事人类型",
        "当事人类别",
        "CF_XDR_LB",
        "XK_XDR_LB",
    ),
    "party_code": (
        "统一社会信用代码",
        "社会信用代码",
        "行政相对人代码_1",
        "行政相对人代码1",
        "代码_1",
        "代码_1统一社会信用代码",
        "当事人统一社会信用代码",
        "CF_XDR_SHXYM",
        "XK_XDR_SHXYM",
    ),
    "address": ("地址", "住所", "住址", "住所地", "注册地址", "经营场所", "行政相对人地址", "当事人地址"),
    "facts": ("违法事实", "主要违法事实", "违法事实和证据", "违法行为", "许可事项", "CF_SY"),
    "basis": ("处罚依据", "行政处罚依据", "处罚的依据", "法律依据", "许可依据", "依据", "CF_YJ"),
    "result": (
        "处罚内容",
        "行政处罚内容",
        "处罚结果",
        "行政处罚结果",
        "处罚决定",
        "处罚决定内容",
        "许可内容",
        "行政许可内容",
        "决定内容",
        "CF_NR",
        "XK_NR",
    ),
    "authority": (
        "处罚机关",
        "行政处罚机关",
        "处罚机关名称",
        "作出处罚机关",
        "作出行政处罚机关",
        "作出处罚决定机关",
        "作出行政处罚决定机关",
        "许可机关",
        "行政许可机关",
        "决定机关",
        "执法机关",
        "执法主体",
        "CF_CFJG",
        "XK_XKJG",
    ),
    "decision_date": (
        "处罚决定日期",
        "行政处罚决定日期",
        "作出处罚决定日期",
        "作出行政处罚决定日期",
        "作出行政处罚决定的日期",
        "许可决定日期",
        "行政许可决定日期",
        "处罚日期",
        "决定日期",
        "CF_JDRQ",
        "XK_JDRQ",
    ),
    "publish_date": ("公示日期", "公开日期", "发布日期", "公布日期", "公示时间"),
    "violation": ("违法行为类型", "CF_WFXW"),
    "kind": ("处罚类别", "处罚种类", "行政处罚种类", "许可类别", "CF_CFLB", "XK_XKLB"),
    "fine": ("罚款金额", "CF_NR_FK"),
    "confiscated": (
        "没收违法所得、没收非法财物金额",
        "没收违法所得没收非法财物金额",
        "没收违法所得、没收非法财物的金额",
        "没收金额",
        "CF_NR_WFFF",
    ),
    "licence_taken": ("暂扣或吊销证照名称及编号", "CF_NR_ZKDX"),
    "certificate": ("许可证书名称", "XK_XKZS"),
    "certificate_no": ("许可编号", "XK_XKBH"),
    "valid_from": ("有效期自", "XK_YXQZ"),
    "valid_until": ("处罚有效期", "有效期至", "CF_YXQ", "XK_YXQZI"),
    "shown_until": ("公示截止期", "公示截止日期", "CF_GSJZQ"),
    "authority_code": ("处罚机关统一社会信用代码", "许可机关统一社会信用代码", "CF_CFJGDM", "XK_XKJGDM"),
    "source": ("数据来源单位", "CF_SJLY", "XK_LYDW"),
    "source_code": ("数据来源单位统一社会信用代码", "CF_SJLYDM", "XK_LYDWDM"),
    "state": ("当前状态", "XK_ZT"),
    "remark": ("备注", "BZ"),
    "legal_rep": ("法定代表人", "CF_FRDB", "XK_FRDB"),
    "private": (
        "法定代表人证件类型",
        "法定代表人证件号码",
        "证件类型",
        "证件号码",
        "行政相对人证件类型",
        "行政相对人证件号码",
        "身份证号",
        "身份证号码",
        "居民身份证号",
        "CF_FR_ZJLX",
        "CF_FR_ZJHM",
        "CF_XDR_ZJLX",
        "CF_XDR_ZJHM",
        "XK_FR_ZJLX",
        "XK_FR_ZJHM",
        "XK_XDR_ZJLX",
        "XK_XDR_ZJHM",
    ),
}
"""Fields of a decision by what lists call them. `private` columns are never taken: the data standard does not publish them."""

CASE_HEADERS: dict[str, tuple[str, ...]] = {
    "party": (
        "当事人",
        "当事人名称",
        "当事人姓名或名称",
        "行政相对人名称",
        "相对人名称",
        "姓名或名称",
        "姓名或者名称",
    ),
    "party_kind": ("当事人类型", "当事人类别", "行政相对人类别", "相对人类别"),
    "party_code": ("统一社会信用代码", "当事人代码", "证件号码", "身份证件号码", "身份证号", "身份证号码"),
    "party_address": ("当事人地址", "地址", "住址", "住所", "住址或住所", "住址或者住所"),
    "party_phone": ("联系电话", "当事人电话", "电话"),
    "legal_rep": ("法定代表人", "负责人", "法定代表人或负责人", "经营者"),
    "cause": ("案由", "涉嫌违法行为", "违法行为"),
    "item": ("执法事项", "事项名称", "事项"),
    "occurred_on": ("违法行为发生日期", "发生日期", "案发日期"),
    "occurred_at": ("违法行为发生地", "发生地", "案发地", "案发地点"),
    "summary": ("线索情况", "案情", "案情摘要", "简要案情"),
    "source": ("案件来源", "案源"),
    "registered_on": ("案源登记日期", "登记日期", "受理日期"),
    "filed_on": ("立案日期", "立案时间", "批准立案日期"),
    "number": ("立案号", "立案编号", "案号", "案件编号", "立案文号"),
    "handlers": ("承办人用户名", "承办人账号", "承办人", "办案人员", "承办人员", "执法人员"),
    "unit": ("承办机构", "承办部门", "内设机构", "承办科室"),
    "stage": ("案件阶段", "办理阶段", "阶段", "案件状态", "当前环节"),
    "suspected": ("涉嫌违反的规定", "违反的规定", "涉嫌违反"),
    "decision_no": ("决定书文号", "行政处罚决定书文号", "处罚决定书文号"),
    "decided_on": ("决定日期", "处罚决定日期", "作出决定日期"),
    "served_on": ("送达日期", "决定书送达日期"),
    "served_way": ("送达方式",),
    "kinds": ("处罚种类", "处罚类别"),
    "fine": ("罚款金额", "罚款"),
    "found": ("违法事实", "查明的违法事实"),
    "basis": ("处罚依据",),
    "extended_days": ("已延长天数", "延长办案期限天数"),
}
"""Fields of a case that is taken over from an old system, by what its lists call them."""


def plain(header: object) -> str:
    """A header for comparison: narrow, without blanks, stars, colons and what stands in brackets, codes in capitals."""
    text = unicodedata.normalize("NFKC", str(header or ""))
    return re.sub(r"[（(\[〔【].*?[)）\]〕】]|\s|[*＊:：]", "", text).upper()


def index_of(headers: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Field by plain header; the field's own name counts too, so that our JSON names work as column names."""
    found = {plain(field): field for field in headers if field != "private"}
    return found | {plain(spelling): field for field, spellings in headers.items() for spelling in spellings}


DECISIONS = index_of(DECISION_HEADERS)
CASES = index_of(CASE_HEADERS)


@lru_cache(maxsize=4096)
def decision_field(header: str) -> str | None:
    """Which field of a decision a header names. The same few are asked about in every row."""
    return DECISIONS.get(plain(header))


def unit_of(header: str) -> str:
    """The unit that a header states in brackets, such as 万元; empty when it states none."""
    found = re.search(r"\(\s*(万元|元)\s*\)", unicodedata.normalize("NFKC", header))
    return found[1] if found else ""
