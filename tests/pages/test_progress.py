"""办理进度: a party reads how its case stands and what it may do now, by the case's code and its own number, and nothing else."""

import time
from datetime import timedelta

import pytest
from django.test import Client

from knocks import signed_in
from page_form import words
from play import Clock
from sanxiang.door.intake import NO_TAKES
from sanxiang.ledger.access_row import Access
from speaking import FIRM, asked, case_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "locality",
    [
        pytest.param(name, marks=pytest.mark.carries(row, locality=name), id=name)
        for name, row in (("dongying", "DY-040"), ("lingchuan", "LC-024"))
    ],
)
def test_the_right_code_and_number_show_the_stage_and_wrong_ones_nothing(locality: str, clock: Clock) -> None:
    play = case_at(locality, clock, "decide")
    case, facts = play.case, play.case.state["facts"]
    stages = dict(play.pack.procedures["ordinary"].stages)
    page = words(asked(case.code.lower(), FIRM))
    assert stages[case.stage] in page and "下一步" in page and case.agency.name in page
    inside = (
        case.number,
        str(facts.get("cause")),
        play.person("officer1").name,
        facts["party"]["name"],
        FIRM,
    )
    assert not [text for text in inside if text and text in page.split("<form")[0]]
    assert Access.objects.filter(case=case.pk, kind="requests", result="served", reason="party").count() == 1

    nothing = {
        words(asked(*pair)).split("<form")[0]
        for pair in ((case.code, "911100000000000000"), ("ZZZZZZZZ", FIRM))
    }
    (alone,) = nothing
    assert not [text for text in (*stages.values(), case.title, FIRM) if text in alone]
    assert "证件号码" in words(Client().get(f"/progress/?code={case.code}"))
    for _ in range(4):
        assert asked(case.code, "911100000000000000").status_code == 422
    assert asked(case.code, FIRM).status_code == 422
    assert asked(case.code, FIRM, "198.51.100.4").status_code == 200
    clock.now += timedelta(minutes=31)
    assert asked(case.code, FIRM).status_code == 200


def test_every_no_takes_as_long(clock: Clock) -> None:
    """Unknown code, wrong number, and shut out: the speed of the answer tells nothing."""
    play = case_at("dongying", clock, "decide")
    taken = []
    for code, number in (
        (play.case.code, "0"),
        ("ZZZZZZZZ", "0"),
        (play.case.code, ""),
        *[(play.case.code, "0")] * 5,
    ):
        began = time.monotonic()
        assert asked(code, number).status_code == 422
        taken.append(time.monotonic() - began)
    assert min(taken) >= NO_TAKES


def test_what_the_party_may_do_now_is_told_with_days_and_articles(clock: Clock) -> None:
    """After the decision was served: the period to pay, how to put it off, and the remedies as the decision states them."""
    play = case_at("kaiyuan", clock, "record-payment")
    page = words(asked(play.case.code, FIRM))
    assert "缴纳罚款" in page and "《行政处罚法》第六十七条" in page and "还有" in page
    assert "延期或者分期缴纳" in page and "《行政处罚法》第六十六条第二款" in page
    assert "申请行政复议" in page and play.case.agency.review_body in page and play.case.agency.phone in page


def test_a_slip_is_printed_for_whoever_has_no_telephone(clock: Clock) -> None:
    play = case_at("dongying", clock, "record-payment")
    here = f"/desk/cases/{play.case_id}/slip/"
    page = words(signed_in(play.person("officer1")).get(here))
    assert (
        play.case.code in page
        and "您的期限" in page
        and play.case.agency.phone in page
        and "/progress/" in page
    )
    assert Access.objects.filter(case=play.case_id, kind="slip").count() == 1
    assert f'href="{here}"' in words(signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/"))


def test_a_code_typed_in_full_width_is_the_same_code(clock: Clock) -> None:
    """As Chinese keyboards write it, on the page of the case's state and on that of its file."""
    play = case_at("dongying", clock, "decide")
    wide = {
        ord(sign): ord(sign) + 0xFEE0 for sign in f"{play.case.code}{FIRM}".lower() + play.case.code + FIRM
    }
    code, number = play.case.code.lower().translate(wide), FIRM.translate(wide)
    assert code != play.case.code.lower() and number != FIRM
    assert "下一步" in words(asked(code, number))
    told = {"code": f" {code}", "id_number": number}
    assert Client().post("/party/", told).status_code == 200


@pytest.mark.parametrize("path", ["/progress/", "/voices/", "/apply/", "/repair/", "/inspection/own/"])
def test_search_engines_find_the_form_and_nothing_that_was_asked(path: str) -> None:
    assert "X-Robots-Tag" not in Client().get(path).headers
    assert Client().get(f"{path}?code=X").headers["X-Robots-Tag"] == "noindex"
    assert Client().post(path, {"code": "X"}).headers["X-Robots-Tag"] == "noindex"
