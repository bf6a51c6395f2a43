"""Fit the weights of the names' features: `train_names.py MARKED.jsonl [MARKED.jsonl | PLAIN.txt ...]`.

A MARKED.jsonl has `text` and `hide` (start, end, type) a line; PLAIN.txt are texts that name nobody. A logistic regression by
gradient descent with a step of its own for each feature, always in the same order: the same input gives the same weights. Each marked
text is read three times, twice with other names put in the places of its own, so that places are learned rather than names.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from math import exp, sqrt
from pathlib import Path
from random import Random

from sanxiang.law.redact import fold
from sanxiang.law.redaction import duty, dwelling
from sanxiang.law.redaction.lexicon import given_costs, surname_costs
from sanxiang.law.redaction.names import surname_at
from sanxiang.law.redaction.people import find_people
from sanxiang.law.redaction.scoring import LIKELY, WEIGHTS, Candidate, candidates
from sanxiang.law.redaction.staff import staff
from sanxiang.law.redaction.words import left_out, uncommon

LEFT = WEIGHTS.with_name("left_out.txt")
WRITTEN = "# What speaks for it and against it; written by tools/train_names.py.\n"
THINGS = 0.2
"""A string that stays and gains less than this as a name is a thing rather than one of the staff."""
HEAD = "# Words that the weights alone would take for names in texts that name nobody; written by tools/train_names.py.\n"
ROUNDS = 8
RATE = 0.25
DECAY = 2e-6
COPIES = 2
POSITIVE = 1.5
"""A name missed costs more than a word taken for one."""
SMALL = 0.02
"""Weights below this are not written."""
Row = tuple[int, Candidate, bool]


def main(sources: list[str]) -> None:
    """Read, fit, write: the names, then which of them are at work for the agency."""
    marked = [source for source in sources if source.endswith(".jsonl")]
    texts = [json.loads(line) for source in marked for line in Path(source).read_text("utf-8").splitlines()]
    if "--duty" not in sources:
        fit_names(sources)
    for path, examples_of in ((dwelling.WEIGHTS, places_of), (duty.WEIGHTS, duties_of)):
        path.touch()
        rows = [(at, one, label) for at, row in enumerate(texts) for one, label in examples_of(row)]
        lines = (f"{value:.2f} {key}\n" for key, value in sorted(fit(rows).items()) if abs(value) >= SMALL)
        path.write_text(WRITTEN + "".join(lines), encoding="utf-8")


def places_of(row: dict) -> Iterator[tuple[Candidate, bool]]:
    """The places of a marked text, and whether each is a home; what is hidden for another reason tells nothing."""
    text = fold(row["text"])
    hide = [(one["start"], one["end"], one["type"]) for one in row["hide"]]
    people = [(start, end) for start, end, kind in hide if kind == "person"]
    for one in dwelling.candidates(text, people):
        kinds = {kind for start, end, kind in hide if start < one.end and one.start + len(one.keep) < end}
        if not kinds or "address" in kinds:
            yield example(text, one.start, one.end, dwelling.features(text, one, people)), bool(kinds)


def example(text: str, start: int, end: int, keys: Iterator[str]) -> Candidate:
    """A piece of a text with what is seen of it."""
    return Candidate(start, end, text[start:end], tuple((key, 1.0) for key in keys))


def duties_of(row: dict) -> Iterator[tuple[Candidate, bool]]:
    """The people that the rules find in a marked text, and whether each is at work for the agency."""
    text = fold(row["text"])
    spans = [(one.start, one.end) for one in find_people(text)]
    regions = staff(text)
    for place, (start, end) in enumerate(spans):
        label = works(row, text, start, end)
        if label is not None:
            yield example(text, start, end, duty.features(text, place, spans, regions)), label


def works(row: dict, text: str, start: int, end: int) -> bool | None:
    """Whether a person found is at work for the agency; None where the marks do not tell."""
    people = [(one["start"], one["end"]) for one in row["hide"] if one["type"] == "person"]
    if any(first <= start < last or first < end <= last for first, last in people):
        return False
    name = text[start:end]
    if any(row["text"][first:last] == name for first, last in people) or name not in row.get("stay", ()):
        return None
    gains = [dict(one.features).get("gain", 0) for one in candidates(text) if one.name == name]
    return True if max(gains, default=0) > THINGS else None


def fit_names(sources: list[str]) -> None:
    """The weights of the names' features, and the words that they would take for names."""
    LEFT.write_text(HEAD, encoding="utf-8")
    left_out.cache_clear()
    rows = read(sources)
    weights = fit(rows)
    lines = (f"{value:.2f} {key}\n" for key, value in sorted(weights.items()) if abs(value) >= SMALL)
    WEIGHTS.write_text(
        "# What speaks for a name and against it; written by tools/train_names.py.\n" + "".join(lines),
        encoding="utf-8",
    )
    people = {one.name for _, one, label in rows if label}
    marked = {text for text, _, label in rows if label}
    wrong = {one.name for text, one, _ in rows if text not in marked and chance(one, weights) > LIKELY / 3}
    LEFT.write_text(HEAD + "\n".join(sorted(wrong - people)) + "\n", encoding="utf-8")


