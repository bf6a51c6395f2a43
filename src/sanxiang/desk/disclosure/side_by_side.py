"""并排核对: what the case says beside what the public would read, column by column, each mask with its reason and article.

Works with the Tab and Space keys of any browser; a script adds j, k and h. What was ticked goes on to the form of the act.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.disclosure.masked import Mask, PublicText
from sanxiang.cases.models import Case
from sanxiang.desk import case_parts as parts
from sanxiang.desk.who import Visitor, case_for, page, visitor_of
from sanxiang.desk.words import COLUMNS, PARTY_TYPES
from sanxiang.door import gather
from sanxiang.door.disclosure import public_files
from sanxiang.door.perform import open_acts
from sanxiang.law.redact import fold

BLANK = 3
"""Lines for words to hide that stand ready where no script adds more."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a column: as the case has it, as the public reads it, and by the number of which mask it differs."""

    was: str
    now: str
    mask: int = 0


@dataclass(frozen=True)
class Hidden:
    """One hidden word with all that was said of it; `rule` where a rule hid it, which the editor may overrule."""

    number: int
    was: str
    now: str
    why: str
    citation: str
    times: int
    rule: bool


@require_GET
def side_by_side(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The text of one case, before and after."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    text = public_files.text_of(case, gather.pack_of(case))
    hidden = hidden_of(text)
    context = {
        "case": case,
        "rows": list(rows_of(text, hidden)),
        "hidden": hidden,
        "leaks": text.leaks,
        "state": parts.publication_of(case),
        "act": form_of(visitor, case),
        "kept": case.state["facts"].get("keep") or [],
        "hide": lines_of(case.state["facts"].get("hide") or []),
        "articles": sorted({one.citation for one in hidden if one.citation}),
    }
    return page(request, visitor, "desk/side_by_side.html", context, section="publications")


def hidden_of(text: PublicText) -> list[Hidden]:
    """Each word once, however often it stands, in the order of the text."""
    order = {name: place for place, name in enumerate(COLUMNS)}
    found: dict[tuple[str, str], list[Mask]] = {}
    for mask in sorted(text.masks, key=lambda one: (order.get(one.field, 99), one.start)):
        found.setdefault((word_of(text, mask), mask.why), []).append(mask)
    return [
        Hidden(number, word, masks[0].replacement, why, masks[0].citation, len(masks), bool(masks[0].type))
        for number, ((word, why), masks) in enumerate(found.items(), 1)
    ]


def word_of(text: PublicText, mask: Mask) -> str:
    """What stood where the mask is."""
    return text.raw.get(mask.field, "")[mask.start : mask.end]


def rows_of(text: PublicText, hidden: Iterable[Hidden]) -> Iterator[dict[str, Any]]:
    """Each column that has a text, in pieces."""
    numbers = {(one.was, one.why): one.number for one in hidden}
    for name, label in COLUMNS.items():
        raw, shown = text.raw.get(name, ""), text.fields.get(name, "")
        if raw or shown:
            pieces = list(pieces_of(text, name, numbers))
            # Two masks of the editor may cross: then the public text stands whole, and is right.
            apart = name == "party_type" or "".join(piece.now for piece in pieces) == shown
            yield {"label": label, "pieces": pieces, "shown": "" if apart else shown}


def pieces_of(text: PublicText, name: str, numbers: dict[tuple[str, str], int]) -> Iterator[Piece]:
    """The column cut at its masks."""
    raw, shown, at = text.raw.get(name, ""), text.fields.get(name, ""), 0
    if name == "party_type":
        yield Piece(PARTY_TYPES.get(raw, raw), PARTY_TYPES.get(shown, shown))
        return
    masks = sorted((one for one in text.masks if one.field == name), key=lambda one: one.start)
    plain = fold if any(one.type for one in masks) or shown != raw else str
    for mask in masks:
        if mask.start < at:
            continue
        if before := raw[at : mask.start]:
            yield Piece(before, plain(before))
        yield Piece(
            raw[mask.start : mask.end], mask.replacement, numbers.get((word_of(text, mask), mask.why), 0)
        )
        at = mask.end
    if rest := raw[at:]:
        yield Piece(rest, plain(rest))


def form_of(visitor: Visitor, case: Case) -> dict[str, str]:
    """Where the choice goes on to: the open act that takes words to hide; nothing for whoever may not do it now."""
    if not visitor.works_in(case.agency_id):
        return {}
    actor = gather.actor_in(visitor.person, case.agency, visitor.on, duties=visitor.duties)
    for one in open_acts(case, visitor.person, timezone.now(), actor=actor):
        if one.is_open and one.act.field("hide"):
            return {"label": one.act.label, "href": f"/desk/cases/{case.pk}/acts/{one.act.id}/"}
    return {}


def lines_of(hide: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Words that are hidden by hand already, and blank lines for more."""
    return [*hide, *({} for _ in range(BLANK))]
