"""What becomes of a decision that a case system pushed: it puts it right, takes it back, and its last day comes.

The case itself is worked elsewhere, so each is an act on the publication; the public notice stays where the law wants one.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sanxiang.cases.disclosure.masked import FIELDS as TEXTS
from sanxiang.cases.disclosure.published import PUSHED, origin_of
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.door.arriving import imported
from sanxiang.door.arriving.imported import ARTICLE, KIND, ORIGIN, Record
from sanxiang.door.arriving.pushed import CORRECT, ROLE, Pushed, approver, masked, told_last
from sanxiang.door.attempts import attempt
from sanxiang.door.exchange import outbox
from sanxiang.law.forms import clean
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.redact import told_protected
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.people.models import Agency, Person

LABEL = "更正办案系统推送的公示"
EXPIRE, EXPIRED = "expire-pushed", "公开期满，停止公示"
SOURCE = "case-system"
"""Who found the mistake, as the public note says it."""


def pushed_as(agency: Agency, external_id: str) -> Publication | None:
    """The publication of a case system's record; none where that number is of something else."""
    row = Publication.objects.filter(agency=agency, external_id=external_id, origin=ORIGIN).first()
    return row if row is not None and origin_of(row) == PUSHED else None


def correct(
    agency: Agency, record: Record, note: str, by: Person, roles: frozenset[str], now: datetime | None = None
) -> Pushed:
    """Put a better text in the place of the one that is public, with a note that all may read. The same again does nothing.

    Raises Refused, and Unreadable where the text holds what must be hidden and cannot be.
    """
    moment, said = now or timezone.now(), clean(note)
    today = timezone.localtime(moment).date()
    with attempt(CORRECT, by, now=moment, channel="api", agency=agency.pk):
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        row = pushed_as(agency, record.external_id)
        verdicts = [approver(by, roles), *_public(row, said)]
        if row is None or any(not verdict.met for verdict in verdicts):
            raise Refused([verdict for verdict in verdicts if not verdict.met])
        if told_last(row) == record.row_digest:
            return Pushed(row, False)
        told = masked(agency, record)
        for name in TEXTS:
            setattr(row, name, told.texts.get(name, ""))
        row.act_type, row.decided_on, row.sort_on = told.act_type, told.decided_on, told.sort_on
        row.text_digest = imported.text_digest(told.texts)
        day = today.isoformat()
        found = {"source": SOURCE, "found_on": day, "corrected_on": day, "note": said}
        row.notes = [*(row.notes or ()), found]
        content = imported.content_of(row, told) | {"public_note": (said, "public")}
        who = Signed(by.pk, by.name, ROLE, day, moment)
        return Pushed(_done(row, CORRECT, LABEL, content, who), True)


def _public(row: Publication | None, said: str) -> list[Verdict]:
    """It is public, and what is to be said of it may be public."""
    stands, held = row is not None and row.status == "published", told_protected(said)
    return [
        Verdict("pushed.published", stands, ARTICLE, "这个编号的记录现在没有公示", "核对编号；已经撤回的用新的编号推送"),
        Verdict("field:note", bool(said), ARTICLE, "没有填写向社会说明的更正内容", "填写 note"),
        Verdict("public-fields.clean", not held, ARTICLE, f"“更正说明”含有{'、'.join(held)}", "改写说明，删去号码"),
    ]  # fmt: skip


def withdraw(agency: Agency, external_id: str, reason: str, by: Person, roles: frozenset[str]) -> Pushed:
    """Take a pushed record off the portal; the reason stays. The same again does nothing. Raises Refused."""
    with attempt(imported.WITHDRAW, by, now=timezone.now(), channel="api", agency=agency.pk):
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        row = pushed_as(agency, external_id)
        if row is None:
            fact, cure = f"没有编号为 {external_id} 的推送记录", "核对编号，见 GET /inbound/records/held"
            raise Refused([Verdict("pushed.known", False, ARTICLE, fact, cure)])
        if not (held := approver(by, roles)).met:
            raise Refused([held])
        if row.status == "withdrawn" and row.withdrawal_reason == clean(reason):
            return Pushed(row, False)
    return Pushed(imported.withdraw(row.pk, by, reason), True)


def expire_pushed(now: datetime, most: int) -> int:
    """Take down what was shown for as long as the agency's rule says; how many."""
    today = timezone.localtime(now).date()
    rows = Publication.objects.filter(status="published", case=None, display_until__lt=today)
    keys = list(rows.order_by("display_until").values_list("pk", flat=True)[:most])
    for key in keys:
        with transaction.atomic():
            row = Publication.objects.select_for_update().select_related("agency").get(pk=key)
            if row.status != "published" or row.display_until is None or row.display_until >= today:
                continue
            for name in TEXTS:
                setattr(row, name, "")
            row.status, row.text_digest, row.display_until, row.notes = "expired", "", None, None
            _done(row, EXPIRE, EXPIRED, {}, Signed(None, "系统", "system", today.isoformat(), now))
    return len(keys)


def _done(row: Publication, act: str, label: str, content: imported.Content, who: Signed) -> Publication:
    """The act, the row with it, and what follows everywhere."""
    row.n += 1
    content = {**content, "state": (imported.state_digest(row), "case")}
    done = append(Entry(KIND, row.id, row.n, row.head, act, label, content), who)
    row.act, row.leaf_hash, row.head = done.id, done.leaf_hash, done.leaf_hash
    row.save(force_update=True)
    asking.index([row])
    outbox.decisions([row])
    return row
