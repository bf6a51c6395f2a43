"""公示抽查: what supervisors found in what was published, who puts it right; and today's sample to look at."""

from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Publication
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.complaints.voices import BARRED, READERS
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.voices.spot_checks import CLOSE, FILE, OWNERS, SETTLE, SETTLED, SpotCheck, checks_in
from sanxiang.door.voices.subjects import ABOUT, DECISION, LIST
from sanxiang.people import roles
from sanxiang.people.models import Agency
from sanxiang.registers.models import Register

SAMPLE = 5
TONES = {"待改正": "amber", "待复核": "blue", "已销号": "green"}


@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """The findings, newest first; for supervisors some published items of the day."""
    visitor = visitor_of(request)
    if not visitor.roles & READERS:
        raise PermissionDenied(BARRED)
    agencies = visitor.agencies_as(READERS)
    names = dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "name"))
    found = checks_in(agencies)
    rows = [drawn(one, names, visitor) for one in found]
    context = {"rows": rows, "sample": sample_of(visitor, names)}
    return page(request, visitor, "desk/complaints/spot_checks.html", context, section="ledger")


def sample_of(visitor: Visitor, names: dict[UUID, str]) -> list[dict[str, str]]:
    """Some published decisions and lists, others each day: to open, and to file a finding about. Two queries, none for others."""
    watched = visitor.agencies_as({roles.SUPERVISOR})
    if not watched:
        return []
    start = uuid5(NAMESPACE_URL, f"spot-check {visitor.on}")
    rows = Publication.objects.filter(status="published", agency__in=watched)
    picked = [
        *rows.filter(pk__gte=start).order_by("pk")[:SAMPLE],
        *rows.filter(pk__lt=start).order_by("pk")[:SAMPLE],
    ]
    lists = Register.objects.filter(agency__in=watched).order_by("agency", "kind")
    return [
        *(
            _line(
                DECISION, str(row.pk), row.title or row.number, row.agency_id, f"/decisions/{row.pk}/", names
            )
            for row in picked[:SAMPLE]
        ),
        *(
            _line(
                LIST,
                f"{row.agency_id}/{row.kind}",
                row.label,
                row.agency_id,
                f"/agencies/{row.agency_id}/",
                names,
            )
            for row in lists
        ),
    ]


def _line(
    about: str, key: str, title: str, agency: UUID, href: str, names: dict[UUID, str]
) -> dict[str, str]:
    query = urlencode({"agency": str(agency), "about": about, "key": key})
    return {
        "label": f"{ABOUT[about]}：{title}",
        "agency": names.get(agency, ""),
        "href": href,
        "file": f"/desk/admin/acts/{FILE}/?{query}",
    }


def drawn(one: SpotCheck, names: dict[UUID, str], visitor: Visitor) -> dict[str, Any]:
    """One finding as the page draws it, with what the visitor may do about it now."""
    act = {"待改正": SETTLE, "待复核": CLOSE}.get(one.state, "")
    role = OWNERS[one.about] if act == SETTLE else roles.SUPERVISOR
    may = bool(act) and one.agency in visitor.agencies_as({role})
    query = urlencode({"agency": str(one.agency), "check": one.number})
    return {
        "one": one,
        "tone": "red" if one.late(visitor.on) else TONES[one.state],
        "about": ABOUT.get(one.about, ""),
        "agency": names.get(one.agency, ""),
        "due": cn_date(one.due) if one.due else "未设定（本地方案没有规定更正的天数），请及时改正",
        "outcome": SETTLED.get(one.outcome, ""),
        "act": f"/desk/admin/acts/{act}/?{query}" if may else "",
        "act_label": "回复" if act == SETTLE else "复核",
    }
