"""案卷评查 as somebody who has never done it finds the way: draw, evaluate, print, object, answer; each step leads to the next."""

import html
import re
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from knocks import signed_in
from page_form import form_at, send, words
from play import STORIES, Clock, Play, make_office

pytestmark = pytest.mark.django_db
BATCH = "上半年案卷评查"


def closed(locality: str, clock: Clock) -> Play:
    """A case played to its end."""
    procedure, steps = STORIES["summary"]
    play = Play(make_office(locality), procedure, steps, clock)
    clock.now = play.moment
    play.until()
    return play


def filled(desk: Client, address: str, **said: str) -> str:
    """The form at an address sent with these words; where it leads."""
    form = form_at(desk, address)
    for name, value in said.items():
        form.put(name, value)
    done = send(desk, form)
    assert done.status_code == 302, words(done)
    return str(done["Location"])


def led(desk: Client, address: str, text: str) -> str:
    """Where the link with these words leads, on the page at an address."""
    page = desk.get(address).content.decode()
    found = re.search(rf'href="([^"]*)">{text}</a>', page)
    assert found, html.unescape(re.sub(r"<[^>]+>", " ", page))
    return html.unescape(found[1])


@pytest.mark.parametrize("locality", ["lingchuan", pytest.param("laizhou", marks=pytest.mark.deep)])
def test_each_step_of_an_evaluation_leads_to_the_next(locality: str, clock: Clock) -> None:
    play = closed(locality, clock)
    people, register = play.office.people, "/desk/evaluation/"
    desk = signed_in(people["legal-reviewer"])
    assert "还没有评查过案卷" in desk.get(register).content.decode()
    day = str(play.case.state["since"])[:10]
    told = {"batch": BATCH, "first": "2026-01-01", "last": day, "size": "1", "seed": "七月"}
    assert filled(desk, led(desk, register, "抽取评查案卷"), **told) == register
    address = led(desk, register, "登记评查结果")
    assert form_at(desk, address).values["batch"] == [BATCH]
    opinion = {"opinions-0-项目": "说理充分，裁量适当", "opinions-0-意见": "另行扣分", "opinions-0-扣分": "1"}
    said = {**opinion, "opinions-0-理由": "裁量理由写得简单", "conclusion": "程序合法，说理可以加强"}
    assert filled(desk, address, **said) == register
    assert "已评查" in desk.get(register).content.decode()
    sheet = led(desk, register, "评查表")
    page = html.unescape(desk.get(sheet).content.decode())
    assert all(text in page for text in ("99", "优秀", "程序合法，说理可以加强", "裁量理由写得简单"))
    head = signed_in(people["agency-head"])
    assert filled(head, led(head, register, "提出异议"), reason="理由已经写明") == register
    answer = {"upheld": "falls", "conclusion": "采纳异议"}
    assert filled(desk, led(desk, sheet, "答复异议"), **answer) == register
    assert "异议：理由已经写明；答复：采纳异议" in html.unescape(desk.get(sheet).content.decode())
    pdf = desk.get(led(desk, sheet, "下载评查表（PDF）"))
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(pdf.content)).pages)
    assert all(
        one in text
        for one in ("行政执法案卷评查表", BATCH, "采纳异议", "单位意见", "程序合法，说理可以加强", "签名")
    )


def test_a_file_that_nobody_evaluated_prints_what_the_program_finds_today(clock: Clock) -> None:
    play = closed("huantai", clock)
    desk = signed_in(play.office.people["legal-reviewer"])
    page = desk.get(f"/desk/cases/{play.case_id}/evaluation/").content.decode()
    assert "还没有评查" in page and "没有发现问题" in page
    pdf = desk.get(f"/desk/cases/{play.case_id}/evaluation.pdf")
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(pdf.content)).pages)
    assert "还没有评查人的意见" in text
