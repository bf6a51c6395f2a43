"""Signatures at the door: by hand, by certificate, or refused. The signed file is durable before the act that cites it commits."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sanxiang.cases import store
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers import signed as drawing
from sanxiang.cases.papers.places import names_of
from sanxiang.cases.papers.sealing import lock, personal
from sanxiang.cases.papers.seals import SealFault
from sanxiang.cases.papers.typeset import Content, intact, save
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.door.sight import ORDINARY, Sight, mark_of_paper
from sanxiang.law.facts import Facts, State
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act
from sanxiang.law.signatures import SCANNED, asked, drawn, file_of, marks_on, standing, trace_of
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.ledger.models import Opening
from sanxiang.people.authority import uuid_of

WAYS = {"hand": "手写签名", "certificate": "证书签名", "refused": "拒绝签名", SCANNED: "纸质签名原件"}
WRITTEN = ("hand", "refused")
"""Ways that are drawn over the paper itself."""
PAPER_MARK = "paper_mark"
"""What the act of a scan tells of the paper's own mark."""


def way_of(act: Act) -> str:
    """How this act signs a paper; "" for every other act."""
    return next((str(one["way"]) for one in act.effects if one["do"] == "sign"), "")


def outside(case: Case, pack: Pack, act: Act, data: Mapping[str, Any]) -> dict[str, Any]:
    """The paper that is to be signed, as the guards ask of it. One query, two for a scan, and none for other acts."""
    key = uuid_of(str(data.get("paper_id") or "")) if way_of(act) else None
    row = Paper.objects.filter(pk=key, case=case).first() if key else None
    if row is None:
        return {}
    told = asked_of(row, case.state)
    return {"signing": told | ({"mark": mark_on(pack, row, case.state)} if way_of(act) == SCANNED else {})}


def mark_on(pack: Pack, row: Paper, state: State) -> str:
    """The most closed mark of what the paper prints: a scan shows the same. One query."""
    said = Opening.objects.filter(act=row.act).exclude(secrecy__in=ORDINARY).values_list("name", "secrecy")
    return mark_of_paper(pack, row.kind, state, dict(said))


def marked(facts: Facts) -> Facts:
    """A scan bears the mark of its paper, whatever whoever brings it says."""
    if way_of(facts.act) != SCANNED:
        return facts
    return replace(facts, data={**facts.data, PAPER_MARK: facts.extra["signing"]["mark"]})


def asked_of(row: Paper, state: State) -> dict[str, Any]:
    """The paper, its text as it is now, its places, and whether strokes still may come."""
    content, key = Content.from_json(row.content), str(row.pk)
    sealed = any(p.get("id") == key and p.get("sealed") for p in state["papers"].values())
    certified = any(one["way"] == "certificate" for one in standing(state, key, row.digest))
    return {
        "id": key,
        "kind": row.kind,
        "label": row.label,
        "digest": row.digest,
        "now": content.digest(),
        "status": row.status,
        "places": names_of(content),
        "closed": sealed or certified,
    }


def signed(case: Case, facts: Facts) -> dict[str, Any]:
    """Make the signed file and keep it: what the ledger says of it. Raises Refused."""
    way = way_of(facts.act)
    if way in ("", SCANNED):
        return {}
    row = Paper.objects.get(pk=facts.extra["signing"]["id"])
    found = intact(store.papers(), (row.sealed if way == "certificate" and row.sealed else "") or row.pdf)
    if found is None:
        raise _refused(facts, "文书的文件不见了或者被改动过", "请系统管理员运行 sanxiang ledger verify 查明")
    content = Content.from_json(row.content)
    try:
        if way == "certificate":
            spot = drawing.spot_of(found, content, str(facts.data["place"]))
            who, name = facts.actor.id, facts.actor.name
            made, certificate = personal(found, who, name, row.label, facts.now, spot)
        else:
            marks = [*_before(case, facts, row), _mark(facts.data, facts, facts.now.isoformat(), row.kind)]
            laid = drawing.overlaid(found, content, marks)
            reason = f"{row.label}：{len(marks)} 处签名记录"
            made, certificate = lock(laid, str(case.agency_id), case.agency.name, reason)
    except SealFault as fault:
        raise _refused(facts, f"没有锁定签名：{fault}", "排除故障之后再签") from fault
    told = {"paper": str(row.pk), "pdf": save(made, store.papers()), "certificate": certificate}
    trace = {"trace": trace_of(str(facts.data["strokes"]))} if facts.data.get("strokes") else {}
    return {"signed": told | trace | {"sight": _sight(facts, way)}}


