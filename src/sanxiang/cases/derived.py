"""衍生文件: a thumbnail, a redacted copy, a transcode. Kept beside the original, under its own digest, with the way it was made.

As for evidence: the bytes first, then the act that tells of them, and the row in that act's transaction.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

from sanxiang.cases.models import Derivative, Evidence
from sanxiang.cases.recording.receiving import receive

TOLD = "derivative:"
"""How an act names what it tells of a derivative: this and the row's id."""


def derive(
    evidence: Evidence,
    made: BinaryIO,
    *,
    kind: str,
    mime: str,
    tool: str,
    parameters: Mapping[str, Any],
    at: datetime,
) -> Derivative:
    """Keep the bytes of a derivative; the row is not saved yet, for no act tells of it. Raises Unacceptable."""
    kept = receive(made, f"{evidence.digest}.{kind}", mime)
    return Derivative(
        id=uuid.uuid4(),
        evidence=evidence,
        kind=kind,
        tool=tool,
        parameters=dict(parameters),
        mime=kept["mime"],
        size=kept["size"],
        digest=kept["digest"],
        sm3=kept["sm3"],
        made_at=at,
    )


def told_of(row: Derivative) -> dict[str, Any]:
    """What the act that brings a derivative commits to, under `derivative:ID`; `ledger verify` holds the row against it."""
    names = ("kind", "tool", "parameters", "mime", "size", "digest", "sm3")
    return {
        **{name: getattr(row, name) for name in names},
        "from": row.evidence.digest,
        "evidence": str(row.evidence_id),
        "at": row.made_at.astimezone(UTC).isoformat(),
    }


def settle(row: Derivative, act: uuid.UUID, n: int) -> None:
    """Save the row, in the transaction of the act that tells of it."""
    row.act, row.n = act, n
    row.save(force_insert=True)
