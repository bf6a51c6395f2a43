"""What waits after a draw: each object to be inspected, then its result to be made public. Opened by one act, closed by the next."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sanxiang.door import gather
from sanxiang.door.admin.rules import Change
from sanxiang.door.models import Task
from sanxiang.door.pinned import current
from sanxiang.door.said import said_in
from sanxiang.law import clock
from sanxiang.law.drawing.pool import card_token
from sanxiang.law.packs import Pack
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.models import Certificate
from sanxiang.registers.inspection.drawn import COMMIT, Plan, plans_in

INSPECT, PUBLICIZE = "random-inspection", "publish-random-result"


def inside(plan: Plan) -> dict[str, Any]:
    """What the commitment keeps inside: the roster with names, the officers, conflicts with their reasons, the seed. Two queries."""
    if plan.commit is None:
        return {}
    return said_in(Act.objects.filter(pk=plan.commit, name=COMMIT))[0][1]


def roster_of(told: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The objects by their tokens, with names."""
    return {str(row["token"]): row for row in told.get("roster") or ()}


def key_of(plan: UUID, target: str, kind: str) -> UUID:
    """The task of one object."""
    return uuid5(plan, f"{kind} {target}")


def open_tasks(change: Change) -> None:
    """Each object that was drawn waits for its officers until the plan's last day."""
    plan = next(one for one in plans_in([change.agency.pk]) if one.number == change.data["plan"])
    names, rows = roster_of(inside(plan)), change.data["result"]
    held = own_people(change, {card for row in rows for card in row[1:]})
    Task.objects.bulk_create(
        Task(
            id=key_of(plan.id, row[0], INSPECT),
            agency=change.agency,
            kind=INSPECT,
            title=f"双随机检查：{names[row[0]]['name']}（{plan.number}）"[:200],
            role=roles.OFFICER,
            person_id=next((held[card] for card in row[1:] if card in held), None),
            due=date.fromisoformat(str(plan.told["ends"])[:10]),
            opened_n=change.n,
            opened_at=change.now,
        )
        for row in rows
    )


def own_people(change: Change, cards: set[str]) -> dict[str, UUID]:
    """Officers of this agency by the number of their certificate. One query."""
    rows = Certificate.objects.filter(person__posts__agency=change.agency, person__posts__role=roles.OFFICER)
    found = rows.values_list("number", "person").distinct()
    return {token: person for number, person in found if (token := card_token(number)) in cards}


def recorded(change: Change, plan: Plan, target: str, name: str) -> None:
    """The inspection is done; its result is to be public within the locality's days."""
    close(change, plan, target, INSPECT)
    if plan.withdrawn:
        return
    days, citation = days_to_publish(current(change.agency.locality))
    begun = date.fromisoformat(str(change.data["inspected_on"])[:10])
    Task.objects.update_or_create(
        id=key_of(plan.id, target, PUBLICIZE),
        defaults={
            "agency": change.agency,
            "kind": PUBLICIZE,
            "title": f"公开双随机抽查结果：{name}（{plan.number}）"[:200],
            "role": roles.DISCLOSURE_APPROVER,
            "due": clock.due(gather.calendar(), begun, days, "working").date,
            "citation": citation[:120],
            "opened_n": change.n,
            "opened_at": change.now,
            "closed_n": None,
            "closed_at": None,
        },
    )


def close(change: Change, plan: Plan, target: str, kind: str) -> None:
    """That is done."""
    rows = Task.objects.filter(pk=key_of(plan.id, target, kind), closed_n=None)
    rows.update(closed_n=change.n, closed_at=change.now)


def days_to_publish(pack: Pack) -> tuple[int, str]:
    """Working days until a result must be public, and where that stands: the locality's own, else the national twenty."""
    value = pack.binding("publish.default_wd")
    return int(value.value), str(value.citation or "")
