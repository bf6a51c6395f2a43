"""A paper signed in print: its scan has a digest of its own, belongs to one text, and is shown beside it."""

import io
import json
import re
from typing import Any

import pytest
from axe import violations
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import sync_playwright
from served import SITE, answer, chromium_path

from api_client import Api
from bound import piece, scan
from hands import interviewed
from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, Play
from publishing import supervisor_above
from sanxiang.cases.models import Evidence, Paper
from sanxiang.door.verifying.database import check_case
from sanxiang.door.verifying.rows import case_files
from sanxiang.law.file_check import lacking
from sanxiang.ledger.access_row import Access

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    """A grey sheet, as a scanner sends it."""
    out = io.BytesIO()
    Image.new("RGB", (400, 560), "#dddddd").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def play(clock: Clock) -> Play:
    """An ordinary case of 开原 after the interview."""
    return interviewed(clock)


def sent(play: Play, row: Paper, file: SimpleUploadedFile, **more: str) -> Any:
    """The form of the page with this file."""
    form = {
        "paper_digest": row.digest,
        "signed_on": "2026-03-02",
        "original_at": "档案室3号柜",
        "witnessed": "no",
        "scan": file,
        **more,
    }
    return signed_in(play.person("officer1")).post(f"/desk/cases/{play.case_id}/papers/{row.pk}/scan/", form)


def scanned_share(play: Play) -> int:
    """How many papers signed in print and scanned the page of the share counts in the quarter."""
    page = (
        signed_in(play.person("officer1")).get(f"/desk/papers/rate/?year={play.moment.year}").content.decode()
    )
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    return int(cells[cells.index("第1季度") + 4])


def test_a_scan_is_matched_to_its_paper_shown_beside_it_and_counted(play: Play) -> None:
    row = Paper.objects.get(case=play.case_id, kind="on-site-notice")
    assert scanned_share(play) == 0
    assert sent(play, row, SimpleUploadedFile("a.png", picture(), "image/png")).status_code == 302
    kept = Evidence.objects.get(case=play.case_id, filename="a.png")
    assert kept.secrecy == "identity" and kept.digest != row.pdf
    address = f"/desk/cases/{play.case_id}/papers/{row.pk}/scan/"
    shown = signed_in(play.person("officer1")).get(address).content.decode()
    assert row.digest in shown and kept.digest in shown and "data:image/jpeg;base64," in shown
    assert scanned_share(play) == 1
    assert not [one for one in lacking(play.pack, play.case.state) if "没有签名" in str(one)]
    assert not list(check_case(next(case_files([play.case]))))


def test_a_scan_of_another_text_or_of_no_paper_is_refused(play: Play) -> None:
    row = Paper.objects.get(case=play.case_id, kind="interview-record")
    other = sent(play, row, SimpleUploadedFile("a.png", picture(), "image/png"), paper_digest="0" * 64)
    assert other.status_code == 422 and "不是签名人看到的文字" in other.content.decode()
    text = sent(play, row, SimpleUploadedFile("a.txt", b"no scan", "text/plain"))
    assert text.status_code == 422 and "不是 PDF、JPEG 或者 PNG" in text.content.decode()
    ahead = sent(play, row, SimpleUploadedFile("a.png", picture(), "image/png"), signed_on="2027-01-01")
    assert ahead.status_code == 422
    nothing = {
        "paper_id": str(row.pk),
        "paper_digest": "0" * 64,
        "signed_on": "2026-03-02",
        "original_at": "柜",
        "witnessed": "no",
    }
    answer_ = refused_everywhere(play.attempt("attach-scan", "officer1", **nothing))
    assert "不是签名人看到的文字" in fact_of(answer_, "attach-scan.text")
    assert not Evidence.objects.filter(case=play.case_id, filename__in=("a.png", "a.txt")).exists()


def test_one_form_is_one_scan_marked_and_entered_and_for_the_agency_alone(play: Play) -> None:
    """Two clicks register one file; each look bears its number and names the scan; who looks in from above is refused."""
    row = Paper.objects.get(case=play.case_id, kind="on-site-notice")
    for _ in (1, 2):
        file = SimpleUploadedFile("a.png", picture(), "image/png")
        assert sent(play, row, file, nonce="once").status_code == 302
    (kept,) = Evidence.objects.filter(case=play.case_id, filename="a.png")
    address = f"/desk/cases/{play.case_id}/papers/{row.pk}/scan/"
    looks = [signed_in(play.person("officer1")).get(address).content.decode() for _ in (1, 2)]
    entries = Access.objects.filter(kind="scan", result="served", object=kept.pk)
    assert {one.digest for one in entries} == {kept.digest} and kept.digest in entries[0].text
    pictures = [re.findall(r"data:image/jpeg;base64,[^\"]+", text) for text in looks]
    assert pictures[0] and pictures[1] and pictures[0] != pictures[1], "each bears the number of its own look"
    above = signed_in(supervisor_above(play.office.agency)).get(address)
    assert above.status_code == 403 and "只有本机关" in above.content.decode()


