"""For every procedure of the national pack, one road from its first step to the sealed file; and who offers it."""

from datetime import timedelta

from play import LOCALITIES, MORNING
from sanxiang.demo import coercion, levies, licence, rulings, stories, takings
from sanxiang.demo.inspection import inspection
from sanxiang.demo.stories import Step
from sanxiang.law.packs import load_pack

RENEWED_BEFORE = 60
"""Calendar days before its end a licence is asked to be renewed: more than any locality's period."""
UNTIL = (MORNING.date() + timedelta(days=RENEWED_BEFORE)).isoformat()

ROADS: dict[str, list[Step]] = {
    "summary": stories.summary("200"),
    "ordinary": stories.ordinary("2000", which=2),
    "licence": licence.granted(),
    "licence-change": licence.renewed(UNTIL),
    "licence-end": licence.ended("revoke", "fraud"),
    "inspection": inspection("rectify"),
    "confirmation": rulings.confirmation(),
    "adjudication": rulings.adjudication(third=True),
    **dict(coercion.STORIES.values()),
    "coercive-measure": coercion.measure(),
    **dict(levies.STORIES.values()),
    **dict(takings.STORIES.values()),
}
"""By procedure."""


def offered(locality: str) -> list[str]:
    """The procedures of the kinds of acts that the locality's scheme names."""
    law = load_pack(locality)
    return [name for name, rule in law.procedures.items() if law.printed_type(rule.act_type)]


def everywhere() -> list[tuple[str, str]]:
    """Each procedure in each locality that offers it."""
    return [(locality, procedure) for locality in LOCALITIES for procedure in offered(locality)]


def once() -> list[tuple[str, str]]:
    """Each procedure in one locality, each time in another where there is a choice."""
    found: dict[str, list[str]] = {}
    for locality, procedure in everywhere():
        found.setdefault(procedure, []).append(locality)
    return [(where[n % len(where)], procedure) for n, (procedure, where) in enumerate(found.items())]
