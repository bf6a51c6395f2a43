"""采集站导入: the recordings of a folder come in by device and time, each with the step that it is proposed for; an officer confirms.

What came in stands in an act of the agency with its digests; it waits until an act of a case cites it, or an act says that it belongs to
none. So nothing is stored beside the ledger, and a folder taken in twice adds nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils import timezone

from sanxiang.cases.models import Case, Evidence, Film
from sanxiang.cases.recording.films import READ, UNREADABLE, WAITING
from sanxiang.cases.recording.receipts import read_receipt
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.recording.equipment import KEEPERS, Device, devices_in, holdings
from sanxiang.door.recording.footage import NORM
from sanxiang.door.said import said_by
from sanxiang.law.guards import Verdict
from sanxiang.law.recording.book import unfilmed
from sanxiang.law.recording.coverage import moment
from sanxiang.people import roles

DOCK, DISMISS = "dock-recordings", "dismiss-docked"
DOCKERS = (roles.OFFICER, *KEEPERS)
SURE = 100_000
"""What it counts that one of the officers of the case had the device then: more than any minutes."""
FACTS = ("digest", "sm3", "size", "name", "mime")


@dataclass(frozen=True)
class Docked:
    """A recording that waits for its case. `began` is by the device's own clock, `real` by the right one."""

    agency: UUID
    kept: Mapping[str, Any]
    device: str
    began: datetime
    real: datetime
    holder: str
    people: frozenset[str]
    seconds: float | None
    """How long it is; None while nobody has read it."""
    unreadable: bool = False

    @property
    def ended(self) -> datetime:
        """When it ended, by the right clock."""
        return self.real + timedelta(seconds=self.seconds or 0)


@dataclass(frozen=True)
class Step:
    """A step of an open case that still wants its recording, and how well it fits: the higher the better."""

    case: UUID
    number: str
    n: int
    label: str
    on: str
    fit: int


# The acts.


def sound_docking(change: Change) -> list[Verdict]:
    """Each row has a receipt of whoever brings it, and a moment."""
    wrong = [n for n, row in enumerate(change.data.get("rows") or (), 1) if not told_of(row, change)]
    if not wrong:
        return []
    fact = f"第 {'、'.join(map(str, wrong[:5]))} 行没有本人上传的收据，或者没有拍摄时间"
    return [unmet("receipt", NORM, fact, "在“采集站导入”页面上传，或者运行 sanxiang dock")]


def told_of(row: Mapping[str, Any], change: Change) -> dict[str, Any] | None:
    """What the ledger keeps of a row: the file as the receipt has it, the device, the moment."""
    began = moment(str(row.get("began") or ""))
    if change.by is None or began is None:
        return None
    try:
        kept = read_receipt(str(row.get("receipt") or ""), change.by.pk)
    except (ValueError, signing.BadSignature):
        return None
    return {
        **{name: kept.get(name) for name in FACTS},
        "device": str(row.get("device") or ""),
        "began": began.isoformat(),
    }


@admin_act(
    DOCK,
    "从采集站导入音像",
    DOCKERS,
    (asked("source", "采集站、文件夹", longest=200), asked("rows", "文件", "rows")),
    NORM,
    group="devices",
    help="在“采集站导入”页面办理",
    checks=sound_docking,
    secrecy="case",
    adds=lambda change: {"rows": [told_of(row, change) for row in change.data["rows"]]},
)
def dock(change: Change) -> None:
    """Recordings come in; the worker reads them, an officer says of which step they are."""
    films = [Film(digest=row["digest"], state=WAITING) for row in change.data["rows"]]
    Film.objects.bulk_create(films, ignore_conflicts=True)


@admin_act(
    DISMISS,
    "登记与案件无关的音像",
    DOCKERS,
    (asked("digest", "文件的校验值", longest=64), asked("reason", "内容和不入案件的原因", "longtext")),
    NORM,
    group="devices",
    help="采集站导入的音像不属于任何案件的，写明原因，文件仍然保存",
    checks=lambda change: (
        []
        if any(row["digest"] == change.data.get("digest") for _, row in docked_rows([change.agency.pk]))
        else [unmet("docked", NORM, "没有这一份导入的音像", "在“采集站导入”页面选择")]
    ),
    secrecy="case",
)
def dismiss(change: Change) -> None:
    """A recording belongs to no case; it stays in the store."""


