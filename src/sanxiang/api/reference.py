"""What a client must know before it acts: who it is, which law governs, which lists are in force, what waits."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from ninja import Query, Router

from sanxiang.api import schemas
from sanxiang.api.caller import READ, Caller, caller_of
from sanxiang.api.casefile import task_row
from sanxiang.api.paging import cursor_of, cut, only, place_of
from sanxiang.api.problems import Problem, unreadable
from sanxiang.api.schemas import Json
from sanxiang.door import pinned
from sanxiang.door.models import Task
from sanxiang.door.tasks import waiting_for
from sanxiang.law import describe
from sanxiang.law.packs import Pack, list_packs
from sanxiang.people.models import Post
from sanxiang.registers.models import Release
from sanxiang.registers.releases import begun
from sanxiang.speech import cn_day, role_name

router = Router()


@router.get("/me", auth=READ, response=schemas.Me, tags=["me"], summary="我是谁")
def me(request: HttpRequest) -> Json:
    """The person, the posts that count today, and what a token may do."""
    caller = caller_of(request)
    person = caller.person
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.name,
        "posts": [post_row(p, caller) for p in caller.posts],
        "agencies": sorted(caller.agencies),
        "token": caller.token,
    }


def post_row(post: Post, caller: Caller) -> Json:
    """One post that counts today."""
    return {
        "agency": post.agency,
        "unit": post.unit,
        "role": post.role,
        "label": role_name(post.role),
        "valid_until": post.valid_until,
        "deputised": post.deputy_for_id is not None or post.person_id != caller.person.pk,
    }


def pack_for(caller: Caller, locality: str) -> Pack:
    """The pack named, or that of the only locality in which the caller holds a post. Raises Problem."""
    shipped = list_packs()
    if not locality:
        mine = sorted({post.agency.locality for post in caller.posts})
        if len(mine) != 1:
            raise unreadable({"locality": f"locality：请写明哪一地，可用：{'、'.join(shipped)}"})
        locality = mine[0]
    if locality not in shipped:
        raise Problem("unknown", f"没有规则包“{locality}”，可用：{'、'.join(shipped)}")
    return pinned.current(locality)


@router.get("/scheme", auth=READ, response=schemas.Scheme, tags=["law"], summary="本地方案")
def scheme(request: HttpRequest, filters: Query[schemas.LocalityFilters]) -> Json:
    """Identity, bases, kinds of acts, and every parameter with its value, provenance and the national norm."""
    only(request, schemas.LocalityFilters)
    pack = pack_for(caller_of(request), filters.locality)
    return {**describe.identity(pack), "parameters": describe.parameters(pack)}


@router.get("/procedures", auth=READ, response=schemas.Procedures, tags=["law"], summary="办理程序")
def list_procedures(request: HttpRequest, filters: Query[schemas.LocalityFilters]) -> Json:
    """The procedures that this locality offers: those of the kinds of acts that its scheme lists."""
    only(request, schemas.LocalityFilters)
    pack = pack_for(caller_of(request), filters.locality)
    limited = bool(pack.act_types())
    items = [h for h in describe.procedures(pack) if not limited or pack.printed_type(str(h["act_type"]))]
    return {"locality": pack.id, "digest": pack.digest, "items": items, "total": len(items)}


@router.get(
    "/procedures/{procedure}",
    auth=READ,
    response=schemas.ProcedureFull,
    tags=["law"],
    summary="一种程序的全部规则",
)
def show_procedure(request: HttpRequest, procedure: str, filters: Query[schemas.LocalityFilters]) -> Json:
    """Stages, acts with conditions and schemas, periods, papers."""
    only(request, schemas.LocalityFilters)
    pack = pack_for(caller_of(request), filters.locality)
    if procedure not in pack.procedures:
        raise Problem("unknown", f"没有“{procedure}”这种程序，可用：{'、'.join(pack.procedures)}")
    return describe.procedure(pack, procedure)


@router.get(
    "/registers/{kind}", auth=READ, response=schemas.RegisterOut, tags=["registers"], summary="某日有效的清单"
)
def register(request: HttpRequest, kind: str, filters: Query[schemas.RegisterFilters]) -> Json:
    """The release of one agency's list that is in force on a day."""
    only(request, schemas.RegisterFilters)
    caller = caller_of(request)
    agency, on = agency_seen(caller, filters.agency), filters.on or caller.on
    found = release_on(agency, kind, on)
    if found is None:
        raise Problem("unknown", f"该机关没有在{cn_day(on)}有效的“{kind}”清单")
    plain = ("version", "in_force_from", "digest", "note", "rows")
    return {
        **{name: getattr(found, name) for name in plain},
        "kind": kind,
        "label": found.register.label,
        "agency": agency,
        "total": len(found.rows),
    }


def agency_seen(caller: Caller, wanted: UUID | None) -> UUID:
    """The agency named, or the only one that the caller sees. Raises Problem."""
    if wanted is None and len(caller.agencies) == 1:
        return next(iter(caller.agencies))
    if wanted is None:
        raise unreadable({"agency": "agency：请写明哪个机关，编号见 GET /me"})
    if wanted not in caller.agencies:
        raise Problem("unknown", f"没有编号为 {wanted} 的机关，或者无权查看")
    return wanted


def release_on(agency: UUID, kind: str, on: date) -> Release | None:
    """The release in force on that day: the newest one begun."""
    return begun(on).filter(register__agency=agency, register__kind=kind).first()


@router.get("/tasks", auth=READ, response=schemas.Tasks, tags=["tasks"], summary="我的待办")
def list_tasks(request: HttpRequest, filters: Query[schemas.TaskFilters]) -> Json:
    """Open tasks of the caller's posts, the nearest due first; those without a day come last."""
    only(request, schemas.TaskFilters)
    caller = caller_of(request)
    found = tasks_of(caller)
    if filters.overdue is not None:
        found = found.filter(due__lt=caller.on) if filters.overdue else found.exclude(due__lt=caller.on)
    total = found.count()
    if filters.cursor:
        moment, identity = place_of(filters.cursor)
        found = found.filter(Q(by__gt=moment.date()) | Q(by=moment.date(), id__gt=identity))
    rows, more = cut(list(found.order_by("by", "id")[: filters.limit + 1]), filters.limit)
    items = [task_with_case(task, caller.on) for task in rows]
    return {
        "items": items,
        "total": total,
        "cursor": cursor_of(rows[-1].due or date.max, rows[-1].id) if more else None,
    }


def tasks_of(caller: Caller) -> QuerySet[Any]:
    """What waits for the caller, with the day by which the list is ordered."""
    by = Coalesce("due", Value(date.max), output_field=DateField())
    waiting = Task.objects.filter(waiting_for(caller.person, caller.posts))
    return waiting.select_related("case").annotate(by=by)


def task_with_case(task: Task, today: date) -> Json:
    """One task with the case it belongs to."""
    case = task.case
    return {
        **task_row(task, today),
        "agency": task.agency_id,
        "case": task.case_id,
        "case_number": case.number if case else "",
        "case_title": case.title if case else "",
    }
