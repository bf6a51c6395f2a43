"""What the forms of 双随机 offer: plans at the point where an act can be done, drawn objects without a result, the codes of results."""

from collections.abc import Callable

from sanxiang.desk.admin.place import Place
from sanxiang.desk.picks import Pick
from sanxiang.door.inspection import drawing, results
from sanxiang.door.inspection.plans import named_rows
from sanxiang.door.inspection.tasks import inside, roster_of
from sanxiang.door.pinned import current
from sanxiang.registers.inspection.drawn import CORRECT, WITHDRAW, WITHDRAW_PLAN, Plan, plans_in

NO_PLAN = "没有在“{}”的抽查计划。"


def plans_at(*states: str) -> Callable[[Place], Pick]:
    """The plans that are at that point."""

    def make(place: Place) -> Pick:
        found = [one for one in plans_in([place.agency.pk]) if one.state in states]
        choices = tuple(
            {"value": one.number, "label": f"{one.number}　{one.told.get('name')}"} for one in found
        )
        return Pick(choices, NO_PLAN.format("、".join(states)))

    return make


def items(place: Place) -> Pick:
    """What the released list names."""
    names = named_rows(place.agency, place.visitor.on)
    return Pick(tuple({"value": name, "label": ""} for name in names), open=True)


def codes(place: Place) -> Pick:
    """The codes of results."""
    found = results.codes_of(current(place.agency.locality))
    return Pick(tuple({"value": code, "label": f"{code} {label}"} for code, label in found.items()))


def to_record(place: Place) -> Pick:
    """Drawn objects, those with a public result too: what was wrong is recorded anew before it is corrected."""
    return targets(place, lambda plan, target, told: True, "没有抽到的对象。", all_of=True)


def public_now(place: Place) -> Pick:
    """Those whose result is public."""
    choices = []
    for plan in plans_in([place.agency.pk]):
        names = roster_of(inside(plan)) if plan.results and not plan.withdrawn else {}
        for one in plan.results if names else ():
            label = f"{names[one.target]['name']}　{plan.number}"
            choices.append({"value": f"{plan.number} {one.target}", "label": label})
    return Pick(tuple(choices), "没有公开着的抽查结果。")


def to_publish(place: Place) -> Pick:
    """Those with a result that is not public."""
    return targets(
        place, lambda plan, target, told: (plan, target) in told, "没有登记了结果而没有公开的对象。"
    )


def targets(
    place: Place,
    wanted: Callable[[str, str, dict[tuple[str, str], object]], bool],
    none: str,
    all_of: bool = False,
) -> Pick:
    """Drawn objects by plan, each as one line."""
    told: dict[tuple[str, str], object] = {**results.records_in(place.agency)}
    choices = []
    for plan in plans_in([place.agency.pk]):
        names = roster_of(inside(plan)) if plan.draw else {}
        for target in [row[0] for row in plan.pairs] if all_of else left_in(plan):
            if wanted(plan.number, target, told):
                label = f"{names[target]['name']}　{plan.number}"
                choices.append({"value": f"{plan.number} {target}", "label": label})
    return Pick(tuple(choices), none)


def left_in(plan: Plan) -> list[str]:
    """The drawn objects whose result is not public."""
    public = {one.target for one in plan.results}
    return [row[0] for row in plan.pairs if row[0] not in public]


LISTS: dict[str, dict[str, Callable[[Place], Pick]]] = {
    "plan-draw": {"items": items},
    "approve-draw-plan": {"plan": plans_at("等待批准")},
    "decline-draw-plan": {"plan": plans_at("等待批准", "已批准")},
    drawing.COMMIT: {"plan": plans_at("已批准")},
    drawing.DRAW: {"plan": plans_at("已封存，等待抽取")},
    results.RECORD: {"target": to_record, "code": codes},
    results.PUBLISH: {"target": to_publish},
    CORRECT: {"target": public_now},
    WITHDRAW: {"target": public_now},
    WITHDRAW_PLAN: {"plan": plans_at("已批准", "已封存，等待抽取", "已抽取")},
}
PAIRS = dict.fromkeys((results.RECORD, results.PUBLISH, CORRECT, WITHDRAW), ("target", "plan", "target"))
