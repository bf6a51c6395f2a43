"""The promises of the procedure, judged from the witness's notes alone (model_notes), never by a guard's own code.

行政处罚法: a major decision has its review; two certified officers enforce; nothing is decided before notice and hearing have run or
been waived; nothing is published undecided or unconfirmed; and what hangs together with these.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from model_notes import (
    DECISION_PAPERS,
    OUT,
    Deed,
    Notes,
    content,
    discussion_owed,
    dossier,
    fine,
    hearing_owed,
    in_time_for_hearing,
    is_major,
    text,
    workdays_on,
)
from model_people import PARTS, certified, heads

NO_PENALTY = {"under-14", "mental", "minor-corrected", "no-fault"}
DECISIONS = (
    "decide", "decide-on-spot", "decide-no-penalty", "dismiss", "transfer-agency", "merge-case", "void-case",
)  # fmt: skip

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
        current = deed.act != "give-opinion" or notes.dossier == dossier(notes)
        named = {deed.by, str(deed.data.get("responsible") or deed.by)}
        hosts = deed.act != "hold-hearing" or str(deed.data.get("host")) not in notes.recused
        return current and hosts and not named & notes.involved and "legal-reviewer" in PARTS[deed.by].roles
    if deed.act == "notify-hearing":
        return str(deed.data.get("host")) not in notes.involved | notes.recused
    if deed.act == "assign-officers":
        return not set(deed.officers) & (notes.reviewers | {notes.host})
    return True


@promise("1b each problem that a review found is answered before it is asked for again")
def problems_answered(notes: Notes, deed: Deed) -> bool:
    """四（十三）of the national guidance: studied, dealt with, submitted again."""
    if deed.act != "submit-for-review":
        return True
    told = {row["no"] for row in deed.data.get("answers") or () if row.get("answer")}
    return set(range(1, notes.to_answer + 1)) <= told


BEFORE_FILING = ("order-correction", "show-certificate", "serve")
"""Enforcement acts that two officers may do while nobody handles the case yet: what is ordered then is served then."""


@promise("2 two certified officers enforce")
def two_officers(notes: Notes, deed: Deed) -> bool:
    """Every enforcement act names two officers at least, each certified that day, all of them the case's own."""
    if deed.act in ("file", "assign-officers", "report-crime"):
        return len(deed.officers) >= 2 and all(certified(o, deed.on) for o in deed.officers)
    if not deed.rule.enforcement:
        return True
    early = deed.act == "preliminary-check" or (deed.act in BEFORE_FILING and not notes.handlers)
    own = deed.rule.first or early or set(deed.officers) <= set(notes.handlers)
    return len(deed.officers) >= 2 and own and all(certified(o, deed.on) for o in deed.officers)


RECORDS = (
    "add-evidence", "conclude-investigation", "draft-decision", "notify-penalty", "record-defence", "order-correction",
    "decide-on-spot", "inspect", "interview", "waive-defence", "waive-hearing", "confirm-address", "announce-service",
    "commission-appraisal", "dispose-property", "urge",
)  # fmt: skip
OWN_ONLY = (
    "waive-defence", "waive-hearing", "confirm-address", "announce-service", "commission-appraisal", "record-payment", "urge",
)  # fmt: skip


@promise("2a who writes it down is certified, handles the case, and need not withdraw")
def own_people(notes: Notes, deed: Deed) -> bool:
    """The person at the keyboard of an enforcement step, and the two who stand behind a proposal."""
    if deed.act in RECORDS and not certified(deed.by, deed.on):
        return False
    proposes = deed.act in ("conclude-investigation", "draft-decision", "notify-penalty")
    if (proposes or deed.act == "submit-for-review") and deed.by not in notes.handlers:
        return False
    if (
        deed.act in OWN_ONLY and notes.handlers and deed.by not in notes.handlers
    ):  # before filing nobody is named
        return False
    if deed.act == "request-hearing" and not (
        {deed.by} & {*notes.handlers} or "legal-reviewer" in PARTS[deed.by].roles
    ):
        return False
    if (proposes or deed.act == "decide") and len(set(notes.handlers) - notes.recused) < 2:
        return False
    if deed.act == "amend" and "file" in notes.did and deed.by not in notes.handlers:
        return False
    gone = notes.recused & {deed.by, *deed.officers}
    return not gone or deed.act not in WITHDRAWN


