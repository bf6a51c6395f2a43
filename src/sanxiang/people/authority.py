"""Who may do what on a given day, as plain frozen values for the door. Facts only: guards judge.

How deputies work, in one place:
- Leave moves case roles and nothing else. Whoever is on leave holds none; the deputy named in the leave holds
  them, so that on any day one person answers for a post.
- A standing deputy (`Post.deputy_for`) holds the role while the deputised post has ended, or its holder is on
  leave or may not sign in.
- Nobody deputises a deputy's borrowed roles, and an administrator deputises nobody (三员分立).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, When

from sanxiang.people import roles
from sanxiang.people.models import (
    Agency,
    Certificate,
    GrantedItem,
    Leave,
    Person,
    Post,
    Unit,
    in_force,
)


@dataclass(frozen=True)
class CertificateFact:
    """A certificate; `suspended` and `revoked` say how it stood on the day asked about."""

    number: str
    kind: str
    categories: tuple[str, ...]
    area: tuple[str, ...]
    valid_from: date
    valid_until: date
    inspected_until: date | None
    exam_passed_on: date | None
    suspended: bool
    revoked: bool


@dataclass(frozen=True)
class Actor:
    """A person in one agency on one day.

    `roles` are in force that day, borrowed ones included; `deputised` are those held only by standing in.
    `unit_ids` are the units of the person's own posts; `units_by_role` adds every unit below, and for a post
    without a unit names every unit of the agency.
    """

    id: str
    name: str
    agency_id: str
    unit_ids: tuple[str, ...]
    roles: frozenset[str]
    deputised: frozenset[str]
    units_by_role: Mapping[str, frozenset[str]]
    enforcement_unit: bool
    on_leave: bool
    certificates: tuple[CertificateFact, ...]
    legal_qualification: bool
    qualification_number: str
    started_review_on: date | None


@dataclass(frozen=True)
class OfficerFact:
    """A person named as enforcing, with agency and unit of the officer's post that day ("" without one)."""

    id: str
    name: str
    agency_id: str
    unit_id: str
    active: bool
    on_leave: bool
    exam_passed: bool
    certificates: tuple[CertificateFact, ...]


@dataclass(frozen=True)
class GrantedFact:
    """An item given to a town or sub-district, in force."""

    item_code: str
    label: str
    basis: str
    valid_until: date | None


@dataclass(frozen=True)
class Duties:
    """The posts that count for a person on one day: own ones, and those of absent people stood in for."""

    own: tuple[Post, ...]
    borrowed: tuple[Post, ...]
    on_leave: bool


def actor_of(
    person: Person,
    agency: Agency,
    on: date,
    *,
    duties: Duties | None = None,
    certificates: tuple[CertificateFact, ...] | None = None,
) -> Actor:
    """What `person` is in `agency` on the day `on`. Three queries, whatever the size of the agency.

    An inactive person, and one without a post there, holds no role. Who already knows the duties or the
    certificates of that day hands them in and saves a query each.
    """
    duties = duties or duties_of(person, on)
    own = [post for post in duties.own if post.agency_id == agency.pk]
    borrowed = [post for post in duties.borrowed if post.agency_id == agency.pk]
    below = units_below(agency)
    held: dict[str, frozenset[str]] = {}
    for post in own + borrowed:
        reach = below[post.unit_id] if post.unit_id else frozenset(map(str, below))
        held[post.role] = held.get(post.role, frozenset()) | reach
    return Actor(
        id=str(person.pk),
        name=person.name,
        agency_id=str(agency.pk),
        unit_ids=tuple(sorted({str(post.unit_id) for post in own if post.unit_id})),
        roles=frozenset(held),
        deputised=frozenset(held) - {post.role for post in own if post.deputy_for_id is None},
        units_by_role=MappingProxyType(held),
        enforcement_unit=any(post.unit is not None and post.unit.is_enforcement for post in own),
        on_leave=duties.on_leave,
        certificates=certificates_on([person.pk], on).get(person.pk, ())
        if certificates is None
        else certificates,
        legal_qualification=person.has_legal_qualification,
        qualification_number=person.qualification_number,
        started_review_on=person.started_review_on,
    )


