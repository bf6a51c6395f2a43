"""How the recorded steps of a flawless case file are spoilt: steps left out, moved, dated otherwise, told otherwise."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import side_stories
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.oversight.evaluation.retrace import Step

Steps = list[Step]
Operator = Callable[[Steps, Office], Steps]
HEARD = ("request-hearing", "notify-hearing", "serve/hearing-notice", "hold-hearing", "report-hearing")
LIST_OF_GOODS = side_stories.goods({"place": "取水口", "keep_mode": "in-place", **stories.UNFILMED})


def contested() -> list[stories.Step]:
    """A hearing with what else a file may hold: an order to correct, evidence preserved and settled, a defence answered."""
    steps = stories.hearing("90000", which=3)
    own = side_stories.step
    stopped = side_stories.two({"correct_what": "停止取水", "correct_by": "2026-03-20"})
    inquiry = [
        own("order-correction", "officer1", stopped, 1),
        side_stories.service("correction-order", after=0),
        own("approve-preservation", "agency-head", side_stories.REASON),
        own("register-preservation", "officer1", LIST_OF_GOODS),
        side_stories.service("preservation-notice", after=0),
        own("decide-preservation", "agency-head", {"disposal": "held", **side_stories.REASON}, 5),
        side_stories.service("preservation-decision", after=0),
        own("check-correction", "officer1", {"record": "已经停止取水", "corrected": True}, 4),
    ]
    given_back = own(
        "dispose-property", "officer1", side_stories.two({"disposal": "returned", "record": "领回"})
    )
    acts = [step.act for step in steps]
    asked, asking, closing = acts.index("interview") + 1, acts.index("request-hearing"), acts.index("close")
    told = [*steps[:asked], *inquiry, *steps[asked:asking], *side_stories.defended()]
    return [*told, *steps[asking:closing], given_back, *steps[closing:]]


@dataclass(frozen=True)
class Base:
    """A flawless file: where it is kept, by which procedure, and its steps."""

    locality: str
    procedure: str
    steps: list[stories.Step]


BASES: dict[str, Base] = {
    "hearing": Base("kaiyuan", "ordinary", contested()),
    "ordinary": Base("kaiyuan", "ordinary", stories.ordinary("2000", which=2)),
    "summary": Base("kaiyuan", "summary", stories.summary("200")),
}
"""The flawless files that flaws are put into."""


@dataclass(frozen=True)
class Mutation:
    """A flaw: its name, the file that it is put into, the article that an evaluator would cite, and how it is put in."""

    name: str
    base: str
    article: str
    spoil: Operator


MUTATIONS: list[Mutation] = []


def flaw(base: str, article: str, name: str, *operators: Operator) -> None:
    """Enter a flaw in the list; several operators make one flaw together."""

    def spoil(steps: Steps, office: Office) -> Steps:
        for operator in operators:
            steps = operator(steps, office)
        return steps

    MUTATIONS.append(Mutation(name, base, article, spoil))


# How steps are found and changed.


def matches(step: Step, name: str) -> bool:
    """Whether it is the step of that name: an act, or `serve/` and a paper."""
    act, _, paper = name.partition("/")
    return step.act == act and (not paper or step.data.get("paper") == paper)


def place(steps: Steps, name: str) -> int:
    """Where that step stands; a name that matches nothing is a slip of the operator."""
    return next(i for i, step in enumerate(steps) if matches(step, name))


def without(*names: str) -> Operator:
    """Steps left out."""

    def operate(steps: Steps, office: Office) -> Steps:
        for name in names:
            place(steps, name)
        return [step for step in steps if not any(matches(step, name) for name in names)]

    return operate


def each(name: str, change: Callable[[Step, Office], Step]) -> Operator:
    """Each step of that name changed."""

    def operate(steps: Steps, office: Office) -> Steps:
        place(steps, name)
        return [change(step, office) if matches(step, name) else step for step in steps]

    return operate


def told(step: Step, changes: Mapping[str, Any]) -> Step:
    """The step with other data; None takes a field away, a mapping is put into the group of that name."""
    data = copy.deepcopy(dict(step.data))
    for field, value in changes.items():
        if value is None:
            data.pop(field, None)
        elif isinstance(value, dict):
            data[field] = {**data.get(field, {}), **value}
        else:
            data[field] = value
    return replace(step, data=data)


def tell(name: str, **changes: Any) -> Operator:
    """Other data in a step; a function is asked with the office."""

    def change(step: Step, office: Office) -> Step:
        return told(step, {k: v(office) if callable(v) else v for k, v in changes.items()})

    return each(name, change)


def planned(**changes: Any) -> Operator:
    """Another penalty from the proposal to the decision: notice and decision agree, both are wrong."""

    def operate(steps: Steps, office: Office) -> Steps:
        steps = tell("conclude-investigation", proposal=changes)(steps, office)
        return tell("draft-decision", decision=changes)(steps, office)

    return operate


def fined(fine: str) -> list[Operator]:
    """Another fine from the proposal to the payment."""
    return [planned(fine=fine), tell("record-payment", amount=fine)]


def on_spot(**changes: Any) -> Operator:
    """Another penalty on the spot."""
    return tell("decide-on-spot", decision=changes)


def fined_on_spot(fine: str) -> list[Operator]:
    """Another fine on the spot, told and paid as decided."""
    told_so = tell("tell-on-spot", told_fine=fine)
    return [told_so, on_spot(fine=fine), tell("record-payment", amount=fine)]


def redrafted(**changes: Any) -> Operator:
    """The draft changed after notice, defence, review and discussion, just before the decision."""

    def operate(steps: Steps, office: Office) -> Steps:
        there = place(steps, "decide")
        draft = told(steps[place(steps, "draft-decision")], {"decision": changes})
        draft = dated(draft, steps[there].at - timedelta(minutes=5))
        return [*steps[:there], draft, *steps[there:]]

    return operate


def by(name: str, who: str, **changes: Any) -> Operator:
    """Somebody else does the step."""

    def change(step: Step, office: Office) -> Step:
        person = office.people[who]
        mine = {"act.by": {"id": str(person.id), "name": person.name}}
        said = {k: v(office) if callable(v) else v for k, v in changes.items()}
        return told(replace(step, by=UUID(str(person.id))), {**mine, **said})

    return each(name, change)


def officers(name: str, *who: str) -> Operator:
    """Other officers on record."""
    return tell(name, officers=lambda office: [office.id(one) for one in who])


def blank(name: str, *fields: str) -> Operator:
    """Fields left empty in a step."""
    return tell(name, **dict.fromkeys(fields, ""))


def moved_day(text: Any, days: int) -> Any:
    """A day, or a day and a time, some days on; anything else as it is."""
    try:
        then = datetime.fromisoformat(text) + timedelta(days=days)
    except (TypeError, ValueError):
        return text
    return then.date().isoformat() if len(text) == len("2026-03-02") else f"{then:%Y-%m-%dT%H:%M}"


DAYS = (
    "on", "served_on", "began", "ended", "hearing_at", "correct_by", "paid_on", "tested_on", "test_from", "test_until",
    "announced_from", "announced_to", "urge_until", "execute_at", "substitute_on", "return_on", "passed_on", "answered_on",
    "gov_decided_on", "received_on", "inspected_on", "reported_at", "self_until", "registered_at",
)  # fmt: skip
"""What a step says of its own day, and the days that it sets for later acts."""


def dated(step: Step, moment: datetime) -> Step:
    """The step at another moment, its own days with it."""
    days = (moment.date() - step.at.date()).days
    data = {k: moved_day(v, days) if k in DAYS else v for k, v in step.data.items()}
    return replace(step, data=data, on=moved_day(step.on, days), at=moment)


def later_from(name: str, days: int) -> Operator:
    """That step and all after it some days later, or earlier."""

    def operate(steps: Steps, office: Office) -> Steps:
        there = place(steps, name)
        return [*steps[:there], *(dated(s, s.at + timedelta(days=days)) for s in steps[there:])]

    return operate


def moved(name: str, *, before: str = "", after: str = "") -> Operator:
    """A step done out of order, ten minutes before or after another."""

    def operate(steps: Steps, office: Office) -> Steps:
        one = steps[place(steps, name)]
        rest = [step for step in steps if step is not one]
        there = place(rest, before or after)
        one = dated(one, rest[there].at + timedelta(minutes=-10 if before else 10))
        cut = there if before else there + 1
        return [*rest[:cut], one, *rest[cut:]]

    return operate


def inserted(after: str, act: str, label: str, data: Callable[[Office], dict[str, Any]]) -> Operator:
    """A step that should not have been taken, by the first officer."""

    def operate(steps: Steps, office: Office) -> Steps:
        there = place(steps, after)
        model = steps[there]
        by_whom = UUID(office.id("officer1"))
        said = {"on": model.on, **data(office)}
        made = Step(act, label, said, model.on, model.at + timedelta(minutes=10), by_whom)
        return [*steps[: there + 1], made, *steps[there + 1 :]]

    return operate


def unnumbered(name: str) -> Operator:
    """The papers of a step without their numbers."""

    def change(step: Step, office: Office) -> Step:
        return replace(step, papers={kind: {**one, "number": ""} for kind, one in step.papers.items()})

    return each(name, change)


def back_dated(name: str, days: int) -> Operator:
    """A day written on the record that is some days before it was made."""
    return each(
        name, lambda s, o: told(replace(s, on=moved_day(s.on, -days)), {"on": moved_day(s.on, -days)})
    )


def twice(name: str) -> Operator:
    """A step taken again ten minutes later."""

    def operate(steps: Steps, office: Office) -> Steps:
        there = place(steps, name)
        again = dated(steps[there], steps[there].at + timedelta(minutes=10))
        return [*steps[: there + 1], again, *steps[there + 1 :]]

    return operate


def asked_away() -> Operator:
    """The party asks that the second officer withdraw."""
    why = {"recusal_by": "party", "reason": "与举报人是亲属"}
    return inserted(
        "inspect", "request-recusal", "登记回避申请", lambda o: {"recusal_of": o.id("officer2"), **why}
    )


def no_papers(name: str) -> Operator:
    """The step is on record, its paper is not in the file."""
    return each(name, lambda step, office: replace(step, papers={}))
