"""Which system a kind of act is worked in, by the kind of organ: the scheme's table publish.routing. Without one, here."""

from dataclasses import dataclass
from typing import Any

from sanxiang.law.guards import Verdict
from sanxiang.law.packs import Pack
from sanxiang.people.models import Agency

KEY = "publish.routing"
HERE, MIRROR, SUMMARY = "platform", "mirror", "summary"
"""Worked in this system; worked elsewhere with a mirror of it here; worked elsewhere, of which only sums come in."""


@dataclass(frozen=True)
class Route:
    """Where one kind of act of one kind of organ is worked."""

    organ: str
    act_type: str
    system: str
    label: str
    mode: str
    confirm: bool = False
    """The scheme leaves it open, and somebody has to ask."""


def organ_of(agency: Agency) -> str:
    """The kind of organ as the table has it."""
    return "police" if agency.kind == Agency.Kind.POLICE else "other"


def routes(pack: Pack) -> list[Route]:
    """The scheme's table, one line for each kind of organ and act; empty where it has none."""
    rows: list[dict[str, Any]] = pack.setting(KEY) or []
    return [
        Route(
            str(r["organ"]),
            str(act),
            str(r["system"]),
            str(r["label"]),
            str(r["mode"]),
            bool(r.get("confirm")),
        )
        for r in rows
        if "organ" in r
        for act in r["acts"]
    ]


def route_of(pack: Pack, organ: str, act_type: str) -> Route:
    """Where this is worked; what the table does not name is worked here."""
    found = (one for one in routes(pack) if (one.organ, one.act_type) == (organ, act_type))
    return next(found, Route(organ, act_type, "sanxiang", "本平台", HERE))


def refused_here(pack: Pack, agency: Agency, act_type: str) -> Verdict | None:
    """Why no case of this kind may be opened here by this organ; None where it may."""
    route = route_of(pack, organ_of(agency), act_type)
    if route.mode != SUMMARY:
        return None
    fact = f"{agency.name}是公安机关，这类案件在{route.label}办理，本平台不登记案件"
    cure = f"在{route.label}办理，本平台只收统计汇总（导入办案汇总）"
    return Verdict("routing", False, str(pack.parameter(KEY).citation), fact, cure)
