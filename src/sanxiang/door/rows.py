"""The rows beside the case that an act leaves: papers, evidence, reviews, publication, handlers."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.cases.disclosure.masked import FIELDS, SUMMARY
from sanxiang.cases.models import Case, Evidence, Handler, Paper, Publication, Review
from sanxiang.cases.parties import other_side, party_key
from sanxiang.cases.recording import films
from sanxiang.cases.search import asking
from sanxiang.door import linking
from sanxiang.door.disclosure import handing_in, public_files
from sanxiang.door.exchange import outbox
from sanxiang.law.disclosure import withdrawing
from sanxiang.law.facts import Facts, State
from sanxiang.law.packs import Pack
from sanxiang.ledger.models import Act as LedgerAct

LONGEST_TITLE = 300
"""Characters; the whole names stand in the state."""


def identity(case: Case) -> dict[str, str]:
    """What a case is from its first act on; the act commits to it, because no state says it."""
    return {
        "agency": str(case.agency_id),
        "unit": str(case.unit_id or ""),
        "code": case.code,
        "origin": case.origin,
        "act_type": case.act_type,
        "procedure": case.procedure,
        "pack": case.pack,
        "pack_digest": case.pack_digest,
    }


def title_of(pack: Pack, state: State) -> str:
    """当事人＋案由＋案, or what else the procedure ends it in."""
    end, facts = pack.procedures[state["procedure"]].title_end, state["facts"]
    return f"{(facts.get('party') or {}).get('name', '')}{facts.get('cause', '')}{end}"


def number_in(pack: Pack, state: State) -> str:
    """The number of the paper by which the case is known; "" while there is none. Packs before there was the key: 立案审批表."""
    bearing = (
        str(paper.get("number") or "")
        for kind, paper in state["papers"].items()
        if kind == "filing-form" or (kind in pack.papers and pack.papers[kind].numbers_case)
    )
    return next(filter(None, bearing), "")


def milestone(pack: Pack, name: str) -> list[str]:
    """Ids of the acts with which a case is filed, or decided."""
    return [act.id for act in pack.acts.values() if act.milestone == name]


def follow(case: Case, pack: Pack, state: State, act: LedgerAct) -> None:
    """Let the case's columns follow the state that an act has left; `n` grows with the act or the database refuses."""
    case.state, case.stage, case.closed = state, state["stage"], state["closed"]
    party = state["facts"].get("party") or {}
    case.party, case.party_key = str(party.get("name", "")), party_key(party)
    for name, value in other_side(state["facts"]).items():
        setattr(case, name, value)
    case.title = title_of(pack, state)[:LONGEST_TITLE]
    case.n, case.head = act.n, act.leaf_hash


def evidence_of(facts: Facts, act_id: uuid.UUID) -> list[dict[str, Any]]:
    """The files that the act cites, each with an id of its own; their bytes are already in the store."""
    found = []
    for item in facts.act.fields:
        if item.type == "file":
            given = facts.data.get(item.name) or []
            found += [
                {"id": f"{act_id}-{i}", "digest": f["digest"], **_called(facts, f)}
                for i, f in enumerate(given if isinstance(given, list) else [given])
            ]
    return found


MEDIA = {"image": "照片", "audio": "录音", "video": "录像"}


def _called(facts: Facts, file: Mapping[str, Any]) -> dict[str, str]:
    """What a file is that came with a record and has no title of its own: by its type, never by its name."""
    word = MEDIA.get(str(file.get("mime", "")).partition("/")[0])
    if facts.act.field("title"):
        return {}
    kind = {"kind": "audiovisual"} if word else {}
    return {"title": f"{facts.act.label}{word or '附件'}", **kind}


def write(case: Case, facts: Facts, act: LedgerAct, papers: list[Paper]) -> None:
    """Everything that lists and pages read, in the act's own transaction."""
    Paper.objects.bulk_create(papers)
    _paper_status(case, facts, act)
    _evidence(case, facts, act)
    _review(case, facts, act)
    _publication(case, facts, act)
    _handlers(case, facts)
    linking.write(case, act)


def _paper_status(case: Case, facts: Facts, act: LedgerAct) -> None:
    """A paper's row follows the state: served, revoked, whatever the law's effects made of it."""
    before = facts.state["papers"]
    for kind, now in case.state["papers"].items():
        was = before.get(kind)
        if was and now.get("id") and was.get("id") == now["id"] and was["status"] != now["status"]:
            Paper.objects.filter(id=now["id"]).update(status=now["status"], n=act.n)


def _evidence(case: Case, facts: Facts, act: LedgerAct) -> None:
    new = []
    for item in facts.act.fields:
        for file in (facts.data.get(item.name) or []) if item.type == "file" else []:
            new.append(
                Evidence(
                    case=case,
                    act=act.id,
                    title=str(facts.data.get("title", facts.act.label)),
                    filename=file.get("name", ""),
                    mime=file.get("mime", ""),
                    size=file.get("size", 0),
                    digest=file["digest"],
                    sm3=file.get("sm3", ""),
                    secrecy=item.mark(facts.data),
                    n=act.n,
                )
            )
    Evidence.objects.bulk_create(new)
    films.expect(new)


def _review(case: Case, facts: Facts, act: LedgerAct) -> None:
    review = case.state["review"]
    doing = {e["do"] for e in facts.act.effects}
    if "pin-review" in doing:
        Review.objects.create(
            case=case, round=review["round"], dossier=review["dossier"], submitted_on=facts.on, n=act.n
        )
    if "opinion" in doing:
        Review.objects.filter(case=case, round=review["round"]).update(
            outcome=review["outcome"],
            opinion=str(facts.data.get("opinion", "")),
            reviewer=facts.actor.name,
            given_on=facts.on,
            n=act.n,
        )


