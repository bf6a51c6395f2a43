"""By whom a list is vetted before it is public, and what follows after it: as the locality's scheme says, list by list."""

from dataclasses import dataclass

from sanxiang.law.blocks import Citation
from sanxiang.law.packs import Pack

PARAMETERS = {
    "items": "approval.items",
    "random-items": "approval.random_items",
    "subjects": "approval.subjects",
    "officers": "approval.officers",
}
"""Lists whose chain is a parameter, which an operator may settle where the scheme is silent."""

IN_HOUSE, OUTSIDE, OWN = "legal-organ", "legal-supervisor", "agency"
SIGNED = {"vet": "审核", "recheck": "复核", "compile": "共同编制确认"}
FILED = {"file": "报备", "aggregate": "统一公示"}
WHO = {IN_HOUSE: "本机关法制机构", OUTSIDE: "司法行政部门（政府法制机构）"}
SETTING = Citation("地方方案", "清单审批未定", "operator")


@dataclass(frozen=True)
class Step:
    """One step of a chain: what is done, by which organ."""

    verb: str
    who: str
    organ: str

    @property
    def id(self) -> str:
        """As packs write it."""
        return f"{self.verb}:{self.who}"

    @property
    def label(self) -> str:
        """In words."""
        return f"{self.organ}{(SIGNED | FILED)[self.verb]}"


@dataclass(frozen=True)
class Chain:
    """What must be signed before a version is public, and what is done with it afterwards."""

    signed: tuple[Step, ...]
    after: tuple[Step, ...]
    citation: Citation
    is_set: bool

    @property
    def filed(self) -> bool:
        """Does the agency file it with the government's legal office?"""
        return any(step.verb == "file" for step in self.after)

    @property
    def label(self) -> str:
        """The whole way in words."""
        if not self.is_set:
            return "方案没有规定由谁审核，由本机关直接发布"
        before = [step.label for step in self.signed]
        after = [step.label for step in self.after]
        return "→".join([*before, "发布", *after]) if before or after else "不需要审核，完善后直接发布"


def chain_of(pack: Pack, kind: str) -> Chain:
    """The chain of one list in one locality."""
    if key := PARAMETERS.get(kind):
        value = pack.binding(key)
        if value.is_set:
            return _chain(pack, tuple(value.value or ()), value.citation or SETTING)
    block = next((one for one in pack.of_kind("list") if one.data.get("id") == kind), None)
    if block is None or (key and not block.data.get("approval")):
        return Chain((), (), SETTING, False)
    return _chain(pack, tuple(block.data.get("approval", ())), block.citation)


def _chain(pack: Pack, told: tuple[str, ...], citation: Citation) -> Chain:
    """The steps as a pack writes them, `verb:who`. What the agency compiles itself is its draft."""
    names = {**WHO, **pack.manifest.get("display_names", {})}
    steps = []
    for text in told:
        verb, _, who = text.partition(":")
        if who != OWN:
            steps.append(Step(verb, who, str(names.get(who, who))))
    signed = tuple(step for step in steps if step.verb in SIGNED)
    return Chain(signed, tuple(step for step in steps if step.verb in FILED), citation, True)
