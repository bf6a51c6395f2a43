"""Fit the weights of the names' features: `train_names.py MARKED.jsonl [PLAIN.txt ...]`.

MARKED.jsonl has `text` and `hide` (start, end, type) a line; PLAIN.txt are texts that name nobody. A logistic regression by
plain gradient descent, always from the same start: the same input gives the same weights.
"""

import json
import sys
from math import exp
from pathlib import Path

from sanxiang.law.redact import fold
from sanxiang.law.redaction.scoring import Candidate, candidates

WEIGHTS = Path(__file__).parents[1] / "src/sanxiang/law/redaction/lists/weights.toml"
ROUNDS = 400
RATE = 2.0
DECAY = 0.0003


def main(marked: str, plain: list[str]) -> None:
    """Read, fit, write."""
    rows: list[tuple[Candidate, bool]] = []
    for line in Path(marked).read_text(encoding="utf-8").splitlines():
        if '"text"' in line:
            rows += examples(json.loads(line))
    for name in plain:
        text = fold(Path(name).read_text(encoding="utf-8"))
        rows += [(one, False) for one in candidates(text)]
    weights = fit(rows)
    text = "".join(f'"{key}" = {value:.2f}\n' for key, value in sorted(weights.items()))
    WEIGHTS.write_text(
        "# What speaks for a name and against it; written by tools/train_names.py.\n" + text, encoding="utf-8"
    )


def examples(row: dict) -> list[tuple[Candidate, bool]]:
    """The candidates of a marked text; those that stay may be officers' names, of which nothing is learned."""
    people = {(one["start"], one["end"]) for one in row["hide"] if one["type"] == "person"}
    stays = {word for word in row.get("stay", ()) if len(word) < 5}
    text = fold(row["text"])
    return [
        (one, (one.start, one.end) in people)
        for one in candidates(text)
        if (one.start, one.end) in people or not (one.name in stays and dict(one.features)["gain"] > 0.2)
    ]


def fit(rows: list[tuple[Candidate, bool]]) -> dict[str, float]:
    """Weights by gradient descent over all rows at once."""
    keys = sorted({key for one, _ in rows for key, _ in one.features})
    index = {key: at for at, key in enumerate(keys)}
    data = [([(index[key], value) for key, value in one.features], label) for one, label in rows]
    weights, speed = [0.0] * len(keys), [0.0] * len(keys)
    positive = sum(label for _, label in data)
    for _ in range(ROUNDS):
        slope = [DECAY * weight for weight in weights]
        for found, label in data:
            total = sum(weights[at] * value for at, value in found)
            error = (1 / (1 + exp(-max(-30.0, min(30.0, total)))) - label) / positive / 4
            for at, value in found:
                slope[at] += error * value
        for at, value in enumerate(slope):
            speed[at] = 0.9 * speed[at] - RATE * value / 4
            weights[at] += speed[at]
    return dict(zip(keys, weights, strict=True))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