def _sight(facts: Facts, way: str) -> str:
    """The mark of what the signed file shows from now on: a witness's name, or strokes."""
    if facts.data.get("refusal_witness") or facts.data.get("signs_as") == "witness":
        return "witness"
    return "identity" if way == "hand" else "case"


def _before(case: Case, facts: Facts, row: Paper) -> list[drawing.Mark]:
    """The signatures and refusals that were put on this very text before, out of the ledger's openings."""
    rows = [one for one in standing(facts.state, str(row.pk), row.digest) if one["way"] in WRITTEN]
    said: dict[int, dict[str, Any]] = {}
    numbers = [one["n"] for one in rows]
    openings = Opening.objects.filter(act__subject=case.pk, act__n__in=numbers, erased_by=None)
    for n, name, value in openings.values_list("act__n", "name", "value"):
        said.setdefault(n, {})[name] = value
    return [
        _mark(said.get(one["n"], {}) | {"place": one["place"]}, facts, one["on"], row.kind) for one in rows
    ]


def _mark(data: Mapping[str, Any], facts: Facts, at: str, kind: str) -> drawing.Mark:
    """One signature or refusal in the words of the page that lists them."""
    place = str(data["place"])
    if "refused_why" in data:
        want = asked(facts.pack, kind, place)
        seen = f"见证人：{data['refusal_witness']}。" if data.get("refusal_witness") else ""
        seen += "已拍照、录像。" if data.get("refusal_record") else ""
        text = f"拒绝签名。理由：{str(data['refused_why']).rstrip('。')}。{seen}（{want.citation}）"
        return drawing.Mark(place, "", text, at, refused=True)
    strokes = drawn(str(data["strokes"])) if data.get("strokes") else None
    how = "手写签名" if strokes else "键入姓名，附本人签名或者按指印的照片"
    return drawing.Mark(place, str(data.get("signer") or ""), how, at, strokes)


def _refused(facts: Facts, fact: str, cure: str) -> Refused:
    return Refused([Verdict("signed", False, str(facts.act.citation), fact, cure)])


def told(facts: Facts) -> dict[str, tuple[Any, str]]:
    """What the leaf commits to beside the fields."""
    mark = {PAPER_MARK: (facts.data[PAPER_MARK], "case")} if way_of(facts.act) == SCANNED else {}
    return mark | ({"signed": (facts.extra["signed"], "case")} if "signed" in facts.extra else {})


def write(facts: Facts, act: LedgerAct) -> None:
    """The paper's row names the signed file."""
    if told := facts.extra.get("signed"):
        Paper.objects.filter(id=told["paper"]).update(sealed=told["pdf"], n=act.n)


def file_for(row: Paper, state: State, sight: Sight) -> str:
    """The digest of the file that these eyes may have: with signatures and seal, else as it was issued."""
    may = all(sight.may(mark) for mark in marks_on(state, str(row.pk)))
    return file_of(state, str(row.pk)) or row.sealed or row.pdf if may else row.pdf


def signed_files(rows: Iterable[Paper], state: State, sight: Sight) -> dict[UUID, str]:
    """Of these papers, the file with signatures and seal where there is one that these eyes may have."""
    found = ((row.pk, row.pdf, file_for(row, state, sight)) for row in rows)
    return {key: digest for key, issued, digest in found if digest != issued}


def places_told(row: Paper, state: State, pack: Pack) -> list[dict[str, Any]]:
    """Each place of a paper with who is to sign, by which article, and how it stands."""
    content, found = Content.from_json(row.content), []
    rows = standing(state, str(row.pk), row.digest)
    if rows and content.digest() != row.digest:
        rows = []
    for place in names_of(content):
        want = asked(pack, row.kind, place)
        done = [
            f"{WAYS[one['way']]} {cn_datetime(one['on'])}（第{one['n']}步）"
            for one in rows
            if one["place"] == place
        ]
        found.append({"place": place, "want": want, "done": done})
    return found