def test_a_scan_with_a_witness_on_it_is_shown_to_those_who_may_see_witnesses(play: Play) -> None:
    row = Paper.objects.get(case=play.case_id, kind="on-site-notice")
    file = SimpleUploadedFile("a.png", picture(), "image/png")
    assert sent(play, row, file, witnessed="yes").status_code == 302
    assert Evidence.objects.get(case=play.case_id, filename="a.png").secrecy == "witness"
    address = f"/desk/cases/{play.case_id}/papers/{row.pk}/scan/"
    assert "data:image/jpeg" in signed_in(play.person("officer1")).get(address).content.decode()
    other = signed_in(play.person("legal-reviewer")).get(address)
    assert other.status_code == 200 and "见证人的签名，或者文书本身限定知悉范围" in other.content.decode()
    assert "data:image/jpeg" not in other.content.decode() and "下载扫描件" not in other.content.decode()
    assert not list(check_case(next(case_files([play.case]))))


def test_a_scan_is_as_closed_as_its_paper(play: Play) -> None:
    """Of a record that prints who was questioned, of a sheet that names a trade secret: the scan bears that mark unasked."""
    record = Paper.objects.get(case=play.case_id, kind="interview-record")
    assert sent(play, record, SimpleUploadedFile("a.png", picture(), "image/png")).status_code == 302
    assert Evidence.objects.get(case=play.case_id, filename="a.png").secrecy == "witness"
    given = piece("documentary", "供货底价表", "价格.pdf", "application/pdf", scan("价格"))
    told = given.data(play.office, None) | {"confined": "trade-secret"}
    play.do("add-evidence", "officer1", **told)
    sheet = Paper.objects.get(case=play.case_id, kind="evidence-sheet")
    other = picture() + b"0"
    assert sent(play, sheet, SimpleUploadedFile("b.png", other, "image/png")).status_code == 302
    kept = Evidence.objects.get(case=play.case_id, filename="b.png")
    assert kept.secrecy == "confined"
    here, head = f"/desk/cases/{play.case_id}", signed_in(play.person("unit-head"))
    seen = [f"{here}/evidence/{kept.pk}/", f"{here}/papers/{sheet.pk}/scan/"]
    assert [head.get(address).status_code for address in seen] == [403, 403]
    listed = Api(play.person("unit-head")).get(f"/cases/{play.case_id}")
    shown = [one for one in listed["evidence"] if one["digest"] == kept.digest]
    assert [one["withheld"] for one in shown] == [True] and "b.png" not in json.dumps(listed)
    assert "限定知悉范围的材料" in head.get(f"{here}/file/").content.decode()
    assert kept.digest not in head.get(f"{here}/file/").content.decode()
    cleared = str(play.person("unit-head").pk)
    play.do("clear-person", "agency-head", cleared_person=cleared, reason="复核案卷")
    assert head.get(seen[0]).status_code == 200
    assert not list(check_case(next(case_files([play.case]))))


@pytest.mark.browser
def test_both_stand_side_by_side_where_there_is_room(play: Play) -> None:
    row = Paper.objects.get(case=play.case_id, kind="interview-record")
    sent(play, row, SimpleUploadedFile("a.png", picture(), "image/png"))
    address = f"/desk/cases/{play.case_id}/papers/{row.pk}/scan/"
    pages = {address: signed_in(play.person("officer1")).get(address).content.decode()}
    with sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=chromium_path(), args=["--disable-background-networking"]
        )
        context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        context.route("**/*", lambda route: answer(route, pages))
        page = context.new_page()
        page.goto(SITE + address)
        paper, scan = page.locator(".sheet").bounding_box(), page.locator(".scan-page").bounding_box()
        assert (
            paper
            and scan
            and scan["x"] >= paper["x"] + paper["width"]
            and scan["y"] < paper["y"] + paper["height"]
        )
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not list(violations(page))
        context.close()
        chromium.close()
