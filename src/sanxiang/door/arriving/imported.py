"""Historical records enter here: publications that another system had made public, with their acts, in batches.

No case, no gate, no clock: `import-published` says that the source had published this, on the operator's order. Each
record is a subject with a chain of its own. A batch is one transaction; if we die in between, whole batches stand and
the same command continues.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from sanxiang.cases.disclosure.masked import FIELDS as TEXTS
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.door.admin.rules import PUBLICITY, RECORD_ACTS, WITHDRAW, role_held, role_in
from sanxiang.door.attempts import attempt
from sanxiang.door.exchange import outbox
from sanxiang.door.gather import actor_in
from sanxiang.law.forms import clean
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.redact import told_protected
from sanxiang.ledger.leaf import Entry, Signed, append, append_many
from sanxiang.ledger.models import Act
from sanxiang.ledger.verify import Fault
from sanxiang.people.models import Agency, Person

ACT, LABEL, OPERATOR, ROLE = "import-published", "导入历史公示信息", "运维导入", "operator"
ORIGIN, KIND = "import", "publication"
DATES = ("decided_on", "source_published_on", "sort_on")
ARTICLE = str(PUBLICITY)
COUNTED = (
    "cases_publication",
    "cases_search",
    "ledger_act",
    "ledger_opening",
    "ledger_pending",
    "ledger_entry",
)
"""The tables that an import fills."""
REVIEWED = "reviewed"
"""Flag of a record whose text somebody here has gone through: from then on the source does not overwrite it."""
NOT_YET_PUBLIC = ("prepared", "held")
"""A record that nobody outside has seen may still be replaced by a better version of its row."""


Content = dict[str, tuple[Any, str]]
"""What an act says, field by field, with the secrecy of each."""


@dataclass(frozen=True)
class Record:
    """One row of a list, read and judged. `texts` fill the columns as they stand; `whole` has what a column cannot hold."""

    external_id: str
    act_type: str
    texts: Mapping[str, str]
    decided_on: date | None
    source_published_on: date | None
    sort_on: date
    flags: tuple[str, ...] = ()
    held: bool = False
    whole: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    row_digest: str = ""


@dataclass(frozen=True)
class Batch:
    """What became of the records of one batch, by external id. `changed`: public already, and the source now says otherwise."""

    added: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def text_limits() -> dict[str, int]:
    """The most characters that each text column holds; columns without a limit are left out."""
    lengths = {
        name: getattr(Publication._meta.get_field(name), "max_length", None)
        for name in (*TEXTS, "external_id")
    }
    return {name: length for name, length in lengths.items() if length}


def import_batch(
    agency: Agency, records: Sequence[Record], *, publish: bool, now: datetime | None = None
) -> Batch:
    """Write what is new of these records; all of it or nothing. The identity is (agency, external id).

    A record that is not public yet follows its source: a later run publishes it, or takes the corrected row.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        # Two imports for one agency must see each other; new cases of the agency need not wait.
        Agency.objects.select_for_update(no_key=True).get(id=agency.id)
        ids = [record.external_id for record in records]
        known = {
            row.external_id: row for row in Publication.objects.filter(agency=agency, external_id__in=ids)
        }
        fresh: dict[str, Publication] = {}
        better: dict[str, tuple[Publication, Record]] = {}
        existing, changed = [], []
        for record in records:
            row = known.get(record.external_id)
            if row is None and record.external_id not in fresh:
                fresh[record.external_id] = _new(agency, record, publish, moment)
            elif row is not None and _supersedes(record, row, publish):
                better[record.external_id] = (row, record)
            else:
                existing.append(record.external_id)
                if row is not None and _told_otherwise(row, record):
                    changed.append(record.external_id)
        by_id = {record.external_id: record for record in reversed(records)}
        _write_new([(row, by_id[name]) for name, row in fresh.items()], moment)
        _write_better(list(better.values()), publish, moment)
    held = tuple(name for name, row in fresh.items() if row.status == "held")
    added = tuple(name for name, row in fresh.items() if row.status != "held")
    return Batch(added, held, tuple(better), tuple(existing), tuple(changed))


