"""The shapes of answers about files that were made from evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class DerivativeOut(Schema):
    """A thumbnail, a redacted copy, a transcode: how it was made, and its own digests."""

    id: UUID
    kind: str
    tool: str
    parameters: dict[str, Any]
    mime: str
    size: int
    digest: str
    sm3: str
    made_at: datetime
    n: int
