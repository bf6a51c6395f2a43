"""The flowchart of a procedure as the public sees it: drawn from what the desk executes, with a text for whoever cannot see it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from sanxiang.law import flowchart
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import Pack, list_packs, load_pack
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


@public
def procedure(request: HttpRequest, locality: str, name: str) -> HttpResponse:
    """The page with picture and text."""
    pack = pack_with(locality, name)
    context = {
        "section": "agencies",
        "pack": pack,
        "procedure": pack.procedures[name],
        # Built by ElementTree, which escapes every word of the pack.
        "picture": mark_safe(flowchart.svg(pack, name)),
        "steps": [
            (step.label, flowchart.sentence(step).removeprefix(f"{step.label}。"))
            for step in flowchart.steps(pack, name)
        ],
    }
    return page(request, "square/procedure.html", context)


@public
def picture(request: HttpRequest, locality: str, name: str, form: str) -> HttpResponse:
    """The chart as a file: SVG, or BPMN 2.0 XML for other tools."""
    pack = pack_with(locality, name)
    if form == "svg":
        response = HttpResponse(flowchart.svg(pack, name), content_type="image/svg+xml; charset=utf-8")
    else:
        response = HttpResponse(flowchart.bpmn(pack, name), content_type="application/xml; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{locality}-{name}.bpmn"'
    response["Cache-Control"] = FRESH
    return response
