"""案卷: nothing is put away with a paper missing; the file's index numbers every page without a gap."""

import csv
import html
import io
import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from pypdf import PdfReader

from api_client import Api
from knocks import refused_everywhere, signed_in
from play import STORIES, Clock, Play, make_office
from rows import row
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.typeset import path_of
from sanxiang.demo import stories
from sanxiang.door.administer import administer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("locality", [row("LC-041"), row("HT-022")])
def test_the_file_is_complete_and_paged_through(locality: str, clock: Clock) -> None:
    """Without the receipt of its service the decision's case is neither closed nor archived; the index counts what a reader counts."""
    procedure, steps = STORIES["hearing"]
    complete(Play(make_office(locality), procedure, steps, clock))


def complete(play: Play) -> None:
    """Play a hearing's story to its end: what is lacking is named, and the index counts every page."""
    play.until("decide")
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
    bound = int(play.case.state["last"]["archive"]["n"])
    papers = list(Paper.objects.filter(case=play.case_id, n__lt=bound).order_by("n", "label"))
    listed = [title for tail in ("", "-sub") for title in part_of(play, tail, papers)]
    assert sorted(listed) == sorted(paper.content["title"] for paper in papers) and len(papers) > 12
    assert no_loose_ends(play)


def part_of(play: Play, tail: str, papers: list[Paper]) -> list[str]:
    """The titles of one part in their order, once its pages run from 1 without a gap and the cover counts them."""
    index = Paper.objects.get(case=play.case_id, kind=f"file-index{tail}")
    listed = [cells for cells in rows_of(index) if cells and cells[0].isdigit()]
    assert [cells[0] for cells in listed] == [str(n) for n in range(1, len(listed) + 1)]
    lengths: dict[str, list[int]] = {}
    for paper in papers:
        pages = len(PdfReader(BytesIO(path_of(settings.PAPER_ROOT, paper.pdf).read_bytes())).pages)
        lengths.setdefault(paper.content["title"], []).append(pages)
    page = 1
    for cells in listed:
        first, _, last = cells[5].partition("-")
        assert int(first) == page, cells
        page = int(last or first) + 1
        assert page - int(first) in lengths[cells[3]], cells
    cover = json.dumps(
        Paper.objects.get(case=play.case_id, kind=f"file-cover{tail}").content, ensure_ascii=False
    )
    assert f"共{len(listed)}件{page - 1}页" in cover
    return [cells[3] for cells in listed]


def no_loose_ends(play: Play) -> bool:
    """No cell of the case's papers ends in a semicolon, as a list does whose last item is missing."""
    cells = [
        (paper.label, cell)
        for paper in Paper.objects.filter(case=play.case_id)
        for row in rows_of(paper)
        for cell in row
    ]
    loose = [one for one in cells if one[1].rstrip().endswith("；")]
    assert not loose, loose
    return True


def test_a_case_on_the_spot_is_closed_without_a_filing(clock: Clock) -> None:
    """Nobody filed it, so no form leaves room for the number of a filing; when it was found is stated."""
    play = Play(make_office("kaiyuan"), *STORIES["summary"], clock)
    play.until()
    for kind in ("closing-form", "file-cover"):
        text = json.dumps(Paper.objects.get(case=play.case_id, kind=kind).content, ensure_ascii=False)
        assert "立案" not in text.replace("不另立案", "") and "现场发现日期" in text, kind
    assert no_loose_ends(play)


