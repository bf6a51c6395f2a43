"""投诉举报、异议、纠错、意见建议: registered by whoever takes them in, forwarded with a record, answered by whoever must.

Who spoke is kept from everybody but those who answer (`informant`); the act itself bears no name.
Whoever a complaint is about does not answer it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sanxiang.cases.recording.receiving import misstated
from sanxiang.door import gather
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.models import Task
from sanxiang.door.pinned import current
from sanxiang.door.voices.bases import CORRECT, NORM, basis_of
from sanxiang.door.voices.register import ANSWER, ANSWERED, FORWARD, REGISTER, Voice, voices_in
from sanxiang.door.voices.subjects import (
    ABOUT,
    AGENCY,
    COMPLAINT,
    ERROR,
    INSPECTION,
    KINDS,
    LIMITS,
    OBJECTION,
    OFFICER,
    desk_of,
    subject_of,
)
from sanxiang.law.clock import due
from sanxiang.law.guards import Verdict
from sanxiang.law.packs import Pack
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.models import Certificate
from sanxiang.speech import cn_day, role_name

WINDOW = (roles.WINDOW_CLERK, roles.ARCHIVIST, roles.LEGAL_REVIEWER, roles.SUPERVISOR)
ANSWERERS = (roles.SUPERVISOR, roles.AGENCY_HEAD, roles.DISCLOSURE_EDITOR)
VIA = {
    "square": "互联网",
    "api": "数据接口",
    "window": "当面",
    "phone": "电话",
    "post": "信函",
}
CORRECTED = "corrected"
OUTCOMES = {
    "upheld": "反映的情况属实",
    "partly": "反映的情况部分属实",
    "unfounded": "没有发现所反映的情况",
    CORRECTED: "已经更正",
    "kept": "核对无误，不作更正",
    "noted": "已经研究答复",
}
UNSET = "没有规定具体的天数，核实清楚后就答复；可以随时用查询码查看"
SHORTEST, LONGEST = 5, 2000
MOST_FILES = 3
CHANNELS = ("square", "api")
"""By which nobody of ours types: the day of coming in is today."""


def limit_of(pack: Pack, kind: str) -> tuple[int, str]:
    """Within how many working days the locality answers, 0 where it has not said; and that in words."""
    days = int(pack.setting(LIMITS[kind], 0) or 0)
    return days, f"收到之日起 {days} 个工作日" if days else UNSET


def sound_voice(change: Change) -> list[Verdict]:
    """It is about something that is there and is this agency's, says something, and its files have come."""
    about, key = (str(change.data.get(name) or "") for name in ("about", "key"))
    key = _key(change, about, key)
    found = subject_of(about, key, change.day) if about else None
    verdicts, heard = [], basis_of(about, key, change.agency)
    if about and (found is None or found.agency.pk != change.agency.pk):
        fact = f"{change.agency.name}没有这一{ABOUT[about]}"
        verdicts.append(unmet("key", heard, fact, "从公示的页面上点“投诉、纠错”，或者核对编号"))
    text = str(change.data.get("text") or "").strip()
    if text and len(text) < SHORTEST:
        verdicts.append(unmet("text", heard, "反映的内容太短", f"至少写 {SHORTEST} 个字"))
    files = change.data.get("files") or []
    if len(files) > MOST_FILES:
        verdicts.append(unmet("files", heard, f"附了 {len(files)} 个文件", f"最多附 {MOST_FILES} 个"))
    for file in files:
        if wrong := misstated(file):
            verdicts.append(unmet("files", heard, wrong, "重新选择文件"))
    received = str(change.data.get("received") or "")[:10]
    if received > change.day.isoformat():
        verdicts.append(unmet("received", heard, f"{cn_day(received)}还没有到", "填写实际收到的日期"))
    return verdicts


def _key(change: Change, about: str, key: str) -> str:
    """An agency and an inspection of it need no number of their own."""
    return str(change.agency.pk) if about in (AGENCY, INSPECTION) else key


