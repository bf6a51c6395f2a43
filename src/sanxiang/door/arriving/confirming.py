"""Where a scheme counts a decision as published only with another platform's receipt, the portal mirrors it from then on.

The act of publication hands the text in; the decision is submitted, and its period runs on. The receipt is an act of the case by the
machine: the decision is public here, and the period ends on that day.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from sanxiang.cases.models import Case, Publication
from sanxiang.cases.search import asking
from sanxiang.door import gather, rows, tasks
from sanxiang.door.attempts import OPERATOR
from sanxiang.door.exchange import outbox
from sanxiang.door.exchange.awaiting import confirming_ids
from sanxiang.door.models import Outgoing, Task
from sanxiang.door.perform import locked
from sanxiang.law import clocks
from sanxiang.law.dossier import digest
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.procedure import copied
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Opening
from sanxiang.ledger.verify import CONFIRMED, CONFIRMED_LABEL

PUBLISH = "publish"


def confirmed(message: Outgoing, now: datetime) -> None:
    """The platform whose receipt counts has taken a decision that waits for it: it is published."""
    row = (
        Publication.objects.filter(case=message.case_id, status="submitted").first()
        if message.case_id
        else None
    )
    if (
        row is None
        or message.event not in ("publish", "correct")
        or message.subject != f"publication:{row.pk}"
    ):
        return
    case = locked(row.case_id) if row.case_id else None
    if case is None:
        return
    waits = case.state["publication"].get("status") == "submitted"
    if waits and message.connector.platform in confirming_ids(gather.pack_of(case)):
        _publish(case, row, message, now)


def _publish(case: Case, row: Publication, message: Outgoing, now: datetime) -> None:
    pack, on = gather.pack_of(case), timezone.localtime(now).date()
    state = _state(case, pack, now)
    content = {
        "on": (on.isoformat(), "case"),
        "platform": (message.connector.name, "case"),
        "receipt": (message.receipt, "case"),
        "state": (digest(state), "case"),
        "public_text": (
            _handed_in(case),
            "public",
        ),  # by which the decision is proved to whoever reads it here
    }
    entry = Entry("case", case.pk, case.n + 1, case.head, CONFIRMED, CONFIRMED_LABEL, content)
    act = append(entry, Signed(None, OPERATOR, "operator", on.isoformat(), now))
    rows.follow(case, pack, state, act)
    case.next_due = tasks.next_due(pack, state, gather.calendar())
    case.save()
    mine = Publication.objects.filter(pk=row.pk)
    mine.update(status="published", published_on=on, **rows.made_by(act))
    asking.index(mine)
    open_ = Task.objects.filter(case=case, kind=PUBLISH, closed_n=None)
    open_.update(closed_n=act.n, closed_at=now)
    outbox.decisions(mine.select_related("agency", "case"))


def _handed_in(case: Case) -> Any:
    """The text as it went to the platform."""
    told = Opening.objects.filter(act__subject=case.pk, name="public_text").order_by("act__n")
    return told.values_list("value", flat=True).last()


def _state(case: Case, pack: Pack, now: datetime) -> State:
    """The state with the decision public, and the periods that publication ends over."""
    state: State = copied(case.state)
    state["n"] += 1
    on = timezone.localtime(now).date()
    before = state["last"].get(CONFIRMED, {"count": 0})
    done = {"n": state["n"], "on": on.isoformat(), "count": before["count"] + 1, "by": ""}
    state["last"][CONFIRMED] = done
    state["publication"] = {**state["publication"], "status": "published", "n": state["n"], "by": ""}
    for rule in pack.limits_of(state["procedure"]):
        if PUBLISH in rule.stop and rule.id in state["clocks"]:
            clocks.stop(state["clocks"][rule.id], on, CONFIRMED_LABEL)
    return state
