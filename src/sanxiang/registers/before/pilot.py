"""试点任务: what a pilot scheme sets every organ that enforces to do; each organ has its tasks from its registration on."""

from collections.abc import Iterable
from dataclasses import dataclass

from sanxiang.law.packs import Pack

EVERYBODY = ("执法主体", "执法部门")
"""How schemes address all organs at once."""


@dataclass(frozen=True)
class PilotTask:
    """One measure of the scheme as the task of an organ."""

    id: str
    title: str
    due: str
    printed: str
    citation: str


def tasks_of(pack: Pack, organ: str) -> list[PilotTask]:
    """The tasks that the scheme sets an organ of that name: those for all, and those for it by name. None outside a pilot."""
    identity = pack.manifest.get("identity", {})
    if not identity.get("pilot"):
        return []
    return [
        PilotTask(
            str(block.data["id"]), str(block.data["title"]), str(block.data.get("due", "")),
            str(block.data.get("printed", "")), str(block.citation),
        )
        for block in pack.of_kind("measure")
        if addressed(map(str, block.data.get("units", ())), organ)
    ]  # fmt: skip


def addressed(units: Iterable[str], organ: str) -> bool:
    """Is the organ among those to whom a measure is addressed?"""
    return any(any(word in unit for word in EVERYBODY) or organ.endswith(unit) for unit in units)
