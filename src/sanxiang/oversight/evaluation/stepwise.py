"""What the standard asks of each step beside the rules that gated it: its papers, its columns, two officers, a sum within the article.

The door grants these by construction (it reads the form, makes the papers); a file that was taken over, or changed, may lack them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sanxiang.door.registers.grounds import allowed
from sanxiang.law.conditions.grounds import LIGHTENED
from sanxiang.law.facts import Facts
from sanxiang.law.money import money
from sanxiang.law.rules import Act, Field
from sanxiang.law.scope import papers_of
from sanxiang.oversight.evaluation.yardsticks import Flaw, Step
from sanxiang.speech import cn_day, yuan

PUBLISHED = ("party", "number", "result", "basis")
"""What of a published text is held against the decision; facts are shortened and masked."""
AGAINST = ("不同意", "反对", "不赞成")
DISCUSSED = "discuss"


def looked_at(facts: Facts, step: Step, n: int) -> Iterator[Flaw]:
    """Everything that the standard finds in one step."""
    yield from papers(facts, step, n)
    yield from columns(facts, n)
    yield from published(facts, step, n)
    yield from two_officers(facts, n)
    yield from fine(facts, n)
    yield from outvoted(facts, n)


def papers(facts: Facts, step: Step, n: int) -> Iterator[Flaw]:
    """The papers that the step makes by the pack are there, and bear a number where their series gives one."""
    if facts.actor.system:
        return
    for kind in papers_of(facts):
        rule, made = facts.pack.papers.get(kind), step.papers.get(kind)
        if rule is None:
            continue
        if not made or not made.get("id"):
            text, cure = f"卷内没有{step.label}应当制作的《{rule.label}》", "补入文书，或者登记缺件的原因"
        elif rule.series and not made.get("number"):
            text, cure = f"《{rule.label}》没有文号", "核对文号登记，更正文书"
        else:
            continue
        yield Flaw(f"papers-made:{kind}", "papers-made", str(rule.citation), text, cure, n, step.label)


def columns(facts: Facts, n: int) -> Iterator[Flaw]:
    """Where a group of fields or a row is filled in, what it cannot do without is."""
    erased = facts.state.get("erased", {})
    for item in facts.act.fields:
        given = facts.data.get(item.name)
        if not item.columns or item.name in erased or facts.actor.system:
            continue
        for number, row in enumerate(given if isinstance(given, list) else [given], 1):
            if isinstance(row, Mapping) and (blank := _lacking(item, row)):
                where = f"“{item.label}”第 {number} 行" if isinstance(given, list) else f"“{item.label}”"
                text = f"{where}没有填写{'、'.join(f'“{label}”' for label in blank)}"
                cite = item.article or str(facts.act.citation)
                yield Flaw(
                    f"field:{item.name}", "columns-filled", cite, text, "补正并说明", n, facts.act.label
                )


def _lacking(item: Field, row: Mapping[str, Any]) -> list[str]:
    return [c.label for c in item.columns if c.required and row.get(c.name) in (None, "", [], {})]


def published(facts: Facts, step: Step, n: int) -> Iterator[Flaw]:
    """What was put before the public is what the decision says."""
    shown, due = step.data.get("public_text"), facts.extra.get("public")
    if not isinstance(shown, Mapping) or due is None:
        return
    for name in PUBLISHED:
        if name in shown and name in due.fields and shown[name] != due.fields[name]:
            text = f"公示的“{shown[name]}”与决定的“{due.fields[name]}”不一致"
            cite = str(facts.act.citation)
            yield Flaw(
                "published-as-decided",
                "published-as-decided",
                cite,
                text,
                "撤回并更正公示的信息",
                n,
                step.label,
            )


def two_officers(facts: Facts, n: int) -> Iterator[Flaw]:
    """Enforcement in the field is done by two, also where no statute on that kind of act says so."""
    act = facts.act
    if not (act.enforcement and act.matters and _names_officers(act)) or _asks_two(facts):
        return
    there = {officer.id for officer in facts.officers}
    if len(there) < 2:
        text = f"{act.label}只有{len(there)}名执法人员"
        yield Flaw(
            "two-in-the-field",
            "two-officers",
            str(act.citation),
            text,
            "由不少于两名执法人员进行",
            n,
            act.label,
        )


def _names_officers(act: Act) -> bool:
    return any(item.type == "officers" and item.required for item in act.fields)


def _asks_two(facts: Facts) -> bool:
    guards = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    return any(rule.needs == "two-officers" for rule in guards)


def fine(facts: Facts, n: int) -> Iterator[Flaw]:
    """A fine keeps within the sums that the cited article states, as far as its text has been imported and states sums."""
    plan = facts.data.get("decision") or facts.data.get("proposal")
    if not isinstance(plan, Mapping) or "fine" not in (plan.get("kinds") or ()):
        return
    sum_, found = money(plan.get("fine")), allowed(str(plan.get("basis") or ""))
    if found is None or sum_ <= 0:
        return
    least, most, cited = found
    lightened = LIGHTENED & set(facts.fact("circumstances") or ())
    if sum_ > most or (sum_ < least and not lightened):
        text = f"罚款{yuan(sum_)}，{cited}规定的是{yuan(least)}以上{yuan(most)}以下"
        cure = "按法定幅度重新作出决定；依法减轻的写明情形"
        yield Flaw("fine-in-article", "fine-in-range", cited, text, cure, n, facts.act.label)


def outvoted(facts: Facts, n: int) -> Iterator[Flaw]:
    """A penalty is not decided against what most of the heads said who discussed it."""
    if facts.act.id != "decide" or not (last := facts.state["last"].get(DISCUSSED)):
        return
    views = [str(row.get("view") or "").strip() for row in facts.extra.get("views", ())]
    against = [view for view in views if view.startswith(AGAINST)]
    if len(against) * 2 > len(views):
        text = f"{cn_day(last['on'])}集体讨论的{len(views)}名负责人有{len(against)}名不同意，仍然作出处罚决定"
        cite = str(facts.pack.acts[DISCUSSED].citation)
        yield Flaw("outvoted", "outvoted", cite, text, "照讨论的结论办理，或者重新讨论", n, facts.act.label)
