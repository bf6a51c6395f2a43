"""What a form of an administrative act offers to choose from in the registers, so that nobody types serials and numbers.

The door takes the values as before: whoever writes them by program is not bound to the lists.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.admin import drawn
from sanxiang.desk.admin.place import Place
from sanxiang.desk.picks import MOST_CASES, Choice, Pick
from sanxiang.desk.recording.discipline import cases_in, rows_of
from sanxiang.door.admin.references import REFERENCES
from sanxiang.door.administer import ACTS
from sanxiang.door.recording import breaches, defence, docking, equipment, field_devices, venues
from sanxiang.door.recording.explained import EXPLAIN, key_of
from sanxiang.law.rules import Act
from sanxiang.oversight.evaluation import acts as evaluation
from sanxiang.oversight.evaluation.results import register
from sanxiang.oversight.weak import improvements, key_acts
from sanxiang.oversight.weak.key_acts import SCOPES
from sanxiang.people import roles
from sanxiang.people.authority import attended
from sanxiang.people.models import Unit
from sanxiang.speech import cn_moment

Made = Callable[[Place], Pick]
PAIRS = {
    venues.CANCEL: ("begins", "begins", "venue"),
    key_acts.UNTAG: ("name", "scope", "name"),
    **drawn.PAIRS,
}
"""Two fields that are chosen as one line: by act the field shown, then what its value says before and after the blank."""

NONE = {
    "leave": "现在没有正在或者将要离岗的记录，不用登记返岗。",
    "token": "现在没有在用的令牌。",
    "reserved-number": "现在没有预留而未用的文号。",
    "archived-case": "还没有在库的已归档案卷，案卷归档之后才能借阅。",
    "lent-case": "现在没有借出的案卷。",
    "certificate": "还没有登记执法证件，先登记证件。",
    "post": "还没有可以免去的岗位。",
    "unit": "还没有内设机构，先设立机构。",
    "register-draft": "现在没有清单草稿，先在“清单”里起草。",
    "register-filing": "现在没有等待报备、收录的清单。",
    "register-recheck": "现在没有要复核的清单条目。",
}
"""Why a list of references is empty, and what to do instead."""


def picks_for(place: Place, act: Act) -> dict[str, Pick]:
    """What the fields of one act offer; what is chosen together with another field is hidden."""
    made = {field: make(place) for field, make in LISTS.get(act.id, {}).items()}
    shown, *parts = PAIRS.get(act.id, ("",))
    hidden = {name: Pick((), hidden=True) for name in parts if name != shown}
    units = {name: _units(place) for name in ("unit", "custodian_unit") if _plain_unit(act, name)}
    return made | hidden | units


def _plain_unit(act: Act, name: str) -> bool:
    item = act.field(name)
    return item is not None and item.type == "text"


def spread(act: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen as one line, as the two fields that the door takes."""
    shown, *parts = PAIRS.get(act, ("",))
    first, blank, rest = str(raw.get(shown) or "").partition(" ")
    return {**raw, **dict(zip(parts, (first, rest), strict=True))} if blank else dict(raw)


def joined(act: str, told: Mapping[str, Any] | None, wrong: dict[str, str]) -> dict[str, Any] | None:
    """The two fields as the one line of the form; what is said of the hidden one stands at the line."""
    if act not in PAIRS or told is None:
        return None if told is None else dict(told)
    shown, first, rest = PAIRS[act]
    for name in (first, rest):
        if name != shown and (text := wrong.pop(name, "")):
            wrong.setdefault(shown, text)
    line = f"{told.get(first) or ''} {told.get(rest) or ''}".strip()
    return {**told, shown: line if told.get(first) and told.get(rest) else ""}


def out_of_reach(place: Place, acts: Iterable[str]) -> dict[str, str]:
    """Acts that have nothing to be done to now, each with why. The queries do not grow with what there is."""
    found: dict[str, str] = {}
    for act in acts:
        rule = ACTS[act].rule
        picks = {name: make(place) for name, make in LISTS.get(act, {}).items()}
        closed = [pick.none for pick in picks.values() if not pick.open and not pick.choices]
        closed += [
            NONE[item.type]
            for item in rule.fields
            if item.type in SELDOM
            and not REFERENCES[item.type].choices(place.agency, place.scope, place.visitor.on)
        ]
        if closed:
            found[act] = closed[0]
    return found


