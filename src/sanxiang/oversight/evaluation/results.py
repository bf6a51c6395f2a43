"""The register of evaluations, as the ledger has it: samples, results, appeals and their answers; and where files are weak."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sanxiang.door.said import said_by
from sanxiang.oversight.evaluation.acts import APPEAL, DECIDE, DRAW, EVALUATE, NAMES


@dataclass(frozen=True)
class Result:
    """The evaluation of one file in one batch, as it stands after an appeal."""

    agency: UUID
    batch: str
    case: str
    case_id: str
    title: str
    score: Decimal
    grade: str
    findings: tuple[dict[str, Any], ...]
    conclusion: str
    by: str
    appeal: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Sample:
    """A sample as it was drawn."""

    agency: UUID
    batch: str
    seed: str
    pool: int
    drawn: tuple[dict[str, Any], ...]


def register(agencies: Collection[UUID]) -> tuple[list[Sample], list[Result]]:
    """Samples and results of these agencies, the newest first. Two queries."""
    samples: list[Sample] = []
    found: dict[tuple[UUID, str, str], Result] = {}
    for act, said in said_by(NAMES, agencies):
        batch, case = str(said.get("batch") or ""), str(said.get("case") or "")
        key = (act.subject, batch, case)
        if act.name == DRAW:
            drawn = tuple(said.get("drawn") or ())
            samples.append(
                Sample(act.subject, batch, str(said.get("seed")), int(said.get("pool") or 0), drawn)
            )
        elif act.name == EVALUATE:
            found[key] = _result(act.subject, said, act.by_name)
        elif act.name == APPEAL and key in found:
            found[key] = replace(found[key], appeal=str(said.get("reason") or ""))
        elif act.name == DECIDE and key in found:
            answer = str(said.get("conclusion") or "")
            now = _result(act.subject, said, act.by_name) if said.get("upheld") == "falls" else found[key]
            found[key] = replace(now, appeal=found[key].appeal, answer=answer)
    return samples[::-1], list(found.values())[::-1]


def _result(agency: UUID, said: dict[str, Any], by: str) -> Result:
    text = {
        name: str(said.get(name) or "")
        for name in ("batch", "case", "case_id", "title", "grade", "conclusion")
    }
    score, findings = Decimal(str(said.get("score") or "0")), tuple(said.get("findings") or ())
    return Result(
        agency, text["batch"], text["case"], text["case_id"], text["title"], score, text["grade"], findings,
        text["conclusion"], by,
    )  # fmt: skip


def weak(results: Iterable[Result]) -> list[tuple[str, int]]:
    """In how many files each item was found wanting, most first."""
    seen = Counter(item for one in results for item in {str(f.get("item")) for f in one.findings})
    return sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))
