"""The log as files for a stranger: his verifier reads them as it reads any log of this form (design.md §6).

What stands under the folder is the acts' log alone, each position once and as wide as it is; whatever else belongs to it
(witnesses' lines, keys, policy, the twin, time stamps) lies under `extra/`.
"""

import hashlib
import shutil
from pathlib import Path

from django.conf import settings

from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS, Log
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.proving import cosigned
from sanxiang.ledger.standing import (
    POLICY,
    STAMPS,
    policy_of,
    stamp_sizes,
    stamps_folder,
    witnessed_by_policy,
)
from sanxiang.ledger.tlog.note import parse_note
from sanxiang.ledger.tlog.stranger import EXPORT_HOW_TO, HOW_TO_NAME, SCRIPT, SCRIPT_NAME
from sanxiang.ledger.tlog.tile_proofs import part_of
from sanxiang.ledger.tlog.tiles import places, tile_path

EXTRA = "extra"
KEYS_FILE = "vkeys"
SUMS = "sha256sums"


class NotEmpty(ValueError):
    """The folder holds something already; the message is a Chinese sentence."""


class Lacking(ValueError):
    """The served files fall short of what was signed; the message is a Chinese sentence."""


def export(target: Path, log: Log = ACTS) -> int:
    """Write the log into a folder that is not there yet, or empty; how many entries it has. Raises NotEmpty, Lacking, and
    PolicyUnsound before anything is written: a stranger would judge the folder by a policy that nobody can read.

    The caller has published. A log without entries yields the signed checkpoint of size 0 alone.
    """
    check_ready(target)
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
        # The newest one may still wait for its witnesses; what the policy asks for is shown where it is reached.
        shown = witnessed_by_policy(log, row.size) or row
        (extra / "checkpoint.witnessed").write_text(cosigned(shown), encoding="utf-8")
        (extra / "log-sm3" / "checkpoint").write_text(note_sm3, encoding="utf-8")
    (extra / KEYS_FILE).write_text("\n".join(keys.vkey_lines()) + "\n", encoding="utf-8")
    (extra / HOW_TO_NAME).write_text(EXPORT_HOW_TO.format(vkey=keys.vkey_lines()[0]), encoding="utf-8")
    (extra / SCRIPT_NAME).write_text(SCRIPT, encoding="utf-8")
    _copy_extras(extra)
    _write_stamped(log, extra / STAMPS)
    _sum_up(extra)
    return size


def check_ready(target: Path) -> None:
    """Raises NotEmpty and PolicyUnsound where the log cannot be written to that folder."""
    if target.exists() and any(target.iterdir()):
        raise NotEmpty(f"目录 {target} 不是空的，请换一个新目录")
    policy_of()


def own_lines(note: str) -> str:
    """The signed text with the log's own lines alone, as most verifiers want it."""
    parsed = parse_note(note)
    name = parsed.text.split("\n", 1)[0]
    lines = [
        line for line in note.removeprefix(parsed.text).strip("\n").split("\n") if line.split(" ")[1] == name
    ]
    return f"{parsed.text}\n" + "".join(f"{line}\n" for line in lines)


def _copy_tiles(source: Path, target: Path, size: int, entries: bool) -> None:
    """Of exactly this size: acts go on meanwhile, and a tile that has filled up has taken the place of its partial forms."""
    for level, n, width in places(size, entries):
        place = target / "tile" / level / tile_path(n, width)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            place.write_bytes(part_of(source, level, n, width))
        except ValueError as error:
            raise Lacking(f"账本文件不全：{error}。请先运行 sanxiang ledger verify 查明") from error


def _copy_extras(extra: Path) -> None:
    data: Path = settings.DATA
    if (data / POLICY).is_file():
        shutil.copyfile(data / POLICY, extra / POLICY)
    if stamps_folder().is_dir():
        shutil.copytree(stamps_folder(), extra / STAMPS, ignore=shutil.ignore_patterns(".new-*"))


def _write_stamped(log: Log, place: Path) -> None:
    """Beside each time stamp the bytes that were stamped: of a decision's they are served to nobody."""
    rows = Checkpoint.objects.filter(log=log.row, size__in=stamp_sizes(place)).exclude(note="")
    for size, note in rows.values_list("size", "note"):
        (place / f"{size}.checkpoint").write_text(note, encoding="utf-8")


def _sum_up(extra: Path) -> None:
    """Digests of what lies beside the log, as `sha256sum -c` reads them: no tree stands behind these files."""
    own = (extra / "log-sm3" / "tile", extra / SUMS)
    files = sorted(f for f in extra.rglob("*") if f.is_file() and f not in own and own[0] not in f.parents)
    lines = (
        f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(extra).as_posix()}\n" for f in files
    )
    (extra / SUMS).write_text("".join(lines), encoding="utf-8")
