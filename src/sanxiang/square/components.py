"""The page that shows every part of the face, with invented data, so that a change of style is seen everywhere at once."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

DONE = ("案源登记", "立案", "调查取证", "调查终结", "法制审核")
DONE_ON = (date(2026, 9, 1), date(2026, 9, 3), date(2026, 9, 22), date(2026, 10, 14), date(2026, 10, 20))
AHEAD = ("集体讨论", "处罚决定", "送达", "公示", "履行", "结案", "归档")

FLOW: dict[str, Any] = {
    "title": "普通程序：第6步，告知与陈述申辩",
    "stages": [
        *({"label": label, "state": "done", "date": day} for label, day in zip(DONE, DONE_ON, strict=True)),
        {"label": "告知申辩", "state": "now", "date": date(2026, 10, 22)},
        {"label": "听证", "state": "skipped", "note": "当事人未要求"},
        *({"label": label, "state": "todo"} for label in AHEAD),
    ],
    "text": "案件已经立案、调查终结，并通过法制审核；现正等候当事人陈述申辩。期满后集体讨论，再作出处罚决定。",
}

CLOCKS: list[dict[str, Any]] = [
    {
        "label": "作出处罚决定",
        "article": "行政处罚法 第六十条",
        "due": date(2026, 12, 2),
        "days_left": 38,
        "unit": "calendar",
        "state": "calm",
        "explanation": [
            "自立案之日2026年9月3日起算，当日不计。",
            "期限90日，按自然日计。",
            "没有扣除的期间。",
            "届满日2026年12月2日是工作日，不顺延。",
        ],
    },
    {
        "label": "要求听证",
        "article": "行政处罚法 第六十四条",
        "due": date(2026, 10, 29),
        "days_left": 2,
        "unit": "working",
        "state": "amber",
        "explanation": ["自告知书送达次日起算。", "期限5个工作日。", "10月24日、25日是周末，不计。"],
    },
    {
        "label": "先行登记保存的处理",
        "article": "行政处罚法 第五十六条",
        "due": date(2026, 10, 23),
        "days_left": -1,
        "unit": "working",
        "state": "red",
    },
    {"label": "公示决定", "article": "方案 三（二）", "due": None, "days_left": None, "unit": "working", "state": "calm"},
    {"label": "决定书送达", "article": "行政处罚法 第六十一条", "due": date(2026, 10, 20), "days_left": 3, "unit": "calendar", "state": "done"},
    {
        "label": "缴纳罚款",
        "article": "行政处罚法 第六十七条",
        "due": date(2027, 1, 8),
        "days_left": 75,
        "unit": "calendar",
        "state": "provisional",
    },
]

VERDICTS: list[dict[str, Any]] = [
    {
        "met": False,
        "fact": "要求听证的期限到2026年10月29日届满，今天是第3个工作日。",
        "citation": "行政处罚法 第六十四条；自告知次日起5个工作日",
        "cure": "2026年10月30日以后再办，或者录入当事人明确放弃听证的书面材料。",
    },
    {
        "met": False,
        "fact": "决定书第2稿在法制审核之后改动过：罚款由8,000元改为12,000元。",
        "citation": "行政处罚法 第五十八条",
        "cure": "把第2稿重新送法制审核；或者改回审核通过的第1稿。",
    },
    {"met": True, "fact": "两名执法人员，执法证在办案期间有效。", "citation": "行政处罚法 第四十二条"},
    {"met": True, "fact": "告知书已于2026年10月22日直接送达。", "citation": "行政处罚法 第四十四条"},
    {"met": True, "fact": "调查终结报告已经分管负责人批准。", "citation": "行政处罚法 第五十七条"},
]

ACTS: list[dict[str, Any]] = [
    {"label": "录入陈述申辩", "href": "#acts", "open": True, "primary": True, "hint": "轮到您办", "due": "还剩2个工作日"},
    {"label": "上传证据", "href": "#acts", "open": True},
    {"label": "作出处罚决定", "open": False, "verdicts": VERDICTS},
    {"label": "结案", "open": False, "verdicts": [VERDICTS[0]], "hint": "先作出决定并执行完毕"},
]

TIMELINE: list[dict[str, Any]] = [
    {
        "when": datetime(2026, 10, 22, 15, 20),
        "who": "沈禾、陆青川",
        "role": "承办人",
        "label": "送达行政处罚告知书",
        "fields": [
            {"label": "送达方式", "value": "直接送达"},
            {"label": "签收人", "value": "店主本人"},
            {"label": "地点", "value": "青禾县城东街12号"},
        ],
        "act_id": "QH-2026-0000417-12",
    },
    {
        "when": datetime(2026, 10, 20, 9, 41),
        "who": "顾平",
        "role": "法制审核",
        "label": "审核通过",
        "text": "事实清楚，证据充分，程序合法，裁量适当。审核的是决定书第1稿与证据清单第3版。",
        "act_id": "QH-2026-0000417-11",
    },
    {
        "when": datetime(2026, 9, 22, 10, 5),
        "who": "沈禾",
        "role": "承办人",
        "label": "询问证人",
        "hidden": "证人身份与笔录内容依规定不在案内显示",
        "act_id": "QH-2026-0000417-06",
    },
    {
        "when": datetime(2026, 9, 4, 16, 30),
        "who": "沈禾、陆青川",
        "role": "承办人",
        "label": "现场检查",
        "text": "检查货架与仓库，出示执法证并告知权利；发现超过保质期的糕点31袋。",
        "backdated": "现场无网络，9月5日补录，比事发晚1个工作日",
        "act_id": "QH-2026-0000417-03",
    },
]

NUMBER = "青市监罚〔2026〕12号"
PAPERS: list[dict[str, Any]] = [
    {
        "title": "行政处罚决定书",
        "state": "draft",
        "version": 2,
        "by": "沈禾",
        "at": datetime(2026, 10, 26, 8, 55),
        "href": "#papers",
        "edit_href": "#papers",
        "pdf_href": "#papers",
        "docx_href": "#papers",
        "note": "与审核通过的第1稿有1处不同",
    },
    {
        "title": "行政处罚告知书",
        "number": "青市监罚告〔2026〕12号",
        "state": "served",
        "by": "陆青川",
        "at": datetime(2026, 10, 22, 15, 20),
        "href": "#papers",
        "pdf_href": "#papers",
        "docx_href": "#papers",
        "digest": "3f9ac1d27e60b4185dd1c0a9947be2f4",
    },
    {"title": "询问通知书", "number": "青市监询〔2026〕7号", "state": "void", "by": "沈禾", "note": "号码作废：当事人名称写错，已另发8号"},
]

SHEET: dict[str, Any] = {
    "draft": True,
    "issuer": "青禾县市场监督管理局",
    "title": "行政处罚决定书",
    "number": NUMBER,
    "addressee": "青禾县晨光糕点店",
    "paragraphs": [
        "经查，你店于2026年9月4日在货架及仓库存放超过保质期的糕点31袋，货值金额434元，违法所得无法计算。",
        "以上事实有现场笔录、询问笔录、物品清单及照片为证。本局已于2026年10月22日告知你店拟处罚的内容、事实、理由、依据和享有的权利。",
        "现决定：没收糕点31袋；罚款人民币捌仟元整（8,000元）。",
    ],
    "signed_by": "青禾县市场监督管理局",
    "signed_on": date(2026, 11, 2),
    "attachments": ["没收物品清单"],
}

OFFICERS: list[dict[str, Any]] = [
    {"value": "1", "name": "沈禾", "detail": "执法证 Q0311042，市场监管，有效期至2028年6月30日"},
    {"value": "2", "name": "陆青川", "detail": "执法证 Q0311057，市场监管，有效期至2027年3月31日"},
    {"value": "3", "name": "顾平", "detail": "执法证 Q0311009", "reason": "本案的法制审核人，不得参加调查"},
    {"value": "4", "name": "韩书野", "detail": "执法证 Q0311120", "reason": "执法证已于2026年8月31日到期"},
]
SOURCES: list[dict[str, str]] = [
    {"value": value, "label": value} for value in ("监督检查", "投诉举报", "其他机关移送", "上级交办", "媒体披露", "监测发现")
]


def goods_row(place: int | str, values: tuple[str, ...]) -> list[dict[str, str]]:
    """One row of the table of goods; `place` becomes part of the input names."""
    columns = (("name", "名称", "text"), ("model", "规格", "text"), ("count", "数量", "number"))
    return [
        {"kind": kind, "name": f"goods-{place}-{key}", "label": label, "value": value}
        for (key, label, kind), value in zip(columns, values, strict=True)
    ]


FIELDS: list[dict[str, Any]] = [
    {"kind": "shown", "label": "当事人", "value": "青禾县晨光糕点店", "source": "取自立案审批表，不必再填"},
    {"kind": "text", "name": "place", "label": "检查地点", "required": True, "value": "青禾县城东街12号", "autocomplete": "street-address"},
    {
        "kind": "text",
        "name": "uscc",
        "label": "统一社会信用代码",
        "required": True,
        "value": "92371900MA3EXAMPL8",
        "hint": "18位，照营业执照原样填写",
        "error": "第18位校验码不对，请核对营业执照上的代码",
    },
    {"kind": "datetime", "name": "began", "label": "检查开始时间", "required": True, "value": "2026-09-04T15:10"},
    {"kind": "date", "name": "filed", "label": "立案日期", "required": True, "value": "2026-09-03", "hint": "90日的办案期限从这一天起算", "citation": "行政处罚法 第六十条"},
    {"kind": "choice", "name": "source", "label": "案件来源", "required": True, "value": "监督检查", "choices": SOURCES},
    {
        "kind": "choice",
        "name": "way",
        "label": "送达方式",
        "draw": "select",
        "required": True,
        "choices": [{"value": way, "label": way} for way in ("直接送达", "留置送达", "邮寄送达", "电子送达", "公告送达")],
    },
    {"kind": "people", "name": "officers", "label": "执法人员", "required": True, "value": ["1"], "choices": OFFICERS, "hint": "须选两人以上", "citation": "行政处罚法 第四十二条", "error": "还差1名执法人员"},
    {
        "kind": "multichoice",
        "name": "rights",
        "label": "已向当事人告知",
        "value": ["陈述申辩"],
        "choices": [{"value": right, "label": right} for right in ("执法身份", "检查依据", "申请回避", "陈述申辩")],
    },
    {"kind": "money", "name": "fine", "label": "罚款金额", "required": True, "value": "8000", "hint": "裁量基准：一般情节5,000元至10,000元"},
    {"kind": "number", "name": "days", "label": "改正期限", "value": "15", "suffix": "日"},
    {"kind": "longtext", "name": "facts", "label": "检查情况", "required": True, "rows": 5, "maxlength": 2000, "value": "货架第二层及仓库东侧存放超过保质期的糕点31袋。", "hint": "客观记录所见，写明方位和数量，不写推断"},
    {"kind": "file", "name": "photos", "label": "现场照片和录像", "multiple": True, "accept": "image/*,video/*", "max_text": "单个文件不超过2 GB；断网后可以续传"},
    {
        "kind": "table",
        "name": "goods",
        "label": "物品清单",
        "columns": [{"label": "名称"}, {"label": "规格"}, {"label": "数量"}],
        "rows": [goods_row(0, ("枣泥糕", "200克/袋", "19")), goods_row(1, ("核桃酥", "350克/袋", "12"))],
        "blank": goods_row("__i__", ("", "", "")),
    },
    {"kind": "bool", "name": "shown_cert", "label": "已主动出示执法证件", "value": True, "required": True},
]
ERRORS = [{"text": f"{field['label']}：{field['error']}", "href": f"#id_{field['name']}"} for field in FIELDS if "error" in field]
SUBMIT: dict[str, Any] = {
    "label": "提交现场笔录",
    "cancel_href": "#forms",
    "secondary": [{"label": "存为草稿", "name": "draft", "value": "1"}],
    "warning": "提交后这份笔录即定稿，改动须另作更正并写明理由。",
}

TABLE: dict[str, Any] = {
    "caption": "在办案件",
    "total": 128,
    "columns": [{"label": "案号"}, {"label": "当事人"}, {"label": "阶段"}, {"label": "办案期限", "sorted": "asc", "href": "#tables"}, {"label": "拟罚款", "num": True}],
    "rows": [
        {
            "state": "red",
            "cells": [
                {"text": "青市监立〔2026〕9号", "href": "#tables"},
                {"text": "青禾县南桥水产行", "sub": "销售检疫不合格水产品"},
                {"text": "调查取证"},
                {"text": "2026年10月23日", "badge": {"tone": "red", "label": "已超期1日"}},
                {"text": "—"},
            ],
        },
        {
            "state": "amber",
            "cells": [
                {"text": "青市监立〔2026〕12号", "href": "#tables"},
                {"text": "青禾县晨光糕点店", "sub": "经营超过保质期的食品"},
                {"text": "告知申辩"},
                {"text": "2026年12月2日", "badge": {"tone": "amber", "label": "还剩8日"}},
                {"text": "8,000元"},
            ],
        },
        {
            "cells": [
                {"text": "青市监立〔2026〕15号", "href": "#tables"},
                {"text": "青禾县云栖建材有限公司", "sub": "未按规定公示价格"},
                {"text": "立案"},
                {"text": "2027年1月18日"},
                {"text": "12,500元"},
            ],
        },
    ],
    "totals": ["合计", "", "", "", "20,500元"],
    "pager": {"total_text": "共128条", "range_text": "本页第21至23条", "first_href": "#tables", "prev_href": "#tables", "next_href": "#tables", "page_text": "第2页"},
}

TASKS: list[dict[str, Any]] = [
    {"label": "处理先行登记保存的物品", "href": "#lists", "party": "青禾县南桥水产行", "case": "青市监立〔2026〕9号", "due": date(2026, 10, 23), "days_left": -1, "unit": "working", "state": "red", "whose": "沈禾"},
    {"label": "复核陈述申辩", "href": "#lists", "party": "青禾县晨光糕点店", "case": "青市监立〔2026〕12号", "due": date(2026, 10, 29), "days_left": 2, "unit": "working", "state": "amber", "whose": "沈禾"},
    {"label": "审批立案", "href": "#lists", "party": "青禾县云栖建材有限公司", "case": "青市监立〔2026〕15号", "due": date(2026, 11, 9), "days_left": 9, "unit": "working", "state": "calm", "whose": "待机构负责人"},
]
FIGURES: list[dict[str, Any]] = [
    {"label": "已超期", "value": 1, "unit": "件", "href": "#lists", "state": "red"},
    {"label": "三日内到期", "value": 4, "unit": "件", "href": "#lists", "state": "amber"},
    {"label": "轮到我办", "value": 12, "unit": "件", "href": "#lists"},
    {"label": "待公示", "value": 2, "unit": "件", "href": "#lists", "sub": "最近一件还剩5个工作日"},
]
RESULTS: list[dict[str, Any]] = [
    {
        "title": "青禾县晨光糕点店经营超过保质期的食品案",
        "href": "#portal",
        "act_type": "行政处罚",
        "number": NUMBER,
        "date": date(2026, 11, 2),
        "party": "青禾县晨光糕点店",
        "agency": "青禾县市场监督管理局",
        "excerpt": "没收超过保质期的糕点31袋；罚款8,000元。",
    },
    {
        "title": "李某某无照经营案",
        "href": "#portal",
        "act_type": "行政处罚",
        "number": "青市监罚〔2024〕3号",
        "agency": "青禾县市场监督管理局",
        "withdrawn": "2026年10月19日撤回：原决定经行政复议撤销。",
    },
    {
        "title": "某建材厂未取得许可排放污染物案",
        "href": "#portal",
        "act_type": "行政处罚",
        "number": "青环罚〔2021〕44号",
        "date": "2021-02-30",
        "agency": "生态环境局青禾分局",
        "flags": ["历史导入", "日期有误，照原文显示"],
    },
]
SEARCH: dict[str, Any] = {
    "q": "糕点",
    "action": "#portal",
    "hint": "可以查文号、当事人、统一社会信用代码、地址、事实、依据；几个词之间用空格隔开",
    "fields": [
        {"kind": "choice", "draw": "select", "name": "act_type", "label": "执法类别", "blank_label": "全部", "choices": [{"value": "penalty", "label": "行政处罚"}]},
        {"kind": "date", "name": "from", "label": "决定日期，自"},
        {"kind": "date", "name": "to", "label": "至"},
    ],
}
SUMMARY: list[dict[str, Any]] = [
    {"label": "当事人", "value": "青禾县晨光糕点店", "sub": "个体工商户，92371900MA3EXAMPL8", "href": "#lists"},
    {"label": "案由", "value": "经营超过保质期的食品"},
    {"label": "是否重大执法决定", "value": "是", "badge": {"tone": "amber", "label": "须经法制审核"}, "sub": "没收违法所得或者罚款达到方案所列数额"},
    {"label": "举报人", "hidden": "依规定不显示；有权的人调阅须写明理由并留痕"},
]
FILES: list[dict[str, Any]] = [
    {"name": "现场录像 1.mp4", "href": "#lists", "kind": "音像", "size": "412 MB", "captured": datetime(2026, 9, 4, 15, 12), "by": "沈禾", "digest": "a81f0c5e9d2b74436b1ce0f7783d5529"},
    {"hidden": "举报材料，依规定不在案内显示", "kind": "书证", "size": "1.2 MB"},
]

SAMPLES: dict[str, Any] = {
    "flow": FLOW,
    "clocks": CLOCKS,
    "verdicts": VERDICTS,
    "clear": [verdict for verdict in VERDICTS if verdict["met"]],
    "acts": ACTS,
    "entries": TIMELINE,
    "papers": PAPERS,
    "sheet": SHEET,
    "fields": FIELDS,
    "field_errors": ERRORS,
    "submit": SUBMIT,
    "danger": {"label": "撤回公示", "danger": True, "cancel_href": "#forms", "warning": "撤回后页面、查询、订阅和接口都不再提供原文，只留撤回公告。"},
    "table": TABLE,
    "tasks": TASKS,
    "figures": FIGURES,
    "results": RESULTS,
    "search": SEARCH,
    "summary": SUMMARY,
    "files": FILES,
    "proof": {
        "act_id": "QH-2026-0000417-12",
        "index": "20,318",
        "leaf_hash": "9c1e77ab0f5d42c3a6be8f20d19754ee03b2f86a7741c95d",
        "verify_href": "#portal",
        "download_href": "#portal",
        "state": "witnessed",
    },
    "notices": [
        {"tone": "info", "title": "规则包有新版本", "text": "本案仍按立案时的规则办理；要改用新版本，须另行办理并写明理由。", "href": "#notices", "link": "看看有哪些变化"},
        {"tone": "green", "title": "已经公示", "text": "2026年11月4日第二人核对后公开。"},
        {"tone": "amber", "title": "执法证将于30日内到期", "text": "到期后不能参加任何执法活动，请及时办理换证。"},
        {"tone": "red", "title": "这份公示已经撤回", "text": "原决定经行政复议撤销，自撤回之日起不再提供原文。"},
    ],
    "doors": [
        {"label": "查执法决定", "href": "#portal", "text": "按文号、当事人、案由查处罚、许可、强制等决定"},
        {"label": "核验执法人员", "href": "#portal", "text": "输入证号，看他今天能在哪里办哪一类事"},
        {"label": "核对一份文书", "href": "#portal", "text": "上传文书或输入编号，看它与签发时是否一致"},
    ],
    "changes": [{"label": "罚款", "before": "捌仟元整", "after": "壹万贰仟元整", "note": "沈禾，2026年10月26日改动"}, {"label": "改正期限", "after": "十五日"}],
    "empty": {"title": "没有到期的待办", "text": "轮到您办的事都在期限之内。新案件从登记案源开始。", "actions": [{"label": "登记案源", "href": "#lists", "primary": True}, {"label": "查看全部案件", "href": "#lists"}]},
    "tabs": [{"label": "时间线", "href": "#timeline", "current": True, "count": 12}, {"label": "文书", "href": "#papers", "count": 9}, {"label": "证据", "href": "#lists", "count": 14}, {"label": "当事人", "href": "#lists"}, {"label": "账本", "href": "#portal"}],
    "crumbs": [{"label": "今日", "href": "#top"}, {"label": "案件", "href": "#tables"}, {"label": "青市监立〔2026〕12号"}],
    "provenances": ("text", "inherited", "national", "operator", "not-set"),
    "print_head": {"agency": "青禾县市场监督管理局", "title": "案件时间线", "number": "青市监立〔2026〕12号", "printed_at": datetime(2026, 10, 26, 9, 0), "act_id": "QH-2026-0000417-12"},
}
ME: dict[str, Any] = {
    "name": "沈禾",
    "agency": "青禾县市场监督管理局",
    "post": "食品安全执法中队 承办人",
    "certificate": "Q0311042",
    "posts": [{"id": 1, "label": "食品安全执法中队 承办人", "current": True}, {"id": 2, "label": "公示室 公示员"}],
}


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """Every part in every state; `?chrome=desk` frames the same page as the officers see it."""
    desk = request.GET.get("chrome") == "desk"
    frame = {"base": "desk_base.html", "me": ME, "badges": {"tasks": 12, "publications": 2}, "section": "cases"}
    return render(request, "components.html", {**SAMPLES, **(frame if desk else {"base": "square_base.html"})})
