"""What the administrators' pages show: how far an agency is set up, its people, one person, what was done to it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.addresses import number_in, words_in
from sanxiang.desk.admin.picks import COSTLY, out_of_reach
from sanxiang.desk.admin.place import Place
from sanxiang.door.admin.certificates import kinds_here
from sanxiang.door.admin.references import staff, unposted
from sanxiang.door.admin.rules import GROUPS
from sanxiang.door.administer import ACTS
from sanxiang.door.readiness import NO_CASES, Need, readiness
from sanxiang.people import roles
from sanxiang.people.models import Certificate, Leave, Person, Post, Unit, in_force
from sanxiang.registers.models import Register
from sanxiang.speech import role_name

SOON = timedelta(days=60)
PAGE = 50


# The overview.


def figures_of(place: Place) -> list[dict[str, Any]]:
    """The numbers of an agency's set-up. Five queries."""
    on, agency = place.visitor.on, place.agency
    bare = len(unposted(frozenset({agency.pk})))
    people = Person.objects.filter(active=True, posts__in=Post.objects.filter(in_force(on), agency=agency))
    found = people.aggregate(n=Count("pk", distinct=True))["n"]
    held = expiring(agency.pk, on).aggregate(n=Count("pk"))["n"]
    links = bool(place.roles & {roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN})

    def href(show: str) -> str:
        return place.href("people/", show=show) if links else ""

    return [
        {"label": "在岗人员", "value": found, "unit": "人", "href": href("")},
        {
            "label": "没有岗位的账号",
            "value": bare,
            "unit": "个",
            "href": href("bare"),
            "state": "amber" if bare else "calm",
        },
        {
            "label": "60日内到期的证件",
            "value": held,
            "unit": "本",
            "href": href("expiring"),
            "state": "amber" if held else "calm",
        },
    ]


def expiring(agency: UUID, on: date) -> QuerySet[Certificate]:
    """Certificates of the agency's people that end, or whose inspection ends, within sixty days, or have ended."""
    end = Q(valid_until__lte=on + SOON) | Q(inspected_until__lte=on + SOON)
    posts = Post.objects.filter(in_force(on), agency=agency, person__active=True).values("person")
    return Certificate.objects.filter(end, person__in=posts, revoked_on=None)


def checklist_of(place: Place) -> list[dict[str, Any]]:
    """What a first case takes; empty for agencies that handle none. Each lack has the form that cures it, or who has it."""
    if place.agency.kind in NO_CASES:
        return []
    return [line_of(place, need) for need in readiness(place.agency, place.visitor.on)]


def line_of(place: Place, need: Need) -> dict[str, Any]:
    """One line of the checklist."""
    rule = ACTS[need.act]
    mine = place.may(need.act)
    known = bool(rule.target) and rule.target in need.told
    href = place.act_href(need.act, need.told) if mine and (known or not rule.target) else ""
    return {
        "label": need.label,
        "met": need.met,
        "fact": need.fact,
        "citation": str(need.citation),
        "act": rule.label,
        "href": href,
        "who": "" if mine else "由" + "、".join(map(role_name, rule.by)) + "办理",
    }


def groups_of(place: Place) -> list[dict[str, Any]]:
    """The acts that are the visitor's, under their headings; what has nothing to be done to now is told without a link."""
    away = out_of_reach(place, (act.id for act in place.acts if act.id not in COSTLY))
    return [
        {
            "label": label,
            "acts": [
                {"label": act.label, "href": place.act_href(act.id), "none": away.get(act.id, "")}
                for act in place.acts
                if act.group == group
            ],
        }
        for group, label in GROUPS.items()
        if any(act.group == group for act in place.acts)
    ]


def units_table(place: Place) -> dict[str, Any]:
    """The agency's units with what they are for and how many work there. One query."""
    here = Count("posts__person", distinct=True, filter=in_force(place.visitor.on, "posts__"))
    units = (
        Unit.objects.filter(agency=place.agency)
        .select_related("parent")
        .annotate(people=here)
        .order_by("name")
    )
    change = place.may("change-unit")
    rows = [
        {
            "cells": [
                {
                    "text": unit.name,
                    "href": place.act_href("change-unit", {"unit": str(unit.pk)}) if change else "",
                },
                {"text": unit.get_kind_display()},
                {"text": duties_of_unit(unit)},
                {"text": unit.parent.name if unit.parent else "—"},
                {"text": unit.people},
            ]
        }
        for unit in units
    ]
    labels = ("名称", "类型", "职责", "上级", "人数")
    empty = {"title": "还没有内设机构", "text": "先设立执法机构和法制机构，再给人员授予岗位。"}
    columns = [{"label": label, "num": label == "人数"} for label in labels]
    return {"caption": "内设机构", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}


