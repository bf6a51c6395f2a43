"""Conditions of putting a file away: it lacks nothing, its retention is long enough, nothing holds it back."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.casefile import LONGER, RETENTIONS, too_short
from sanxiang.law.facts import Facts
from sanxiang.law.file_check import lacking
from sanxiang.law.guards import Finding, condition
from sanxiang.speech import cn_day

Args = Mapping[str, Any]


@condition("file-whole")
def file_whole(facts: Facts, args: Args) -> Finding:
    """No record, receipt or recording is missing, and every file of the case is as it was stored; each missing thing is named."""
    found = lacking(facts.pack, facts.state)
    gone = list((facts.extra.get("file") or {}).get("gone", ()))
    told = [str(one) for one in found] + [f"{name}的文件丢失或者被改动" for name in gone]
    cures = [one.cure for one in found] + (
        ["从备份恢复文件，运行 sanxiang ledger verify 核对"] if gone else []
    )
    text = f"案卷缺{len(told)}项：{'；'.join(told)}" if told else "案卷齐全"
    return Finding(not told, text, "；".join(dict.fromkeys(cures)))


@condition("retention-long-enough", asks="form", reads=("retention",))
def retention_long_enough(facts: Facts, args: Args) -> Finding:
    """The retention chosen is not below what the place's rule gives this kind of case."""
    wanted, source = retention_rule(facts)
    met = not too_short(str(facts.data.get("retention") or ""), wanted)
    label = RETENTIONS.get(wanted, "")
    where = f"（{source}）" if source else ""
    text = "保管期限不短于期限表" if met else f"期限表规定这类案卷保管{label}{where}，所选期限较短"
    return Finding(met, text, f"保管期限选{label}，或者更长的期限")


def retention_rule(facts: Facts) -> tuple[str, str]:
    """The shortest retention by the place's table, and where it stands; "" where there is no table."""
    told = facts.extra.get("retention_rule") or {}
    return str(told.get("keep") or ""), str(told.get("source") or "")


@condition("archive-no-free", asks="form")
def archive_no_free(facts: Facts, args: Args) -> Finding:
    """An archive number that is given by hand belongs to no other file of the agency."""
    other = str(facts.extra.get("archive_no_taken") or "")
    number = str(facts.data.get("archive_no") or "")
    text = f"归档号{f'“{number}”' if number else ''}已经用于{other}"
    return Finding(not other, text if other else "归档号没有重复", "另填一个号，或者不填，由系统接着编号")


@condition("not-on-hold")
def not_on_hold(facts: Facts, args: Args) -> Finding:
    """Nobody has ordered that the file be kept as it is."""
    hold = (facts.state.get("custody") or {}).get("hold") or {}
    text = f"案卷自{cn_day(hold['on'])}起冻结保管：{hold['reason']}" if hold else "案卷没有冻结"
    return Finding(not hold, text, "先办理“解除冻结”")


@condition("on-hold")
def on_hold(facts: Facts, args: Args) -> Finding:
    """The file is on hold."""
    hold = (facts.state.get("custody") or {}).get("hold") or {}
    return Finding(bool(hold), "案卷已冻结" if hold else "案卷没有冻结", "没有冻结的不用解除")


@condition("not-handed-over")
def not_handed_over(facts: Facts, args: Args) -> Finding:
    """The file is still where it was bound: nobody has received it to the same place before."""
    past = (facts.state.get("custody") or {}).get("handed") or []
    same = [row for row in past if row["to"] == facts.data.get("handed_to")]
    text = f"案卷已于{cn_day(same[-1]['on'])}移交{same[-1]['receiver']}" if same else "案卷还没有移交"
    return Finding(not same, text, "不能重复移交；移交到另一处的，改选接收方")


@condition("may-be-supplemented")
def may_be_supplemented(facts: Facts, args: Args) -> Finding:
    """The file is still kept, and what comes has at least one page."""
    gone = (facts.state.get("custody") or {}).get("destruction")
    if gone:
        return Finding(False, f"案卷已于{cn_day(gone['on'])}批准销毁", "不能再补充")
    told = facts.data.get("sheets")
    if told is None:  # the blank field is said by itself
        return Finding(True, "还没有写明补充的材料有几页")
    return Finding(int(told) > 0, f"补充的材料{told}页", "写明实有页数")


@condition("retention-over")
def retention_over(facts: Facts, args: Args) -> Finding:
    """There is a table of retentions, and by it and by what was chosen the time is over: what is kept for ever is never destroyed."""
    keep, (wanted, source) = str(facts.state["facts"].get("retention") or ""), retention_rule(facts)
    filed = str((facts.state["last"].get("archive") or {}).get("on") or "")
    if not wanted:
        cure = "先由本机关定出期限表，写入规则包的“案卷保管期限表”并注明依据"
        return Finding(False, "本机关没有案卷保管期限表（方案未定），不能销毁", cure)
    if "permanent" in (keep, wanted) or not keep or not filed:
        return Finding(False, f"案卷永久保管，不能销毁（{source}）", "继续保管")
    ends = int(filed[:4]) + max(LONGER[keep], LONGER[wanted])
    text = f"保管期限{RETENTIONS[keep]}，自归档次年起算，到{ends}年底届满"
    return Finding(facts.on.year > ends, text, "期限届满以后再鉴定、报批")


@condition("may-go-unserved", asks="form", reads=("paper",))
def may_go_unserved(facts: Facts, args: Args) -> Finding:
    """No word of explanation stands for the service of a decision, or of the notice before it."""
    named = str(facts.data.get("paper") or "")
    rule = facts.pack.papers.get(named)
    text = f"《{rule.label if rule else named}》"
    met = named not in args["papers"]
    return Finding(
        met, f"{text}可以说明" if met else f"{text}必须送达，不能以说明代替", f"办理“送达文书”送达{text}"
    )
