"""What an electronic seal on a paper says of itself, and why none could be put there."""

from dataclasses import dataclass
from datetime import datetime

LARGEST = 20 << 20
"""Bytes of a file that is judged for anybody."""


class SealFault(Exception):
    """The paper could not be sealed; the message is a Chinese sentence that says why and what to do."""


@dataclass(frozen=True)
class Seal:
    """What a sealed PDF says of itself: whole and unaltered, trusted here, by whom and when."""

    intact: bool
    trusted: bool
    signer: str
    at: datetime | None
    certificate: str
    whole: bool

    @property
    def valid(self) -> bool:
        """Unaltered, all of it under the seal, by somebody who is trusted here."""
        return self.intact and self.trusted and self.whole
