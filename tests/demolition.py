"""A case in which a building is to be pulled down: told of, decided, served."""

from typing import Any

from play import Clock, Play, make_office
from sanxiang.demo import stories
from side_stories import BOOK

DEMOLITION = {
    "kinds": ["other"],
    "fine": "",
    "other": "责令限期拆除在非法占用的土地上新建的建筑物",
    "violated": "《中华人民共和国土地管理法》第四十四条",
    "basis": "《中华人民共和国土地管理法》第七十七条",
    "perform_by": "自收到本决定书之日起十五日内自行拆除。",
    "perform_days": 15,
}


def told(locality: str, clock: Clock, story: str = "hearing", **more: Any) -> Play:
    """A case of that locality in which the demolition is proposed, drafted and told; before the next step."""
    procedure, steps = BOOK[story]
    play = Play(make_office(locality), procedure, steps, clock)
    plan = {**stories.penalty("0", ("other",)), **DEMOLITION, **more}
    play.until("notify-penalty", conclude_investigation={"proposal": plan}, draft_decision={"decision": plan})
    return play


def served(locality: str, clock: Clock, **more: Any) -> Play:
    """The decision is made, with hearing and review where they are due, and served; execution has begun."""
    play = told(locality, clock, **more)
    executing(play)
    assert play.case.stage == "execution"
    return play


def executing(play: Play) -> None:
    """Play on to the payment; where there is nothing to pay nobody is called to, and the publication is left out."""
    play.until("enter-execution")
    play.step()
    if "payment-notice" in play.case.state["papers"]:
        play.step()
    play.position = play.find("record-payment")
