"""What a visitor may carry away of a case: a page offers no link that would be refused.

The agency's own people may take whatever they may see. Who looks in from another agency reads on line, and takes a copy only under an
approval that still holds (`door.files.copies`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.desk.who import Visitor
from sanxiang.door.files.copies import TAKEN, copies_for, used
from sanxiang.door.reasons import is_outside

FILES = {"pdf_href": "pdf", "docx_href": "docx", "data_href": "data"}
"""Links of a paper's card, each with the kind of copy that it hands out."""


def takes(visitor: Visitor, case: Case) -> frozenset[str]:
    """The kinds of copies that leave by a link of this visitor's. Three queries at most for who looks in, none for others."""
    if not is_outside(case, visitor.posts):
        return frozenset(TAKEN)
    mine = [one for one in copies_for(case.pk) if one.by == visitor.person.pk]
    count = used(mine) if mine else {}
    left = [one for one in mine if count.get(one.number, 0) < one.times]
    return frozenset(kind for kind in TAKEN if any(one.covers(kind, visitor.on) for one in left))


def papers_offered(cards: Iterable[dict[str, Any]], may: frozenset[str]) -> list[dict[str, Any]]:
    """Cards of papers without the files that would be refused."""
    closed = {name for name, kind in FILES.items() if kind not in may}
    return [{name: value for name, value in card.items() if name not in closed} for card in cards]


def evidence_offered(cards: Iterable[Mapping[str, Any]], may: frozenset[str]) -> list[dict[str, Any]]:
    """Cards of evidence: where the file itself would be refused, its name leads to where it can be looked at, or nowhere."""
    if "evidence" in may:
        return [dict(card) for card in cards]
    return [{**card, "href": card.get("look") or ""} if "href" in card else dict(card) for card in cards]