def officers_on(ids: Iterable[str | UUID], on: date, agency: Agency | None = None) -> tuple[OfficerFact, ...]:
    """The persons named as enforcing, in the order named. Two queries, however many they are.

    An id that is nobody's, or no id at all, is left out: the caller compares lengths and refuses. A person with
    posts in several agencies is told with the one in `agency`, if there is one.
    """
    wanted = [identity for identity in map(uuid_of, ids) if identity is not None]
    here = Case(When(agency=agency, then=0), default=1)
    enforcing = Case(When(role=roles.OFFICER, then=0), default=1)
    posts = attended(on).filter(person=OuterRef("pk")).order_by(here, enforcing, "-valid_from", "pk")
    people = Person.objects.filter(pk__in=wanted).annotate(
        agency_then=Subquery(posts.values("agency")[:1], output_field=UUIDField()),
        unit_then=Subquery(posts.values("unit")[:1], output_field=UUIDField()),
        away=Exists(Leave.objects.filter(in_force(on), person=OuterRef("pk"))),
    )
    found = {
        row["pk"]: row for row in people.values("pk", "name", "active", "agency_then", "unit_then", "away")
    }
    certificates = certificates_on(wanted, on)
    return tuple(
        officer_fact(found[identity], certificates.get(identity, ()), on)
        for identity in dict.fromkeys(wanted)
        if identity in found
    )


def agencies_visible(person: Person, on: date, duties: Duties | None = None) -> frozenset[UUID]:
    """Keys of the agencies whose records this person may see on the day `on`, by case roles alone.

    Everybody sees the agencies of the posts held or stood in for. A supervisor sees what is below: in the
    supervising agency of a government (司法局) that is everything below the government, for its legal reviewers
    too (东营区: the government's legal office aggregates across departments); elsewhere the agency's own subtree.
    One query for the duties, if they are not handed in, and one for the tree where somebody looks down it.
    """
    duties = duties or duties_of(person, on)
    posts = [post for post in duties.own + duties.borrowed if post.role not in roles.ADMIN_ROLES]
    roots = set()
    for post in posts:
        if post.agency.is_supervisor and post.role in roles.ACROSS_ROLES:
            roots.add(post.agency.parent_id or post.agency_id)
        elif post.role == roles.SUPERVISOR:
            roots.add(post.agency_id)
    seen = {post.agency_id for post in posts}
    return frozenset(seen | agencies_below(roots))


def agencies_reached(person: Person, on: date, duties: Duties | None = None) -> dict[str, frozenset[UUID]]:
    """For each role that reaches downwards the keys of the agencies in which it counts on the day `on`.

    These are the administrators 三员 and supervisors: their post counts in its own agency and in all below it; in the
    supervising agency of a government in everything below the government. One query for the duties, if they are not
    handed in, and one for the tree where somebody looks down it.
    """
    duties = duties or duties_of(person, on)
    roots: dict[str, set[UUID]] = {}
    for post in duties.own + duties.borrowed:
        if post.role in roles.ADMIN_ROLES or post.role == roles.SUPERVISOR:
            above = post.agency.parent_id if post.agency.is_supervisor else None
            roots.setdefault(post.role, set()).add(above or post.agency_id)
    return {role: frozenset(agencies_below(found)) for role, found in roots.items()}


def agencies_below(roots: set[UUID]) -> set[UUID]:
    """Keys of these agencies and of every agency below them. One query; none where there is no root."""
    if not roots:
        return set()
    children: dict[UUID, list[UUID]] = {}
    for key, parent in Agency.objects.values_list("pk", "parent"):
        children.setdefault(parent or key, []).append(key)
    return {key for root in roots for key in subtree(root, children)}


def granted_on(agency: Agency, on: date) -> tuple[GrantedFact, ...]:
    """The items that the province has given to this town or sub-district, as of the day `on`. One query."""
    rows = GrantedItem.objects.filter(in_force(on), agency=agency).order_by("item_code", "valid_from")
    return tuple(GrantedFact(row.item_code, row.label, row.basis, row.valid_until) for row in rows)


def heads_on(agency: Agency, on: date) -> dict[str, str]:
    """Who is head of the agency on the day `on`, name by id: 正职 and 副职 hold the same post. Two queries.

    Whoever is on leave is not there; the deputy named in the leave is.
    """
    posts = attended(on).filter(agency=agency, role=roles.AGENCY_HEAD, person__active=True)
    held = [post.person for post in posts.select_related("person")]
    leaves = Leave.objects.filter(in_force(on), person__in=held).select_related("deputy")
    deputies = {leave.person_id: leave.deputy for leave in leaves}
    there = [deputies.get(person.pk, person) for person in held]
    return {str(person.pk): person.name for person in there if person is not None and person.active}


