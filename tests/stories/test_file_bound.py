"""案卷: both parts in the prescribed order, every page numbered, each part one PDF/A that other programs open."""

import html
import io
import os
import re
from datetime import datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.test import Client
from pypdf import PdfReader

from bound import WITNESS, case_with_evidence
from clockwork import Clock
from knocks import refused_everywhere, signed_in
from play import Play
from sanxiang.cases.models import Paper
from sanxiang.door.files import binding
from sanxiang.door.verifying.database import verify_all

pytestmark = pytest.mark.django_db

MAIN = [
    "立案审批表", "决定书及送达回证", "对当事人制发的其他文书及送达回证", "证据材料：询问笔录和陈述材料", "证据材料：主体资格证明",
    "证据材料：涉案材料",
    "证据材料：证人证言", "证据材料：现场笔录和图片、音像", "证据材料：电子数据", "听证笔录",
]  # fmt: skip
SUB = ["案源材料", "调查终结报告", "审核意见", "听证报告", "集体讨论和决定审批", "结案审批表", "其他内部材料"]


def volume(client: Client, play: Play, part: str) -> bytes:
    """The part as the desk hands it out, once the worker has made it."""
    address = f"/desk/cases/{play.case_id}/file/{part}.pdf"
    answer = client.get(address)
    if answer.status_code == 202:
        assert "正在合成" in answer.content.decode()
        assert binding.bind_waiting() == 1
        answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    assert answer["Content-Type"] == "application/pdf" and answer["X-Watermark"]
    return bytes(answer.content)


@pytest.mark.carries("LZ-043", locality="laizhou")
def test_a_file_is_bound_in_two_parts_and_each_is_one_pdf(clock: Clock) -> None:
    play = case_with_evidence("laizhou", clock)
    handler = signed_in(play.person("officer1"))
    before = html.unescape(handler.get(f"/desk/cases/{play.case_id}/file/").content.decode())
    assert "应有的文书、送达回证和记录都在卷内" in before and "今天归档时的编排" in before
    play.step()
    keeper, handler = signed_in(play.person("archivist")), signed_in(play.person("officer1"))
    state = play.case.state
    assert list(dict.fromkeys(row["group"] for row in state["file"]["main"])) == MAIN
    assert list(dict.fromkeys(row["group"] for row in state["file"]["sub"])) == SUB
    rows = {row["title"]: row for row in state["file"]["main"]}
    assert rows["进销台账"]["count"] == 3 and rows["营业执照复印件"]["group"] == "证据材料：主体资格证明"
    assert rows["现场录音"]["form"] == rows["损坏的文件"]["form"] == "slip"
    assert WITNESS not in rows and "证人证言材料（题名按规定隐去）" in rows
    receipts_follow(state["file"]["main"])
    whole = {part: volume(keeper, play, part) for part in ("main", "sub")}
    if folder := os.environ.get("SANXIANG_LOOK"):
        for part, pdf in whole.items():
            Path(folder, f"{part}.pdf").write_bytes(pdf)
    for part, pdf in whole.items():
        opens_everywhere(pdf, state["file"][part])
    catalogue_counts(whole["main"], state["file"]["main"])
    other = volume(handler, play, "main")
    assert "本页已按规定隐去" not in text_of(other)
    hidden_from_the_head_of_another_unit(play)
    assert list(verify_all()) == []
    page = html.unescape(keeper.get(f"/desk/cases/{play.case_id}/file/").content.decode())
    told = {"borrower": "审计局蓝溪", "purpose": "核对", "due": play.moment.date().isoformat()}
    assert keeper.post(f"/desk/cases/{play.case_id}/file/", told).status_code == 302
    assert "审计局蓝溪" in keeper.get(f"/desk/cases/{play.case_id}/file/").content.decode()
    assert state["facts"]["archive_no"] in page and "打开正卷 PDF" in page and WITNESS not in page


def receipts_follow(rows: list[dict]) -> None:
    """Each receipt of service stands behind the paper that was served, on the following page."""
    for place, row in enumerate(rows):
        if row["kind"] == "service-receipt":
            before = rows[place - 1]
            assert before["group"] == row["group"] and before["first"] + before["count"] == row["first"]
            assert before["kind"] in (
                "penalty-decision",
                "penalty-notice",
                "hearing-notice",
                "payment-notice",
            )


