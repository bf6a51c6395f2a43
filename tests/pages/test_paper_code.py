"""The code on each paper: made here, printed here, counted, and leading back to whether it is still the text that stands."""

import contextlib
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import segno
from django.conf import settings
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import ContentStream

from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, Play, make_office
from publishing import begun
from sanxiang.cases.models import Paper
from sanxiang.cases.papers.typeset import path_of
from sanxiang.cases.recording.receiving import receive
from sanxiang.cli import main
from sanxiang.door.models import Refusal
from sanxiang.people import roles
from sanxiang.people.models import Person, Post
from side_stories import REASON
from spoiling import evidence

pytestmark = pytest.mark.django_db

SIGN = 300
"""Modules: no other drawing of a paper has so many strokes at once."""

NOBODY = "00000000-0000-4000-8000-000000000000"


def drawn(pdf: bytes) -> list[list[int]]:
    """The modules of the code on the first page, read from the strokes of its drawing, row by row."""
    reader = PdfReader(io.BytesIO(pdf))
    cells: set[tuple[int, int]] = set()
    begins = (0.0, 0.0)
    for operands, operator in ContentStream(reader.pages[0].get_contents(), reader).operations:
        if operator == b"cm":
            if len(cells) > SIGN:
                break
            cells = set()
        elif operator == b"m":
            begins = (float(operands[0]), float(operands[1]))
        elif operator == b"l":
            cells |= {(int(begins[1]), x) for x in range(round(begins[0]), round(float(operands[0])))}
    size = 1 + max(max(cell) for cell in cells)
    return [[int((y, x) in cells) for x in range(size)] for y in range(size)]


def leads_to(pdf: bytes, address: str) -> bool:
    """Is the code on this paper that of this address, module for module?"""
    meant = segno.make(address, error="m", micro=False, mask=3)
    return drawn(pdf) == [[int(bool(cell)) for cell in line] for line in meant.matrix]


def scanned(paper: Paper) -> str:
    """What a stranger reads who scans the code with a telephone."""
    answer = Client().get(f"/verify/?paper={paper.pk}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def address_of(paper: Paper) -> str:
    """Where the code of a paper leads."""
    return f"{settings.PUBLIC_ADDRESS}/verify/?paper={paper.pk}"


@pytest.mark.carries("HT-023", locality="huantai")
def test_a_paper_comes_from_here_alone_and_bears_code_and_count(clock: Clock) -> None:
    """A Word file under a paper's name is refused in every way; the paper made here is printed with its code, and counted."""
    play = begun(make_office("huantai"), "ordinary", clock, until="interview")
    file = receive(io.BytesIO(b"PK made outside"), "行政处罚决定书.docx", "application/octet-stream")
    answer = refused_everywhere(play.attempt("add-evidence", "officer1", **evidence(play, files=[file])))
    assert answer.guards == {"papers.on-platform"}
    assert "在系统外制作的《行政处罚决定书》" in fact_of(answer, "papers.on-platform")
    play.until("close")
    client = signed_in(play.person("officer1"))
    papers = list(Paper.objects.filter(case=play.case_id))
    assert len(papers) > 8
    for paper in papers:
        pdf = client.get(f"/desk/cases/{play.case_id}/papers/{paper.pk}.pdf").content
        assert leads_to(pdf, address_of(paper)), paper.label
    first, second = papers[:2]
    assert not leads_to(pdf, address_of(first))
    here = f"/desk/cases/{play.case_id}/papers/{first.pk}"
    printed = client.post(f"{here}/print/", {"copies": "3"})
    assert printed.status_code == 200 and leads_to(printed.content, address_of(first))
    shown = html.unescape(client.get(f"{here}/").content.decode())
    assert '已打印 <b class="num">3</b> 份' in shown and f"{play.person('officer1').name}，3份" in shown
    other = client.get(f"/desk/cases/{play.case_id}/papers/{second.pk}/").content.decode()
    assert '已打印 <b class="num">0</b> 份' in html.unescape(other)
    assert "现行文本" in scanned(first) and first.digest in scanned(first)


@pytest.mark.carries("DY-045", locality="dongying")
def test_a_printed_paper_that_was_corrected_is_no_longer_the_text(clock: Clock) -> None:
    """One sign changed: the code on the old print says so, by whomever it is scanned; the record itself nobody changes or deletes."""
    play = begun(make_office("dongying"), "summary", clock, until="archive")
    decision = Paper.objects.get(case=play.case_id, kind="spot-decision")
    pdf = path_of(settings.PAPER_ROOT, decision.pdf).read_bytes()
    assert leads_to(pdf, address_of(decision))
    before = scanned(decision)
    assert "不是现行文本" not in before and "现行文本" in before
    for told in (decision.label, decision.number, play.office.agency.name, decision.digest, decision.pdf):
        assert told in before
    assert play.case.party not in before and str(play.case_id) not in before
    play.do("correct-paper", "agency-head", paper="spot-decision", wrong="5号", right="6号", **REASON)
    after = scanned(decision)
    assert "这份文书已经更正，不是现行文本" in after and "以送达的更正通知书为准" in after
    notice = Paper.objects.get(case=play.case_id, kind="correction-notice")
    assert "不是现行文本" not in scanned(notice) and notice.number in scanned(notice)
    assert path_of(settings.PAPER_ROOT, decision.pdf).read_bytes() == pdf
    for nothing in (NOBODY, "x", "x%00"):
        assert "没有这份文书" in html.unescape(Client().get(f"/verify/?paper={nothing}").content.decode())
    kept_by(play, decision)


def kept_by(play: Play, paper: Paper) -> None:
    """Neither page nor API deletes or replaces it, whoever asks; on the disk the verification names it."""
    admin = Person.objects.create(username="sys-one", name="石径")
    Post.objects.create(
        person=admin, agency=play.office.agency, role=roles.SYSTEM_ADMIN, valid_from="2025-01-01"
    )
    desk, api = f"/desk/cases/{play.case_id}", f"/api/v1/cases/{play.case_id}"
    places = {f"{desk}/papers/{paper.pk}.pdf": "page", f"{api}/papers/{paper.pk}.pdf": "api"}
    for address, channel in places.items():
        for method in ("delete", "put"):
            answer: Any = getattr(signed_in(admin), method)(address)
            assert answer.status_code in (403, 405) and "不能删除" in answer.content.decode()
            row = Refusal.objects.latest("id")
            assert (row.act, row.by, row.channel) == ("remove-kept", admin.pk, channel)
    file = path_of(settings.PAPER_ROOT, paper.pdf)
    kept = file.read_bytes()
    assert verified() == (0, [])
    file.unlink()
    file.write_bytes(re.sub(rb"\d", b"7", kept, count=1))
    code, faults = verified()
    file.unlink()
    file.write_bytes(kept)
    assert code == 1 and any(str(paper.pk) in fault["where"] for fault in faults)


def verified() -> tuple[int, list[dict[str, str]]]:
    """`sanxiang ledger verify --json`: the exit code and what is wrong."""
    folder, out = Path(settings.DATA), io.StringIO()
    (folder / "secret.key").touch()
    with contextlib.redirect_stdout(out):
        code = main(["ledger", "verify", "--json", "--data", str(folder)])
    return code, json.loads(out.getvalue())["faults"]
