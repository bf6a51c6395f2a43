"""The task of whoever answers a request: opened by the act that asks, closed by the one that answers.

A request is known by the act that made it, and so is its task: both have one id. What is asked of an agency about a file outlives
the closing of the case, and is no step of it.
"""

from datetime import date
from uuid import UUID

from sanxiang.door.admin.rules import Change
from sanxiang.door.models import Task
from sanxiang.people import roles


def waits(change: Change, kind: str, title: str, citation: str, due: str = "") -> None:
    """The head of the agency has to answer what this act asks."""
    Task.objects.create(
        id=change.act_id,
        case_id=change.data["case_id"] or None,
        agency=change.agency,
        kind=kind,
        title=f"{title}：{change.data['number']}",
        role=roles.AGENCY_HEAD,
        due=date.fromisoformat(due) if due else None,
        citation=citation[:120],
        opened_n=change.n,
        opened_at=change.now,
    )


def answered(change: Change, request: UUID) -> None:
    """The request has its answer."""
    Task.objects.filter(pk=request, closed_n=None).update(closed_n=change.n, closed_at=change.now)


def moved(request: UUID, due: str) -> None:
    """The answer is due on another day."""
    Task.objects.filter(pk=request, closed_n=None).update(due=date.fromisoformat(due) if due else None)
