"""Conditions about people: how many, certified, uninvolved, qualified."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.law.facts import Certificate, Facts, Officer
from sanxiang.law.guards import Finding, condition

Args = Mapping[str, Any]


def day_flaw(certificate: Certificate, on: date) -> str:
    """Why a certificate is not in force on a day, whatever the act; empty when it is."""
    if certificate.revoked:
        return "已注销"
    if certificate.suspended:
        return "已暂扣"
    if certificate.valid_from and on < certificate.valid_from:
        return f"{certificate.valid_from} 才生效"
    if certificate.valid_until and on > certificate.valid_until:
        return f"已于 {certificate.valid_until} 到期"
    if certificate.inspected_until and on > certificate.inspected_until:
        return f"年度审验只到 {certificate.inspected_until}"
    return ""


def certificate_flaw(certificate: Certificate, facts: Facts, act_type: str) -> str:
    """Why a certificate does not carry this act on this day; empty when it does."""
    accepted = facts.pack.setting("certificate.accepted") or {}
    kinds = [*accepted.get("kinds", ()), accepted.get("successor", "")]
    if flaw := day_flaw(certificate, facts.on):
        return flaw
    if accepted and certificate.kind not in kinds:
        return f"证件种类“{certificate.kind}”不在本方案认可之列"
    if certificate.categories and act_type not in certificate.categories:
        return "执法类别不含本类行为"
    if certificate.area and facts.region and not any(facts.region.startswith(a) or a.startswith(facts.region) for a in certificate.area):
        return "执法区域不含本地"
    return ""


def officer_flaw(officer: Officer, facts: Facts, act_type: str) -> str:
    """Why this person may not enforce today; empty when one certificate carries it."""
    if not officer.exam_passed:
        return "未通过执法资格考试"
    if not officer.certificates:
        return "没有行政执法证"
    flaws = [certificate_flaw(c, facts, act_type) for c in officer.certificates]
    return "" if "" in flaws else f"证号 {officer.certificates[0].number} {flaws[0]}"


def _act_type(facts: Facts) -> str:
    return facts.pack.procedures[facts.state["procedure"]].act_type


@condition("two-officers")
def two_officers(facts: Facts, args: Args) -> Finding:
    """At least n different officers are named for the step (行政处罚法第四十二条: 不得少于两人)."""
    need = int(args.get("n", 2))
    named = {o.id for o in facts.officers}
    return Finding(len(named) >= need, f"在场执法人员 {len(named)} 人，不得少于 {need} 人", f"再补充 {max(need - len(named), 0)} 名持有效执法证的人员")


@condition("certified")
def certified(facts: Facts, args: Args) -> Finding:
    """Every officer named holds a certificate valid for this act, day and area."""
    flaws = [f"{o.name}：{flaw}" for o in facts.officers if (flaw := officer_flaw(o, facts, _act_type(facts)))]
    text = "；".join(flaws) if flaws else "在场执法人员证件当日均有效"
    return Finding(bool(facts.officers) and not flaws, text if facts.officers else "没有指明执法人员", "换由持有效执法证的人员办理，或先办理证件续期、审验")


@condition("actor-certified")
def actor_certified(facts: Facts, args: Args) -> Finding:
    """Who records an enforcement step is certified too."""
    me = Officer(facts.actor.id, facts.actor.name, certificates=facts.actor.certificates)
    flaw = officer_flaw(me, facts, _act_type(facts))
    return Finding(not flaw, f"{facts.actor.name}：{flaw or '证件有效'}", "由持有效执法证的承办人办理")


@condition("officers-are-handlers")
def officers_are_handlers(facts: Facts, args: Args) -> Finding:
    """Steps are taken by the case's own handlers, so that a hand-over is on record."""
    strangers = [o.name for o in facts.officers if o.id not in facts.state["handlers"]]
    return Finding(not strangers, f"{'、'.join(strangers) or '在场人员'}{'不是' if strangers else '均是'}本案承办人", "先办理“变更承办人”")


@condition("actor-is-handler")
def actor_is_handler(facts: Facts, args: Args) -> Finding:
    """Only a handler of this case may take the step."""
    met = facts.actor.id in facts.state["handlers"]
    return Finding(met, f"{facts.actor.name}{'是' if met else '不是'}本案承办人", "由承办人办理，或先变更承办人")


@condition("not-handler")
def not_handler(facts: Facts, args: Args) -> Finding:
    """Who reviews, hosts or confirms has not handled the case, now or before."""
    involved = {*facts.state["handlers"], *facts.state["former_handlers"]}
    named = str(facts.data.get(args["field"]) or "") if "field" in args else facts.actor.id
    who = facts.actor.name if "field" not in args else "所选人员"
    met = bool(named) and named not in involved
    return Finding(met, f"{who}{'未参与' if met else '参与过'}本案调查", "换由没有参与调查的人员办理")


@condition("not-recused")
def not_recused(facts: Facts, args: Args) -> Finding:
    """Nobody who must withdraw takes part (行政处罚法第四十三条)."""
    out = set(facts.state["recused"])
    here = [o.name for o in facts.officers if o.id in out] + ([facts.actor.name] if facts.actor.id in out else [])
    return Finding(not here, f"{'、'.join(here)}已决定回避" if here else "没有应当回避的人员参与", "换由其他人员办理")


@condition("reviewer-qualified")
def reviewer_qualified(facts: Facts, args: Args) -> Finding:
    """Who reviews decisions for the first time holds the national legal qualification (第五十八条第二款)."""
    met = facts.actor.legal_qualification
    return Finding(met, f"{facts.actor.name}{'已' if met else '没有'}取得法律职业资格", "由取得国家统一法律职业资格的审核人员办理")


@condition("second-person")
def second_person(facts: Facts, args: Args) -> Finding:
    """The one who confirms is not the one who prepared."""
    before = facts.last(args["act"])
    met = before is None or before["by"] != facts.actor.id
    return Finding(met, "确认人与提交人是同一人" if not met else "确认人与提交人不是同一人", "由另一名有权人员确认")


@condition("same-unit")
def same_unit(facts: Facts, args: Args) -> Finding:
    """The duty lies with the unit that handled the case (谁执法谁公示)."""
    unit = str(facts.extra.get("case_unit") or "")
    met = not unit or unit in facts.actor.units
    return Finding(met, "本案由其他承办机构办理" if not met else "由承办机构办理", "由承办本案的机构提交")
