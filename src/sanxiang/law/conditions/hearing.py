"""Conditions of the hearing 听证: it is the hearing that was told, on its day, under its host, with the party there (第六十四条)."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.conditions.steps import day_of
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.speech import cn_day, cn_moment

Args = Mapping[str, Any]
AGAIN = "重新办理“通知举行听证”，在七个工作日之前送达当事人"


@condition("hearing-day")
def hearing_day(facts: Facts, args: Args) -> Finding:
    """The hearing is held on the day that the party was told: before or after it the party need not be there."""
    told = facts.state["facts"].get("hearing_at")
    met = bool(told) and facts.on == day_of(told)
    text = f"通知的听证时间是{cn_moment(told) or '（未定）'}，办理日期是{cn_day(facts.on)}"
    return Finding(met, text, f"听证在通知的日期举行；当天已经举行的，办理时间填写那一天；改期的，{AGAIN}")


@condition("hearing-host", asks="form", reads=("host",))
def hearing_host(facts: Facts, args: Args) -> Finding:
    """Who hosted is who was told: against another the party could not ask for recusal."""
    told, now = str(facts.state["facts"].get("host") or ""), str(facts.data.get("host") or "")
    met = bool(told) and told == now
    text = (
        "主持人是通知当事人的主持人"
        if met
        else "填写的主持人不是通知当事人的主持人，当事人没有机会申请其回避"
    )
    return Finding(met, text, f"由通知的主持人主持；换人的，{AGAIN}")


@condition("hearing-attended", asks="form", reads=("came",))
def hearing_attended(facts: Facts, args: Args) -> Finding:
    """Without the party there is no hearing: staying away without reason is a waiver, with one it is held another day."""
    met = facts.data.get("came") not in (None, "", "none")
    text = "当事人或者代理人到场" if met else "当事人和代理人都没有到场，没有举行听证"
    cure = f"没有正当理由的，视为放弃听证权利，办理“终止听证”；有正当理由的，{AGAIN}"
    return Finding(met, text, cure)
