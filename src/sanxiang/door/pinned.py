"""The pack that a case pinned when it was filed: kept under its digest, so that new law never moves an old case silently."""

import os
import shutil
import uuid
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sanxiang.law.packs import NATIONAL, Pack, load_pack


class PackLost(Exception):
    """The pinned pack is neither the one in use nor among the kept ones; the message says what to restore."""


def folder(digest: str) -> Path:
    """Where the installation keeps a pack's files."""
    return Path(settings.DATA) / "packs" / digest


def current(name: str) -> Pack:
    """The locality's pack as it is today."""
    return load_pack(name, settings.PACKS)


def pin(pack: Pack) -> str:
    """Keep the pack's files under their digest; a copy that is there already is left alone."""
    target = folder(pack.digest)
    if not target.exists():
        draft = target.with_name(f"{pack.digest}.{uuid.uuid4().hex}")
        for source in {NATIONAL, pack.id}:
            shutil.copytree(Path(settings.PACKS) / source, draft / source)
        try:
            os.rename(draft, target)
        except OSError:  # another process was first; its copy is the same
            shutil.rmtree(draft, ignore_errors=True)
    return pack.digest


@lru_cache(maxsize=64)
def pinned(name: str, digest: str) -> Pack:
    """The pack of that digest: today's when nothing changed since, else the kept copy. Raises PackLost.

    Remembered: what a digest names cannot change.
    """
    today = current(name)
    if today.digest == digest:
        return today
    if not folder(digest).is_dir():
        raise PackLost(f"案件所用的规则包 {name}（{digest[:12]}…）没有找到，请从备份恢复 {folder(digest)}")
    return load_pack(name, folder(digest))
