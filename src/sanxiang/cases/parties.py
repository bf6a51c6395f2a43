"""Who a party is, beyond the spelling of its name. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any


def party_key(party: Mapping[str, Any] | None) -> str | None:
    """A digest of the party's code (统一社会信用代码 or identity number); None without one.

    Equal for one party however its name is spelled. It hides no number from somebody who can guess it: it only keeps
    codes out of lists, logs and indexes.
    """
    code = "".join(str((party or {}).get("code") or "").split()).upper()
    return hashlib.sha256(f"party {code}".encode()).hexdigest() if code else None


def other_side(facts: Mapping[str, Any]) -> dict[str, str | None]:
    """The columns of whom the case is decided with, beside the party: name and key; nobody has neither."""
    side = facts.get("respondent")
    name = str(side.get("name", "")) if isinstance(side, Mapping) else ""
    return {"respondent": name or None, "respondent_key": party_key(side) if name else None}
