"""Conditions of publication 公示: decided, served, complete, clean, confirmed by a second person."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition

Args = Mapping[str, Any]
KEPT = {"N1": "国家秘密", "N4": "商业秘密", "N5": "个人隐私"}
"""Grounds of withholding that outlast a change of mind, by their code."""
MADE_BY = ("decide", "decide-on-spot")


@condition("decision-in-force")
def decision_in_force(facts: Facts, args: Args) -> Finding:
    """There is a decision, and it was not revoked, declared illegal or void; one that was changed is in force as changed."""
    fate = str(facts.state["facts"].get("fate") or "")
    decided = bool(facts.state["facts"].get("decided"))
    met = decided and fate in ("", "changed")
    text = "决定有效" if met else "决定已被撤销、确认违法或者无效" if fate else "还没有作出行政处罚决定"
    return Finding(met, text, "有效的处罚决定才能公示")


@condition("not-exempt")
def not_exempt(facts: Facts, args: Args) -> Finding:
    """No decision stands that this case is not made public."""
    exempt = facts.state["publication"].get("status") == "exempt"
    return Finding(
        not exempt,
        "已决定不予公开" if exempt else "没有不予公开的决定",
        "复查后决定公开的，先办理“复查后改为公开”",
    )


@condition("secret-may-open", asks="form", reads=("lift_ground",))
def secret_may_open(facts: Facts, args: Args) -> Finding:
    """What was withheld may be shown when the reason is gone; while it lasts only where its kind and the scheme let it.

    State secrets open only by being declassified; trade secrets and privacy by consent or for the public interest
    (政府信息公开条例 第十四条、第十五条), and not at all where the scheme excludes them.
    """
    kind = KEPT.get(str(facts.state["publication"].get("ground") or ""), "")
    given = facts.data.get("lift_ground")
    excluded = facts.pack.setting("publish.secret_policy") == "exclude"
    if not kind or given in (None, "", "ended") or (kind != "国家秘密" and not excluded):
        return Finding(True, f"{kind or '不予公开的情形'}允许复查后公开")
    whose = "本地方案规定不公开" if kind != "国家秘密" else "不得公开"
    return Finding(
        False, f"{kind}{whose}，不能以“{facts.said('lift_ground')}”改为公开", "情形消失之后再复查公开"
    )


@condition("served-or-approved")
def served_or_approved(facts: Facts, args: Args) -> Finding:
    """A decision is published after service, or earlier with an approved reason."""
    made = [facts.state["papers"].get(k) or {} for k in args["papers"]]
    served = any(p.get("status") == "served" for p in made)
    early = facts.n("approve-early-publication") > max(facts.n(a) for a in MADE_BY)
    met = served or early
    return Finding(
        met,
        "决定书已送达" if served else "已批准送达前公示" if early else "决定书还没有送达",
        "先送达；确需送达前公开的，先经批准并写明理由",
    )


@condition("publication-matches", asks="form", reads=("digest",))
def publication_matches(facts: Facts, args: Args) -> Finding:
    """What is published is the text that was prepared, and that the case gives today."""
    given, prepared = facts.data.get("digest"), facts.state["publication"].get("digest")
    now = facts.extra.get("publication_digest", prepared)
    met = bool(prepared) and given == prepared == now
    return Finding(met, "公示文本未变" if met else "公示文本与提交确认时不同", "重新生成公示文本并再次确认")


@condition("publication-fields")
def publication_fields(facts: Facts, args: Args) -> Finding:
    """The public text carries every field that the locality's scheme demands."""
    lacking = list(facts.extra.get("publication_missing", ()))
    text = f"公示内容缺少：{'、'.join(lacking)}" if lacking else "公示字段齐全"
    return Finding(not lacking, text, "在案件或公示文本中补齐")


@condition("clean-text")
def clean_text(facts: Facts, args: Args) -> Finding:
    """Nothing protected is left in the public text."""
    found = list(facts.extra.get("publication_leaks", ()))
    text = f"公示文本里还有应当隐去的内容：{'；'.join(found)}" if found else "没有发现应当隐去的内容"
    return Finding(not found, text, "逐处处理后重新提交")