def count_tables() -> None:
    """Let PostgreSQL look at what a first batch wrote: what it believes to be empty it reads whole for every row to come.

    Not inside a batch, whose transaction would keep other imports from it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(COUNTED)}")


def _supersedes(record: Record, row: Publication, publish: bool) -> bool:
    """Does this version of the row take the place of the one we hold? Only while that one is not public."""
    if row.status not in NOT_YET_PUBLIC or REVIEWED in row.flags:
        return False
    return row.status != _status(record, publish) or row.text_digest != text_digest(record.texts)


def _told_otherwise(row: Publication, record: Record) -> bool:
    """Does the source now say something else than what we show? Of a text that was gone through here nobody can say."""
    same = row.text_digest == text_digest(record.texts)
    return bool(row.text_digest) and not same and REVIEWED not in row.flags


def _status(record: Record, publish: bool) -> str:
    return "held" if record.held else "published" if publish else "prepared"


def text_digest(texts: Mapping[str, str]) -> str:
    """SHA-256 over what the public sees, as `PublicText.digest` has it for cases."""
    return _digest({name: texts.get(name, "") for name in TEXTS})


def _digest(value: Mapping[str, Any]) -> str:
    """SHA-256 over sorted compact JSON. Texts, lists and ASCII keys alone: RFC 8785 gives the same bytes, more slowly."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def state_digest(row: Publication) -> str:
    """SHA-256 over everything that lists, search and pages take from the row: what `ledger verify` recomputes."""
    state: dict[str, Any] = {
        name: getattr(row, name) for name in (*TEXTS, "external_id", "act_type", "status", "flags", "origin")
    }
    days = (*DATES, "published_on", "withdrawn_on")
    state |= {name: value.isoformat() if (value := getattr(row, name)) else "" for name in days}
    if row.display_until or row.notes:  # of pushed records alone: what was imported before has neither
        state |= {"until": row.display_until.isoformat() if row.display_until else "", "notes": row.notes}
    return _digest({**state, "agency": str(row.agency_id), "withdrawal_reason": row.withdrawal_reason})


def _new(agency: Agency, record: Record, publish: bool, now: datetime) -> Publication:
    row = Publication(id=uuid.uuid4(), agency=agency, origin=ORIGIN, external_id=record.external_id, n=1)
    return _filled(row, record, publish, now)


def _filled(row: Publication, record: Record, publish: bool, now: datetime) -> Publication:
    """The row with the record's content; nothing is saved."""
    for name in TEXTS:
        setattr(row, name, record.texts.get(name, ""))
    row.act_type, row.status, row.flags = record.act_type, _status(record, publish), list(record.flags)
    row.decided_on, row.source_published_on, row.sort_on = (
        record.decided_on,
        record.source_published_on,
        record.sort_on,
    )
    row.published_on = timezone.localtime(now).date() if row.status == "published" else None
    row.text_digest = text_digest(record.texts)
    return row


def content_of(row: Publication, record: Record) -> Content:
    """What the leaf commits to, field by field, so that the public ones can be shown with their proof."""
    secrecy = "identity" if record.held else "public"
    texts = {**{name: text for name, text in record.texts.items() if text}, **record.whole}
    party_type = texts.pop("party_type", "")
    content: dict[str, tuple[Any, str]] = {name: (text, secrecy) for name, text in texts.items()}
    content["record"] = (
        {
            "external_id": record.external_id,
            "agency": str(row.agency_id),
            "act_type": record.act_type,
            "party_type": party_type,
            "status": row.status,
            "flags": list(record.flags),
            "row_digest": record.row_digest,
            "source": dict(record.source),
        },
        "identity" if record.held else "case",
    )
    content["state"] = (state_digest(row), "case")
    return content


def _append(pairs: Sequence[tuple[Publication, Record]], now: datetime) -> list[Act]:
    """The acts of these rows; each row then points at its own."""
    who = Signed(None, OPERATOR, ROLE, timezone.localtime(now).date().isoformat(), now)
    acts = append_many(
        [
            (Entry(KIND, row.id, row.n, row.head, ACT, LABEL, content_of(row, record)), who)
            for row, record in pairs
        ]
    )
    for (row, _), act in zip(pairs, acts, strict=True):
        row.act, row.leaf_hash, row.head = act.id, act.leaf_hash, act.leaf_hash
    return acts


