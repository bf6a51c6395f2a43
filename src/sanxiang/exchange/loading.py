"""Bring a file of decisions in, batch by batch, and account for every row."""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from sanxiang.cases.models import Publication
from sanxiang.door.arriving.imported import Batch, Record, count_tables, import_batch, text_limits
from sanxiang.exchange import headers
from sanxiang.exchange.accounting import REJECTED, Progress, place, trouble, wait_until_sequenced
from sanxiang.exchange.creditchina.rows import MARK
from sanxiang.exchange.decisions import Reader, Refusal, known_header
from sanxiang.exchange.flags import HELD, label
from sanxiang.exchange.reading import Row, Table, Unusable, open_table
from sanxiang.exchange.sidecar import Sidecar
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency

ASKED = (
    "行政相对人名称",
    "行政处罚决定书文号",
    "违法事实",
    "处罚依据",
    "处罚内容",
    "处罚决定日期",
    "处罚机关",
)
"""The columns that say what was decided, in the names of 信用中国 lists."""
BATCH = 500
HELD_BACK = ("行号", "编号", "原因")


@dataclass
class Outcome:
    """What became of a file, row by row. `added` and `held` are new; a flagged row is also counted where it went."""

    file: str
    agency: str
    published: bool
    rows: int = 0
    added: int = 0
    existing: int = 0
    updated: int = 0
    held: int = 0
    flagged: int = 0
    rejected: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    held_rows: list[dict[str, Any]] = field(default_factory=list)
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rejected_file: str = ""
    held_file: str = ""
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Counts and lists."""
        flags = [
            {"code": code, "label": label(code), "count": count} for code, count in self.flags.most_common()
        ]
        return {
            **{k: v for k, v in vars(self).items() if k != "flags"},
            "flags": flags,
            "seconds": round(self.seconds, 2),
        }


def load_decisions(
    path: Path,
    agency: Agency,
    *,
    publish: bool,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Import a file of historical decisions; returns when all is sequenced and can be found.

    Raises Unusable when the file or the data folder cannot be used; whole batches that were written before stand.
    """
    began, moment = time.monotonic(), now or timezone.now()
    table = open_table(path, known_header, ASKED)
    reader = Reader(
        agency=agency.name,
        today=timezone.localtime(moment).date(),
        limits=text_limits(),
        table=table.kind != "jsonl",
        derive=table.kind != "jsonl" and not any(headers.decision_field(h) == "id" for h in table.headers),
    )
    outcome = Outcome(str(path), agency.name, publish, remarks=list(table.remarks))
    if reader.derive:
        outcome.remarks.append("没有编号列，编号由文号、当事人和决定日期推出；再次导入同一清单不会重复")
    try:
        _load(path, agency, table, reader, outcome, publish, progress, moment)
        wait_until_sequenced()
    except (DatabaseError, OSError) as error:
        raise Unusable(
            f"{trouble(error)}；已写入的 {outcome.added + outcome.held} 条完好，排除后重新运行同一命令即可接着导入"
        ) from error
    if reader.unknown:
        outcome.remarks.append(f"没有导入的栏目：{'、'.join(map(str, reader.unknown))}")
    outcome.seconds = time.monotonic() - began
    return outcome


def _load(
    path: Path,
    agency: Agency,
    table: Table,
    reader: Reader,
    outcome: Outcome,
    publish: bool,
    progress: Progress | None,
    now: datetime,
) -> None:
    spare = settings.DATA / "imports"
    with (
        Sidecar(path, "rejected", REJECTED, spare) as rejected,
        Sidecar(path, "held", HELD_BACK, spare) as held,
    ):
        judged = reader.read(table.rows)
        while batch := list(islice(judged, BATCH)):
            _refuse(batch, rejected, outcome)
            taken = [(row, item) for row, item in batch if isinstance(item, Record)]
            taken = strangers(taken, agency, outcome)
            done = import_batch(agency, [item for _, item in taken], publish=publish, now=now)
            if outcome.rows == 0:
                count_tables()
            _account(taken, done, held, outcome)
            outcome.rows += len(batch)
            if progress:
                progress(outcome.rows, max(table.size, outcome.rows))
        outcome.rejected_file = str(rejected.path) if rejected.lines else ""
        outcome.held_file = str(held.path) if held.lines else ""


def strangers(taken: list[tuple[Row, Record]], agency: Agency, outcome: Outcome) -> list[tuple[Row, Record]]:
    """The records that did not go out from here: rows of our own file of 双公示 name the publication in their remark. One query."""
    marks = {id(record): uuid_of(record.source.get("remark", "").removeprefix(MARK)) for _, record in taken}
    keys = [key for key in marks.values() if key]
    known = Publication.objects.filter(pk__in=keys).values_list("pk", "agency") if keys else ()
    # The agency is not in the statement: SQLite would walk all of the agency's rows instead of looking up the keys.
    ours = {key for key, holder in known if holder == agency.pk}
    found = [(row, record) for row, record in taken if marks[id(record)] not in ours]
    outcome.existing += len(taken) - len(found)
    return found


def _refuse(batch: list[tuple[Row, Record | Refusal]], rejected: Sidecar, outcome: Outcome) -> None:
    for row, item in batch:
        if isinstance(item, Refusal):
            rejected.write([place(row), item.reason, row.raw])
            outcome.rejected += 1
            outcome.rejected_rows.append({"row": row.number, "sheet": row.sheet, "reason": item.reason})


def _account(taken: list[tuple[Row, Record]], done: Batch, held: Sidecar, outcome: Outcome) -> None:
    """Counts, and the list of rows that somebody has to look at."""
    outcome.added += len(done.added)
    outcome.held += len(done.held)
    outcome.updated += len(done.updated)
    outcome.existing += len(done.existing)
    outcome.changed += done.changed
    for row, record in taken:
        outcome.flagged += bool(record.flags)
        outcome.flags.update(record.flags)
        if record.held:
            reasons = [label(code) for code in record.flags if code in HELD]
            held.write([place(row), record.external_id, "；".join(reasons)])
            outcome.held_rows.append(
                {"row": row.number, "sheet": row.sheet, "external_id": record.external_id, "reasons": reasons}
            )
