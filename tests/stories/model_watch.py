"""A witness that knows no guard: it keeps its own notes of what was done in a case, and says which promise an act breaks.

The promises (行政处罚法): a major decision has its review; two certified officers enforce; nothing is decided before notice and
hearing have run or been waived; nothing is published undecided or unconfirmed; and what hangs together with these.
"""

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from model_people import PARTS, certified
from sanxiang.law.calendar import national_calendar
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act

HEAVY = {"downgrade", "revoke-licence", "stop-business", "close-business", "restrict-occupation"}
NO_PENALTY = {"under-14", "mental", "minor-corrected", "no-fault"}
DECISIONS = ("decide", "decide-on-spot", "decide-no-penalty", "dismiss", "transfer-agency", "merge-case")
SETTLES = ("report-hearing", "withdraw-hearing", "refuse-hearing", "end-hearing")
FLAGS = ("complex", "grave", "public_interest", "statute_requires_review", "social_risk", "major_interest")


@dataclass(frozen=True)
class Deed:
    """One act as somebody does it: by whom, with what, on which day said, on which day done."""

    rule: Act
    by: str
    data: Mapping[str, Any]
    on: date
    today: date
    pack: Pack
    digest: str = ""

    @property
    def act(self) -> str:
        """The act's id."""
        return self.rule.id

    @property
    def officers(self) -> tuple[str, ...]:
        """Who is named as enforcing."""
        named = [i for f in self.rule.fields if f.type == "officers" for i in self.data.get(f.name) or ()]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class Notes:
    """What the witness wrote down."""

    did: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    party: str = ""
    party_kind: str = ""
    address: bool = False
    happened: tuple[str, str] = ("", "")
    handlers: tuple[str, ...] = ()
    involved: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()
    asked_to_go: str = ""
    shown: frozenset[str] = frozenset()
    informed: bool = False
    pieces: tuple[int, ...] = ()
    count: int = 0
    proposed: str = ""
    draft: str = ""
    raised: bool = False
    told: tuple[str, str, bool, int] | None = None
    told_pieces: int = 0
    reached: date | None = None
    spoke: str = ""
    answered: str = ""
    heard_now: bool = False
    no_defence: bool = False
    no_hearing: bool = False
    hearing: str = ""
    heard: bool = False
    hearing_on: str = ""
    host: str = ""
    dossier: str = ""
    review: tuple[str, str, bool] | None = None
    reviewers: frozenset[str] = frozenset()
    discussed: str = ""
    decided: str = ""
    decision: str = ""
    stood_still: bool = False
    crime: str = ""
    approved_keep: bool = False
    kept: date | None = None
    issued: tuple[tuple[str, str], ...] = ()
    served: frozenset[str] = frozenset()
    early: bool = False
    prepared: tuple[str, str] | None = None
    board: str = ""
    paid: Decimal = Decimal(0)
    stage: str = ""
    since: date | None = None
    over: bool = False


def text(value: Any) -> str:
    """A value to be compared."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def content(told: str) -> dict[str, Any]:
    """What was told, read again."""
    found: dict[str, Any] = json.loads(told) if told else {}
    return found


def fine(plan: Mapping[str, Any]) -> Decimal:
    """The fine in 元."""
    return Decimal(str(plan.get("fine") or 0))


def workdays_on(first: date, count: int) -> date:
    """The last of so many working days after a day."""
    day = first
    while count:
        day += timedelta(days=1)
        count -= national_calendar().is_workday(day)
    return day


# What the law calls large


def large(pack: Pack, plan: Mapping[str, Any], citizen: bool, name: str, unset: bool) -> bool:
    """Does the fine reach the sum of this name? Where none is set: `unset` if there is any fine."""
    limit = pack.setting(f"{name}.{'citizen' if citizen else 'org'}")
    return fine(plan) >= Decimal(str(limit)) if limit is not None else unset and fine(plan) > 0


def hearing_owed(notes: Notes, pack: Pack) -> bool:
    """第六十三条 on what is drafted."""
    plan = content(notes.draft)
    citizen = notes.party_kind in ("citizen", "individual-business")
    return bool(HEAVY & set(plan.get("kinds", ()))) or large(pack, plan, citizen, "hearing.threshold", True)


def discussion_owed(notes: Notes, pack: Pack) -> bool:
    """第五十七条第二款 on what is drafted."""
    citizen = notes.party_kind in ("citizen", "individual-business")
    return bool(notes.flags & {"complex", "grave"}) or large(
        pack, content(notes.draft), citizen, "discussion.threshold", False
    )


def is_major(notes: Notes, pack: Pack) -> bool:
    """第五十八条, and what the locality adds."""
    threshold = pack.setting("review.amount_threshold")
    return bool(
        notes.flags
        or notes.heard
        or notes.raised
        or hearing_owed(notes, pack)
        or discussion_owed(notes, pack)
        or pack.setting("review.all_but_summary") is True
        or (threshold is not None and fine(content(notes.draft)) >= Decimal(str(threshold)))
    )


def dossier(notes: Notes) -> str:
    """What a review is about: draft, evidence, party, what the party said, the hearing's report."""
    heard = "report-hearing" in notes.did
    return text([notes.draft, notes.pieces, notes.party, notes.spoke, heard])


