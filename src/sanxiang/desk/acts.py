"""The form of an act: one page for all of them. What the pack asks is drawn, what was typed goes to the door.

A form carries a nonce. The act that it leads to gets an id made of person and nonce, so that a form sent twice, by two
clicks or over a broken line, is done once: the second time finds the act and goes where the first one went.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk import case_parts as parts
from sanxiang.desk.deciding import TITLES, before_deciding
from sanxiang.desk.forms import Offer, fields_of, untouched
from sanxiang.desk.inspection.bringing import brought_from_draw
from sanxiang.desk.lacking import ways_of
from sanxiang.desk.law import href_of
from sanxiang.desk.offers import offer_of
from sanxiang.desk.picks import joined, spread
from sanxiang.desk.posted import raw_of, take_files
from sanxiang.desk.related import brought_over
from sanxiang.desk.room import onlooker
from sanxiang.desk.sending import another, another_answer, by_script, done_answer, offline_of, wrong_answer
from sanxiang.desk.who import Visitor, case_for, page, visitor_of
from sanxiang.door import gather
from sanxiang.door.attempts import Unreadable
from sanxiang.door.offline import Offline
from sanxiang.door.perform import Done, obstacles, open_case, perform
from sanxiang.door.pinned import current
from sanxiang.door.registers.items import items_offered
from sanxiang.door.signing import way_of
from sanxiang.law.facts import empty_state
from sanxiang.law.forms import Unreadable as UnreadableDay
from sanxiang.law.forms import clean, parse, parse_moment
from sanxiang.law.guards import Refused, Verdict, blanks, judge
from sanxiang.law.rules import Act
from sanxiang.law.wording import warnings as warnings_of
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency, Unit

DATED = ("certified", "actor-certified", "role")
"""What may have stood better on an earlier day: an act of then can still be put on record."""


@dataclass(frozen=True)
class Sheet:
    """The form of one act on one case; for a first act the case is only about to be."""

    visitor: Visitor
    case: Case
    offer: Offer
    fresh: bool = False

    @property
    def act(self) -> Act:
        """The act."""
        return self.offer.act

    @property
    def back(self) -> str:
        """Where one goes without acting."""
        return "/desk/cases/new/" if self.fresh else f"/desk/cases/{self.case.pk}/"


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, case_id: UUID, act_id: str) -> HttpResponse:
    """One act on a case."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    rule = gather.pack_of(case).acts.get(act_id)
    if rule is None or case.procedure not in rule.procedures or rule.first:
        raise Http404(act_id)
    if way_of(rule) and request.method == "GET":
        messages.info(request, f"“{rule.label}”从文书开始：在“等待签名的文书”里选定文书，看过文字再签。")
        return redirect(f"/desk/cases/{case.pk}/#signing")
    return answer(request, sheet_of(visitor, case, rule, day_of(request, rule, visitor.on)))


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, procedure: str) -> HttpResponse:
    """The first act of a procedure: it opens the case."""
    visitor = visitor_of(request)
    agency = visitor.workplaces.get(uuid_of(request.GET.get("agency", "")) or UUID(int=0)) or visitor.home
    if (
        agency is None
        or agency.pk not in visitor.workplaces
        or procedure not in current(agency.locality).procedures
    ):
        raise Http404(procedure)
    case = blank_case(visitor, agency, procedure)
    rule = next(act for act in current(agency.locality).acts_of(procedure) if act.first)
    sheet = sheet_of(visitor, case, rule, day_of(request, rule, visitor.on), fresh=True)
    brought = {**brought_over(request, visitor, case, rule), **brought_from_draw(request, agency, rule)}
    known = {**sheet.offer.known, **brought}
    return answer(request, replace(sheet, offer=replace(sheet.offer, known=known)))


