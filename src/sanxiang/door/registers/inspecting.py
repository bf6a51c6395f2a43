"""What the law must know of other inspections of the same party: how many this year, and which are still open."""

from datetime import date
from typing import Any

from django.db.models import Q

from sanxiang.cases.models import Case
from sanxiang.cases.parties import party_key
from sanxiang.door.linking import called
from sanxiang.law.drawing.ratio import CAPS, cap_of
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act
from sanxiang.registers.releases import rows_in_force

NOT_HELD = ("void", "declined")


def same_party(case: Case) -> Q:
    """By its code or number; by its name only where one of the two has none, for shops and people share names."""
    key = party_key(case.state["facts"].get("party"))
    return Q(party_key=key) | Q(party=case.party, party_key=None) if key else Q(party=case.party)


def outside(case: Case, pack: Pack, act: Act, on: date) -> dict[str, Any]:
    """This agency's other inspections of the party in the year, and open ones of any agency under the same government.

    Asked only where the act is judged by them, at its stage: two queries. The cap is that of the released list 检查事项与频次上限;
    where it tells none of this item, the scheme's counts.
    """
    asks = {g.needs for g in pack.guards_of(act.id, case.procedure)}
    if "frequency-within" not in asks or case.stage not in act.stages or not case.party:
        return {}
    agencies = Q(agency=case.agency_id)
    if case.agency.parent_id:
        agencies |= Q(agency__parent=case.agency.parent_id)
    rows = Case.objects.filter(agencies, same_party(case), act_type=case.act_type).exclude(id=case.id)
    kept = rows.exclude(closed__in=NOT_HELD).select_related("agency").order_by("opened_at")
    recent = [one for one in kept if one.closed == "" or (one.filed_on and one.filed_on.year == on.year)]
    cap = cap_of(rows_in_force(case.agency, CAPS, on) or (), str(case.state["facts"].get("item") or ""))
    return {
        **({} if cap is None else {"inspection_cap": cap}),
        "inspected": [
            {"number": called(one), "origin": one.state["facts"].get("origin")}
            for one in recent
            if one.agency_id == case.agency_id and one.filed_on and one.filed_on.year == on.year
        ],
        "inspections_open": [
            f"{called(one)} {one.title}（{one.agency.name}）"
            if one.agency_id == case.agency_id
            else one.agency.name
            for one in recent
            if one.closed == ""
        ],
    }
