"""Electronic seals at the door: the sealed file is durable before the act that cites it commits."""

from typing import Any

from sanxiang.cases import store
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.sealing import seal
from sanxiang.cases.papers.seals import SealFault
from sanxiang.cases.papers.typeset import intact, save
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Refused, Verdict
from sanxiang.ledger.models import Act


def sealing(facts: Facts) -> bool:
    """Does this act put a seal on a paper?"""
    return any(one["do"] == "seal" for one in facts.act.effects)


def sealed(case: Case, facts: Facts) -> dict[str, Any]:
    """Seal the paper and keep the file: what the ledger says of it. Raises Refused."""
    if not sealing(facts):
        return {}
    kind = str(facts.data["paper"])
    key = str(facts.state["papers"][kind]["id"])
    row = Paper.objects.get(id=key)
    found = intact(store.papers(), row.sealed or row.pdf)
    if found is None:
        raise _refused(
            facts,
            "文书的文件不见了或者被改动过",
            "请系统管理员运行 sanxiang ledger verify 查明，恢复后再用印",
        )
    agency = case.agency
    try:
        made, certificate = seal(found, str(agency.pk), agency.name, row.label, facts.now)
    except SealFault as fault:
        raise _refused(facts, f"没有盖上印章：{fault}", "排除故障之后再办理") from fault
    told = {"paper": key, "kind": kind, "pdf": save(made, store.papers()), "certificate": certificate}
    return {"sealed": told}


def _refused(facts: Facts, fact: str, cure: str) -> Refused:
    return Refused([Verdict("sealed", False, str(facts.act.citation), fact, cure)])


def told(facts: Facts) -> dict[str, tuple[Any, str]]:
    """What the leaf commits to beside the fields."""
    return {"sealed": (facts.extra["sealed"], "case")} if "sealed" in facts.extra else {}


def write(facts: Facts, act: Act) -> None:
    """The paper's row names the sealed file."""
    if told := facts.extra.get("sealed"):
        Paper.objects.filter(id=told["paper"]).update(sealed=told["pdf"], n=act.n)
