"""The portal's front: look something up, see what is new, find who enforces, learn how to check."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sanxiang.cases.disclosure.published import ACT_TYPES, shown
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.people.models import Agency
from sanxiang.square import showing
from sanxiang.square.before import catalogue
from sanxiang.square.decisions import HINT
from sanxiang.square.page import address, page, public

NEWEST, AGENCIES = 5, 12


@public
def front(request: HttpRequest) -> HttpResponse:
    """The front page."""
    by_type, by_agency = asking.numbers_by("act_type"), asking.numbers_by("agency")
    newest = asking.find(asking.Query(limit=NEWEST))
    every = Agency.objects.filter(active=True).only("name", "kind", "is_supervisor").order_by("name")
    agencies = [one for one in every if catalogue.enforces(one, by_agency.get(one.pk, 0))]
    ranked = sorted(agencies, key=lambda agency: -by_agency.get(agency.pk, 0))
    withdrawals = Publication.objects.filter(shown(), status="withdrawn").count()
    context = {
        "search": {"q": "", "action": reverse("decisions"), "hint": HINT},
        "figures": figures(by_type),
        "results": [showing.hit(row) for row in newest.rows],
        "agencies": [door(agency, by_agency.get(agency.pk, 0)) for agency in ranked[:AGENCIES]],
        "agency_total": len(ranked),
        "ways": ways(withdrawals),
    }
    return page(request, "square/front.html", context)


def ways(withdrawals: int) -> list[tuple[str, list[dict[str, str]]]]:
    """Doors to what lets people check and watch, under two headings."""
    notices = (
        f"共 {withdrawals:,} 条，写明日期和理由。" if withdrawals else "公示撤回后，日期和理由列在这里。"
    )
    found = {
        "核对人员和文书": (
            ("verify", "核验人员与文书", "凭证件编号查证件今日是否有效，凭文号查决定是否在账本里。"),
            ("officers", "执法人员名录", "在岗执法人员的证件编号和有效期。"),
        ),
        "公告和数据": (
            ("inspection", "双随机抽查", "抽查计划、抽取结果、检查情况和查处结果，抽取可以自己重算。"),
            ("information", "基本信息和结果信息", "各机关公示的清单和决定，按类别看，可以分别订阅。"),
            ("products", "事前公开一览", "哪个机关公开了事项清单、抽查清单、流程图和服务指南。"),
            ("laws", "法律依据", "执法依据的法律、法规、规章，逐条看文本和引用它的清单、决定。"),
            ("withdrawn", "撤回公告", notices),
            ("statistics", "公示统计", "按月份、种类和机关的数量，图和表。"),
            ("open-data", "开放数据", "表格、数据、订阅和接口，字段和使用要求。"),
        ),
    }
    return [
        (title, [{"href": reverse(name), "label": label, "text": text} for name, label, text in links])
        for title, links in found.items()
    ]


def door(agency: Agency, number: int) -> dict[str, str]:
    """The link to an agency."""
    text = f"已公示决定 {number:,} 条" if number else "人员、程序和联系方式"
    return {"label": agency.name, "href": reverse("agency", args=[agency.pk]), "text": text}


def figures(by_type: dict[str, int]) -> list[dict[str, str]]:
    """How many decisions of each kind can be read, kinds without any left out."""
    path = reverse("decisions")
    total = {"label": "已公示的决定", "value": f"{sum(by_type.values()):,}", "unit": "条", "href": path}
    kinds = [(code, name) for code, name in ACT_TYPES.items() if by_type.get(code)]
    rest = [
        {
            "label": name,
            "value": f"{by_type[code]:,}",
            "unit": "条",
            "href": address(path, {"act_type": code}),
        }
        for code, name in kinds
    ]
    return [total, *rest]
