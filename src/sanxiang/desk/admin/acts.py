"""The form of an administrative act: one page for all of them, on the same form machinery as the acts on cases.

Who and what can be chosen comes from the agency; what was typed goes to the door as it stands. A first password or a
token is shown on the answer to the form and nowhere else: it is in no address, no session and no ledger.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.addresses import words_in
from sanxiang.desk.admin.picks import NONE, joined, out_of_reach, picks_for, spread
from sanxiang.desk.admin.place import Place, place_of
from sanxiang.desk.admin.requested import asked_for
from sanxiang.desk.admin.rows import columns_for, columns_in, columns_sent, first_rows, rows_from, too_many
from sanxiang.desk.forms import Offer, fields_of
from sanxiang.desk.posted import raw_of, take_files
from sanxiang.desk.who import page
from sanxiang.door import gather
from sanxiang.door.admin.certificates import kinds_here
from sanxiang.door.admin.references import REFERENCES
from sanxiang.door.administer import ACTS, AdminAct, Unreadable, administer
from sanxiang.door.before.annual import INSPECT, NUMBER
from sanxiang.door.machine import Issued
from sanxiang.door.models import Loan
from sanxiang.door.pinned import current
from sanxiang.door.registers.items import items_offered
from sanxiang.door.registers.standing import open_draft
from sanxiang.law.facts import Actor, Facts, empty_state
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.own_rules import kinds_of
from sanxiang.law.registers.kinds import KINDS, label_of
from sanxiang.law.rules import Act, Field
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.models import Agency, Person
from sanxiang.people.passwords import first_password
from sanxiang.registers.before import roster
from sanxiang.registers.models import Draft, Filing, Opinion, Recheck, Release

BEGINNINGS = ("grant-post", "record-leave", "release-register", "release-rule", "entrust", "grant-item")
"""Acts whose first day is usually today."""


OWN_PAGES = {
    "numbers": "/desk/numbers/",
    "open-file-transfer": "/desk/transfers/",
    "list-file-transfer": "/desk/transfers/",
    "receive-file-transfer": "/desk/transfers/",
    "devices": "/desk/devices/",
    "inspect-certificates": "/desk/before/",
    "venues": "/desk/venues/",
    "evaluation": "/desk/evaluation/",
    "register-use": "/desk/uses/",
    "explain-breach": "/desk/discipline/",
    "answer-access-finding": "/desk/accesses/review/",
    "sign-access-review": "/desk/accesses/review/",
    "requests": "/desk/accesses/requests/",
    "open-concern": "/desk/concerns/",
    "close-concern": "/desk/concerns/",
    "file-spot-check": "/desk/spot-checks/",
    "settle-spot-check": "/desk/spot-checks/",
    "close-spot-check": "/desk/spot-checks/",
    "voices": "/desk/voices/",
    "inspection": "/desk/inspection/",
    "information": "/desk/information/",
    "request-copy": "/desk/accesses/copies/",
    "decide-copy": "/desk/accesses/copies/",
    "dismiss-docked": "/desk/docked/",
    "oversight": "/desk/improvements/",
    "tag-key-act": "/desk/key-acts/",
    "untag-key-act": "/desk/key-acts/",
    "claim-diligence": "/desk/accesses/defences/",
    "decide-diligence": "/desk/accesses/defences/",
}
"""Where one sees what was done, by group or by act."""


@dataclass(frozen=True)
class AdminSheet:
    """The form of one act on one agency; `target` is the row that it changes, once it is known."""

    place: Place
    rule: AdminAct
    target: str = ""
    columns: tuple[str, ...] = ()
    """Columns of rows beyond those that the register has: an uploaded list may bring some."""

    @cached_property
    def form(self) -> Act:
        """The act as the page asks it: references become choices."""
        return replace(self.rule.rule, fields=tuple(self.on_page(item) for item in self.rule.rule.fields))

    def on_page(self, item: Field) -> Field:
        """One field as the page asks it."""
        if item.type in REFERENCES:
            options = REFERENCES[item.type].choices(
                self.place.agency, self.place.scope, self.place.visitor.on
            )
            return replace(item, type="choice", options=tuple(options))
        if self.rule.id == "release-rule" and item.name == "kind":
            kinds = kinds_of(current(self.place.agency.locality)).values()
            return replace(item, options=tuple((one.id, one.label) for one in kinds))
        if item.name == "categories":
            return replace(item, options=self.kinds)
        if (
            self.rule.id == "issue-certificate"
            and item.name == "kind"
            and (here := kinds_here(self.place.agency))
        ):
            return replace(item, type="choice", options=tuple((name, name) for name in here))
        if self.rule.id == "entrust" and item.name == "items" and (names := self.items):
            return replace(
                item, options=tuple((name, name) for name in names), help="从本机关现行的事项清单中选择"
            )
        if item.type == "multi" and not item.options:
            return replace(item, type="text")
        if item.type == "rows" and not item.columns:
            return replace(item, columns=columns_for(self.place.agency, self.target, self.columns))
        return item

    @cached_property
    def items(self) -> list[str]:
        """The items that the agency itself may act in: only those can it entrust."""
        return items_offered(self.place.agency, self.place.visitor.on)

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """The kinds of acts for which a certificate may hold here, and whatever stands on it already."""
        offered = [(str(k["code"]), str(k["label"])) for k in current(self.place.agency.locality).act_types()]
        there = self.before.get("categories") or ()
        return (*offered, *((str(x), str(x)) for x in there if x not in dict(offered)))

    @cached_property
    def found(self) -> dict[str, Any]:
        """The row that is to be changed, by the name of its field."""
        name = self.rule.target
        item = self.rule.rule.field(name) if name else None
        if item is None or not self.target or item.type not in REFERENCES:
            return {}
        row = REFERENCES[item.type].find(self.target, self.place.agency, self.place.scope)
        if row is None:
            raise Http404(self.target)
        return {name: row}

    @cached_property
    def before(self) -> dict[str, Any]:
        """The values that a change starts from; none before it is known what is to be changed."""
        if not self.rule.current or (self.rule.target and not self.target):
            return {}
        return self.rule.current(self.place.agency, self.found)

    @property
    def back(self) -> str:
        """Where one goes without acting."""
        person = self.person_key
        return self.place.href(f"people/{person}/") if person else self.place.href()

    @property
    def person_key(self) -> str:
        """The person whom the target belongs to."""
        row = next(iter(self.found.values()), None)
        return str(row.pk) if isinstance(row, Person) else str(getattr(row, "person_id", "") or "")


@require_http_methods(["GET", "POST"])
@never_cache
def act(request: HttpRequest, act_id: str) -> HttpResponse:
    """One act on an agency."""
    place = place_of(request)
    if act_id not in ACTS or not place.may(act_id):
        raise Http404(act_id)
    rule = ACTS[act_id]
    sheet = AdminSheet(place, rule, target_of(request, rule), columns_sent(request.POST))
    if rule.target and not sheet.target:
        return choose(request, sheet)
    return draw(request, sheet) if request.method == "GET" else answer(request, sheet)


def target_of(request: HttpRequest, rule: AdminAct) -> str:
    """The row that is meant, from the address or the form."""
    if not rule.target:
        return ""
    return words_in(request.POST, rule.target) or words_in(request.GET, rule.target)


def choose(request: HttpRequest, sheet: AdminSheet) -> HttpResponse:
    """First which one: the form of a change shows what there is now."""
    parts = [drawn_as_select(sheet, x) for x in fields_of(offer_of(sheet, only=sheet.rule.target), None, {})]
    context = {"sheet": sheet, "rule": sheet.rule, "place": sheet.place, "fields": parts}
    return page(request, sheet.place.visitor, "desk/admin/choose.html", context, section="admin")


def offer_of(sheet: AdminSheet, known: Mapping[str, Any] | None = None, only: str = "") -> Offer:
    """The form as `desk.forms` draws it: there is no case, so the law has nothing to say yet."""
    fields = sheet.form.fields
    form = replace(
        sheet.form,
        fields=tuple(
            f
            for f in fields
            if f.name == only or (not only and f.name not in (sheet.rule.target, "rejected"))
        ),
    )
    pack = current(sheet.place.agency.locality)
    visitor = sheet.place.visitor
    facts = Facts(
        pack=pack,
        act=form,
        state=empty_state("", ""),
        data={},
        actor=Actor(str(visitor.person.pk), visitor.person.name),
        on=visitor.on,
        now=timezone.localtime(),
        calendar=gather.calendar(),
    )
    return Offer(facts, known=dict(known or {}), picks=picks_for(sheet.place, form))


def known_of(request: HttpRequest, sheet: AdminSheet) -> dict[str, Any]:
    """What the form is filled in with: the values of today, what the address says, the usual first day."""
    agency, target = sheet.place.agency, sheet.target
    known: dict[str, Any] = {**usual(sheet), **sheet.before}
    names = {item.name for item in sheet.form.fields}
    known |= {name: value for name, value in request.GET.items() if name in names and name != "rows"}
    if sheet.rule.id in ("release-register", "draft-register") and target in KINDS:
        draft = open_draft(agency, target)
        known |= {"label": label_of(current(agency.locality), target), "rows": first_rows(agency, target)}
        known |= {"note": draft.note} if draft else {}
    if sheet.rule.id == INSPECT:
        held = roster.roster(sheet.place.visitor.on, [agency.pk])
        known |= {"rows": [{NUMBER: line.number, "姓名": line.name} for line in held]}
    if sheet.rule.id == "release-rule":
        known |= {"rows": first_rows(agency, target), **told_before(agency, target)}
    texts = {item.name for item in sheet.form.fields if item.type == "text"}
    return {k: "、".join(map(str, v)) if k in texts and isinstance(v, list) else v for k, v in known.items()}


def told_before(agency: Agency, kind: str) -> dict[str, Any]:
    """Title, owner and basis of the rule document's newest version."""
    newest = Release.objects.filter(register__agency=agency, register__kind=kind).order_by("-version").first()
    return dict(newest.told or {}) if newest else {}


