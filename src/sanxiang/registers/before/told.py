"""What agencies have told before they enforce 事前公开, read once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from sanxiang.law.packs import Pack
from sanxiang.law.registers.kinds import ITEMS, codes_of, renamed
from sanxiang.people import roles
from sanxiang.people.models import Agency, Entrustment, GrantedItem, Post, in_force
from sanxiang.registers import releases
from sanxiang.registers.before.roster import Line, pack_in
from sanxiang.registers.before.vetted import public_roster
from sanxiang.registers.models import Release


@dataclass(frozen=True)
class Told:
    """One agency on one day."""

    organ: Agency
    pack: Pack | None
    today: date
    releases: dict[str, Release]
    entrustments: tuple[Entrustment, ...]
    granted: tuple[GrantedItem, ...]
    officers: tuple[Line, ...]
    units: tuple[str, ...]
    """The units in which officers hold posts: 业务股室, who enforce and answer for what they publish."""

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """The rows of a register in force; an entry that refers to an item by its code bears the item's name of today."""
        found = list(self.releases[kind].rows) if kind in self.releases else []
        return found if kind == ITEMS else renamed(found, codes_of(self.rows(ITEMS)))

    def fields(self, listing: str) -> list[str]:
        """The fields of a list as the scheme prints them."""
        found = self.pack.listed(listing) if self.pack else {}
        return [str(name) for name in found.get("fields", ())]

    @property
    def people(self) -> int:
        """How many enforce; who holds two certificates is one person."""
        return len({line.person for line in self.officers})


def told_by(organs: Iterable[Agency], on: date) -> list[Told]:
    """What each of these agencies has told by that day. Nine queries, whatever their number."""
    organs = list(organs)
    keys = [organ.pk for organ in organs]
    public = releases.in_force_openly(on).filter(register__agency__in=keys)
    published: dict[UUID, dict[str, Release]] = {}
    for release in public:
        if release.rows:
            published.setdefault(release.register.agency_id, {})[release.register.kind] = release
    given = Entrustment.objects.filter(in_force(on)).filter(Q(agency__in=keys) | Q(body__in=keys))
    entrusted = list(given.select_related("agency", "body", "unit").order_by("agreement_number"))
    granted = list(GrantedItem.objects.filter(in_force(on), agency__in=keys).order_by("item_code"))
    officers, units = public_roster(on, keys), units_of(keys, on)
    return [
        Told(
            organ,
            pack_in(organ.locality),
            on,
            published.get(organ.pk, {}),
            tuple(row for row in entrusted if organ.pk in (row.agency_id, row.body_id)),
            tuple(row for row in granted if row.agency_id == organ.pk),
            tuple(line for line in officers if line.agency.pk == organ.pk),
            units.get(organ.pk, ()),
        )
        for organ in organs
    ]


def units_of(agencies: Iterable[UUID], on: date) -> dict[UUID, tuple[str, ...]]:
    """The units of these agencies in which officers hold posts that day. One query."""
    posts = Post.objects.filter(in_force(on), agency__in=agencies, unit__isnull=False, role=roles.OFFICER)
    found: dict[UUID, tuple[str, ...]] = {}
    for agency, name in posts.values_list("agency", "unit__name").order_by("unit__name").distinct():
        found[agency] = (*found.get(agency, ()), name)
    return found
