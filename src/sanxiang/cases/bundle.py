"""The file of a case to take away 电子案卷: every paper as PDF and as data, the evidence, a list, and the digest of each.

`manifest-sha256.txt` is written as BagIt (RFC 8493) and sha256sum write it, so that anybody checks the zip without us.
"""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any

from sanxiang.cases.accounts import Accounts, how_to_text
from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.paper_data import data_of, version_of
from sanxiang.cases.paper_markup import Content
from sanxiang.cases.papers import intact
from sanxiang.cases.recording import open_evidence
from sanxiang.cases.store import Store, digest_in, evidence
from sanxiang.ledger.stranger import HOW_TO_NAME, SCRIPT, SCRIPT_NAME

LIST, MANIFEST, LEDGER = "目录.json", "manifest-sha256.txt", "账本"
NOTE = "调阅说明.txt"
UNSAFE = dict.fromkeys([*range(32), 127, *map(ord, '/\\:*?"<>|')], "_")
LONGEST = 60
PIECE = 1 << 20


class Lost(Exception):
    """A file that is gone or is not what was stored; the message names it in Chinese."""


class Outlet(io.RawIOBase):
    """Where a zip is written that leaves while it is being made: it cannot be sought in, and keeps nothing that was taken."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Put behind what waits."""
        piece = bytes(data)
        self.waiting.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        pieces, self.waiting = self.waiting, []
        return b"".join(pieces)


@dataclass
class Bundle:
    """A zip in the making, with the digest of all that is in it."""

    zip: zipfile.ZipFile
    out: Outlet
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """One file whose bytes are at hand."""
        self.zip.writestr(name, content)
        self.digests[name] = hashlib.sha256(content).hexdigest()

    def add_data(self, name: str, value: object) -> None:
        """One file of JSON, for people too."""
        self.add(name, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())

    def copy(self, name: str, stream: IO[bytes]) -> Iterator[bytes]:
        """One file that may be large, as it is, for pictures and films pack no smaller; each piece leaves at once."""
        running, entry = hashlib.sha256(), zipfile.ZipInfo(name, time.localtime()[:6])
        with stream, self.zip.open(entry, "w", force_zip64=True) as out:
            while piece := stream.read(PIECE):
                running.update(piece)
                out.write(piece)
                yield self.out.taken()
        self.digests[name] = running.hexdigest()


@dataclass(frozen=True)
class Dossier:
    """What goes into the zip. What is paired with False is listed as withheld, and its content stays out."""

    case: Case
    papers: Sequence[tuple[Paper, bool]]
    evidence: Sequence[tuple[Evidence, bool]]
    schemas: Mapping[str, Mapping[str, Any]]
    accounts: Accounts
    kept: Store
    note: str = ""
    """Whose copy it is, and why."""
    mark: str = ""
    """The number of the look, which the zip bears."""

    def check(self) -> None:
        """Before the first byte leaves: is all of it there? Evidence is large and is held against its digest on the way. Raises Lost."""
        for row, may in self.papers:
            if may and not whole(self.kept, row.pdf):
                raise Lost(f"文书《{row.label}》{row.number}")
        for piece, may in self.evidence:
            if may and not evidence().exists(piece.digest):
                raise Lost(f"证据“{piece.title}”")


def whole(kept: Store, digest: str) -> bool:
    """Is the file there, and what was stored?"""
    try:
        return digest_in(kept, digest) == digest
    except (FileNotFoundError, ValueError):
        return False


