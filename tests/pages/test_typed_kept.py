"""The day's reason lapses while somebody fills in a form: what they typed survives the question why, and nothing is done meanwhile."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from knocks import BACKEND, HANDLER
from play import Clock, Play, make_office
from publishing import begun
from reader import WHY
from sanxiang.cases.models import Paper
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Act

pytestmark = pytest.mark.django_db
TYPED = {
    "erase_what": "reporter",
    "erasure_ground": "third",
    "erasure_basis": "《个人信息保护法》第四十七条",
    "reason": "写了半小时的理由\r\n第二行 <b>与“引号”",
    "on": "",
}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def play(clock: Clock) -> Play:
    """A case decided on the spot, late in the evening."""
    play = begun(make_office("laizhou"), "summary", clock, until="serve-on-spot")
    clock.now = clock.now.replace(hour=23, minute=50)
    return play


def hidden_in(answer: Any) -> dict[str, str]:
    """The hidden fields of a page's own form."""
    found = HIDDEN.findall(answer.content.decode())
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def signed_in(play: Play, who: str) -> Client:
    """A browser in which nobody answers the question why of their own accord."""
    client = Client()
    client.handler = HANDLER
    client.force_login(play.person(who), BACKEND)
    return client


def late(play: Play, clock: Clock, at: str) -> Any:
    """Whoever has no duty says why before midnight, opens the form, and is not ready before the day is over."""
    client = signed_in(play, "officer3")
    client.post(client.get(at)["Location"], WHY)
    clock.now += timedelta(minutes=15)
    return client


def test_what_was_typed_survives_the_question(play: Play, clock: Clock) -> None:
    at = f"/desk/cases/{play.case_id}/acts/propose-erasure/"
    client, acts = late(play, clock, at), Act.objects.count()
    asked = client.post(at, {**TYPED, "nonce": "n" * 22})
    assert asked.status_code == 403 and "为什么调阅这个案件" in asked.content.decode()
    assert "填写的内容都保留着" in asked.content.decode()
    kept = hidden_in(asked)
    assert set(kept) == {"next", "typed"} and kept["next"] == at
    why = f"/desk/cases/{play.case_id}/why/"
    wrong = client.post(why, {**kept, **WHY, "text": ""})
    assert wrong.status_code == 422 and hidden_in(wrong) == kept  # a slip there loses nothing either
    offered = client.post(why, {**kept, **WHY})
    again = hidden_in(offered)
    assert (
        again == {**TYPED, "nonce": "n" * 22, "more": "kept"} and f'action="{at}"' in offered.content.decode()
    )
    form = client.post(at, again)
    shown = html.unescape(form.content.decode())
    assert form.status_code == 200 and "写了半小时的理由\r\n第二行 <b>与“引号”" in shown.replace(
        "\n", "\r\n"
    ).replace("\r\r", "\r")
    assert 'value="third" checked' in shown or 'value="third" selected' in shown
    assert Act.objects.count() == acts


def test_copies_are_printed_once_the_question_is_answered(play: Play, clock: Clock) -> None:
    """No form to look over: the same request is sent again."""
    paper = Paper.objects.filter(case=play.case_id).earliest("n")
    at = f"/desk/cases/{play.case_id}/papers/{paper.pk}/print/"
    client = late(play, clock, f"/desk/cases/{play.case_id}/papers/{paper.pk}/")
    kept = hidden_in(client.post(at, {"copies": "3"}))
    offered = client.post(f"/desk/cases/{play.case_id}/why/", {**kept, **WHY})
    assert hidden_in(offered) == {"copies": "3"}
    assert client.post(at, hidden_in(offered)).status_code == 200
    assert Access.objects.get(kind="print").copies == 3


def test_what_comes_back_damaged_leads_on(play: Play) -> None:
    """Whatever somebody puts in the place of the typed text."""
    client, why = signed_in(play, "officer3"), f"/desk/cases/{play.case_id}/why/"
    for strange in ("{", "[]", "[1, 2]", '[{"a": 1}, false]', "null", '["a", true]'):
        answer = client.post(why, {**WHY, "typed": strange, "next": "/desk/tasks/"})
        assert (answer.status_code, answer["Location"]) == (302, "/desk/tasks/"), strange
