"""Signatures and seals held against the ledger: every file that an act signed or sealed, not the newest paper of a kind alone."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sanxiang.cases import store
from sanxiang.cases.papers.sealing import check
from sanxiang.cases.papers.seals import Seal
from sanxiang.cases.shelves import StoreFault
from sanxiang.door.verifying.rows import CaseFile, paper_label, stored
from sanxiang.ledger.models import Act
from sanxiang.ledger.verify import Fault

TOLD = ("signed", "sealed")
"""The openings in which an act names the file that it made of a paper."""
FILES, PAPERS, UNTRUSTED = "files", "papers", "untrusted"


def made_of(file: CaseFile) -> Iterator[tuple[Act, Mapping[str, Any]]]:
    """Each act that signed or sealed a paper, with what it told of the file, in order."""
    for act in file.acts:
        said = file.said(act)
        yield from ((act, said[name]) for name in TOLD if isinstance(said.get(name), Mapping))


def check_seals(file: CaseFile, tally: Counter[str]) -> Iterator[Fault]:
    """Each such file is there and bears the signature of which the act spoke; a paper's row names its last.

    One file is in memory at a time.
    """
    rows = {str(row.id): row for row in file.papers}
    last: dict[str, str] = {}
    for act, told in made_of(file):
        key, digest = str(told.get("paper")), str(told.get("pdf"))
        last[key] = digest
        tally[FILES] += 1
        where = f"{paper_label(rows[key]) if key in rows else f'文书（{key}）'}第{act.n}步签名、盖章的文件"
        faults = list(stored(store.papers(), digest, "paper", where))
        yield from faults or _borne(digest, str(told.get("certificate") or ""), where, tally)
    tally[PAPERS] += len(last)
    for key, row in rows.items():
        if (row.sealed or "") != last.get(key, ""):
            yield Fault("paper", paper_label(row), "sealed与账本不符")


def _borne(digest: str, certificate: str, where: str, tally: Counter[str]) -> Iterator[Fault]:
    """The signatures in the file itself. Whom this installation trusts today is counted and no fault: certificates run out."""
    try:
        with store.papers().open(digest) as kept:
            found = check(kept.read())
    except StoreFault:
        raise
    except OSError:
        return  # `stored` has read it a moment ago; the next look names it
    if wrong := _flaw(found, certificate):
        yield Fault("paper", where, wrong)
    tally[UNTRUSTED] += any(not one.trusted for one in found)


def _flaw(found: list[Seal], certificate: str) -> str:
    if not found:
        return "没有电子签名或者电子印章"
    if not all(one.intact and one.whole for one in found):
        return "电子签名、电子印章之后内容有改动"
    if certificate not in [one.certificate for one in found]:
        return "电子签名、电子印章不是账本记下的那张证书作出的"
    return ""
