"""What `ledger verify` holds against the chains: cases with everything that hangs on them, agencies, imports, numbers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from sanxiang.cases.models import Case, Publication
from sanxiang.door.arriving.imported import check_imported
from sanxiang.door.files.handing_over import check_transfers
from sanxiang.door.files.lending import check_loans
from sanxiang.door.models import Installation, Number, Series
from sanxiang.door.pinned import PackLost, kept_pack
from sanxiang.door.verifying import rows
from sanxiang.door.verifying.derived import check_derivatives
from sanxiang.door.verifying.links import check_links
from sanxiang.door.verifying.requests import check_requests
from sanxiang.door.verifying.rows import CaseFile, case_files
from sanxiang.door.verifying.seals import check_seals
from sanxiang.law.dossier import digest
from sanxiang.ledger.access import check_access
from sanxiang.ledger.snapshot import snapshot
from sanxiang.ledger.tlog.seen import Seen
from sanxiang.ledger.verify import INSTALLATION, Fault, Subject, verify
from sanxiang.ledger.verify_trees import check_logs
from sanxiang.people.models import Agency

BATCH = 200
"""Cases whose rows are read together."""


def verify_all(seen: Sequence[Seen] = (), tally: Counter[str] | None = None) -> Iterator[Fault]:
    """Every fault in the installation: the rows at one moment, then the logs with their files and what others have `seen`.

    `tally` counts the signed and sealed files as they are looked at.
    """
    checks = (
        partial(check_cases, Counter() if tally is None else tally),
        check_packs,
        check_strays,
        check_imported,
        check_numbers,
        check_loans,
        check_requests,
        check_transfers,
        check_access,
    )
    with snapshot():
        yield from verify(subjects(), checks)
    yield from check_logs(seen)


def subjects() -> Iterator[Subject]:
    """Everything that has a chain of its own."""
    for case in Case.objects.only("id", "n", "head", "state", "title", "number").iterator(chunk_size=500):
        yield subject_of(case)
    for agency in Agency.objects.exclude(n=0).only("id", "n", "head", "name"):
        yield Subject(str(agency.id), "agency", agency.n, agency.head, None, f"机关 {agency.name}")
    for own in Installation.objects.all():
        yield Subject(str(own.id), INSTALLATION, own.n, own.head, None, "本安装自身的办理记录")
    for row in (
        Publication.objects.filter(origin="import")
        .values_list("id", "n", "head", "number")
        .iterator(chunk_size=2000)
    ):
        yield Subject(str(row[0]), "publication", row[1], row[2], None, f"公示 {row[3]}（{row[0]}）")


def subject_of(case: Case) -> Subject:
    """A case as its chain must have it."""
    return Subject(str(case.id), "case", case.n, case.head, digest(case.state), rows.case_label(case))


def check_cases(tally: Counter[str]) -> Iterator[Fault]:
    """Each case's columns, papers, evidence, reviews, handlers and publication are what its acts committed to."""
    batch: list[Case] = []
    for case in Case.objects.order_by("id").iterator(chunk_size=BATCH):
        batch.append(case)
        if len(batch) == BATCH:
            yield from _check(batch, tally)
            batch = []
    yield from _check(batch, tally)


def _check(cases: list[Case], tally: Counter[str]) -> Iterator[Fault]:
    for file in case_files(cases):
        yield from check_case(file, tally)


def check_case(file: CaseFile, tally: Counter[str] | None = None) -> Iterator[Fault]:
    """Everything about one case. One without acts is named by its chain; one without its pack cannot be asked further."""
    if not file.acts:
        return
    # A state that is not the one that was committed to is named by the chain; it may have any form, so nothing is held against it.
    sound = digest(file.case.state) == file.said(file.acts[-1]).get("state")
    if sound:
        yield from rows.check_columns(file)
        yield from rows.check_papers(file)
    yield from check_seals(file, Counter() if tally is None else tally)
    if file.pack is None:
        return
    yield from rows.check_evidence(file)
    yield from check_derivatives(file)
    if sound:
        yield from rows.check_reviews(file)
        yield from rows.check_publication(file)
        yield from check_links(file)


def check_packs() -> Iterator[Fault]:
    """The packs that cases pinned are kept, and are what their digests say."""
    for name, sha256 in Case.objects.order_by().values_list("pack", "pack_digest").distinct():
        try:
            kept_pack(name, sha256)
        except PackLost as lost:
            yield Fault("pack", f"规则包 {name}（{sha256}）", str(lost))


def check_strays() -> Iterator[Fault]:
    """Nothing is public that neither a case nor an import stands behind."""
    rows = Publication.objects.filter(case=None).exclude(origin="import").values_list("id", "number")
    yield from (
        Fault("publication", f"公示 {number}（{key}）", "既不是案件的公示，也不是导入的")
        for key, number in rows
    )


def check_numbers() -> Iterator[Fault]:
    """Every series runs from 1 without a gap; what was issued stands on one paper, what was voided has a reason."""
    series = {row.id: row for row in Series.objects.select_related("agency")}
    rows = Number.objects.order_by("series", "ordinal").iterator(chunk_size=2000)
    seen = set()
    for key, numbers in groupby(rows, key=lambda n: n.series_id):
        seen.add(key)
        yield from _check_series(series[key], numbers)
    for key in set(series) - seen:
        yield from _check_series(series[key], iter(()))


def _check_series(series: Series, numbers: Iterator[Number]) -> Iterator[Fault]:
    where = f"编号 {series.agency.short}{series.series}〔{series.year}〕"
    expected = 1
    for number in numbers:
        while expected < number.ordinal:
            yield Fault("number", f"{where}{expected}号", "缺号")
            expected += 1
        if number.status in ("void", "taken") and not number.reason:
            yield Fault("number", number.text, "没有写明理由")
        expected = number.ordinal + 1
    if expected != series.next:
        yield Fault("number", where, f"下一个序号应为 {expected}，实为 {series.next}")
