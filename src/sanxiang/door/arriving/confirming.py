"""Where a scheme counts a decision as published only with another platform's receipt, the portal mirrors it from then on.

The act of publication hands the text in; the decision is submitted, its period runs on, and what stood in public stands. The receipt is
an act of the case by the machine: the text is public here in the place of what stood, and the period ends on that day.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from sanxiang.cases.models import Case, Publication
from sanxiang.door import gather, rows, tasks
from sanxiang.door.attempts import OPERATOR
from sanxiang.door.exchange import outbox
from sanxiang.door.exchange.awaiting import confirming_ids
from sanxiang.door.models import Outgoing, Task
from sanxiang.door.perform import locked
from sanxiang.law import clocks
from sanxiang.law.changes.disclosure import shown
from sanxiang.law.dossier import digest
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.procedure import copied
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Opening
from sanxiang.ledger.verify import CONFIRMED, CONFIRMED_LABEL

PUBLISH = "publish"


def confirmed(message: Outgoing, now: datetime) -> None:
    """The platform whose receipt counts has taken a decision that waits for it: it is published.

    A receipt of what was handed in before the text of today is none of that text.
    """
    row = Publication.objects.filter(case=message.case_id).first() if message.case_id else None
    if row is None or row.case_id is None or message.subject != outbox.subject_of(row):
        return
    case = locked(row.case_id)
    waits = case.state["publication"].get("status") == "submitted" and message.event in ("publish", "correct")
    counts = waits and message.connector.platform in confirming_ids(gather.pack_of(case))
    text = (
        _handed_in(case) if counts and outbox.last_of(message.connector, message.subject) == message else None
    )
    if text:
        _publish(case, row, text, message, now)


def _publish(case: Case, row: Publication, text: dict[str, str], message: Outgoing, now: datetime) -> None:
    pack, on = gather.pack_of(case), timezone.localtime(now).date()
    state = _state(case, pack, now)
    content = {
        "on": (on.isoformat(), "case"),
        "platform": (message.connector.name, "case"),
        "receipt": (message.receipt, "case"),
        "state": (digest(state), "case"),
        "public_text": (text, "public"),  # by which the decision is proved to whoever reads it here
    }
    entry = Entry("case", case.pk, case.n + 1, case.head, CONFIRMED, CONFIRMED_LABEL, content)
    act = append(entry, Signed(None, OPERATOR, "operator", on.isoformat(), now))
    rows.follow(case, pack, state, act)
    case.next_due = tasks.next_due(pack, state, gather.calendar())
    case.save()
    rows.swapped_in(case, row, pack, text, act, on)
    open_ = Task.objects.filter(case=case, kind=PUBLISH, closed_n=None)
    open_.update(closed_n=act.n, closed_at=now)


def _handed_in(case: Case) -> Any:
    """The text as it went to the platform; None where it was erased meanwhile."""
    told = Opening.objects.filter(act__subject=case.pk, name="public_text").order_by("act__n")
    return told.values_list("value", flat=True).last()


def _state(case: Case, pack: Pack, now: datetime) -> State:
    """The state with the decision public, and the periods that publication ends over."""
    state: State = copied(case.state)
    state["n"] += 1
    moment = timezone.localtime(now)
    before = state["last"].get(CONFIRMED, {"count": 0})
    done = {"n": state["n"], "on": moment.date().isoformat(), "count": before["count"] + 1, "by": ""}
    state["last"][CONFIRMED] = done
    was = state["publication"]
    days = pack.setting("publish.display_period")
    face = shown(was, str(was["digest"]), list(was.get("handed", ())), moment, days)
    kept = {name: value for name, value in was.items() if name not in ("handed", "correcting")}
    state["publication"] = {**kept, **face, "status": "published", "n": state["n"], "by": ""}
    for rule in pack.limits_of(state["procedure"]):
        if PUBLISH in rule.stop and rule.id in state["clocks"]:
            clocks.stop(state["clocks"][rule.id], moment.date(), CONFIRMED_LABEL)
    return state
