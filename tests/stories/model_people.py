"""The people of the model search: who is certified, qualified and posted, as plain values and as rows of a real office."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from django.db.models import F

from sanxiang.demo.matters import WATER, Remit
from sanxiang.demo.people import CERTIFICATE, Office
from sanxiang.door.administer import administer
from sanxiang.law.facts import Actor, Certificate, Officer
from sanxiang.people.models import Person

SINCE = date(2024, 1, 1)
LASTS = date(2029, 12, 31)
LAPSED_ON = date(2026, 2, 27)
"""The last day of the lapsed officer's certificate: before every case of the search begins."""


@dataclass(frozen=True)
class Part:
    """What one person is: posts, unit, certificate's last day (none: no certificate), legal qualification."""

    roles: tuple[str, ...]
    brigade: bool = False
    certified_until: date | None = None
    qualified: bool = False


PARTS: Mapping[str, Part] = {
    "officer1": Part(("officer",), True, LASTS),
    "officer2": Part(("officer", "legal-reviewer"), True, LASTS, True),
    "officer3": Part(("officer",), True, LASTS),
    "unlicensed": Part(("officer",), True),
    "lapsed": Part(("officer",), True, LAPSED_ON),
    "versatile": Part(("officer", "legal-reviewer"), True, LASTS, True),
    "unit-head": Part(("unit-head",), True, LASTS),
    "agency-head": Part(("agency-head",)),
    "deputy-head": Part(("agency-head",)),
    "legal-reviewer": Part(("legal-reviewer",), qualified=True),
    "learner": Part(("legal-reviewer",)),
    "disclosure-editor": Part(("disclosure-editor",), True),
    "disclosure-approver": Part(("disclosure-approver",)),
    "both": Part(("disclosure-editor", "disclosure-approver"), True),
    "archivist": Part(("archivist",)),
}
NEWCOMERS = ("lapsed", "versatile", "learner", "both")
"""Whom the demonstration's office does not have."""


@dataclass(frozen=True)
class Cast:
    """The people as the law looks at them; an id is the name of the part, as `Office.id` gives a row's."""

    region: str
    remit: Remit = WATER

    def id(self, who: str) -> str:
        """A person's id as acts take it."""
        return who

    @cached_property
    def actors(self) -> dict[str, Actor]:
        """Everybody as who knocks at the door."""
        return {who: self._actor(who, part) for who, part in PARTS.items()}

    def officers(self, ids: Iterable[str]) -> tuple[Officer, ...]:
        """The people named as enforcing."""
        return tuple(
            Officer(i, i, "agency", "brigade", self._certificates(i))
            for i in dict.fromkeys(ids)
            if i in PARTS
        )

    def _actor(self, who: str, part: Part) -> Actor:
        return Actor(
            who,
            who,
            "agency",
            ("brigade",) if part.brigade else ("agency",),
            frozenset(part.roles),
            self._certificates(who),
            ("brigade",) if part.brigade else ("agency",),
            part.qualified,
            part.brigade,
        )

    def _certificates(self, who: str) -> tuple[Certificate, ...]:
        until = PARTS[who].certified_until
        kinds = ("penalty", "coercion", "inspection")
        if until is None:
            return ()
        return (
            Certificate(f"证{who}", CERTIFICATE, kinds, (self.region,), SINCE, until, date(2027, 12, 31)),
        )


def heads() -> dict[str, str]:
    """Who holds the post of a head of the agency, by id."""
    return {who: who for who, part in PARTS.items() if "agency-head" in part.roles}


@cache
def cast_of(region: str) -> Cast:
    """The cast of an agency in that region."""
    return Cast(region)


def certified(who: str, on: date) -> bool:
    """Does this person hold a certificate that day? Asked of the table above, not of any guard."""
    part = PARTS.get(who)
    return part is not None and part.certified_until is not None and SINCE <= on <= part.certified_until


def join(office: Office) -> None:
    """Bring the demonstration's office up to the cast: newcomers, and the second posts of those who are there."""
    for who in NEWCOMERS:
        told = {"username": f"model-{who}", "name": f"演示{who}", "password_hash": "!"}
        office.people[who] = administer("add-person", office.agency, None, told)
    for who, part in PARTS.items():
        person = office.people[who]
        held = set(person.posts.values_list("role", flat=True))
        for role in (r for r in part.roles if r not in held):
            unit = office.brigade if part.brigade and role != "legal-reviewer" else None
            post = {"person": person, "unit": unit, "role": role, "valid_from": SINCE}
            administer("grant-post", office.agency, None, post)
        if part.certified_until and not person.certificates.exists():
            _certify(office, person, part.certified_until)
        if part.qualified and not person.has_legal_qualification:
            rows = Person.objects.filter(pk=person.pk)
            rows.update(has_legal_qualification=True, qualification_number="演示资格二", n=F("n") + 1)
            person.refresh_from_db()


def _certify(office: Office, person: Person, until: date) -> None:
    told = {
        "person": person,
        "number": f"演示{person.username}",
        "kind": CERTIFICATE,
        "categories": ["penalty", "coercion", "inspection"],
        "area": [office.agency.region],
        "valid_from": SINCE,
        "valid_until": until,
        "inspected_until": date(2027, 12, 31),
        "exam_passed_on": date(2023, 11, 1),
    }
    administer("issue-certificate", office.agency, None, told)
