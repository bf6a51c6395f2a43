"""Open cases of an old system enter here at go-live: one act `take-over`, the first of the case's chain.

What the old system did is folded into the state by the pack's own acts, unjudged, because it happened elsewhere; later acts
find honest facts: the day of filing that the ninety days run from, the handlers, a decision that must not be made twice. No
gate is claimed: an investigation that was over, a review that was passed must be done or recorded here again. What happened
on the day of going live or later (`going_live`) is refused: it belongs behind the gates.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanxiang.cases.models import Case, Handler, Paper
from sanxiang.cases.search.folding import fold
from sanxiang.door import gather, numbers, pinned, rows, tasks
from sanxiang.door.arriving import going_live
from sanxiang.door.arriving.going_live import ORIGIN, RECORDED, Window
from sanxiang.door.attempts import Unreadable
from sanxiang.door.models import Number, Series
from sanxiang.door.perform import Done, new_case
from sanxiang.law import forms
from sanxiang.law.calendar import Calendar
from sanxiang.law.dossier import digest
from sanxiang.law.facts import Actor, Facts, State
from sanxiang.law.guards import CONDITIONS, Refused, Verdict
from sanxiang.law.packs import Pack
from sanxiang.law.procedure import transition
from sanxiang.law.rules import Act
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.people.models import Agency, Unit

ACT, LABEL, OPERATOR, ROLE = "take-over", "接管旧系统案件", "运维导入", "operator"
PROCEDURE = "ordinary"
"""A penalty decided on the spot is over on the spot; what stays open is the ordinary procedure."""

STAGES = ("intake", "investigation", "handling", "decided", "execution")
PEOPLE_CONDITIONS = ("two-officers", "certified")
OLD_SYSTEM = Actor(id="", name="旧系统", system=True)


@dataclass(frozen=True)
class Old:
    """A case as the old system has it. `handlers` are ids of people here; `fields` and `decision` are raw, by field name."""

    key: str
    stage: str
    fields: Mapping[str, Any]
    told_stage: str = ""
    number: str = ""
    handlers: tuple[str, ...] = ()
    unit: Unit | None = None
    registered_on: date | None = None
    filed_on: date | None = None
    extended_days: int = 0
    decision_no: str = ""
    decided_on: date | None = None
    decision: Mapping[str, Any] = field(default_factory=dict)
    served_on: date | None = None
    served_way: str = "direct"


@dataclass(frozen=True)
class Step:
    """One act of the old system: which, when, what it said, the numbers of the papers it issued."""

    act: Act
    on: date
    data: Mapping[str, Any]
    papers: Mapping[str, str] = field(default_factory=dict)


def take_over(agency: Agency, old: Old, *, now: datetime | None = None) -> Done | None:
    """Take one case over; None when it was taken over before.

    Raises Unreadable (input by field) or Refused: no open taking over, a day not before going live, dates that contradict one
    another, handlers without a certificate that carries the case today, a number that is used here already.
    """
    moment = now or timezone.now()
    today = timezone.localtime(moment).date()
    pack = pinned.current(agency.locality)
    steps = list(_steps(pack, old, today))
    _refuse(_contradictions(old, today))
    with transaction.atomic():
        Agency.objects.select_for_update(no_key=True).get(id=agency.id)
        if Case.objects.filter(agency=agency, old_key=old.key).exists():
            return None
        window = _window(agency, old)
        case = _new(pack, agency, old, moment)
        state = _folded(pack, case, steps, old, moment)
        _refuse(_people(pack, case, state, old, moment))
        _pass_over(agency, pack, old, window, today)
        return _write(case, pack, state, steps, old, moment)


def _refuse(verdicts: list[Verdict]) -> None:
    if any(not verdict.met for verdict in verdicts):
        raise Refused(verdicts)


def _steps(pack: Pack, old: Old, today: date) -> Iterator[Step]:
    """What the old system had done, as acts of the pack with parsed data. Raises Unreadable."""
    acts, errors = pack.acts, dict[str, str]()
    clue = {name: value for name, value in old.fields.items() if acts["register-clue"].field(name)}
    data, found = forms.parse(acts["register-clue"], clue)
    errors |= found
    filing, found = forms.parse(acts["file"], {n: v for n, v in old.fields.items() if n not in clue})
    errors |= found
    decision, found = _decision(pack, old)
    errors |= found
    if errors:
        raise Unreadable(errors)
    yield Step(acts["register-clue"], old.registered_on or old.filed_on or today, data)
    if old.stage == "intake":
        return
    filed = old.filed_on or today
    yield Step(acts["file"], filed, filing | {"officers": list(old.handlers)}, {"filing-form": old.number})
    if old.extended_days:
        extension = {"days": old.extended_days, "reason": "旧系统已批准延长"}
        yield Step(acts["extend"], filed, extension)
    if old.stage in ("decided", "execution"):
        yield Step(acts["decide"], old.decided_on or today, decision, {"penalty-decision": old.decision_no})
    if old.served_on:
        served = {"paper": "penalty-decision", "served_on": old.served_on.isoformat(), "way": old.served_way}
        yield Step(acts["serve"], old.served_on, served)
    if old.stage == "execution" and "enter-execution" in acts:
        yield Step(acts["enter-execution"], old.served_on or today, {})


def _decision(pack: Pack, old: Old) -> tuple[dict[str, Any], dict[str, str]]:
    """What was decided, column by column: an old system seldom has all that our form asks for."""
    asked = pack.acts["draft-decision"].field("decision")
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for column in asked.columns if asked else ():
        try:
            value = forms.parse_field(column, old.decision.get(column.name))
        except forms.Unreadable as error:
            errors[column.name] = f"{column.label}：{error}"
            continue
        if value not in (None, "", []):
            found[column.name] = value
    return ({"decision": found} if found else {}), errors


def _contradictions(old: Old, today: date) -> list[Verdict]:
    """Days out of order, and what a stage cannot be without."""
    cite = "《行政处罚法》第五十四条"
    needs = {"立案日期": old.filed_on, "立案号": old.number} if old.stage != "intake" else {}
    if old.stage in ("decided", "execution"):
        needs |= {
            "决定书文号": old.decision_no,
            "决定日期": old.decided_on,
            "违法事实": old.decision.get("found"),
        }
        needs |= {"处罚依据": old.decision.get("basis"), "处罚种类": old.decision.get("kinds")}
    if old.stage == "execution":
        needs |= {"送达日期": old.served_on}
    missing = [label for label, value in needs.items() if not value]
    found = [
        Verdict(
            "take-over.facts", not missing, cite, f"本阶段的案件缺少：{'、'.join(missing)}", "补齐后重新导入"
        )
    ]
    days = [("案源登记日期", old.registered_on), ("立案日期", old.filed_on), ("决定日期", old.decided_on)]
    days += [("送达日期", old.served_on), ("今天", today)]
    known = [(label, day) for label, day in days if day]
    for (first, one), (second, other) in pairwise(known):
        text = f"{second} {other} 早于{first} {one}"
        found.append(Verdict("take-over.order", one <= other, cite, text, "核对日期后重新导入"))
    return found


def _window(agency: Agency, old: Old) -> Window:
    """The taking over as it stands open, with nothing in the row that happened after going live or is known here."""
    window = going_live.window_of(agency)
    _refuse(going_live.not_open(agency, window))
    assert window is not None  # said by `not_open`
    days = [("案源登记日期", old.registered_on), ("立案日期", old.filed_on)]
    days += [("决定日期", old.decided_on), ("送达日期", old.served_on)]
    _refuse([*going_live.after_going_live(agency, window, days), *_known_here(agency, old)])
    return window


def _known_here(agency: Agency, old: Old) -> list[Verdict]:
    """A case that this system filed or decided has its own acts; a row of a list cannot take their place."""
    told = {text for text in (old.number, old.decision_no) if text}
    cases = Case.objects.filter(agency=agency, number__in=told).values_list("number", flat=True)
    papers = Paper.objects.filter(case__agency=agency, number__in=told).values_list("number", flat=True)
    cure = "本系统已有的案件直接在本系统办理；编号写错的，核对旧系统的编号"
    return [
        Verdict("take-over.number", False, str(RECORDED), f"编号 {number} 在本系统已经使用", cure)
        for number in sorted({*cases, *papers})
    ]


def _new(pack: Pack, agency: Agency, old: Old, now: datetime) -> Case:
    case = new_case(pack, PROCEDURE, agency, old.unit, now)
    case.origin, case.old_key = ORIGIN, old.key
    case.number, case.decided_on = old.number, old.decided_on
    case.filed_on = old.filed_on if old.stage != "intake" else None
    return case


def _facts(pack: Pack, case: Case, step: Step, state: State, now: datetime, calendar: Calendar) -> Facts:
    """The facts of an act that the old system did; papers are known by their numbers alone."""
    act = replace(step.act, papers=tuple(kind for kind in step.act.papers if step.papers.get(kind)))
    papers = {kind: {"id": "", "number": number, "origin": ORIGIN} for kind, number in step.papers.items()}
    return Facts(
        pack=pack, act=act, state=state, data=step.data, actor=OLD_SYSTEM, on=step.on, now=timezone.localtime(now),
        calendar=calendar, region=case.agency.region, extra={"papers": papers, "act_id": "", "evidence": []},
    )  # fmt: skip


def _folded(pack: Pack, case: Case, steps: list[Step], old: Old, now: datetime) -> State:
    """The state after all of it. It is one act here, so everything in it has the number 1."""
    state, calendar = case.state, gather.calendar()
    for step in steps:
        if "decision" in step.data:
            state["facts"]["decision"] = step.data["decision"]
        state = transition(_facts(pack, case, step, {**state, "n": 0}, now, calendar))
        state["last"][step.act.id]["origin"] = ORIGIN
    today = timezone.localtime(now).date().isoformat()
    state["last"][ACT] = {"n": 1, "on": today, "count": 1, "by": ""}
    state["facts"]["taken_over"] = {"key": old.key, "on": today, "stage": old.told_stage}
    return state


def _people(pack: Pack, case: Case, state: State, old: Old, now: datetime) -> list[Verdict]:
    """Who takes a case over must be able to enforce today, by the same conditions as for filing it here."""
    if old.stage == "intake":
        return []
    today = timezone.localtime(now).date()
    step = Step(pack.acts["file"], today, {"officers": list(old.handlers)})
    facts = replace(
        _facts(pack, case, step, state, now, gather.calendar()),
        officers=gather.officers_in(list(old.handlers), today),
    )
    verdicts = []
    for rule in pack.guards_of("file", PROCEDURE):
        if rule.needs in PEOPLE_CONDITIONS:
            found = CONDITIONS[rule.needs](facts, rule.args)
            verdicts.append(
                Verdict(rule.id, found.met, str(rule.citation), found.fact, rule.cure or found.cure)
            )
    return verdicts


def _pass_over(agency: Agency, pack: Pack, old: Old, window: Window, today: date) -> None:
    """Numbers that the old system gave out under our series are never given out again; the series goes on behind them."""
    for kind, text in (("filing-form", old.number), ("penalty-decision", old.decision_no)):
        rule = pack.papers.get(kind)
        found = NUMBER.fullmatch(fold(text))
        if rule is None or not rule.series or found is None:
            continue
        year, ordinal = int(found["year"]), int(found["ordinal"])
        if fold(numbers.written(agency, rule.series, year, ordinal)) == fold(text):
            following = Series.objects.filter(agency=agency, series=rule.series, year=year).first()
            next_ = following.next if following else 1
            _refuse(going_live.too_far(window, text, year, ordinal, next_, today))
            _advance(agency, rule.series, year, ordinal, text)


NUMBER = re.compile(r".+\((?P<year>\d{4})\)(?P<ordinal>\d{1,9})号")


def _advance(agency: Agency, series: str, year: int, ordinal: int, text: str) -> None:
    Series.objects.get_or_create(agency=agency, series=series, year=year)
    row = Series.objects.select_for_update().get(agency=agency, series=series, year=year)
    if ordinal < row.next:
        used = Number.objects.filter(series=row, ordinal=ordinal).exclude(status="taken").exists()
        if used:
            fact = f"编号 {text} 在本系统已经使用"
            _refuse([Verdict("take-over.number", False, str(RECORDED), fact, "核对旧系统的编号")])
        return
    Number.objects.bulk_create(
        Number(
            series=row,
            ordinal=i,
            text=numbers.written(agency, series, year, i),
            status="taken",
            reason="旧系统使用的编号",
        )
        for i in range(row.next, ordinal + 1)
    )
    Series.objects.filter(id=row.id).update(next=ordinal + 1)


def _write(case: Case, pack: Pack, state: State, steps: list[Step], old: Old, now: datetime) -> Done:
    """Ledger, case, handlers, tasks: the order of `perform`."""
    who = Signed(None, OPERATOR, ROLE, timezone.localtime(now).date().isoformat(), now)
    act = append(Entry("case", case.id, 1, "", ACT, LABEL, _content(case, state, steps, old)), who)
    rows.follow(case, pack, state, act)
    calendar = gather.calendar()
    case.next_due = tasks.next_due(pack, state, calendar)
    case.save(force_insert=True)
    Handler.objects.bulk_create([Handler(case=case, person_id=person) for person in state["handlers"]])
    opened: list[Mapping[str, Any]] = []
    for step in steps:
        closed = {*step.act.closes} | ({"serve"} if step.act.id == "serve" else set())
        # A paper that the old system is not known to have made is not to be served here.
        wanted = [task for task in step.act.opens if task["task"] != "serve" or step.papers]
        opened = [task for task in opened if task["task"] not in closed] + wanted
    last = replace(
        steps[-1], act=replace(steps[-1].act, id=ACT, label=LABEL, opens=tuple(opened), closes=(), effects=())
    )
    tasks.settle(case, _facts(pack, case, last, state, now, calendar), act, now)
    return Done(case, act)


def _content(case: Case, state: State, steps: list[Step], old: Old) -> dict[str, tuple[Any, str]]:
    """What the leaf commits to: each fact with its secrecy, where the case stood, who has it now, the state."""
    content: dict[str, tuple[Any, str]] = {}
    for step in steps:
        for name, value in step.data.items():
            item = step.act.field(name)
            content[f"{step.act.id}.{name}"] = (value, item.mark(step.data) if item else "case")
        content[f"{step.act.id}.on"] = (step.on.isoformat(), "case")
    old_case = {"key": old.key, "stage": old.told_stage, "number": old.number, "decision_no": old.decision_no}
    content["old"] = (old_case, "case")
    content["case"] = (rows.identity(case), "case")
    content["state"] = (digest(state), "case")
    return content
