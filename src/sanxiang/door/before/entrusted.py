"""委托执法: a unit that enforces by entrustment opens no case once the agreement has run out, nor before it begins."""

from datetime import date

from sanxiang.door.admin.agency import ENTRUSTING
from sanxiang.law.guards import Verdict
from sanxiang.people.models import Agency, Entrustment, Person, Post, Unit, in_force
from sanxiang.speech import cn_day


def lapsed(agency: Agency, unit: Unit | None, by: Person, on: date) -> list[Verdict]:
    """What stands in the way of a case that this person opens in that unit, or in the units of their own posts. Two queries."""
    own = Post.objects.filter(in_force(on), person=by, agency=agency, unit__isnull=False).values("unit")
    rows = Entrustment.objects.filter(agency=agency, unit__isnull=False).select_related("unit")
    mine = list(rows.filter(unit=unit) if unit else rows.filter(unit__in=own))
    if not mine or any(stands(row, on) for row in mine):
        return []
    last = max(mine, key=lambda row: row.valid_until or row.valid_from)
    name = last.unit.name if last.unit else ""
    ended = (
        f"委托协议“{last.agreement_number}”到{cn_day(last.valid_until)}届满"
        if last.valid_until
        else "委托还没有开始"
    )
    fact = f"{name}受委托执法，{ended}，{cn_day(on)}没有有效的委托"
    cure = "续签委托协议并登记以后再办；也可以由本机关自己的执法机构办理"
    return [Verdict("entrusted", False, str(ENTRUSTING), fact, cure)]


def stands(row: Entrustment, on: date) -> bool:
    """Does the entrustment hold on that day?"""
    return row.valid_from <= on and (row.valid_until is None or on <= row.valid_until)
