"""Small things that pages say of themselves: each says what the program does, and keeps what was typed and chosen."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from copies_asked import with_photo
from knocks import signed_in
from page_form import words
from play import Clock, Play, make_office
from publishing import begun, supervisor_above
from sanxiang.demo import stories

pytestmark = pytest.mark.django_db


def test_the_log_names_the_address_at_which_it_is_read(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    told = "curl -O http://10.0.0.5:8461/log/checkpoint"
    settings.ADDRESS_TOLD, settings.PUBLIC_ADDRESS = False, "http://localhost:8000"
    page = Client().get("/log/", headers={"Host": "10.0.0.5:8461"}).content.decode()
    assert told in page and "localhost" not in page
    settings.ADDRESS_TOLD, settings.PUBLIC_ADDRESS = True, "https://zfgs.example.cn/"
    page = Client().get("/log/", headers={"Host": "10.0.0.5:8461"}).content.decode()
    assert "curl -O https://zfgs.example.cn/log/vkey" in page and "10.0.0.5" not in page


def test_a_reason_holds_while_one_is_signed_in_and_the_page_says_so(clock: Clock) -> None:
    play = with_photo(make_office("kaiyuan"), clock)
    above = supervisor_above(play.office.agency)
    case = f"/desk/cases/{play.case_id}/"

    def signed() -> Client:
        client = Client()
        client.force_login(above)
        return client

    client = signed()
    asked = client.get(case)["Location"]
    shown = words(client.get(asked))
    assert "本次登录内" in shown and "退出登录" in shown
    told = {"reason": "supervise", "text": "抽查", "ticket": "监督〔2026〕1号", "next": case}
    assert client.post(asked, told)["Location"] == case
    assert client.get(case).status_code == 200 and client.get(case).status_code == 200
    assert "/why/" in signed().get(case)["Location"], "another sign-in is asked again"


def test_an_open_case_is_looked_over_and_not_graded(clock: Clock) -> None:
    play = begun(make_office("kaiyuan"), "summary", clock, until="serve-on-spot")
    desk = signed_in(play.person("officer1"))
    here = f"/desk/cases/{play.case_id}"
    for page in (f"{here}/check/", f"{here}/evaluation/"):
        shown = words(desk.get(page))
        assert "未结案件只作预检" in shown and "不评分，不评等次" in shown, page
        assert "优秀" not in shown and "100 分" not in shown and "得分" not in shown, page
    pdf = PdfReader(BytesIO(desk.get(f"{here}/evaluation.pdf").content))
    text = "".join("".join(one.extract_text() for one in pdf.pages).split())
    assert "不评等次（未结案件只作预检）" in text and "优秀" not in text and "得分/分值" not in text
    play.until("")
    shown = words(signed_in(play.person("officer1")).get(f"{here}/check/"))
    assert "得分" in shown and "预检" not in shown


def chosen(page: str) -> dict[str, str]:
    """What each list of the filter shows."""
    found = re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S)
    return {name: "".join(re.findall(r'<option value="([^"]*)" selected', body)) for name, body in found}


def test_who_asks_for_archived_cases_gets_them_and_sees_the_range_it_stands_for(clock: Clock) -> None:
    play = begun(make_office("kaiyuan"), "summary", clock)
    play.until("")
    assert play.case.stage == "archived" and play.case.closed
    desk = signed_in(play.person("officer1"))
    for query in ("?stage=archived", "?stage=archived&show=&q=", "?stage=archived&show=all"):
        page = desk.get(f"/desk/cases/{query}").content.decode()
        assert f"/desk/cases/{play.case_id}/" in page, query
        assert chosen(page)["stage"] == "archived" and chosen(page)["show"] in ("closed", "all"), query
    assert f"/desk/cases/{play.case_id}/" not in desk.get("/desk/cases/").content.decode()
    assert chosen(desk.get("/desk/cases/?stage=handling").content.decode())["show"] == ""


def test_no_limit_is_said_to_be_none_and_nothing_is_beyond_it(clock: Clock) -> None:
    office = make_office("lingchuan")
    play = Play(replace(office, brigade=office.legal), "ordinary", stories.ordinary("2000", which=4), clock)
    clock.now = play.moment
    play.until("serve/2")
    shown = words(signed_in(office.people["agency-head"]).get("/desk/weak-links/"))
    assert "未设界限" in shown and "有缺口就列出" in shown
    assert "方案没有规定，本机关也没有设定" in shown and "方案未定" not in shown


def test_the_party_s_typing_survives_a_wrong_code() -> None:
    typed = {
        "code": "ABCDEFGHJK",
        "id_number": "91370000MA3C00003J",
        "wants": "处罚决定书",
        "contact": "信函",
        "look": "1",
    }
    answer = Client().post("/party/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "对不上任何案件" in page
    assert all(f'value="{typed[name]}"' in page for name in ("code", "id_number", "contact"))
    assert typed["wants"] in page and "no-store" in answer["Cache-Control"]