WITHDRAWN = (
    "show-certificate", "notify-on-site", "inspect", "interview", "add-evidence", "sample", "register-preservation",
    "receive-property", "tell-on-spot", "decide-on-spot", "conclude-investigation", "draft-decision", "notify-penalty",
    "record-defence", "give-opinion", "decide", "hold-hearing", "report-hearing", "serve", "assign-officers",
    "file", "decline-filing", "approve-preservation", "decide-preservation", "notify-hearing", "refuse-hearing", "end-hearing",
    "discuss", "decide-no-penalty", "dismiss", "transfer-agency", "merge-case", "void-case", "suspend", "extend",
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
    if deed.act == "show-certificate":
        return deed.data.get("mode") in ("shown", "both")
    if deed.act == "conclude-investigation":
        return {"show-certificate", "notify-on-site"} <= notes.did and bool(
            {"inspect", "interview"} & notes.did
        )
    if deed.act == "inspect" and deed.data.get("signed") == "absent" and not deed.data.get("witness"):
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
    """Not asked for too late or twice, not refused where owed or told of, not called at short notice, held on the day and
    under the host that were told and with the party there, not ended too soon; one that was held and not ended otherwise has one report."""
    if deed.act == "request-hearing":
        last = workdays_on(notes.reached, 5) if notes.reached else date.min
        offered = notes.told is not None and notes.told[2]
        return not notes.hearing and (not offered or deed.on <= last)
    if deed.act == "refuse-hearing" and (
        hearing_owed(notes, deed.pack) or (notes.told is not None and notes.told[2])
    ):
        return False
    if (
        deed.act in ("notify-hearing", "withdraw-hearing", "refuse-hearing", "hold-hearing", "end-hearing")
        and notes.hearing != "asked"
    ):
        return False
    if len(deed.data.get("agents") or ()) > 2:
        return False
    if deed.act == "notify-hearing":
        if not deed.data.get("open_hearing") and not deed.data.get("closed_reason"):
            return False
        return date.fromisoformat(str(deed.data["hearing_at"])[:10]) > workdays_on(deed.on, 6)
    if deed.act == "hold-hearing":
        as_told = deed.on.isoformat() == notes.hearing_on[:10] and str(deed.data.get("host")) == notes.host
        return as_told and deed.data.get("came") != "none" and in_time_for_hearing(notes)
    if deed.act == "end-hearing":
        come = bool(notes.hearing_on) and deed.on.isoformat() >= notes.hearing_on[:10]
        return come and in_time_for_hearing(notes)
    return deed.act != "report-hearing" or notes.sitting


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
    """No text is prepared twice over a public one, none withdrawn or corrected that is not there, none exempted that is out."""
    stands = notes.decided == "penalty"
    if deed.act == "prepare-publication":
        return stands and notes.board not in ("public", "exempt")
    if deed.act == "exempt-publication":
        return stands and notes.board not in OUT
    if deed.act == "approve-early-publication":
        return stands
    if deed.act == "lift-exemption":
        return notes.board == "exempt"
    return deed.act not in ("withdraw-publication", "correct-publication") or notes.board in OUT


# What hangs together with them


@promise("5 one case is decided once")
def once(notes: Notes, deed: Deed) -> bool:
    """One ending, and none while the case stands still, is with the police, or somebody's withdrawal is open."""
    if deed.act not in DECISIONS:
        return True
    if notes.decided:
        return False
    recusal = deed.act in ("decide", "decide-no-penalty", "decide-on-spot", "dismiss")
    if (recusal and notes.asked_to_go) or notes.team == "reported":
        return False
    if deed.act in ("decide", "decide-no-penalty", "dismiss") and notes.stood_still:
        return False
    if notes.crime in ("transferred", "objected"):
        return deed.act == "decide" and fine(content(notes.draft)) == 0
    ends = deed.act in ("dismiss", "transfer-agency", "merge-case")
    return deed.act == "decide-on-spot" or (notes.kept is None and not (ends and notes.held))


@promise("5a what is asked is answered before it is asked again")
def answered(notes: Notes, deed: Deed) -> bool:
    """Withdrawal, standing still, handing over to the police, making a decision anew: each in its order."""
    allowed = {
        "request-recusal": not notes.asked_to_go,
        "decide-recusal": bool(notes.asked_to_go),
        "suspend": not notes.stood_still,
        "resume": notes.stood_still,
        "report-crime": not notes.team or notes.replied,
        "approve-crime-transfer": notes.team == "reported",
        "refuse-crime-transfer": notes.team == "reported",
        "transfer-crime": notes.team == "approved",
        "record-police-reply": notes.crime in ("transferred", "filed", "objected"),
        "object-to-police": notes.reply == "refused",
        "hand-over-materials": notes.crime == "filed",
        "close-transferred": notes.crime == "filed" and "hand-over-materials" in notes.did,
        "revoke-decision": notes.decided in ("penalty", "none"),
        "reopen-case": notes.decided == "revoked" and notes.board not in OUT,
        "check-correction": "order-correction" in notes.did,
        "remit-collected": notes.cash == "taken",
        "deposit-collected": notes.cash == "remitted",
    }
    return allowed.get(deed.act, True) and (deed.act != "extend" or _extendable(notes, deed))


def _extendable(notes: Notes, deed: Deed) -> bool:
    """A period is lengthened by some days, and before it has run out."""
    in_time = notes.longer or notes.filed is None or (deed.on - notes.filed).days <= 90
    return in_time and 0 < int(deed.data.get("days") or 0) <= 366


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
    if deed.act == "decide-no-penalty":
        return _spared(deed)
    if deed.act not in ("decide", "decide-on-spot"):
        return (
            deed.act != "add-evidence"
            or not deed.data.get("monitor")
            or bool(deed.data.get("monitor_checked"))
        )
    plan = deed.data.get("decision") or content(notes.draft)
    sums = ("fine" in plan.get("kinds", ())) == (fine(plan) > 0)
    gains = ("confiscate-gains" in plan.get("kinds", ())) == bool(plan.get("confiscated_gains"))
    stated = all(
        str(plan.get(k) or "").strip() for k in ("found", "evidence_text", "violated", "basis", "perform_by")
    )
    ordered = "order-correction" in notes.did or bool(str(plan.get("correction") or "").strip())
    known_of = set(deed.data.get("circumstances") or ())
    spared = bool(NO_PENALTY & known_of) or (
        "confessed" in known_of and not str(plan.get("discretion") or "").strip()
    )
    known, first = date.fromisoformat(notes.happened[0]), date.fromisoformat(notes.happened[1])
    in_time = first <= known.replace(year=known.year + 2)
    return bool(
        sums and gains and stated and ordered and not spared and in_time and notes.pieces and notes.address
    )


def _spared(deed: Deed) -> bool:
    """Each ground of sparing somebody has facts of its own (第三十条、第三十三条)."""
    needs = {
        "minor-corrected": ("corrected", "harmless"),
        "first-slight": ("first_time", "slight", "corrected"),
        "under-14": ("under_14", "guardian_told"),
    }
    return all(deed.data.get(n) for n in needs.get(str(deed.data.get("ground")), ()))


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
        sat = {str(row["person"]) for row in deed.data.get("members") or ()}
        return len(sat & set(heads())) >= 2 and not sat & notes.recused
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
        undone = notes.decided == "revoked" and paper in DECISION_PAPERS
        there = paper in made and not undone and made[paper] <= served_on <= deed.today.isoformat()
        return there and _carded(notes, deed) and _way_kept(notes, deed)
    if deed.act == "serve-on-spot":
        return made.get("spot-decision", "9") <= deed.on.isoformat() and _carded(notes, deed)
    wanted = {"revocation"} if notes.decided == "revoked" else DECISION_PAPERS
    return deed.act not in ("enter-execution", "close") or bool(wanted & notes.served)


def _carded(notes: Notes, deed: Deed) -> bool:
    """Cards are shown at service too, save where the scheme lists the occasions and service is none of them."""
    return set(deed.officers) <= notes.shown or deed.pack.id == "laizhou"


def _way_kept(notes: Notes, deed: Deed) -> bool:
    """Each way of service has what makes it one."""
    way, data = deed.data.get("way"), deed.data
    if way == "leave":
        return bool(data.get("refused") and data.get("witness"))
    if way in ("entrust", "forward"):
        return bool(data.get("through"))
    if way == "electronic":
        return notes.consent
    return way != "announce" or data.get("paper") in notes.announced


@promise("10 nothing is closed before it is performed")
def performed(notes: Notes, deed: Deed) -> bool:
    """Paid, no more than owed, published or exempt, reported to the agency."""
    owed = fine(content(notes.decision)) if notes.decided == "penalty" else Decimal(0)
    if deed.act == "record-payment" and deed.data.get("towards") == "principal":
        return 0 < Decimal(str(deed.data.get("amount") or 0)) <= owed - notes.paid
    if deed.act == "collect-on-spot":
        small = deed.data.get("ground") != "small" or owed <= 100
        return small and 0 < Decimal(str(deed.data.get("amount") or 0)) <= owed - notes.paid
    if deed.act == "refund-payment":
        return 0 < Decimal(str(deed.data.get("amount") or 0)) <= notes.paid - owed
    if deed.act == "correct-paper" and deed.data.get("corrected_decision"):
        same = ("found", "violated", "basis", "other")
        new, old = deed.data["corrected_decision"], content(notes.decision)
        return fine(new) == owed and all(new.get(k) == old.get(k) for k in same)
    if deed.act != "close":
        return True
    if notes.held or notes.kept or notes.cash:
        return False
    filed = "file-record" in notes.did or "decide-on-spot" not in notes.did
    return filed and ("end-execution" in notes.did or owed <= notes.paid)


@promise("11 days are true: not in the future, not before the stage, decisions today")
def true_days(notes: Notes, deed: Deed) -> bool:
    """No act is dated forward or back over what was done."""
    since = notes.since or deed.on
    first, last = str(deed.data.get("occurred_on") or ""), str(deed.data.get("occurred_until") or "9")
    began, ended = str(deed.data.get("began") or ""), str(deed.data.get("ended") or "9")
    if first > last or began > ended or ended[10:] > "T10:00":
        return False
    return deed.on <= deed.today and deed.on >= since and (not deed.rule.today_only or deed.on == deed.today)


@promise("12 each in the office that the law names")
def in_office(notes: Notes, deed: Deed) -> bool:
    """The head files and decides, the case being open and at that point."""
    heads = ("file", "decide", "decide-no-penalty", "dismiss", "discuss")
    if deed.act in heads and "agency-head" not in PARTS[deed.by].roles:
        return False
    stage = {"decide": "handling", "decide-on-spot": "scene", "file": "intake"}.get(deed.act)
    return (stage is None or notes.stage == stage) and not (
        notes.over and deed.rule.enforcement and deed.act != "serve"
    )
