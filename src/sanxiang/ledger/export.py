"""The log as files for a stranger: his verifier reads them as it reads any log of this form (design.md §6).

What stands under the folder is the acts' log alone, each position once and as wide as it is; whatever else belongs to it
(witnesses' lines, keys, policy, the twin, time stamps) lies under `extra/`.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS, Log
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.note import parse_note
from sanxiang.ledger.proving import cosigned
from sanxiang.ledger.tiles import WIDTH, tile_path

EXTRA = "extra"
STAMPS = "stamps"
POLICY = "policy"
KEYS_FILE = "vkeys"


class NotEmpty(ValueError):
    """The folder holds something already; the message is a Chinese sentence."""


def export(target: Path, log: Log = ACTS) -> int:
    """Write the log into a folder that is not there yet, or empty; how many entries it has. Raises NotEmpty.

    The caller has published. A log without entries yields the signed checkpoint of size 0 alone.
    """
    if target.exists() and any(target.iterdir()):
        raise NotEmpty(f"目录 {target} 不是空的，请换一个新目录")
    row = Checkpoint.objects.filter(log=log.row).exclude(note="").order_by("-size").first()
    extra = target / EXTRA
    extra.mkdir(parents=True, exist_ok=True)
    size = row.size if row else 0
    _copy_tiles(log.folder("sha256"), target, size, entries=True)
    if size:
        _copy_tiles(log.folder("sm3"), extra / "log-sm3", size, entries=False)
    note, note_sm3 = (row.note, row.note_sm3) if row else (keys.empty_checkpoint(log.origin), "")
    (target / "checkpoint").write_text(own_lines(note), encoding="utf-8")
    if row:
        (extra / "checkpoint.witnessed").write_text(cosigned(row), encoding="utf-8")
        (extra / "log-sm3" / "checkpoint").write_text(note_sm3, encoding="utf-8")
    (extra / KEYS_FILE).write_text("\n".join(keys.vkey_lines()) + "\n", encoding="utf-8")
    _copy_extras(extra)
    return size


def own_lines(note: str) -> str:
    """The signed text with the log's own lines alone, as most verifiers want it."""
    parsed = parse_note(note)
    name = parsed.text.split("\n", 1)[0]
    lines = [
        line for line in note.removeprefix(parsed.text).strip("\n").split("\n") if line.split(" ")[1] == name
    ]
    return f"{parsed.text}\n" + "".join(f"{line}\n" for line in lines)


def _copy_tiles(source: Path, target: Path, size: int, entries: bool) -> None:
    for path in positions(size, entries):
        place = target / "tile" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "tile" / path, place)


def positions(size: int, entries: bool) -> Iterator[str]:
    """The address of every tile of a tree of that size, behind `tile/`; with its bundles if they are asked for."""
    level, left = 0, size
    while left:
        full, width = divmod(left, WIDTH)
        names = [str(level), "entries"] if level == 0 and entries else [str(level)]
        for name in names:
            yield from (f"{name}/{tile_path(n)}" for n in range(full))
            if width:
                yield f"{name}/{tile_path(full, width)}"
        level, left = level + 1, full


def _copy_extras(extra: Path) -> None:
    data: Path = settings.DATA
    if (data / POLICY).is_file():
        shutil.copyfile(data / POLICY, extra / POLICY)
    if (data / STAMPS).is_dir():
        shutil.copytree(data / STAMPS, extra / STAMPS, ignore=shutil.ignore_patterns(".new-*"))
