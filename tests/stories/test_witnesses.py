"""Witnesses are hidden inside the case: from colleagues and editors always, from reviewers and archivists until it is their turn."""

import io
from typing import Any

import pytest
from django.test import Client

from clockwork import Clock
from knocks import fact_of, refused_everywhere, signed_in
from play import STORIES, Play, make_office, play_of
from sanxiang.cases.models import Evidence, Paper
from sanxiang.cases.recording.receiving import receive
from sanxiang.door.models import Refusal

pytestmark = pytest.mark.django_db

SECRET = ("王五", "赵六", "隔壁摊主", "问：看见了什么")
"""Who testified, who was shown a certificate, how they stand to the case, what was asked and answered."""
STRANGERS = ("officer3", "disclosure-editor", "archivist", "legal-reviewer")


def with_witnesses(clock: Clock) -> Play:
    """An ordinary case with a testimony on file, a witness who was shown the certificates and one who was questioned."""
    play = play_of(make_office("kaiyuan"), "ordinary", clock, book=STORIES)
    play.until("interview")
    both = [play.office.id("officer1"), play.office.id("officer2")]
    named = [{"name": "赵六", "relation": "隔壁摊主"}]
    play.do("show-certificate", "officer1", officers=both, shown_to=named, mode="shown", place="河边")
    kept = receive(io.BytesIO("我看见了。".encode()), "王五证言.txt", "text/plain")
    told = {"title": "王五的证言", "proves": "王五看见排污", "source_of": "王五自己写", "files": [kept]}
    play.do("add-evidence", "officer1", officers=both, kind="testimony", **told)
    seen = receive(io.BytesIO(b"jpeg"), "赵六.jpg", "image/jpeg")
    play.step(interviewee="赵六", relation="隔壁摊主", record="问：看见了什么？答：有人排污。", photos=[seen])
    return play


def read_by(play: Play, who: str) -> tuple[str, Client]:
    """Everything that somebody is shown of the case, on the desk and by the API."""
    client = signed_in(play.person(who))
    addresses = ("/desk/cases/{}/", "/api/v1/cases/{}", "/api/v1/cases/{}/timeline")
    answers = [client.get(address.format(play.case_id)) for address in addresses]
    assert [a.status_code for a in answers] == [200, 200, 200]
    return "".join(a.content.decode() for a in answers), client


def opened(play: Play, client: Client) -> set[int]:
    """What came back for each file of a witness and each record of what one said."""
    here = f"/desk/cases/{play.case_id}"
    files = Evidence.objects.filter(case=play.case_id, filename__in=("王五证言.txt", "赵六.jpg"))
    papers = Paper.objects.filter(case=play.case_id, kind="interview-record")
    found = [client.get(f"{here}/evidence/{e.id}/").status_code for e in files]
    found += [client.get(f"{here}/papers/{p.id}.pdf").status_code for p in papers]
    found += [client.get(f"/api/v1/cases/{play.case_id}/papers/{p.id}.pdf").status_code for p in papers]
    assert len(found) == 4
    return set(found)


@pytest.mark.parametrize("who", STRANGERS)
def test_who_does_not_handle_the_case_learns_of_no_witness(clock: Clock, who: str) -> None:
    play = with_witnesses(clock)
    text, client = read_by(play, who)
    assert [word for word in SECRET if word in text] == []
    assert opened(play, client) == {403}


@pytest.mark.parametrize("who", ["officer1", "unit-head", "agency-head"])
def test_handlers_and_heads_see_the_witnesses(clock: Clock, who: str) -> None:
    play = with_witnesses(clock)
    text, client = read_by(play, who)
    assert [word for word in SECRET if word not in text] == []
    assert opened(play, client) == {200}


def test_a_site_record_and_other_evidence_stay_in_sight(clock: Clock) -> None:
    play = with_witnesses(clock)
    both = [play.office.id("officer1"), play.office.id("officer2")]
    told = {"title": "取水许可证复印件", "proves": "没有许可", "source_of": "现场提取"}
    play.do("add-evidence", "officer1", officers=both, kind="documentary", **told)
    text, _ = read_by(play, "officer3")
    record = next(s.data(play.office, None)["record"] for s in play.steps if s.act == "inspect")
    assert record[:12] in text and "取水许可证复印件" in text


def test_reviewers_see_the_witnesses_once_they_have_the_case_and_archivists_once_it_is_closed(
    clock: Clock,
) -> None:
    play = with_witnesses(clock)
    play.until("give-opinion")
    assert "赵六" in read_by(play, "legal-reviewer")[0]
    assert "赵六" not in read_by(play, "archivist")[0]
    play.until("archive")
    assert play.case.closed
    text, client = read_by(play, "archivist")
    assert [word for word in SECRET if word not in text] == []
    assert opened(play, client) == {200}
    assert "赵六" not in read_by(play, "disclosure-editor")[0]


def told_of_refusals(play: Play) -> str:
    """What the door kept of refused attempts, and what their page says to who supervises."""
    page = signed_in(play.person("agency-head")).get("/desk/refusals/").content.decode()
    assert "询问" in page
    return page + "".join(str(row.verdicts) for row in Refusal.objects.all())


def test_a_refusal_names_nobody_who_testified_or_was_shown_a_certificate(clock: Clock) -> None:
    play = with_witnesses(clock)
    record = next(s for s in play.steps if s.act == "interview").data(play.office, None)
    told = {**record, "interviewee": "钱七", "relation": "路人", "record": "问：看见了什么？答：没有看清。"}
    stranger = refused_everywhere(play.attempt("interview", "archivist", **told))
    assert stranger.guards == {"role"}, "who has no say in it learns nothing else"
    handler = refused_everywhere(play.attempt("interview", "officer1", **told))
    assert "被询问人" in fact_of(handler, "shown-at-interview")
    for answer in (stranger, handler):
        assert [word for word in (*SECRET, "钱七") if word in str(answer.refused)] == []
    assert [word for word in (*SECRET, "钱七") if word in told_of_refusals(play)] == []


def test_what_prints_the_list_of_evidence_is_closed_where_it_names_a_witness(clock: Clock) -> None:
    play = with_witnesses(clock)
    play.until("submit-for-review")
    report = Paper.objects.get(case=play.case_id, kind="investigation-report")
    address = f"/desk/cases/{play.case_id}/papers/{report.id}.pdf"
    codes: dict[str, Any] = {
        who: signed_in(play.person(who)).get(address).status_code for who in ("officer1", "officer3")
    }
    assert codes == {"officer1": 200, "officer3": 403}
