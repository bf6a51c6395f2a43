"""A file looked through for what may not go out: every layer of it and its name, for the case's own secrets and all valid numbers."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from sanxiang.cases.disclosure.files.layers import BLIND, BODY, TOO_MUCH, UNREADABLE, Layer
from sanxiang.cases.disclosure.secrets import Secrets, Trace, held

SECONDS = 300
BROKEN = {
    UNREADABLE: "文件打不开或者已经加密，看不出里面有什么",
    TOO_MUCH: "文件太大或者套得太深，没有看完",
}


def traces(file: Path, name: str, secrets: Secrets, seen: bool = True) -> list[Trace]:
    """All that is found in the file called `name`; with `seen` false not what stands openly in a text: that is masked before it
    goes out.
    """
    return look(file, name, secrets, seen)[0]


def look(file: Path, name: str, secrets: Secrets, seen: bool = True) -> tuple[list[Trace], tuple[str, ...]]:
    """The same, and the places that show pictures: whatever can be read there by eye was not looked through."""
    done = _child(file)
    if done in BROKEN:
        return [Trace("文件", BROKEN[done])], ()
    found = [(where, text) for where, text in json.loads(str(done))]
    return judged(found, name, secrets, seen), tuple(text for where, text in found if where == BLIND)


def judged(found: Iterable[Layer], name: str, secrets: Secrets, seen: bool = True) -> list[Trace]:
    """What these layers of a file and its name hold."""
    skipped = {BLIND} if seen else {BLIND, BODY}
    kept = [("文件名", Path(name).stem), *((where, text) for where, text in found if where not in skipped)]
    return list(dict.fromkeys(trace for where, text in kept for trace in held(where, text, secrets)))


def _child(file: Path) -> str | int:
    """What the process says, or the code of why nothing can be said."""
    command = [sys.executable, "-m", "sanxiang.cases.disclosure.files.layers", str(file)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return TOO_MUCH
    if done.returncode == 0:
        return done.stdout
    return done.returncode if done.returncode in BROKEN else UNREADABLE
