"""Recording devices 音像记录设备: what there is, who has it, how it was checked, and how many are lacking.

The register is the ledger itself: a device is the sum of the acts that name it. The kinds and the ratio are the locality's; where
its scheme sets no ratio, the agency sets one by an act and says by which standard.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.pinned import current
from sanxiang.door.said import Told, said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.packs import Pack
from sanxiang.people import roles
from sanxiang.people.models import Agency, Person, Post, in_force
from sanxiang.speech import cn_day

REGISTER, HAND_OUT, TAKE_IN, CHECK, RETIRE, TARGET = (
    "register-device",
    "hand-out-device",
    "return-device",
    "check-device",
    "retire-device",
    "set-device-target",
)
ACTS = (REGISTER, HAND_OUT, TAKE_IN, CHECK, RETIRE, TARGET)
KEEPERS = (roles.RECORDING_SUPERVISOR, roles.ARCHIVIST, roles.LEGAL_REVIEWER, roles.AGENCY_HEAD)
NORM = Citation("国办发〔2018〕118号", "三（八）", "norm")
KINDS = {
    "camera": "照相机",
    "recorder": "录音机",
    "camcorder": "摄像机",
    "body-camera": "执法记录仪",
    "cctv": "视频监控",
}
"""The five kinds that the norm names; where a scheme lists its own, those with its words."""


@dataclass(frozen=True)
class Step:
    """One entry of a device's log."""

    on: datetime
    what: str
    who: str
    by: str
    note: str = ""
    person: str = ""


@dataclass(frozen=True)
class Holding:
    """With whom a device was, since when and until when; `person` is the id, where the act has it."""

    who: str
    person: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Device:
    """A device as its acts left it. `offset` is how many seconds its clock ran ahead at the last check."""

    agency: UUID
    serial: str
    kind: str
    model: str
    unit: str
    custodian: str
    holder: str = ""
    holder_since: str = ""
    state: str = "sound"
    offset: int | None = None
    checked_on: str = ""
    log: tuple[Step, ...] = ()

    @property
    def out(self) -> bool:
        """Is it with an officer now?"""
        return bool(self.holder)


def kinds_of(pack: Pack) -> dict[str, str]:
    """The kinds of devices by the locality's scheme."""
    named = pack.parameter("av.devices")
    rows = named.value if named.is_set else ()
    return {str(row["id"]): str(row["label"]) for row in rows if isinstance(row, dict)} or dict(KINDS)


def devices_in(agencies: Collection[UUID]) -> list[Device]:
    """The devices of these agencies by serial number, retired ones last. Two queries."""
    found = folded(said_by(ACTS, agencies))
    return sorted(found.values(), key=lambda one: (one.state == "retired", one.kind, one.serial))


def folded(told: Iterable[Told]) -> dict[tuple[UUID, str], Device]:
    """Each device by agency and serial number, as the acts in their order made it."""
    found: dict[tuple[UUID, str], Device] = {}
    for act, said in told:
        serial = str(said.get("device") or said.get("serial") or "")
        key, on = (act.subject, serial), timezone.localtime(act.at)
        if act.name == REGISTER:
            kind, model, unit, keeper = (
                str(said.get(name) or "") for name in ("kind", "model", "unit", "custodian")
            )
            log = (Step(on, act.label, "", act.by_name, str(said.get("note") or "")),)
            found[key] = Device(act.subject, serial, kind, model, unit, keeper, log=log)
        elif key in found:
            found[key] = _after(found[key], act.name, said, Step(on, act.label, "", act.by_name))
    return found


def _after(one: Device, name: str, said: dict[str, Any], step: Step) -> Device:
    note, who = str(said.get("note") or ""), str(said.get("holder") or "")
    log = (*one.log, replace(step, who=who or one.holder, note=note, person=str(said.get("held_by") or "")))
    if name == HAND_OUT:
        return replace(one, holder=who, holder_since=step.on.date().isoformat(), log=log)
    if name == TAKE_IN:
        faulty = said.get("condition") == "faulty"
        return replace(one, holder="", holder_since="", state="faulty" if faulty else one.state, log=log)
    if name == CHECK:
        offset = said.get("offset")
        state = "faulty" if said.get("result") == "faulty" else "sound"
        seen = step.on.date().isoformat()
        return replace(
            one, state=state, offset=None if offset is None else int(offset), checked_on=seen, log=log
        )
    return replace(one, state="retired", holder="", log=log)


def holdings(one: Device) -> list[Holding]:
    """With whom the device was, one stretch after the other."""
    found: list[Holding] = []
    for step in one.log:
        if step.what == LABELS[HAND_OUT]:
            found.append(Holding(step.who, step.person, step.on, None))
        elif step.what in (LABELS[TAKE_IN], LABELS[RETIRE]) and found:
            found[-1] = replace(found[-1], until=step.on)
    return found


