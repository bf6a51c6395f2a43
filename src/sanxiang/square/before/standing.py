"""How a certificate stands today, in the words of the door: for the roster, the card and whoever asks by number."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sanxiang.law.conditions.people import NOT_EXAMINED, card_flaw
from sanxiang.people import roles
from sanxiang.people.authority import OfficerFact, officers_on
from sanxiang.people.models import Certificate, Post, in_force
from sanxiang.registers.before.roster import accepted_in, value_of

NOWHERE = [("", "")]
"""Whoever holds no post: the certificate itself is judged, and the page says that its holder has left."""


def organs_of(people: Iterable[UUID], today: date) -> dict[UUID, list[str]]:
    """Names of the agencies in which these people hold a post today."""
    posts = Post.objects.filter(in_force(today), person__in=people, role__in=roles.CASE_ROLES)
    return _grouped(posts.values_list("person", "agency__name").order_by("agency__name").distinct())


def _grouped(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for person, name in pairs:
        found.setdefault(person, []).append(name)
    return found


def flaws_of(rows: Iterable[Certificate], today: date) -> dict[UUID, str]:
    """Why nobody may enforce with these certificates today, in the words that a refusal at the door has; empty where one may.

    The people are asked for as the door asks for them, so that the portal vouches for nobody whom the door turns away.
    Somebody who works in several agencies is vouched for when one of them accepts the certificate. Three queries.
    """
    rows = list(rows)
    people = {row.person_id for row in rows}
    officers = {one.id: one for one in officers_on(people, today)} if rows else {}
    places = places_of(people, today) if rows else {}
    return {
        row.pk: _flaw(row, officers[str(row.person_id)], places.get(row.person_id, NOWHERE), today)
        for row in rows
    }


def places_of(people: Iterable[UUID], today: date) -> dict[UUID, list[tuple[str, str]]]:
    """Region and locality of the agencies in which these people hold a post today."""
    posts = Post.objects.filter(in_force(today), person__in=people, role__in=roles.CASE_ROLES)
    found: dict[UUID, list[tuple[str, str]]] = {}
    columns = ("person", "agency__region", "agency__locality")
    for person, region, locality in posts.values_list(*columns).order_by(*columns).distinct():
        found.setdefault(person, []).append((region, locality))
    return found


def _flaw(row: Certificate, officer: OfficerFact, places: list[tuple[str, str]], today: date) -> str:
    same = (fact for fact in officer.certificates if (fact.kind, fact.number) == (row.kind, row.number))
    for fact in same:
        value = value_of(fact)
        flaws = [card_flaw(value, today, accepted_in(locality), region) for region, locality in places]
        if "" not in flaws:
            return flaws[0]
    return "" if officer.exam_passed else NOT_EXAMINED


def folded(number: str) -> str:
    """A certificate number as registers write it: half width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", number).split())
