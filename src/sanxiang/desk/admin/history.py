"""What was done to an agency, as its chain in the ledger tells it, and what was tried and refused. For the audit administrator."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.addresses import number_in
from sanxiang.desk.admin.place import Place, audit_place, switch_of
from sanxiang.desk.refusals import attempt_of
from sanxiang.desk.who import page
from sanxiang.door.admin.references import REFERENCES, staff
from sanxiang.door.administer import ACTS
from sanxiang.door.models import Refusal
from sanxiang.door.pinned import current
from sanxiang.law.rules import Field
from sanxiang.ledger.models import Act, Opening
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency, Certificate, Person, Post, Unit
from sanxiang.speech import role_name

PAGE = 50
INFORMANT = "informant"
LONGEST = 120
"""So many characters of one value are shown; the ledger has all of it."""


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """The agency's chain, newest first."""
    place = audit_place(request)
    rows = Act.objects.filter(subject=place.agency.pk).defer("leaf").order_by("-n")
    before = number_in(request.GET, "before")
    some = list((rows if before is None else rows.filter(n__lt=before))[: PAGE + 1])
    more, some = len(some) > PAGE, some[:PAGE]
    pager = {
        "total_text": f"共 {place.agency.n:,} 项",
        "first_href": place.href("history/") if before is not None else None,
        "next_href": place.href("history/", before=str(some[-1].n)) if more else None,
    }
    context = {"place": place, "switch": switch_of(place), "entries": entries_of(place, some), "pager": pager}
    return page(request, place.visitor, "desk/admin/history.html", context, section="admin")


@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """Administrative attempts that were refused, newest first."""
    place = audit_place(request)
    rows = Refusal.objects.filter(of_agency(place), case=None, act__in=ACTS).order_by("-pk")
    before = number_in(request.GET, "before")
    some = list((rows if before is None else rows.filter(pk__lt=before))[: PAGE + 1])
    more, some = len(some) > PAGE, some[:PAGE]
    labels = {act.id: act.label for act in ACTS.values()}
    pager = {
        "total_text": f"共 {rows.count():,} 次",
        "first_href": place.href("refusals/") if before is not None else None,
        "next_href": place.href("refusals/", before=str(some[-1].pk)) if more else None,
    }
    context = {"place": place, "attempts": [attempt_of(row, labels) for row in some], "pager": pager}
    return page(request, place.visitor, "desk/admin/refusals.html", context, section="admin")


def of_agency(place: Place) -> Q:
    """Attempts on this agency; of those kept before attempts had one, those by people within reach."""
    return Q(agency=place.agency) | Q(agency=None, by__in=staff(place.scope).values("pk"))


def entries_of(place: Place, acts: list[Act]) -> list[dict[str, Any]]:
    """Acts as a timeline. Seven queries at most, whatever their number."""
    told: dict[UUID, dict[str, Any]] = {}
    rows = Opening.objects.filter(act__in=acts).exclude(secrecy=INFORMANT)  # who reported, and what
    for act, name, value in rows.values_list("act", "name", "value"):
        told.setdefault(act, {})[name] = value
    kinds = {str(kind["code"]): str(kind["label"]) for kind in current(place.agency.locality).act_types()}
    schemes = REFERENCES["locality"].choices(place.agency, None, place.visitor.on)
    names = names_in(told) | kinds | dict(schemes)
    return [
        {
            "when": cn_datetime(timezone.localtime(act.at)),
            "who": act.by_name,
            "role": "" if act.role == "operator" else role_name(act.role),
            "label": act.label,
            "fields": fields_of(act, told.get(act.id, {}), names),
            "act_id": str(act.id),
        }
        for act in acts
    ]


def names_in(told: dict[UUID, dict[str, Any]]) -> dict[str, str]:
    """What the keys in these acts stand for. One query a kind."""
    keys = {key for said in told.values() for value in said.values() if (key := key_of(value))}
    if not keys:
        return {}
    found = {str(k): v for k, v in Person.objects.filter(pk__in=keys).values_list("pk", "name")}
    found |= {str(k): v for k, v in Unit.objects.filter(pk__in=keys).values_list("pk", "name")}
    found |= {str(k): v for k, v in Agency.objects.filter(pk__in=keys).values_list("pk", "name")}
    # Whoever audits the administrators sees no case: its number alone.
    cases = Case.objects.filter(pk__in=keys).values_list("pk", "number", "code")
    found |= {str(k): number or code for k, number, code in cases}
    posts = Post.objects.filter(pk__in=keys).select_related("person")
    found |= {str(p.pk): f"{p.person.name} {role_name(p.role)}" for p in posts}
    certificates = Certificate.objects.filter(pk__in=keys).select_related("person")
    return found | {str(c.pk): f"{c.person.name} {c.number}" for c in certificates}


def key_of(value: Any) -> UUID | None:
    """A value that is a key."""
    return uuid_of(value) if isinstance(value, str) and len(value) in (32, 36) else None


def fields_of(act: Act, told: dict[str, Any], names: dict[str, str]) -> list[dict[str, str]]:
    """What an act was told, in the words of its form; what is not in the form is the ledger's own."""
    rule = ACTS.get(act.name)
    items = rule.rule.fields if rule else ()
    return [
        {"label": item.label, "value": said(item, told[item.name], names)}
        for item in items
        if item.name in told and (told[item.name] not in ("", [], {}))
    ]


def said(item: Field, value: Any, names: dict[str, str]) -> str:
    """One value in words."""
    options = dict(item.options)
    if value is None:
        return "（清空）"
    if item.type == "rows":
        return f"{len(value)} 行"
    if isinstance(value, bool):
        return "是" if value else "否"
    if item.type == "date":
        return cn_date(value)
    if isinstance(value, list):
        return "、".join(options.get(str(v), names.get(str(v), str(v))) for v in value)[:LONGEST]
    return options.get(str(value), names.get(str(value), str(value)))[:LONGEST]
