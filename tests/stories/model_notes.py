"""What a witness writes down who knows no guard: the notes of a case, act by act, from which the promises are judged."""

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sanxiang.law.calendar import national_calendar
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act

DECISION_PAPERS = {"penalty-decision", "no-penalty-decision", "spot-decision"}
HEAVY = {"downgrade", "revoke-licence", "stop-business", "close-business", "restrict-occupation"}
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
    sitting: bool = False
    hearing_on: str = ""
    hearing_told: date | None = None
    host: str = ""
    dossier: str = ""
    review: tuple[str, str, bool] | None = None
    reviewers: frozenset[str] = frozenset()
    to_answer: int = 0
    discussed: str = ""
    decided: str = ""
    decision: str = ""
    stood_still: bool = False
    crime: str = ""
    reply: str = ""
    team: str = ""
    replied: bool = False
    approved_keep: bool = False
    kept: date | None = None
    issued: tuple[tuple[str, str], ...] = ()
    served: frozenset[str] = frozenset()
    early: bool = False
    prepared: tuple[str, str] | None = None
    board: str = ""
    paid: Decimal = Decimal(0)
    cash: str = ""
    held: bool = False
    announced: frozenset[str] = frozenset()
    consent: bool = False
    filed: date | None = None
    longer: bool = False
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
    """What a review is about: draft, evidence, party and matter, what the party said, the hearing's report."""
    heard = "report-hearing" in notes.did
    return text([notes.draft, notes.pieces, notes.party, notes.spoke, heard])


# Keeping the notes


def noted(notes: Notes, deed: Deed) -> Notes:
    """The notes with this act written down."""
    more = NOTING[deed.act](notes, deed) if deed.act in NOTING else {}
    stage = deed.rule.to or notes.stage
    moved = {"stage": stage, "since": deed.on} if stage != notes.stage or deed.rule.first else {}
    issued = {**dict(notes.issued), **dict.fromkeys(_made(deed), deed.on.isoformat())}
    return replace(
        notes,
        did=notes.did | {deed.act},
        count=notes.count + 1,
        issued=tuple(sorted(issued.items())),
        **{
            "over": notes.over or _ends(deed),
            "involved": notes.involved | _finding(deed),
            **_taken(notes, deed),
            **moved,
            **more,
        },
    )


def _finding(deed: Deed) -> frozenset[str]:
    """Who takes part in finding the case out by this act."""
    evidence = any(effect["do"] == "evidence" for effect in deed.rule.effects)
    return frozenset({*deed.officers, deed.by}) if deed.rule.enforcement or evidence else frozenset()


def _made(deed: Deed) -> list[str]:
    """The papers that the act makes; some only with what it brings."""
    own = own_change(deed)
    makes = {
        "hearing-announcement": deed.data.get("open_hearing"),
        "media-note": deed.data.get("photos"),
        "change-decision": own,
        "revocation": not own,
    }
    return [p for p in deed.rule.papers if makes.get(p, True)]


def own_change(deed: Deed) -> bool:
    """Does the agency itself decide otherwise than before?"""
    return deed.data.get("revoked_how") == "changed" and deed.data.get("undone_by", "own") == "own"


def _ends(deed: Deed) -> bool:
    return any(e["do"] == "close" for e in deed.rule.effects)


def _taken(notes: Notes, deed: Deed) -> dict[str, Any]:
    """Evidence that the act takes to the file."""
    if any(e["do"] == "evidence" for e in deed.rule.effects):
        return {"pieces": (*notes.pieces, notes.count + 1)}
    return {}


MATTER = ("cause", "occurred_on", "occurred_until", "continuing", "occurred_at")
"""What the case is about, beside the party: of another matter nobody was told, and nobody reviewed it."""


def _opened(notes: Notes, deed: Deed) -> dict[str, Any]:
    party = deed.data.get("party") or {}
    day = str(deed.data.get("occurred_on") or notes.happened[0])
    found = notes.happened[1] or deed.on.isoformat()
    start = {"handlers": deed.officers, "involved": frozenset(deed.officers)} if deed.officers else {}
    first = {"stage": deed.rule.stages[0], "since": deed.on} if deed.rule.first else {}
    return {
        "party": text([party, *(deed.data.get(name) for name in MATTER)]), "party_kind": str(party.get("kind")),
        "address": bool(party.get("name") and party.get("address")),
        "happened": (day, found), **start, **first,
    }  # fmt: skip


def _named(notes: Notes, deed: Deed) -> dict[str, Any]:
    flags = {f for f in FLAGS if deed.data.get(f)}
    return {
        "handlers": deed.officers,
        "involved": notes.involved | set(deed.officers),
        "flags": frozenset(flags) if deed.act == "file" else notes.flags,
        "filed": notes.filed or deed.on,
    }


def _recused(notes: Notes, deed: Deed) -> dict[str, Any]:
    gone = {notes.asked_to_go} if deed.data.get("granted") else set()
    return {
        "asked_to_go": "",
        "recused": notes.recused | gone,
        "handlers": tuple(h for h in notes.handlers if h not in gone),
    }


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
    days = {"penalty-notice": "reached", "hearing-notice": "hearing_told"}
    reached = {days[paper]: day} if paper in days else {}
    return {"served": notes.served | ({paper} & set(dict(notes.issued))), **reached}


def _decided(notes: Notes, deed: Deed) -> dict[str, Any]:
    plan = text(deed.data["decision"]) if "decision" in deed.data else notes.draft
    return {"decided": "penalty", "decision": plan, "early": False, "prepared": None}