def blank_case(visitor: Visitor, agency: Agency, procedure: str) -> Case:
    """A case as it would be at its first act; never saved, the door makes its own."""
    pack = current(agency.locality)
    rule = pack.procedures[procedure]
    state = empty_state(procedure, rule.start)
    return Case(
        agency=agency,
        unit=unit_of(visitor, agency),
        procedure=procedure,
        stage=rule.start,
        pack=pack.id,
        pack_digest=pack.digest,
        act_type=rule.act_type,
        state=state,
        n=0,
    )


def unit_of(visitor: Visitor, agency: Agency) -> Unit | None:
    """The unit that will answer for the case: that of the officer who opens it."""
    return next((post.unit for post in visitor.posts if post.agency_id == agency.pk and post.unit), None)


def day_of(request: HttpRequest, rule: Act, today: date) -> date:
    """The day that the form speaks of: the one typed, where it can be one; on first sight today."""
    typed = request.POST.get("on", "")
    if not typed or rule.today_only:
        return today
    try:
        return min(date.fromisoformat(parse_moment(typed)[:10]), today)
    except UnreadableDay:
        return today  # the door says what is wrong with the day


def sheet_of(visitor: Visitor, case: Case, rule: Act, day: date, fresh: bool = False) -> Sheet:
    """The form with what it offers and knows, people as they stood on that day."""
    inside = visitor.works_in(case.agency_id)
    duties = visitor.duties if day == visitor.on else None
    actor = gather.actor_in(visitor.person, case.agency, day, duties=duties) if inside else onlooker(visitor)
    handlers = gather.officers_in(case.state["handlers"], day)
    told = {"on": day.isoformat()} if day != visitor.on else {}
    facts = gather.facts_for(case, rule, actor, told, timezone.now(), officers=handlers)
    return Sheet(visitor, case, offer_of(facts, case), fresh)


def answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Draw the form, or take it: re-shown with everything typed when something is wrong, else on to the case."""
    if request.method == "GET":
        return draw(request, sheet)
    raw = spread(sheet.act.id, untouched(sheet.offer, raw_of(sheet.act, request.POST)))
    files, errors = take_files(sheet.act, request.POST, request.FILES, sheet.visitor.person.pk)
    raw |= files
    errors |= unlisted(sheet, raw)
    if more := request.POST.get("more", ""):
        return draw(request, sheet, raw, errors, more=more)
    if errors:
        return draw(request, sheet, raw, all_wrong(sheet, raw, errors))
    if (told := warned(sheet, raw)) and not request.POST.get("heeded"):
        return draw(request, sheet, raw, warnings=told)
    offline = offline_of(request)
    try:
        done = knock(sheet, raw, act_id_of(request, sheet), offline)
    except Unreadable as unreadable:
        return draw(request, sheet, raw, all_wrong(sheet, raw, unreadable.errors))
    except Refused as refused:
        return draw(request, sheet, raw, blamed(sheet, refused.verdicts), verdicts=refused.verdicts)
    if by_script(request) and another(done, offline):
        return another_answer()
    return landed(request, done)


def landed(request: HttpRequest, done: Done) -> HttpResponse:
    """On to the case, where it is said what was done. What the browser kept of the form it may then forget."""
    if by_script(request):
        return done_answer(done, said_of(done))
    messages.success(request, said_of(done), extra_tags=request.POST.get("nonce", "")[:60])
    return redirect(f"/desk/cases/{done.case.pk}/")


def warned(sheet: Sheet, raw: Mapping[str, Any]) -> list[str]:
    """What the guides find wrong in what was typed; sent once more with that heeded, it is taken, and the warning kept.

    Nothing while something stands in the way of the act: that is told first, and alone.
    """
    data, unread = parse(sheet.act, raw)
    told = [] if unread or sheet.fresh else warnings_of(sheet.offer.pack, sheet.act, data)
    return told if told and not refused(sheet, data) else []


def refused(sheet: Sheet, data: Mapping[str, Any]) -> bool:
    """Would the door refuse this now? Asked only where a guide has something to remark."""
    case, now = sheet.case, timezone.now()
    actor = gather.actor_in(sheet.visitor.person, case.agency, gather.event_day(data, now))
    return any(not verdict.met for verdict in judge(gather.facts_for(case, sheet.act, actor, data, now)))


def all_wrong(sheet: Sheet, raw: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, str]:
    """What could not be read, and beside it what must be filled in and is not: all is told at once."""
    data, unread = parse(sheet.act, raw)
    lacking = blamed(sheet, blanks(replace(sheet.offer.facts, data=data)))
    found = lacking | unread | dict(errors)
    return {item.name: found[item.name] for item in sheet.act.fields if item.name in found} | found


def blamed(sheet: Sheet, verdicts: Iterable[Verdict]) -> dict[str, str]:
    """The fields that were left blank, and those in which an explanation was wanted, with what is said of each."""
    found = {v.guard[len("field:") :]: v.fact for v in verdicts if v.guard.startswith("field:")}
    return found | {name: f"{v.fact}，没有写明理由" for v in verdicts if (name := explained_in(sheet, v))}


def explained_in(sheet: Sheet, verdict: Verdict) -> str:
    """The field of this form that may explain what the verdict found; "" where there is none."""
    rule = next((rule for rule in sheet.offer.pack.guards if rule.id == verdict.guard), None)
    name = str(rule.args.get("unless", "")) if rule else ""
    return name if sheet.act.field(name) is not None else ""


def unlisted(sheet: Sheet, raw: Mapping[str, Any]) -> dict[str, str]:
    """An item that the agency's list of the day does not have: the list is searched by typing, so anything can be typed.

    At filing the door judges it by article 17, with its cure; before that nobody would hear of it.
    """
    item = sheet.act.field("item")
    typed, day = clean(str(raw.get("item") or "")), sheet.offer.facts.on
    if item is None or not item.options or not typed or sheet.act.milestone == "filed":
        return {}
    offered = {name for name, _ in item.options} | set(items_offered(sheet.case.agency, day))
    if typed in offered:
        return {}
    return {
        "item": f"{item.label}：“{typed[:60]}”不在{cn_date(day)}有效的清单里，请从列出的事项中选择，或者不填"
    }


def knock(sheet: Sheet, raw: Mapping[str, Any], act_id: UUID, offline: Offline | None = None) -> Done:
    """Knock at the door. The same form sent again is answered with what the first time did.

    Asked twice: before, so that a second click is no refused attempt; after, because both may have been on their way.
    """
    person, case = sheet.visitor.person, sheet.case
    if (done := done_before(act_id)) is not None:
        return done
    try:
        if sheet.fresh:
            return open_case(
                case.procedure, case.agency, person, raw, unit=case.unit, act_id=act_id, offline=offline
            )
        return perform(sheet.act.id, case.pk, person, raw, act_id=act_id, offline=offline)
    except (IntegrityError, Refused):
        done = done_before(act_id)
        if done is None:
            raise
        return done


def done_before(act_id: UUID) -> Done | None:
    """What this form did when it was sent first."""
    act = LedgerAct.objects.filter(pk=act_id).first()
    return Done(Case.objects.get(pk=act.subject), act) if act else None


def act_id_of(request: HttpRequest, sheet: Sheet) -> UUID:
    """The id that the act will have; made with the person's, so that nobody can claim another's act."""
    return uuid5(
        sheet.visitor.person.pk, f"{sheet.act.id} {request.POST.get('nonce') or secrets.token_urlsafe(16)}"
    )


def said_of(done: Done) -> str:
    """What was done, and which papers that made."""
    state = done.case.state
    pack = gather.pack_of(done.case)
    rule = pack.acts.get(done.act.name)
    kinds = [
        kind for kind in (rule.papers if rule else ()) if state["papers"].get(kind, {}).get("n") == done.act.n
    ]
    papers = "、".join(
        f"《{pack.papers[kind].label}》{state['papers'][kind].get('number', '')}" for kind in kinds
    )
    return f"已办理：{done.act.label}。" + (f"制作了{papers}。" if papers else "")


def draw(
    request: HttpRequest,
    sheet: Sheet,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    verdicts: list[Verdict] | None = None,
    more: str = "",
    warnings: list[str] | None = None,
) -> HttpResponse:
    """The page. 422 when something must be put right; nothing that was typed is lost."""
    typed = joined(sheet.act.id, typed, wrong := dict(errors or {}))
    standing = (verdicts or []) if typed is not None else list(obstacles(sheet.offer.facts))
    if by_script(request):
        return wrong_answer(wrong, linked(sheet, standing), warnings or [])
    context = {
        "fields": fields_of(sheet.offer, typed, wrong, more),
        "errors": [] if verdicts else summed(wrong),
        "verdicts": linked(sheet, standing),
        "refused": typed is not None,
        "answerable": bool(standing) and all(explained_in(sheet, verdict) for verdict in standing),
        "nonce": request.POST.get("nonce") or secrets.token_urlsafe(16),
        "warnings": warnings or [],
    }
    status = 422 if wrong or verdicts or warnings else 200
    return page(request, sheet.visitor, "desk/act.html", context | frame_of(sheet, standing), status=status)


def summed(wrong: Mapping[str, str]) -> list[dict[str, str]]:
    """What must be put right, each leading to its field."""
    return [{"text": text, "href": f"#id_{name}" if name else ""} for name, text in wrong.items()]


def draw_context(sheet: Sheet) -> dict[str, Any]:
    """The form alone, on first sight: for a page that fills it in elsewhere."""
    return {
        "fields": fields_of(sheet.offer, None, {}),
        "has_files": any(item.type == "file" for item in sheet.act.fields),
    }


def linked(sheet: Sheet, verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Verdicts with the other steps of the case that cure them: for whoever may take such a step, its address."""
    facts, case = sheet.offer.facts, sheet.case

    def may(act: Act) -> bool:
        return bool(facts.roles & set(act.by))

    def ways(verdict: Verdict) -> list[dict[str, str]]:
        return [] if sheet.fresh else ways_of(verdict, sheet.act, case, sheet.offer.pack, may)

    return [
        {
            **verdict.as_json(),
            "met": verdict.met,
            "ways": [w for w in ways(verdict) if w["act"] != sheet.act.id],
        }
        for verdict in verdicts
    ]


