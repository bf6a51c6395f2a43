"""Papers in 桓台: made here and nowhere else, and every printed copy is on record."""

import html
import io
import re

import pytest
from django.db import DatabaseError, transaction

from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, accepted, make_office
from publishing import begun
from sanxiang.cases.models import Paper
from sanxiang.cases.recording.receiving import receive
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger.models import Access
from spoiling import evidence

pytestmark = pytest.mark.django_db

NAMES = ("行政处罚决定书.docx", "现场笔录（终稿）.doc", "行政处罚告知书.WPS")


@pytest.mark.parametrize("locality", ["huantai", "laizhou"])
def test_a_paper_made_in_a_word_processor_is_none(locality: str, clock: Clock) -> None:
    """Refused in every way where the scheme has papers made here alone; a scan, a file of the party, come in everywhere."""
    play = begun(make_office(locality), "ordinary", clock, until="interview")
    for name in NAMES:
        file = receive(io.BytesIO(f"PK {name}".encode()), name, "application/octet-stream")
        knock = play.attempt("add-evidence", "officer1", **evidence(play, files=[file]))
        if locality == "huantai":
            answer = refused_everywhere(knock)
            assert answer.guards == {"papers.on-platform"}
            paper = re.split(r"[（.]", name)[0]
            assert f"第 1 个文件是在系统外制作的《{paper}》" in fact_of(answer, "papers.on-platform")
        else:
            accepted(knock, play)
    titled = receive(io.BytesIO(b"PK titled"), "附件一.docx", "application/octet-stream")
    knock = play.attempt("add-evidence", "officer1", **evidence(play, files=[titled], title="行政处罚决定书"))
    if locality == "huantai":
        assert refused_everywhere(knock).guards == {"papers.on-platform"}
    for name in ("取水台账.docx", "现场笔录（已签名）.jpg"):
        file = receive(io.BytesIO(f"made up {name}".encode()), name, "application/octet-stream")
        accepted(play.attempt("add-evidence", "officer1", **evidence(play, files=[file])), play)


def test_each_printed_copy_is_on_record(clock: Clock) -> None:
    """The frozen PDF comes out, the page tells who printed how many and when; what is no number prints nothing."""
    play = begun(make_office("huantai"), "summary", clock, until="serve-on-spot")
    paper = Paper.objects.get(case=play.case_id, kind="spot-decision")
    here = f"/desk/cases/{play.case_id}/papers/{paper.pk}"
    client = signed_in(play.person("officer1"))
    for copies in ("0", "100", "三", ""):
        assert client.post(f"{here}/print/", {"copies": copies}).status_code == 422
    opened = client.get(f"{here}/print/")
    assert opened.status_code == 405 and not Access.objects.filter(kind="print").exists()
    assert f'href="{here}/"' in opened.content.decode() and "填写份数" in opened.content.decode()
    for copies in (3, 1):
        answer = client.post(f"{here}/print/", {"copies": str(copies)})
        length = int(answer["X-Original-Length"])
        assert (
            answer.status_code == 200
            and client.get(f"{here}.pdf").content[:length] == answer.content[:length]
        )
        entry = Access.objects.get(watermark=answer["X-Watermark"])
        assert (entry.kind, entry.copies, entry.reason, entry.role) == ("print", copies, "duty", "officer")
    shown = html.unescape(client.get(f"{here}/").content.decode())
    assert '已打印 <b class="num">4</b> 份' in shown
    assert f"{play.person('officer1').name}，3份" in shown and "2026年3月2日" in shown
    stranger = make_office("kaiyuan").people["officer1"]
    assert signed_in(stranger).post(f"{here}/print/", {"copies": "1"}).status_code == 404
    taken = Access.objects.filter(kind="print", object=paper.pk)
    assert sorted(taken.values_list("copies", flat=True)) == [1, 3]
    assert [f for f in verify_all() if f.what == "access"] == []
    with transaction.atomic(), pytest.raises(DatabaseError), transaction.atomic():
        taken.update(copies=9)
