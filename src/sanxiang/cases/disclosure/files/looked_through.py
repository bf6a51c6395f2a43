"""A file looked through for what may not go out: every layer of it and its name, for the case's own secrets and all valid numbers."""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sanxiang.cases.disclosure.files.layers import BODY, TOO_MUCH, UNREADABLE, Layer
from sanxiang.law.redact import holds_protected
from sanxiang.law.redaction.orgs import inside_org

SECONDS = 300
KINDS = {"idcard": "身份证件号码", "phone": "手机号码"}
BROKEN = {
    UNREADABLE: "文件打不开或者已经加密，看不出里面有什么",
    TOO_MUCH: "文件太大或者套得太深，没有看完",
}


@dataclass(frozen=True)
class Trace:
    """Something that may not go out: in which layer, and what it is; never the value itself, for refusals are kept."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}里有{self.what}"


@dataclass(frozen=True)
class Secrets:
    """What this case must not show: names, which may be part of a company's, and numbers and places, which may not be part of anything."""

    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


def traces(file: Path, name: str, secrets: Secrets, seen: bool = True) -> list[Trace]:
    """All that is found in the file called `name`; with `seen` false not what stands openly in a text: that is masked before it
    goes out.
    """
    done = _child(file)
    if done in BROKEN:
        return [Trace("文件", BROKEN[done])]
    return judged(json.loads(str(done)), name, secrets, seen)


def judged(found: Iterable[Layer], name: str, secrets: Secrets, seen: bool = True) -> list[Trace]:
    """What these layers of a file and its name hold."""
    kept = [("文件名", Path(name).stem), *((where, text) for where, text in found if seen or where != BODY)]
    return list(dict.fromkeys(trace for where, text in kept for trace in held(where, text, secrets)))


def held(where: str, text: str, secrets: Secrets) -> Iterator[Trace]:
    """What one layer holds."""
    for span in holds_protected(text):
        yield Trace(where, KINDS.get(span.type, "受保护的号码"))
    plain = squeezed(text)
    if any(squeezed(value) in plain for value in secrets.values if len(squeezed(value)) > 3):
        yield Trace(where, "案件已登记的号码、住址")
    for name in secrets.names:
        found = re.finditer(re.escape(squeezed(name)), plain) if len(squeezed(name)) > 1 else ()
        if any(not inside_org(plain, *one.span()) for one in found):
            yield Trace(where, "案件里应当隐去的姓名")


def squeezed(text: str) -> str:
    """Without width, case, blanks and hyphens: however it is written, it is the same value."""
    return re.sub(r"[\s\-‐–—]", "", unicodedata.normalize("NFKC", text)).casefold()


def shown_traces(texts: Iterable[str], secrets: Secrets) -> list[Trace]:
    """The same of texts that were never a file."""
    return list(dict.fromkeys(trace for text in texts for trace in held(BODY, text, secrets)))


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
