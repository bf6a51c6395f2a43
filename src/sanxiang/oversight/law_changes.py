"""A new text of a law, or its repeal, told to every agency whose lists cite it: each gets its own act, rechecks and tasks."""

from datetime import date

from sanxiang.door.administer import administer
from sanxiang.law.citing import NATION
from sanxiang.law.guards import Refused
from sanxiang.oversight.impact import versions_of
from sanxiang.people.models import Agency
from sanxiang.registers.models import Statute

AMENDED, REPEALED = "amended", "repealed"


def tell_amended(name: str, version: date) -> list[str]:
    """That text against the one before, if it is the newest; names of the agencies that have something to look over."""
    versions = versions_of(name)
    if len(versions.days) < 2 or not versions.changed or versions.days[0] != version:
        return []
    told = {"change": AMENDED, "articles": "、".join(versions.changed), "since": versions.days[0].isoformat()}
    return tell(name, told)


def tell_repealed(name: str, on: date) -> list[str]:
    """The law ends on a day."""
    Statute.objects.filter(name__in=(name, NATION + name)).update(repealed_on=on)
    return tell(name, {"change": REPEALED, "since": on.isoformat()})


def tell(name: str, told: dict[str, str]) -> list[str]:
    """One act on each agency with a list; where nothing cites the law there is nothing to do."""
    found = []
    for agency in Agency.objects.filter(active=True, registers__isnull=False).distinct().order_by("name"):
        try:
            administer("record-law-change", agency, None, {"law": name, **told})
        except Refused as refused:
            if any(verdict.guard != "cited" for verdict in refused.verdicts if not verdict.met):
                raise
        else:
            found.append(agency.name)
    return found
