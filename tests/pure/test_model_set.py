"""The 56 papers of the model set: for each one that the page of papers names, a template that some act makes."""

import re
from pathlib import Path

import pytest

from sanxiang.law.packs import load_pack

TABLE = Path(__file__).parents[2] / "docs" / "papers.md"
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.M)


@pytest.mark.parametrize("locality", ["kaiyuan", "laizhou", "dongying", "lingchuan", "huantai"])
def test_every_paper_of_the_model_set_is_made_by_an_act(locality: str) -> None:
    pack = load_pack(locality)
    rows = ROW.findall(TABLE.read_text(encoding="utf-8"))
    assert [int(number) for number, *_ in rows] == list(range(1, 57))
    issued = {kind for act in pack.acts.values() for kind in act.papers}
    for number, model, papers, why in rows:
        named = re.findall(r"`([a-z-]+)`", papers)
        assert named and (len(named) == 1 or why.strip()), (number, model)
        for kind in named:
            assert kind in pack.papers and kind in issued, (number, model, kind)
            assert len(pack.papers[kind].body) > 40 and pack.papers[kind].source, (model, kind)


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        ("identification-notice", "request-assistance"),
        ("seizure-assistance", "request-assistance"),
        ("refund-order", "order-correction"),
        ("early-disposal-consent", "approve-early-disposal"),
    ],
)
def test_each_of_these_is_made_only_when_the_act_says_so(kind: str, act: str) -> None:
    """Not with every letter of assistance, order or disposal: only where its own question is answered."""
    pack = load_pack("kaiyuan")
    assert kind in pack.acts[act].papers
    (asked,) = pack.papers[kind].when
    field = re.fullmatch(r"data:(\w+)(?:=\w+)?", asked)
    assert field and pack.acts[act].field(field[1]) is not None