def _publication(case: Case, facts: Facts, act: LedgerAct) -> None:
    """The public row follows the acts: text in at publication, text out at withdrawal, the reason stays.

    While a corrected text is only prepared or handed in, the public keeps seeing what it saw, text or notice.
    """
    status = next((e["status"] for e in facts.act.effects if e["do"] == "publication"), "")
    if not status:
        return
    status = case.state["publication"]["status"]
    if status in ("prepared", "submitted") and handing_in.stands(case):
        _waiting(case, facts, act, status)
        return
    values: dict[str, Any] = {"status": status, "origin": origin_of(facts.pack, case.state), **made_by(act)}
    if status in ("prepared", "submitted", "published"):
        values |= _text(case, facts) | {
            "published_on": facts.on if status == "published" else None,
            "withdrawn_on": None,
            "withdrawal_reason": "",
            **beside_text(facts.extra["public"].fields, case.state["publication"], status),
        }
    if status in ("expired", "repaired"):
        values |= gone(status)
    if status == "withdrawn":
        values |= taken_out(facts.on, withdrawing.told(facts.act, facts.data))
    if not Publication.objects.filter(case=case).update(**values):
        defaults = {"sort_on": case.decided_on or facts.on, **values}
        Publication.objects.create(case=case, agency=case.agency, act_type=case.act_type, **defaults)
    row = Publication.objects.select_related("agency", "case").get(case=case)
    if status not in ("submitted", "published") or "public_files" in facts.extra:
        public_files.place(row, facts.extra.get("public_files", []) if status != "prepared" else [], act.n)
    asking.index([row])
    outbox.decisions([row])


def _waiting(case: Case, facts: Facts, act: LedgerAct, status: str) -> None:
    """The row stays; what was handed in waits beside it, and what was handed in before waits no more."""
    row = Publication.objects.select_related("agency", "case").get(case=case)
    files = facts.extra.get("public_files", []) if status == "submitted" else []
    public_files.place(row, files, act.n, beside=True)
    if status == "submitted":
        handing_in.hand_in(row, {**_text(case, facts), "act": act.id})


def _text(case: Case, facts: Facts) -> dict[str, Any]:
    text = facts.extra["public"]
    return handing_in.text_values(case, facts.pack, text.fields, text.digest, facts.on)


def swapped_in(
    case: Case, row: Publication, pack: Pack, text: Mapping[str, str], act: LedgerAct, on: date
) -> None:
    """A text that waited for its receipt is public now, with its files, in the place of what stood."""
    told = case.state["publication"]
    values = handing_in.text_values(case, pack, text, told["digest"], on)
    beside = beside_text(text, told, "published") | {"withdrawn_on": None, "withdrawal_reason": ""}
    beside["origin"] = origin_of(pack, case.state)
    if row.status != "submitted":
        row.files.filter(n__lte=row.n).delete()
    mine = Publication.objects.filter(pk=row.pk)
    mine.update(status="published", published_on=on, **values, **beside, **made_by(act))
    asking.index(mine)
    outbox.decisions(mine.select_related("agency", "case"))


def made_by(act: LedgerAct) -> dict[str, Any]:
    """By which act a public row is as it is; the database refuses a change that brings no later one."""
    return {"n": act.n, "head": act.leaf_hash, "act": act.id, "leaf_hash": act.leaf_hash}


def taken_out(on: date, reason: str) -> dict[str, Any]:
    """A public row once it was withdrawn: the text is out, the reason stays."""
    return {**gone("withdrawn"), "withdrawn_on": on, "withdrawal_reason": reason}


def gone(status: str) -> dict[str, Any]:
    """A public row whose text was taken out."""
    blank = dict.fromkeys(FIELDS, "") | {"text_digest": ""}
    return {**blank, "status": status, "summary": None, "display_until": None, "notes": None}


def beside_text(text: Mapping[str, str], state: Mapping[str, Any], status: str) -> dict[str, Any]:
    """What stands beside the text: its summary, until when it is shown, and what was put right in earlier versions."""
    until = str(state.get("until") or "") if status == "published" else ""
    notes = [{key: one[key] for key in PUBLIC_NOTE} for one in state.get("notes", ())]
    return {
        "summary": text.get(SUMMARY) or None,
        "display_until": date.fromisoformat(until) if until else None,
        "notes": notes or None,
    }


PUBLIC_NOTE = ("source", "found_on", "corrected_on", "note")
"""What the public reads of a correction."""


def origin_of(pack: Pack, state: State) -> str:
    """Who decided what is published: a decision that was taken over passed no gate of this system, and nobody may think so."""
    done = [state["last"][act] for act in milestone(pack, "decided") if act in state["last"]]
    return str(max(done, key=lambda act: int(act["n"])).get("origin") or "case") if done else "case"


def _handlers(case: Case, facts: Facts) -> None:
    if any(e["do"] in ("handlers", "recuse") for e in facts.act.effects):
        Handler.objects.filter(case=case).exclude(person_id__in=case.state["handlers"]).delete()
        known = {str(p) for p in Handler.objects.filter(case=case).values_list("person_id", flat=True)}
        Handler.objects.bulk_create(
            [Handler(case=case, person_id=p) for p in case.state["handlers"] if p not in known]
        )
