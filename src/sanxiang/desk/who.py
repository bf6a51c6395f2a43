"""Who sits at the desk: the posts of the day, what they may see, and the frame that every page has."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

from django.db.models import Count, IntegerField, Q, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.desk.turns import turns_of
from sanxiang.door import linking
from sanxiang.door.administer import ACTS
from sanxiang.door.looks.given import given
from sanxiang.door.models import Task
from sanxiang.door.reading import Reading, reading_of
from sanxiang.door.recording.field_devices import owner_of
from sanxiang.door.tasks import waiting_for
from sanxiang.people import roles
from sanxiang.people.authority import Duties, agencies_reached, agencies_visible, duties_of
from sanxiang.people.models import Agency, Person, Post

MANAGERS = roles.ADMIN_ROLES.union(*(act.by for act in ACTS.values() if act.group))
"""Who has an act on an agency to do, or its history to read."""
HOUSEKEEPERS = MANAGERS - {roles.OFFICER}
"""Who has a page of management: what an officer does to a register stands on the register's own page."""
OVERSEERS = frozenset({roles.SUPERVISOR, roles.RECORDING_SUPERVISOR, roles.AGENCY_HEAD})
"""Who oversees how cases are handled: what was refused, what was reminded of, what was entered late."""
WATCHERS = OVERSEERS | {roles.AUDIT_ADMIN}
"""Who reads the record of who looked at what 调阅记录."""
EDITORIAL = (roles.DISCLOSURE_EDITOR, roles.DISCLOSURE_APPROVER)


@dataclass(frozen=True)
class Visitor:
    """The person signed in, with the posts that count today and the agencies whose records they open."""

    person: Person
    on: date
    duties: Duties
    agencies: frozenset[uuid.UUID]
    reading: Reading
    """What the request looks at, for the record of it."""

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """Own posts and those stood in for."""
        return self.duties.own + self.duties.borrowed

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role held today, wherever."""
        return frozenset(post.role for post in self.posts)

    @cached_property
    def home(self) -> Agency | None:
        """The agency that the pages are headed with: that of the first post."""
        return self.posts[0].agency if self.posts else None

    @cached_property
    def reached(self) -> dict[str, frozenset[uuid.UUID]]:
        """Administrators and supervisors: the agencies over which each role counts. One query, none for others."""
        return agencies_reached(self.person, self.on, self.duties)

    @cached_property
    def administered(self) -> frozenset[uuid.UUID]:
        """The agencies that the visitor looks after as an administrator."""
        return frozenset().union(*(keys for role, keys in self.reached.items() if role in roles.ADMIN_ROLES))

    def roles_in(self, agency: uuid.UUID) -> frozenset[str]:
        """The roles held today in one agency."""
        return frozenset(post.role for post in self.posts if post.agency_id == agency)

    def agencies_as(self, wanted: Collection[str]) -> frozenset[uuid.UUID]:
        """The agencies in which one of these roles counts: a role held in one agency opens nothing in another."""
        own = {post.agency_id for post in self.posts if post.role in wanted}
        return frozenset(own.union(*(keys for role, keys in self.reached.items() if role in wanted)))

    def works_in(self, agency: uuid.UUID) -> bool:
        """Is this one of the visitor's own agencies, or one only looked into from above?"""
        return bool(self.roles_in(agency) - {roles.SUPERVISOR})

    @cached_property
    def turns(self) -> list[Task]:
        """Cases that have come to the visitor's own step as head or officer. One query for each of the two, none for others."""
        return turns_of(self.person, self.posts, timezone.now())

    @cached_property
    def workplaces(self) -> dict[uuid.UUID, Agency]:
        """The agencies in which the visitor holds a post that touches cases."""
        return {post.agency_id: post.agency for post in self.posts if post.role in roles.CASE_ROLES}


