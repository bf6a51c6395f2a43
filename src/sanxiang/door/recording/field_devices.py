"""带到现场: the devices on which officers take cases along, and what such a device must know.

The register is the ledger itself: a device is the sum of the acts that name it. What lies on a device is locked there with a key
that the device made; the half of it that is told here opens it without typing while its owner is signed in, and is told to nobody
once device or account are withdrawn.
"""

import re
from base64 import b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import salted_hmac

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.said import Told, said_by, said_in
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act, Opening
from sanxiang.people import roles
from sanxiang.people.models import Agency, Person

REGISTER, GIVE_BACK, WITHDRAW = "register-field-device", "return-field-device", "withdraw-field-device"
ACTS = (REGISTER, GIVE_BACK, WITHDRAW)
OFFICERS = tuple(sorted(roles.CASE_ROLES))
NORM = Citation("GB/T 22239-2019", " 8.1.4.8（数据保密性）", "operator")
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DEVICE = asked("device", "设备编号", longest=36, help="设备自己生成的编号，列在“带出设备”里")


@dataclass(frozen=True)
class FieldDevice:
    """A phone, pad or computer that takes cases along: whose it is, since when, and whether it may still."""

    id: str
    person: UUID | None
    owner: str
    name: str
    since: datetime
    ended: date | None = None
    why: str = ""


def devices_in(agency: UUID) -> dict[str, FieldDevice]:
    """The devices of an agency's people, by their ids, in the order in which they came. Two queries."""
    return {key: one for (_, key), one in folded(said_by(ACTS, [agency])).items()}


def devices_called(device: str) -> list[FieldDevice]:
    """The device as each agency has it in which it was registered: whoever asks does not choose the agency. Two queries."""
    if not device:
        return []
    acts = Opening.objects.filter(act__kind="agency", act__name__in=ACTS, name="device", value=device)
    return list(folded(said_in(Act.objects.filter(pk__in=acts.values("act")))).values())


def folded(told: Iterable[Told]) -> dict[tuple[UUID, str], FieldDevice]:
    """Each device by agency and id, as the acts in their order made it."""
    found: dict[tuple[UUID, str], FieldDevice] = {}
    for act, said in told:
        key, on = (act.subject, str(said.get("device") or "")), timezone.localtime(act.at)
        if act.name == REGISTER:
            found[key] = FieldDevice(key[1], act.by, act.by_name, str(said.get("name") or ""), on)
        elif key in found:
            found[key] = replace(found[key], ended=on.date(), why=str(said.get("reason") or act.label))
    return found


def is_gone(known: Collection[FieldDevice]) -> bool:
    """Must such a device forget what it has: it was withdrawn in one of its agencies, or its owner's account was?"""
    if any(one.ended is not None for one in known):
        return True
    owners = {one.person for one in known if one.person is not None}
    return Person.objects.filter(pk__in=owners, active=True).count() < len(owners)


def owner_of(person: Person) -> str:
    """By what a device calls the person whose vault lies on it: no key of ours, and no name."""
    return salted_hmac("sanxiang.field-owner", str(person.pk), algorithm="sha256").hexdigest()[:32]


def key_half(person: Person, device: str) -> str:
    """The server's half of the lock on what lies on a device: one for each person and device, told to that person alone."""
    made = salted_hmac("sanxiang.field-key", f"{person.pk} {device}", algorithm="sha256")
    return b64encode(made.digest()).decode()


def sound_device(change: Change) -> list[Verdict]:
    """An id as devices make them, and not one that is there already."""
    key = str(change.data.get("device") or "")
    if not KEY.fullmatch(key):
        return [unmet("device", NORM, "设备编号不是设备生成的样式", "在设备上打开“现场”，由设备自己登记")]
    known = devices_called(key)
    mine = all(one.ended is None and change.by is not None and one.person == change.by.pk for one in known)
    if not mine or key in devices_in(change.agency.pk):
        return [unmet("device", NORM, "这台设备已经登记过", "停用过的设备不能再用原来的编号，清除后重新登记")]
    return []


def known_device(change: Change) -> list[Verdict]:
    """A device that is there and in use; whoever gives one back gives back their own."""
    found = devices_in(change.agency.pk).get(str(change.data.get("device") or ""))
    if found is None or found.ended is not None:
        return [unmet("device", NORM, "没有这台在用的设备", "核对“带出设备”里的编号")]
    administers = change.actor is None or roles.SECURITY_ADMIN in change.actor.roles
    if not administers and change.by is not None and found.person != change.by.pk:
        return [unmet("device", NORM, "这台设备是别人登记的", "由本人或者安全管理员停用")]
    return []


@admin_act(
    REGISTER,
    "登记带出设备",
    OFFICERS,
    (DEVICE, asked("name", "设备名称", longest=60)),
    NORM,
    group="",
    help="第一次在一台设备上把案件带到现场时，由设备登记",
    checks=sound_device,
    secrecy="case",
)
def register_device(change: Change) -> Agency:
    """The act itself is its record."""
    return change.agency


@admin_act(
    GIVE_BACK, "停用本人的带出设备", OFFICERS, (DEVICE,), NORM, group="", checks=known_device, secrecy="case"
)
def give_back(change: Change) -> Agency:
    """The act itself is its record: at the next contact the device forgets everything."""
    return change.agency


@admin_act(
    WITHDRAW,
    "停用带出设备",
    (roles.SECURITY_ADMIN,),
    (DEVICE, asked("reason", "原因", longest=200, help="遗失、被盗、离职、更换")),
    NORM,
    group="people",
    help="设备下次连上服务器时，清除带到现场的全部内容",
    checks=known_device,
    secrecy="case",
)
def withdraw_device(change: Change) -> Agency:
    """The same, by the administrator."""
    return change.agency
