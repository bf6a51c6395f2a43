"""Marks of `docs/requirements.csv` rows as parameters of a test: the locality follows from the row, so that the two cannot differ."""

from typing import Any

import pytest

LOCALITY = {"LZ": "laizhou", "DY": "dongying", "LC": "lingchuan", "KY": "kaiyuan", "HT": "huantai"}


def row(*ids: str, values: tuple[Any, ...] = (), change: tuple[str, str] | None = None) -> Any:
    """A parameter set: the locality and what else the test takes, marked as carrying these rows of that locality."""
    (letters,) = {identity.partition("-")[0] for identity in ids}
    locality = LOCALITY[letters]
    mark = pytest.mark.carries(*ids, locality=locality, **({"change": change} if change else {}))
    return pytest.param(locality, *values, marks=mark, id="+".join(ids))