def duties_of_unit(unit: Unit) -> str:
    """Enforcing, reviewing, or neither."""
    words = [
        word for flag, word in ((unit.is_enforcement, "执法"), (unit.is_legal_organ, "法制审核")) if flag
    ]
    return "、".join(words) or "—"


def registers_of(place: Place) -> list[dict[str, Any]]:
    """The agency's registers, each with its newest day. One query."""
    rows = Register.objects.filter(agency=place.agency).annotate(
        versions=Count("releases"), newest=Max("releases__in_force_from")
    )
    return [
        {
            "label": row.label,
            "href": f"/desk/registers/{row.pk}/",
            "text": f"{row.versions} 版，最近一版 {cn_date(row.newest)}起施行",
        }
        for row in rows.order_by("label")
    ]


# People.


def people_table(place: Place, asked: Mapping[str, str]) -> dict[str, Any]:
    """The agency's people, by page: who they are, their posts and certificates. Five queries, whatever their number."""
    on = place.visitor.on
    rows = chosen(place, asked).order_by("name", "username")
    total = rows.count()
    number = min(max(number_in(asked, "page") or 1, 1), 1 + max(total - 1, 0) // PAGE)
    posts = Post.objects.filter(agency=place.agency).exclude(valid_until__lt=on).select_related("unit")
    some = rows.prefetch_related(Prefetch("posts", posts, "now"), Prefetch("certificates"))
    drawn = [person_row(place, row) for row in some[(number - 1) * PAGE : number * PAGE]]
    query = {k: v for k, v in asked.items() if k in ("q", "show") and v}
    pager = {
        "total_text": f"共 {total:,} 人",
        "prev_href": place.href("people/", **query, page=str(number - 1)) if number > 1 else None,
        "next_href": place.href("people/", **query, page=str(number + 1)) if number * PAGE < total else None,
        "page_text": f"第 {number} 页",
    }
    columns = [{"label": label} for label in ("姓名", "岗位", "执法证")]
    empty = {"title": "没有找到人员", "text": "换一个条件，或者先由系统管理员建立账号。"}
    return {
        "caption": "人员",
        "columns": columns,
        "rows": drawn,
        "total": total,
        "pager": pager,
        "empty": empty,
    }


def chosen(place: Place, asked: Mapping[str, str]) -> QuerySet[Person]:
    """The people asked for: all of the agency, those without a post, those whose certificate ends soon."""
    here = frozenset({place.agency.pk})
    rows = staff(here)
    if asked.get("show") == "bare":
        rows = Person.objects.filter(pk__in=unposted(here))
    if asked.get("show") == "expiring":
        rows = rows.filter(pk__in=expiring(place.agency.pk, place.visitor.on).values("person"))
    words = words_in(asked, "q")
    return rows.filter(Q(name__icontains=words) | Q(username__icontains=words)) if words else rows


def person_row(place: Place, person: Person) -> dict[str, Any]:
    """One line of the list."""
    posts: list[Post] = person.now  # type: ignore[attr-defined]  # prefetched
    certificates = list(person.certificates.all())
    soon = [flaw for c in certificates if (flaw := ending(c, place.visitor.on))]
    names = "、".join(dict.fromkeys(f"{p.unit.name if p.unit else ''}{roles.LABELS[p.role]}" for p in posts))
    numbers = "、".join(c.number for c in certificates if c.revoked_on is None)
    return {
        "cells": [
            {
                "text": person.name,
                "sub": person.username,
                "href": place.href(f"people/{person.pk}/"),
                "badge": None if person.active else {"tone": "red", "label": "已停用"},
            },
            {"text": names or "没有岗位", "badge": None if names else {"tone": "amber", "label": "待授予"}},
            {"text": numbers or "—", "badge": {"tone": "amber", "label": soon[0]} if soon else None},
        ]
    }


def ending(certificate: Certificate, on: date) -> str:
    """How soon a certificate ends; empty while that is far off."""
    if certificate.revoked_on is not None:
        return ""
    for day, what in ((certificate.valid_until, ""), (certificate.inspected_until, "审验")):
        if day is not None and day < on:
            return f"{what}已过期"
        if day is not None and day <= on + SOON:
            return f"{what}{(day - on).days}日后到期"
    return ""


# One person.


def person_parts(place: Place, person: Person) -> dict[str, Any]:
    """Everything about one person, with the forms that change it. Three queries."""
    on = place.visitor.on
    posts = Post.objects.filter(person=person, agency__in=place.scope).select_related("agency", "unit")
    leaves = Leave.objects.filter(person=person).select_related("deputy").order_by("-valid_from")
    return {
        "rows": summary_of(person),
        "posts": posts_table(place, posts.order_by("-valid_from"), on),
        "certificates": certificates_table(place, person.certificates.order_by("-valid_until"), on),
        "leaves": leaves_table(place, leaves, on),
        "acts": [
            {"label": ACTS[act].label, "href": place.act_href(act, {"person": str(person.pk)})}
            for act in PERSONAL
            if place.may(act)
        ],
    }


PERSONAL = (
    "grant-post",
    "issue-certificate",
    "record-qualification",
    "record-uniform",
    "record-leave",
    "change-person",
    "reset-password",
)
"""The acts that begin with a person."""


def summary_of(person: Person) -> list[dict[str, Any]]:
    """Who it is."""
    began = person.started_review_on
    number = f"证号 {person.qualification_number}" if person.has_legal_qualification else "没有登记"
    qualified = number + (f"，{cn_date(began)}起从事法制审核" if began else "")
    state = {"tone": "green", "label": "可用"} if person.active else {"tone": "red", "label": "已停用"}
    return [
        {"label": "账号", "value": person.username, "badge": state},
        {"label": "电话", "value": person.phone or "—"},
        {"label": "法律职业资格", "value": qualified},
        {"label": "着装要求", "value": "国家规定统一着装" if person.uniformed else "没有登记统一着装"},
    ]


def posts_table(place: Place, posts: Iterable[Post], on: date) -> dict[str, Any]:
    """Posts, those in force with the form that ends them."""
    rows = []
    for post in posts:
        living = post.valid_until is None or post.valid_until >= on
        # The act is one on the agency of the post, which need not be the one on the table.
        href = f"/desk/admin/acts/end-post/?agency={post.agency_id}&post={post.pk}"
        rows.append(
            {
                "cells": [
                    {"text": roles.LABELS[post.role], "sub": post.title},
                    {"text": post.agency.name, "sub": post.unit.name if post.unit else ""},
                    {"text": period_of(post.valid_from, post.valid_until)},
                    {"text": "免去", "href": href}
                    if living and place.may("end-post")
                    else {"text": "" if living else "已免去"},
                ]
            }
        )
    empty = {"title": "还没有岗位", "text": "没有岗位的账号能登录，不能办事。由安全管理员授予。"}
    columns = [{"label": label} for label in ("岗位", "机关", "任职期间", "办理")]
    return {"caption": "岗位", "columns": columns, "rows": rows, "empty": empty}


def period_of(first: date, last: date | None) -> str:
    """A period in words."""
    return f"{cn_date(first)}至{cn_date(last)}" if last else f"{cn_date(first)}起"


def certificates_table(place: Place, certificates: Iterable[Certificate], on: date) -> dict[str, Any]:
    """Certificates as they stand."""
    rows, known = [], kinds_here(place.agency)
    for one in certificates:
        flaw = state_of(one, on, known)
        href = place.act_href("change-certificate", {"certificate": str(one.pk)})
        inspected = f"审验至{cn_date(one.inspected_until)}" if one.inspected_until else "没有登记年度审验"
        exam = "" if one.exam_passed_on else "；没有登记考试合格"
        rows.append(
            {
                "cells": [
                    {"text": one.number, "sub": one.kind, "badge": flaw},
                    {"text": period_of(one.valid_from, one.valid_until), "sub": inspected + exam},
                    {"text": "变更", "href": href} if place.may("change-certificate") else {"text": ""},
                ]
            }
        )
    empty = {"title": "没有执法证件", "text": "没有有效执法证的人员不能执法。"}
    columns = [{"label": label} for label in ("证件", "有效期", "办理")]
    return {"caption": "执法证件", "columns": columns, "rows": rows, "empty": empty}


def state_of(one: Certificate, on: date, known: tuple[str, ...]) -> dict[str, str] | None:
    """A badge for what is wrong with a certificate today; `known` are the kinds that the scheme accepts, if it says."""
    if one.revoked_on is not None and one.revoked_on <= on:
        return {"tone": "red", "label": "已注销"}
    lifted = one.suspended_until is not None and one.suspended_until < on
    if one.suspended_from is not None and one.suspended_from <= on and not lifted:
        return {"tone": "red", "label": "暂扣"}
    if known and one.kind not in known:
        return {"tone": "red", "label": "本方案不认可"}
    soon = ending(one, on)
    return {"tone": "amber", "label": soon} if soon else {"tone": "green", "label": "有效"}


def leaves_table(place: Place, leaves: Iterable[Leave], on: date) -> dict[str, Any] | None:
    """Leaves; nothing where there was none."""
    rows = []
    for leave in leaves:
        living = leave.valid_until is None or leave.valid_until >= on
        href = place.act_href("end-leave", {"leave": str(leave.pk)})
        rows.append(
            {
                "cells": [
                    {"text": period_of(leave.valid_from, leave.valid_until)},
                    {"text": leave.deputy.name if leave.deputy else "没有指定"},
                    {"text": "登记返岗", "href": href} if living and place.may("end-leave") else {"text": ""},
                ]
            }
        )
    columns = [{"label": label} for label in ("离岗期间", "代理人", "办理")]
    return {"caption": "离岗代理", "columns": columns, "rows": rows} if rows else None