def visitor_of(request: HttpRequest) -> Visitor:
    """Who asks. One query, two for those who look down an agency's tree."""
    person = cast(Person, request.user)  # LoginRequiredMiddleware lets nobody else come here
    on = timezone.localdate()
    duties = duties_of(person, on)
    looks = reading_of(request).by(person, duties.own + duties.borrowed)
    return Visitor(person, on, duties, agencies_visible(person, on, duties), looks)


def cases_of(visitor: Visitor) -> Any:
    """The cases that the visitor may see at all; everything else does not exist for them."""
    return Case.objects.filter(agency__in=visitor.agencies)


def case_for(visitor: Visitor, case_id: uuid.UUID) -> Case:
    """One case, opened to be looked at, with agency and unit. Http404 where it belongs to others, or to no one.

    Raises ReasonWanted where the visitor has no duty in it and has not said why.
    """
    return opened(visitor, case_listed(visitor, case_id))


def opened(visitor: Visitor, case: Case) -> Case:
    """The case, with the look at it on its way into the record."""
    visitor.reading.open(case, given(visitor.reading.request, case.pk))
    return case


def case_listed(visitor: Visitor, case_id: uuid.UUID) -> Case:
    """One case as lists have it, not opened. Http404 where it belongs to others, or to no one."""
    found: Case | None = cases_of(visitor).select_related("agency", "unit").filter(id=case_id).first()
    if found is None:
        raise Http404(case_id)
    return found


def case_with_badges(visitor: Visitor, case_id: uuid.UUID) -> tuple[Case, dict[str, int]]:
    """`case_for` and `badges_of` in one query, for the page whose queries are counted."""
    waiting = (
        Task.objects.filter(waiting_for(visitor.person, visitor.posts))
        .order_by()
        .annotate(all=Value(1))
        .values("all")
    )
    rows = cases_of(visitor).select_related("agency", "unit").filter(id=case_id)
    found = rows.annotate(
        waits=Subquery(waiting.annotate(c=Count("pk")).values("c"), output_field=IntegerField()),
        edits=Subquery(
            waiting.filter(role__in=EDITORIAL).annotate(c=Count("pk")).values("c"),
            output_field=IntegerField(),
        ),
        **{linking.TIES: linking.ties()},
    ).first()
    if found is None:
        raise Http404(case_id)
    return opened(visitor, found), {"tasks": found.waits or 0, "publications": found.edits or 0}


def badges_of(visitor: Visitor) -> dict[str, int]:
    """The tasks that wait, as the navigation counts them; turns that nobody stored are told on the first page. One query."""
    editorial = Count("pk", filter=Q(role__in=EDITORIAL))
    return Task.objects.filter(waiting_for(visitor.person, visitor.posts)).aggregate(
        tasks=Count("pk"), publications=editorial
    )


def me(visitor: Visitor) -> dict[str, Any]:
    """The account menu's words."""
    home = visitor.home
    labels = [
        f"{post.unit.name if post.unit else ''} {roles.LABELS[post.role]}".strip() for post in visitor.posts
    ]
    return {
        "name": visitor.person.name,
        "owner": owner_of(visitor.person),
        "agency": home.name if home else "没有任职的机关",
        "post": "、".join(dict.fromkeys(labels)) or "当前没有岗位",
        "admin": bool(visitor.roles & roles.ADMIN_ROLES),
        "manages": bool(visitor.roles & HOUSEKEEPERS),
        "watches": bool(visitor.roles & WATCHERS),
    }


def page(
    request: HttpRequest,
    visitor: Visitor,
    template: str,
    context: Mapping[str, Any],
    *,
    section: str = "cases",
    status: int = 200,
    badges: Mapping[str, int] | None = None,
) -> HttpResponse:
    """A desk page in its frame."""
    frame = {
        "me": me(visitor),
        "section": section,
        "badges": badges_of(visitor) if badges is None else badges,
    }
    return render(request, template, {**frame, **context}, status=status)
