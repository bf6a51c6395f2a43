"""Questions to the search as people ask them, drawn from the decisions that are there; the same ones every time."""

import random
from collections.abc import Iterator
from typing import Any

from bench.corpus import Row, rows
from bench.made_up import SEED
from sanxiang.cases.search import asking, folding

Ask = dict[str, str]
KINDS = ("one", "two", "phrase", "number", "agency", "absent", "filtered", "two words", "paged", "listed")
"""One character; two; a piece of 5 to 20 characters; a document number; an authority; words that stand nowhere; with filters; two words;
the second to the sixth page of a frequent word; a list without words, filtered or on some page."""

FREQUENT = ("罚款", "银行", "有限公司", "许可证", "第四十六条", "监管")


def questions(each: int, count: int) -> Iterator[tuple[str, Ask]]:
    """So many of each kind, from among the first so many decisions of the corpus."""
    pick = random.Random(SEED)
    sample = [row for number, row in enumerate(rows(count)) if number % max(count // 4000, 1) == 0]
    for _ in range(each):
        for kind in KINDS:
            yield kind, ask(kind, pick, pick.choice(sample))


def ask(kind: str, pick: random.Random, row: Row) -> Ask:
    """One question of a kind about one decision."""
    text = pick.choice([row[name] for name in asking.FIELDS if row[name]])
    match kind:
        case "one":
            return {"q": piece(text, 1, pick)}
        case "two":
            return {"q": piece(text, 2, pick)}
        case "phrase":
            return {"q": piece(text, pick.randrange(5, 21), pick)}
        case "number":
            return {"q": row["number"]}
        case "agency":
            return {"q": row["authority"]}
        case "absent":
            return {"q": f"{piece(text, 2, pick)}囧{pick.randrange(10**6)}"}
        case "filtered":
            return {"q": piece(text, pick.choice((1, 2, 3, 4)), pick), **narrowed(pick)}
        case "two words":
            return {"q": f"{piece(row['party'] or text, 2, pick)} {piece(row['result'] or text, 2, pick)}"}
        case "paged":
            return {"q": pick.choice(FREQUENT), "page": str(pick.randrange(2, 7))}
    return {**narrowed(pick), **pick.choice(({}, {"page": str(pick.randrange(2, 40))}))}


def piece(text: str, length: int, pick: random.Random) -> str:
    """So many characters from anywhere in a text, blanks taken out."""
    text = "".join(text.split())
    begin = pick.randrange(max(len(text) - length, 0) + 1)
    return text[begin : begin + length]


def narrowed(pick: random.Random) -> Ask:
    """One or two of the list's filters."""
    year = pick.randrange(2006, 2025)
    return pick.choice((
        {"act_type": pick.choice(("penalty", "licence"))},
        {"party_type": pick.choice(("org", "citizen"))},
        {"from": f"{year}-01-01", "to": f"{year + 1}-06-15"},
        {"act_type": "penalty", "from": f"{year}-03-05"},
        {"published_from": f"{year}-01-01", "published_to": f"{year + 2}-12-31"},
        {"order": "oldest", "act_type": "licence"},
    ))  # fmt: skip


def agreement(each: int) -> dict[str, Any]:
    """Every question of 1 to 8 characters and every filter against a look at each decision there is: how many were asked, which differ."""
    pick, wrong, asked = random.Random(SEED + 1), [], 0
    there = list(asking.Publication.objects.filter(status="published"))
    folded = [[folding.fold(getattr(row, name)) for name in asking.FIELDS] for row in there]
    for number in range(each * 8):
        row = pick.choice(there)
        text = pick.choice([getattr(row, name) for name in asking.FIELDS if getattr(row, name)])
        words = piece(text, number % 8 + 1, pick)
        kind = pick.choice(("", "", "penalty", "licence"))
        terms = folding.terms(words)
        meant = {
            one.pk for one, texts in zip(there, folded, strict=True)
            if kind in ("", one.act_type) and all(any(term in text for text in texts) for term in terms)
        }  # fmt: skip
        found = asking.find(asking.Query(q=words, act_type=kind, limit=len(there) + 1, exact=True))
        asked += 1
        if found.total != len(meant) or {one.pk for one in found.rows} != meant:
            wrong.append((words, kind, found.total, len(meant)))
    return {"decisions": len(there), "questions": asked, "differ": wrong}