# The promises


Promise = Callable[[Notes, Deed], bool]
PROMISES: dict[str, Promise] = {}


def promise(name: str) -> Callable[[Promise], Promise]:
    """Register a promise; it answers whether the act keeps it."""

    def register(function: Promise) -> Promise:
        PROMISES[name] = function
        return function

    return register


def broken(notes: Notes, deed: Deed) -> tuple[str, ...]:
    """The promises that this act would break."""
    return tuple(name for name, kept in PROMISES.items() if not kept(notes, deed))


@promise("1 major decisions are reviewed")
def reviewed(notes: Notes, deed: Deed) -> bool:
    """A passed review of exactly this draft and evidence, by a qualified person who did not handle the case."""
    if deed.act != "decide" or not is_major(notes, deed.pack):
        return True
    if notes.review is None:
        return False
    what, by, passed = notes.review
    return passed and what == dossier(notes) and PARTS[by].qualified and by not in notes.involved


@promise("1a who reviews and who hosts has not handled")
def independent(notes: Notes, deed: Deed) -> bool:
    """Neither reviewer nor host handles, nor becomes a handler afterwards."""
    if deed.act in ("give-opinion", "hold-hearing", "report-hearing", "lower-major"):
        return deed.by not in notes.involved and "legal-reviewer" in PARTS[deed.by].roles
    if deed.act == "notify-hearing":
        return str(deed.data.get("host")) not in notes.involved | notes.recused
    if deed.act == "assign-officers":
        return not set(deed.officers) & (notes.reviewers | {notes.host})
    return True


@promise("2 two certified officers enforce")
def two_officers(notes: Notes, deed: Deed) -> bool:
    """Every enforcement act names two officers at least, each certified that day, all of them the case's own."""
    if deed.act in ("file", "assign-officers"):
        return len(deed.officers) >= 2 and all(certified(o, deed.on) for o in deed.officers)
    if not deed.rule.enforcement:
        return True
    own = deed.rule.first or set(deed.officers) <= set(notes.handlers)
    return len(deed.officers) >= 2 and own and all(certified(o, deed.on) for o in deed.officers)


RECORDS = (
    "add-evidence", "conclude-investigation", "draft-decision", "notify-penalty", "record-defence", "order-correction",
    "decide-on-spot", "inspect", "interview",
)  # fmt: skip


@promise("2a who writes it down is certified, handles the case, and need not withdraw")
def own_people(notes: Notes, deed: Deed) -> bool:
    """The person at the keyboard of an enforcement step, and the two who stand behind a proposal."""
    if deed.act in RECORDS and not certified(deed.by, deed.on):
        return False
    if deed.act in ("conclude-investigation", "draft-decision", "notify-penalty", "submit-for-review"):
        if deed.by not in notes.handlers:
            return False
    if deed.act in ("conclude-investigation", "draft-decision", "notify-penalty", "decide"):
        if len(set(notes.handlers) - notes.recused) < 2:
            return False
    if deed.act == "amend" and "file" in notes.did and deed.by not in notes.handlers:
        return False
    gone = notes.recused & {deed.by, *deed.officers}
    return not gone or deed.act not in WITHDRAWN