def staff_on(agency: Agency, on: date) -> dict[str, str]:
    """Everybody with a post in the agency on that day that touches cases, name by id. One query."""
    posts = attended(on).filter(agency=agency, role__in=roles.CASE_ROLES, person__active=True)
    return {str(key): name for key, name in posts.values_list("person", "person__name")}


def attended(on: date) -> QuerySet[Post]:
    """Posts in force on the day `on`; a standing deputy's only while the post it stands in for is unattended."""
    away = Exists(Leave.objects.filter(in_force(on), person=OuterRef("deputy_for__person")))
    unattended = Q(deputy_for__person__active=False) | ~in_force(on, "deputy_for__")
    return Post.objects.filter(in_force(on)).filter(Q(deputy_for__isnull=True) | Q(away) | unattended)


def duties_of(person: Person, on: date) -> Duties:
    """The posts that count for this person on the day `on`, in all agencies, with agency and unit. One query.

    Who holds no post that day counts as not on leave.
    """
    leaves = Leave.objects.filter(in_force(on), person=OuterRef("person"))
    ours = Q(person=person) | Q(Exists(leaves.filter(deputy=person)))
    rows = (
        attended(on)
        .filter(ours)
        .annotate(absent=Exists(leaves))
        .select_related("unit", "agency")
        .order_by("pk")
    )
    posts = list(rows)
    own = [post for post in posts if post.person_id == person.pk]
    on_leave = any(post.absent for post in own)
    if not person.active:
        return Duties((), (), on_leave)
    # An administrator's post has no deputy, so leave does not take it away: nobody else could work.
    admin = tuple(post for post in own if post.role in roles.ADMIN_ROLES)
    if on_leave or admin:
        return Duties(admin, (), on_leave)
    borrowed = (
        post
        for post in posts
        if post.person_id != person.pk and post.deputy_for_id is None and post.role in roles.CASE_ROLES
    )
    return Duties(tuple(own), tuple(borrowed), on_leave)


def certificates_on(people: Iterable[UUID], on: date) -> dict[UUID, tuple[CertificateFact, ...]]:
    """All certificates of these people, expired ones too, as they stood on the day `on`. One query."""
    held: dict[UUID, tuple[CertificateFact, ...]] = {}
    for row in Certificate.objects.filter(person__in=people).order_by("kind", "number"):
        begun = row.suspended_from is not None and row.suspended_from <= on
        fact = CertificateFact(
            number=row.number,
            kind=row.kind,
            categories=tuple(row.categories),
            area=tuple(row.area),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            inspected_until=row.inspected_until,
            exam_passed_on=row.exam_passed_on,
            suspended=begun and (row.suspended_until is None or on <= row.suspended_until),
            revoked=row.revoked_on is not None and row.revoked_on <= on,
        )
        held[row.person_id] = (*held.get(row.person_id, ()), fact)
    return held


def officer_fact(row: Mapping[str, Any], certificates: tuple[CertificateFact, ...], on: date) -> OfficerFact:
    """One row of the query in `officers_on` as a fact."""
    return OfficerFact(
        id=str(row["pk"]),
        name=row["name"],
        agency_id=str(row["agency_then"] or ""),
        unit_id=str(row["unit_then"] or ""),
        active=row["active"],
        on_leave=row["away"],
        exam_passed=any(
            fact.exam_passed_on is not None and fact.exam_passed_on <= on for fact in certificates
        ),
        certificates=certificates,
    )


def units_below(agency: Agency) -> dict[UUID, frozenset[str]]:
    """For each unit of the agency the unit itself and every unit below it. One query."""
    units = Unit.objects.filter(agency=agency).values_list("pk", "parent")
    children: dict[UUID, list[UUID]] = {}
    for unit, parent in units:
        children.setdefault(parent or unit, []).append(unit)
    return {unit: frozenset(map(str, subtree(unit, children))) for unit, _ in units}


def subtree(root: UUID, children: Mapping[UUID, list[UUID]]) -> set[UUID]:
    """`root` and all below it; a ring of parents, which nothing forbids, ends where it began."""
    seen: set[UUID] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += children.get(node, [])
    return seen


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """Names of people by id; what is nobody's id is left out. One query."""
    keys = {key for key in map(uuid_of, ids) if key is not None}
    return {str(key): name for key, name in Person.objects.filter(pk__in=keys).values_list("pk", "name")}


def uuid_of(text: str | UUID) -> UUID | None:
    """The key that somebody wrote, or None when it is no key."""
    if isinstance(text, UUID):
        return text
    try:
        return UUID(str(text))
    except ValueError:
        return None
