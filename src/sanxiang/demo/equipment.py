"""Devices, rooms and docked recordings of the demonstration, so that their pages have something on them."""

from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.demo.people import Office
from sanxiang.demo.pictures import film
from sanxiang.door.administer import administer
from sanxiang.door.dock_folder import take_in
from sanxiang.door.perform import Done, perform
from sanxiang.door.recording.venues import PRINCIPLES
from sanxiang.door.registers.marking import MARK, paragraphs_in

HANDED, KEPT, ALONE = "DSJ-01", "DSJ-02", "DSJ-03"
"""With the first officer from the beginning; in its place; nobody's to look after."""
ROOMS = {"听证室": "hearing-room", "询问室": "interview-room"}
ANOTHER = 9
"""A film that no case of the demonstration has."""


def furnish(office: Office, began: datetime) -> None:
    """Three devices, one of them handed out, a ratio, two rooms with their reasons, and a plan."""
    keep = partial(kept, office, began)
    for serial, model in ((HANDED, "高清一号"), (KEPT, "高清一号"), (ALONE, "手持")):
        custodian = {} if serial == ALONE else {"custodian": office.people["archivist"].name}
        keep(
            "register-device",
            serial=serial,
            kind="body-camera",
            model=model,
            unit=office.brigade.name,
            **custodian,
        )
    keep("check-device", device=HANDED, result="sound", offset="45")
    keep("hand-out-device", device=HANDED, holder=office.people["officer1"].username)
    keep("set-device-target", officers_per_device="2", basis="演示用的配备标准")
    for name, kind in ROOMS.items():
        reasons = dict.fromkeys(PRINCIPLES, "演示用的理由")
        keep("register-venue", name=name, kind=kind, equipment="固定摄像机一台、录音机一台", **reasons)
    plan = {
        "plan": "执法大队设听证室、询问室各一处，其余机构共用",
        "grounds": "演示：每年听证两三次，共用可以满足",
    }
    keep("record-venue-plan", **plan)


def kept(office: Office, on: datetime, act: str, **told: Any) -> None:
    """What the head registers on that day."""
    administer(act, office.agency, office.people["agency-head"], told, now=on)


def clips_at(inspected: Done, device: str) -> list[dict[str, str]]:
    """When the photo and the film of an inspection were taken, and with which device."""
    at = timezone.localtime(inspected.act.at)
    began, ended = ((at + timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M") for m in (0, 4))
    return [
        {"means": "photo", "place": "现场"},
        {"means": "video", "began": began, "ended": ended, "device": device},
    ]


def mark_film(office: Office, brought: Done, clip: str) -> None:
    """The first second of the film shows what the first long paper of the case says in its third paragraph."""
    case = Case.objects.get(pk=brought.case.id)
    kinds = [kind for kind in case.state["papers"] if paragraphs_in(case, kind) >= 3]
    if kinds:
        told = {
            "clip": clip,
            "second": 1,
            "marked_paper": kinds[-1],
            "paragraph": 3,
            "mark_note": "演示：现场状况",
        }
        moment = brought.act.at + timedelta(minutes=2)
        perform(MARK, case.pk, office.people["officer1"], told, channel="demo", now=moment)


def last_things(office: Office, now: datetime) -> None:
    """A room booked for tomorrow, and a film from the docking station that waits for its case."""
    open_case = (
        Case.objects.filter(agency=office.agency, closed="").exclude(number="").order_by("opened_at").first()
    )
    if open_case is not None:
        day = (timezone.localtime(now) + timedelta(days=1)).date().isoformat()
        hours = {"begins": f"{day}T09:00", "ends": f"{day}T11:00"}
        told = {"venue": "询问室", "case": open_case.number, "purpose": "inquiry", **hours}
        administer("book-venue", office.agency, office.people["officer1"], told, now=now)
    name = f"{HANDED}_{timezone.localtime(now) - timedelta(hours=3):%Y%m%d%H%M%S}.mp4"
    files = [(name, "video/mp4", partial(BytesIO, film(ANOTHER)))]
    take_in(office.agency, office.people["officer1"], files, source="演示采集站")
