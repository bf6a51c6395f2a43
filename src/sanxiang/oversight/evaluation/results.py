"""The register of evaluations, as the ledger has it: samples, results, appeals and their answers; and where files are weak."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.said import said_by
from sanxiang.ledger.models import Act
from sanxiang.oversight.evaluation.acts import APPEAL, DECIDE, DRAW, EVALUATE, FALLS, NAMES, told_of
from sanxiang.oversight.evaluation.sheet import sheet_of

DRAFT = "（还没有评查）"


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
    on: str = ""
    n: int = 0
    failed: tuple[str, ...] = ()
    opinions: tuple[dict[str, Any], ...] = ()
    taken: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Mapping[str, str], ...] = ()
    """Each part of the standard with its points and what is left; empty of results of an older release."""
    appeal: str = ""
    answer: str = ""

    @property
    def pending(self) -> bool:
        """Is there an appeal that nobody has answered?"""
        return bool(self.appeal) and not self.answer

    @property
    def groups(self) -> list[dict[str, Any]]:
        """What was found by item, in the order in which it was found, and what each took away."""
        under: dict[str, list[dict[str, Any]]] = {}
        for found in self.findings:
            under.setdefault(str(found.get("item")), []).append(found)
        return [
            {"item": item, "flaws": flaws, "taken": self.taken.get(item, ""), "fails": item in self.failed}
            for item, flaws in under.items()
        ]


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
            found[key] = _result(act, said)
        elif act.name == APPEAL and key in found:
            found[key] = replace(found[key], appeal=str(said.get("reason") or ""))
        elif act.name == DECIDE and key in found:
            answer = str(said.get("conclusion") or "")
            now = _result(act, said) if said.get("upheld") == FALLS else found[key]
            first = found[key]
            now = replace(now, conclusion=first.conclusion, by=first.by)
            found[key] = replace(now, appeal=first.appeal, answer=answer)
    return samples[::-1], list(found.values())[::-1]


def of_case(agency: UUID, case: UUID, batch: str = "") -> Result | None:
    """The newest result of a case, or that of one batch."""
    _, results = register([agency])
    return next((one for one in results if one.case_id == str(case) and batch in ("", one.batch)), None)


def draft(case: Case) -> Result:
    """What the program finds today, of a case that nobody has evaluated: a table to take along."""
    named = {"case": case.number or case.code, "batch": DRAFT}
    return _told(
        case.agency_id, {**named, **told_of(case, sheet_of(case))}, "", timezone.localdate().isoformat(), 0
    )


def _result(act: Act, said: dict[str, Any]) -> Result:
    """What an act of evaluation put on record."""
    return _told(act.subject, said, act.by_name, str(act.on)[:10], act.n)


def _told(agency: UUID, said: dict[str, Any], by: str, on: str, n: int) -> Result:
    text = {
        name: str(said.get(name) or "")
        for name in ("batch", "case", "case_id", "title", "grade", "conclusion")
    }
    return Result(
        agency=agency,
        score=Decimal(str(said.get("score") or "0")),
        findings=tuple(said.get("findings") or ()),
        by=by,
        on=on,
        n=n,
        failed=tuple(said.get("failed") or ()),
        opinions=tuple(said.get("opinions") or ()),
        taken=said.get("taken") or {},
        parts=tuple(said.get("parts") or ()),
        **text,
    )


def weak(results: Iterable[Result]) -> list[tuple[str, int]]:
    """In how many files each item was found wanting, most first."""
    seen = Counter(item for one in results for item in {str(f.get("item")) for f in one.findings})
    return sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))
