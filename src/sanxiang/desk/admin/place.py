"""Where somebody administers: the agency on the table, the roles that count over it, and the other agencies in reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest

from sanxiang.desk.who import MANAGERS, Visitor, visitor_of
from sanxiang.door.administer import ACTS, AdminAct
from sanxiang.people import roles
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency


@dataclass(frozen=True)
class Place:
    """A visitor before one agency."""

    visitor: Visitor
    agency: Agency
    roles: frozenset[str]
    others: tuple[Agency, ...]

    @property
    def is_admin(self) -> bool:
        """One of the three administrators 三员?"""
        return bool(self.roles & roles.ADMIN_ROLES)

    @property
    def reads_history(self) -> bool:
        """History and refusals are the audit administrator's."""
        return roles.AUDIT_ADMIN in self.roles

    @cached_property
    def scope(self) -> frozenset[UUID]:
        """The agencies in which this visitor has a say."""
        return frozenset({self.agency.pk}).union(
            *(keys for role, keys in self.visitor.reached.items() if role in self.roles)
        )

    @cached_property
    def acts(self) -> tuple[AdminAct, ...]:
        """What this visitor may do to this agency; acts without a heading are done where their owners work."""
        return tuple(act for act in ACTS.values() if act.group and self.roles & set(act.by))

    def may(self, act: str) -> bool:
        """Is this act theirs?"""
        return any(one.id == act for one in self.acts)

    def href(self, path: str = "", **query: str) -> str:
        """An administrative page about this agency."""
        return f"/desk/admin/{path}?{urlencode({'agency': str(self.agency.pk), **query})}"

    def act_href(self, act: str, told: Mapping[str, str] | None = None) -> str:
        """The form of an act, filled in with what is known."""
        return self.href(f"acts/{act}/", **(told or {}))


def place_of(request: HttpRequest) -> Place:
    """Where the request is to be handled. Http404 for whoever administers nothing, and for agencies out of reach."""
    visitor = visitor_of(request)
    held = roles_over(visitor)
    rows = {row.pk: row for row in Agency.objects.filter(pk__in=held).order_by("name")} if held else {}
    asked = request.GET.get("agency", "")
    home = visitor.home.pk if visitor.home else None
    key = uuid_of(asked) if asked else home if home in rows else next(iter(rows), None)
    if key not in rows:
        raise Http404(asked or "没有可管理的机关")
    return Place(visitor, rows[key], held[key], tuple(rows.values()))


def admin_place(request: HttpRequest) -> Place:
    """The same for the system and the security administrator alone."""
    place = place_of(request)
    if not place.roles & {roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN}:
        raise Http404(place.agency.pk)
    return place


def audit_place(request: HttpRequest) -> Place:
    """The same for the audit administrator alone."""
    place = place_of(request)
    if not place.reads_history:
        raise Http404(place.agency.pk)
    return place


def roles_over(visitor: Visitor) -> dict[UUID, frozenset[str]]:
    """Every agency over which some managing role of the visitor counts, with those roles."""
    held: dict[UUID, frozenset[str]] = {}
    for post in visitor.posts:
        add(held, (post.agency_id,), post.role)
    for role, keys in visitor.reached.items():
        add(held, keys, role)
    return held


def add(held: dict[UUID, frozenset[str]], keys: Iterable[UUID], role: str) -> None:
    """Note a managing role; others give no say over an agency."""
    if role in MANAGERS:
        for key in keys:
            held[key] = held.get(key, frozenset()) | {role}


def switch_of(place: Place) -> dict[str, Any] | None:
    """The field that chooses another agency; none where there is one only."""
    if len(place.others) < 2:
        return None
    choices = [{"value": str(row.pk), "label": row.name} for row in place.others]
    return {
        "kind": "choice",
        "draw": "select",
        "name": "agency",
        "label": "机关",
        "choices": choices,
        "value": str(place.agency.pk),
        "required": True,
    }
