"""The table of duties 公示职责分工表 of an agency: who collects, passes on, vets and publishes each kind of information."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sanxiang.cases.models import Case
from sanxiang.door.pinned import current
from sanxiang.law.disclosure.stages import CATEGORY, COLUMNS, DUTIES, categories, duties_of, unowned
from sanxiang.law.lists import Row
from sanxiang.law.packs import Pack
from sanxiang.people.models import Agency
from sanxiang.registers.releases import in_force, rows_in_force


def row_of(case: Case, pack: Pack, on: date) -> Row | None:
    """Who answers for what the case publishes; None where the agency has no table."""
    category = pack.printed_type(pack.procedures[case.procedure].act_type)
    row = duties_of(rows_in_force(case.agency, DUTIES, on), category)
    return row if row is None or row else {CATEGORY: category}


@dataclass(frozen=True)
class Division:
    """One kind of publication of an agency: who does what, and the stages that are nobody's."""

    agency: Agency
    category: str
    owners: tuple[str, ...]
    lacking: tuple[str, ...]


def gaps(on: date) -> list[Division]:
    """What is nobody's, in every agency that enforces."""
    publishing = Agency.objects.filter(active=True).exclude(
        kind__in=(Agency.Kind.GOVERNMENT, Agency.Kind.SUPERVISOR)
    )
    return [one for one in divisions(publishing.order_by("name"), on) if one.lacking]


def divisions(agencies: Iterable[Agency], on: date) -> list[Division]:
    """Every kind of publication that each agency has to divide. One query."""
    all_of = list(agencies)
    found = in_force(on).filter(register__agency__in=all_of, register__kind=DUTIES)
    tables = {release.register.agency_id: release.rows for release in found}
    lines = []
    for agency in all_of:
        for category in categories(current(agency.locality)):
            row = duties_of(tables.get(agency.pk, ()), category) or {}
            owners = tuple(str(row.get(name) or "") for name in COLUMNS[1:])
            lines.append(Division(agency, category, owners, tuple(unowned(row))))
    return lines
