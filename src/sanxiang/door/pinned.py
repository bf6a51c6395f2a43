"""The pack that a case pinned when it was filed: kept under its digest, so that new law never moves an old case silently."""

import contextlib
import os
import shutil
import uuid
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sanxiang.cases.store import sync
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import Pack, load_pack
from sanxiang.law.places import NATIONAL, shelf


class PackLost(Exception):
    """The pinned pack is neither the one in use nor among the kept ones; the message says what to restore."""


def folder(digest: str) -> Path:
    """Where the installation keeps a pack's files."""
    return Path(settings.DATA) / "packs" / digest


LAST: dict[str, Pack] = {}
"""The packs as this process last read them whole."""


def current(name: str) -> Pack:
    """The locality's pack as it is today. Raises PackError.

    While somebody's half-made edit cannot be read, the last edition that could goes on: a slip of the pen must not stop an
    office. `doctor`, `pack check` and the start of the server tell of it.
    """
    try:
        LAST[name] = load_pack(name)
    except PackError:
        if name not in LAST:
            raise
    return LAST[name]


def pin(pack: Pack) -> str:
    """Keep the pack's files under their digest; a copy that is there already is left alone. Raises PackLost.

    Written beside, synced, looked through, renamed: what stands under a digest is what the digest says.
    """
    target = folder(pack.digest)
    if not target.exists():
        draft = target.with_name(f"{pack.digest}.{uuid.uuid4().hex}")
        try:
            for source in {NATIONAL, pack.id}:
                shutil.copytree(shelf().holding(source) / source, draft / source)
            for path in [*draft.rglob("*"), draft]:
                sync(path)
            if _digest_of(pack.id, draft) != pack.digest:
                raise PackLost(f"规则包 {pack.id} 正在被改动，请改完、检查通过之后再办理")
            os.rename(draft, target)
        except OSError:
            if not target.exists():  # else another process was first; its copy is the same
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return pack.digest


def _digest_of(name: str, folder: Path) -> str:
    """The digest of what was copied; empty where it cannot be read."""
    try:
        return load_pack(name, folder).digest
    except PackError:
        return ""


@lru_cache(maxsize=64)
def pinned(name: str, digest: str) -> Pack:
    """The pack of that digest: today's when nothing changed since, else the kept copy. Raises PackLost.

    Remembered: what a digest names cannot change. Today's may even be broken: old cases do not need it.
    """
    with contextlib.suppress(PackError):
        if (today := current(name)).digest == digest:
            return today
    return kept_pack(name, digest)


def kept_pack(name: str, digest: str) -> Pack:
    """The copy that stands under the digest. Raises PackLost."""
    where = f"规则包 {name}（{digest[:12]}…）"
    if not folder(digest).is_dir():
        raise PackLost(f"案件所用的{where}没有找到，请从备份恢复 {folder(digest)}")
    try:
        found = load_pack(name, folder(digest))
    except (PackError, UnicodeDecodeError) as error:
        raise PackLost(f"保存的{where}读不了：{error}。请从备份恢复 {folder(digest)}") from error
    if found.digest != digest:
        raise PackLost(f"保存的{where}被改动过，请从备份恢复 {folder(digest)}")
    return found
