"""How the pages about a paper's standing, an archived file's custody and a scheme's phases look at every width."""

from datetime import timedelta

import pytest
from django.test import Client
from seen import faults_seen

from knocks import signed_in
from play import STORIES, Clock, Play, make_office
from sanxiang.cases.models import Paper
from side_stories import REASON

pytestmark = pytest.mark.django_db


def test_they_fit_every_width_and_anybody_can_use_them(clock: Clock) -> None:
    """A file in its place, one that is out and late, a form sent half empty; a paper that stands and one that was corrected."""
    office = make_office("huantai")
    play = Play(office, *STORIES["summary"], clock)
    play.until()
    clock.now = play.moment
    client, pages = signed_in(play.person("archivist")), dict[str, str]()
    here = f"/desk/cases/{play.case_id}/file/"
    due = play.moment.date() + timedelta(days=3)
    pages[f"{here}?in"] = client.get(here).content.decode()
    pages[f"{here}?wrong"] = client.post(here, {"borrower": "很长的单位名称" * 5}).content.decode()
    lent = {"borrower": "审计局蓝溪", "purpose": "核对罚没收入" * 20, "due": due.isoformat()}
    assert client.post(here, lent).status_code == 302
    clock.now = play.moment + timedelta(days=9)
    pages[here] = signed_in(play.person("archivist")).get(here).content.decode()
    assert "逾期未还" in pages[here] and 'role="alert"' in pages[f"{here}?wrong"]
    paper = Paper.objects.get(case=play.case_id, kind="spot-decision")
    asked = f"/verify/?paper={paper.pk}"
    pages[asked] = Client().get(asked).content.decode()
    play.at(clock.now)
    play.do("correct-paper", "agency-head", paper="spot-decision", wrong="5号", right="6号", **REASON)
    pages[f"{asked}&again"] = Client().get(asked).content.decode()
    assert "不是现行文本" in pages[f"{asked}&again"]
    for locality in ("huantai", "kaiyuan"):
        person = (office if locality == "huantai" else make_office(locality)).people["officer1"]
        pages[f"/desk/scheme/phases/?{locality}"] = (
            signed_in(person).get("/desk/scheme/phases/").content.decode()
        )
    assert not (found := faults_seen(pages)), "\n".join(found)