WITHDRAWN = (
    "show-certificate", "notify-on-site", "inspect", "interview", "add-evidence", "sample", "register-preservation",
    "receive-property", "tell-on-spot", "decide-on-spot", "conclude-investigation", "draft-decision", "notify-penalty",
    "record-defence", "give-opinion", "decide", "hold-hearing", "report-hearing", "serve", "assign-officers",
)  # fmt: skip
INSPECTS = ("notify-on-site", "inspect", "interview", "add-evidence", "sample", "register-preservation", "tell-on-spot",
            "decide-on-spot", "collect-on-spot")  # fmt: skip


@promise("2b certificates are shown and the party is told before anything is asked")
def identified(notes: Notes, deed: Deed) -> bool:
    """第五十五条: cards first; then why, by what right, and which rights there are."""
    if deed.act in INSPECTS and not set(deed.officers) <= notes.shown:
        return False
    if deed.act in ("inspect", "interview") and notes.stage != "scene" and not notes.informed:
        return False
    if deed.act in ("notify-on-site", "tell-on-spot"):
        return all(str(deed.data.get(f) or "").strip() for f in ("told_reason", "told_basis", "told_rights"))
    return True


@promise("3 notice and hearing periods have run or been waived")
def periods(notes: Notes, deed: Deed) -> bool:
    """Told of just this, served, and then heard, silent to the end of the days, or expressly content."""
    if deed.act != "decide":
        return True
    if notes.told is None or notes.reached is None or deed.on < notes.reached:
        return False
    plan, party, offered, days = notes.told
    if not covers(content(plan), content(notes.draft)) or party != notes.party:
        return False
    if hearing_owed(notes, deed.pack) and not offered:
        return False
    return _defence_over(notes, deed.on, days) and (not offered or _hearing_over(notes, deed.on))


