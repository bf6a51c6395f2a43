"""What `ledger verify` holds against the chains: cases, papers, evidence, reviews, publications, agencies."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from sanxiang.cases.disclosure import FIELDS
from sanxiang.cases.models import Case, Evidence, Paper, Publication
from sanxiang.cases.papers import path_of
from sanxiang.door.imported import check_imported
from sanxiang.law.dossier import digest
from sanxiang.ledger.models import Opening
from sanxiang.ledger.verify import Fault, Subject, verify
from sanxiang.people.models import Agency


def verify_all() -> Iterator[Fault]:
    """Every fault in the installation."""
    return verify(
        subjects(), (check_columns, check_papers, check_evidence, check_publications, check_imported)
    )


def subjects() -> Iterator[Subject]:
    """Everything that has a chain of its own."""
    for case in Case.objects.only("id", "n", "head", "state", "title", "number").iterator(chunk_size=500):
        label = f"案件 {case.number or case.id}《{case.title}》"
        yield Subject(str(case.id), case.n, case.head, digest(case.state), label)
    for agency in Agency.objects.exclude(n=0).only("id", "n", "head", "name"):
        yield Subject(str(agency.id), agency.n, agency.head, None, f"机关 {agency.name}")
    for row in (
        Publication.objects.filter(origin="import")
        .values_list("id", "n", "head", "number")
        .iterator(chunk_size=2000)
    ):
        yield Subject(str(row[0]), row[1], row[2], None, f"公示 {row[3] or row[0]}")


def check_columns() -> Iterator[Fault]:
    """The columns that lists show agree with the state that the ledger committed to."""
    for case in Case.objects.iterator(chunk_size=500):
        state = case.state
        told = {
            "stage": (case.stage, state["stage"]),
            "closed": (case.closed, state["closed"]),
            "n": (case.n, state["n"]),
            "party": (case.party, str((state["facts"].get("party") or {}).get("name", ""))),
            "procedure": (case.procedure, state["procedure"]),
        }
        wrong = [name for name, (column, truth) in told.items() if column != truth]
        if wrong:
            yield Fault(
                "row", f"案件 {case.number or case.id}《{case.title}》", f"{'、'.join(wrong)}与案件状态不符"
            )


def check_papers() -> Iterator[Fault]:
    """Each paper's content and file hash to what its act committed to."""
    for paper in Paper.objects.select_related("case").iterator(chunk_size=500):
        where = f"文书《{paper.label}》{paper.number}（{paper.id}）"
        committed = Opening.objects.filter(act_id=paper.act, name=f"paper:{paper.kind}").first()
        if committed is None:
            yield Fault("paper", where, "没有对应的办理动作")
            continue
        if committed.erased_by is None and committed.value != {
            "id": str(paper.id),
            "number": paper.number,
            "content": paper.digest,
            "pdf": paper.pdf,
        }:
            yield Fault("paper", where, "编号或摘要与台账不符")
        if digest(paper.content) != paper.digest:
            yield Fault("paper", where, "内容与摘要不符")
        yield from _file(path_of(settings.PAPER_ROOT, paper.pdf), paper.pdf, "paper", where)


def check_evidence() -> Iterator[Fault]:
    """Each evidence file is there and hashes to its name; its act committed to that digest."""
    for row in Evidence.objects.iterator(chunk_size=500):
        where = f"证据“{row.title}”（{row.filename or row.id}）"
        digests = Opening.objects.filter(act_id=row.act, name__startswith="evidence:").values_list(
            "value", flat=True
        )
        if row.digest not in list(digests):
            yield Fault("evidence", where, "摘要与台账不符")
        yield from _file(path_of(settings.EVIDENCE_ROOT, row.digest), row.digest, "evidence", where)


def _file(path: Path, digest: str, kind: str, where: str) -> Iterator[Fault]:
    if not path.exists():
        yield Fault(kind, where, f"文件不见了：{path.name}")
        return
    with path.open("rb") as source:
        if hashlib.file_digest(source, "sha256").hexdigest() != digest:
            yield Fault(kind, where, f"文件被改动：{path.name}")


def check_publications() -> Iterator[Fault]:
    """What the portal shows is the text that was confirmed."""
    for row in (
        Publication.objects.filter(origin="case", status="published")
        .select_related("case")
        .iterator(chunk_size=500)
    ):
        case = row.case
        if case is None or case.state["publication"].get("digest") != row.text_digest:
            yield Fault("publication", f"公示 {row.number or row.id}", "公示文本摘要与案件不符")
        shown = {name: getattr(row, name) for name in FIELDS}
        committed = Opening.objects.filter(act_id=str(row.act), name="public_text").first()
        if (
            committed is not None
            and committed.value is not None
            and {k: committed.value.get(k, "") for k in FIELDS} != shown
        ):
            yield Fault("publication", f"公示 {row.number or row.id}", "公示内容与确认的文本不符")
