"""亮证卡: a card for each officer, to print or to show on a telephone; its code leads to the certificate as it stands at that moment."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from sanxiang.cases.papers.code import address_code
from sanxiang.desk.who import page, visitor_of
from sanxiang.registers.before.roster import Line, areas, pack_in, roster, row_of


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """The cards of everybody who may enforce today in the visitor's own agencies; `person` in the address narrows them."""
    visitor = visitor_of(request)
    asked = request.GET.get("person", "")
    agencies = set(visitor.workplaces) | visitor.administered
    lines = [line for line in roster(visitor.on, agencies) if asked in ("", str(line.person))]
    named = areas()
    context = {"cards": [card_of(line, named) for line in lines], "one": asked}
    return page(request, visitor, "desk/cards.html", context, section="registers")


def card_of(line: Line, named: dict[str, str]) -> dict[str, Any]:
    """One card: the roster's fields and the code."""
    row = row_of(line, pack_in(line.agency.locality), named)
    path = reverse("verify-certificate", args=[line.certificate])
    return {
        "title": line.name,
        "rows": [{"label": label, "value": value} for label, value in row.items() if label != "姓名"],
        "code": address_code(path),
        "href": path,
    }