def numbered(change: Change) -> dict[str, Any]:
    """Number, subject, whose task it is and until when, as far as the scheme says."""
    about, kind = str(change.data["about"]), str(change.data["kind"])
    found = subject_of(about, _key(change, about, str(change.data.get("key") or "")), change.day)
    assert found is not None  # `sound_voice` has refused
    rows = Act.objects.filter(kind="agency", subject=change.agency.pk, name=REGISTER)
    before = rows.filter(on__startswith=str(change.day.year)).count()
    desk, role = desk_of(kind, change.agency, change.day)
    organ = change.agency.short or change.agency.name
    received = str(change.data.get("received") or change.day.isoformat())[:10]
    days, limit = limit_of(current(change.agency.locality), kind)
    last = due(gather.calendar(), date.fromisoformat(received), days, "working").date if days else None
    return {
        "number": f"{organ}声〔{change.day.year}〕{before + 1}号", "key": found.key, "title": found.title,
        "version": found.version, "desk": str(desk), "role": role, "received": received,
        "due": last.isoformat() if last else "", "limit": limit,
    }  # fmt: skip


@admin_act(
    REGISTER,
    "登记投诉举报、异议、纠错、意见建议",
    WINDOW,
    (
        asked("kind", "类别", "choice", options=KINDS),
        asked("about", "反映的对象", "choice", options=ABOUT),
        asked(
            "key", "对象编号", required=False, longest=120, help="执法人员填证件编号；反映机关、检查的不填"
        ),
        asked("text", "反映的内容", "longtext", longest=LONGEST),
        asked("name", "姓名或者名称", required=False, longest=60, help="可以匿名"),
        asked("contact", "联系方式", required=False, longest=200, help="只有答复这件事的人员能看到"),
        asked("via", "提出方式", "choice", options=VIA),
        asked("received", "收到日期", "date", required=False, help="不填的按今天"),
        asked("files", "附件", "rows", required=False),
    ),
    NORM,
    group="voices",
    help="提出人的姓名和联系方式不公开，也不给被反映的人",
    checks=sound_voice,
    secrecy="informant",
    adds=numbered,
)
def register_voice(change: Change) -> None:
    """Somebody spoke: the act itself is the record, and whoever answers has a task."""
    _waits(change, change.act_id, UUID(change.data["desk"]), change.data["role"], change.data["due"])


def _waits(change: Change, key: UUID, desk: UUID, role: str, last: str) -> None:
    """Whoever answers has a task; its title names neither who spoke nor whom it is about."""
    kind, number = str(change.data["kind"]), str(change.data["number"])
    heard = basis_of(str(change.data["about"]), str(change.data["key"]), change.agency)
    Task.objects.update_or_create(
        id=key,
        defaults={
            "agency_id": desk, "kind": ANSWER, "title": f"答复{KINDS[kind]}：{number}", "role": role,
            "due": date.fromisoformat(last) if last else None, "opened_n": change.n, "opened_at": change.now,
            "citation": str(CORRECT if kind in (ERROR, OBJECTION) else heard)[:120], "closed_n": None,
            "closed_at": None,
        },
    )  # fmt: skip


# Forwarding and answering.


def named(change: Change) -> Voice | None:
    """The voice that an act names, of this agency or forwarded to it."""
    number = str(change.data.get("voice") or "")
    return next((one for one in voices_in([change.agency.pk]) if one.number == number), None)


def may_handle(change: Change) -> list[Verdict]:
    """There is such a voice, nobody answered it, it is at the actor's desk, and the actor is not who it is about."""
    number, one = str(change.data.get("voice") or ""), named(change)
    if not number:
        return []
    if one is None:
        fact = f"{change.agency.name}没有编号为“{number}”的投诉、意见"
        return [unmet("voice", NORM, fact, "照“投诉和意见”页上的编号填写")]
    about, key = one.subject
    heard = basis_of(about, key, change.agency)
    if one.state == ANSWERED:
        return [unmet("once", heard, f"{number}已经答复", "提出人还有要求的，另行登记")]
    verdicts = []
    if change.actor is not None and one.role not in change.actor.roles:
        fact = f"{number}由{role_name(one.role)}办理" if one.role else f"{number}已经转出"
        verdicts.append(unmet("desk", heard, fact, f"请{role_name(one.role) or '接收机关'}办理"))
    if change.by and about == OFFICER and Certificate.objects.filter(number=key, person=change.by).exists():
        verdicts.append(unmet("self", heard, f"{number}反映的就是{change.by.name}本人", "由其他人员办理"))
    return verdicts