def chance(one: Candidate, weights: dict[str, float]) -> float:
    """What the weights make of a candidate."""
    total = sum(weights.get(key, 0.0) * value for key, value in one.features)
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def read(sources: list[str]) -> list[Row]:
    """The candidates of all sources, each with the number of its text and whether it is a person."""
    rows: list[Row] = []
    random = Random(3)
    texts = 0
    for source in sources:
        content = Path(source).read_text(encoding="utf-8")
        if not source.endswith(".jsonl"):
            rows += [(texts, one, False) for one in candidates(fold(content))]
            texts += 1
            continue
        for marked in map(json.loads, content.splitlines()):
            for row in (marked, *(renamed(marked, random) for _ in range(COPIES))):
                rows += [(texts, one, label) for one, label in examples(row)]
            texts += 1
    return rows


def examples(row: dict) -> Iterator[tuple[Candidate, bool]]:
    """The candidates of a marked text; those that stay may be officers' names, of which nothing is learned."""
    people = {(one["start"], one["end"]) for one in row["hide"] if one["type"] == "person"}
    stays = {word for word in row.get("stay", ()) if len(word) < 5}
    for one in candidates(fold(row["text"])):
        named = (one.start, one.end) in people
        if named or not (one.name in stays and dict(one.features).get("gain", 0) > 0.2):
            yield one, named


def renamed(row: dict, random: Random) -> dict:
    """The same text with other names for most of its people."""
    text, at, parts, hide = row["text"], 0, "", []
    others: dict[str, str] = {}
    for one in sorted((h for h in row["hide"] if h["type"] == "person"), key=lambda h: h["start"]):
        name = text[one["start"] : one["end"]]
        if name not in others:
            usual = 2 <= len(name) <= 4 and surname_at(name, 0) > 0 and random.random() < 0.85
            others[name] = some_name(random) if usual else name
        parts += text[at : one["start"]]
        hide.append({"start": len(parts), "end": len(parts) + len(others[name]), "type": "person"})
        parts += others[name]
        at = one["end"]
    return {"text": parts + text[at:], "hide": hide, "stay": row.get("stay", ())}


def some_name(random: Random) -> str:
    """A name by the frequency of its characters, now and then with a rare surname."""
    costs = sorted(surname_costs().items())
    common = [(char, cost) for char, cost in costs if cost < 8]
    draw = random.random()
    if draw < 0.5:
        surname = random.choices([c for c, _ in common], [exp(-cost) for _, cost in common])[0]
    else:
        surname = random.choice(costs)[0] if draw < 0.8 else random.choice(sorted(uncommon()))
    given = sorted(given_costs().items())
    count = 1 if random.random() < 0.2 else 2
    return surname + "".join(
        random.choices([c for c, _ in given], [exp(-0.8 * cost) for _, cost in given], k=count)
    )


def fit(rows: list[Row]) -> dict[str, float]:
    """The weights of the features that stand in two texts at least."""
    seen: dict[str, set[int]] = defaultdict(set)
    for text, one, _ in rows:
        for key, _ in one.features:
            seen[key].add(text)
    keys = sorted(key for key, texts in seen.items() if len(texts) > 1)
    index = {key: at for at, key in enumerate(keys)}
    data = [([(index[key], value) for key, value in one.features if key in index], y) for _, one, y in rows]
    weights, squares = [0.0] * len(keys), [0.01] * len(keys)
    random, order = Random(1), list(range(len(data)))
    for _ in range(ROUNDS):
        random.shuffle(order)
        for at in order:
            step(data[at], weights, squares, DECAY * len(data) / 50)
    return dict(zip(keys, weights, strict=True))


def step(
    row: tuple[list[tuple[int, float]], bool], weights: list[float], squares: list[float], decay: float
) -> None:
    """One row, one correction."""
    found, label = row
    total = sum(weights[at] * value for at, value in found)
    error = 1 / (1 + exp(-max(-30.0, min(30.0, total)))) - label
    if abs(error) < 1e-3:
        return
    for at, value in found:
        slope = error * value * (POSITIVE if label else 1) + decay * weights[at]
        squares[at] += slope * slope
        weights[at] -= RATE * slope / sqrt(squares[at])


if __name__ == "__main__":
    main(sys.argv[1:])
