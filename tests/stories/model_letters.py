"""The alphabet of the model search: every act of a procedure as a story tells it, and some of them told wrong."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Protocol

from sanxiang.demo import stories
from sanxiang.law.calendar import national_calendar
from sanxiang.law.clocks import last_day
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from side_stories import BOOK, REASON, WRONG, problems_found


class People(Protocol):
    """A cast or a real office."""

    def id(self, who: str) -> str:
        """A person's id as acts take it."""


@dataclass(frozen=True)
class Scene:
    """What somebody looks at who fills in a form: the case, the day, the public text's digest."""

    people: People
    state: State
    today: date
    digest: Callable[[], str]


Told = Callable[[Scene], dict[str, Any]]
Wait = Callable[[State, Pack, date], date | None]


def at_once(state: State, pack: Pack, today: date) -> date | None:
    """The same day."""
    return today


@dataclass(frozen=True)
class Letter:
    """One act told in one way. `wait` answers the day on which it is tried, or None where there is nothing to wait for."""

    act: str
    name: str
    who: str
    told: Told
    wait: Wait = at_once

    @property
    def label(self) -> str:
        """How reports call it."""
        return f"{self.act}({self.name})" if self.name else self.act


def until(*clocks: str, past: bool = False) -> Wait:
    """Wait to the last day of the latest of these running periods, or to the day after."""

    def day(state: State, pack: Pack, today: date) -> date | None:
        here = [c for c in clocks if c in state["clocks"]]
        ends = [d for c in here if (d := last_day(state, c, pack, national_calendar()))]
        found = max(ends) + timedelta(days=past) if ends else None
        return found if found and found > today else None

    return day


def hearing_day(state: State, pack: Pack, today: date) -> date | None:
    """The day for which the hearing was called."""
    day = date.fromisoformat(str(state["facts"].get("hearing_at") or today)[:10])
    return day if day > today else None


@cache
def _fills(today: date) -> Mapping[str, str]:
    """What stories leave open, filled in by the day."""
    blank = dict.fromkeys(("began", "ended", "occurred_on", "served_on", "applied_on", "received_on"))
    work = today
    for _ in range(8):
        work = national_calendar().next_workday(work + timedelta(days=1))
    filled = {
        "began": f"{today}T09:00",
        "ended": f"{today}T09:15",
        "occurred_on": (today - timedelta(days=20)).isoformat(),
        "served_on": today.isoformat(),
        "applied_on": today.isoformat(),
        "received_on": today.isoformat(),
    }
    return {**{k: filled[k] for k in blank}, "hearing_at": f"{work}T09:30"}


