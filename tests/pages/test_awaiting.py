"""等待签名的文书: signatures begin at the paper. The steps of a case do not offer them, its page lists what still wants a name."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hands import OTHER, STROKES, interviewed
from knocks import signed_in
from play import STORIES, Clock, Play, make_office
from publishing import supervisor_above
from sanxiang.cases.models import Paper

pytestmark = pytest.mark.django_db

RAW = ("sign-paper", "certify-paper", "refuse-signature", "attach-scan")


@pytest.fixture
def play(clock: Clock, settings: Any) -> Play:
    """An ordinary case of 开原 after the interview."""
    settings.SEAL_URL = settings.SEAL_ROOTS = ""
    return interviewed(clock)


def page(play: Play, who: str = "officer1") -> str:
    """The case page as this person has it."""
    return str(signed_in(play.person(who)).get(f"/desk/cases/{play.case_id}/").content.decode())


def panel(text: str) -> str:
    """The part that lists what waits for a name."""
    return text.partition('id="signing"')[2].partition("</section>")[0]


def lines(text: str) -> dict[str, str]:
    """Each paper of the list by its title."""
    rows = panel(text).split("<li>")[1:]
    return {re.findall(r">([^<]+)</a>", row)[0]: row for row in rows}


def test_the_page_lists_what_waits_and_leads_to_the_paper(play: Play) -> None:
    text = page(play)
    for act in RAW:
        assert f"/acts/{act}/" not in text, act
    row = Paper.objects.get(case=play.case_id, kind="interview-record")
    line = lines(text)["询问笔录"]
    assert "被询问人：由当事人一方签" in line and "询问人：由执法机关人员签" in line
    client = signed_in(play.person("officer1"))
    for part in ("sign", "scan"):
        address = f"/desk/cases/{play.case_id}/papers/{row.pk}/{part}/"
        assert f'href="{address}"' in line and client.get(address).status_code == 200


def test_a_paper_leaves_the_list_when_all_have_signed_or_its_scan_is_on_file(play: Play) -> None:
    row = Paper.objects.get(case=play.case_id, kind="interview-record")
    told = {"paper_id": str(row.pk), "paper_digest": row.digest, "signer": "顾长庚"}
    play.do("sign-paper", "officer1", **told, place="被询问人", signs_as="party", strokes=STROKES)
    line = lines(page(play))["询问笔录"]
    assert "还没有签齐" in line and "被询问人" not in line
    play.do("sign-paper", "officer1", **told, place="询问人", signs_as="officer", strokes=OTHER)
    left = [one["place"] for one in play.case.state["signatures"]]
    assert left == ["被询问人", "询问人"] and "询问笔录" not in lines(page(play))
    notice = Paper.objects.get(case=play.case_id, kind="on-site-notice")
    assert notice.label in lines(page(play))
    form = {
        "paper_digest": notice.digest, "signed_on": play.moment.date().isoformat(), "original_at": "档案室3号柜", "witnessed": "no",
        "scan": SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf"),
    }  # fmt: skip
    address = f"/desk/cases/{play.case_id}/papers/{notice.pk}/scan/"
    assert signed_in(play.person("officer1")).post(address, form).status_code == 302
    assert notice.label not in lines(page(play))


def test_the_raw_address_leads_to_the_list_and_says_why(play: Play) -> None:
    client = signed_in(play.person("officer1"))
    for act in RAW:
        answer = client.get(f"/desk/cases/{play.case_id}/acts/{act}/")
        assert answer.status_code == 302 and answer["Location"] == f"/desk/cases/{play.case_id}/#signing"
        shown = client.get(answer["Location"]).content.decode()
        label = play.pack.acts[act].label
        assert f"“{label}”从文书开始" in shown and 'id="signing"' in shown


def test_nothing_waits_is_said_and_who_only_watches_gets_no_list(clock: Clock) -> None:
    procedure, steps = STORIES["ordinary"]
    story = Play(make_office("kaiyuan"), procedure, steps, clock)
    clock.now = story.moment
    story.step()
    Paper.objects.filter(case=story.case_id).update(status="void", n=story.case.n + 1)
    assert "没有等待签名的文书" in panel(page(story))
    above = signed_in(supervisor_above(story.office.agency))
    shown = above.get(f"/desk/cases/{story.case_id}/")
    assert shown.status_code == 200 and 'id="signing"' not in shown.content.decode()


def test_along_go_no_forms_that_need_a_paper_on_the_screen(play: Play) -> None:
    client = signed_in(play.person("officer1"))
    told = client.post(
        f"/desk/cases/{play.case_id}/along/",
        {"device": "3f0f6a52-6a2e-4b1e-9a36-0d3f0e1c2b3a", "name": "外勤手机"},
    ).json()
    assert told["forms"] and not {one["act"] for one in told["forms"]} & set(RAW)
    assert "等待签名的文书" in told["html"] and "询问笔录" in told["html"]


def test_the_name_of_who_is_known_stands_there_already(play: Play) -> None:
    """The interviewee at their place, the officer at an officer's, whoever stands for the party at the party's."""
    client = signed_in(play.person("officer1"))

    def signer(kind: str, place: str) -> str:
        row = Paper.objects.get(case=play.case_id, kind=kind)
        shown = client.get(f"/desk/cases/{play.case_id}/papers/{row.pk}/sign/?place={place}")
        return re.findall(r'name="signer"[^>]* value="([^"]*)"', shown.content.decode())[0]

    said = next(step for step in play.steps if step.act == "interview").data(play.office, play.case)
    assert signer("interview-record", "被询问人") == said["interviewee"]
    assert signer("interview-record", "询问人") == play.person("officer1").name
    party = play.case.state["facts"]["party"]
    assert signer("on-site-notice", "当事人") in {party["name"], party.get("legal_rep")} - {""}
    row = Paper.objects.get(case=play.case_id, kind="interview-record")
    address = f"/desk/cases/{play.case_id}/papers/{row.pk}/sign/"
    wrong = {
        "way": "hand",
        "place": "询问人",
        "signs_as": "officer",
        "paper_digest": "0" * 64,
        "signer": "甲乙",
    }
    assert 'value="甲乙"' in client.post(address, wrong).content.decode(), "what was typed stays"
