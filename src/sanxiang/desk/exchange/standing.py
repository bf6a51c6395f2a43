"""数据交换: per connector what the other side has, has not, and why; mirrored cases; sums of organs whose cases stay elsewhere."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.desk.leafing import leaf
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.exchange.mirrors import AMOUNT, COUNT, KIND, PERIOD, mirrors_in, sums_in
from sanxiang.door.exchange.online import shares
from sanxiang.door.exchange.receipts import KEEPERS
from sanxiang.door.models import Connector, Outgoing
from sanxiang.exchange.reconciling import STATES, standing
from sanxiang.people.models import Agency
from sanxiang.speech import cn_day

HERE = "/desk/exchange/"
TONES = {"queued": "amber", "sent": "amber", "dead": "red"}
HOW = {"missing": "对方没有", "different": "内容不同", "unknown": "对方多出"}


@require_GET
def exchange(request: HttpRequest) -> HttpResponse:
    """The page: what is set up, what waits or did not arrive, what differed when the other side was last asked."""
    visitor = visitor_of(request)
    names = dict(Agency.objects.filter(pk__in=visitor.agencies).values_list("pk", "name"))
    rows = Connector.objects.filter(messages__agency__in=names).values("pk")
    seen = Connector.objects.filter(pk__in=rows) | Connector.objects.filter(agency__in=names)
    connectors = list(seen.select_related("agency").order_by("agency__name", "code").distinct())
    context = {
        "overview": overview(connectors),
        "waiting": waiting(visitor, names, bool(connectors), request.GET),
        "differences": differences(connectors, request.GET),
        "mirrors": mirrors(names, request.GET),
        "sums": sums(names, request.GET),
        "online": online(names, visitor.on.year),
    }
    return page(request, visitor, "desk/exchange/exchange.html", context, section="more")


def table(caption: str, columns: str, rows: list[list[Any]], empty: tuple[str, str]) -> dict[str, Any]:
    """Lines as a table; a cell is a text or a cell already."""
    drawn = [
        {"cells": [cell if isinstance(cell, dict) else {"text": str(cell)} for cell in row]} for row in rows
    ]
    return {
        "caption": caption,
        "columns": [{"label": one} for one in columns.split()],
        "rows": drawn,
        "total": len(drawn),
        "empty": {"title": empty[0], "text": empty[1]},
    }


def leafed(
    caption: str, columns: str, rows: list[list[Any]], empty: tuple[str, str], asked: QueryDict, name: str
) -> dict[str, Any]:
    """A leaf of lines that have an order of their own, which their places keep."""
    places = [(f"{place:08}", row) for place, row in enumerate(rows)]
    shown, told = leaf(places, lambda one: one[0], asked.get(name, ""), HERE, name)
    return table(caption, columns, [row for _, row in shown], empty) | told


def stamp(moment: Any) -> str:
    """A moment as pages write it; a dash for none."""
    return timezone.localtime(moment).strftime("%Y年%-m月%-d日 %H:%M") if moment else "—"


def overview(connectors: list[Connector]) -> dict[str, Any]:
    """One line a connector: how many messages stand where."""
    rows: list[list[Any]] = []
    for one in standing(connectors):
        counts, connector = one["counts"], one["connector"]
        badge = {"label": "在用", "tone": "green"} if connector.active else {"label": "停用", "tone": "plain"}
        rows.append(
            [
                {"text": connector.name, "sub": connector.agency.name, "badge": badge},
                counts["accepted"],
                counts["queued"] + counts["sent"],
                counts["dead"],
                stamp(one["oldest"]),
                stamp(connector.compared_at),
            ]
        )
    empty = ("还没有设置对接系统", "系统管理员在“管理”里用“设置对接系统”登记地址和所送的内容。")
    return table("对接系统", "系统 对方已收 等待 没有送到 最早等待 上次对账", rows, empty)


def waiting(visitor: Visitor, names: dict[Any, str], connected: bool, asked: QueryDict) -> dict[str, Any]:
    """What has not arrived, the given up first; whoever looks after it may send it again or put it aside."""
    found = Outgoing.objects.filter(agency__in=names, state__in=TONES).order_by("state", "pk")
    keys = list(found.values_list("state", "pk"))
    shown, told = leaf(keys, lambda one: f"{one[0]} {one[1]:012}", asked.get("waiting", ""), HERE, "waiting")
    rows: list[list[Any]] = []
    for one in found.filter(pk__in=[key for _, key in shown]).select_related("connector"):
        keeps = bool(visitor.roles_in(one.agency_id) & set(KEEPERS)) and one.state == "dead"
        rows.append(
            [
                one.connector.name,
                {"text": one.label, "sub": names[one.agency_id]},
                {"text": "", "badge": {"label": STATES[one.state], "tone": TONES[one.state]}},
                f"{one.error or '还没有轮到'}（试了 {one.tries} 次）",
                {"text": "" if keeps else "—", "links": links(one) if keeps else []},
            ]
        )
    empty = ("没有等待的消息", "写下的都已经送到。" if connected else "还没有设置对接系统，没有发送过消息。")
    return table("没有送到的", "系统 内容 状态 原因 办理", rows, empty) | told


def links(message: Outgoing) -> list[dict[str, str]]:
    """The two acts on a dead letter, with the message filled in."""
    asked = urlencode({"agency": message.agency_id, "message": message.pk})
    return [
        {"text": label, "href": f"/desk/admin/acts/{act}/?{asked}"}
        for act, label in (("retry-delivery", "重新发送"), ("discard-delivery", "放弃发送"))
    ]


def differences(connectors: list[Connector], asked: QueryDict) -> dict[str, Any]:
    """What the other side did not have, or had otherwise, when it was last asked."""
    rows: list[list[Any]] = []
    for connector in connectors:
        found = connector.compared or {}
        if "error" in found:
            rows.append([connector.name, "—", "没有答复", found["error"]])
        for one in found.get("differences") or ():
            how = HOW.get(one["how"], STATES.get(one["how"], one["how"]))
            rows.append(
                [
                    connector.name,
                    {"text": one["label"] or one["subject"], "sub": one["subject"]},
                    how,
                    one["why"],
                ]
            )
    said = "上次对账没有差别" if any(one.compared for one in connectors) else "还没有对过账"
    empty = (said, f"每天 {settings.RECONCILE_HOUR % 24} 时起自动问对方有什么，结果列在这里。")
    return leafed("对账差别", "系统 对象 差别 原因", rows, empty, asked, "differences")


def mirrors(names: dict[Any, str], asked: QueryDict) -> dict[str, Any]:
    """Cases that are worked in other systems."""
    rows: list[list[Any]] = [
        [
            {"text": one.external_id, "sub": one.source},
            {"text": one.title, "sub": ACT_TYPES.get(one.act_type, one.act_type)},
            {"text": one.status, "sub": cn_day(one.on)},
            names[one.agency],
        ]
        for one in mirrors_in(list(names))
    ]
    empty = ("没有镜像的案件", "在其他系统办理的案件，状态由接口同步到这里。")
    return leafed("在其他系统办理的案件", "受理编号 事项 状态 机关", rows, empty, asked, "mirrors")


def sums(names: dict[Any, str], asked: QueryDict) -> dict[str, Any]:
    """Sums of organs whose cases stay in their own network."""
    rows: list[list[Any]] = [
        [
            row[PERIOD],
            row[KIND],
            row[COUNT],
            row.get(AMOUNT, "—"),
            {"text": names[row["agency"]], "sub": row["source"]},
        ]
        for row in sums_in(list(names))
    ]
    empty = ("没有办案汇总", "案件在公安网络办理的机关，只收汇总数。")
    return leafed("只报汇总的办案数", f"{PERIOD} {KIND} {COUNT} {AMOUNT} 机关", rows, empty, asked, "sums")


def online(names: dict[Any, str], year: int) -> dict[str, Any]:
    """How much of each kind of act is worked here, of everything that was."""
    rows: list[list[Any]] = []
    for one in shares(list(names), year):
        badge = {"label": "应当网上办理", "tone": "green"} if one.online else {}
        kind = {"text": ACT_TYPES.get(one.act_type, one.act_type), "sub": names[one.agency]}
        rate = "—" if one.share is None else f"{one.share:.1%}"
        rows.append([{**kind, "badge": badge} if badge else kind, one.here, one.on_paper, rate])
    empty = ("今年还没有案件", "线下办理的用“登记线下办理的案件”登记。")
    found = table(f"网上办理率（{year}年，件）", "种类 平台办理 线下办理 网上办理率", rows, empty)
    return found | {"total": None}  # a table of figures: how many lines it has tells nothing
