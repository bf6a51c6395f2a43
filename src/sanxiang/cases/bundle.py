"""The file of a case to take away 电子案卷: every paper as PDF and as data, the evidence, a list, and the digest of each.

`manifest-sha256.txt` is written as BagIt (RFC 8493) and sha256sum write it, so that anybody checks the zip without us.
"""

import hashlib
import json
import tempfile
import time
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any

from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.paper_data import data_of, version_of
from sanxiang.cases.paper_markup import Content
from sanxiang.cases.papers import intact
from sanxiang.cases.recording import open_evidence
from sanxiang.cases.store import Store

LIST, MANIFEST = "目录.json", "manifest-sha256.txt"
UNSAFE = dict.fromkeys([*range(32), 127, *map(ord, '/\\:*?"<>|')], "_")
LONGEST = 60
IN_MEMORY = 8_000_000
PIECE = 1 << 20


class Lost(Exception):
    """A file that is gone or is not what was stored; the message names it in Chinese."""


@dataclass
class Bundle:
    """A zip in the making, with the digest of all that is in it."""

    zip: zipfile.ZipFile
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """One file whose bytes are at hand."""
        self.zip.writestr(name, content)
        self.digests[name] = hashlib.sha256(content).hexdigest()

    def add_data(self, name: str, value: object) -> None:
        """One file of JSON, for people too."""
        self.add(name, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())

    def copy(self, name: str, stream: IO[bytes]) -> str:
        """One file that may be large, piece by piece and as it is, for pictures and films pack no smaller; its digest."""
        running, entry = hashlib.sha256(), zipfile.ZipInfo(name, time.localtime()[:6])
        with stream, self.zip.open(entry, "w", force_zip64=True) as out:
            while piece := stream.read(PIECE):
                running.update(piece)
                out.write(piece)
        self.digests[name] = running.hexdigest()
        return self.digests[name]


def bundle(
    case: Case,
    papers: Iterable[tuple[Paper, bool]],
    evidence: Iterable[tuple[Evidence, bool]],
    schemas: Mapping[str, Mapping[str, Any]],
    kept: Store,
) -> IO[bytes]:
    """The zip, at its beginning. What is paired with False is listed as withheld, and its content stays out. Raises Lost."""
    target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        into = Bundle(made)
        told = {
            "case": {"code": case.code, "number": case.number, "title": case.title, "head": case.head, "n": case.n},
            "papers": [_paper(into, n, row, may, kept) for n, (row, may) in enumerate(papers, 1)],
            "evidence": [_evidence(into, n, row, may) for n, (row, may) in enumerate(evidence, 1)],
        }  # fmt: skip
        for version, schema in schemas.items():
            into.add_data(f"结构/{safe(version)}.schema.json", schema)
        into.add_data(LIST, told)
        lines = [f"{digest}  {name}\n" for name, digest in sorted(into.digests.items())]
        made.writestr(MANIFEST, "".join(lines))
    target.seek(0)
    return target


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


def _evidence(into: Bundle, number: int, row: Evidence, may: bool) -> dict[str, Any]:
    """A file of evidence byte for byte, and its line of the list; what it is called is hidden with it."""
    line: dict[str, Any] = {"digest": row.digest, "size": row.size, "withheld": not may}
    if may:
        ending = PurePosixPath(row.filename.replace("\\", "/")).suffix[:12]
        name = f"证据/{number:03d} {safe(row.title)}{ending.translate(UNSAFE)}"
        try:
            stream = open_evidence(row.digest)
        except FileNotFoundError:
            raise Lost(f"证据“{row.title}”") from None
        if into.copy(name, stream) != row.digest:
            raise Lost(f"证据“{row.title}”")
        line |= {"title": row.title, "files": [name]}
    return line


def safe(text: str) -> str:
    """A name that every system takes."""
    return text.translate(UNSAFE).strip(". ")[:LONGEST] or "_"
