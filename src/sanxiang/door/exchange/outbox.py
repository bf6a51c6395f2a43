"""The outbox: what other systems must hear of an act is written in the act's own transaction, and delivered afterwards.

A subject has one story on each connector: its first message adds or publishes it, later ones change, correct, withdraw or remove
it. Whoever withdraws overtakes what still waits: a text that is gone here must not go out any more.
"""

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils import timezone

from sanxiang.cases.disclosure.published import origin_of, record
from sanxiang.cases.models import Case, Publication
from sanxiang.door.exchange.awaiting import confirming_ids
from sanxiang.door.exchange.connectors import connectors_of
from sanxiang.door.exchange.items import numbers_of
from sanxiang.door.models import Connector, Outgoing
from sanxiang.door.pinned import current
from sanxiang.law.facts import Facts
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.models import Agency

WAITING = ("queued", "sent")
GONE = ("withdraw", "remove")
"""Events after which the other side has nothing of the subject any more."""
FIRST, AGAIN = {"decisions": "publish", "officers": "add"}, {"decisions": "correct", "officers": "change"}
INNER = ("act", "leaf_hash", "published_on", "source_published_on")
"""Columns that say where the record stands with us; another system keeps its own days."""


ENDED = {"withdrawn": "撤回公示", "expired": "公开期限届满", "repaired": "信用修复，提前停止公示"}
"""Statuses that take a publication back everywhere, with the reason that is told where the row has none."""


def digest_of(payload: Mapping[str, Any]) -> str:
    """SHA-256 over the payload as it is sent: sorted compact JSON in UTF-8."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def mapped(connector: Connector, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload with the field names of the other side; without a map our own."""
    if not connector.fields:
        return dict(payload)
    return {theirs: payload.get(ours) for theirs, ours in connector.fields.items()}


def last_of(connector: Connector, subject: str) -> Outgoing | None:
    """The newest message about a subject that counts."""
    found = Outgoing.objects.filter(connector=connector, subject=subject).exclude(state="dropped")
    return found.order_by("-id").first()


def write(
    connector: Connector,
    agency: Agency,
    subject: str,
    event: str,
    label: str,
    payload: Mapping[str, Any],
    *,
    act: uuid.UUID | None = None,
    case: Case | None = None,
) -> Outgoing:
    """One message. Its key follows from connector, subject, event and act, so that none is written twice."""
    now = timezone.now()
    told = mapped(connector, payload) if event not in GONE else dict(payload)
    count = Outgoing.objects.filter(connector=connector, subject=subject).count()
    key = hashlib.sha256(f"{connector.pk} {subject} {count} {event} {act}".encode()).hexdigest()
    return Outgoing.objects.create(
        connector=connector, agency=agency, case=case, subject=subject, label=label[:300], event=event, payload=told,
        digest=digest_of(told), key=key, next_try=now, made_at=now, act=act,
    )  # fmt: skip


def tell(
    what: str,
    agency: Agency,
    subject: str,
    label: str,
    payload: Mapping[str, Any],
    only: Collection[str] | None = None,
    **more: Any,
) -> None:
    """Say to every connector that carries this, or `only` to those of some platforms, how a subject stands now.

    Nothing is said to whoever has heard just that.
    """
    for connector in connectors_of(agency, what):
        if only is None or connector.platform in only:
            tell_one(connector, what, agency, subject, label, payload, **more)


def tell_one(
    connector: Connector,
    what: str,
    agency: Agency,
    subject: str,
    label: str,
    payload: Mapping[str, Any],
    **more: Any,
) -> None:
    """Say to one connector how a subject stands now, unless it has heard just that."""
    last = last_of(connector, subject)
    if put_aside(connector, subject, digest_of(mapped(connector, payload))):
        return
    if last is None or last.event in GONE:
        write(connector, agency, subject, FIRST.get(what, "publish"), label, payload, **more)
    elif last.digest != digest_of(mapped(connector, payload)):
        write(connector, agency, subject, AGAIN.get(what, "correct"), label, payload, **more)


def put_aside(connector: Connector, subject: str, digest: str) -> bool:
    """Did somebody decide that the other side does not need just this? It is not written again."""
    newest = Outgoing.objects.filter(connector=connector, subject=subject).order_by("-id").first()
    return newest is not None and newest.state == "dropped" and newest.digest == digest


def take_back(
    event: str, agency: Agency, subject: str, label: str, payload: Mapping[str, Any], **more: Any
) -> None:
    """Say to every connector that was told of a subject that it is gone. What waits is overtaken; copies of the text go."""
    told = Outgoing.objects.filter(subject=subject).exclude(state="dropped")
    connectors = Connector.objects.filter(messages__in=told).distinct().select_related("agency")
    for connector in connectors:
        take_back_one(connector, event, agency, subject, label, payload, **more)


def take_back_one(
    connector: Connector,
    event: str,
    agency: Agency,
    subject: str,
    label: str,
    payload: Mapping[str, Any],
    **more: Any,
) -> None:
    """Say to one connector that a subject is gone, if it was told of it."""
    last = last_of(connector, subject)
    if last is None or last.event in GONE:
        return
    mine = Outgoing.objects.filter(connector=connector, subject=subject)
    mine.filter(state__in=WAITING).update(state="dropped", error="发送之前已经撤回")
    mine.update(payload={})
    write(connector, agency, subject, event, label, payload, **more)


def decisions(rows: Iterable[Publication]) -> None:
    """What became of publications: published or corrected texts go out, withdrawn ones are taken back everywhere."""
    for row in rows:
        subject, case = subject_of(row), {"act": row.act, "case": row.case}
        if row.status in ENDED:
            reason = row.withdrawal_reason or ENDED[row.status]
            told = {
                "id": str(row.pk),
                "withdrawn_on": row.withdrawn_on.isoformat() if row.withdrawn_on else "",
                "reason": reason,
            }
            take_back("withdraw", row.agency, subject, f"撤回公示：{reason}", told, **case)
        elif row.status in ("submitted", "published") and goes(row):
            only = confirming_ids(current(row.agency.locality)) if row.status == "submitted" else None
            tell("decisions", row.agency, subject, row.title or row.number, told_of(row), only=only, **case)


def subject_of(row: Publication) -> str:
    """A publication as other systems know it."""
    return f"publication:{row.pk}"


def goes(row: Publication) -> bool:
    """Is it ours to tell? What was imported as history others had published."""
    return origin_of(row) != "import"


def told_of(row: Publication) -> dict[str, Any]:
    """A publication as it goes out."""
    return {name: value for name, value in record(row).items() if name not in INNER}


def moved(case: Case, facts: Facts, act: LedgerAct) -> None:
    """A case entered another stage, or was closed: one message an act, for what was told of its course does not change."""
    before = (facts.state["stage"], facts.state["closed"])
    if not facts.act.first and before == (case.stage, case.closed):
        return
    connectors = connectors_of(case.agency, "stages")
    if not connectors:
        return
    item = str(case.state["facts"].get("item") or "")
    told = {
        "case": case.code,
        "number": case.number,
        "act_type": case.act_type,
        "item": item,
        "item_id": numbers_of(case.agency_id).get(item, ""),
        "act": act.name,
        "act_label": act.label,
        "stage": case.stage,
        "closed": case.closed,
        "on": act.on,
    }
    for connector in connectors:
        write(connector, case.agency, f"case:{case.pk}", "stage", case.title, told, act=act.id, case=case)
