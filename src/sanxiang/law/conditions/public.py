"""Conditions of publication 公示: decided, served, complete, clean, confirmed by a second person."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.articles import TYPED
from sanxiang.law.clocks import last_day
from sanxiang.law.disclosure import channels
from sanxiang.law.disclosure.texts import rule_of
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition, in_future, now_of
from sanxiang.law.rules import as_tuple
from sanxiang.speech import cn_day, cn_moment

Args = Mapping[str, Any]
KEPT = {"N1": "国家秘密", "N4": "商业秘密", "N5": "个人隐私"}
"""Grounds of withholding that outlast a change of mind, by their code."""
MASKED = {"state-secret": "国家秘密", "trade-secret": "商业秘密", "privacy": "个人隐私"}
"""What the editor says of a hidden text, where it is more than personal data, which are always hidden."""

WITHHOLD = "办理“决定不予公开”，写明理由和依据；情形消失后再复查公开"
MADE_BY = ("decide", "decide-on-spot")


@condition("decision-in-force")
def decision_in_force(facts: Facts, args: Args) -> Finding:
    """There is a decision, and it was not revoked, declared illegal or void; one that was changed is in force as changed."""
    fate = str(facts.state["facts"].get("fate") or "")
    rule = rule_of(facts.pack, facts.state)
    if rule is not None and rule.none:
        return Finding(False, f"这一类决定不公示：{rule.none}", "不用公示")
    decided = rule is not None and bool(rule.columns or facts.state["facts"].get("decided"))
    met = decided and fate in ("", "changed")
    text = "决定有效" if met else "决定已被撤销、确认违法或者无效" if fate else "还没有作出决定"
    return Finding(met, text, "有效的决定才能公示")


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
    if not kind or given in (None, "", "ended") or (kind != "国家秘密" and not excludes_secrets(facts)):
        return Finding(True, f"{kind or '不予公开的情形'}允许复查后公开")
    whose = "本地方案规定不公开" if kind != "国家秘密" else "不得公开"
    return Finding(
        False, f"{kind}{whose}，不能以“{facts.said('lift_ground')}”改为公开", "情形消失之后再复查公开"
    )


def excludes_secrets(facts: Facts) -> bool:
    """Does the scheme keep trade secrets and privacy closed in any case, also with the secret hidden?"""
    return bool(facts.pack.setting("publish.secret_policy") == "exclude")


def hidden(facts: Facts) -> list[Mapping[str, Any]]:
    """What the editor hides, row by row; the rows of the last text handed in where this act brings none."""
    return list(facts.fact("hide") or ())


@condition("masked-secrets", asks="form")
def masked_secrets(facts: Facts, args: Args) -> Finding:
    """What the editor hides may be published around: never a state secret, and no secret at all where the scheme excludes them."""
    kinds = [MASKED[str(row["kind"])] for row in hidden(facts) if row.get("kind") in MASKED]
    if "国家秘密" in kinds:
        return Finding(False, "要隐去的内容属于国家秘密，处理后也不能公开", WITHHOLD)
    if kinds and excludes_secrets(facts):
        named = "、".join(dict.fromkeys(kinds))
        return Finding(False, f"要隐去的内容属于{named}，本地方案规定不公开，没有处理后公开的做法", WITHHOLD)
    return Finding(
        True, "没有不得公开的秘密" if not kinds else f"{'、'.join(dict.fromkeys(kinds))}隐去后可以公开"
    )


@condition("secret-hidden", asks="form")
def secret_hidden(facts: Facts, args: Args) -> Finding:
    """What was withheld as a secret and is published treated has the secret hidden, and is said to be one."""
    met = any(row.get("kind") in MASKED for row in hidden(facts))
    text = "涉密内容已经隐去" if met else "改为“隐去后公开”的决定，还没有指明要隐去的商业秘密或者个人隐私"
    return Finding(
        met,
        text,
        "在“另外隐去的内容”里照原文填写要隐去的文字，“属于”选商业秘密或者个人隐私，并写明依法确需公开的依据",
    )


@condition("cites-article", asks="field")
def cites_article(facts: Facts, args: Args) -> Finding:
    """The basis names an instrument and an article of it."""
    given = str(facts.data.get(args["field"]) or "")
    met = TYPED.search(given) is not None
    text = f"依据写明了条款：{given}" if met else f"“{given}”没有写明法律、行政法规的名称和条款"
    return Finding(met, text, "照“《某某法》第几条”的写法填写，该条要对公开期限另有规定")


@condition("exception-open")
def exception_open(facts: Facts, args: Args) -> Finding:
    """The scheme lets this period give way to a statute, and it still runs: what is late is not made timely afterwards."""
    named = as_tuple(args["clock"])
    mine = next((name for name in named if name in facts.state["clocks"]), named[0])
    rule, clock = facts.pack.limits[mine], facts.state["clocks"].get(mine)
    if rule.key not in (facts.pack.setting("publish.statutory_exception") or ()):
        cure = "按本地方案的期限公示；法律、行政法规确有不同规定的，先在规则包里写明"
        return Finding(False, f"本地方案没有允许“{rule.label}”援引法定例外", cure)
    if clock is None or clock["ended"]:
        return Finding(False, f"“{rule.label}”的期限没有在计算", "决定作出后、公示之前办理")
    last = last_day(facts.state, mine, facts.pack, facts.calendar)
    met = last is None or facts.on <= last
    text = f"“{rule.label}”的期限正在计算" if met else f"“{rule.label}”的期限已于{cn_day(last or '')}届满"
    return Finding(met, text, "期限届满后不能再援引例外，应当立即公示")


@condition("served-or-approved")
def served_or_approved(facts: Facts, args: Args) -> Finding:
    """A decision is published after service, or earlier with an approved reason."""
    rule = rule_of(facts.pack, facts.state)
    papers, acts = (rule.papers, rule.acts) if rule else (args["papers"], MADE_BY)
    made = [facts.state["papers"].get(k) or {} for k in papers]
    posted = any(
        p and k in facts.pack.papers and facts.pack.papers[k].posted
        for k, p in zip(papers, made, strict=True)
    )
    served = posted or any(p.get("status") == "served" for p in made)
    early = facts.n("approve-early-publication") > max(facts.n(a) for a in acts)
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


@condition("scans-seen", asks="form", reads=("scans_seen",))
def scans_seen(facts: Facts, args: Args) -> Finding:
    """Whoever confirms has looked at every attached file that shows pictures, and says so of each: no program here reads pictures."""
    said = {
        str(row.get("no")) for row in facts.data.get("scans_seen") or () if str(row.get("said") or "").strip()
    }
    open_ = [
        f"{row['title']}（{row['file']}，{row['where']}）"
        for number, row in enumerate(facts.extra.get("publication_scans") or (), 1)
        if str(number) not in said
    ]
    if not open_:
        return Finding(True, "附件里的画面都有人看过，或者没有画面")
    text = f"{'、'.join(open_)}是图片或者扫描件，画面里的文字系统看不到，还没有人看过"
    cure = "在案件页的“证据”里逐份打开看过，在“看过的图片、扫描件”里写明看到了什么；画面里有应当隐去的，换成遮盖过的文件重新提交公示文本"
    return Finding(False, text, cure)


@condition("clean-public-fields", asks="form")
def clean_public_fields(facts: Facts, args: Args) -> Finding:
    """What this act says to everybody names nobody of the case and no protected number."""
    found = list(facts.extra.get("public_field_leaks", ()))
    text = f"对外公开的内容里有应当隐去的：{'；'.join(found)}" if found else "没有发现应当隐去的内容"
    return Finding(
        not found,
        text,
        "改写这一项：不写姓名、号码、住址和要求隐去的内容，个人以“当事人”称之；校验位不对的号码也不能写",
    )


@condition("channel-up", asks="form", reads=("channel",))
def channel_up(facts: Facts, args: Args) -> Finding:
    """The channel that is named shows a text of this decision, as far as anybody wrote down."""
    name = str(facts.data.get("channel") or "")
    met = name in channels.up(facts.state["publication"])
    text = f"“{facts.said('channel')}”{'登记过公示' if met else '没有登记公示，或者已经登记撤下'}"
    return Finding(met, text, "选择登记过公示、还没有撤下的渠道")


@condition("channel-moment", asks="form")
def channel_moment(facts: Facts, args: Args) -> Finding:
    """A moment that has come, and not before the text was public at all; what is taken down had been put up before."""
    name, told = str(args["field"]), facts.state["publication"].get("channels", {})
    stated, since = str(facts.data.get(name) or ""), "portal" if args.get("up") else facts.data.get("channel")
    first = str(told.get(since, {}).get("at", ""))
    item = facts.act.field(name)
    label = f"{item.label if item else '时间'}{cn_moment(stated)}"
    if in_future(stated, facts):
        return Finding(False, f"{label}还没有到，现在是{cn_moment(now_of(facts))}", "办了之后再登记")
    if stated and stated[:16] < first[:16]:
        what = "在公示平台公示" if args.get("up") else "在该渠道公示"
        return Finding(False, f"{label}早于{what}的时间{cn_moment(first)}", "填写实际的时间")
    return Finding(True, f"{label}符合先后")
