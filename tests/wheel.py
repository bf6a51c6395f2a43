"""The wheel, built from a copy of the checkout and laid out as pip would: an installation with no source tree in sight."""

import subprocess
import sys
import zipfile
from pathlib import Path

from source_tree import ROOT

TAKEN = ("src", "packs", "pyproject.toml", "setup.py", "MANIFEST.in", "requirements.in", "LICENSE")


def laid_out(folder: Path) -> Path:
    """Build the wheel in `folder` and unpack it there; the folder to put on the path."""
    source = folder / "source"
    source.mkdir()
    for name in TAKEN:
        (source / name).symlink_to(ROOT / name)
    command = [sys.executable, "setup.py", "-q", "bdist_wheel", "-d", str(folder), "-b", str(folder / "b")]
    command[3:3] = ["egg_info", "-e", str(folder), "build", "-b", str(folder / "build")]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    target = folder / "site"
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(target)
    return target
