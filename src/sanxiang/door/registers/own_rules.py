"""The agency's own rule documents 具体办法 in force on a day: what they set, and which of them are still lacking."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from sanxiang.door.pinned import current
from sanxiang.door.registers.catalogue import ABOVE, Gap
from sanxiang.law.own_rules import PREFIX, RuleKind, kinds_of, meanwhile, settled, unfigured, values_of
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Value
from sanxiang.people.models import Agency
from sanxiang.registers.models import Release
from sanxiang.registers.releases import in_force
from sanxiang.speech import cn_day

SETTING = "rule-ex-post"
"""The kind whose chapters set something. Asked alone, so that a case costs one small query an edition of its agency."""


def applied(pack: Pack, agency: Agency, on: date) -> Pack:
    """The pack with what the agency's own rules set on that day."""
    kind = kinds_of(pack).get(SETTING) if pack.id == agency.locality else None
    if kind is None or not kind.sets:
        return pack
    own = remembered(agency.pk, agency.n, on, pack.id, pack.digest)
    return with_own(pack, own) if own else pack


@lru_cache(maxsize=1024)
def remembered(agency: UUID, edition: int, on: date, locality: str, digest: str) -> tuple[Value, ...]:
    """What the agency's own rule sets on a day, remembered until something is done to the agency."""
    found = in_force(on).filter(register__agency=agency, register__kind=SETTING).first()
    kind = kinds_of(current(locality)).get(SETTING)
    return (
        values_of(kind, str((found.told or {}).get("title") or kind.label), found.rows)
        if found and kind
        else ()
    )


MOST = 256
YEAR = 365
_KEPT: dict[tuple[int, tuple[tuple[str, str, str], ...]], tuple[Pack, Pack]] = {}
"""By the pack's identity, which holds while the pack is kept beside the answer."""


def with_own(pack: Pack, own: tuple[Value, ...]) -> Pack:
    """`settled`, remembered: the pack is asked once for every act that a page offers."""
    key = (id(pack), tuple(sorted((v.key, str(v.value), str(v.citation)) for v in own)))
    if key not in _KEPT:
        if len(_KEPT) >= MOST:
            _KEPT.clear()
        _KEPT[key] = (pack, settled(pack, own))
    return _KEPT[key][1]


def gaps(agencies: Iterable[Agency], on: date) -> list[Gap]:
    """Rule documents that schemes ask for and agencies do not have, and periods that nobody has set. One query."""
    many = [one for one in agencies if one.kind not in ABOVE]
    wanted = in_force(on).filter(register__agency__in=many, register__kind__startswith=PREFIX)
    there = {(one.register.agency_id, one.register.kind): one for one in wanted}
    found: list[Gap] = []
    for agency in many:
        pack = current(agency.locality)
        for kind in kinds_of(pack).values():
            found += gaps_of(agency, pack, kind, there.get((agency.pk, kind.id)), on)
    return found


def gaps_of(agency: Agency, pack: Pack, kind: RuleKind, release: Release | None, on: date) -> list[Gap]:
    """No version in force, or one that leaves a period open which nothing else sets."""
    cite, explored = str(kind.citation), kind.explored
    if release is None:
        told = "；本地方案只要求探索，没有制定不算没有落实" if explored else ""
        found = [Gap(agency.name, not explored, f"还没有施行《{kind.label}》{told}", cite)]
    elif kind.yearly and (on - release.in_force_from).days > YEAR:
        text = (
            f"《{kind.label}》自{cn_day(release.in_force_from)}施行以来已满一年，请复核，修订的施行新的版本"
        )
        found = [Gap(agency.name, False, text, cite)]
    else:
        found = []
    blank = unfigured(kind, release.rows if release else (), pack)
    return found + [
        Gap(
            agency.name,
            False,
            f"《{kind.label}》的“{name}”没有定数值，方案未定；{meanwhile(kind, name, pack)}",
            cite,
        )
        for name in blank
    ]