def bundle(told: Dossier) -> Iterator[bytes]:
    """The zip, piece by piece as it is made. Raises Lost: who reads it then has half a zip, which nothing opens."""
    case, out = told.case, Outlet()
    listed: dict[str, Any] = {
        "case": {
            "code": case.code,
            "number": case.number,
            "title": case.title,
            "head": case.head,
            "n": case.n,
        },
        "papers": [],
        "evidence": [],
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        into = Bundle(made, out)
        for n, (row, may) in enumerate(told.papers, 1):
            listed["papers"].append(_paper(into, n, row, may, told.kept))
            yield out.taken()
        for n, (piece, may) in enumerate(told.evidence, 1):
            listed["evidence"].append((yield from _evidence(into, n, piece, may)))
        listed["ledger"] = _accounts(into, told.accounts)
        for version, schema in told.schemas.items():
            into.add_data(f"结构/{safe(version)}.schema.json", schema)
        into.add_data(LIST, listed)
        if told.note:
            into.add(NOTE, told.note.encode())
        made.comment = told.mark.encode("ascii")
        lines = [f"{digest}  {name}\n" for name, digest in sorted(into.digests.items())]
        made.writestr(MANIFEST, "".join(lines))
        yield out.taken()
    yield out.taken()


def _accounts(into: Bundle, accounts: Accounts) -> list[dict[str, Any]]:
    """Each act's leaf and proof with all that a stranger needs for checking them, and the lines of the list."""
    lines = []
    names = {act.pk: f"{act.n:03d} {safe(act.label)}" for act in accounts.acts}
    for act in accounts.acts:
        name, proof = f"{LEDGER}/{names[act.pk]}", accounts.proofs.texts.get(act.pk)
        files = {f"{name}.leaf.json": bytes(act.leaf)}
        if proof:
            files[f"{name}.tlog-proof"] = proof.encode()
        for file, content in files.items():
            into.add(file, content)
        line = {"n": act.n, "act": str(act.pk), "label": act.label, "files": list(files)}
        lines.append(line | {"index": accounts.proofs.places.get(act.pk), "pending": proof is None})
    beside = {"checkpoint": accounts.proofs.checkpoint, "vkeys": accounts.vkeys, "policy": accounts.policy}
    beside |= {HOW_TO_NAME: how_to_text(accounts, names), SCRIPT_NAME: SCRIPT}
    for file, text in beside.items():
        if text:
            into.add(f"{LEDGER}/{file}", text.encode())
    return lines


def _paper(into: Bundle, number: int, row: Paper, may: bool, kept: Store) -> dict[str, Any]:
    """A paper in both forms, and its line of the list."""
    version = version_of(row.kind, row.template)
    line: dict[str, Any] = {
        "label": row.label,
        "number": row.number,
        "on": row.issued_on.isoformat(),
        "status": row.status,
    }
    line |= {"version": version, "digest": row.digest, "pdf": row.pdf, "withheld": not may}
    if may:
        name = f"文书/{number:03d} {safe(f'{row.label} {row.number}'.strip())}"
        found = intact(kept, row.pdf)
        if found is None:
            raise Lost(f"文书《{row.label}》{row.number}")
        into.add(f"{name}.pdf", found)
        into.add_data(f"{name}.json", data_of(Content.from_json(row.content)))
        line |= {"files": [f"{name}.pdf", f"{name}.json"]}
    return line


def _evidence(into: Bundle, number: int, row: Evidence, may: bool) -> Generator[bytes, None, dict[str, Any]]:
    """A file of evidence byte for byte, and its line of the list; what it is called is hidden with it."""
    line: dict[str, Any] = {"digest": row.digest, "size": row.size, "withheld": not may}
    if may:
        ending = PurePosixPath(row.filename.replace("\\", "/")).suffix[:12]
        name = f"证据/{number:03d} {safe(row.title)}{ending.translate(UNSAFE)}"
        try:
            stream = open_evidence(row.digest)
        except FileNotFoundError:
            raise Lost(f"证据“{row.title}”") from None
        yield from into.copy(name, stream)
        if into.digests[name] != row.digest:
            raise Lost(f"证据“{row.title}”")
        line |= {"title": row.title, "files": [name]}
    return line


def safe(text: str) -> str:
    """A name that every system takes."""
    return text.translate(UNSAFE).strip(". ")[:LONGEST] or "_"
