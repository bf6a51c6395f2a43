"""What a volume is to hold, leaf by leaf: known before anything is bound, and without what binds it."""

import hashlib
import json
from dataclasses import asdict, dataclass

EDITION = 1
"""Counted up when the same plan is to give other pages."""


@dataclass(frozen=True)
class Leaf:
    """One line of the catalogue with where its bytes are. `form`: paper, pdf, image, slip, or hidden."""

    title: str
    form: str
    digest: str
    first: int
    count: int
    group: str = ""
    told: tuple[tuple[str, str], ...] = ()
    """What a slip says beside title and digest."""


@dataclass(frozen=True)
class Plan:
    """Everything that decides what a volume looks like."""

    title: str
    author: str
    front: tuple[str, ...]
    """Digests of cover and catalogue."""
    leaves: tuple[Leaf, ...]
    back: tuple[str, ...]
    made: str
    """The day of the file as ISO, which stands in the document's own information."""

    @property
    def key(self) -> str:
        """The name of the volume: another plan, another name."""
        told = json.dumps([EDITION, asdict(self)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def pages(self) -> int:
        """Numbered pages."""
        return sum(leaf.count for leaf in self.leaves)
