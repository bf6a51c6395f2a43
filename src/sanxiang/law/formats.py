"""Formats of papers, layer upon layer: a locality words a paper its own way, but leaves out nothing that the format above demands.

Mandatory is what the base template prints without allowing it to be absent, who signs it, and the agency's seal.
"""

import re
from collections.abc import Iterator, Mapping

from sanxiang.law.packs import Pack
from sanxiang.law.rules import Field, PaperRule

PRINTED = re.compile(r"{{(.*?)}}", re.S)
LOOP = re.compile(r"{%-?\s*for\s+\w+\s+in\s+([\w.]+)")
INCLUDED = re.compile(r"{%-?\s*include\s+'([\w-]+)'")
ABSENT = re.compile(r"\bor\s+''|\bif\b")
"""An expression that may print nothing, or one thing out of two."""

REFERENCE = re.compile(
    r"\b(?:agency|case|party|facts|data|act|actor|plan|penalty)(?:\.\w+)+|\bofficers_line\(\)|\b(?:done_on|issued|said)\([^)]*\)(?:\.\w+)?"
)
LISTS = re.compile(r"(?:remedies|evidence|property|papers|timeline|data\.\w+|facts\.\w+|penalty\.\w+)$")
SIGNED = re.compile(r"^\[(?:签名|印章|每页签名)[^\]]*\]$", re.M)
SIGN = re.compile(r"签名：")
PLAN = re.compile(r"\bplan\.")
"""A decision prints what was planned and is now decided: one thing under two names."""

FIXED = {"seal": "印章", "remedies": "救济途径和期限", "series": "文号"}
"""What the block of a paper says beside its template."""

NAMES = {
    "officers_line()": "执法人员姓名和证号",
    "remedies": "救济途径和期限",
    "evidence": "证据",
    "agency.account": "罚款缴纳账户",
    "agency.address": "机关地址",
    "agency.phone": "机关电话",
    "party.name": "当事人姓名或者名称",
    "party.address": "当事人地址",
    "act.on": "办理时间",
}


def demanded(
    rule: PaperRule, papers: Mapping[str, PaperRule], seen: frozenset[str] = frozenset()
) -> set[str]:
    """What a template and the parts it includes print without allowing it to be absent, and the lines for signatures."""
    found = set(SIGNED.findall(rule.body))
    if SIGN.search(rule.body):
        found.add("签名栏")
    for expression in PRINTED.findall(rule.body):
        if not ABSENT.search(expression):
            found |= {PLAN.sub("penalty.", name) for name in REFERENCE.findall(expression)}
    found |= {name for name in LOOP.findall(rule.body) if LISTS.match(name)}
    for part in set(INCLUDED.findall(rule.body)) & set(papers) - seen:
        found |= demanded(papers[part], papers, seen | {part})
    return found


def shortened(pack: Pack, base: Pack) -> Iterator[str]:
    """A complaint for each paper of the locality that leaves out what the paper of the same id in the base demands."""
    for rule in pack.papers.values():
        above = base.papers.get(rule.id)
        if above is None or rule.place[0] == above.place[0]:
            continue
        lost = demanded(above, base.papers) - demanded(rule, pack.papers)
        lost |= {label for key, label in FIXED.items() if getattr(above, key) and not getattr(rule, key)}
        lost |= {f"{who}签名" for who in set(above.signers) - set(rule.signers)}
        if lost:
            named = "、".join(sorted(label_of(name, pack) for name in lost))
            at = f"{rule.place[0]}:{rule.place[1]}："
            yield f"{at}文书《{rule.label}》的本地格式缺少上级格式的必备内容：{named}（{asked_by(pack, above)}）"


def unsourced(pack: Pack) -> Iterator[str]:
    """A complaint for each paper of the locality's own whose format comes from none of the organs that its scheme names."""
    rule = pack.parameter("doc.sources")
    sources = [str(name) for name in rule.value or ()] if rule.is_set else []
    for paper in pack.papers.values():
        own = paper.place[0].split("/")[0] == pack.id
        if sources and own and paper.kind != "part" and not any(name in paper.source for name in sources):
            named = "、".join(sources)
            at = f"{paper.place[0]}:{paper.place[1]}："
            told = f"来源写的是“{paper.source}”" if paper.source else "没有写来源（source）"
            yield f"{at}文书《{paper.label}》{told}，方案规定的来源：{named}（{rule.citation}）"


def asked_by(pack: Pack, above: PaperRule) -> str:
    """Who forbids it: the scheme's own clause where it has the formats built layer upon layer, else the paper's article."""
    rule = pack.parameter("doc.generation")
    if rule.is_set and rule.value == "layered":
        return f"{rule.citation}：逐级套用格式"
    return str(above.citation)


def label_of(name: str, pack: Pack) -> str:
    """What a form calls the thing that a template prints."""
    last = name.rpartition(".")[2]
    called = NAMES.get(name) or next((f.label for f in _fields(pack) if f.name == last), "")
    return f"{called}（{name}）" if called else name.strip("[]")


def _fields(pack: Pack) -> Iterator[Field]:
    for act in pack.acts.values():
        for item in act.fields:
            yield item
            yield from item.columns
