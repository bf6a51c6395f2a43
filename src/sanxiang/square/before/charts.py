"""The published flowcharts of an agency: each with its picture and its words, and the kinds of acts that have none yet."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from sanxiang.people.models import Agency
from sanxiang.registers.before.charts import KIND, PROCEDURE, kinds_of, missing, procedures_of, published
from sanxiang.registers.before.told import Told, told_by
from sanxiang.square.page import page, public
from sanxiang.square.registers import in_place

NONE_YET = {"title": "还没有公布流程图", "text": "机关公布以后，各类执法行为的流程图和文字说明列在这里。"}


@public
def charts(request: HttpRequest, identity: UUID) -> HttpResponse:
    """All charts of one agency that are published."""
    organ = get_object_or_404(Agency, pk=identity, active=True)
    told = told_by([organ], timezone.localdate())[0]
    gone = in_place(told, KIND)
    context = {
        "section": "agencies",
        "agency": organ,
        "empty": gone or NONE_YET,
        "release": told.releases.get(KIND),
        "charts": charts_of(told),
        "missing": [f"{one.unit}{one.label}" for one in missing(told) if not one.stale],
    }
    return page(request, "square/charts.html", context, status=410 if gone else 200)


def charts_of(told: Told) -> list[dict[str, Any]]:
    """Each published chart by unit and kind of act, procedure by procedure."""
    return [
        {"title": f"{label}{f'（{unit}）' if unit else ''}", "procedures": drawn_of(told, label, rows)}
        for (unit, label), rows in published(told).items()
    ]


def drawn_of(told: Told, label: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The procedures of one chart: the picture while the desk still executes it, and the published words in any case."""
    pack = told.pack
    codes = [code for code, name in kinds_of(pack).items() if name == label] if pack else []
    names = (
        {pack.procedures[one].label: one for code in codes for one in procedures_of(pack, code)}
        if pack
        else {}
    )
    found = []
    for name in dict.fromkeys(str(row.get(PROCEDURE, label)) for row in rows):
        steps = [row for row in rows if str(row.get(PROCEDURE, label)) == name]
        key = names.get(name)
        found.append({
            "label": name,
            "steps": [(row.get("步骤", ""), row.get("文字说明", "")) for row in steps],
            "picture": reverse("procedure-svg", args=[told.organ.locality, key]) if key else "",
            "href": reverse("procedure", args=[told.organ.locality, key]) if key else "",
        })  # fmt: skip
    return found
