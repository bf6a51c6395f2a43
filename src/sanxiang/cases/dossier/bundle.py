"""The file of a case to take away 电子案卷: every paper as PDF and as data, the evidence, a list, and the digest of each.

It is a bag (BagIt, RFC 8493): what the case consists of under `data/`, the ledger's side of it under `账本/`, two manifests.
Any program for bags checks it without us, and so does `sha256sum -c`.
"""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import UUID

from django.utils import timezone

from sanxiang.cases.dossier.accounts import Accounts, how_to_text
from sanxiang.cases.dossier.catalogue import added_csv, as_csv, as_xml
from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.papers.data import data_of, version_of
from sanxiang.cases.papers.markup import Content
from sanxiang.cases.papers.typeset import intact
from sanxiang.cases.recording.receiving import open_evidence
from sanxiang.cases.shelves import Store, digest_in
from sanxiang.cases.store import evidence
from sanxiang.ledger.tlog.stranger import HOW_TO_NAME, SCRIPT, SCRIPT_NAME

DATA, LEDGER, NOTE = "data", "账本", "调阅说明.txt"
LIST, MANIFEST, TAG_MANIFEST = f"{DATA}/目录.json", "manifest-sha256.txt", "tagmanifest-sha256.txt"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
UNSAFE = dict.fromkeys([*range(32), 127, *map(ord, '/\\:*?"<>|%')], "_")
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
    """A zip in the making with one folder in it, and the digests of all that is there. Names are told from that folder on."""

    zip: zipfile.ZipFile
    out: Outlet
    root: str
    digests: dict[str, str] = field(default_factory=dict)
    size: int = 0
    """Size of the payload."""

    def add(self, name: str, content: bytes) -> None:
        """One file whose bytes are at hand."""
        self.zip.writestr(f"{self.root}/{name}", content)
        self._told(name, hashlib.sha256(content).hexdigest(), len(content))

    def add_data(self, name: str, value: object) -> None:
        """One file of JSON, for people too."""
        self.add(name, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())

    def copy(self, name: str, stream: IO[bytes]) -> Iterator[bytes]:
        """One file that may be large, as it is, for pictures and films pack no smaller; each piece leaves at once."""
        running, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(f"{self.root}/{name}", time.localtime()[:6])
        with stream, self.zip.open(entry, "w", force_zip64=True) as out:
            while piece := stream.read(PIECE):
                running.update(piece)
                size += len(piece)
                out.write(piece)
                yield self.out.taken()
        self._told(name, running.hexdigest(), size)

    def _told(self, name: str, digest: str, size: int) -> None:
        self.digests[name] = digest
        self.size += size if name.startswith(f"{DATA}/") else 0

    def close(self, case: Case) -> None:
        """Write what makes a bag of it; the manifests come last."""
        payload = {name for name in self.digests if name.startswith(f"{DATA}/")}
        info = {
            "Source-Organization": case.agency.name,
            "External-Identifier": case.number or case.code,
            "Bagging-Date": timezone.localdate().isoformat(),
            "Payload-Oxum": f"{self.size}.{len(payload)}",
            "Bag-Software-Agent": "Sanxiang",
        }
        self.add("bagit.txt", DECLARATION.encode())
        self.add("bag-info.txt", "".join(f"{key}: {value}\n" for key, value in info.items()).encode())
        self.add(MANIFEST, self._manifest(payload))
        self.add(TAG_MANIFEST, self._manifest(set(self.digests) - payload))

    def _manifest(self, names: Collection[str]) -> bytes:
        return "".join(f"{self.digests[name]}  {name}\n" for name in sorted(names)).encode()


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
    catalogue: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Both parts of the file as it is bound, where it is to go along as a catalogue."""
    told: Mapping[str, str] = field(default_factory=dict)
    """The metadata of the file itself."""
    volumes: Mapping[str, Path] = field(default_factory=dict)
    """Each part as one PDF, by its name."""
    signed: Mapping[UUID, str] = field(default_factory=dict)
    """Of the papers, those that bear signatures or the seal: the digest of that file, for whoever may see what it shows."""

    def check(self) -> None:
        """Before the first byte leaves: is all of it there? Evidence is large and is held against its digest on the way. Raises Lost."""
        for row, may in self.papers:
            files = filter(None, (row.pdf, self.signed.get(row.pk)))
            if may and not all(whole(self.kept, digest) for digest in files):
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
    out = Outlet()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        yield from bagged(Bundle(made, out, safe(told.case.code)), told)
        made.comment = told.mark.encode("ascii")
    yield out.taken()


def bagged(into: Bundle, told: Dossier) -> Iterator[bytes]:
    """The bag of one case in its folder of the zip. Raises Lost."""
    case = told.case
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
    for n, (row, may) in enumerate(told.papers, 1):
        listed["papers"].append(_paper(into, n, row, may, told))
        yield into.out.taken()
    for n, (piece, may) in enumerate(told.evidence, 1):
        listed["evidence"].append((yield from _evidence(into, n, piece, may)))
    listed["ledger"] = _accounts(into, told.accounts)
    for name, file in told.volumes.items():
        yield from into.copy(f"{DATA}/案卷/{safe(name)}.pdf", file.open("rb"))
    _catalogue(into, told, listed)
    for version, schema in told.schemas.items():
        into.add_data(f"{DATA}/结构/{safe(version)}.schema.json", schema)
    into.add_data(LIST, listed)
    if told.note:
        into.add(NOTE, told.note.encode())
    into.close(case)
    yield into.out.taken()


def _catalogue(into: Bundle, told: Dossier, listed: Mapping[str, Any]) -> None:
    """The catalogue of the bound file as a table and as XML, each line with the file that it means."""
    if told.catalogue:
        names = [f"paper:{row.pk}" for row, _ in told.papers] + [
            f"evidence:{row.pk}" for row, _ in told.evidence
        ]
        lines = [*listed["papers"], *listed["evidence"]]
        files = {name: line["files"][0] for name, line in zip(names, lines, strict=True) if line.get("files")}
        into.add(f"{DATA}/案卷/卷内文件目录.csv", as_csv(told.catalogue, told.case.agency.name, files))
        into.add(f"{DATA}/案卷/案卷元数据.xml", as_xml(told.catalogue, told.told, files))
        if added := (told.case.state.get("custody") or {}).get("supplements"):
            into.add(f"{DATA}/案卷/补充归档目录.csv", added_csv(added))


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


def _paper(into: Bundle, number: int, row: Paper, may: bool, told: Dossier) -> dict[str, Any]:
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
        name = f"{DATA}/文书/{number:03d} {safe(f'{row.label} {row.number}'.strip())}"
        found, digest = intact(told.kept, row.pdf), told.signed.get(row.pk, "")
        signed = intact(told.kept, digest) if digest else b""
        if found is None or signed is None:
            raise Lost(f"文书《{row.label}》{row.number}")
        into.add(f"{name}.pdf", found)
        if signed:
            into.add(f"{name}（签名盖章）.pdf", signed)
            line["signed"] = {"file": f"{name}（签名盖章）.pdf", "digest": digest}
        into.add_data(f"{name}.json", data_of(Content.from_json(row.content)))
        line |= {"files": [f"{name}.pdf", f"{name}.json"]}
    return line


def _evidence(into: Bundle, number: int, row: Evidence, may: bool) -> Generator[bytes, None, dict[str, Any]]:
    """A file of evidence byte for byte, and its line of the list; what it is called is hidden with it."""
    line: dict[str, Any] = {"digest": row.digest, "size": row.size, "withheld": not may}
    if may:
        ending = PurePosixPath(row.filename.replace("\\", "/")).suffix[:12]
        name = f"{DATA}/证据/{number:03d} {safe(row.title)}{ending.translate(UNSAFE)}"
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
