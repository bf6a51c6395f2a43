"""Conditions about people: how many, certified, uninvolved, qualified."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.law.facts import Actor, Certificate, Facts, Officer
from sanxiang.law.guards import Finding, condition
from sanxiang.law.packs import Pack
from sanxiang.law.taking_part import never_handled, reviewing, taking_part
from sanxiang.speech import cn_day, cn_moment, role_name

Args = Mapping[str, Any]

NOT_EXAMINED = "未通过执法资格考试"
"""Said at the door and, of the same person on the same day, on the portal."""


def day_flaw(certificate: Certificate, on: date) -> str:
    """Why a certificate is not in force on a day, whatever the act; empty when it is."""
    if certificate.revoked:
        return "已注销"
    if certificate.suspended:
        return "已暂扣"
    if certificate.valid_from and on < certificate.valid_from:
        return f"{cn_day(certificate.valid_from)}才生效"
    if certificate.valid_until and on > certificate.valid_until:
        return f"已于{cn_day(certificate.valid_until)}到期"
    if certificate.inspected_until and on > certificate.inspected_until:
        return f"年度审验只到{cn_day(certificate.inspected_until)}"
    return ""


def certificate_flaw(certificate: Certificate, facts: Facts, act_type: str) -> str:
    """Why a certificate does not carry this act on this day; empty when it does."""
    return card_flaw(certificate, facts.on, accepted_by(facts.pack), facts.region, act_type)


def accepted_by(pack: Pack) -> Mapping[str, Any]:
    """Which kinds of certificate the locality's scheme accepts; empty where it says nothing."""
    return pack.setting("certificate.accepted") or {}


