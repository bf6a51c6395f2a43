"""采集站导入: recordings brought from a docking station, each with the step that it is proposed for; one page confirms them all."""

from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.acts import done_before
from sanxiang.desk.media_parts import clock
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.attempts import Unreadable
from sanxiang.door.dock_folder import Outcome, take_in
from sanxiang.door.perform import Unknown, perform
from sanxiang.door.recording.docking import DISMISS, DOCK, SURE, Docked, Step, clip_of, steps_for, waiting_in
from sanxiang.door.recording.equipment import devices_in
from sanxiang.law.guards import Refused
from sanxiang.law.recording.means import means_of
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency, Person

MOST = 100


@require_http_methods(["GET", "POST"])
def docked(request: HttpRequest) -> HttpResponse:
    """What waits; a POST brings files in or confirms proposals, whatever can be done of it."""
    visitor = visitor_of(request)
    if not visitor.workplaces:
        raise Http404
    if request.method == "POST":
        wrong = brought(request, visitor) if request.FILES else confirmed(request, visitor)
        if not wrong:
            return redirect(request.path)
        return draw(request, visitor, wrong)
    return draw(request, visitor, [])


def draw(request: HttpRequest, visitor: Visitor, wrong: list[str]) -> HttpResponse:
    """The page."""
    found = waiting_in(list(visitor.workplaces))
    steps = steps_for(found[:MOST])
    own = str(visitor.person.pk)
    rows = sorted((drawn(one, steps) for one in found[:MOST]), key=lambda row: own not in row["people"])
    context = {
        "rows": rows,
        "total": len(found),
        "errors": wrong,
        "may": home_of(visitor) is not None,
        "confirmable": any(row["choices"] for row in rows),
        "device": device_field(visitor),
    }
    return page(request, visitor, "desk/docked.html", context, section="cases", status=422 if wrong else 200)


def device_field(visitor: Visitor) -> dict[str, Any]:
    """Which device the files are of, where their names do not say it: one of the register."""
    home = home_of(visitor)
    found = [one for one in devices_in([home.pk]) if one.state != "retired"] if home else []
    choices = [{"value": one.serial, "label": f"{one.serial}　{one.holder}".strip("　")} for one in found]
    label, hint = "设备编号", "文件名里有设备编号的不选"
    part = {"kind": "choice", "draw": "select", "name": "device", "label": label, "hint": hint}
    return part | {"choices": choices, "required": False, "value": ""}


def home_of(visitor: Visitor) -> Agency | None:
    """The agency into which the visitor brings recordings: the first where a post allows it."""
    return next((post.agency for post in visitor.posts if post.role in ACTS[DOCK].by), None)


def drawn(one: Docked, steps: dict[str, list[Step]]) -> dict[str, Any]:
    """One recording with the steps to choose from, the best already chosen where its people fit."""
    digest = str(one.kept["digest"])
    choices = [
        {"value": f"{step.case}:{step.n}", "label": f"{step.number}　第{step.n}步，{step.label}（{step.on}）"}
        for step in steps[digest]
    ]
    sure = bool(steps[digest]) and steps[digest][0].fit > SURE
    return {
        "digest": digest,
        "name": one.kept["name"],
        "device": one.device or "没有写明",
        "device_href": f"/desk/devices/{one.agency}/{one.device}/" if one.device else "",
        "holder": one.holder or "当时没有领用登记",
        "real": cn_datetime(one.real),
        "shift": "" if one.real == one.began else f"设备时钟 {cn_datetime(one.began)}，已按偏差校正",
        "length": "读不出" if one.unreadable else "等待读取" if one.seconds is None else clock(one.seconds),
        "choices": choices,
        "chosen": choices[0]["value"] if sure else "",
        "people": one.people,
        "dismiss": f"/desk/admin/acts/{DISMISS}/?agency={one.agency}&digest={digest}",
    }


def brought(request: HttpRequest, visitor: Visitor) -> list[str]:
    """Take the uploaded files in; what was not taken, with why."""
    agency = home_of(visitor) or next(iter(visitor.workplaces.values()))
    files = [
        (one.name or "文件", one.content_type or "", partial(one.open, "rb"))
        for one in request.FILES.getlist("files")
    ]
    device = request.POST.get("device", "").strip()[:60]
    try:
        done: Outcome = take_in(agency, visitor.person, files, device=device, source="页面上传")
    except Refused as refused:
        return [f"{v.fact}。{v.cure}" for v in refused.verdicts]
    messages.success(request, f"收入 {len(done.taken)} 个，已经导入过 {len(done.known)} 个。")
    return [f"“{name}”没有收：{why}" for name, why in done.rejected]


def confirmed(request: HttpRequest, visitor: Visitor) -> list[str]:
    """Put each chosen recording into its case; what stood in the way of the others."""
    wrong, done = [], 0
    for one in waiting_in(list(visitor.workplaces))[:MOST]:
        key, _, step = request.POST.get(f"step-{one.kept['digest']}", "").partition(":")
        if not step:
            continue
        why = put(visitor.person, one, uuid_of(key) or UUID(int=0), step)
        wrong += [f"“{one.kept['name']}”：{why}"] if why else []
        done += not why
    if done:
        messages.success(request, f"已补入 {done} 份音像。")
    return wrong


def put(by: Person, one: Docked, case: UUID, step: str) -> str:
    """One recording into one step, through the door; why not, where it is refused.

    The act's id is made of agency and recording: whoever else confirms the same one meanwhile, for this case or another, finds it done.
    """
    act = uuid5(one.agency, f"add-recording {one.kept['digest']}")
    told = {
        "record_of": step,
        "files": [dict(one.kept)],
        "clips": [clip_of(one, means_of(one.kept) or "video")],
        "source_of": f"从采集站导入，设备{one.device or '没有写明'}，领用人{one.holder or '没有登记'}",
    }
    try:
        if done_before(act) is None:
            perform("add-recording", case, by, told, act_id=act)
            return ""
    except IntegrityError:
        if done_before(act) is None:
            raise
    except Refused as refused:
        return "；".join(f"{v.fact}。{v.cure}" for v in refused.verdicts)
    except Unreadable as unreadable:
        return "；".join(unreadable.errors.values())
    except Unknown as unknown:
        return str(unknown)
    return "已经补入一个案件，不再补入另一步"
