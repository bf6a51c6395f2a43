"""The roster as the public sees it: where the scheme has it vetted first, whoever was vetted and may still enforce today."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sanxiang.law.registers.chain import chain_of
from sanxiang.registers.before.roster import KIND, Line, pack_in, roster
from sanxiang.registers.releases import in_force

NUMBER = "证件编号"


def public_roster(
    on: date, agencies: Collection[UUID] | None = None, people: Collection[UUID] | None = None
) -> list[Line]:
    """Who leaves goes at once; who is new comes with the version that was signed. One query more than the roster."""
    lines = roster(on, agencies, people)
    asks = {locality: vetted_first(locality) for locality in {line.agency.locality for line in lines}}
    if not any(asks.values()):
        return lines
    signed = numbers_of({line.agency.pk for line in lines if asks[line.agency.locality]}, on)
    return [
        line
        for line in lines
        if not asks[line.agency.locality] or line.number in signed.get(line.agency.pk, ())
    ]


def vetted_first(locality: str) -> bool:
    """Does the scheme have somebody sign the roster before it is public?"""
    pack = pack_in(locality)
    return bool(pack and chain_of(pack, KIND).signed)


def numbers_of(agencies: Iterable[UUID], on: date) -> dict[UUID, set[str]]:
    """The numbers of the certificates in the version of each agency's roster that is in force."""
    found = in_force(on).filter(register__agency__in=agencies, register__kind=KIND)
    return {one.register.agency_id: {str(row.get(NUMBER, "")) for row in one.rows} for one in found}
