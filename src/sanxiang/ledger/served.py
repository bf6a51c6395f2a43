"""What is served of a log, held against what the database knows: nothing may ever be smaller than it was, or other (I4, I7)."""

from pathlib import Path

from sanxiang.ledger import keys
from sanxiang.ledger.halt import Halted, halt, halted, sentence
from sanxiang.ledger.logs import HASHES, Log
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.tlog.note import Checkpoint as Head
from sanxiang.ledger.tlog.note import open_checkpoint

FILES = "本机的账本文件"
CHECKED: set[Path] = set()
"""Folders whose checkpoint this process has held against the database, before it gave out the first index."""


def root_of(row: Checkpoint, hash: str) -> str:
    """The root of one of the two trees, in hex."""
    return row.root if hash == "sha256" else row.root_sm3


def served_size(head: Head | None) -> int:
    """How much of a tree is served."""
    return head.size if head else 0


def served_head(log: Log, hash: str) -> Head | None:
    """The checkpoint that is served of a tree; None where there is none yet. Raises Halted where it bears no key of ours."""
    file = log.folder(hash) / "checkpoint"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        return open_checkpoint(text, keys.known_keys(log.origin_of(hash), hash), hash)
    except ValueError as error:
        raise Halted(
            f"{file} 不是本账本签过的检查点（{error}）。请核对密钥和文件是否来自同一份备份，处理好之前不再签名"
        ) from error


def not_behind(log: Log, hash: str, head: Head | None, row: Checkpoint | None) -> None:
    """I4, I7: never smaller than what was served, never another root for a size that was served."""
    if head is None:
        return
    if row is None or head.size > row.size:
        raise halt(FILES, head.size, row.size if row else 0, log=log)
    same = Checkpoint.objects.filter(log=log.row, size=head.size).first()
    if same is not None and root_of(same, hash) != head.root.hex():
        raise halt(FILES, head.size, row.size, log=log)


def check_before(log: Log, size: int) -> None:
    """Before a batch gets its indexes, the database having `size` entries: was it set back? All is checked before the first
    batch of this process, and later whenever more is served than there is. Raises Halted."""
    if told := halted(log):
        raise Halted(sentence(told))
    place = log.folder("sha256")
    if place in CHECKED and _told(place) <= size:
        return
    row = Checkpoint.objects.filter(log=log.row).order_by("-size").first()
    for hash in HASHES:
        not_behind(log, hash, served_head(log, hash), row)
    CHECKED.add(place)


def _told(place: Path) -> int:
    """The size that the served checkpoint claims; 0 where there is none. Its signature is checked where this is too large."""
    try:
        line = (place / "checkpoint").read_text(encoding="utf-8").split("\n")[1]
    except (FileNotFoundError, IndexError, UnicodeDecodeError):
        return 0
    return int(line) if line.isascii() and line.isdigit() else 0