# What waits, and for which step.


def docked_rows(agencies: Collection[UUID]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Every file that came in by docking, with its agency. Two queries."""
    for act, said in said_by((DOCK,), agencies):
        for row in said.get("rows") or ():
            yield act.subject, row


def waiting_in(agencies: Collection[UUID]) -> list[Docked]:
    """The recordings that no case cites and nobody has put aside, the oldest first. Eight queries."""
    rows = {str(row["digest"]): (agency, row) for agency, row in docked_rows(agencies)}
    gone = {str(said.get("digest")) for _, said in said_by((DISMISS,), agencies)}
    gone |= set(Evidence.objects.filter(digest__in=list(rows)).values_list("digest", flat=True))
    left = {digest: pair for digest, pair in rows.items() if digest not in gone}
    devices = {(one.agency, one.serial): one for one in devices_in(agencies)} if left else {}
    films = Film.objects.in_bulk(list(left)) if left else {}
    found = [
        waiting(agency, row, devices.get((agency, str(row["device"]))), films.get(digest))
        for digest, (agency, row) in left.items()
    ]
    return sorted(found, key=lambda one: one.real)


def waiting(agency: UUID, row: Mapping[str, Any], device: Device | None, film: Film | None) -> Docked:
    """One of them: the device's clock put right, and with whom the device was then."""
    began = datetime.fromisoformat(str(row["began"])).replace(tzinfo=timezone.get_current_timezone())
    real = began - timedelta(seconds=device.offset or 0) if device else began
    held = [
        each
        for each in (holdings(device) if device else ())
        if each.since <= real + timedelta(minutes=1) and (each.until is None or each.until > real)
    ]
    seconds = float(film.found.get("seconds") or 0) if film and film.state == READ else None
    return Docked(
        agency,
        {name: row[name] for name in FACTS},
        str(row["device"]),
        began,
        real,
        held[-1].who if held else "",
        frozenset(each.person for each in held if each.person),
        seconds,
        film is not None and film.state == UNREADABLE,
    )


def steps_for(found: Iterable[Docked]) -> dict[str, list[Step]]:
    """By digest, the steps of open cases on the recording's day that still want one, the best first. One query."""
    files = list(found)
    cases = (
        Case.objects.filter(agency__in={one.agency for one in files}, closed="")
        if files
        else Case.objects.none()
    )
    columns = ("pk", "agency", "number", "title", "state__recordings", "state__handlers")
    wanted = []
    for key, agency, number, title, rows, handlers in cases.values_list(*columns):
        for row in unfilmed({"recordings": rows or ()}):
            wanted.append((agency, key, number or title, row, set(handlers or ())))
    steps: dict[str, list[Step]] = {}
    for one in files:
        fits = [
            Step(key, number, int(row["n"]), str(row["label"]), str(row["on"]), fit)
            for agency, key, number, row, handlers in wanted
            if agency == one.agency and (fit := fit_of(one, row, handlers)) > 0
        ]
        steps[str(one.kept["digest"])] = sorted(fits, key=lambda step: (-step.fit, step.number, step.n))
    return steps


def fit_of(one: Docked, row: Mapping[str, Any], handlers: set[str]) -> int:
    """How well a recording fits a step: not at all on another day; by its people, then by the minutes that both share."""
    if str(row["on"])[:10] != one.real.date().isoformat():
        return 0
    fit = 1 + (SURE if one.people & (handlers | {str(row.get("by"))}) else 0)
    first, last = (moment(str(row.get(end) or "")) for end in ("began", "ended"))
    if first is None or last is None:
        return fit + 1
    real, ended = (at.replace(tzinfo=None) for at in (one.real, one.ended))
    shared = min(last, ended) - max(first, real)
    return fit + max(int(shared.total_seconds()) // 60 + 2, 0) if shared >= timedelta(0) else fit


def clip_of(one: Docked, means: str) -> dict[str, str]:
    """The recording as a clip of its step: the hours by the right clock, where its length is known."""
    told = {"means": means, "file": str(one.kept["name"])} | ({"device": one.device} if one.device else {})
    if not one.seconds:
        return told
    last = max(one.ended, one.real + timedelta(minutes=1))
    return {
        **told,
        **{key: at.isoformat(timespec="minutes")[:16] for key, at in (("began", one.real), ("ended", last))},
    }
