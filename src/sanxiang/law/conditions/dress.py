"""Dress and insignia 着装、标识: answered for each officer in the field for whom it is asked."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition

Args = Mapping[str, Any]
ALWAYS = "as-prescribed"
"""What a scheme says that asks every officer, whether or not the state prescribes a uniform."""


@condition("dress-answered", asks="form", reads=("officers",))
def dress_answered(facts: Facts, args: Args) -> Finding:
    """Every officer whom the state puts in uniform, or where the scheme says so every officer, has an answer; one that is no
    has its reason. Nobody else is asked. Who is in uniform the door hands over as `uniformed`."""
    bound, everybody = set(facts.extra.get("uniformed", ())), facts.pack.setting("uniform") == ALWAYS
    told = {str(row.get("officer")): row for row in facts.data.get(args["field"]) or ()}
    wrong = []
    for officer in facts.officers:
        row = told.get(officer.id, {})
        answer = row.get("uniform")
        if not (everybody or officer.id in bound):
            continue
        if not answer:
            wrong.append(f"{officer.name}没有填写")
        elif answer == "not-required" and officer.id in bound:
            wrong.append(f"{officer.name}登记为国家规定统一着装，不能填“不要求”")
        elif answer == "no" and not row.get("reason"):
            wrong.append(f"{officer.name}没有按规定着装、佩戴标识，没有写原因")
    text = f"着装和标识：{'；'.join(wrong)}" if wrong else "着装和标识已经逐人填写"
    return Finding(not wrong, text, "逐人填写着装和标识的情况，没有按规定着装的写明原因")
