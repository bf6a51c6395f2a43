"""No refusal, button or clock of an act that is no penalty rests on 《行政处罚法》: each procedure reads what it borrows under its own."""

import pytest

from sanxiang.law.packs import Pack, list_packs, load_pack

PENALTY_LAW = "《行政处罚法》"
PACKS = {name: load_pack(name) for name in sorted(list_packs())}
OTHERS = sorted(
    {rule.id for pack in PACKS.values() for rule in pack.procedures.values() if rule.act_type != "penalty"}
)


def cited(pack: Pack, procedure: str) -> list[str]:
    """What of that procedure, in that locality, cites the law of penalties."""
    read = pack.read_by(procedure)
    acts = {act.id: act for act in read.acts_of(procedure)}
    guards = {guard.id: guard for name in acts for guard in read.guards_of(name, procedure)}
    rules = [*acts.values(), *guards.values(), *read.limits_of(procedure), *read.stages_of(procedure)]
    return sorted({rule.id for rule in rules if str(rule.citation).startswith(PENALTY_LAW)})


@pytest.mark.parametrize("procedure", OTHERS)
@pytest.mark.parametrize("locality", sorted(PACKS))
def test_a_procedure_that_is_no_penalty_cites_its_own_statute(locality: str, procedure: str) -> None:
    assert cited(PACKS[locality], procedure) == []


NOT_REVIEWED = {
    "lic-not-accept": "nothing is decided of the matter",
    "cfm-not-accept": "nothing is decided of the matter",
    "adj-not-accept": "nothing is decided of the matter",
    "lic-decide-on-spot": "refused by a rule of its own where the decision is major",
    "lic-renew-deemed": "the law has decided",
    "take-measure": "taken on the spot, approved by the head",
    "freeze-funds": "taken at once, approved by the head",
    "decide-clearance": "a danger of the moment",
    "req-issue": "an emergency of the moment",
    "apply-court": "the court decides, on a decision that was reviewed",
    "land-announce": "the government above has decided",
    "adj-mediation-paper": "the sides have agreed",
    "adj-end": "nobody is left to decide between",
}
"""Acts that end a matter without a legal review before them, and why."""


@pytest.mark.parametrize("procedure", OTHERS)
@pytest.mark.parametrize("locality", sorted(PACKS))
def test_every_other_decision_waits_for_its_review(locality: str, procedure: str) -> None:
    read = PACKS[locality].read_by(procedure)
    deciding = [a.id for a in read.acts_of(procedure) if a.milestone == "decided"]
    free = {
        a
        for a in deciding
        if not any(g.needs == "review-passed" and "major" in g.when for g in read.guards_of(a, procedure))
    }
    assert free <= set(NOT_REVIEWED)
