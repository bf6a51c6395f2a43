"""What a file still lacks before it may be put away: records of its steps, receipts of service, recordings, things in care. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.recording.book import STANDINGS, standing
from sanxiang.law.rules import PaperRule
from sanxiang.law.signatures import SCANNED, unsigned
from sanxiang.speech import cn_day

ELSEWHERE = frozenset({"organ", "nobody"})
"""A paper's `to`: what goes to another organ, or to nobody, needs no receipt of service."""
PAID_FOR = "payment-notice"
IN_FORCE = frozenset({"issued", "served"})
"""A paper of any other status was taken back and asks nobody to serve it."""


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing: what, under which article, and what would cure it.

    `kind` says what sort of thing (KINDS) and `item` what it is called in every file: without numbers, days and names.
    """

    what: str
    citation: str
    cure: str
    kind: str = ""
    item: str = ""

    def __str__(self) -> str:
        return f"{self.what}（{self.citation}）" if self.citation else self.what


KINDS = {
    "record": "环节记录",
    "service": "送达回证",
    "recording": "音像记录",
    "thing": "涉案财物处理记录",
    "signature": "签名",
}
"""What a file may owe."""

Owed = tuple[Lacking, bool]
"""A thing that the file owes, told as if it were missing, and whether it is there."""


def lacking(pack: Pack, state: State) -> list[Lacking]:
    """Everything that the file of this case lacks today, in the order of the steps."""
    return [one for one, there in owed(pack, state) if not there]


def owed(pack: Pack, state: State) -> Iterator[Owed]:
    """Everything that the file of this case owes today, in the order of the steps, and whether it is there."""
    yield from _records(pack, state)
    yield from _service(pack, state)
    yield from _recordings(pack, state)
    yield from _things(pack, state)
    yield from _signatures(pack, state)


def _signatures(pack: Pack, state: State) -> Iterator[Owed]:
    """Places of papers that are signed here and whether they are signed or noted as refused; papers signed in print owe none."""
    wanting = {(kind, want.place): want.citation for kind, want in unsigned(pack, state)}
    signed = {(row["kind"], row["place"]) for row in state.get("signatures", ()) if row["way"] != SCANNED}
    for kind, place in dict.fromkeys([*wanting, *sorted(signed)]):
        rule = pack.papers.get(kind)
        text = f"《{rule.label if rule else kind}》的“{place}”处没有签名"
        cure = "补签名；拒绝签名的，办理“注明拒绝签名”"
        there = (kind, place) not in wanting
        yield Lacking(text, wanting.get((kind, place), ""), cure, "signature", text), there


def _records(pack: Pack, state: State) -> Iterator[Owed]:
    """Records that the matrix of the procedure wants of the steps that were taken."""
    done = state["last"]
    for stage in pack.stages_of(state["procedure"]):
        if any(name in done for name in stage.done_by):
            for record in stage.records:
                text = f"“{stage.label}”环节缺少“{record['label']}”"
                acts = [
                    pack.acts[a].label
                    for name in record["acts"]
                    if (a := name.split(":")[0].split("+")[0]) in pack.acts
                ]
                cure = f"办理“{'”或“'.join(dict.fromkeys(acts))}”补齐记录"
                there = any(name in done for name in record["acts"])
                yield Lacking(text, str(stage.citation), cure, "record", text), there


def to_be_served(rule: PaperRule) -> bool:
    """Must somebody have received this paper: is it written to the party, with a number of its own?"""
    return rule.kind == "external" and bool(rule.series) and not rule.posted and rule.to not in ELSEWHERE


def _service(pack: Pack, state: State) -> Iterator[Owed]:
    """Papers written to the party and whether there is a receipt, or an explanation why none is needed."""
    serve = pack.acts.get("serve")
    for kind, paper in state["papers"].items():
        rule = pack.papers.get(kind)
        if rule is None or not to_be_served(rule) or kind == PAID_FOR:
            continue
        if paper.get("status") not in IN_FORCE:
            continue
        number = f"（{paper['number']}）" if paper.get("number") else ""
        cite = str(serve.citation) if serve else str(rule.citation)
        cure = f"办理“送达文书”送达《{rule.label}》；不再需要送达的，办理“登记缺件说明”写明理由"
        what, item = f"《{rule.label}》{number}没有送达回证", f"《{rule.label}》没有送达回证"
        there = paper.get("status") != "issued" or bool(paper.get("excused"))
        yield Lacking(what, cite, cure, "service", item), there


def _recordings(pack: Pack, state: State) -> Iterator[Owed]:
    """Steps that had to be recorded in sound or film and whether footage, or what excuses it, settles them."""
    close = pack.acts.get("close")
    for row in state.get("recordings", ()):
        now = standing(row)
        # one reason given at the end is for all that was left, in cases of older packs
        there = now.settled or bool("demands" not in row and close and "close" in state["last"])
        cite = next(
            (str(one["cite"]) for one in now.unmet if one.get("cite")), str(close.citation) if close else ""
        )
        text = f"第{row['n']}步{row['label']}（{cn_day(str(row['on'])[:10])}）{STANDINGS[now.kind]}"
        cure = "补入音像记录；确实没有的，写明理由，应当批准的报机关负责人批准"
        yield Lacking(text, cite, cure, "recording", f"{row['label']}：{STANDINGS[now.kind]}"), there


def _things(pack: Pack, state: State) -> Iterator[Owed]:
    """Things that came into care and whether it is recorded what became of them."""
    act = pack.acts.get("dispose-property")
    for thing in state["property"]:
        text = f"{thing.get('id', '')}{thing.get('name', '')}还没有处理记录"
        cite, cure = str(act.citation) if act else "", "办理涉案财物的退还、移交或者处理，并登记"
        there = thing.get("status") not in ("held", "kept")
        yield Lacking(text, cite, cure, "thing", "涉案财物没有处理记录"), there
