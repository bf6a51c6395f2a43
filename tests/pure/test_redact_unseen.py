"""Redaction on texts of nine writers who had not seen the rules, studied since: how much is hidden, how much stays. All names and
numbers are invented.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sanxiang.law.redact import Redaction, Span, fold, redact

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("unseen_redaction.jsonl").read_text(encoding="utf-8").splitlines()
]
LEAST = {
    "person": 0.98,
    "id_card": 0.99,
    "address": 0.95,
    "health": 0.95,
    "phone": 0.98,
    "plate": 0.99,
    "school": 0.9,
}


def replaced(text: str, span: Span) -> set[int]:
    """The places whose characters the reader no longer sees: the county that a replacement begins with is still there."""
    if span.type == "person":
        return set(range(span.start, span.end))
    start = span.start
    for char in span.replacement:
        if start == span.end or text[start] != char:
            break
        start += 1
    return set(range(start, span.end))


@pytest.fixture(scope="module")
def once() -> list[Redaction]:
    return [redact(row["text"]) for row in ROWS]


@pytest.fixture(scope="module")
def spans(once: list[Redaction]) -> list[tuple[Span, ...]]:
    return [one.spans for one in once]


def test_what_must_be_hidden_is(spans: list[tuple[Span, ...]]) -> None:
    every: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    for row, found in zip(ROWS, spans, strict=True):
        covered = {at for span in found for at in range(span.start, span.end)}
        for one in row["hide"]:
            every[one["type"]] += 1
            places = range(one["start"], one["end"])
            hidden[one["type"]] += all(at in covered or row["text"][at].isspace() for at in places)
    assert every.total() > 1300
    assert hidden.total() / every.total() >= 0.99
    assert not {kind for kind, least in LEAST.items() if hidden[kind] / every[kind] < least}


def test_what_must_stay_does(spans: list[tuple[Span, ...]]) -> None:
    stay = touched = 0
    for row, found in zip(ROWS, spans, strict=True):
        text, folded = row["text"], fold(row["text"])
        gone = {at for span in found for at in replaced(folded, span)}
        secret = {at for one in row["hide"] for at in range(one["start"], one["end"])}
        for word in row["stay"]:
            at = text.find(word)
            while at >= 0:
                places = set(range(at, at + len(word)))
                if not places & secret:
                    stay += 1
                    touched += bool(places & gone)
                at = text.find(word, at + 1)
    assert stay > 1700
    assert 1 - touched / stay >= 0.985


def test_a_second_pass_changes_nothing(once: list[Redaction]) -> None:
    for row, one in list(zip(ROWS, once, strict=True))[::2]:
        assert redact(one.text).text == one.text, row["id"]
