"""案卷: nothing is put away with a paper missing; the file's index numbers every page without a gap."""

from io import BytesIO

import pytest
from django.conf import settings
from pypdf import PdfReader

from knocks import refused_everywhere
from play import STORIES, Clock, Play, make_office
from rows import row
from sanxiang.cases.models import Paper
from sanxiang.cases.papers import path_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("locality", [row("LC-041"), row("HT-022")])
def test_the_file_is_complete_and_paged_through(locality: str, clock: Clock) -> None:
    """Without the receipt of its service the decision's case is neither closed nor archived; the index counts what a reader counts."""
    procedure, steps = STORIES["hearing"]
    play = Play(make_office(locality), procedure, steps, clock)
    play.until("serve")
    play.step()
    with play.branch():
        play.until("serve")
        play.do("record-payment", "officer1", amount="90000", towards="principal", receipt="票据 1")
        answer = refused_everywhere(play.knock("close"))
        told = "；".join(fact for _, _, fact, _ in answer.refused)
        assert "close.served" in answer.guards and "《行政处罚决定书》" in told and "尚未送达" in told
        assert refused_everywhere(play.knock("archive")).guards >= {"stage"}
    play.until()
    assert play.case.stage == "archived"
    index = Paper.objects.get(case=play.case_id, kind="file-index")
    listed = [cells for cells in rows_of(index) if cells and cells[0].isdigit()]
    papers = list(Paper.objects.filter(case=play.case_id, n__lt=index.n).order_by("n", "label"))
    assert [cells[3] for cells in listed] == [paper.label for paper in papers] and len(papers) > 12
    page = 1
    for cells, paper in zip(listed, papers, strict=True):
        count = len(PdfReader(BytesIO(path_of(settings.PAPER_ROOT, paper.pdf).read_bytes())).pages)
        assert cells[5] == (str(page) if count == 1 else f"{page}-{page + count - 1}"), paper.label
        page += count
    assert any("-" in cells[5] for cells in listed)


def rows_of(paper: Paper) -> list[list[str]]:
    """The rows of the paper's tables as they were frozen."""
    return [[cell["text"] for cell in line] for block in paper.content["blocks"] for line in block["rows"]]
