"""What waits in the lists for this visitor: drafts to sign and to release, versions to file and to admit, entries to look over."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Subquery

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.registers.drafts import waits_for
from sanxiang.desk.registers.sought import door, drafts_of, in_sight, may
from sanxiang.desk.who import Visitor
from sanxiang.door.registers.standing import Stand, chain_of_agency, may_sign, stands_of
from sanxiang.registers.models import Draft, Filing, Opinion, Recheck, Release

Line = dict[str, Any]


def queue_of(visitor: Visitor) -> list[dict[str, Any]]:
    """Tables by what is to be done; those with nothing are left out. Four queries at most."""
    groups: dict[str, list[Line]] = defaultdict(list)
    signatures = Prefetch("signatures", Opinion.objects.order_by("n"))
    for one in drafts_of(visitor).filter(ended="").defer("rows", "rejected").prefetch_related(signatures):
        stands = stands_of(one, chain_of_agency(one.agency, one.kind), one.signatures.all())
        groups[place_of(visitor, one, stands)].append(draft_line(one, stands))
    for filing in filings_of(visitor):
        groups["等待统一公示" if filing.filed_at else "等待报备"].append(filing_line(visitor, filing))
    for recheck in rechecks_of(in_sight(visitor)):
        groups["要复核的条目"].append(recheck_line(recheck))
    order = ("等待您签署", "可以发布", "等待报备", "等待统一公示", "要复核的条目", "起草和审核中")
    return [table(title, groups[title]) for title in order if groups[title]]


def place_of(visitor: Visitor, one: Draft, stands: list[Stand]) -> str:
    """Under which heading a draft stands for this visitor."""
    waiting = next((stand for stand in stands if not stand.done), None)
    if waiting is None:
        return "可以发布" if may(visitor, "release-register", one.agency_id) else "起草和审核中"
    own = str(visitor.person.pk) in one.drafters
    mine = may_sign(waiting.step, one.agency, visitor.duties, {**visitor.reached})
    return "等待您签署" if mine and not own else "起草和审核中"


def draft_line(one: Draft, stands: list[Stand]) -> Line:
    """A draft, who keeps it, whose turn it is."""
    return {
        "cells": [
            {"text": str(one), "href": f"/desk/registers/drafts/{one.pk}/"},
            {"text": one.agency.name},
            {"text": waits_for(one, stands), "sub": f"{one.drafted_by}，{cn_date(one.edited_at)}"},
            {"text": ""},
        ]
    }


def filings_of(visitor: Visitor) -> list[Filing]:
    """The newest version of each list that the page of its government does not show yet."""
    newest = Release.objects.filter(register=OuterRef("release__register")).order_by("-version").values("pk")
    rows = Filing.objects.filter(admitted_at=None, release=Subquery(newest[:1]))
    rows = rows.filter(release__register__agency__in=in_sight(visitor)).defer("release__rows")
    return list(rows.select_related("release__register__agency").order_by("opened_at"))


def filing_line(visitor: Visitor, one: Filing) -> Line:
    """A version and the act that moves it on."""
    release, agency = one.release, one.release.register.agency
    act = "admit-register" if one.filed_at else "file-register"
    wanted = door(act, agency.pk, filing=str(one.pk)) if may(visitor, act, agency.pk) else {}
    return {
        "cells": [
            {
                "text": f"{release.register.label}（第{release.version}版）",
                "href": f"/desk/registers/{release.register_id}/",
            },
            {"text": agency.name},
            {
                "text": f"{one.filed_by} 已报备" if one.filed_at else "等待机关报备",
                "sub": f"{cn_date(release.in_force_from)}起施行",
            },
            {"text": wanted.get("label", ""), "href": wanted.get("href", "")},
        ]
    }


def rechecks_of(agencies: frozenset[UUID]) -> list[Recheck]:
    """What is to be looked over in these agencies."""
    rows = Recheck.objects.filter(register__agency__in=agencies, closed_at=None)
    return list(rows.select_related("register__agency").order_by("opened_at"))


def recheck_line(one: Recheck) -> Line:
    """Which list, how many entries, why."""
    return {
        "cells": [
            {
                "text": f"{one.register.label}：{len(one.entries)} 项",
                "href": f"/desk/registers/rechecks/{one.pk}/",
            },
            {"text": one.register.agency.name},
            {"text": f"{one.subject} {one.get_cause_display()}", "sub": f"{cn_date(one.since)}起"},
            {"text": "复核", "href": f"/desk/registers/rechecks/{one.pk}/"},
        ]
    }


def table(title: str, rows: list[Line]) -> dict[str, Any]:
    """One heading."""
    columns = [{"label": label} for label in ("清单", "机关", "情况", "办理")]
    return {"caption": title, "columns": columns, "rows": rows, "total": len(rows)}