def held_by(devices: Iterable[Device], serial: str, on: datetime) -> str | None:
    """Who had the device at that time; "" when nobody, None when there is no such device."""
    one = next((device for device in devices if device.serial == serial), None)
    if one is None:
        return None
    held = (each for each in holdings(one) if each.since <= on and (each.until is None or each.until > on))
    return next((each.who for each in held), "")


# The ratio.


@dataclass(frozen=True)
class Shortage:
    """How many devices an agency should have and has: `per` officers share one; None where nobody set it."""

    per: int | None
    basis: str
    officers: int
    stock: int

    @property
    def wanted(self) -> int | None:
        """Devices that the ratio asks for, rounded up."""
        return None if self.per is None else -(-self.officers // self.per)

    @property
    def gap(self) -> int | None:
        """How many are lacking."""
        return None if self.wanted is None else max(self.wanted - self.stock, 0)


def shortage(agency: Agency, on: date) -> Shortage:
    """The set ratio held against officers and sound devices. Four queries."""
    told = said_by(ACTS, [agency.pk])
    targets = [said for act, said in told if act.name == TARGET]
    stock = sum(1 for one in folded(told).values() if one.state == "sound" and one.kind != "cctv")
    posts = Post.objects.filter(in_force(on), agency=agency, role=roles.OFFICER, person__active=True)
    officers = posts.values("person").distinct().count()
    last = targets[-1] if targets else {}
    return Shortage(
        int(last["officers_per_device"]) if last else None, str(last.get("basis", "")), officers, stock
    )


# The acts.


@dataclass(frozen=True)
class UnitShortage:
    """The same for one unit: its officers, the sound devices allotted to it."""

    unit: str
    officers: int
    stock: int
    wanted: int | None

    @property
    def gap(self) -> int | None:
        """How many are lacking."""
        return None if self.wanted is None else max(self.wanted - self.stock, 0)


def by_unit(agency: Agency, on: date, per: int | None) -> list[UnitShortage]:
    """The shortage of each unit that has officers or devices; a device without a unit counts under "". Three queries."""
    posts = Post.objects.filter(in_force(on), agency=agency, role=roles.OFFICER, person__active=True)
    pairs = set(posts.values_list("unit__name", "person"))
    officers = Counter(str(unit or "") for unit, _ in pairs)
    sound = [one for one in devices_in([agency.pk]) if one.state == "sound" and one.kind != "cctv"]
    stock = Counter(one.unit for one in sound)
    names = sorted({*officers, *stock})
    return [
        UnitShortage(name, officers[name], stock[name], None if per is None else -(-officers[name] // per))
        for name in names
    ]


def named(change: Change) -> Device | None:
    """The device that the act is about."""
    serial = str(change.data.get("device") or "")
    return next((one for one in devices_in([change.agency.pk]) if one.serial == serial), None)


def new_serial(change: Change) -> list[Verdict]:
    """Of a kind that the scheme knows, and not on the books yet."""
    kinds, verdicts = kinds_of(current(change.agency.locality)), []
    serial = str(change.data.get("serial") or "")
    if any(one.serial == serial for one in devices_in([change.agency.pk])):
        fact = f"设备编号“{serial}”已经登记过"
        verdicts.append(unmet("serial", NORM, fact, "核对设备编号；同一台设备不再登记"))
    if (kind := change.data.get("kind")) and kind not in kinds:
        fact = f"本地方案没有列出“{KINDS.get(kind, kind)}”"
        verdicts.append(unmet("kind", NORM, fact, f"从方案列出的设备中选择：{'、'.join(kinds.values())}"))
    return verdicts


def there(change: Change, *, out: bool | None = None, sound: bool = False) -> list[Verdict]:
    """The device is on the books and in use; where asked, with an officer or in its place, and without a fault."""
    one, serial = named(change), str(change.data.get("device") or "")
    if not serial:
        return []
    if one is None or one.state == "retired":
        return [unmet("device", NORM, f"没有编号为“{serial}”的在用设备", "核对设备编号，没有登记的先登记")]
    verdicts = []
    if out is False and one.out:
        fact = f"设备“{serial}”自{cn_day(one.holder_since)}由{one.holder}领用，还没有交回"
        verdicts.append(unmet("in-place", NORM, fact, "先登记交回"))
    if out is True and not one.out:
        verdicts.append(unmet("out", NORM, f"设备“{serial}”没有领出", "不需要登记交回；核对设备编号"))
    if sound and one.state == "faulty":
        fact = f"设备“{serial}”有故障，没有修复"
        verdicts.append(unmet("sound", NORM, fact, "修复后登记检查，结果正常的才能领用"))
    return verdicts


def ready(change: Change) -> list[Verdict]:
    """In its place, without a fault, for somebody of this agency."""
    verdicts, wanted = there(change, out=False, sound=True), str(change.data.get("holder") or "")
    if wanted and holder_of(change.agency, wanted, change.day) is None:
        fact = f"“{wanted}”不是本机关在岗的执法人员"
        verdicts.append(unmet("holder", NORM, fact, "填写本机关在岗执法人员的姓名，重名的写账号"))
    return verdicts


def holder_of(agency: Agency, text: str, on: date) -> Person | None:
    """The agency's officer of that name or account; None where there is none, or more than one of the name."""
    posts = Post.objects.filter(in_force(on), agency=agency, role=roles.OFFICER, person__active=True)
    people = Person.objects.filter(pk__in=posts.values("person"))
    found = list(people.filter(username=text)) or list(people.filter(name=text))
    return found[0] if len(found) == 1 else None


def who_holds(change: Change) -> dict[str, str]:
    """The holder by name, whatever was typed, with the own key beside it: names may be shared, and change."""
    person = holder_of(change.agency, str(change.data.get("holder") or ""), change.day)
    return {"held_by": str(person.pk), "holder": person.name} if person else {}


DEVICE = asked("device", "设备编号", longest=60)
NOTE = asked("note", "备注", "longtext", required=False)


@admin_act(
    REGISTER,
    "登记设备",
    KEEPERS,
    (
        asked("serial", "设备编号", longest=60, help="设备上标明的编号，录像的文件名里通常也有"),
        asked("kind", "种类", "choice", options=KINDS),
        asked("model", "型号", required=False, longest=100),
        asked("unit", "配备机构", required=False, longest=100),
        asked("custodian", "保管人", required=False, longest=60),
        NOTE,
    ),
    NORM,
    group="devices",
    help="新配备的音像记录设备投入使用前登记",
    checks=new_serial,
    secrecy="case",
)
def register_device(change: Change) -> None:
    """A device comes on the books."""


@admin_act(
    HAND_OUT,
    "登记设备领用",
    KEEPERS,
    (DEVICE, asked("holder", "领用人", longest=60, help="本机关在岗执法人员的姓名，重名的写账号"), NOTE),
    NORM,
    group="devices",
    checks=ready,
    secrecy="case",
    adds=who_holds,
)
def hand_out(change: Change) -> None:
    """A device goes to an officer."""


@admin_act(
    TAKE_IN,
    "登记设备交回",
    KEEPERS,
    (
        DEVICE,
        asked("condition", "交回时", "choice", options={"sound": "正常", "faulty": "有故障"}),
        NOTE,
    ),
    NORM,
    group="devices",
    checks=lambda change: there(change, out=True),
    secrecy="case",
)
def take_in(change: Change) -> None:
    """A device is back."""


@admin_act(
    CHECK,
    "登记设备检查",
    KEEPERS,
    (
        DEVICE,
        asked("result", "检查结果", "choice", options={"sound": "正常", "faulty": "有故障"}),
        asked("offset", "时钟偏差（秒）", "number", required=False, help="比标准时间快的填正数，慢的填负数"),
        NOTE,
    ),
    NORM,
    group="devices",
    help="定期检查和抽查设备是否正常、时钟是否准确",
    checks=there,
    secrecy="case",
)
def check_device(change: Change) -> None:
    """A device was looked at: does it work, is its clock right?"""


@admin_act(
    RETIRE,
    "登记设备报废",
    KEEPERS,
    (DEVICE, asked("note", "报废原因", "longtext")),
    NORM,
    group="devices",
    checks=lambda change: there(change, out=False),
    secrecy="case",
)
def retire_device(change: Change) -> None:
    """A device goes off the books; its log stays."""


@admin_act(
    TARGET,
    "设定设备配备比例",
    (roles.AGENCY_HEAD, roles.RECORDING_SUPERVISOR, roles.SUPERVISOR),
    (
        asked("officers_per_device", "每几名执法人员配一台", "number", help="一比二的填 2"),
        asked("basis", "依据的标准", longest=200, help="上级规定的配备比例和标准，写明名称、文号"),
    ),
    NORM,
    group="devices",
    checks=lambda change: (
        [unmet("ratio", NORM, "配备比例应当是大于零的整数", "例如两人一台的填 2")]
        if int(change.data.get("officers_per_device") or 1) < 1
        else []
    ),
    secrecy="case",
)
def set_target(change: Change) -> None:
    """How many officers share a device, by which standard."""


LABELS = {
    HAND_OUT: "登记设备领用",
    TAKE_IN: "登记设备交回",
    RETIRE: "登记设备报废",
}
"""As the log calls what moved a device."""