def _undone(notes: Notes, deed: Deed) -> dict[str, Any]:
    if deed.data["revoked_how"] == "changed":
        return {"decided": "penalty", "decision": text(deed.data["changed_decision"]), "prepared": None}
    return {"decided": "revoked", "prepared": None}


def in_time_for_hearing(notes: Notes) -> bool:
    """Did the notice of the hearing reach the party so that seven working days lie between?"""
    told, day = notes.hearing_told, notes.hearing_on[:10]
    return told is not None and bool(day) and date.fromisoformat(day) > workdays_on(told, 7)


def _kept(notes: Notes, deed: Deed) -> dict[str, Any]:
    return {"kept": notes.kept or deed.on, "approved_keep": False}


REPLIES = {"not-filed": "refused", "returned": "", "filed": "filed", "sentenced": "filed"}

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
    "request-hearing": lambda n, d: {"hearing": "asked", "sitting": False},
    "notify-hearing": lambda n, d: {
        "hearing_on": str(d.data["hearing_at"]),
        "hearing_told": None,
        "host": str(d.data["host"]),
    },
    "hold-hearing": lambda n, d: {"heard": True, "heard_now": True, "sitting": True},
    **{act: lambda n, d: {"hearing": "settled", "sitting": False} for act in SETTLES},
    "submit-for-review": lambda n, d: {"dossier": dossier(n), "to_answer": 0},
    "give-opinion": lambda n, d: {
        "review": (n.dossier, d.by, d.data["outcome"] in ("agree", "pass", "agree-with-advice")),
        "reviewers": n.reviewers | {d.by, str(d.data.get("responsible") or d.by)},
        "to_answer": len(d.data.get("problems") or ()),
    },
    "discuss": lambda n, d: {"discussed": text([n.draft, n.spoke, "report-hearing" in n.did])},
    "decide": _decided,
    "decide-on-spot": _decided,
    "decide-no-penalty": lambda n, d: {"decided": "none"},
    "dismiss": lambda n, d: {"decided": "dismissed"},
    "transfer-agency": lambda n, d: {"decided": "transferred"},
    "merge-case": lambda n, d: {"decided": "merged"},
    "void-case": lambda n, d: {"decided": "void"},
    "suspend": lambda n, d: {"stood_still": True, "longer": True},
    "resume": lambda n, d: {"stood_still": False},
    "report-crime": lambda n, d: {"team": "reported", "replied": False},
    "approve-crime-transfer": lambda n, d: {"team": "approved"},
    "refuse-crime-transfer": lambda n, d: {"team": ""},
    "transfer-crime": lambda n, d: {"team": "handed", "crime": "transferred", "reply": ""},
    "record-police-reply": lambda n, d: {
        **dict.fromkeys(("crime", "reply"), REPLIES[str(d.data["police_reply"])]),
        "replied": True,
    },
    "collect-on-spot": lambda n, d: {"paid": n.paid + Decimal(str(d.data["amount"])), "cash": "taken"},
    "remit-collected": lambda n, d: {"cash": "remitted"},
    "deposit-collected": lambda n, d: {"cash": ""},
    "refund-payment": lambda n, d: {"paid": n.paid - Decimal(str(d.data["amount"]))},
    "receive-property": lambda n, d: {"held": True},
    "dispose-property": lambda n, d: {"held": False},
    "announce-service": lambda n, d: {"announced": n.announced | {str(d.data["announced_paper"])}},
    "confirm-address": lambda n, d: {"consent": bool(d.data.get("e_service_consent"))},
    "extend": lambda n, d: {"longer": True},
    "object-to-police": lambda n, d: {"crime": "objected", "replied": False},
    "approve-preservation": lambda n, d: {"approved_keep": True},
    "register-preservation": _kept,
    "decide-preservation": lambda n, d: {"kept": None, "held": n.held or d.data.get("disposal") == "held"},
    "approve-early-publication": lambda n, d: {"early": True},
    "prepare-publication": lambda n, d: {
        "prepared": (d.by, d.digest),
        "board": "mended" if n.board in ("wrong", "mended") else "prepared",
    },
    "correct-publication": lambda n, d: {"board": "wrong"},
    "publish": lambda n, d: {"board": "public", "prepared": None},
    "withdraw-publication": lambda n, d: {"board": "withdrawn", "prepared": None},
    "exempt-publication": lambda n, d: {"board": "exempt"},
    "lift-exemption": lambda n, d: {"board": "lifted"},
    "revoke-decision": _undone,
    "reopen-case": lambda n, d: {
        "decided": "",
        "decision": "",
        "draft": "",
        "told": None,
        "review": None,
        "to_answer": 0,
        "board": "",
        "discussed": "",
        "over": False,
    },
    "record-payment": lambda n, d: {"paid": n.paid + Decimal(str(d.data["amount"]))},
}
"""What the witness writes down, by act."""


OUT = ("public", "wrong", "mended")
"""The board while a text is public: as it should be, found wrong, written anew and not yet confirmed."""


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
        notes.sitting, bool(notes.dossier) and notes.dossier == dossier(notes), fits, notes.reviewers, notes.host, talk, notes.decided,
        notes.stood_still, notes.crime, notes.reply, notes.team, notes.replied,
        notes.approved_keep, notes.kept and today > workdays_on(notes.kept, 7), bool(notes.kept),
        notes.early, notes.prepared and notes.prepared[0], notes.board, str(notes.paid), notes.draft, notes.decision,
        bool(notes.pieces), any(p > notes.told_pieces for p in notes.pieces), notes.stage, notes.over, notes.happened[0],
        notes.cash, notes.held, notes.announced, notes.consent, notes.longer, notes.to_answer, in_time_for_hearing(notes),
    )  # fmt: skip
