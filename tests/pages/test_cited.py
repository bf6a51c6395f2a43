"""A refusal cites what the law says of the thing in hand: not one article for every list, nor that of penalties for every voice."""

from uuid import uuid4

import pytest
from django.test import Client

from board import publish
from cast import Cast

pytestmark = pytest.mark.django_db


def refused(cast: Cast, act: str, **said: str) -> str:
    """What the desk says to an act that is refused."""
    desk = Client()
    desk.force_login(cast.reviewer)
    answer = desk.post(f"/desk/admin/acts/{act}/", {**said, "nonce": uuid4().hex})
    assert answer.status_code == 422, answer.content.decode()
    return answer.content.decode()


def test_a_refusal_about_a_list_cites_what_asks_for_that_list(cast: Cast) -> None:
    """Nothing was published of these kinds: each is refused under its own article."""
    for kind, article in (
        ("benchmarks", "《行政处罚法》第三十四条"),
        ("monitor-sites", "《行政处罚法》第四十一条"),
        ("guide", "《行政许可法》第三十条"),
        ("charges", "《政府信息公开条例》第二十条"),
        ("random-items", "118号"),
        ("officers", "118号"),
    ):
        page = refused(cast, "withdraw-register", kind=kind, ground="ended", reason="不再适用")
        told = page[page.index("没有公布") :]
        assert article in told and "第三十九条" not in told, kind


def test_only_a_voice_about_a_penalty_stands_under_the_law_of_penalties(cast: Cast) -> None:
    """Too short a text is refused under what gives the right to speak of that thing."""
    fined, allowed = publish(cast.bureau, 1), publish(cast.bureau, 2, act_type="licence")
    for about, key, article in (
        ("decision", str(fined.pk), "《行政处罚法》第七十五条"),
        ("decision", str(allowed.pk), "《政府信息公开条例》第五十一条"),
        ("list", f"{cast.bureau.pk}/items", "《政府信息公开条例》第五十一条"),
    ):
        page = refused(cast, "register-voice", kind="complaint", about=about, key=key, text="短", via="phone")
        assert article in page, (about, article)
        assert ("第七十五条" in page) == ("处罚法" in article), about
    page = refused(cast, "register-voice", kind="complaint", about="agency", text="短", via="phone")
    assert "太短" in page and "第七十五条" not in page
