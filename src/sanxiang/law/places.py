"""Where the packs lie: pure data, so that pages, commands and the pure rooms look in one place."""

import os
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
NATIONAL = "national"
OWN = "localities"
"""The folder of the data folder in which an installation keeps packs of its own, or its own edition of a shipped one."""


@dataclass(frozen=True)
class Shelf:
    """The folder of the national pack, and those in which a locality's is looked for: the first that has it counts."""

    national: Path
    folders: tuple[Path, ...]

    def holding(self, name: str) -> Path:
        """The folder in which the pack `name` lies, or would be missed."""
        if name == NATIONAL:
            return self.national
        return next((f for f in self.folders if (f / name / "pack.toml").is_file()), self.national)

    def localities(self) -> list[str]:
        """Ids of the localities found, the national pack left out."""
        found = {file.parent.name for folder in self.folders for file in folder.glob("*/pack.toml")}
        return sorted(found - {NATIONAL})


def data_folder() -> Path:
    """The data folder: SANXIANG_DATA (which --data sets), else `var/sanxiang` in the working directory."""
    return Path(os.environ.get("SANXIANG_DATA") or Path("var") / "sanxiang")


def own_folder() -> Path:
    """Where the installation keeps its own packs, beside its other data: a new version of the program leaves them alone."""
    return data_folder() / OWN


def shipped_root() -> Path:
    """`packs` of the checkout, else what a wheel brought along beside the code."""
    checkout = SOURCE.parents[1] / "packs"
    return checkout if checkout.is_dir() else SOURCE / "packs"


def packs_root() -> Path:
    """The folder of the national pack: SANXIANG_PACKS where it holds one, else what is shipped."""
    told = _told()
    return told if told and (told / NATIONAL).is_dir() else shipped_root()


def shelf(root: Path | None = None) -> Shelf:
    """The packs of one folder; without it those in use: the installation's own, those of SANXIANG_PACKS, the shipped.

    A folder without a national pack is read on the one in use. A SANXIANG_PACKS that holds one stands for what is shipped.
    """
    if root is not None:
        return Shelf(root if (root / NATIONAL).is_dir() else packs_root(), (root,))
    told, national = _told(), packs_root()
    return Shelf(national, tuple(dict.fromkeys(f for f in (own_folder(), told, national) if f)))


def new_home() -> Path:
    """Where a new pack is put: SANXIANG_PACKS, else the data folder that was named, else the checkout's packs.

    Never into an installed package, where the next version would wipe it out: there the data folder of the working directory.
    """
    if told := _told():
        return told
    checkout = SOURCE.parents[1] / "packs"
    return own_folder() if os.environ.get("SANXIANG_DATA") or not checkout.is_dir() else checkout


def _told() -> Path | None:
    told = os.environ.get("SANXIANG_PACKS")
    return Path(told) if told else None