def may_forward(change: Change) -> list[Verdict]:
    """The same, and to somebody else."""
    verdicts = may_handle(change)
    if change.found.get("to") is None and not change.data.get("organ"):
        fact = "没有写明转给哪个机关"
        verdicts.append(unmet("to", CORRECT, fact, "选择本平台上的机关，或者写明其他机关的名称"))
    return verdicts


def forwarded(change: Change) -> dict[str, Any]:
    """Which voice, to whom by name, and until when it is answered there."""
    one, to = named(change), change.found.get("to")
    assert one is not None
    days, limit = limit_of(current(to.locality), one.kind) if to else (0, "")
    last = due(gather.calendar(), change.day, days, "working").date.isoformat() if days else ""
    return {
        "voice_id": str(one.id), "to_name": to.name if to else change.data["organ"], "due": last, "limit": limit,
    }  # fmt: skip


VOICE = asked("voice", "编号", longest=60)


@admin_act(
    FORWARD,
    "转交投诉、意见",
    ANSWERERS,
    (
        VOICE,
        asked("to", "转给本平台上的机关", "agency", required=False),
        asked("organ", "转给其他机关", required=False, longest=120, help="不在本平台上的，写名称和联系方式"),
        asked("reason", "转交的理由", "longtext", longest=500, help="提出人凭查询码可以看到"),
    ),
    CORRECT,
    group="voices",
    help="不属于本机关职责的，转给有权处理的机关，并告知提出人",
    checks=may_forward,
    secrecy="informant",
    adds=forwarded,
)
def forward_voice(change: Change) -> None:
    """The task goes along with the voice; what leaves the platform is closed here."""
    one, to = named(change), change.found.get("to")
    assert one is not None
    Task.objects.filter(pk=one.id, closed_n=None).update(closed_n=change.n, closed_at=change.now)
    if to is not None:
        about, key = one.subject
        told = {**change.data, "kind": one.kind, "number": one.number, "about": about, "key": key}
        _waits(replace(change, data=told), one.id, to.pk, roles.AGENCY_HEAD, change.data["due"])


def sound_answer(change: Change) -> list[Verdict]:
    """An answer with its reasons; what is said to be corrected was corrected."""
    verdicts, one = may_handle(change), named(change)
    return verdicts if one is None else [*verdicts, *_answer(change, one)]


def _answer(change: Change, one: Voice) -> Iterator[Verdict]:
    text = str(change.data.get("reply") or "").strip()
    if text and len(text) < SHORTEST:
        yield unmet(
            "reply",
            basis_of(*one.subject, change.agency),
            "答复太短",
            "针对所反映的内容写明核实的情况和处理结果",
        )
    about, key = one.subject
    if change.data.get("outcome") != CORRECTED:
        return
    if one.kind == COMPLAINT:
        yield unmet("outcome", CORRECT, "投诉举报不以更正答复", "选择是否属实")
    found = subject_of(about, key, change.day)
    version = str(one.told.get("version") or "")
    if version and found is not None and found.version == version:
        fact = f"“{one.title}”从登记之日起没有改动过"
        yield unmet("corrected", CORRECT, fact, "先更正、撤回公示的内容或者发布清单的新版本，再答复")


def which(change: Change) -> dict[str, Any]:
    """Which voice is meant, by its key."""
    one = named(change)
    assert one is not None
    return {"voice_id": str(one.id)}


@admin_act(
    ANSWER,
    "答复投诉、意见",
    ANSWERERS,
    (
        VOICE,
        asked("outcome", "结果", "choice", options=OUTCOMES),
        asked(
            "reply", "答复", "longtext", longest=LONGEST, help="提出人凭查询码看到这里写的话；不写他人的隐私"
        ),
        asked("found_by", "怎样核实的", "longtext", required=False, longest=LONGEST, help="只在内部保存"),
    ),
    NORM,
    group="voices",
    help="认真审查，发现有错误的主动改正",
    checks=sound_answer,
    secrecy="informant",
    adds=which,
)
def answer_voice(change: Change) -> None:
    """Whoever spoke has an answer."""
    one = named(change)
    assert one is not None
    Task.objects.filter(pk=one.id, closed_n=None).update(closed_n=change.n, closed_at=change.now)
