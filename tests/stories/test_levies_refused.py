"""What may not be levied, charged, taken or kept: refused by page, API and command alike, each under its own article."""

import pytest

from knocks import fact_of, refused_everywhere
from play import BUILT, Clock, Play, make_office, play_of
from publishing import published_late
from sanxiang.cases.models import Paper
from sanxiang.demo import levies, takings
from sanxiang.door.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.alike]
BOOK = {**levies.STORIES, **takings.STORIES}


def begun(locality: str, story: str, clock: Clock) -> Play:
    """A story before its first step, in an office with a list of charges."""
    office = make_office(locality)
    levies.release_charges(office, BUILT)
    return play_of(office, story, clock, book=BOOK)


def refused(play: Play, act: str, after: int | None = None, **changes: object) -> set[str]:
    """The rules that refuse the next step of that act when it is changed so; forgotten afterwards."""
    with play.branch():
        return set(refused_everywhere(play.knock(act, after=after, **changes)).guards)


def duties(play: Play) -> set[str]:
    """What is still on the list of things to do in this case."""
    return set(Task.objects.filter(case=play.case_id, closed_n=None).values_list("kind", flat=True))


def test_a_fee_is_charged_by_the_published_list_alone_and_goes_to_the_treasury(clock: Clock) -> None:
    play = begun("huantai", "fee", clock)
    play.until("levy-assess")
    assert refused(play, "levy-assess", fee_item="培训费") == {"fee.item-listed"}
    dear = [{"name": "登记费", "quantity": "2", "unit": "件", "standard": "80.01"}]
    assert refused(play, "levy-assess", lines=dear) == {"lev.standard-listed"}
    play.until("fee-decide")
    assert refused(play, "fee-decide", payment_code="9900002600000000001") == {"lev.code"}
    play.until("levy-payment")
    for account in ("own", "cash"):
        assert refused(play, "levy-payment", account_kind=account) == {"levy.to-treasury"}
    assert refused(play, "levy-payment", amount="80.01") == {"levy.payment-due"}
    assert "levy.close-paid" in refused(play, "lev-close")


def test_without_a_list_of_charges_nothing_is_charged(clock: Clock) -> None:
    play = play_of(make_office("dongying"), "fee", clock, book=BOOK)
    play.until("levy-assess")
    assert refused(play, "levy-assess") == {"fee.item-listed"}


def test_the_late_charge_is_what_the_days_come_to(clock: Clock) -> None:
    play = begun("laizhou", "levy", clock)
    play.until("levy-late")
    with play.branch():
        answer = refused_everywhere(play.knock("levy-late", late_charge="99"))
        assert answer.guards == {"levy.late-lawful"}
        assert "按日0.0005计算" in fact_of(answer, "levy.late-lawful")
    play.step()
    spans = play.case.state["facts"]["late_reckoning"]["spans"]
    assert [span["base"] for span in spans] == ["700"] and spans[0]["days"] > 0
    assert "按日加收" in str(Paper.objects.get(case=play.case_id, kind="levy-late-decision").content)


def test_a_requisition_is_not_forgotten(clock: Clock) -> None:
    """Only an organ that the law names decides; what was taken over stays a duty until it is back and compensated."""
    play = begun("lingchuan", "requisition", clock)
    play.until("req-issue")
    assert refused(play, "req-issue", organ_kind="town") == {"req.organ"}
    assert refused(play, "req-issue", organ_kind="flood-hq") == {"req.flood"}
    play.until("serve")
    assert "req.served" in refused(play, "req-take")
    play.until("req-call-back")
    assert {"return", "compensate"} <= duties(play)
    play.until("req-lose")
    assert "return" in duties(play)
    assert "req.all-back" in refused(play, "req-comp-draft")
    play.until("req-claim")
    assert "return" not in duties(play)
    assert "req.compensated" in refused(play, "req-close")
    play.until("req-close")
    published_late(play)  # all that is left besides
    assert duties(play) == set()


def test_land_is_taken_by_the_steps_and_days_of_the_law_in_the_name_of_the_government(clock: Clock) -> None:
    play = begun("laizhou", "land-levy", clock)
    play.until("land-draft-plan")
    # Announced on day 0, surveyed on day 2, assessed on day 5: the tenth working day is not yet over.
    assert refused(play, "land-draft-plan", after=5) == {"land.prenotice-run"}
    play.until("land-hearing")
    with play.branch():
        play.until("land-settle-plan", without=("land-hearing",))
        assert refused(play, "land-settle-plan", after=60) == {"land.heard"}
    play.until("land-settle-plan")
    assert refused(play, "land-settle-plan", after=0) == {"land.plan-run"}
    play.until("land-apply")
    assert refused(play, "land-apply", farmland_ha="35.01") == {"land.approver"}
    play.until("land-pay")
    told = Paper.objects.get(case=play.case_id, kind="land-comp-decision").content
    assert told["agency"] == "演示县人民政府"
    assert "演示市人民政府申请行政复议" in str(told) and "演示市中级人民法院" in str(told)
    assert "land.order-paid" in refused(play, "land-hand-over")
