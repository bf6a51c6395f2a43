"""The rows of entries of which only the leaf is left: acts and looks, each saying nothing but what the leaf says."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanxiang.door.administer import ACTS
from sanxiang.door.log.installation import ID, LABELS
from sanxiang.law.packs import usable_packs
from sanxiang.ledger.access import lost_mark
from sanxiang.ledger.access_row import LOST_LOOK, Access
from sanxiang.ledger.access_sequencer import give_places
from sanxiang.ledger.logs import ACTS_ROW, Log
from sanxiang.ledger.models import Act, Entry, Pending
from sanxiang.ledger.tlog.tree import leaf_hash
from sanxiang.ledger.verify import AGAIN, AGAIN_LABEL, LOST, LOST_LABEL

BATCH = 500


@dataclass(frozen=True)
class Missing:
    """An entry that the database lacks, as its leaf tells it. `known`: the row is here and only waits for its place."""

    index: int
    leaf: bytes
    told: dict[str, Any]
    known: bool

    def as_json(self, labels: Mapping[str, str]) -> dict[str, Any]:
        """For the operator. `own`: an act of the installation itself, of which there are no papers."""
        leaf, told = self.told, {"index": self.index, "at": self.told["at"], "known": self.known}
        if "a" not in leaf:
            return {**told, "look": leaf["id"]}
        return {
            **told, "act": leaf["id"], "subject": leaf["c"], "n": leaf["n"], "name": leaf["a"], "role": leaf["r"],
            "label": labels.get(leaf["a"], leaf["a"]), "own": leaf["c"] == str(ID),
        }  # fmt: skip


def labels(names: set[str]) -> dict[str, str]:
    """What acts are called: as this database has called them last, else as rules, administration and the installation do."""
    own = {**LABELS, AGAIN: AGAIN_LABEL}
    found = {name: label for name, label in own.items() if name in names}
    found |= {name: one.rule.label for name, one in ACTS.items() if name in names}
    for pack in usable_packs().values():
        found |= {name: pack.acts[name].label for name in names if name in pack.acts}
    rows = Act.objects.filter(name__in=names).exclude(kind=LOST).order_by("at")
    return found | dict(rows.values_list("name", "label"))


def known(log: Log, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The hashes of the leaves of those that the database has."""
    rows = Act.objects if log.row == ACTS_ROW else Access.objects
    return dict(rows.filter(id__in=ids).values_list("id", "leaf_hash"))


def put(log: Log, missing: list[Missing]) -> None:
    """Make the rows that lack, and give all their places."""
    if log.row == ACTS_ROW:
        _put_acts(missing)
    else:
        _put_looks(log, missing)


def _put_acts(missing: list[Missing]) -> None:
    Act.objects.bulk_create([_act(one) for one in missing if not one.known], batch_size=BATCH)
    entries = [
        Entry(idx=one.index, act_id=one.told["id"], leaf_hash=leaf_hash(one.leaf).hex()) for one in missing
    ]
    Entry.objects.bulk_create(entries, batch_size=BATCH)
    for at in range(0, len(missing), BATCH):
        Pending.objects.filter(act__in=[one.told["id"] for one in missing[at : at + BATCH]]).delete()


def _put_looks(log: Log, missing: list[Missing]) -> None:
    Access.objects.bulk_create([_look(log, one) for one in missing if not one.known], batch_size=BATCH)
    give_places((one.index, uuid.UUID(one.told["id"])) for one in missing if one.known)


def _act(one: Missing) -> Act:
    """It belongs to no chain: what its subject says now may go on without it."""
    leaf, key = one.told, uuid.UUID(one.told["id"])
    return Act(
        id=key, kind=LOST, subject=key, n=1, name=leaf["a"], label=LOST_LABEL,
        at=datetime.fromisoformat(leaf["at"]), on=leaf["at"][:10], by=None, by_name="", role=leaf["r"],
        leaf=one.leaf, leaf_hash=leaf_hash(one.leaf).hex(),
    )  # fmt: skip


def _look(log: Log, one: Missing) -> Access:
    """Who looked, at what and why is lost."""
    return Access(
        id=uuid.UUID(one.told["id"]), year=log.row, at=datetime.fromisoformat(one.told["at"]), kind=LOST_LOOK,
        watermark=lost_mark(log.row, one.index), leaf=one.leaf, leaf_hash=leaf_hash(one.leaf).hex(), idx=one.index,
    )  # fmt: skip
