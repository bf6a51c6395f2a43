"""What the editor hides by hand: sought in the text as it was before any rule hid anything, and put in together with what the rules hide.

Sought behind the rules it would not be found: they have written 王某 over the name that stood in the editor's words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sanxiang.cases.disclosure.secrets import placed
from sanxiang.law.redact import HIDDEN, Span

BY_HAND = "公示员隐去"
"""What is said of a mask for which the editor gave no reason."""

Row = Mapping[str, str]


def words_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """The words that are to be hidden, row by row."""
    return tuple(str(row.get("text") or "") for row in rows)


def spans_by_hand(text: str, rows: Iterable[Row]) -> Iterator[Span]:
    """Where these words stand, in whatever width and with whatever blanks between their characters they are written."""
    plain, places = placed(text)
    for row in rows:
        word = placed(str(row.get("text") or ""))[0]
        at = plain.find(word) if word else -1
        while at >= 0:
            end = at + len(word)
            yield Span(places[at], places[end - 1] + 1, "", HIDDEN, str(row.get("why") or BY_HAND))
            at = plain.find(word, end)


def joined(rules: Sequence[Span], own: Iterable[Span]) -> tuple[Span, ...]:
    """All of them in order; whatever touches words of the editor is hidden with them as one piece."""
    found: list[Span] = []
    for span in sorted((*rules, *own), key=lambda one: (one.start, -one.end)):
        if not found or found[-1].end <= span.start:
            found.append(span)
            continue
        last = found.pop()
        why = last.why if not last.type else span.why
        found.append(replace(last, end=max(last.end, span.end), type="", replacement=HIDDEN, why=why))
    return tuple(found)