def dated(data: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Fill in the days that a story leaves open."""
    fills = _fills(today)
    return {k: fills.get(k, v) if v is None else v for k, v in data.items()}


def told_by(step: stories.Step) -> Told:
    """A story's step as a letter's data. Who is questioned is questioned after the inspection of that day."""

    def told(scene: Scene) -> dict[str, Any]:
        found = dict(step.data(scene.people, None))  # type: ignore[arg-type]
        if step.act == "interview":
            found |= {"began": f"{scene.today}T09:20", "ended": f"{scene.today}T09:35"}
        return dated(found, scene.today)

    return told


def also(base: Told, **more: Any) -> Told:
    """The same with some of it told otherwise; a callable is asked of the scene, None takes a thing away."""

    def told(scene: Scene) -> dict[str, Any]:
        changed = {k: v(scene) if callable(v) else v for k, v in more.items()}
        return {k: v for k, v in {**base(scene), **changed}.items() if v is not None}

    return told


def plain(**data: Any) -> Told:
    """Told as written here."""
    return also(lambda scene: {}, **data)


def named(*who: str) -> Callable[[Scene], list[str]]:
    """Ids of people."""
    return lambda scene: [scene.people.id(w) for w in who]


@cache
def usual(procedure: str) -> dict[str, Letter]:
    """Each act as the first story of the procedure that does it tells it, or else a story of another procedure."""
    found: dict[str, Letter] = {}
    for _kind, steps in sorted(BOOK.values(), key=lambda told: told[0] != procedure):
        for step in steps:
            found.setdefault(step.act, Letter(step.act, "", step.who, told_by(step)))
    found.update({letter.act: letter for letter in OWN})
    return {act: letter for act, letter in found.items() if act not in APART}


APART = frozenset(
    {
        "propose-erasure",
        "refuse-erasure",
        "erase-data",
        "collect-publication",
        "vet-publication",
        "post-channel",
        "take-down-channel",
    }
)
"""Acts that may come at any time and change nothing that other acts hang on: told everywhere they would only make the search longer."""


def first_evidence(scene: Scene) -> list[str]:
    """The number of the first piece."""
    return [scene.state["evidence"][0]["id"]] if scene.state["evidence"] else ["none"]


def stated(scene: Scene) -> str:
    """The fine of the decision in force, for its payment."""
    return str((scene.state["facts"].get("decided") or {}).get("fine") or "100")


def on_day(shift: int) -> Callable[[Scene], str]:
    """A day before or after."""
    return lambda scene: (scene.today + timedelta(days=shift)).isoformat()


EVIDENCE = plain(
    officers=named("officer1", "officer2"),
    kind="documentary",
    title="账册",
    proves="数量",
    source_of="当事人提供",
)
COPIED = plain(
    officers=named("officer1", "officer2"),
    place="磅房",
    began=lambda scene: f"{scene.today}T09:40",
    ended=lambda scene: f"{scene.today}T09:55",
    title="出场记录",
    holder="磅房管理员",
    medium="磅房计算机",
    record="导出后复制，校验值一致",
    proves="产量",
    signed="signed",
)
PAID = plain(amount=stated, towards="principal", receipt="票据 0002")
DIGEST = plain(digest=lambda scene: scene.digest())
OWN = (
    Letter("draft-decision", "", "officer1", lambda s: {"decision": penalty("2000")}),
    Letter("give-opinion", "", "legal-reviewer", told_by(stories.reviewed()[1])),
    Letter("add-evidence", "", "officer1", EVIDENCE),
    Letter("extract-electronic", "", "officer1", COPIED),
    Letter("exclude-evidence", "", "unit-head", plain(evidence_ids=first_evidence, **REASON)),
    Letter("publish", "", "disclosure-approver", DIGEST),
    Letter("record-payment", "", "officer1", PAID),
    Letter("correct-publication", "", "disclosure-editor", also(plain(**WRONG), found_wrong_on=on_day(0))),
)
"""Acts whose data depend on the case, or on a store of evidence that the search does without."""


def penalty(fine: str, *kinds: str, **more: str) -> dict[str, Any]:
    """What is to be decided, told as the stories tell it."""
    return {**stories.penalty("2000", kinds or ("fine",)), "fine": fine, **more}


WARNING = {k: v for k, v in penalty("0", "warning").items() if k != "fine"}


def day_before_paper(kind: str) -> Callable[[Scene], str]:
    """The day before the paper was made."""

    def day(scene: Scene) -> str:
        made = (scene.state["papers"].get(kind) or {}).get("on") or scene.today.isoformat()
        return (date.fromisoformat(made) - timedelta(days=1)).isoformat()

    return day


BAD_OFFICERS = {
    "one-officer": ("officer1",),
    "unlicensed": ("officer1", "unlicensed"),
    "lapsed": ("officer1", "lapsed"),
    "stranger": ("officer1", "officer3"),
}
SERVED = told_by(stories.Step("serve", "officer1", lambda o, c: stories.served("penalty-notice", o, c)))
OWN_CHANGE: dict[str, Any] = {"revoked_how": "changed", "revoked_by": "本机关自行变更", **REASON}


def variants(procedure: str) -> Iterator[Letter]:
    """Acts told in a second way: lawful or not, the search does not say."""
    base = usual(procedure)
    for letter in base.values():
        if letter.act in NAMES_OFFICERS:
            for name, who in BAD_OFFICERS.items():
                yield replace(letter, name=name, told=also(letter.told, officers=named(*who)))
    yield from (_summary if procedure == "summary" else _ordinary)(base)
    yield from _publication(base)


NAMES_OFFICERS = (
    "start-summary", "show-certificate", "notify-on-site", "inspect", "interview", "add-evidence", "sample",
    "extract-electronic", "register-preservation",
    "receive-property", "tell-on-spot", "decide-on-spot", "record-defence", "serve", "serve-on-spot", "collect-on-spot", "file",
    "order-correction",
    "assign-officers",
)  # fmt: skip


def _publication(base: Mapping[str, Letter]) -> Iterator[Letter]:
    """Text prepared and confirmed by the same person, or another text than was prepared."""
    yield replace(base["prepare-publication"], name="by both", who="both")
    yield replace(base["prepare-publication"], name="yesterday", told=plain(on=on_day(-1)))
    yield replace(base["publish"], name="by both", who="both")
    yield replace(base["publish"], name="by editor", who="disclosure-editor")
    yield replace(base["publish"], name="other text", told=plain(digest="0" * 64))
    yield replace(base["publish"], name="tomorrow", told=also(base["publish"].told, on=on_day(1)))
    yield replace(base["record-payment"], name="too much", told=also(PAID, amount="90001"))
    yield replace(base["record-payment"], name="nothing", told=also(PAID, amount="0"))
    yield Letter(
        "revoke-decision", "", "agency-head", plain(revoked_how="revoked", revoked_by="县政府", **REASON)
    )
    changes = {
        "lighter": penalty("50"),
        "heavier": penalty("900000"),
        "no sum": penalty("0"),
        "on other facts": penalty("50", found="另一事实"),
    }
    for name, content in changes.items():
        told = plain(**OWN_CHANGE, changed_decision=content)
        yield Letter("revoke-decision", name, "agency-head", told)


def _summary(base: Mapping[str, Letter]) -> Iterator[Letter]:
    """简易程序 told otherwise."""
    start, decide = base["start-summary"], base["decide-on-spot"]
    yield replace(start, name="citizen", told=also(start.told, party=stories.party("citizen")))
    yield replace(start, name="long ago", told=also(start.told, occurred_on="2024-01-05"))
    yield replace(start, name="tomorrow", told=also(start.told, on=on_day(1)))
    told = {
        "100": penalty("100"),
        "201": penalty("201"),
        "3001": penalty("3001"),
        "gains": penalty("100", "fine", "confiscate-gains", confiscated_gains="100"),
        "no sum": penalty("0"),
        "uncorrected": penalty("100", correction=""),
        "no basis": penalty("100", perform_by=""),
    }
    for name, content in told.items():
        if name != "no basis":
            yield replace(
                decide, name=name, told=also(decide.told, decision={k: v for k, v in content.items() if v})
            )
    yield replace(decide, name="minor", told=also(decide.told, circumstances=["under-14"]))
    yield replace(decide, name="by unlicensed", who="unlicensed")
    yield replace(decide, name="yesterday", told=also(decide.told, on=on_day(-1)))
    yield replace(
        base["tell-on-spot"], name="rights untold", told=also(base["tell-on-spot"].told, told_rights="　")
    )
    confessed = {k: v for k, v in penalty("100").items() if k != "discretion"}
    yield replace(
        decide, name="confessed", told=also(decide.told, circumstances=["confessed"], decision=confessed)
    )
    yield replace(start, name="no address", told=also(start.told, party={"kind": "org", "name": "云溪某厂"}))
    yield replace(start, name="ended before", told=also(start.told, occurred_until="2026-01-05"))
    yield replace(
        base["serve-on-spot"], name="yesterday", told=also(base["serve-on-spot"].told, on=on_day(-1))
    )
    yield from _anywhere(base, "spot-decision")


def _anywhere(base: Mapping[str, Letter], paper: str) -> Iterator[Letter]:
    """What may go wrong in each procedure; `paper` is what is served."""
    see, show, add = base["inspect"], base["show-certificate"], base["add-evidence"]
    yield replace(base["decide-recusal"], name="granted", told=plain(granted=True, **REASON))
    yield replace(see, name="by unlicensed", who="unlicensed")
    yield replace(see, name="nobody there", told=also(see.told, signed="absent"))
    yield replace(see, name="ended before", told=also(see.told, ended=lambda s: f"{s.today}T08:00"))
    yield replace(see, name="not over yet", told=also(see.told, ended=lambda s: f"{s.today}T10:01"))
    yield replace(show, name="worn", told=also(show.told, mode="worn"))
    yield replace(show, name="unsaid how", told=also(show.told, mode=None))
    yield replace(add, name="unexamined", told=also(add.told, monitor=True))
    yield replace(base["amend"], name="by stranger", who="officer3")
    for way in ("leave", "entrust", "electronic", "announce"):
        yield replace(base["serve"], name=way, told=also(SERVED, paper=paper, way=way))


def _ordinary(base: Mapping[str, Letter]) -> Iterator[Letter]:
    """普通程序 told otherwise."""
    yield from _inquiry(base)
    yield from _anywhere(base, "penalty-notice")
    yield from _drafts(base)
    yield from _hearings(base)
    yield from _reviews(base)
    yield from _decisions(base)


def _inquiry(base: Mapping[str, Letter]) -> Iterator[Letter]:
    filing, inspect = base["file"], base["inspect"]
    yield replace(filing, name="complex", told=also(filing.told, complex=True))
    yield replace(filing, name="by officer", who="officer1")
    yield replace(
        base["register-clue"],
        name="long ago",
        told=also(base["register-clue"].told, occurred_on="2024-01-05"),
    )
    yield replace(inspect, name="tomorrow", told=also(inspect.told, on=on_day(1)))
    assign = base["assign-officers"]
    for name, second in (("reviewer", "versatile"), ("third", "officer3")):
        yield replace(assign, name=name, told=also(assign.told, officers=named("officer1", second)))
    end, clue = base["conclude-investigation"], base["register-clue"]
    yield replace(end, name="by stranger", who="officer3")
    yield replace(end, name="no penalty", told=also(end.told, proposal_outcome="no-penalty"))
    yield replace(clue, name="no address", told=also(clue.told, party={"kind": "org", "name": "云溪某厂"}))
    yield replace(clue, name="ended before", told=also(clue.told, occurred_until="2026-01-05"))
    yield replace(
        base["notify-on-site"], name="rights untold", told=also(base["notify-on-site"].told, told_rights=None)
    )
    report = base["report-crime"]
    yield replace(report, name="one officer", told=also(report.told, special_team=named("officer1")))
    yield replace(
        report, name="unlicensed", told=also(report.told, special_team=named("officer1", "unlicensed"))
    )
    yield replace(base["extend"], name="no days", told=also(base["extend"].told, days=0))
    yield replace(base["extend"], name="late", wait=until("decide", past=True))
    keep = base["decide-preservation"]
    yield replace(keep, name="last day", wait=until("preservation"))
    yield replace(keep, name="late", wait=until("preservation", past=True))
    yield replace(
        keep,
        name="back, late",
        told=also(keep.told, disposal="returned"),
        wait=until("preservation", past=True),
    )
    yield replace(keep, name="confiscated", told=also(keep.told, disposal="confiscated"))


def _drafts(base: Mapping[str, Letter]) -> Iterator[Letter]:
    draft, notify = base["draft-decision"], base["notify-penalty"]
    contents = {
        "warning": WARNING,
        "90000": penalty("90000"),
        "no tier": {k: v for k, v in penalty("2000").items() if k != "discretion"},
        "no order": {k: v for k, v in penalty("2000").items() if k != "correction"},
        "no sum": penalty("0"),
    }
    for name, content in contents.items():
        yield replace(draft, name=name, told=plain(decision=content))
    yield replace(draft, name="by stranger", who="officer3", told=draft.told)
    yield replace(notify, name="no days", told=plain(defence_days=0))
    yield replace(notify, name="new facts", told=also(notify.told, new_facts="又查明一处取水口"))
    yield replace(notify, name="by stranger", who="officer3")
    yield replace(base["serve"], name="notice", told=SERVED)
    yield replace(base["serve"], name="notice, one officer", told=also(SERVED, officers=named("officer1")))
    yield replace(
        base["serve"], name="backdated", told=also(SERVED, served_on=day_before_paper("penalty-notice"))
    )
    yield replace(base["serve"], name="decision", told=also(SERVED, paper="penalty-decision"))
    yield replace(base["serve"], name="hearing", told=also(SERVED, paper="hearing-notice"))


def _hearings(base: Mapping[str, Letter]) -> Iterator[Letter]:
    ask, call, hold = base["request-hearing"], base["notify-hearing"], base["hold-hearing"]
    yield replace(ask, name="last day", wait=until("hearing-request"))
    yield replace(ask, name="late", wait=until("hearing-request", past=True))
    yield replace(call, name="by handler", told=also(call.told, host=lambda s: s.people.id("officer1")))
    yield replace(call, name="too soon", told=also(call.told, hearing_at=lambda s: f"{s.today}T16:00"))
    yield replace(hold, name="on the day", wait=hearing_day)
    yield replace(hold, name="by handler", who="officer2", wait=hearing_day)
    yield replace(call, name="closed", told=also(call.told, open_hearing=None))
    swapped = also(hold.told, host=lambda s: s.people.id("archivist"))
    yield replace(hold, name="another host", told=swapped, wait=hearing_day)
    yield replace(hold, name="nobody came", told=also(hold.told, came="none"), wait=hearing_day)

    agents = [{"name": n, "authority": "一般代理"} for n in ("甲", "乙", "丙")]
    yield replace(hold, name="three agents", told=also(hold.told, agents=agents), wait=hearing_day)
    yield replace(base["end-hearing"], name="on the day", wait=hearing_day)
    yield replace(base["report-hearing"], name="by handler", who="officer2")


PROBLEMS_FOUND = stories.Step("give-opinion", "legal-reviewer", lambda o, c: problems_found(o))


def answers(scene: Scene) -> list[dict[str, Any]]:
    """One for each problem of the last opinion."""
    return [{"no": n, "answer": "已处理"} for n, _ in enumerate(scene.state["review"].get("problems", ()), 1)]


def head_alone(scene: Scene) -> list[dict[str, Any]]:
    """A head of the agency with the head of a unit, who is none of the agency's."""
    return [
        {"person": scene.people.id(who), "post": "负责人", "view": "同意"}
        for who in ("agency-head", "unit-head")
    ]


def with_problems(state: State, pack: Pack, today: date) -> date | None:
    """Only where there are problems to answer."""
    return today if state["review"].get("problems") else None


def _reviews(base: Mapping[str, Letter]) -> Iterator[Letter]:
    give = base["give-opinion"]
    agree = give.told
    yield replace(give, name="problems", told=told_by(PROBLEMS_FOUND))
    yield replace(give, name="by handler", who="officer2", told=agree)
    yield replace(give, name="unqualified", who="learner", told=agree)
    yield replace(give, name="by versatile", who="versatile", told=agree)
    yield replace(give, name="by officer", who="officer3", told=agree)
    answered_for = also(agree, responsible=lambda s: s.people.id("officer2"))
    yield replace(give, name="answered for by handler", told=answered_for)
    again = base["submit-for-review"]
    yield replace(again, name="answered", told=also(again.told, answers=answers), wait=with_problems)
    yield replace(base["lower-major"], name="by handler", who="officer2")
    asked = base["request-recusal"]
    yield replace(
        asked, name="reviewer", told=also(asked.told, recusal_of=lambda s: s.people.id("legal-reviewer"))
    )
    yield replace(asked, name="head", told=also(asked.told, recusal_of=lambda s: s.people.id("agency-head")))
    for act in ("submit-for-review", "waive-defence", "waive-hearing", "request-hearing"):
        yield replace(base[act], name="by stranger", who="officer3")
    yield replace(base["discuss"], name="alone", told=also(base["discuss"].told, members=head_alone))


def _decisions(base: Mapping[str, Letter]) -> Iterator[Letter]:
    decide = base["decide"]
    told = plain(opinion="同意处罚建议")
    yield replace(decide, name="", told=told)
    yield replace(decide, name="last day", told=told, wait=until("defence", "hearing-request"))
    yield replace(
        decide, name="after the periods", told=told, wait=until("defence", "hearing-request", past=True)
    )
    yield replace(decide, name="by officer", who="officer1", told=told)
    yield replace(decide, name="yesterday", told=also(told, on=on_day(-1)))
    spare = base["decide-no-penalty"]
    yield replace(spare, name="unproved", told=also(spare.told, slight=None))
    yield replace(spare, name="child", told=also(spare.told, ground="under-14", under_14=True))
    slip = plain(
        paper="penalty-decision", wrong="罚款", right="罚款", corrected_decision=penalty("95000"), **REASON
    )
    yield replace(base["correct-paper"], name="heavier", told=slip)
    other = penalty("2000", basis="另一部法第九条")
    yield replace(base["correct-paper"], name="on other grounds", told=also(slip, corrected_decision=other))
    yield replace(base["void-case"], name="by head", who="agency-head")


@cache
def alphabet(procedure: str) -> tuple[Letter, ...]:
    """All letters of a procedure, each act as usual first."""
    found: dict[str, Letter] = {letter.label: letter for letter in usual(procedure).values()}
    for letter in variants(procedure):
        found[letter.label] = letter
    return tuple(found.values())


def letter_of(procedure: str, label: str) -> Letter:
    """A letter by its label."""
    return next(letter for letter in alphabet(procedure) if letter.label == label)