def frame_of(sheet: Sheet, standing: list[Verdict]) -> dict[str, Any]:
    """What stands around the form."""
    needs = {rule.id: rule.needs for rule in sheet.offer.pack.guards}
    return {
        "sheet": sheet,
        "act": sheet.act,
        "case": sheet.case,
        "fresh": sheet.fresh,
        "law_href": href_of(sheet.act.citation),
        "dated": not sheet.act.today_only and all(needs.get(v.guard, v.guard) in DATED for v in standing),
        "submit": {"label": sheet.act.label, "cancel_href": sheet.back},
        "brief": parts.brief_of(sheet.case, sheet.offer.pack),
        "papers": papers_made(sheet),
        "deciding": [] if sheet.fresh else before_deciding(sheet.visitor, sheet.case, sheet.act),
        "deciding_title": TITLES.get(sheet.act.id, "要决定的内容"),
        "notices": sheet.offer.notices,
        "has_files": any(item.type == "file" for item in sheet.act.fields),
    }


def papers_made(sheet: Sheet) -> list[dict[str, Any]]:
    """The papers that the act will make, by name, and whether that depends on what is filled in."""
    rules = [rule for kind in sheet.act.papers if (rule := sheet.offer.pack.papers.get(kind))]
    return [{"label": rule.label, "depends": bool(rule.when)} for rule in rules]
