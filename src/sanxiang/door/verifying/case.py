"""Every link of one case's record: its acts, papers, files, reviews, services and publication, each whole or named as broken."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.door.linking import TOLD
from sanxiang.door.verifying.database import check_case, subject_of
from sanxiang.door.verifying.rows import CaseFile, case_files, cited
from sanxiang.law.relations import HOW
from sanxiang.ledger.models import Act
from sanxiang.ledger.verify import Fault, Heads, check_acts, check_places, check_subjects

KINDS = {
    "case": "案卷登记",
    "act": "办理动作",
    "paper": "文书",
    "evidence": "证据文件",
    "review": "法制审核",
    "service": "送达",
    "publication": "公示",
    "link": "案件关联",
}
"""The kinds of links, in the order in which they are listed."""

WHOLE, MISSING, ALTERED, OPEN = "whole", "missing", "altered", "open"
"""What a link can be. Open is what the case has not come to yet; it is no fault."""

GONE = ("不见了", "没有对应", "既没有序号")
"""How faults say that something is not there."""


@dataclass(frozen=True)
class Link:
    """One thing that must be there: what, since which act, and what is wrong with it. `marks` is how faults name it."""

    kind: str
    label: str
    n: int | None = None
    marks: tuple[str, ...] = ()
    state: str = WHOLE
    why: str = ""
    late: bool = False
    """Entered on a later day than it happened."""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {k: v for k, v in asdict(self).items() if k not in ("marks", "late")} | {
            "back_dated": self.late
        }


def links_of(case: Case) -> list[Link]:
    """The links of one case by kind, then by act. A fault that belongs to none of them stands as a link of its own."""
    file = next(case_files([case]))
    links = [
        *_acts(file),
        *_papers(file),
        *_evidence(file),
        *_reviews(file),
        *_services(file),
        *_publication(file),
        *_ties(file),
    ]
    whole = Link("case", file.label)
    for fault in _faults(file):
        places = [i for i, link in enumerate(links) if any(mark in fault.where for mark in link.marks)]
        for place in places:
            links[place] = _broken(links[place], fault)
        if not places and file.label in fault.where:
            whole = _broken(whole, fault)
        elif not places:
            links.append(_broken(Link(_kind(fault), fault.where), fault))
    order = list(KINDS)
    return [whole, *sorted(links, key=lambda link: (order.index(link.kind), link.n or 0))]


def _kind(fault: Fault) -> str:
    return fault.what if fault.what in KINDS else "case"


def _broken(link: Link, fault: Fault) -> Link:
    why = f"{link.why}；{fault.why}" if link.why else fault.why
    state = MISSING if link.state == MISSING or any(word in fault.why for word in GONE) else ALTERED
    return replace(link, state=state, why=why)


def _faults(file: CaseFile) -> Iterator[Fault]:
    """What the whole verification would say of this case."""
    heads: Heads = {}
    acts = Act.objects.filter(subject=file.case.id)
    yield from check_acts(heads, acts)
    yield from check_places(acts)
    yield from check_subjects([subject_of(file.case)], heads)
    yield from check_case(file)


def _acts(file: CaseFile) -> Iterator[Link]:
    """One a number: an act that was taken out leaves its number behind."""
    known = {act.n: act for act in file.acts}
    for n in range(1, max([file.case.n, *known]) + 1):
        act = known.get(n)
        if act is None:
            yield Link("act", f"第{n}步", n, state=MISSING, why="这一步不见了")
        else:
            label = f"第{n}步“{act.label}”，{act.on}，{act.by_name}"
            yield Link("act", label, n, (str(act.id),), late=act.back_dated)


def _papers(file: CaseFile) -> Iterator[Link]:
    for act in file.acts:
        for name, told in file.said(act).items():
            if name.startswith("paper:") and isinstance(told, dict):
                label = f"《{told.get('label', name)}》{told.get('number', '')}"
                yield Link("paper", label, act.n, (str(told.get("id")),))


def _evidence(file: CaseFile) -> Iterator[Link]:
    rows = {(str(row.act), row.digest): str(row.id) for row in file.evidence}
    for act in file.acts:
        for piece, _ in cited(file, act):
            digest = str(piece.get("digest"))
            marks = (rows.get((str(act.id), digest), digest), digest)
            yield Link("evidence", f"{piece.get('name')}（{digest[:12]}…）", act.n, marks)


def _reviews(file: CaseFile) -> Iterator[Link]:
    for number, (act, _) in enumerate(file.doing("pin-review"), 1):
        row = next((str(row.id) for row in file.reviews if row.round == number), "")
        mark = f"法制审核第 {number} 轮（"
        yield Link("review", f"第 {number} 轮", act.n, (row, mark) if row else (mark,))


def _services(file: CaseFile) -> Iterator[Link]:
    """What was served, as the act says; then what the case holds for served without such an act, and what still goes out."""
    served = set()
    for act, effect in file.doing("serve"):
        said = file.said(act)
        kind = str(effect.get("paper") or said.get("paper") or "")
        served.add(kind)
        on = said.get("served_on") or act.on
        yield Link("service", f"《{_name(file, kind)}》，{on}送达", act.n, (str(act.id),))
    for kind, paper in file.case.state["papers"].items():
        rule = file.pack.papers.get(kind) if file.pack else None
        label = f"《{_name(file, kind)}》{paper.get('number', '')}"
        if paper.get("status") == "served" and kind not in served and paper.get("origin") is None:
            yield Link("service", label, state=MISSING, why="案卷记为已经送达，送达这一步不见了")
        elif paper.get("status") == "issued" and rule and rule.kind == "external" and not rule.posted:
            yield Link("service", label, state=OPEN, why="已经制发，还没有送达的记录")


def _name(file: CaseFile, kind: str) -> str:
    rule = file.pack.papers.get(kind) if file.pack else None
    return rule.label if rule else kind


def _publication(file: CaseFile) -> Iterator[Link]:
    acts = file.doing("publication")
    if acts:
        act, _ = acts[-1]
        row = next((str(row.id) for row in file.publications), "")
        yield Link("publication", f"{act.label}，{act.on}", act.n, tuple(filter(None, (row, "公示 "))))


def _ties(file: CaseFile) -> Iterator[Link]:
    rows = {str(row.other_id): str(row.id) for row in file.links}
    for act in file.acts:
        for name, told in file.said(act).items():
            if name.startswith(TOLD) and isinstance(told, dict):
                other = name.removeprefix(TOLD)
                marks = (rows.get(other, other), other)
                yield Link("link", f"{HOW.get(str(told.get('how')), '')} {told.get('number')}", act.n, marks)
