"""Where the packs lie: pure data, so that pages, commands and the pure rooms look in one place."""

import os
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]


def packs_root() -> Path:
    """SANXIANG_PACKS, else `packs` of the checkout, else what a wheel brought along beside the code."""
    if told := os.environ.get("SANXIANG_PACKS"):
        return Path(told)
    checkout = SOURCE.parents[1] / "packs"
    return checkout if checkout.is_dir() else SOURCE / "packs"
