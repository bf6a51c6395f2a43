"""Volumes 卷 of files: found among those that were made, made at once where they are short, or left to the loop beside the web.

What is made is kept in a folder of the data folder that anybody may empty: it comes from the store and can be made again. A request is a
small file there, so that it outlives this process, and any process of this machine can answer it.
"""

import json
import logging
import os
import threading
from dataclasses import asdict
from pathlib import Path
from time import time

from django.conf import settings

from sanxiang.cases.dossier.plan import Leaf, Plan
from sanxiang.cases.dossier.volume import Unbound, bind

FOLDER, WANTED, FAILED, TAKEN = "volumes", ".wanted", ".failed", ".taken"
SHORT = 40
"""Pages that are bound while somebody waits for the answer: about two seconds."""
KEPT = 30 * 24 * 3600.0
STUCK = 1800.0
"""Seconds after which a volume that nobody reads goes, and one whose maker died is taken up again."""

log = logging.getLogger(__name__)
_one = threading.Lock()


def place(plan: Plan) -> Path:
    """Where the volume of this plan lies, or will."""
    root: Path = settings.DATA
    return root / FOLDER / plan.key[:2] / f"{plan.key}.pdf"


def volume(plan: Plan) -> Path | None:
    """The volume; None where it is being made. Raises Unbound where it cannot be."""
    target = place(plan)
    if target.exists():
        os.utime(target)
        return target
    failed = target.with_suffix(FAILED)
    if failed.exists():
        reason = failed.read_text(encoding="utf-8")
        failed.unlink(missing_ok=True)
        raise Unbound(reason)
    if plan.pages > SHORT or any(leaf.form in ("pdf", "image") for leaf in plan.leaves):
        ask(plan)
        return None
    bind(plan, target)
    return target


def ask(plan: Plan) -> None:
    """Leave word that this volume is wanted."""
    wanted = place(plan).with_suffix(WANTED)
    if wanted.exists() or wanted.with_suffix(TAKEN).exists():
        return
    wanted.parent.mkdir(parents=True, exist_ok=True)
    fresh = wanted.with_suffix(f".new-{os.getpid()}-{threading.get_ident()}")
    fresh.write_text(json.dumps(asdict(plan), ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, wanted)


def bind_waiting() -> int:
    """Make every volume that is wanted; how many were made."""
    with _one:
        root: Path = settings.DATA
        made = 0
        for wanted in sorted((root / FOLDER).glob(f"*/*{WANTED}")):
            taken = wanted.with_suffix(TAKEN)
            try:
                os.rename(wanted, taken)
            except FileNotFoundError:
                continue  # another process has taken it
            made += _made(taken)
        return made


def _made(taken: Path) -> int:
    told = json.loads(taken.read_text(encoding="utf-8"))
    leaves = [Leaf(**{**leaf, "told": tuple(map(tuple, leaf["told"]))}) for leaf in told["leaves"]]
    plan = Plan(
        **{**told, "front": tuple(told["front"]), "back": tuple(told["back"]), "leaves": tuple(leaves)}
    )
    try:
        bind(plan, place(plan))
    except Unbound as reason:
        taken.with_suffix(FAILED).write_text(str(reason), encoding="utf-8")
        return 0
    finally:
        taken.unlink(missing_ok=True)
    return 1


def sweep() -> None:
    """Let go of what nobody read for a month; take up again what was left by a process that died."""
    root: Path = settings.DATA
    for file in (root / FOLDER).glob("*/*"):
        age = time() - file.stat().st_mtime
        if file.suffix == TAKEN and age > STUCK:
            os.rename(file, file.with_suffix(WANTED))
        elif file.suffix == ".pdf" and age > KEPT:
            file.unlink(missing_ok=True)