def put_in(
    agency: Agency,
    record: Record,
    said: tuple[str, str],
    who: Signed,
    now: datetime,
    until: date | None = None,
) -> Publication:
    """One new record, public at once, by an act of another name and of a person; the caller holds the agency locked."""
    row = _new(agency, record, True, now)
    row.display_until = until
    (act,) = append_many([(Entry(KIND, row.id, row.n, row.head, *said, content_of(row, record)), who)])
    row.act, row.leaf_hash, row.head = act.id, act.leaf_hash, act.leaf_hash
    row.save(force_insert=True)
    asking.index([row])
    outbox.decisions([row])
    return row


def _write_new(pairs: Sequence[tuple[Publication, Record]], now: datetime) -> None:
    if pairs:
        _append(pairs, now)
        rows = Publication.objects.bulk_create([row for row, _ in pairs], batch_size=500)
        asking.index([row for row in rows if row.status == "published"])


def _write_better(pairs: Sequence[tuple[Publication, Record]], publish: bool, now: datetime) -> None:
    for row, record in pairs:
        row.n += 1
        _filled(row, record, publish, now)
    if pairs:
        _append(pairs, now)
        for row, _ in pairs:
            row.save(force_update=True)
        asking.index([row for row, _ in pairs if row.status == "published"])


def check_imported() -> Iterator[Fault]:
    """Imported rows say what their last act committed to."""
    rows = Publication.objects.filter(origin=ORIGIN).iterator(chunk_size=1000)
    batch: list[Publication] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 500:
            yield from _check(batch)
            batch = []
    yield from _check(batch)


def _check(rows: Sequence[Publication]) -> Iterator[Fault]:
    acts = Act.objects.filter(id__in=[row.act for row in rows if row.act], openings__name="state")
    told = {
        str(act): (subject, state)
        for act, subject, state in acts.values_list("id", "subject", "openings__value")
    }
    for row in rows:
        where = f"公示 {row.number or row.external_id}"
        if str(row.act) not in told or told[str(row.act)][0] != row.id:
            yield Fault("publication", where, "没有对应的办理动作")
        elif told[str(row.act)][1] not in (None, state_digest(row)):
            yield Fault("publication", where, "内容与记入账本的不符")


def agency_of(publication: uuid.UUID) -> uuid.UUID:
    """Whose record it is. Raises Publication.DoesNotExist."""
    return Publication.objects.values_list("agency_id", flat=True).get(id=publication, origin=ORIGIN)


def withdraw(publication: uuid.UUID, by: Person, reason: str, *, now: datetime | None = None) -> Publication:
    """Take a historical record off the portal: the text goes, number in the log, day and reason stay (第四十八条).

    Raises Refused when it is not public, the reason is blank, or the person holds no post that may withdraw.
    """
    moment, told = now or timezone.now(), clean(reason)
    today, held = timezone.localtime(moment).date(), told_protected(told)
    rule = RECORD_ACTS[WITHDRAW]
    with attempt(WITHDRAW, by, now=moment, agency=agency_of(publication)):
        row = Publication.objects.select_for_update().get(id=publication, origin=ORIGIN)
        actor = actor_in(by, row.agency, today)
        verdicts = [
            role_held(rule, actor, ARTICLE),
            Verdict("withdraw.published", row.status == "published", ARTICLE, "这条记录没有公示", "核对记录"),
            Verdict("field:reason", bool(told), ARTICLE, "没有填写向社会说明的理由", "填写理由"),
            Verdict(
                "public-fields.clean",
                not held,
                ARTICLE,
                f"“向社会说明的理由”含有{'、'.join(held)}",
                "改写理由，不写个人的号码",
            ),
        ]
        if any(not verdict.met for verdict in verdicts):
            raise Refused(verdicts)
        for name in TEXTS:
            setattr(row, name, "")
        row.status, row.withdrawn_on, row.withdrawal_reason, row.text_digest = "withdrawn", today, told, ""
        row.display_until = row.notes = None
        row.n += 1
        content = {"public_reason": (told, "public"), "state": (state_digest(row), "case")}
        who = Signed(by.id, by.name, role_in(rule, actor), today.isoformat(), moment)
        act = append(Entry(KIND, row.id, row.n, row.head, WITHDRAW, rule.label, content), who)
        row.act, row.leaf_hash, row.head = act.id, act.leaf_hash, act.leaf_hash
        row.save(force_update=True)
        asking.index([row])
        outbox.decisions([row])
    return row