def covers(told: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Was the party told of all this? Less may be decided, not more and nothing else."""
    same = ("found", "violated", "basis")
    return (
        fine(plan) <= fine(told)
        and set(plan.get("kinds", ())) <= set(told.get("kinds", ()))
        and all(plan.get(k) == told.get(k) for k in same)
    )


def _defence_over(notes: Notes, on: date, days: int) -> bool:
    if notes.answered == "given":
        return False
    if notes.answered == "checked" or notes.no_defence or notes.heard_now:
        return True
    return notes.reached is not None and on > workdays_on(notes.reached, days)


def _hearing_over(notes: Notes, on: date) -> bool:
    if notes.hearing == "asked":
        return False
    if notes.hearing == "settled" or notes.no_hearing:
        return True
    return notes.reached is not None and on > workdays_on(notes.reached, 5)


@promise("3a a hearing asked for in time is given")
def hearing_given(notes: Notes, deed: Deed) -> bool:
    """Not asked for too late or twice, not refused where owed or told of, not called at short notice, nor held too soon."""
    if deed.act == "request-hearing":
        last = workdays_on(notes.reached, 5) if notes.reached else None
        return not notes.hearing and last is not None and deed.on <= last
    if deed.act == "refuse-hearing" and (hearing_owed(notes, deed.pack) or (notes.told is not None and notes.told[2])):
        return False
    if deed.act in ("notify-hearing", "withdraw-hearing", "refuse-hearing", "hold-hearing", "end-hearing"):
        if notes.hearing != "asked":
            return False
    if deed.act == "notify-hearing":
        return date.fromisoformat(str(deed.data["hearing_at"])[:10]) > workdays_on(deed.on, 6)
    if deed.act in ("hold-hearing", "end-hearing"):
        return bool(notes.hearing_on) and deed.on.isoformat() >= notes.hearing_on[:10]
    return deed.act != "report-hearing" or notes.heard


@promise("3b rights are waived or used only after the notice has arrived")
def after_notice(notes: Notes, deed: Deed) -> bool:
    """What nobody was told of cannot be waived."""
    rights = ("record-defence", "waive-defence", "waive-hearing", "request-hearing")
    if deed.act == "notify-penalty":
        days = deed.pack.setting("defence.days") or 0
        given = deed.data.get("defence_days")
        return bool(notes.draft) and (given is None or int(given) > 0) and max(int(given or 0), days) > 0
    return deed.act not in rights or notes.reached is not None


@promise("3c no heavier penalty for having spoken")
def not_heavier(notes: Notes, deed: Deed) -> bool:
    """第四十五条第二款: after defence or hearing only new facts make it heavier."""
    if deed.act != "notify-penalty" or notes.told is None or not (notes.spoke or notes.heard):
        return True
    old, new = content(notes.told[0]), content(notes.draft)
    heavier = fine(new) > fine(old) or not set(new.get("kinds", ())) <= set(old.get("kinds", ()))
    fresh = any(piece > notes.told_pieces for piece in notes.pieces)
    return not heavier or (fresh and bool(str(deed.data.get("new_facts") or "").strip()))


@promise("4 nothing is published undecided or unconfirmed")
def published(notes: Notes, deed: Deed) -> bool:
    """Decided and in force, served or approved to be early, prepared by one person and confirmed by another, unchanged."""
    if deed.act != "publish":
        return True
    if notes.decided != "penalty" or notes.prepared is None or notes.board == "exempt":
        return False
    by, digest = notes.prepared
    served = bool(notes.served & {"penalty-decision", "spot-decision"})
    return (
        by != deed.by
        and deed.data.get("digest") == digest == deed.digest
        and (served or notes.early)
        and "disclosure-approver" in PARTS[deed.by].roles
    )


@promise("4a what is public stands and is taken down before anything else is done with it")
def board_in_order(notes: Notes, deed: Deed) -> bool:
    """No text is prepared twice over a public one, none withdrawn that is not there, none exempted that is out."""
    stands = notes.decided == "penalty"
    if deed.act == "prepare-publication":
        return stands and notes.board not in ("public", "exempt")
    if deed.act == "exempt-publication":
        return stands and notes.board != "public"
    if deed.act == "approve-early-publication":
        return stands
    if deed.act == "lift-exemption":
        return notes.board == "exempt"
    return deed.act != "withdraw-publication" or notes.board == "public"


# What hangs together with them


@promise("5 one case is decided once")
def once(notes: Notes, deed: Deed) -> bool:
    """One ending, and none while the case stands still, is with the police, or somebody's withdrawal is open."""
    if deed.act not in DECISIONS:
        return True
    if notes.decided:
        return False
    recusal = deed.act in ("decide", "decide-no-penalty", "decide-on-spot", "dismiss")
    if recusal and notes.asked_to_go or notes.crime == "reported":
        return False
    if deed.act in ("decide", "decide-no-penalty", "dismiss") and notes.stood_still:
        return False
    if notes.crime == "transferred":
        return deed.act == "decide" and fine(content(notes.draft)) == 0
    return notes.kept is None or deed.act == "decide-on-spot"


@promise("6 on-the-spot decisions are small, told and founded")
def on_the_spot(notes: Notes, deed: Deed) -> bool:
    """第五十一条、第五十二条."""
    if deed.act != "decide-on-spot":
        return True
    plan = deed.data.get("decision") or {}
    limit = 200 if notes.party_kind in ("citizen", "individual-business") else 3000
    did = {"show-certificate", "tell-on-spot"} <= notes.did
    return did and fine(plan) <= limit and set(plan.get("kinds", ())) <= {"warning", "fine"}


@promise("7 a decision states what it must, on evidence, against somebody who can be punished")
def complete(notes: Notes, deed: Deed) -> bool:
    """第五条第二款 and its sequels: facts, evidence, grounds, sum, correction, performance, in time."""
    if deed.act not in ("decide", "decide-on-spot"):
        return True
    plan = deed.data.get("decision") or content(notes.draft)
    sums = ("fine" in plan.get("kinds", ())) == (fine(plan) > 0)
    gains = ("confiscate-gains" in plan.get("kinds", ())) == bool(plan.get("confiscated_gains"))
    stated = all(str(plan.get(k) or "").strip() for k in ("found", "evidence_text", "violated", "basis", "perform_by"))
    ordered = "order-correction" in notes.did or bool(str(plan.get("correction") or "").strip())
    spared = NO_PENALTY & set(deed.data.get("circumstances") or ())
    known, first = date.fromisoformat(notes.happened[0]), date.fromisoformat(notes.happened[1])
    in_time = first <= known.replace(year=known.year + 2)
    return bool(sums and gains and stated and ordered and not spared and in_time and notes.pieces and notes.address)


@promise("7a a draft is what was proposed, with its tier")
def drafted(notes: Notes, deed: Deed) -> bool:
    """No penalty is drafted where none was proposed; the tier of the benchmark is named; sum and kind agree."""
    if deed.act == "draft-decision":
        plan = deed.data.get("decision") or {}
        agrees = ("fine" in plan.get("kinds", ())) == (fine(plan) > 0)
        return notes.proposed == "penalty" and agrees and bool(str(plan.get("discretion") or "").strip())
    if deed.act in ("decide", "submit-for-review", "discuss"):
        return bool(notes.draft)
    return deed.act != "conclude-investigation" or bool(notes.pieces)


@promise("7b heads discuss complex and grave cases together, on the draft as it stands")
def talked(notes: Notes, deed: Deed) -> bool:
    """第五十七条第二款."""
    if deed.act == "discuss":
        return len(deed.data.get("members") or ()) >= 2
    if deed.act != "decide" or not discussion_owed(notes, deed.pack):
        return True
    return notes.discussed == text([notes.draft, notes.spoke, "report-hearing" in notes.did])


@promise("8 what is registered and kept is dealt with in seven working days")
def kept_in_time(notes: Notes, deed: Deed) -> bool:
    """第五十六条: approved each time, one lot at a time, in time or given back, kept for good only by a decision."""
    if deed.act == "register-preservation":
        return notes.approved_keep and notes.kept is None
    if deed.act != "decide-preservation":
        return True
    if notes.kept is None:
        return False
    how = deed.data.get("disposal")
    if how == "confiscated":
        return "confiscate-goods" in content(notes.decision).get("kinds", ())
    return how == "returned" or deed.on <= workdays_on(notes.kept, 7)


@promise("9 papers are made before they are served, and served before anything is built on them")
def service(notes: Notes, deed: Deed) -> bool:
    """Nothing arrives before it exists."""
    made = dict(notes.issued)
    if deed.act == "serve":
        paper = str(deed.data.get("paper"))
        served_on = str(deed.data.get("served_on") or deed.on)[:10]
        return paper in made and made[paper] <= served_on <= deed.today.isoformat() and set(deed.officers) <= notes.shown
    if deed.act == "serve-on-spot":
        return made.get("spot-decision", "9") <= deed.on.isoformat() and set(deed.officers) <= notes.shown
    wanted = {"revocation"} if notes.decided == "revoked" else DECISION_PAPERS
    return deed.act not in ("enter-execution", "close") or bool(wanted & notes.served)


DECISION_PAPERS = {"penalty-decision", "no-penalty-decision", "spot-decision"}


@promise("10 nothing is closed before it is performed")
def performed(notes: Notes, deed: Deed) -> bool:
    """Paid, no more than owed, published or exempt, reported to the agency."""
    owed = fine(content(notes.decision)) if notes.decided == "penalty" else Decimal(0)
    if deed.act == "record-payment" and deed.data.get("towards") == "principal":
        return 0 < Decimal(str(deed.data.get("amount") or 0)) <= owed - notes.paid
    if deed.act != "close":
        return True
    filed = "file-record" in notes.did or "decide-on-spot" not in notes.did
    return filed and ("end-execution" in notes.did or owed <= notes.paid)


@promise("11 days are true: not in the future, not before the stage, decisions today")
def true_days(notes: Notes, deed: Deed) -> bool:
    """No act is dated forward or back over what was done."""
    since = notes.since or deed.on
    return deed.on <= deed.today and deed.on >= since and (not deed.rule.today_only or deed.on == deed.today)


@promise("12 each in the office that the law names")
def in_office(notes: Notes, deed: Deed) -> bool:
    """The head files and decides, the case being open and at that point."""
    heads = ("file", "decide", "decide-no-penalty", "dismiss", "discuss")
    if deed.act in heads and "agency-head" not in PARTS[deed.by].roles:
        return False
    stage = {"decide": "handling", "decide-on-spot": "scene", "file": "intake"}.get(deed.act)
    return (stage is None or notes.stage == stage) and not (notes.over and deed.rule.enforcement and deed.act != "serve")


# Keeping the notes


def noted(notes: Notes, deed: Deed) -> Notes:
    """The notes with this act written down."""
    more = NOTING[deed.act](notes, deed) if deed.act in NOTING else {}
    stage = deed.rule.to or notes.stage
    moved = {"stage": stage, "since": deed.on} if stage != notes.stage or deed.rule.first else {}
    issued = {**dict(notes.issued), **dict.fromkeys(deed.rule.papers, deed.on.isoformat())}
    return replace(
        notes,
        did=notes.did | {deed.act},
        count=notes.count + 1,
        issued=tuple(sorted(issued.items())),
        **{"over": notes.over or _ends(deed), **_taken(notes, deed), **moved, **more},
    )


def _ends(deed: Deed) -> bool:
    return any(e["do"] == "close" for e in deed.rule.effects)


def _taken(notes: Notes, deed: Deed) -> dict[str, Any]:
    """Evidence that the act takes to the file."""
    if any(e["do"] == "evidence" for e in deed.rule.effects):
        return {"pieces": (*notes.pieces, notes.count + 1)}
    return {}


def _opened(notes: Notes, deed: Deed) -> dict[str, Any]:
    party = deed.data.get("party") or {}
    day = str(deed.data.get("occurred_on") or notes.happened[0])
    found = notes.happened[1] or deed.on.isoformat()
    start = {"handlers": deed.officers, "involved": frozenset(deed.officers)} if deed.officers else {}
    first = {"stage": deed.rule.stages[0], "since": deed.on} if deed.rule.first else {}
    return {
        "party": text(party), "party_kind": str(party.get("kind")), "address": bool(party.get("name") and party.get("address")),
        "happened": (day, found), **start, **first,
    }  # fmt: skip


def _named(notes: Notes, deed: Deed) -> dict[str, Any]:
    flags = {f for f in FLAGS if deed.data.get(f)}
    return {
        "handlers": deed.officers,
        "involved": notes.involved | set(deed.officers),
        "flags": frozenset(flags) if deed.act == "file" else notes.flags,
    }


def _recused(notes: Notes, deed: Deed) -> dict[str, Any]:
    gone = {notes.asked_to_go} if deed.data.get("granted") else set()
    return {"asked_to_go": "", "recused": notes.recused | gone, "handlers": tuple(h for h in notes.handlers if h not in gone)}


def _told(notes: Notes, deed: Deed) -> dict[str, Any]:
    offered = hearing_owed(notes, deed.pack) or bool(deed.data.get("offer_hearing"))
    days = max(int(deed.data.get("defence_days") or 0), deed.pack.setting("defence.days") or 0)
    return {
        "told": (notes.draft, notes.party, offered, days), "told_pieces": notes.count, "reached": None, "no_defence": False,
        "no_hearing": False, "hearing": "", "answered": "", "heard_now": False, "served": notes.served - {"penalty-notice"},
    }  # fmt: skip


def _served(notes: Notes, deed: Deed) -> dict[str, Any]:
    paper = str(deed.data.get("paper"))
    day = date.fromisoformat(str(deed.data.get("served_on") or deed.on)[:10])
    reached = {"reached": day} if paper == "penalty-notice" else {}
    return {"served": notes.served | ({paper} & set(dict(notes.issued))), **reached}


def _decided(notes: Notes, deed: Deed) -> dict[str, Any]:
    plan = text(deed.data["decision"]) if "decision" in deed.data else notes.draft
    return {"decided": "penalty", "decision": plan, "early": False, "prepared": None}


def _kept(notes: Notes, deed: Deed) -> dict[str, Any]:
    return {"kept": notes.kept or deed.on, "approved_keep": False}


NOTING: dict[str, Callable[[Notes, Deed], dict[str, Any]]] = {
    "start-summary": _opened,
    "register-clue": _opened,
    "amend": _opened,
    "file": _named,
    "assign-officers": _named,
    "show-certificate": lambda n, d: {"shown": n.shown | set(d.officers)},
    "notify-on-site": lambda n, d: {"informed": True},
    "tell-on-spot": lambda n, d: {"informed": True},
    "request-recusal": lambda n, d: {"asked_to_go": str(d.data["recusal_of"])},
    "decide-recusal": _recused,
    "exclude-evidence": lambda n, d: {"pieces": n.pieces[1:]},
    "conclude-investigation": lambda n, d: {"proposed": str(d.data.get("proposal_outcome"))},
    "return-to-investigation": lambda n, d: {"draft": ""},
    "draft-decision": lambda n, d: {"draft": text(d.data["decision"])},
    "raise-major": lambda n, d: {"raised": True},
    "lower-major": lambda n, d: {"raised": False},
    "notify-penalty": _told,
    "serve": _served,
    "serve-on-spot": lambda n, d: {"served": n.served | {"spot-decision"}},
    "record-defence": lambda n, d: {"spoke": f"{n.count + 1}", "answered": "given"},
    "review-defence": lambda n, d: {"spoke": f"{n.spoke}/{n.count + 1}", "answered": "checked"},
    "waive-defence": lambda n, d: {"no_defence": True},
    "waive-hearing": lambda n, d: {"no_hearing": True},
    "request-hearing": lambda n, d: {"hearing": "asked"},
    "notify-hearing": lambda n, d: {"hearing_on": str(d.data["hearing_at"]), "host": str(d.data["host"])},
    "hold-hearing": lambda n, d: {"heard": True, "heard_now": True},
    **{act: lambda n, d: {"hearing": "settled"} for act in SETTLES},
    "submit-for-review": lambda n, d: {"dossier": dossier(n)},
    "give-opinion": lambda n, d: {
        "review": (n.dossier, d.by, d.data["outcome"] in ("agree", "pass", "agree-with-advice")),
        "reviewers": n.reviewers | {d.by},
    },
    "discuss": lambda n, d: {"discussed": text([n.draft, n.spoke, "report-hearing" in n.did])},
    "decide": _decided,
    "decide-on-spot": _decided,
    "decide-no-penalty": lambda n, d: {"decided": "none"},
    "dismiss": lambda n, d: {"decided": "dismissed"},
    "transfer-agency": lambda n, d: {"decided": "transferred"},
    "merge-case": lambda n, d: {"decided": "merged"},
    "suspend": lambda n, d: {"stood_still": True},
    "resume": lambda n, d: {"stood_still": False},
    "report-crime": lambda n, d: {"crime": "reported"},
    "approve-crime-transfer": lambda n, d: {"crime": "approved"},
    "refuse-crime-transfer": lambda n, d: {"crime": ""},
    "transfer-crime": lambda n, d: {"crime": "transferred"},
    "record-police-reply": lambda n, d: {"crime": "transferred" if d.data["police_reply"] in ("filed", "sentenced") else ""},
    "object-to-police": lambda n, d: {"crime": "transferred"},
    "approve-preservation": lambda n, d: {"approved_keep": True},
    "register-preservation": _kept,
    "decide-preservation": lambda n, d: {"kept": None},
    "approve-early-publication": lambda n, d: {"early": True},
    "prepare-publication": lambda n, d: {"prepared": (d.by, d.digest), "board": "prepared"},
    "publish": lambda n, d: {"board": "public", "prepared": None},
    "withdraw-publication": lambda n, d: {"board": "withdrawn", "prepared": None},
    "exempt-publication": lambda n, d: {"board": "exempt"},
    "lift-exemption": lambda n, d: {"board": "lifted"},
    "revoke-decision": lambda n, d: {"decided": "revoked", "prepared": None},
    "reopen-case": lambda n, d: {
        "decided": "", "decision": "", "draft": "", "told": None, "review": None, "board": "", "discussed": "", "over": False,
    },
    "record-payment": lambda n, d: {"paid": n.paid + Decimal(str(d.data["amount"]))},
}
"""What the witness writes down, by act."""


def seen(notes: Notes, today: date, pack: Pack) -> Hashable:
    """The notes without numbers and days: what tells two histories apart for the promises."""
    review = notes.review
    fits = None if review is None else (review[0] == dossier(notes), review[1], review[2])
    told = None if notes.told is None else (notes.told[0], notes.told[1] == notes.party, notes.told[2])
    due = None if notes.reached is None or notes.told is None else (
        today > workdays_on(notes.reached, notes.told[3]), today > workdays_on(notes.reached, 5), today <= notes.reached
    )  # fmt: skip
    talk = notes.discussed == text([notes.draft, notes.spoke, "report-hearing" in notes.did])
    return (
        notes.involved, notes.recused, notes.asked_to_go, notes.shown, notes.informed, notes.raised, told, due,
        bool(notes.spoke), notes.answered, notes.heard_now, notes.no_defence, notes.no_hearing, notes.hearing, notes.heard,
        bool(notes.dossier) and notes.dossier == dossier(notes), fits, notes.reviewers, notes.host, talk, notes.decided,
        notes.stood_still, notes.crime, notes.approved_keep, notes.kept and today > workdays_on(notes.kept, 7), bool(notes.kept),
        notes.early, notes.prepared and notes.prepared[0], notes.board, str(notes.paid), notes.draft, notes.decision,
        bool(notes.pieces), any(p > notes.told_pieces for p in notes.pieces), notes.stage, notes.over, notes.happened[0],
    )  # fmt: skip
