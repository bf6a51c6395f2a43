"""Which platform's receipt a publication waits for: the scheme says so (`confirm` of publish.platforms), a connector carries it."""

from typing import Any

from sanxiang.door.exchange.connectors import connectors_of
from sanxiang.law.packs import Pack
from sanxiang.people.models import Agency


def confirming(pack: Pack) -> list[dict[str, Any]]:
    """The platforms of the scheme without whose receipt nothing counts as published."""
    return [one for one in pack.setting("publish.platforms") or () if one.get("confirm")]


def confirming_ids(pack: Pack) -> list[str]:
    """Their ids."""
    return [str(one["id"]) for one in confirming(pack)]


def awaited(pack: Pack, agency: Agency) -> str:
    """The name of the platform whose receipt is waited for; empty where the scheme names none, or no connector leads there yet."""
    wanted = confirming_ids(pack)
    if not wanted:
        return ""
    found = [one.name for one in connectors_of(agency, "decisions") if one.platform in wanted]
    return found[0] if found else ""
