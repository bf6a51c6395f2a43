"""What a file still lacks before it may be put away: records of its steps, receipts of service, recordings, things in care. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.recording.book import STANDINGS, open_rows, standing
from sanxiang.law.rules import PaperRule
from sanxiang.law.signatures import unsigned
from sanxiang.speech import cn_day

ELSEWHERE = frozenset({"organ", "nobody"})
"""A paper's `to`: what goes to another organ, or to nobody, needs no receipt of service."""
PAID_FOR = "payment-notice"


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing: what, under which article, and what would cure it."""

    what: str
    citation: str
    cure: str

    def __str__(self) -> str:
        return f"{self.what}（{self.citation}）" if self.citation else self.what


def lacking(pack: Pack, state: State) -> list[Lacking]:
    """Everything that the file of this case lacks today, in the order of the steps."""
    return [
        *_records(pack, state),
        *_service(pack, state),
        *_recordings(pack, state),
        *_things(pack, state),
        *_signatures(pack, state),
    ]


def _signatures(pack: Pack, state: State) -> Iterator[Lacking]:
    """Places of papers that are signed here, neither signed nor noted as refused."""
    for kind, want in unsigned(pack, state):
        rule = pack.papers.get(kind)
        text = f"《{rule.label if rule else kind}》的“{want.place}”处没有签名"
        yield Lacking(text, want.citation, "补签名；拒绝签名的，办理“注明拒绝签名”")


def _records(pack: Pack, state: State) -> Iterator[Lacking]:
    """Records that the matrix of the procedure wants of the steps that were taken."""
    done = state["last"]
    for stage in pack.stages_of(state["procedure"]):
        if any(name in done for name in stage.done_by):
            for record in stage.records:
                if not any(name in done for name in record["acts"]):
                    text = f"“{stage.label}”环节缺少“{record['label']}”"
                    acts = [
                        pack.acts[a].label
                        for name in record["acts"]
                        if (a := name.split(":")[0].split("+")[0]) in pack.acts
                    ]
                    yield Lacking(
                        text, str(stage.citation), f"办理“{'”或“'.join(dict.fromkeys(acts))}”补齐记录"
                    )


def to_be_served(rule: PaperRule) -> bool:
    """Must somebody have received this paper: is it written to the party, with a number of its own?"""
    return rule.kind == "external" and bool(rule.series) and not rule.posted and rule.to not in ELSEWHERE


def _service(pack: Pack, state: State) -> Iterator[Lacking]:
    """Papers written to the party of which there is no receipt."""
    serve = pack.acts.get("serve")
    for kind, paper in state["papers"].items():
        rule = pack.papers.get(kind)
        if rule is None or not to_be_served(rule) or paper.get("status") != "issued" or paper.get("excused"):
            continue
        if kind == PAID_FOR:
            continue
        number = f"（{paper['number']}）" if paper.get("number") else ""
        cite = str(serve.citation) if serve else str(rule.citation)
        cure = f"办理“送达文书”送达《{rule.label}》；不再需要送达的，办理“登记缺件说明”写明理由"
        yield Lacking(f"《{rule.label}》{number}没有送达回证", cite, cure)


def _recordings(pack: Pack, state: State) -> Iterator[Lacking]:
    """Steps that had to be recorded in sound or film and whose want of a recording nothing settles."""
    close = pack.acts.get("close")
    for row in open_rows(state.get("recordings", ())):
        if "demands" not in row and close and "close" in state["last"]:
            continue  # one reason given at the end is for all that was left, in cases of older packs
        now = standing(row)
        cite = next(
            (str(one["cite"]) for one in now.unmet if one.get("cite")), str(close.citation) if close else ""
        )
        text = f"第{row['n']}步{row['label']}（{cn_day(str(row['on'])[:10])}）{STANDINGS[now.kind]}"
        yield Lacking(text, cite, "补入音像记录；确实没有的，写明理由，应当批准的报机关负责人批准")


def _things(pack: Pack, state: State) -> Iterator[Lacking]:
    """Things in care of which nobody recorded what became of them."""
    act = pack.acts.get("dispose-property")
    for thing in state["property"]:
        if thing.get("status") in ("held", "kept"):
            text = f"{thing.get('id', '')}{thing.get('name', '')}还没有处理记录"
            yield Lacking(text, str(act.citation) if act else "", "办理涉案财物的退还、移交或者处理，并登记")
