"""行政执法人员清单, made from the certificates themselves: nobody is typed into it, and who may not enforce today is not on it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sanxiang.law.blocks import PackError
from sanxiang.law.conditions.people import NATIONWIDE, accepted_by, card_flaw
from sanxiang.law.facts import Certificate as CertificateValue
from sanxiang.law.packs import Pack, load_pack
from sanxiang.people import roles
from sanxiang.people.authority import CertificateFact, certificates_on
from sanxiang.people.models import Agency, Certificate, Post, in_force
from sanxiang.speech import cn_day

KIND = "officers"
SIX = ("姓名", "单位", "职务", "证件编号", "执法类别", "执法区域")
"""The columns of the roster where a scheme names none."""
VALIDITY = "证件有效期"


@dataclass(frozen=True)
class Line:
    """One certificate with which its holder may enforce in one agency today."""

    certificate: UUID
    person: UUID
    agency: Agency
    units: tuple[str, ...]
    name: str
    title: str
    number: str
    categories: tuple[str, ...]
    area: tuple[str, ...]
    valid_from: date
    valid_until: date


def roster(
    on: date, agencies: Collection[UUID] | None = None, people: Collection[UUID] | None = None
) -> list[Line]:
    """Who may enforce on that day, in these agencies or in all, of these people or of all, by name.

    Three queries, whatever their number.
    """
    posts = Post.objects.filter(
        in_force(on), role__in=roles.CASE_ROLES, person__active=True, agency__active=True
    )
    if agencies is not None:
        posts = posts.filter(agency__in=agencies)
    if people is not None:
        posts = posts.filter(person__in=people)
    held: dict[tuple[UUID, UUID], list[Post]] = {}
    for post in posts.select_related("person", "agency", "unit").order_by("-valid_from", "pk"):
        held.setdefault((post.person_id, post.agency_id), []).append(post)
    holders = {person for person, _ in held}
    cards = certificates_on(holders, on)
    keys = keys_of(holders)
    lines = [
        line_of(mine, fact, keys[fact.kind, fact.number])
        for (person, _), mine in held.items()
        for fact in standing(cards.get(person, ()), mine[0].agency, on)
    ]
    return sorted(lines, key=lambda one: (one.name, one.number, one.agency.name))


def keys_of(people: Iterable[UUID]) -> dict[tuple[str, str], UUID]:
    """The keys of certificates by kind and number."""
    rows = Certificate.objects.filter(person__in=people).values_list("kind", "number", "pk")
    return {(kind, number): key for kind, number, key in rows}


def standing(cards: Iterable[CertificateFact], agency: Agency, on: date) -> list[CertificateFact]:
    """Those of a person's certificates that allow something in this agency on that day; none without the examination."""
    cards = tuple(cards)
    if not any(card.exam_passed_on is not None and card.exam_passed_on <= on for card in cards):
        return []
    accepted = accepted_in(agency.locality)
    return [card for card in cards if not card_flaw(value_of(card), on, accepted, agency.region)]


def value_of(fact: CertificateFact) -> CertificateValue:
    """A certificate as the conditions of acts judge it."""
    return CertificateValue(
        number=fact.number, kind=fact.kind, categories=fact.categories, area=fact.area,
        valid_from=fact.valid_from, valid_until=fact.valid_until, inspected_until=fact.inspected_until,
        suspended=fact.suspended, revoked=fact.revoked,
    )  # fmt: skip


def accepted_in(locality: str) -> Mapping[str, Any]:
    """Which kinds of certificate a locality's scheme accepts; nothing is asked of the kind where its pack cannot be read."""
    pack = pack_in(locality)
    return accepted_by(pack) if pack else {}


def pack_in(locality: str) -> Pack | None:
    """The locality's pack; None where it cannot be read."""
    try:
        return load_pack(locality)
    except PackError:
        return None


def line_of(posts: list[Post], fact: CertificateFact, key: UUID) -> Line:
    """One certificate beside the posts of its holder in one agency."""
    return Line(
        certificate=key,
        person=posts[0].person_id,
        agency=posts[0].agency,
        units=tuple(dict.fromkeys(post.unit.name for post in posts if post.unit)),
        name=posts[0].person.name,
        title=next((post.title for post in posts if post.title), ""),
        number=fact.number,
        categories=fact.categories,
        area=fact.area,
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
    )


# The roster as it is shown.


def columns_in(pack: Pack | None) -> tuple[str, ...]:
    """The columns that the scheme wants; the usual six where it names none."""
    wanted = pack.parameter("roster.fields") if pack else None
    named = wanted.value if wanted and wanted.is_set else (pack.listed(KIND).get("fields") if pack else None)
    return tuple(map(str, named or SIX))


def areas() -> dict[str, str]:
    """What the areas of certificates are called: those of the governments here, and the whole country. One query."""
    rows = Agency.objects.filter(kind=Agency.Kind.GOVERNMENT).values_list("region", "name")
    named = {region: name.removesuffix("人民政府") for region, name in rows}
    return {**named, NATIONWIDE: "全国"}


def row_of(line: Line, pack: Pack | None, named: Mapping[str, str]) -> dict[str, str]:
    """One line under the columns of its scheme, and under no other."""
    kinds = {str(kind["code"]): str(kind["label"]) for kind in (pack.act_types() if pack else ())}
    told = {
        "姓名": line.name,
        "单位": line.agency.name,
        "职务": line.title or "执法人员",
        "证件编号": line.number,
        "执法类别": "、".join(kinds.get(code, LABELS.get(code, code)) for code in line.categories),
        "执法区域": "、".join(named.get(code, code) for code in line.area),
        VALIDITY: f"{cn_day(line.valid_from)}至{cn_day(line.valid_until)}",
    }
    return {name: told.get(name, "") for name in columns_in(pack)}


LABELS = {
    "penalty": "行政处罚",
    "licence": "行政许可",
    "coercion": "行政强制",
    "inspection": "行政检查",
    "levy": "行政征收",
    "fee": "行政收费",
    "confirmation": "行政确认",
    "adjudication": "行政裁决",
    "requisition": "行政征用",
}
"""What kinds of acts are called that a scheme does not name itself."""


def rows_for(agency: Agency, on: date) -> list[dict[str, str]]:
    """The agency's whole roster as the rows of a list."""
    pack, named = pack_in(agency.locality), areas()
    return [row_of(line, pack, named) for line in roster(on, [agency.pk])]


# Who is to be reminded.


AHEAD = (60, 30, 7)
"""So many days before the last day of a certificate its holder and the supervisor are reminded."""


@dataclass(frozen=True)
class Ending:
    """A certificate that ends soon, or whose annual inspection does."""

    name: str
    number: str
    agency: str
    what: str
    last: date
    left: int
    within: int
    """The nearest of the days ahead that was reached."""


def ending(on: date, agencies: Collection[UUID]) -> list[Ending]:
    """Certificates that end within the longest time ahead, the nearest first. Three queries."""
    lines = {line.certificate: line for line in roster(on, agencies)}
    rows = Certificate.objects.filter(pk__in=lines).values_list("pk", "valid_until", "inspected_until")
    found = []
    for key, until, inspected in rows:
        line = lines[key]
        for what, last in (("证件有效期", until), ("年度审验", inspected)):
            left = (last - on).days if last else AHEAD[0] + 1
            if last and 0 <= left <= AHEAD[0]:
                within = min(days for days in AHEAD if left <= days)
                found.append(Ending(line.name, line.number, line.agency.name, what, last, left, within))
    return sorted(found, key=lambda one: (one.left, one.name))
