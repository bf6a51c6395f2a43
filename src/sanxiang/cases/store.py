"""Where the bytes of papers and evidence lie: each file under the digest of its bytes.

What stands under a digest is whole: it was written beside, synced, renamed, and the folders that hold its name are synced.
"""

import os
from pathlib import Path


def path_of(root: Path, digest: str) -> Path:
    """Where the file with that digest lies: ab/cd/abcd…"""
    return root / digest[:2] / digest[2:4] / digest


def settle(fresh: Path, root: Path, digest: str) -> None:
    """Give a synced file its name. The same bytes twice are kept once."""
    target = path_of(root, digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        os.replace(fresh, target)
    # A rename lasts only once the folder that holds the name is on disk.
    for folder in (target.parent, target.parent.parent, root):
        sync(folder)


def sync(path: Path) -> None:
    """Let a file or folder outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
