"""Lists 清单: what was in force on a day, what differs between versions, what a government tells together; and the acts on them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from sanxiang.api import schemas_registers as schemas
from sanxiang.api.caller import ACT, caller_of
from sanxiang.api.once import once
from sanxiang.api.paging import only
from sanxiang.api.problems import NOWHERE, Problem
from sanxiang.api.schemas import ActIn, Json
from sanxiang.door.administer import ACTS, administer
from sanxiang.law.registers.compare import differences
from sanxiang.law.registers.figures import ratio_of, yearly_of
from sanxiang.law.registers.kinds import PUBLIC, RANDOM, RATIO, TIMES
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.models import Agency
from sanxiang.registers.aggregate import Admitted, admitted, counted, rows_together, told_rows
from sanxiang.registers.models import Register, Release
from sanxiang.registers.releases import begun_openly, taken_down, two_of
from sanxiang.speech import cn_day

router = Router(tags=["registers"])
open_router = Router(tags=["public"])

REGISTER_ACTS = (
    "draft-register", "drop-draft", "sign-register", "record-reply", "release-register", "file-register", "admit-register",
    "record-law-change", "record-function-change", "close-recheck",
)  # fmt: skip
"""The acts on lists that programs may do."""


@open_router.get(
    "/agencies/{uuid:agency}/registers/{kind}",
    auth=None,
    response=schemas.PublicRegister,
    summary="机关某日有效的清单",
)
def public_register(request: HttpRequest, agency: UUID, kind: str, filters: Query[schemas.OnFilters]) -> Json:
    """The release in force on a day with its rows and every version; ratio and frequency of random inspections as numbers too."""
    only(request, schemas.OnFilters)
    on = min(filters.on or timezone.localdate(), timezone.localdate())
    organ = Agency.objects.filter(pk=agency, active=True).first() if kind in PUBLIC else None
    if organ and (gone := taken_down(organ, kind, on)):
        raise Problem("withdrawn", notice_of(gone))
    found = begun_openly(on).filter(register__agency=organ, register__kind=kind).first() if organ else None
    if found is None:
        raise Problem("unknown", f"该机关没有在{cn_day(on)}有效的“{kind}”清单")
    versions = begun_openly(timezone.localdate()).filter(register=found.register_id).defer("rows")
    return {**release_json(found, on), "versions": [version_json(one) for one in versions]}


def notice_of(gone: Release) -> str:
    """When and why a list was taken down."""
    return f"{gone.register.label}已于{cn_day(gone.in_force_from)}撤下：{gone.note}"


def version_json(one: Release) -> Json:
    """One version without its rows."""
    return {name: getattr(one, name) for name in ("version", "in_force_from", "digest", "note")}


def release_json(found: Release, on: date) -> Json:
    """A version with its rows as they are shown on the day."""
    rows = [figured(found.register.kind, row) for row in told_rows(found, on)]
    whose = {"agency": found.register.agency_id, "kind": found.register.kind, "label": found.register.label}
    return {**whose, **version_json(found), "rows": rows, "total": len(rows)}


def figured(kind: str, row: Mapping[str, Any]) -> Json:
    """A row; of random inspections with `ratio` (0 to 1) and `per_year` as numbers, null where the words say none."""
    if kind != RANDOM:
        return dict(row)
    return {**row, "ratio": ratio_of(str(row.get(RATIO, ""))), "per_year": yearly_of(str(row.get(TIMES, "")))}


@open_router.get(
    "/agencies/{uuid:agency}/registers/{kind}/changes",
    auth=None,
    response=schemas.RegisterChanges,
    by_alias=True,
    summary="清单两个版本的变化",
)
def public_changes(
    request: HttpRequest, agency: UUID, kind: str, filters: Query[schemas.ChangesFilters]
) -> Json:
    """Added and removed entries, and changed columns; without numbers the newest version against the one before."""
    only(request, schemas.ChangesFilters)
    register = Register.objects.filter(agency=agency, kind=kind, agency__active=True).first()
    asked = (str(filters.from_ or ""), str(filters.to or ""))
    first, last = two_of(register, *asked, on=timezone.localdate()) if register else (None, None)
    if register is None or last is None:
        raise Problem("unknown", NOWHERE)
    if last.version == (register.closed_through or -1) + 1:
        raise Problem("withdrawn", notice_of(last))
    between = differences(kind, first.rows if first else (), last.rows)
    return {
        "from": first.version if first else None,
        "to": last.version,
        "added": list(between.added),
        "removed": list(between.removed),
        "changed": [vars(one) for one in between.changed],
    }


@open_router.get(
    "/districts/{uuid:government}/registers/{kind}",
    auth=None,
    response=schemas.DistrictRegister,
    summary="政府统一公示的清单",
)
def district_register(request: HttpRequest, government: UUID, kind: str) -> Json:
    """What the legal office of a government has admitted: each organ's version, whether a newer one waits, all rows, counts."""
    place = Agency.objects.filter(pk=government, kind=Agency.Kind.GOVERNMENT, active=True).first()
    if place is None or kind not in PUBLIC:
        raise Problem("unknown", NOWHERE)
    found = admitted(place, timezone.localdate(), kind)
    rows = rows_together(found)
    organs = [organ_json(one) for one in found]
    return {
        "government": place.name,
        "kind": kind,
        "organs": organs,
        "counts": counted(kind, found),
        "rows": rows,
        "total": len(rows),
    }


def organ_json(one: Admitted) -> Json:
    """Which version of one organ is told together."""
    told = {
        "agency": one.organ.pk,
        "name": one.organ.name,
        "total": len(one.release.rows),
        "pending": one.pending,
        "taken_down": one.gone,
    }
    return {**told, **version_json(one.release)}


@router.post(
    "/agencies/{uuid:agency}/register-acts/{act}",
    auth=ACT,
    response={201: schemas.RegisterActDone, 200: schemas.RegisterActDone},
    summary="起草、审核、发布、报备清单",
)
def register_act(request: HttpRequest, agency: UUID, act: str, body: ActIn) -> Status[Any]:
    """One act on a list through the door; the chain of the scheme holds here as on the pages."""
    caller = caller_of(request)
    found = Agency.objects.filter(pk=agency).first()
    if found is None or act not in REGISTER_ACTS:
        raise Problem("unknown", NOWHERE)
    caller.may_try(ACTS[act].rule)

    def knock() -> Json:
        row = administer(act, found, caller.person, body.data, channel="api")
        done = LedgerAct.objects.filter(subject=found.pk).order_by("-n").first()
        return {
            "act": str(done.pk) if done else "",
            "row": str(getattr(row, "pk", "")),
            "leaf_hash": done.leaf_hash if done else "",
        }

    asked: Mapping[str, Any] = {"address": f"/agencies/{agency}/register-acts/{act}", "data": body.data}
    answer, again = once(caller.person, body.idempotency_key, asked, knock)
    return Status(200 if again else 201, answer)
