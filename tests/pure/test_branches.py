"""A chain may step back only beside entries that were brought back after a restore, and only onto a step of its own."""

import json
import uuid

import pytest

from sanxiang.ledger.tlog.jcs import canonical
from sanxiang.ledger.tlog.tree import leaf_hash
from sanxiang.ledger.tlog.verify_branches import INSTALLATION, Branch, check_branches

CASE = "11111111-1111-4111-8111-111111111111"


def leaf(name: str, subject: str, n: int, previous: str) -> bytes:
    """A leaf without anything in it."""
    digests = ["A" * 43]
    told = {
        "a": name,
        "at": "2026-01-05T01:02:03.000004Z",
        "c": subject,
        "d": digests,
        "id": str(uuid.UUID(int=n)),
    }
    return canonical({**told, "n": n, "o": "example.test/log", "p": previous, "r": "officer", "v": 1})


FIRST = leaf("start", CASE, 1, "")
LOST = leaf("decide", CASE, 2, leaf_hash(FIRST).hex())
AGAIN = leaf("decide", CASE, 2, leaf_hash(FIRST).hex())
RECOVERED = leaf("recovered", INSTALLATION.decode(), 1, "")
LOG = [FIRST, LOST, AGAIN, RECOVERED]


def branch(previous: str, n: int = 2) -> list[Branch]:
    """The third entry, which steps back."""
    return [Branch(2, CASE.encode(), 2, n, previous.encode())]


def test_a_step_done_again_beside_a_lost_one_passes() -> None:
    assert not list(check_branches(LOG, branch(json.loads(AGAIN)["p"]), [3]))


@pytest.mark.parametrize(
    ("previous", "n", "recovered"),
    [
        (json.loads(AGAIN)["p"], 2, []),
        (leaf_hash(LOST).hex(), 2, [3]),
        ("00" * 32, 2, [3]),
        ("00" * 32, 1, [3]),
    ],
)
def test_without_the_act_or_onto_nothing_it_is_broken(previous: str, n: int, recovered: list[int]) -> None:
    (fault,) = check_branches(LOG, branch(previous, n), recovered)
    assert fault.what == "chain" and CASE in fault.where
