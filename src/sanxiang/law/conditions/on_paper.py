"""Conditions of what was written on paper outside the system."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.speech import cn_day


@condition("not-ahead", asks="form")
def not_ahead(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """A day that the act names has come: nothing is put on the books that is not written yet."""
    day = str(facts.data.get(args["field"]) or "")[:10]
    item = facts.act.field(args["field"])
    label = item.label if item else "日期"
    met = not day or day <= facts.on.isoformat()
    text = f"“{label}”{cn_day(day)}还没有到" if not met else f"“{label}”已经到了"
    return Finding(met, text, f"“{label}”填写实际的日期，不晚于{cn_day(facts.on)}")


@condition("paper-allowed")
def paper_allowed(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """The locality's scheme does not demand that every paper be electronic."""
    value = facts.pack.parameter("doc.electronic")
    met = value.value != "required"
    text = f"{value.citation}要求文书一律电子化" if not met else "本地方案允许纸质文书"
    return Finding(met, text, "在本系统办理相应步骤，由系统生成文书；原件的扫描件用“收集证据”录入")