def usual(sheet: AdminSheet) -> dict[str, Any]:
    """What is so in most cases."""
    agency, today = sheet.place.agency, sheet.place.visitor.on.isoformat()
    if sheet.rule.id in BEGINNINGS:
        return {"valid_from": today, "in_force_from": today}
    if sheet.rule.id == "register-agency":
        government = {
            "region": agency.region,
            "locality": agency.locality,
            "kind": Agency.Kind.DEPARTMENT.value,
        }
        return government | {"review_body": agency.name if agency.kind == Agency.Kind.GOVERNMENT else ""}
    if sheet.rule.id == "issue-certificate":
        return {"area": agency.region}
    return {"valid_until": today} if sheet.rule.id in ("end-post", "end-leave") else {}


def answer(request: HttpRequest, sheet: AdminSheet) -> HttpResponse:
    """Take the form: re-shown with everything typed when something is wrong, else on."""
    raw = raw_of(sheet.form, request.POST)
    if sheet.rule.target:
        raw[sheet.rule.target] = sheet.target
    if request.POST.get("more"):
        return draw(request, sheet, raw, more=request.POST["more"])
    raw, unread = uploaded(request, sheet, spread(sheet.rule.id, raw))
    if unread:
        return draw(request, sheet, raw, unread)
    sheet = replace(sheet, columns=columns_in(raw.get("rows")))
    secret = {"password": first_password()} if sheet.rule.takes_secret else {}
    act_id = act_id_of(request, sheet)
    try:
        row = knock(sheet, {**raw, **secret}, act_id)
    except Unreadable as unreadable:
        return draw(request, sheet, raw, unreadable.errors)
    except Refused as refused:
        blanks = {v.guard[len("field:") :]: v.fact for v in refused.verdicts if v.guard.startswith("field:")}
        return draw(request, sheet, raw, blanks, refused.verdicts)
    if row is not None and (secret or isinstance(row, Issued)):
        return shown_once(request, sheet, row, secret.get("password", ""))
    messages.success(request, f"已办理：{sheet.rule.label}。")
    return redirect(next_page(sheet, row))


