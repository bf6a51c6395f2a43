"""A folder of a docking station, file by file: what can be kept is kept, the rest is told with its reason; nothing comes in twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils import timezone

from sanxiang.cases.models import Evidence
from sanxiang.cases.recording.films import recording
from sanxiang.cases.recording.receipts import receipt_of
from sanxiang.cases.recording.receiving import Unacceptable, receive
from sanxiang.door.admin.rules import SEPARATION, role_held
from sanxiang.door.administer import ACTS, actor_over, administer
from sanxiang.door.attempts import attempt
from sanxiang.door.pinned import current
from sanxiang.door.recording.docking import DOCK, docked_rows
from sanxiang.law.guards import Refused
from sanxiang.law.packs import Pack
from sanxiang.law.recording.naming import Named, faulty, named
from sanxiang.people.models import Agency, Person


@dataclass
class Outcome:
    """What became of the files of a folder."""

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)


def patterns_of(pack: Pack) -> tuple[str, ...]:
    """How this locality's devices name their files, where somebody has said so; patterns nobody can read are left out."""
    told = pack.parameter("av.file_names")
    rows = tuple(map(str, told.value or ())) if told.is_set else ()
    return tuple(one for one in rows if one not in faulty([one]))


def take_in(
    agency: Agency, by: Person, files: Iterable[tuple[str, str, Any]], *, device: str = "", source: str = ""
) -> Outcome:
    """Keep what can be kept of these (name, type, opener of a stream); the rest is told with its reason. One act for all.

    Raises Refused, before anything is kept, for whoever may not bring recordings in here.
    """
    entitled(agency, by)
    outcome, rows = Outcome(), []
    there = known_digests(agency)
    patterns = patterns_of(current(agency.locality))
    for name, mime, opened in files:
        told = named(name, patterns)
        try:
            kept = kept_of(name, mime, opened, told)
        except (Unacceptable, OSError) as wrong:
            outcome.rejected.append((name, str(wrong)))
            continue
        if kept["digest"] in there:
            outcome.known.append(name)
            continue
        there.add(kept["digest"])
        rows.append(row_of(kept, told, device, by))
        outcome.taken.append(name)
    if rows:
        administer(DOCK, agency, by, {"source": source or "采集站", "rows": rows})
    return outcome


def entitled(agency: Agency, by: Person) -> None:
    """The right is asked first: what somebody without it sends must not fill the store. Raises Refused, kept as an attempt."""
    now = timezone.now()
    actor, _ = actor_over(by, agency, timezone.localtime(now).date())
    verdict = role_held(ACTS[DOCK].rule, actor, str(SEPARATION))
    if not verdict.met:
        with attempt(DOCK, by, now=now, agency=agency.pk):
            raise Refused([verdict])


def kept_of(name: str, mime: str, opened: Any, told: Named | None) -> dict[str, Any]:
    """The file in the store. Raises Unacceptable with the reason, OSError where it cannot be read."""
    if not recording(mime, name):
        raise Unacceptable("不是录音、录像文件")
    if told is None:
        raise Unacceptable("文件名里读不出拍摄时间；命名方式特殊的，写入本地规则包的参数 av.file_names")
    with opened() as stream:
        readable: BinaryIO = stream
        kept = receive(readable, name, mime)
    if not kept["size"]:
        raise Unacceptable("文件是空的")
    return kept


def row_of(kept: Mapping[str, Any], told: Named | None, device: str, by: Person) -> dict[str, str]:
    """A file as the act is told of it: by the receipt, so that nobody names another's file by its digest."""
    began = told.began.isoformat() if told else ""
    serial = device or (told.device if told else "")
    return {"receipt": receipt_of(by.pk, kept), "device": serial, "began": began}


def known_digests(agency: Agency) -> set[str]:
    """What was docked before, or stands in a case of the agency. Three queries."""
    rows = Evidence.objects.filter(case__agency=agency).values_list("digest", flat=True)
    return {*rows, *(str(row["digest"]) for _, row in docked_rows([agency.pk]))}