@pytest.mark.carries("DY-044", locality="dongying")
def test_an_archived_file_is_kept_and_every_loan_is_on_record(clock: Clock) -> None:
    """Complete and paged through; not lent before it is filed, out once at a time, late named, and the register stays."""
    office = make_office("dongying")
    early = Play(office, *STORIES["summary"], clock)
    early.until("archive")
    play = Play(office, *STORIES["hearing"], clock)
    complete(play)
    clock.now = play.moment
    keeper, today = signed_in(play.person("archivist")), play.moment.date()
    told = {
        "borrower": "审计局蓝溪",
        "purpose": "核对罚没收入",
        "due": (today + timedelta(days=7)).isoformat(),
    }
    here = f"/desk/cases/{play.case_id}/file/"
    assert f'href="{here}"' in keeper.get(f"/desk/cases/{play.case_id}/").content.decode()
    refused = keeper.post(f"/desk/cases/{early.case_id}/file/", told)
    assert refused.status_code == 422 and "还没有归档" in html.unescape(refused.content.decode())
    for name, wrong, said in (
        ("borrower", " ", "没有填写“借阅人”"),
        ("purpose", "", "没有填写“用途”"),
        ("due", (today - timedelta(days=1)).isoformat(), "已经过去"),
        ("due", "2026-02-30", "归还期限："),
        ("borrower", "长" * 61, "最多 60 个字"),
    ):
        refused = keeper.post(here, {**told, name: wrong})
        assert refused.status_code == 422 and said in html.unescape(refused.content.decode()), name
    assert "没有借出过" in keeper.get(here).content.decode()
    assert keeper.post(here, {"back": "1"}).status_code == 422
    handler = signed_in(play.person("officer1"))
    assert 'name="borrower"' not in handler.get(here).content.decode()
    refused = handler.post(here, told)
    assert refused.status_code == 422 and "请档案员" in html.unescape(refused.content.decode())
    assert keeper.post(here, told).status_code == 302
    out = html.unescape(keeper.get(here).content.decode())
    assert all(one in out for one in (told["borrower"], told["purpose"], "借出中", "案卷已由审计局蓝溪借出"))
    assert f"经手 {play.person('archivist').name}" in out
    twice = keeper.post(here, {**told, "borrower": "另一人"})
    assert twice.status_code == 422 and "归还登记之后才能再借" in html.unescape(twice.content.decode())
    clock.now = play.moment + timedelta(days=9)
    other = signed_in(play.person("agency-head"))
    assert "逾期未还" in other.get(here).content.decode()
    assert other.post(here, {"back": "1"}).status_code == 302
    back = html.unescape(other.get(here).content.decode())
    assert (
        f"接收 {play.person('agency-head').name}" in back and told["borrower"] in back and "案卷在库" in back
    )
    stranger = signed_in(make_office("laizhou").people["officer1"])
    assert stranger.get(here).status_code == 404 and stranger.post(here, told).status_code == 404


@pytest.mark.carries("KY-045", locality="kaiyuan")
def test_the_register_of_cases_is_numbered_through_and_holds_every_case(clock: Clock) -> None:
    """A line a case in the order of registration; filing numbers without a gap, the voided one with its reason; the files complete."""
    office = make_office("kaiyuan")
    complete(Play(office, *STORIES["hearing"], clock))
    for which, step in ((0, "notify-on-site"), (1, "draft-decision")):
        Play(office, "ordinary", stories.ordinary("3000", which=which), clock).until(step)
    told = {"series": "当罚", "count": 1, "holder": office.people["officer1"]}
    spoilt = administer("reserve-numbers", office.agency, office.people["unit-head"], told).text
    void = {"number": spoilt, "reason": "现场没有用上"}
    administer("void-number", office.agency, office.people["unit-head"], void)
    for which, step in ((2, "interview"), (3, "file")):
        Play(office, "ordinary", stories.ordinary("3000", which=which), clock).until(step)
    Play(office, "summary", stories.summary("100"), clock).until("archive")
    client = signed_in(office.people["officer1"])
    answer = client.get("/desk/cases/register.csv?year=2026")
    text_ = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text_, newline="")))
    cases = [line for line in lines if line["序号"]]
    assert [line["序号"] for line in cases] == [str(n) for n in range(1, len(cases) + 1)]
    shown = Api(office.people["officer1"]).get("/cases?limit=200")
    assert len(cases) == shown["total"] == 6
    assert {line["查询码"] for line in cases} == set(Case.objects.values_list("code", flat=True))
    for line in cases:
        case = Case.objects.get(code=line["查询码"])
        assert (line["立案号"], line["当事人"], line["案件名称"]) == (case.number, case.party, case.title)
    (gone,) = [line for line in lines if not line["序号"]]
    assert (gone["立案号"], gone["案件名称"]) == (spoilt, "作废：现场没有用上")
    short = office.agency.short
    filed = sorted(line["立案号"] for line in cases if line["立案号"])
    assert filed == [f"{short}立〔2026〕{n}号" for n in range(1, 5)]
    decided = {line["决定书文号"] for line in cases} | {spoilt}
    assert {f"{short}当罚〔2026〕1号", f"{short}当罚〔2026〕2号", f"{short}罚〔2026〕1号"} <= decided
    assert client.get("/desk/cases/register.csv?year=二").status_code == 422
    assert len(b"".join(client.get("/desk/cases/register.csv?year=2025").streaming_content).splitlines()) == 1
    stranger = signed_in(make_office("laizhou").people["officer1"]).get("/desk/cases/register.csv?year=2026")
    assert len(b"".join(stranger.streaming_content).splitlines()) == 1


def rows_of(paper: Paper) -> list[list[str]]:
    """The rows of the paper's tables as they were frozen."""
    return [[cell["text"] for cell in line] for block in paper.content["blocks"] for line in block["rows"]]
