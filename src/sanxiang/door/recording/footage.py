"""Footage 音像: what the acts of cases brought in sound and film, when it was taken and with which device.

Read from the ledger, so that it holds for every act that brings footage, whether its step had to be recorded or not.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.recording.equipment import Device, Holding, devices_in, holdings
from sanxiang.law.blocks import Citation
from sanxiang.law.recording.coverage import moment
from sanxiang.law.recording.means import Clip, clips_of
from sanxiang.ledger.models import Act, Opening

NORM = Citation("国办发〔2018〕118号", "三（八）", "norm")
BESIDE = ("photos", "files", "kind", "officers", "record_of")
"""What an act says beside its clips: which files they are, who enforced, of which step they are."""


@dataclass(frozen=True)
class Brought:
    """The stated clips that one act brought, and everybody who may have taken them."""

    act: Act
    clips: tuple[Clip, ...]
    people: frozenset[str]


@dataclass(frozen=True)
class Astray:
    """A clip taken with a device that its officers had not been handed out then; `why` in words."""

    case: UUID
    n: int
    label: str
    officer: str
    agency: UUID
    device: str
    name: str
    at: datetime
    why: str


def brought_in(cases: QuerySet[Case]) -> list[Brought]:
    """Every act of these cases that says of its footage when or with what it was taken. Four queries, one where none does."""
    told = _said({"act__subject__in": cases.order_by().values("pk")}, ("clips",))
    told = {key: said for key, said in told.items() if said.get("clips")}
    if not told:
        return []
    for key, said in _said({"act__in": list(told)}, BESIDE).items():
        told[key] |= said
    acts = Act.objects.in_bulk(list(told))
    takers = _takers(
        {(acts[key].subject, int(said["record_of"])) for key, said in told.items() if said.get("record_of")}
    )
    found = []
    for key, said in told.items():
        act = acts[key]
        people = {str(act.by), *map(str, said.get("officers") or ())}
        people |= takers.get((act.subject, int(said.get("record_of") or 0)), set())
        found.append(Brought(act, tuple(clips_of(said)), frozenset(people)))
    return sorted(found, key=lambda one: (one.act.at, one.act.n))


def _said(which: Mapping[str, Any], names: Collection[str]) -> dict[UUID, dict[str, Any]]:
    rows = Opening.objects.filter(act__kind="case", name__in=names, erased_by=None, **which)
    told: dict[UUID, dict[str, Any]] = {}
    for key, name, value in rows.values_list("act", "name", "value").iterator(chunk_size=2000):
        told.setdefault(key, {})[name] = value
    return told


def _takers(steps: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], set[str]]:
    """Who enforced at these steps: footage that comes in later was taken by them. One query."""
    if not steps:
        return {}
    which = {"subject__in": {case for case, _ in steps}, "n__in": {n for _, n in steps}}
    found: dict[tuple[UUID, int], set[str]] = {}
    rows = Act.objects.filter(kind="case", **which).values_list("id", "subject", "n", "by")
    keys = {}
    for key, case, n, by in rows:
        keys[key] = (case, n)
        found[case, n] = {str(by)}
    for key, said in _said({"act__in": list(keys)}, ("officers",)).items():
        found[keys[key]] |= set(map(str, said.get("officers") or ()))
    return found


# With which device.


def astray(cases: QuerySet[Case]) -> list[Astray]:
    """Clips of these cases from devices that were not with their officers then. Eight queries at most, one without clips."""
    acts = [one for one in brought_in(cases) if any(clip["device"] for clip in one.clips)]
    if not acts:
        return []
    keys = {one.act.subject for one in acts}
    homes = dict(Case.objects.filter(pk__in=keys).values_list("pk", "agency"))
    devices = {(one.agency, one.serial): one for one in devices_in(set(homes.values()))}
    return [found for one in acts for found in _of_act(one, homes[one.act.subject], devices)]


def _of_act(one: Brought, agency: UUID, devices: Mapping[tuple[UUID, str], Device]) -> Iterator[Astray]:
    act = one.act
    for clip in one.clips:
        if not clip["device"]:
            continue
        first, last = taken(clip, act)
        why = mismatch(devices.get((agency, clip["device"])), one, first, last)
        if why:
            yield Astray(
                act.subject, act.n, act.label, act.by_name, agency, clip["device"], clip["name"], first, why
            )


def taken(clip: Clip, act: Act) -> tuple[datetime, datetime]:
    """From when to when a clip may have begun: the minute stated, else any of its act's day."""
    zone = timezone.get_current_timezone()
    began = moment(clip["began"])
    if began is not None:
        first = began if began.tzinfo else began.replace(tzinfo=zone)
        return first, first + timedelta(minutes=1)
    day = datetime.fromisoformat(act.on[:10]).date()
    first = datetime.combine(day, time.min, zone)
    return first, first + timedelta(days=1)


def mismatch(device: Device | None, one: Brought, first: datetime, last: datetime) -> str:
    """What is wrong with this device having been used then by these people; empty where nothing is."""
    if device is None:
        return "设备册里没有这个编号"
    held = [
        each for each in holdings(device) if each.since < last and (each.until is None or each.until > first)
    ]
    if not held:
        return "当时没有领用登记"
    return "" if any(with_one(each, one) for each in held) else f"当时由{held[-1].who}领用"


def with_one(held: Holding, one: Brought) -> bool:
    """Was it with one of those who enforced? By the person where the ledger knows, else by the name written down."""
    return held.person in one.people if held.person else held.who == one.act.by_name


def counted(found: Iterable[Astray]) -> dict[str, int]:
    """How many such clips by officer, most first."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.officer] = counts.get(one.officer, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