def uploaded(
    request: HttpRequest, sheet: AdminSheet, raw: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed with the files and the rows of a table that came along; errors by field."""
    raw, wrong = rows_from(request, sheet.place.agency, sheet.target, raw)
    files, unread = take_files(sheet.rule.rule, request.POST, request.FILES, sheet.place.visitor.person.pk)
    return raw | files, {"file": wrong} if wrong else unread


def knock(sheet: AdminSheet, raw: Mapping[str, Any], act_id: UUID) -> Any:
    """Knock at the door; None when the same form had come before and was done."""
    if LedgerAct.objects.filter(pk=act_id).exists():
        return None
    try:
        return administer(sheet.rule.id, sheet.place.agency, sheet.place.visitor.person, raw, act_id=act_id)
    except (IntegrityError, Refused):
        if LedgerAct.objects.filter(pk=act_id).exists():
            return None
        raise


def act_id_of(request: HttpRequest, sheet: AdminSheet) -> UUID:
    """The id that the act will have; made with the person's, so that nobody can claim another's act."""
    nonce = request.POST.get("nonce") or secrets.token_urlsafe(16)
    return uuid5(sheet.place.visitor.person.pk, f"{sheet.rule.id} {nonce}")


def next_page(sheet: AdminSheet, row: Any) -> str:
    """Where the visitor sees what was done."""
    if isinstance(row, Loan):
        return f"/desk/cases/{row.case_id}/file/"
    if isinstance(row, (Draft, Opinion)):
        return f"/desk/registers/drafts/{row.draft_id if isinstance(row, Opinion) else row.pk}/"
    if isinstance(row, Recheck):
        return f"/desk/registers/rechecks/{row.pk}/"
    if isinstance(row, Filing):
        return "/desk/registers/"
    if isinstance(row, Release):
        return f"/desk/registers/{row.register_id}/?on={row.in_force_from.isoformat()}"
    if own := OWN_PAGES.get(sheet.rule.id) or OWN_PAGES.get(sheet.rule.group):
        return own
    if sheet.rule.id == "register-agency" and row is not None:
        return f"/desk/admin/?agency={row.pk}"
    person = (
        str(row.pk) if isinstance(row, Person) else str(getattr(row, "person_id", "") or sheet.person_key)
    )
    return sheet.place.href(f"people/{person}/") if person and sheet.place.is_admin else sheet.place.href()


def shown_once(request: HttpRequest, sheet: AdminSheet, row: Any, password: str) -> HttpResponse:
    """The page with the secret; sent once, kept nowhere, not to be stored on the way."""
    token = isinstance(row, Issued)
    rows = (
        [
            {"label": "用途", "value": row.row.name},
            {"label": "到期", "value": cn_date(row.row.expires_at)},
        ]
        if token
        else [{"label": "姓名", "value": row.name}, {"label": "账号", "value": row.username}]
    )
    context = {
        "sheet": sheet,
        "place": sheet.place,
        "rule": sheet.rule,
        "rows": rows,
        "secret": row.text if token else password,
        "token": token,
        "next": next_page(sheet, row),
        "again": sheet.place.act_href(sheet.rule.id) if sheet.rule.id == "add-person" else "",
    }
    answer = page(request, sheet.place.visitor, "desk/admin/secret.html", context, section="admin")
    answer["Cache-Control"] = "no-store"
    return answer


def draw(
    request: HttpRequest,
    sheet: AdminSheet,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    verdicts: list[Verdict] | None = None,
    more: str = "",
) -> HttpResponse:
    """The page. 422 when something must be put right; nothing that was typed is lost."""
    typed = joined(sheet.rule.id, typed, wrong := dict(errors or {}))
    if typed is not None and too_many(typed.get("rows")):
        typed = {**typed, "rows": []}
    offer = offer_of(sheet, joined(sheet.rule.id, known_of(request, sheet), {}) if typed is None else None)
    parts = [drawn_as_select(sheet, part) for part in fields_of(offer, typed, wrong, more)]
    summary = [{"text": text, "href": f"#id_{name}" if name else ""} for name, text in wrong.items()]
    context = {
        "fields": parts,
        "errors": [] if verdicts else summary,
        "verdicts": verdicts,
        "asked": asked_for(request, sheet.place, sheet.rule.id),
        "nonce": request.POST.get("nonce") or secrets.token_urlsafe(16),
    }
    status = 403 if own_draft(verdicts) else 422 if wrong or verdicts else 200
    visitor, frame = sheet.place.visitor, frame_of(sheet, wrong)
    return page(request, visitor, "desk/admin/act.html", context | frame, section="admin", status=status)


def own_draft(verdicts: list[Verdict] | None) -> bool:
    """Is it whoever drafted a list that would vet it? No form cures that: it is somebody else's to do."""
    return any(one.guard == "own-draft" and not one.met for one in verdicts or ())


def drawn_as_select(sheet: AdminSheet, part: dict[str, Any]) -> dict[str, Any]:
    """People, units and posts are chosen from a list that can also be left blank; a radio button cannot be taken back."""
    item = sheet.rule.rule.field(part["name"])
    if item is None or item.type not in REFERENCES:
        return part
    if not part["choices"]:
        return part | {"draw": "radio", "none_text": NONE.get(item.type, "")}
    return part | {"draw": "select"}


def frame_of(sheet: AdminSheet, wrong: Mapping[str, str]) -> dict[str, Any]:
    """What stands around the fields."""
    name, fields = sheet.rule.target, sheet.form.fields
    names = dict(next((item.options for item in fields if item.name == name), ()))
    return {
        "sheet": sheet,
        "place": sheet.place,
        "rule": sheet.rule,
        "nothing": out_of_reach(sheet.place, [sheet.rule.id]).get(sheet.rule.id, ""),
        "target": {"name": name, "value": sheet.target, "label": names.get(sheet.target, "")},
        "submit": {"label": sheet.rule.label, "cancel_href": sheet.back},
        "upload": upload_field(wrong) if any(item.type == "rows" for item in fields) else None,
        "multipart": any(item.type in ("rows", "file") for item in fields),
    }


def upload_field(wrong: Mapping[str, str]) -> dict[str, Any]:
    """Where a list may be uploaded instead of typed."""
    return {
        "kind": "file",
        "name": "file",
        "label": "上传表格",
        "accept": ".xlsx,.xls,.csv",
        "hint": "Excel 或 CSV，首行写栏目名称。上传了文件就以文件为准，下面手填的不用",
        "error": wrong.get("file", ""),
    }