def kinds_accepted(accepted: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds by name, today's national one first; empty where the scheme says nothing."""
    named = (accepted.get("successor", ""), *accepted.get("kinds", ()))
    return tuple(dict.fromkeys(kind for kind in named if kind))


def card_flaw(
    certificate: Certificate, on: date, accepted: Mapping[str, Any], region: str = "", act_type: str = ""
) -> str:
    """Why a certificate allows nothing on a day in an agency of `region`; empty when it allows something.

    With `act_type` that kind of act must be among what it allows. The portal vouches by the same words as the door refuses.
    """
    if flaw := day_flaw(certificate, on):
        return flaw
    if accepted and certificate.kind not in kinds_accepted(accepted):
        return f"证件种类“{certificate.kind}”不在本方案认可之列"
    if not certificate.categories:
        return "没有登记执法类别"
    if act_type and act_type not in certificate.categories:
        return "执法类别不含本类行为"
    if not certificate.area:
        return "没有登记执法区域"
    if region and not any(reaches(a, region) for a in certificate.area):
        return "执法区域不含本地"
    return ""


COUNTY = 6
"""Digits of a county's code."""
NATIONWIDE = "0" * COUNTY


def reaches(area: str, region: str) -> bool:
    """Does a certificate for `area` hold in an agency of `region`? Both are codes of GB/T 2260 or below (GB/T 10114).

    An area covers all below it, so a province's or city's covers its counties; a town's holds in its county's own agency.
    Noughts alone are the whole country.
    """
    if area == NATIONWIDE:
        return True
    own, here = _stem(area), _stem(region)
    town = len(own) > COUNTY and len(here) >= COUNTY
    return bool(own) and (here.startswith(own) or (town and own.startswith(here)))


def _stem(code: str) -> str:
    """The digits that say something: the noughts that fill up a province's, a city's or a county's code are cut."""
    while len(code) > COUNTY and code.endswith("000"):
        code = code[:-3]
    while len(code) in (4, COUNTY) and code.endswith("00"):
        code = code[:-2]
    return code


def officer_flaw(officer: Officer, facts: Facts, act_type: str) -> str:
    """Why this person may not enforce today; empty when one certificate carries it."""
    if not officer.certificates:
        return "没有行政执法证"
    if not officer.exam_passed:
        return NOT_EXAMINED
    flaws = [certificate_flaw(c, facts, act_type) for c in officer.certificates]
    return "" if "" in flaws else f"证号 {officer.certificates[0].number} {flaws[0]}"


def _act_type(facts: Facts) -> str:
    return facts.pack.procedures[facts.state["procedure"]].act_type


def called(facts: Facts) -> str:
    """What the act's form calls those who are named: 在场执法人员, 承办人, 专案组人员."""
    label = next((f.label for f in facts.act.fields if f.type == "officers"), "执法人员")
    return label.partition("（")[0]


@condition("two-officers", asks="officers", reads=("officers",))
def two_officers(facts: Facts, args: Args) -> Finding:
    """At least n different officers are named for the step (行政处罚法第四十二条: 不得少于两人)."""
    need = int(args.get("n", 2))
    named = {o.id for o in facts.officers}
    lacking = max(need - len(named), 0)
    text = f"{called(facts)} {len(named)} 人，不得少于 {need} 人"
    return Finding(not lacking, text, f"再补充 {lacking} 名持有效执法证的人员")


@condition("certified", asks="officers", reads=("officers",))
def certified(facts: Facts, args: Args) -> Finding:
    """Every officer named holds a certificate valid for this act, day and area."""
    if not facts.officers:
        return Finding(False, f"没有指明{called(facts)}", f"填写{called(facts)}，均须持有有效的执法证")
    flaws = [
        f"{o.name}：{flaw}" for o in facts.officers if (flaw := officer_flaw(o, facts, _act_type(facts)))
    ]
    text = "；".join(flaws) if flaws else f"{called(facts)}证件当日均有效"
    cure = "换由持有效执法证的人员办理，或先办理证件续期、审验"
    if any("没有登记执法" in flaw for flaw in flaws):
        cure += "；执法类别、执法区域空缺的，由安全管理员照证件补登"
    return Finding(not flaws, text, cure)


@condition("actor-certified")
def actor_certified(facts: Facts, args: Args) -> Finding:
    """Who records an enforcement step is certified too."""
    me = Officer(facts.actor.id, facts.actor.name, certificates=facts.actor.certificates)
    flaw = officer_flaw(me, facts, _act_type(facts))
    return Finding(not flaw, f"{facts.actor.name}：{flaw or '证件有效'}", "由持有效执法证的承办人办理")


@condition("officers-are-handlers", asks="officers")
def officers_are_handlers(facts: Facts, args: Args) -> Finding:
    """Steps are taken by the case's own handlers, so that a hand-over is on record.

    With `once_named` by anybody until the case gets its first handlers.
    """
    if args.get("once_named") and never_handled(facts.state):
        return Finding(True, "本案还没有确定承办人")
    strangers = [o.name for o in facts.officers if o.id not in facts.state["handlers"]]
    who = "、".join(strangers) or "在场人员"
    return Finding(not strangers, f"{who}{'不是' if strangers else '均是'}本案承办人", "先办理“变更承办人”")


@condition("case-staffed")
def case_staffed(facts: Facts, args: Args) -> Finding:
    """The case has two handlers who need not withdraw: what they take to the file is the work of two."""
    left = [h for h in facts.state["handlers"] if h not in facts.state["recused"]]
    text = f"本案现有承办人 {len(left)} 人，不得少于 2 人"
    return Finding(len(left) >= 2, text, "先办理“变更承办人”，补足两名承办人")


@condition("actor-is-handler")
def actor_is_handler(facts: Facts, args: Args) -> Finding:
    """Only a handler of this case may take the step, or who acts in the role that the rule names beside them.

    With `once_named` anybody may until the case gets its first handlers.
    """
    if args.get("once_named") and never_handled(facts.state):
        return Finding(True, "本案还没有确定承办人")
    if (role := args.get("or_role", "")) in facts.actor.roles:
        return Finding(True, f"由{role_name(role)}办理")
    met = facts.actor.id in facts.state["handlers"]
    return Finding(
        met, f"{facts.actor.name}{'是' if met else '不是'}本案承办人", "由承办人办理，或先变更承办人"
    )


@condition("not-handler", asks="field")
def not_handler(facts: Facts, args: Args) -> Finding:
    """Who reviews, hosts or confirms has not handled the case, now or before, and took no part in finding it out."""
    involved = taking_part(facts.pack, facts.state)
    named = str(facts.data.get(args["field"]) or "") if "field" in args else facts.actor.id
    who = facts.actor.name if "field" not in args else "所选人员"
    met = bool(named) and named not in involved
    return Finding(met, f"{who}{'未参与' if met else '参与过'}本案调查", "换由没有参与调查的人员办理")


@condition("handlers-uninvolved", asks="officers")
def handlers_uninvolved(facts: Facts, args: Args) -> Finding:
    """Who has reviewed the case or hosts its hearing does not become its handler."""
    known = dict.fromkeys(reviewing(facts.state), "出具过审核意见")
    if facts.state["facts"].get("host"):
        known[str(facts.state["facts"]["host"])] = "是听证主持人"
    found = [f"{o.name}{known[o.id]}" for o in facts.officers if o.id in known]
    text = "；".join(found) if found else "承办人没有参与审核和听证"
    return Finding(not found, text, "换由没有参与审核、没有主持听证的人员承办")


@condition("not-reviewer")
def not_reviewer(facts: Facts, args: Args) -> Finding:
    """Who gave an opinion in this case, or answers for one, does not decide it: the review would be of the own decision."""
    met = facts.actor.id not in reviewing(facts.state)
    text = f"{facts.actor.name}在本案{'没有' if met else ''}出具过审核意见"
    return Finding(met, text, "由没有参与本案法制审核的负责人决定")


@condition("not-recused")
def not_recused(facts: Facts, args: Args) -> Finding:
    """Nobody who must withdraw takes part (行政处罚法第四十三条); `field` names a person chosen."""
    out = set(facts.state["recused"])
    here = [o.name for o in facts.officers if o.id in out]
    here += [facts.actor.name] if facts.actor.id in out else []
    here += ["所选人员"] if "field" in args and str(facts.data.get(args["field"])) in out else []
    text = f"{'、'.join(dict.fromkeys(here))}已决定回避" if here else "没有应当回避的人员参与"
    return Finding(not here, text, "换由其他人员办理")


@condition("heads-together", asks="field")
def heads_together(facts: Facts, args: Args) -> Finding:
    """At least `least` heads of the agency sat together, and only people of the agency who need not withdraw (第五十七条
    第二款: 行政机关负责人应当集体讨论决定). Heads are 正职 and 副职; the head of a unit is none of them."""
    least, heads, staff = int(args["least"]), facts.extra.get("heads", {}), facts.extra.get("staff", {})
    known = {**staff, **heads}
    named = dict.fromkeys(str(row.get("person") or "") for row in facts.data.get(args["field"]) or ())
    strange = [one for one in named if one not in known]
    gone = [known[one] for one in named if one in known and one in facts.state["recused"]]
    sat = [one for one in named if one in heads and one not in facts.state["recused"]]
    wrong = [f"有 {len(strange)} 名不是本单位当日在岗的人员"] if strange else []
    wrong += [f"{'、'.join(gone)}已决定回避"] if gone else []
    wrong += [f"参加讨论的负责人 {len(sat)} 人，不得少于 {least} 人"] if len(sat) < least else []
    text = "；".join(wrong) if wrong else f"{len(sat)} 名负责人集体讨论"
    cure = f"从本单位当日在岗、不需要回避的人员中选，其中负责人（正职、副职）不少于 {least} 人"
    cure += "；副职没有登记负责人岗位的，由安全管理员授予；其他列席的人写在“列席人员”里"
    return Finding(not wrong, text, cure)


@condition("has-post")
def has_post(facts: Facts, args: Args) -> Finding:
    """The step is for the holder of one post alone, where the act itself is open to several."""
    label = role_name(str(args["role"]))
    met = args["role"] in facts.actor.roles or facts.actor.system
    text = f"{facts.actor.name}{'在本单位当日任' if met else '在本单位当日没有任'}{label}"
    return Finding(met, text, f"由{label}办理")


@condition("recusal-of-another")
def recusal_of_another(facts: Facts, args: Args) -> Finding:
    """Nobody decides whether to withdraw in person, nor, having withdrawn, whether another must (第四十三条第三款)."""
    mine = facts.actor.id == str(facts.state["facts"].get("recusal_of") or "")
    out = facts.actor.id in facts.state["recused"]
    why = "就是被申请回避的人" if mine else "已决定回避" if out else "与回避申请没有关系"
    return Finding(not mine and not out, f"{facts.actor.name}{why}", "由本机关另一名负责人决定")


@condition("reviewer-qualified")
def reviewer_qualified(facts: Facts, args: Args) -> Finding:
    """Who reviews decisions for the first time holds the national legal qualification (第五十八条第二款).

    `since` is the day from which the law asks that of beginners; without it everybody is asked, whenever they began.
    """
    actor, since = facts.actor, args.get("since")
    flaw, cure = reviewer_flaw(actor, since)
    if flaw:
        return Finding(False, f"{actor.name}{flaw}", cure)
    began = "" if actor.legal_qualification else f"{cn_day(actor.review_began or '')}起从事法制审核，早于"
    text = f"{began}{cn_day(since)}，不是初次从事" if began and since else "已取得法律职业资格"
    return Finding(True, f"{actor.name}{text}")


def reviewer_flaw(actor: Actor, since: date | None) -> tuple[str, str]:
    """Which fact is missing for this person to review decisions, and what cures it; two empty texts when nothing is."""
    began = actor.review_began
    if actor.legal_qualification or (since and began and began < since):
        return "", ""
    holder = "由取得国家统一法律职业资格的审核人员办理"
    number = "已经取得的，由安全管理员在“登记法律职业资格”填写证号"
    if since is None:
        return "没有登记法律职业资格", f"{holder}；{number}"
    if began is None:
        cure = f"{holder}；{number}；{cn_day(since)}以前已经从事法制审核的，在同处填写“初次从事法制审核日期”"
        return "没有登记法律职业资格，也没有登记初次从事法制审核日期", cure
    fact = f"{cn_day(began)}起从事法制审核，{cn_day(since)}及以后初次从事的应当取得法律职业资格，没有登记"
    return fact, f"{holder}；{number}；日期登记有误的，由安全管理员更正"


@condition("second-person")
def second_person(facts: Facts, args: Args) -> Finding:
    """The one who confirms is not the one who prepared."""
    before = facts.last(args["act"])
    met = before is None or before["by"] != facts.actor.id
    text = "确认人与提交人不是同一人" if met else "确认人与提交人是同一人"
    return Finding(met, text, "由另一名有权人员确认")


@condition("same-unit")
def same_unit(facts: Facts, args: Args) -> Finding:
    """The duty lies with the unit that handled the case (谁执法谁公示)."""
    unit = str(facts.extra.get("case_unit") or "")
    met = not unit or unit in facts.actor.units
    return Finding(met, "由承办机构办理" if met else "本案由其他承办机构办理", "由承办本案的机构提交")


@condition("one-place", asks="form", reads=("began", "ended", "place", "officers"))
def one_place(facts: Facts, args: Args) -> Finding:
    """No officer stands in two records of this case at two places for the same time: at each there must be two (第四十二条).

    A record that begins when another ends does not overlap it; a place that names the other with more words is no other.
    """
    told = {key: str(facts.data.get(key) or "") for key in ("began", "ended", "place")}
    rows = [row for row in facts.state.get("present") or () if _overlap(row, told) and _elsewhere(row, told)]
    clashes = [
        f"{'、'.join(names)}{cn_moment(row['began'])}至{cn_moment(row['ended'])}在{row['place']}办理“{row['label']}”"
        for row in rows
        if (names := [o.name for o in facts.officers if o.id in row["officers"]])
    ]
    text = f"{'；'.join(clashes)}，不能同时在{told['place']}"
    cure = "核对起止时间、地点和在场人员；确实同时进行的，由另外两名承办人办理"
    return Finding(not clashes, text if clashes else "在场人员同一时间只在一处", cure)


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Do two stretches share a minute? Those without a time of day are not judged."""
    timed = all("T" in str(row[key]) for row in (one, other) for key in ("began", "ended"))
    return timed and str(one["began"]) < str(other["ended"]) and str(other["began"]) < str(one["ended"])


def _elsewhere(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    here, there = ("".join(str(row["place"]).split()) for row in (one, other))
    return here not in there and there not in here


# The certificate shown 亮证


@condition("certificate-shown")
def certificate_shown(facts: Facts, args: Args) -> Finding:
    """The officers present have shown their certificates in this case; before anybody is named, some officer has."""
    seen: Mapping[str, Any] = facts.state.get("shown") or {}
    lacking = [o.name for o in facts.officers if not seen.get(o.id)]
    met = bool(seen) and not lacking
    who = "、".join(lacking) or "执法人员"
    text = "已出示执法证件" if met else f"{who}还没有出示执法证件的记录"
    return Finding(met, text, "先登记“出示执法证件”")


@condition("shown-before", asks="form")
def shown_before(facts: Facts, args: Args) -> Finding:
    """The step does not begin before its officers showed their certificates: by the hour where both hours are known.

    Cases begun under older rules do not know since when, and are not judged.
    """
    began = str(facts.data.get("began") or facts.data.get("on") or facts.on.isoformat())[:16]
    since: Mapping[str, str] = facts.state.get("shown_at") or {}
    late = [
        f"{o.name}{cn_moment(at)}才出示执法证件"
        for o in facts.officers
        if (at := since.get(o.id)) and began[: len(at)] < at[: len(began)]
    ]
    text = f"{'；'.join(late)}，“{facts.act.label}”却在{cn_moment(began)}开始" if late else "出示执法证件在先"
    cure = "核对起止时间和办理时间；证件确在此前已经出示的，先补录“出示执法证件”，办理时间填实际出示的时间"
    return Finding(not late, text, cure)


@condition("shown-to-each", asks="form")
def shown_to_each(facts: Facts, args: Args) -> Finding:
    """Everybody whom the step concerns has been shown the certificates by name, where the scheme wants that.

    Nobody is named: who was shown a certificate may be a witness, and a refusal is kept for those who supervise.
    """
    seen = {name for names in (facts.state.get("shown") or {}).values() for name in names}
    named = {f: str(facts.data.get(f) or "") for f in args["fields"]}
    lacking = [f for f, name in named.items() if not any(one in name or name in one for one in seen)]
    labels = {f: f"“{item.label}”" for f in named if (item := facts.act.field(f))}
    blank = "" if any(named[f] for f in lacking) else "（未填）"
    whom = "、".join(labels.get(f, f) for f in lacking)
    text = f"没有向所填的{whom}{blank}出示执法证件的记录" if lacking else "已向相关人员逐人出示"
    party = facts.fact("party") or {}
    if party.get("kind") == "org" and party.get("name") in [named[f] for f in lacking]:
        text += "，证件要向具体的人出示"
    there = "，与“出示执法证件”登记的姓名一致" if seen else ""
    cure = (
        f"在{'、'.join(labels.values())}里写明在场、签收的自然人的姓名{there}；"
        "还没有向其出示的，先登记“出示执法证件”，逐人写明姓名"
    )
    return Finding(not lacking, text, cure)


@condition("certificate-mode", asks="form", reads=("mode",))
def certificate_mode(facts: Facts, args: Args) -> Finding:
    """Shown (行政处罚法第五十五条); a scheme that takes wearing for it asks for less than the law, and the law counts."""
    mode = str(facts.data.get("mode") or "")
    met = mode in ("shown", "both")
    text = "亮证方式符合规定" if met else "没有记录亮证方式" if not mode else "只佩带、没有出示"
    return Finding(met, text, "向当事人出示执法证件后再登记")
