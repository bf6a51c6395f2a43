"""What a complaint told stays with the handlers and heads: no paper repeats it to the party or to another organ."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from clockwork import Clock
from knocks import signed_in
from play import Play, make_office, play_of
from sanxiang.cases.models import Paper
from side_stories import BOOK

pytestmark = pytest.mark.django_db

TOLD = "孟某是当事人的会计，家住河东村，当面反映"
CLUE = {"source": "complaint", "summary": f"{TOLD}其雇主倾倒渣土。", "informant": "孟小禾"}
WITHOUT = {"proposal": None}
"""No penalty is proposed, so no proposal states the facts."""
LEAVING = {
    "spared": ("enter-execution", "no-penalty-decision"),
    "transferred": ("", "transfer-letter"),
    "criminal": ("record-police-reply", "crime-transfer"),
    "designated": ("", "jurisdiction-notice"),
    "assigned": ("", "assignment-notice"),
}
"""Stories that issue a paper about a case without a penalty, up to where, and the paper."""


def begun(story: str, clock: Clock, **clue: Any) -> Play:
    """A side story that began with this clue."""
    play = play_of(make_office("kaiyuan"), story, clock, book=BOOK)
    play.step(**{**CLUE, **clue})
    return play


def printed(play: Play, kind: str, who: str = "agency-head") -> str:
    """What the paper says, read from the PDF that the API serves, without blanks."""
    paper = Paper.objects.get(case=play.case_id, kind=kind)
    answer = signed_in(play.person(who)).get(f"/api/v1/cases/{play.case_id}/papers/{paper.id}.pdf")
    assert answer.status_code == 200
    pages = PdfReader(io.BytesIO(b"".join(answer))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def seen(play: Play, who: str) -> str:
    """The case as somebody is shown it, on the desk and by the API."""
    client = signed_in(play.person(who))
    addresses = ("/desk/cases/{}/", "/api/v1/cases/{}", "/api/v1/cases/{}/timeline")
    return "".join(client.get(a.format(play.case_id)).content.decode() for a in addresses)


@pytest.mark.parametrize("story", LEAVING)
def test_no_paper_that_leaves_the_agency_repeats_the_complaint(clock: Clock, story: str) -> None:
    play = begun(story, clock)
    end, kind = LEAVING[story]
    play.until(end, conclude_investigation=WITHOUT)
    text = printed(play, kind)
    assert "当事人在河边设有取水设施一处" in text
    assert "反映" not in text and "会计" not in text


def test_the_form_for_no_penalty_asks_for_the_facts_found(clock: Clock) -> None:
    play = begun("spared", clock)
    play.until("decide-no-penalty", conclude_investigation=WITHOUT)
    client = signed_in(play.person("agency-head"))
    assert "查明的事实" in client.get(f"/desk/cases/{play.case_id}/acts/decide-no-penalty/").content.decode()
    with pytest.raises(Exception, match="查明的事实"):
        play.step(found="")


def test_the_forms_in_the_file_leave_the_complaint_out_and_stay_readable(clock: Clock) -> None:
    play = begun("spared", clock)
    play.step()
    for kind in ("source-form", "filing-form"):
        for who in ("agency-head", "officer3"):
            text = printed(play, kind, who)
            assert "另行保密保存" in text and "会计" not in text


def test_the_form_for_filing_says_what_the_check_found(clock: Clock) -> None:
    """The head decides by it; of the complaint itself it says nothing."""
    play = begun("spared", clock)
    two = [str(play.person(name).pk) for name in ("officer1", "officer2")]
    play.do("preliminary-check", "officer1", officers=two, record="河边有取水管一根，正在取水")
    play.step()
    text = printed(play, "filing-form", "agency-head")
    assert "初步核查" in text and "河边有取水管一根，正在取水。" in text and "会计" not in text


@pytest.mark.parametrize("who", ["officer3", "archivist", "legal-reviewer"])
def test_the_complaint_is_hidden_where_the_informant_is(clock: Clock, who: str) -> None:
    play = begun("spared", clock)
    play.until("decide-no-penalty", conclude_investigation=WITHOUT)
    assert "会计" in seen(play, "officer1")
    assert "会计" not in seen(play, who)


def test_a_clue_that_nobody_reported_is_no_secret(clock: Clock) -> None:
    play = begun("spared", clock, source="inspection", summary="巡查发现渣土一堆。", informant="")
    play.step()
    assert "巡查发现渣土一堆" in seen(play, "officer3")
    assert "巡查发现渣土一堆" in printed(play, "filing-form", "officer3")


def test_an_informant_beside_another_source_hides_the_clue_too(clock: Clock) -> None:
    play = begun("spared", clock, source="transfer")
    assert "会计" in seen(play, "agency-head")
    assert "会计" not in seen(play, "officer3")
