"""The pages of the three administrators 三员: how far an agency is set up, its people, what stands on record of each.

Who administers nothing finds none of it. No case is shown here, and nobody who sees these pages sees cases.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from sanxiang.desk.admin import lists as lists
from sanxiang.desk.admin.place import admin_place, place_of, switch_of
from sanxiang.desk.who import HOUSEKEEPERS, page
from sanxiang.door.admin.references import staff

SHOWN = (
    {"value": "", "label": "全部"},
    {"value": "bare", "label": "没有岗位的"},
    {"value": "expiring", "label": "证件将到期的"},
)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is there, and what a first case still takes."""
    place = place_of(request)
    if not place.roles & HOUSEKEEPERS:
        raise Http404("执法人员办理的登记在各自的页面上")
    checklist = lists.checklist_of(place) if place.is_admin else []
    context = {
        "place": place,
        "switch": switch_of(place),
        "groups": lists.groups_of(place),
        "checklist": checklist,
        "lacking": sum(not line["met"] for line in checklist),
        "figures": lists.figures_of(place) if place.is_admin else [],
        "units": lists.units_table(place) if place.is_admin else None,
        "registers": lists.registers_of(place) if place.is_admin else [],
    }
    return page(request, place.visitor, "desk/admin/overview.html", context, section="admin")


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The agency's people."""
    place = admin_place(request)
    asked = {name: request.GET.get(name, "") for name in ("q", "show", "page")}
    tabs = [
        {
            "label": one["label"],
            "href": place.href("people/", show=one["value"]),
            "current": asked["show"] == one["value"],
        }
        for one in SHOWN
    ]
    context = {
        "place": place,
        "switch": switch_of(place),
        "table": lists.people_table(place, asked),
        "tabs": tabs,
    }
    return page(request, place.visitor, "desk/admin/people.html", {**context, **asked}, section="admin")


@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: account, posts, certificates, leave."""
    place = admin_place(request)
    found = get_object_or_404(staff(place.scope), pk=person_id)
    context = {"place": place, "person": found, "people_href": place.href("people/")}
    context |= lists.person_parts(place, found)
    return page(request, place.visitor, "desk/admin/person.html", context, section="admin")
