"""What somebody may speak about: a decision, an officer, an agency, a list, an inspection; and at which desk the voice arrives."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from sanxiang.cases.disclosure.published import shown
from sanxiang.cases.models import Publication
from sanxiang.people import roles
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency, Certificate, Post, in_force
from sanxiang.registers.releases import begun_openly

DECISION, OFFICER, AGENCY, LIST, INSPECTION = "decision", "officer", "agency", "list", "inspection"
ABOUT = {
    DECISION: "执法决定",
    OFFICER: "执法人员",
    AGENCY: "执法机关",
    LIST: "公示的清单、指南",
    INSPECTION: "行政检查",
}
COMPLAINT, OBJECTION, ERROR, IDEA = "complaint", "objection", "error", "idea"
KINDS = {COMPLAINT: "投诉举报", OBJECTION: "异议", ERROR: "纠错", IDEA: "意见建议"}
LIMITS = {
    COMPLAINT: "complaint.reply_limit",
    OBJECTION: "correction.limit",
    ERROR: "correction.limit",
    IDEA: "complaint.reply_limit",
}
"""Which parameter of a scheme says within how many working days there is an answer."""


@dataclass(frozen=True)
class Subject:
    """One thing that is spoken about; `version` is how it stood."""

    about: str
    key: str
    title: str
    agency: Agency
    version: str = ""


def subject_of(about: str, key: str, on: date) -> Subject | None:
    """The subject of that key, as the public may see it; None where there is none."""
    find = {DECISION: _decision, OFFICER: _officer, LIST: _list}.get(about)
    if find:
        return find(key, on)
    identity = uuid_of(key)
    organ = Agency.objects.filter(pk=identity, active=True).first() if identity else None
    return Subject(about, str(organ.pk), organ.name, organ) if organ and about in ABOUT else None


def _decision(key: str, on: date) -> Subject | None:
    identity = uuid_of(key)
    if identity is None:
        return None
    row = Publication.objects.filter(shown(), pk=identity).select_related("agency").first()
    if row is None:
        return None
    title = " ".join(filter(None, (row.title, row.number)))[:200] or "未载明标题的决定"
    return Subject(DECISION, str(row.pk), title, row.agency, f"{row.status} {row.text_digest}")


def _officer(key: str, on: date) -> Subject | None:
    row = Certificate.objects.filter(number__iexact=key.strip()).select_related("person").first()
    if row is None:
        return None
    posts = Post.objects.filter(person=row.person_id, role__in=roles.CASE_ROLES).select_related("agency")
    enforcing = posts.filter(in_force(on)).order_by("-role", "pk")
    post = enforcing.filter(role=roles.OFFICER).first() or enforcing.first() or posts.order_by("-pk").first()
    if post is None:
        return None
    return Subject(OFFICER, row.number, f"{row.person.name}（证件编号 {row.number}）", post.agency)


def _list(key: str, on: date) -> Subject | None:
    agency, _, kind = key.partition("/")
    identity = uuid_of(agency)
    if identity is None:
        return None
    told = begun_openly(on).select_related("register__agency")
    row = told.filter(register__agency=identity, register__agency__active=True, register__kind=kind).first()
    if row is None or not row.rows:  # nothing in force, or taken down
        return None
    return Subject(LIST, key, row.register.label, row.register.agency, str(row.version))


def desk_of(kind: str, agency: Agency, on: date) -> tuple[UUID, str]:
    """The agency and the role that answer: complaints and ideas go to who supervises, above first; the rest to the agency itself.

    Where nobody there could answer, to who supervises likewise.
    """
    posts = Post.objects.filter(in_force(on), person__active=True)
    own = {ERROR: roles.DISCLOSURE_EDITOR, OBJECTION: roles.AGENCY_HEAD}.get(kind)
    if own and posts.filter(agency=agency, role=own).exists():
        return agency.pk, own
    watching = posts.filter(role=roles.SUPERVISOR)
    organ: Agency | None = agency
    while organ is not None:
        beside = Q(agency__parent=organ.parent_id, agency__is_supervisor=True) if organ.parent_id else Q()
        here = Q(agency__parent=organ.pk, agency__is_supervisor=True) | Q(agency=organ.pk)
        post = watching.filter(here | beside if beside else here).order_by("pk").first()
        if post:
            return post.agency_id, roles.SUPERVISOR
        organ = organ.parent
    return agency.pk, own or roles.AGENCY_HEAD
