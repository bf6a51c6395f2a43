"""复制件: the papers of a file as whoever asks for a copy may have them. What is others' is hidden by the rules of every public text.

Only what is text is copied: in a photograph or a film nothing can be told apart, so it is listed and not given. Pure over case and papers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sanxiang.cases.disclosure.masked import natural
from sanxiang.cases.papers.markup import Block, Cell, Content
from sanxiang.law.facts import State
from sanxiang.law.redact import HIDDEN, Known, Person, holds_protected, redact_parts

OWN = ("name", "code", "phone", "address", "legal_rep", "contact")
"""What of a party is nobody's but its own."""
LEFT_OUT = ("sign", "seal", "break")
"""A copy is not signed and not sealed again."""


@dataclass(frozen=True)
class Redacted:
    """The papers as they may leave, how many places were hidden, and what still should be."""

    papers: tuple[Content, ...]
    masked: int
    leaks: tuple[str, ...]

    def text(self) -> str:
        """Every word, one text under the other."""
        return "\n".join(text for paper in self.papers for text in paper.texts())


def known_to(state: State, officers: Iterable[str], own: bool) -> Known:
    """The case's people and numbers: the officers stay, and what is the applicant's own where the applicant is the party (`own`)."""
    facts, people, numbers, stay = state["facts"], [Person(name, "officer") for name in officers], [], []
    party: Mapping[str, Any] = facts.get("party") or {}
    for other in others_in(facts):
        people.append(Person(str(other["name"]), "witness"))
        numbers += [str(other[key]) for key in ("code", "phone") if other.get(key)]
    if facts.get("informant"):
        people.append(Person(str(facts["informant"]), "witness"))
    if own:
        people += [
            Person(str(party[key]), "officer") for key in ("name", "legal_rep", "contact") if party.get(key)
        ]
        stay += [str(party[key]) for key in ("code", "phone", "address") if party.get(key)]
    else:
        told = ("name", "legal_rep", "contact") if natural(party) else ("legal_rep", "contact")
        people += [Person(str(party[key]), "witness") for key in told if party.get(key)]
        numbers += [
            str(party[key])
            for key in ("code", "phone")
            if party.get(key) and (key == "phone" or natural(party))
        ]
    return Known(people=tuple(people), numbers=tuple(numbers), organisations=tuple(stay))


def others_in(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Everybody else of whom the case keeps a name with a number: third parties, agents, witnesses."""
    for name, value in facts.items():
        rows = value if isinstance(value, list) else [value]
        if name != "party":
            yield from (
                row
                for row in rows
                if isinstance(row, Mapping) and row.get("name") and set(row) & {"code", "phone", "kind", "id"}
            )


def redacted(papers: Iterable[Content], known: Known, hide: Iterable[str], own: Iterable[str]) -> Redacted:
    """The papers with what is others' hidden, each person under one form in all of them; `hide` are words hidden by hand."""
    many = [
        replace(paper, blocks=tuple(b for b in paper.blocks if b.kind not in LEFT_OUT)) for paper in papers
    ]
    parts = {key: text for key, text in pieces(many) if text.strip()}
    shown = redact_parts(parts, known)
    texts = {key: one.text for key, one in shown.items()}
    count = sum(len(one.spans) for one in shown.values())
    others = [person.name for person in known.people if person.role == "witness" and len(person.name) > 3]
    for word in [*hide, *others]:
        for key, text in texts.items():
            count += text.count(word)
            texts[key] = text.replace(word, HIDDEN)
    kept = tuple(filled(number, paper, texts) for number, paper in enumerate(many))
    whole, mine = "\n".join(texts.values()), set(own)
    left = [whole[span.start : span.end] for span in holds_protected(whole)]
    leaks = [span for span in left if span not in mine]
    leaks += [
        person.name
        for person in known.people
        if person.role == "witness" and len(person.name) > 1 and person.name in whole
    ]
    return Redacted(kept, count, tuple(dict.fromkeys(leaks)))


def pieces(papers: Iterable[Content]) -> Iterator[tuple[str, str]]:
    """Every text of the papers by where it stands."""
    for number, paper in enumerate(papers):
        yield f"{number}", paper.title
        for place, block in enumerate(paper.blocks):
            yield f"{number}.{place}", block.text
            for line, row in enumerate(block.rows):
                for column, cell in enumerate(row):
                    yield f"{number}.{place}.{line}.{column}", cell.text
                    yield f"{number}.{place}.{line}.{column}.foot", cell.foot


def filled(number: int, paper: Content, texts: Mapping[str, str]) -> Content:
    """The paper with these texts in their places."""

    def at(key: str, text: str) -> str:
        return texts.get(f"{number}{key}", text)

    def cell_at(key: str, cell: Cell) -> Cell:
        return Cell(at(key, cell.text), at(f"{key}.foot", cell.foot))

    blocks = tuple(
        replace(
            block,
            text=at(f".{place}", block.text),
            rows=tuple(
                tuple(cell_at(f".{place}.{line}.{column}", cell) for column, cell in enumerate(row))
                for line, row in enumerate(block.rows)
            ),
        )
        for place, block in enumerate(paper.blocks)
    )
    return replace(paper, title=at("", paper.title), signed_by=(), blocks=blocks)


def bound(papers: Iterable[Content], agency: str, number: str, day: str, note: str) -> Content:
    """All of them as one, each under its own heading."""
    blocks = [Block("plain", note)]
    for n, paper in enumerate(papers, 1):
        title = f"{n}．{paper.title}{f'（{paper.number}）' if paper.number else ''}"
        blocks += [Block("heading", title), *paper.blocks]
    return sheet("party-copy", "案卷材料复制件", agency, number, day, blocks)


def sheet(kind: str, title: str, agency: str, number: str, day: str, blocks: Iterable[Block]) -> Content:
    """A paper that no case issued: an answer, a receipt, a copy."""
    return Content(kind, title, agency, number, day, "letter", "", f"{kind} 1", (), tuple(blocks))
