"""What becomes of a bound file: its number, retention, holds, hand-over, and the bag that another archive checks without us."""

import csv
import hashlib
import html
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import bagit
import pikepdf
import pytest
from django.conf import settings
from docx import Document

from altered import Alter
from api_client import Api
from bound import case_with_evidence, piece, scan
from clockwork import CHINA, Clock
from knocks import WAYS, refused_everywhere, signed_in
from play import BUILT, Play, make_office
from roads import ROADS
from sanxiang.cases.models import Evidence, Paper
from sanxiang.cases.recording.receiving import Unacceptable, receive
from sanxiang.cli import main
from sanxiang.demo import stories
from sanxiang.demo.levies import release_charges
from sanxiang.demo.people import Office
from sanxiang.door import casefile
from sanxiang.ledger.sequencer import sequence_all
from side_stories import BOOK, step

pytestmark = pytest.mark.django_db

TABLE = 'key = "archive.retention"\nset = false'
SET = 'key = "archive.retention"\nset = true\nvalue = [{ keep = "10", procedures = ["summary"] }]'
NUMBER = 'key = "archive.number"\nset = false'
PARTS = (
    'key = "archive.number"\nset = true\nvalue = { parts = ["fonds", "class", "year", "retention", "file"], fonds = "0031", '
    'classes = { penalty = "XZCF" } }'
)


def test_numbers_run_through_and_no_file_is_destroyed_before_its_time(clock: Clock, alter: Alter) -> None:
    """The place's own composition; the retention table binds; a hold outlasts it; destruction needs both table and time."""
    alter("kaiyuan", (TABLE, SET), (NUMBER, PARTS))
    office = make_office("kaiyuan")
    first, second, third = (
        Play(office, "summary", stories.summary("100", which=which), clock) for which in range(3)
    )
    for play in (first, second):
        play.until("archive")
    short = refused_everywhere(first.knock("archive", archive_no="", retention=""))
    assert "field:retention" in short.guards
    first.step(retention="10")
    second.step(retention="30")
    numbers = [play.case.state["facts"]["archive_no"] for play in (first, second)]
    assert numbers == ["0031-XZCF-2026-D10-0001", "0031-XZCF-2026-D30-0002"]
    third.until("archive")
    taken = refused_everywhere(third.knock("archive", archive_no=numbers[0]))
    assert taken.guards == {"archive.number-free"}
    first.do("hold-file", "archivist", reason="审计需要，县审字 3 号")
    told = {"appraisal": "没有继续保存的价值，鉴定人柳眉", "approved_by": "县档鉴 1 号", "reason": "期限届满"}
    first.at(datetime(2037, 1, 4, 9, 0, tzinfo=CHINA))
    held = refused_everywhere(first.attempt("approve-destruction", "agency-head", **told))
    assert held.guards == {"hold.once"} and "审计需要" in held.refused[0][2]
    first.do("release-file", "agency-head", reason="审计结束")
    second.at(datetime(2037, 1, 4, 10, 0, tzinfo=CHINA))
    early = refused_everywhere(second.attempt("approve-destruction", "agency-head", **told))
    assert early.guards == {"destruction.over"} and "2056年底届满" in early.refused[0][2]
    first.at(datetime(2037, 1, 4, 11, 0, tzinfo=CHINA))
    first.do("approve-destruction", "agency-head", **told)
    assert Paper.objects.filter(case=first.case_id).count() > 5


def test_the_bag_is_checked_without_us(
    clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """BagIt with both volumes, a catalogue as table and XML whose files are there under their digests; a byte changed is found."""
    play = case_with_evidence("dongying", clock)
    code = play.case.code
    assert command(code, str(tmp_path)) == 1
    assert "还没有归档" in capsys.readouterr().err
    play.step()
    sequence_all()
    assert command(code, str(tmp_path), "--json") == 0
    root = Path(json.loads(capsys.readouterr().out)["bag"])
    assert command(code, str(tmp_path)) == 1
    bag = bagit.Bag(str(root))
    bag.validate()
    held = root / "data" / "案卷"
    with pikepdf.open(held / "正卷.pdf") as whole:
        assert whole.check_pdf_syntax() == []
    rows = list(csv.DictReader(io.StringIO((held / "卷内文件目录.csv").read_text(encoding="utf-8-sig"))))
    state = play.case.state
    assert len(rows) == len(state["file"]["main"]) + len(state["file"]["sub"])
    for row in rows:
        assert hashlib.sha256((root / row["电子文件"]).read_bytes()).hexdigest() == row["校验值（SHA-256）"]
    tree = ElementTree.parse(held / "案卷元数据.xml").getroot()
    assert tree.findtext("案卷元数据/档号") == state["facts"]["archive_no"]
    assert len(tree.findall("卷内文件/文件")) == len(rows)
    altered = held / "副卷.pdf"
    altered.write_bytes(altered.read_bytes()[:-1] + b"x")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(root)).validate()


