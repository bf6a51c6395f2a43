"""水印: what was taken away leads back to who took it, and the paper under the mark is still the paper that was issued."""

import hashlib
import io
import zipfile
from urllib.parse import unquote

import pytest
from docx import Document
from pypdf import PdfReader

from knocks import signed_in
from play import Clock, Play, make_office
from publishing import begun
from sanxiang.cases.models import Evidence, Paper
from sanxiang.cases.papers import watermark
from sanxiang.cases.papers.watermark import LABEL, NAME, Unmarkable, mark_pdf
from sanxiang.ledger.access_row import Access
from side_stories import PHOTO, photo

pytestmark = pytest.mark.django_db
MARK = "ABCDEFGH23"


@pytest.fixture
def play(clock: Clock) -> Play:
    """A case with papers and a picture."""
    office = make_office("kaiyuan")
    play = begun(office, "summary", clock, until="serve-on-spot")
    play.do("add-evidence", "officer1", **photo(office))
    return play


def mark_in(pdf: bytes) -> str:
    """The mark that a PDF bears, "" for none."""
    return str((PdfReader(io.BytesIO(pdf)).metadata or {}).get(NAME, ""))


def paper_of(play: Play) -> Paper:
    """The decision."""
    return Paper.objects.get(case=play.case_id, kind="spot-decision")


def test_a_pdf_bears_its_number_and_is_still_the_paper(play: Play) -> None:
    """On every page and in the document information; the first bytes have the digest of the ledger; on the desk and in the API."""
    paper, client = paper_of(play), signed_in(play.person("officer1"))
    before = Access.objects.count()
    for place in ("/desk", "/api/v1"):
        answer = client.get(f"{place}/cases/{play.case_id}/papers/{paper.pk}.pdf")
        length, mark = int(answer["X-Original-Length"]), answer["X-Watermark"]
        issued = answer.content[:length]
        assert hashlib.sha256(issued).hexdigest() == paper.pdf and mark_in(issued) == ""
        assert mark_in(answer.content) == mark and Access.objects.get(watermark=mark).object == paper.pk
        whole, plain = PdfReader(io.BytesIO(answer.content)), PdfReader(io.BytesIO(issued))
        assert len(whole.pages) == len(plain.pages) and whole.metadata.title == plain.metadata.title
        for page, old in zip(whole.pages, plain.pages, strict=True):
            text = page.extract_text()
            assert text.count(f"{LABEL}{mark}") == 1
            assert "".join(old.extract_text().split()) in "".join(text.split())
    assert Access.objects.count() == before + 2


def test_the_mark_is_one_update_that_any_reader_follows(play: Play) -> None:
    """Each object of the update stands where its table says, and the table leads back to the paper's own."""
    answer = signed_in(play.person("officer1")).get(
        f"/desk/cases/{play.case_id}/papers/{paper_of(play).pk}.pdf"
    )
    pdf, length = answer.content, int(answer["X-Original-Length"])
    start = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    assert start > length and pdf[start : start + 4] == b"xref" and pdf.count(b"%%EOF") == 2
    lines = pdf[start:].split(b"trailer")[0].splitlines()[1:]
    for head, row in zip(lines[::2], lines[1::2], strict=True):
        number, place = head.split()[0], int(row.split()[0])
        assert place > length and pdf[place:].startswith(number + b" 0 obj")
    first = int(pdf[:length].rsplit(b"startxref", 1)[1].split()[0])
    assert b"/Prev %d" % first in pdf[start:]
    assert mark_pdf(pdf[:length], MARK) == mark_pdf(pdf[:length], MARK)
    assert mark_in(mark_pdf(pdf, MARK)) == MARK  # a marked copy can be marked again


@pytest.mark.parametrize("strange", [b"", b"no paper", b"%PDF-1.7 startxref\n9\n%%EOF"])
def test_what_cannot_be_marked_is_refused(
    strange: bytes, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the desk and in the API: neither the paper leaves, nor an entry as if it had."""
    with pytest.raises(Unmarkable):
        mark_pdf(strange, MARK)
    for room in ("sanxiang.desk.papers.intact", "sanxiang.api.cases.intact"):
        monkeypatch.setattr(room, lambda *_: strange)
    client, before = signed_in(play.person("officer1")), Access.objects.count()
    for place, status in (("/desk", 503), ("/api/v1", 500)):
        answer = client.get(f"{place}/cases/{play.case_id}/papers/{paper_of(play).pk}.pdf")
        assert answer.status_code == status and "加不上水印" in answer.content.decode()
    assert Access.objects.count() == before


def test_without_a_font_the_number_itself_is_written(
    play: Play, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On each page, in letters that every reader brings along, and in the document information."""
    monkeypatch.setattr(watermark, "fonts_folder", lambda: tmp_path)
    paper = paper_of(play)
    answer = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/papers/{paper.pk}.pdf")
    mark, length = answer["X-Watermark"], int(answer["X-Original-Length"])
    assert (
        hashlib.sha256(answer.content[:length]).hexdigest() == paper.pdf and mark_in(answer.content) == mark
    )
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert pages and all(page.extract_text().count(mark) == 1 for page in pages)
    assert Access.objects.filter(watermark=mark).exists()


def test_a_word_file_says_it_in_footer_and_properties(play: Play) -> None:
    answer = signed_in(play.person("officer1")).get(
        f"/desk/cases/{play.case_id}/papers/{paper_of(play).pk}.docx"
    )
    word, mark = Document(io.BytesIO(answer.content)), answer["X-Watermark"]
    assert word.core_properties.identifier == mark
    assert f"{LABEL}{mark}" in [line.text for line in word.sections[0].footer.paragraphs]


def test_evidence_stays_as_it_came_and_its_name_has_the_number(play: Play) -> None:
    row = Evidence.objects.get(case=play.case_id, title="取水口照片")
    answer = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/evidence/{row.pk}/")
    assert b"".join(answer.streaming_content) == PHOTO
    assert unquote(answer["Content-Disposition"]).endswith(f"取水口照片（{answer['X-Watermark']}）.png")


def test_the_zip_says_whose_copy_it_is(play: Play) -> None:
    answer = signed_in(play.person("officer1")).get(f"/api/v1/cases/{play.case_id}/dossier.zip")
    mark = answer["X-Watermark"]
    made = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    (root,) = zipfile.Path(made).iterdir()
    note = (root / "调阅说明.txt").read_text("utf-8")
    assert made.comment.decode() == mark and note.startswith(f"水印编号 {mark}\n")
    assert play.person("officer1").name in note and "事由 履行职责" in note
    entry = Access.objects.get(watermark=mark)
    assert entry.kind == "dossier" and entry.digest == play.case.head
    papers = [name for name in made.namelist() if name.endswith(".pdf")]
    assert papers and {hashlib.sha256(made.read(name)).hexdigest() for name in papers} <= set(
        Paper.objects.filter(case=play.case_id).values_list("pdf", flat=True)
    )