COSTLY = frozenset({EXPLAIN})
"""Acts whose list is worked out from all cases: asked on their own pages alone."""
SELDOM = (
    "leave", "token", "reserved-number", "archived-case", "lent-case", "register-draft", "register-filing", "register-recheck",
)  # fmt: skip
"""References of which there are often none at all."""


# The lists


def _rooms(place: Place) -> Pick:
    rows = [one for one in venues.venues_in([place.agency.pk]) if not one.retired]
    choices = tuple({"value": one.name, "label": one.name, "hint": one.unit} for one in rows)
    return Pick(choices, "还没有在用的场所，先“登记音像记录场所”；没有场所的不影响办案。")


def _bookings(place: Place) -> Pick:
    """Those to come that this person may take back."""
    since, me = timezone.localtime().strftime("%Y-%m-%d"), place.visitor.person.pk
    keeps = bool(place.roles & set(venues.KEEPERS))
    rows = [row for one in venues.venues_in([place.agency.pk]) if not one.retired for row in one.bookings]
    mine = [row for row in rows if not row.cancelled and row.ends >= since and (keeps or row.person == me)]
    choices = tuple(
        {
            "value": f"{row.begins} {row.venue}",
            "label": f"{row.venue}　{cn_moment(row.begins)}至{cn_moment(row.ends)}",
            "hint": f"{row.case}，{row.by}预约",
        }
        for row in sorted(mine, key=lambda row: row.begins)
    )
    return Pick(choices, "没有您可以取消的预约：预约由预约人本人，或者管理场所的人员取消。")


def _open_cases(place: Place) -> Pick:
    return _cases(Case.objects.filter(agency=place.agency, closed=""))


def _own_cases(place: Place) -> Pick:
    return _cases(Case.objects.filter(agency=place.agency, handler_rows__person=place.visitor.person))


def _closed_cases(place: Place) -> Pick:
    return _cases(Case.objects.filter(agency=place.agency).exclude(closed=""))


def _cases(rows: Any) -> Pick:
    """Cases by their number or code with their title, the newest. One query."""
    told = rows.order_by("-opened_at", "pk").values_list("number", "code", "title")[:MOST_CASES]
    return Pick(tuple({"value": number or code, "label": title} for number, code, title in told), open=True)


def _devices(out: bool | None, sound: bool = False) -> Made:
    """The devices in use: all, those that are out, or those that lie in the cupboard; `sound` leaves out what is faulty."""
    none = {
        None: "还没有登记设备，先“登记设备”。",
        True: "现在没有领用在外的设备，不用登记交回。",
        False: "没有在库的设备：没有登记，或者都已经领用。"
        + ("有故障的修复、检查之后再领用。" if sound else ""),
    }[out]

    def made(place: Place) -> Pick:
        rows = [one for one in equipment.devices_in([place.agency.pk]) if one.state != "retired"]
        fit = [one for one in rows if out is None or one.out == out]
        choices = tuple(
            {
                "value": one.serial,
                "label": f"{one.serial}　{one.model}",
                "hint": one.holder and f"{one.holder}领用",
            }
            for one in fit
            if not sound or one.state == "sound"
        )
        return Pick(choices, none)

    return made


def _officers(place: Place) -> Pick:
    posts = attended(place.visitor.on).filter(agency=place.agency, role=roles.OFFICER)
    rows = posts.select_related("person", "unit").order_by("unit__name", "person__name")
    names = {
        one.person.username: f"{one.person.name}{f'（{one.unit.name}）' if one.unit else ''}" for one in rows
    }
    return Pick(
        tuple({"value": key, "label": label} for key, label in names.items()),
        "本机关现在没有在岗的执法人员，先由安全管理员授予岗位。",
    )


def _units(place: Place) -> Pick:
    names = Unit.objects.filter(agency=place.agency).order_by("name").values_list("name", flat=True)
    return Pick(tuple({"value": name, "label": ""} for name in names), open=True)


