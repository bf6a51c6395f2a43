"""The flowchart of a procedure as the public sees it: drawn from what the desk executes, with a text for whoever cannot see it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.timezone import localdate

from sanxiang.law import flowchart
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import Pack, list_packs, load_pack
from sanxiang.law.recording.matrix import MATRIX
from sanxiang.registers.releases import in_force_openly
from sanxiang.square.page import FRESH, page, public


def pack_with(locality: str, procedure: str) -> Pack:
    """The locality's pack, once it is sure that it has this procedure. Raises Http404."""
    if locality not in list_packs():
        raise Http404
    try:
        pack = load_pack(locality)
    except PackError as error:
        raise Http404 from error
    if procedure not in pack.procedures:
        raise Http404
    return pack


def matrix_of(locality: str) -> list[dict[str, Any]]:
    """What the locality's agencies published as recorded beyond the scheme; with the agency's name where there are several."""
    found = in_force_openly(localdate()).filter(register__agency__locality=locality, register__kind=MATRIX)
    releases = list(found.select_related("register__agency").order_by("register__agency__name"))
    if len(releases) == 1:
        return list(releases[0].rows)
    return [
        {**row, "内容": f"{one.register.agency.name}：{row.get('内容', '')}"}
        for one in releases
        for row in one.rows
    ]


@public
def procedure(request: HttpRequest, locality: str, name: str) -> HttpResponse:
    """The page with picture and text."""
    pack, own = pack_with(locality, name), matrix_of(locality)
    context = {
        "section": "agencies",
        "pack": pack,
        "procedure": pack.procedures[name],
        # Built by ElementTree, which escapes every word of the pack.
        "picture": mark_safe(flowchart.svg(pack, name, own)),
        "steps": [
            (step.label, flowchart.sentence(step).removeprefix(f"{step.label}。"))
            for step in flowchart.steps(pack, name, own)
        ],
    }
    return page(request, "square/procedure.html", context)


@public
def picture(request: HttpRequest, locality: str, name: str, form: str) -> HttpResponse:
    """The chart as a file: SVG, or BPMN 2.0 XML for other tools."""
    pack, own = pack_with(locality, name), matrix_of(locality)
    if form == "svg":
        response = HttpResponse(flowchart.svg(pack, name, own), content_type="image/svg+xml; charset=utf-8")
    else:
        response = HttpResponse(
            flowchart.bpmn(pack, name, own), content_type="application/xml; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{locality}-{name}.bpmn"'
    response["Cache-Control"] = FRESH
    return response