@pytest.mark.parametrize(("locality", "procedure"), [("kaiyuan", "summary"), ("dongying", "fee")])
def test_what_comes_after_the_file_was_bound_goes_behind_it(
    locality: str, procedure: str, clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """补充归档: own pages, own line, own back sheet; catalogue and volumes stay as they were bound. Then the file is handed over."""
    play = Play(make_office(locality), procedure, ROADS[procedure], clock)
    release_charges(play.office, BUILT)
    play.until("archive")
    late = {
        "title": "送达回执原件",
        "came_from": "邮政投递点",
        "belongs_to": "main",
        "came_on": "2026-06-30",
        "reason": "退回迟延",
    }
    early = play.attempt("supplement-file", "archivist", sheets=2, **late)
    assert not WAYS["api"](early).done
    play.step()
    bound, before, here = play.case.state["file"], binding_of(play), f"/desk/cases/{play.case_id}/file/"
    play.at(play.moment + timedelta(days=120))
    late["came_on"] = play.moment.date().isoformat()
    none = refused_everywhere(play.attempt("supplement-file", "archivist", sheets=0, **late))
    assert none.guards == {"supplement.kept"}
    given = receive(io.BytesIO(scan("回执")), "回执.pdf", "application/pdf")
    play.do("supplement-file", "archivist", sheets=2, files=[given], **late)
    play.do("supplement-file", "archivist", sheets=1, **{**late, "title": "说明", "belongs_to": "sub"})
    assert play.case.state["file"] == bound and binding_of(play) == before
    page = signed_in(play.person("archivist")).get(here).content.decode()
    assert "《送达回执原件》2页，页号补1至补2" in page and "《说明》1页，页号补3" in page
    paper = Paper.objects.filter(case=play.case_id, kind="file-supplement").earliest("n")
    words = str(paper.content)
    assert "补1至补2" in words and "退回迟延" in words and "附在卷后" in words
    root = exported(play, tmp_path, capsys)
    bagit.Bag(str(root)).validate()
    added = (root / "data" / "案卷" / "补充归档目录.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(added)))
    assert [(row["题名"], row["页号"], row["归入"]) for row in rows] == [
        ("送达回执原件", "补1至补2", "正卷"),
        ("说明", "补3", "副卷"),
    ]
    kept = {hashlib.sha256(file.read_bytes()).hexdigest() for file in root.rglob("*") if file.is_file()}
    assert given["digest"] in kept
    play.do("hold-file", "archivist", reason="审计需要")
    play.do("release-file", "agency-head", reason="审计结束")
    play.do("hand-over-file", "archivist", handed_to="archives", receiver="县档案馆 柳眉", copies=["paper"])
    assert play.case.state["custody"]["handed"][0]["to"] == "archives"


def binding_of(play: Play) -> list[tuple[Any, ...]]:
    """What the volume of each part is made of: the pages as they were bound."""
    case = play.case
    rows = casefile.bound_rows(case, play.pack)
    return [(part, casefile.plan_of(case, part, rows[part], frozenset()).key) for part in ("main", "sub")]


def command(*words: str) -> int:
    """`sanxiang archive export` on the data of the test."""
    (settings.DATA / "secret.key").write_text("a key of the tests\n")
    return main(["archive", "export", *words, "--data", str(settings.DATA)])


SECRET_TITLE = "供货价格清单"


@pytest.mark.carries("KY-047", locality="kaiyuan")
def test_who_is_not_cleared_sees_neither_file_nor_title(
    clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trade secret: not on the pages, in the timeline, the API, the volume or the bag of anybody who is not cleared for it."""
    procedure, steps = BOOK["hearing"]
    place = next(i for i, s in enumerate(steps) if s.act == "interview")
    given = piece("documentary", SECRET_TITLE, "价格.pdf", "application/pdf", scan("价格"))

    def told(office: Office) -> dict[str, Any]:
        return {**given.data(office, None), "confined": "trade-secret"}

    play = Play(
        make_office("kaiyuan"),
        procedure,
        [*steps[:place], step("add-evidence", "officer1", told), *steps[place:]],
        clock,
    )
    play.until("")
    clock.now = play.moment
    (row,) = Evidence.objects.filter(case=play.case_id)
    assert row.secrecy == "confined"
    here = f"/desk/cases/{play.case_id}"
    seen_by(play, "officer1", True)
    for who in ("legal-reviewer", "archivist", "disclosure-editor", "unit-head"):
        seen_by(play, who, False)
        assert signed_in(play.person(who)).get(f"{here}/evidence/{row.pk}/").status_code == 403, who
    root = exported(play, tmp_path / "bare", capsys)
    kept = {hashlib.sha256(file.read_bytes()).hexdigest() for file in root.rglob("*") if file.is_file()}
    assert row.digest not in kept and SECRET_TITLE not in words_in(root)
    play.do(
        "clear-person", "agency-head", cleared_person=str(play.person("legal-reviewer").pk), reason="复核案卷"
    )
    seen_by(play, "legal-reviewer", True)
    seen_by(play, "archivist", False)
    keeper = play.person("archivist").username
    assert (
        command(play.case.code, str(tmp_path / "all"), "--confined", "--as", keeper, "--reason", "x;移交")
        == 1
    )
    play.do(
        "unclear-person",
        "agency-head",
        cleared_person=str(play.person("legal-reviewer").pk),
        reason="复核完毕",
    )
    seen_by(play, "legal-reviewer", False)


def seen_by(play: Play, who: str, may: bool) -> None:
    """On every page that lists evidence, and in the API."""
    client, here = signed_in(play.person(who)), f"/desk/cases/{play.case_id}"
    texts = [
        html.unescape(client.get(f"{here}{part}").content.decode()) for part in ("/", "/timeline/", "/file/")
    ]
    texts.append(json.dumps(Api(play.person(who)).get(f"/cases/{play.case_id}"), ensure_ascii=False))
    found = [SECRET_TITLE in text for text in texts]
    assert found[2] is False
    assert any(found) is may, (who, found)


def exported(play: Play, folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The bag of the case as the operator makes it."""
    capsys.readouterr()
    assert command(play.case.code, str(folder), "--json") == 0
    return Path(json.loads(capsys.readouterr().out)["bag"])


def words_in(root: Path) -> str:
    """All text of a bag that is text, and what its files are called."""
    texts = [file.name for file in root.rglob("*")]
    texts += [
        file.read_text(encoding="utf-8", errors="replace")
        for file in root.rglob("*")
        if file.is_file() and file.suffix in (".json", ".csv", ".xml", ".txt")
    ]
    return "\n".join(texts)


def test_a_file_marked_on_its_first_page_is_not_taken_in() -> None:
    """A PDF and a Word file with the mark of a state secret are refused unread; a word in the text is no mark."""
    marks = {"秘密★10年": True, "机密★": True, "绝密": True, "商业秘密的保护": False, "情况说明": False}
    for words, secret in marks.items():
        for data, name in ((scan(words), "通知.pdf"), (word(words), "通知.docx")):
            if secret:
                with pytest.raises(Unacceptable, match=r"首页标有密级.*登记另存的秘密载体"):
                    receive(io.BytesIO(data), name, "")
            else:
                assert receive(io.BytesIO(data), name, "")["digest"] == hashlib.sha256(data).hexdigest()


def word(text: str) -> bytes:
    """A Word file that begins so."""
    made, out = Document(), io.BytesIO()
    made.add_paragraph(text)
    made.add_paragraph("各科室：请按要求办理。")
    made.save(out)
    return out.getvalue()
