"""/cases/{case}: a paper as data with its schema, and the whole file of a case as one zip."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from ninja import Router

from sanxiang.api.caller import READ, Caller, caller_of, case_for
from sanxiang.api.casefile import evidence_of, marked_facts
from sanxiang.api.cases import readable, sight_of
from sanxiang.api.problems import Problem
from sanxiang.cases import store
from sanxiang.cases.dossier.accounts import accounts_of
from sanxiang.cases.dossier.bundle import Dossier, Lost, bundle
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.data import data_of, schema_of, version_of
from sanxiang.cases.papers.markup import Content
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.door import gather
from sanxiang.door.reasons import LABELS, Reason
from sanxiang.door.signing import signed_files
from sanxiang.speech import role_name

router = Router(tags=["cases"])


@router.get(
    "/cases/{uuid:case}/papers/{uuid:paper}.json",
    auth=READ,
    response=dict[str, Any],
    summary="文书的电子信息",
)
def paper_data(request: HttpRequest, case: UUID, paper: UUID) -> dict[str, Any]:
    """What the paper states, label by label, under the same version as its PDF."""
    return data_of(Content.from_json(readable(caller_of(request), case, paper).content))


@router.get(
    "/cases/{uuid:case}/papers/{uuid:paper}.schema.json",
    auth=READ,
    response=dict[str, Any],
    summary="文书电子信息的格式",
)
def paper_schema(request: HttpRequest, case: UUID, paper: UUID) -> dict[str, Any]:
    """The JSON Schema of the version of the template that made the paper."""
    row = readable(caller_of(request), case, paper)
    found = schemas_of(row.case, [row])
    if not found:
        raise Problem("unknown", f"《{row.label}》所用的模板（{row.template}）已经不在本案适用的规则包中")
    return next(iter(found.values()))


@router.get("/cases/{uuid:case}/dossier.zip", auth=READ, response={200: None}, summary="电子案卷")
def dossier(request: HttpRequest, case: UUID) -> StreamingHttpResponse:
    """Papers, data, evidence, each act's proof and a manifest of digests; what the caller may not see is listed as withheld."""
    caller = caller_of(request)
    found = case_for(caller, case)
    sight, pack, said = sight_of(caller, found), gather.pack_of(found), marked_facts(found)
    rows = list(Paper.objects.filter(case=found).order_by("n", "label"))
    papers = [(row, sight.paper(pack, row.kind, said.get(row.act, {}))) for row in rows]
    evidence = [(row, sight.may(row.secrecy)) for row in evidence_of(found)]
    schemas = schemas_of(found, [row for row, may in papers if may])
    note, mark = told_of(caller, found), caller.reading.mark
    signed = signed_files(rows, found.state, sight)
    told = Dossier(
        found, papers, evidence, schemas, accounts_of(found), store.papers(), note, mark, signed=signed
    )
    try:
        told.check()
    except Lost as lost:
        why = f"{lost}的文件丢失或被改动，与存入时的校验值不符，请运行 sanxiang ledger verify 查明"
        raise Problem("internal", why) from None
    # It leaves while it is being made, so that memory stays flat however much evidence there is.
    response = StreamingHttpResponse(bundle(told), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"电子案卷{found.code}.zip") or ""
    return response


def told_of(caller: Caller, case: Case) -> str:
    """Whose copy this is: the number of the look, who took it, why, when."""
    reading = caller.reading
    reason = reading.reason or Reason("")
    why = "，".join(filter(None, (LABELS[reason.code], reason.text, reason.ticket)))
    lines = (
        f"水印编号 {reading.mark}",
        f"案件 {case.number or case.code}（{case.agency.name}）",
        f"调阅人 {caller.person.name}（{role_name(reading.role) if reading.role else '无岗位'}）",
        f"事由 {why}",
        f"时间 {cn_datetime(timezone.localtime())}",
        "本副本的下载已经记入调阅日志，凭水印编号可以查到调阅人。",
    )
    return "\n".join(lines) + "\n"


def schemas_of(case: Case, papers: list[Paper]) -> dict[str, dict[str, Any]]:
    """By version, the schema of each template that made one of these papers and that the case's pack still has."""
    rules = gather.pack_of(case).papers
    used = {(row.kind, row.template) for row in papers}
    return {
        version_of(kind, template): schema_of(rules[kind])
        for kind, template in sorted(used)
        if kind in rules and rules[kind].template == template
    }