def opens_everywhere(pdf: bytes, rows: list[dict]) -> None:
    """Three programs of three houses open it and count the same pages; it says PDF/A-2b and keeps what that asks."""
    pages = sum(row["count"] for row in rows)
    with pikepdf.open(io.BytesIO(pdf)) as one:
        assert one.check_pdf_syntax() == [] and not one.is_encrypted
        around = len(one.pages) - pages
        with one.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "B")
        assert one.Root.OutputIntents[0].DestOutputProfile.read_bytes()
        told_alike(one)
        assert "/AcroForm" not in one.Root and "/OpenAction" not in one.Root and "/Names" not in one.Root
        assert all("/AA" not in page and "/Annots" not in page for page in one.pages)
        with one.open_outline() as outline:
            titles = [item.title for group in outline.root for item in group.children]
        assert titles == [row["title"] for row in rows]
        fonts_embedded(one)
    with pypdfium2.PdfDocument(pdf) as two:
        assert len(two) == pages + around and 3 <= around <= 8
        shown = [two[n].get_textpage().get_text_range() for n in range(len(two))]
    assert len(PdfReader(io.BytesIO(pdf)).pages) == pages + around
    front = around - 1  # the back sheet is one page
    for number in range(1, pages + 1):
        assert re.search(rf"(?m)^\s*{number}\s*$", shown[front + number - 1]), number


def told_alike(pdf: pikepdf.Pdf) -> None:
    """The packet says what the information dictionary says (ISO 19005-2, 6.6.2.3), every name declared where the description begins."""
    packet = pdf.Root.Metadata.read_bytes().decode()
    head, _, body = packet.partition("<rdf:Description")[2].partition(">")
    assert set(re.findall(r"xmlns:(\w+)=", head)) >= {"dc", "xmp", "pdf", "pdfaid"} and "xmlns" not in body
    info = pdf.docinfo
    with pdf.open_metadata() as told:
        assert told["dc:title"] == info["/Title"] and told["dc:creator"] == [info["/Author"]]
        assert told["pdf:Producer"] == info["/Producer"]
        for name, key in (("xmp:CreateDate", "/CreationDate"), ("xmp:ModifyDate", "/ModDate")):
            written = pikepdf.models.metadata.decode_pdf_date(str(info[key]))
            assert written == datetime.fromisoformat(told[name])


def fonts_embedded(pdf: pikepdf.Pdf) -> None:
    """Every font has its file in the document."""
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys())


def catalogue_counts(pdf: bytes, rows: list[dict]) -> None:
    """The page that the catalogue names is the page on which the paper begins; a record counts its own pages too."""
    with pypdfium2.PdfDocument(pdf) as opened:
        shown = [opened[n].get_textpage().get_text_range().replace(" ", "") for n in range(len(opened))]
    front = len(shown) - sum(row["count"] for row in rows) - 1
    for row in rows:
        text = shown[front + row["first"] - 1]
        title = "证人证言" if row["title"].startswith("证人证言") else row["title"]
        assert title in text.replace("\r\n", "").replace("\n", ""), row["title"]
        if row["kind"] in ("interview-record", "site-record", "hearing-record"):
            assert re.search(r"第1页\s*共\d+页", text), row["title"]


def text_of(pdf: bytes) -> str:
    """All words of it."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return "".join(opened[n].get_textpage().get_text_range() for n in range(len(opened)))


def hidden_from_the_head_of_another_unit(play: Play) -> None:
    """Who may not see a testimony gets the volume with its pages left blank and all others in their place."""
    client = signed_in(play.person("unit-head"))
    seen = text_of(volume(signed_in(play.person("disclosure-editor")), play, "main"))
    assert "本页已按规定隐去" in seen and "证人证言第1页" not in seen.replace(" ", "")
    assert client.get(f"/desk/cases/{play.case_id}/file/other.pdf").status_code == 404


@pytest.mark.carries("LC-041", locality="lingchuan")
def test_what_is_missing_is_named_with_article_and_cure(clock: Clock) -> None:
    """A decision whose receipt is gone from the file is not archived; the page says so before anybody tries."""
    play = case_with_evidence("lingchuan", clock)
    with play.branch():
        case = play.case
        case.state["papers"]["hearing-notice"]["status"] = "issued"
        case.n += 1
        type(case).objects.filter(pk=case.pk).update(state=case.state, n=case.n)
        page = html.unescape(
            signed_in(play.person("officer1")).get(f"/desk/cases/{case.pk}/file/").content.decode()
        )
        assert "归档前还缺 1 项" in page and "《行政处罚听证通知书》" in page and "第六十一条" in page
        answer = refused_everywhere(play.knock("archive"))
        assert answer.guards == {"archive.whole"}
        fact, cure = next((fact, cure) for _, _, fact, cure in answer.refused)
        assert "案卷缺1项" in fact and "没有送达回证" in fact and "办理“送达文书”" in cure
    play.step()
    assert Paper.objects.filter(case=play.case_id, kind="file-cover").exists()
