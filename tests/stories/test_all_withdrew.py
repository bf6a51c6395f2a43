"""A case all of whose handlers withdrew 回避 waits for new ones: meanwhile nobody records anything of the party in it."""

import pytest

from knocks import fact_of, refused_everywhere
from play import Clock, Play
from sanxiang.door.perform import open_acts
from told import played

pytestmark = pytest.mark.django_db


def without_handlers(clock: Clock) -> Play:
    """The notice is served; then both handlers withdraw."""
    play = played("ordinary", clock, until="decide")
    for who in ("officer1", "officer2"):
        told = {"recusal_of": play.office.id(who), "recusal_by": "party", "reason": "与当事人是近亲属"}
        play.do("request-recusal", who, **told)
        play.do("decide-recusal", "agency-head", granted=True, reason="情况属实")
    assert not play.case.state["handlers"]
    return play


@pytest.mark.parametrize("who", ["officer1", "officer3"])
@pytest.mark.parametrize("act", ["waive-defence", "waive-hearing"])
def test_nobody_waives_for_the_party(act: str, who: str, clock: Clock) -> None:
    play = without_handlers(clock)
    answer = refused_everywhere(play.attempt(act, who, waiver="书面放弃"))
    assert "handler-records" in answer.guards
    assert "不是本案承办人" in fact_of(answer, "handler-records")


def test_the_way_on_is_to_name_new_handlers(clock: Clock) -> None:
    play = without_handlers(clock)
    case = play.case
    (order,) = [one for one in open_acts(case, play.person("officer3")) if one.act.id == "order-correction"]
    (verdict,) = [one for one in order.unmet if one.guard == "correction.handlers"]
    assert "都不再承办" in verdict.fact and "变更承办人" in verdict.cure