def _claims(place: Place) -> Pick:
    rows = [one for one in defence.claims_in([place.agency.pk]) if not one.outcome]
    choices = tuple(
        {"value": one.number, "label": one.number, "hint": f"{one.by_name}：{one.told.get('accused') or ''}"}
        for one in rows
        if one.by != place.visitor.person.pk
    )
    return Pick(choices, "现在没有等待您认定的申辩。")


def _field_devices(own: bool) -> Made:
    def made(place: Place) -> Pick:
        rows = [one for one in field_devices.devices_in(place.agency.pk).values() if one.ended is None]
        choices = tuple(
            {"value": one.id, "label": f"{one.name}　{one.owner}", "hint": f"{cn_date(one.since)}登记"}
            for one in rows
            if not own or one.person == place.visitor.person.pk
        )
        return Pick(choices, "现在没有在用的带出设备。")

    return made


def _docked(place: Place) -> Pick:
    choices = tuple(
        {"value": str(one.kept["digest"]), "label": str(one.kept["name"]), "hint": cn_datetime(one.real)}
        for one in docking.waiting_in([place.agency.pk])
    )
    return Pick(choices, "没有待确认的导入音像。")


def _breaches(place: Place) -> Pick:
    rows = rows_of(place.visitor, place.visitor.on.year)
    cases = cases_in(rows, place.visitor)
    found: dict[str, Choice] = {}
    for row in rows:
        case = cases.get(row.case)
        if case is not None and case.agency_id == place.agency.pk:
            label = f"{breaches.KINDS[row.kind]}：{row.officer}，{row.what}"
            key = key_of(row, case.code)
            found[key] = {
                "value": key,
                "label": label,
                "hint": f"{cn_date(row.on)}，{case.number or case.code}",
            }
    return Pick(tuple(found.values()), "今年没有列在您名下或者您所管人员名下的记录纪律问题，不用说明。")


def _tasks(place: Place) -> Pick:
    rows = [one for one in improvements.improvements_in([place.agency.pk]) if one.closed_on is None]
    choices = tuple(
        {"value": one.number, "label": f"{one.number}　{one.label}", "hint": f"{cn_date(one.due)}到期"}
        for one in rows
    )
    return Pick(choices, "现在没有没完成的改进任务。")


def _marked(place: Place) -> Pick:
    choices = tuple(
        {"value": f"{one.scope} {one.name}", "label": f"{SCOPES.get(one.scope, '')}：{one.name}"}
        for one in key_acts.key_acts_in([place.agency.pk])
    )
    return Pick(choices, "还没有标为重点的执法行为。")


def _batches(place: Place) -> Pick:
    samples, results = register([place.agency.pk])
    names = dict.fromkeys([*(one.batch for one in samples), *(one.batch for one in results)])
    return Pick(tuple({"value": name, "label": ""} for name in names), open=True)


LISTS: Mapping[str, Mapping[str, Made]] = {
    venues.BOOK: {"venue": _rooms, "case": _open_cases},
    venues.RETIRE: {"venue": _rooms},
    venues.CANCEL: {"begins": _bookings},
    equipment.HAND_OUT: {"device": _devices(False, sound=True), "holder": _officers},
    equipment.TAKE_IN: {"device": _devices(True)},
    equipment.CHECK: {"device": _devices(None)},
    equipment.RETIRE: {"device": _devices(False)},
    defence.CLAIM: {"case": _own_cases},
    defence.DECIDE: {"claim": _claims},
    field_devices.GIVE_BACK: {"device": _field_devices(True)},
    field_devices.WITHDRAW: {"device": _field_devices(False)},
    docking.DISMISS: {"digest": _docked},
    EXPLAIN: {"breach": _breaches},
    improvements.REPORT: {"improvement": _tasks},
    improvements.CLOSE: {"improvement": _tasks},
    key_acts.UNTAG: {"name": _marked},
    evaluation.EVALUATE: {"case": _closed_cases, "batch": _batches},
    evaluation.APPEAL: {"case": _closed_cases, "batch": _batches},
    evaluation.DECIDE: {"case": _closed_cases, "batch": _batches},
    evaluation.DRAW: {"batch": _batches},
    **drawn.LISTS,
}
"""By act and field."""
