"""The further sides of a dispute on the case page, and what each handed in: nothing here asks the database."""

from typing import Any

from sanxiang.cases.models import Case
from sanxiang.desk.words import Words
from sanxiang.door.sight import Sight
from sanxiang.law.packs import Pack
from sanxiang.law.rulings import LABELS, sides

OTHERS = ("respondent", "third_parties")
"""The fields that name whoever stands against the applicant, or beside both."""


def sides_of(case: Case, pack: Pack, words: Words, sight: Sight) -> list[dict[str, Any]]:
    """被申请人, 第三人 and what was handed in by whom, with who has still to see it; nothing where a case has one side."""
    facts = case.state["facts"]
    fields = {f.name: f for act in pack.acts_of(case.procedure) for f in act.fields if f.name in OTHERS}
    rows = [
        {"label": field.label, "value": words.value(field, sight.of(field, facts[name]))}
        for name, field in fields.items()
        if facts.get(name)
    ]
    return [*rows, *_submissions(facts)]


def _submissions(facts: dict[str, Any]) -> list[dict[str, Any]]:
    told = []
    for row in facts.get("submissions") or ():
        left = [LABELS[s] for s in sides(facts) if s != row["side"] and s not in row["to"]]
        seen = f"还没有转送{'、'.join(left)}" if left else "已转送各方"
        told.append(f"第{row['no']}项“{row['title']}”（{LABELS[row['side']]}提交，{seen}）")
    return [{"label": "各方提交的材料", "value": "；".join(told)}] if told else []
