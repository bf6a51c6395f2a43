"""A stored file by what people call it: whose case, which paper or which piece of evidence."""

import re

from sanxiang.cases import store
from sanxiang.cases.models import Evidence, Paper

_FILE = re.compile(rf"\b({'|'.join(store.KINDS)})/([0-9a-f]{{64}})\b")
MOST = 3
"""Rows that are named of one file: the same photograph may stand in many cases."""


def named(place: str) -> str:
    """What cites a file, given as `evidence/DIGEST`; "" where the database knows of nothing."""
    found = _FILE.fullmatch(place)
    if found is None:
        return ""
    kind, digest = found.groups()
    papers = Paper.objects.filter(pdf=digest) if kind == store.PAPERS else Paper.objects.none()
    pieces = Evidence.objects.filter(digest=digest) if kind == store.EVIDENCE else Evidence.objects.none()
    rows: list[Paper | Evidence] = [
        *papers.select_related("case")[:MOST],
        *pieces.select_related("case")[:MOST],
    ]
    return "；".join(
        f"案件 {row.case.number or row.case.code}《{row.case.title}》的{row._meta.verbose_name}“{row}”"
        for row in rows
    )


def with_names(text: str) -> str:
    """A sentence with each file in it followed by what cites it."""

    def told(found: re.Match[str]) -> str:
        words = named(found[0])
        return f"{found[0]}（{words}）" if words else found[0]

    return _FILE.sub(told, text)
