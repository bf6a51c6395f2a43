"""Proofs for people: one text that shows offline that an act stands in the log, out of the files that are served."""

import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS, Log
from sanxiang.ledger.models import Checkpoint, Cosignature, Entry
from sanxiang.ledger.standing import last_cosigned
from sanxiang.ledger.tlog.note import open_checkpoint
from sanxiang.ledger.tlog.proof import Proof, format_proof
from sanxiang.ledger.tlog.tile_proofs import Fetch, folder_fetch, inclusion


class NotYet(Exception):
    """The act waits for its place, or its place is not served yet; the message is a Chinese sentence."""


def proof_of(act: uuid.UUID, log: Log = ACTS) -> str:
    """The `.tlog-proof` of an act, under the newest checkpoint that a witness has signed, or else the newest. Raises NotYet."""
    place = Entry.objects.filter(act=act).values_list("idx", flat=True).first()
    if place is None:
        raise NotYet("这一步还在排队等候编号，通常一秒之内完成，请稍后再取")
    text = _covering(place, log)
    size = open_checkpoint(text, keys.known_keys(log.origin)).size
    hashes = inclusion(folder_fetch(log.folder("sha256")), size, place)
    return format_proof(Proof(place, tuple(hashes), text))


def _covering(place: int, log: Log) -> str:
    row = last_cosigned(log)
    if row is None or row.size <= place:
        newest = Checkpoint.objects.filter(log=log.row, size__gt=place).exclude(note="")
        row = newest.order_by("-size").first()
    if row is None:
        raise NotYet("这一步已经编号，账本还没有签到这里，请稍后再取")
    return cosigned(row)


@dataclass(frozen=True)
class Proofs:
    """The proofs of several acts under one checkpoint, which is "" while nothing is signed; who is missing is pending."""

    checkpoint: str = ""
    places: Mapping[uuid.UUID, int] = field(default_factory=dict)
    texts: Mapping[uuid.UUID, str] = field(default_factory=dict)


def proofs_of(acts: Collection[uuid.UUID], log: Log = ACTS) -> Proofs:
    """The proofs of many acts, each tile read once: under the newest witnessed checkpoint if all of them lie below it,
    else under the newest. Three queries. ValueError where the served files fall short of what was signed."""
    places = dict(Entry.objects.filter(act__in=acts).values_list("act", "idx"))
    row = last_cosigned(log)
    # A witness follows within a minute; of a case at rest every act is witnessed.
    if row is None or row.size <= max(places.values(), default=0):
        row = Checkpoint.objects.filter(log=log.row).exclude(note="").order_by("-size").first()
    if row is None:
        return Proofs(places=places)
    text = cosigned(row)
    size = open_checkpoint(text, keys.known_keys(log.origin)).size
    fetch = _once(folder_fetch(log.folder("sha256")))
    texts = {
        act: format_proof(Proof(place, tuple(inclusion(fetch, size, place)), text))
        for act, place in places.items()
        if place < size
    }
    return Proofs(text, places, texts)


def _once(fetch: Fetch) -> Fetch:
    read: dict[tuple[int, int, int], bytes] = {}

    def kept(level: int, n: int, width: int) -> bytes:
        tile = (level, n, width)
        if tile not in read:
            read[tile] = fetch(*tile)
        return read[tile]

    return kept


def cosigned(row: Checkpoint) -> str:
    """A checkpoint's signed text with the lines of its witnesses."""
    lines = Cosignature.objects.filter(checkpoint=row).order_by("witness").values_list("line", flat=True)
    return row.note + "".join(f"{line}\n" for line in lines)


TILE = re.compile(
    r"(?:0|[1-9]|[1-5][0-9]|6[0-3]|entries)/(?:x[0-9]{3}/){0,6}[0-9]{3}(?:\.p/(?:[1-9][0-9]{0,2}))?"
)


def tile_file(folder: Path, path: str) -> Path | None:
    """The file of a tile by the part of its address after `tile/`; None for what is no tile or is not there.

    Only the exact form of tlog-tiles passes, so that no address leads out of the folder.
    """
    if not TILE.fullmatch(path):
        return None
    file = folder / "tile" / path
    return file if file.is_file() else None
