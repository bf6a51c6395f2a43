"""What is handed in to the platform whose receipt counts: until that comes, the public goes on reading what it read.

Where nothing stands, the public row takes the text at once and shows it to nobody. Where a text or the notice of a withdrawal stands,
the row stays as it is, and the text waits in the ledger, its files beside those that stand.
"""

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from sanxiang.cases.disclosure.masked import FIELDS, PublicText
from sanxiang.cases.models import Case, Publication
from sanxiang.door.exchange import outbox
from sanxiang.door.exchange.awaiting import awaited, confirming_ids
from sanxiang.door.exchange.connectors import connectors_of
from sanxiang.law.disclosure.texts import decided_on, rule_of
from sanxiang.law.packs import Pack
from sanxiang.ledger.verify import CONFIRMED

STANDING = ("withdrawn", "published", "expired", "repaired")
"""What a text that is only handed in does not displace."""


def stands(case: Case) -> bool:
    """Does a text stand in public, or the notice or the end of one?"""
    return Publication.objects.filter(case=case, status__in=STANDING).exists()


def decided_day(case: Case, pack: Pack) -> date | None:
    """The day of the decision that is published; an inspection decides nothing, its result is what is told."""
    rule = rule_of(pack, case.state)
    on = decided_on(rule, case.state) if rule and rule.columns else ""
    return date.fromisoformat(on) if on else case.decided_on


def text_values(case: Case, pack: Pack, text: Mapping[str, str], digest: str, on: date) -> dict[str, Any]:
    """The columns of the public row that are the text itself."""
    decided = decided_day(case, pack)
    values = {name: text.get(name, "") for name in FIELDS}
    return {**values, "text_digest": digest, "decided_on": decided, "sort_on": decided or on}


def as_it_would_be(row: Publication, values: Mapping[str, Any]) -> Publication:
    """The row with other values, which nobody saves."""
    found = copy(row)
    for name, value in values.items():
        setattr(found, name, value)
    return found


def waits_for(case: Case, pack: Pack, text: PublicText, on: date) -> str:
    """The platform whose receipt this text waits for; "" where none counts, or where it has taken just that and holds it.

    A correction may change what the platform is not told, such as the summary: of that no receipt would ever come.
    """
    platform = awaited(pack, case.agency)
    row = Publication.objects.filter(case=case).select_related("agency").first() if platform else None
    if row is None or CONFIRMED not in case.state["last"]:
        return platform
    told = outbox.told_of(as_it_would_be(row, text_values(case, pack, text.fields, text.digest, on)))
    return "" if heard(case, pack, outbox.subject_of(row), told) else platform


def heard(case: Case, pack: Pack, subject: str, told: Mapping[str, Any]) -> bool:
    """Has every such platform that is connected accepted just this last?"""
    counting = [
        one for one in connectors_of(case.agency, "decisions") if one.platform in confirming_ids(pack)
    ]
    last = [(one, outbox.last_of(one, subject)) for one in counting]
    return all(
        message is not None
        and (message.state, message.digest) == ("accepted", outbox.digest_of(outbox.mapped(one, told)))
        for one, message in last
    )


def hand_in(row: Publication, values: Mapping[str, Any]) -> None:
    """Tell the platform of a text that the row does not show yet."""
    outbox.decisions([as_it_would_be(row, {**values, "status": "submitted"})])
