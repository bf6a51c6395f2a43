"""Electronic seals 电子签章 on papers: what others call; `pades` does it.

What reads and signs PDFs takes half a second to load, and most commands and servers sign nothing: it is loaded when it is first needed.
"""

from datetime import datetime
from typing import Any

from sanxiang.cases.papers.seals import Seal


def seal(pdf: bytes, agency: str, name: str, reason: str, at: datetime) -> tuple[bytes, str]:
    """The PDF with the agency's seal, and the SHA-256 of the certificate. Raises SealFault."""
    from sanxiang.cases.papers import pades

    return pades.seal(pdf, agency, name, reason, at)


def lock(pdf: bytes, agency: str, name: str, reason: str) -> tuple[bytes, str]:
    """The PDF shut by the agency's certificate, without a picture: any later change is found out. Raises SealFault."""
    from sanxiang.cases.papers import pades

    return pades.lock(pdf, agency, name, reason)


def personal(pdf: bytes, person: str, name: str, reason: str, at: datetime, spot: Any) -> tuple[bytes, str]:
    """The PDF signed with a person's own certificate, to be seen at that place; after the last page's text where there is none."""
    from sanxiang.cases.papers import pades

    return pades.personal(pdf, person, name, reason, at, spot)


def check(pdf: bytes) -> list[Seal]:
    """Every seal of a PDF; none where it bears none, or is no PDF that can be read."""
    from sanxiang.cases.papers import pades

    return pades.check(pdf)


def laid_over(pdf: bytes, above: bytes, count: int) -> bytes:
    """Each of the `count` pages with what lies over it, and the pages that come after (ISO 32000-2, 7.5.6)."""
    from sanxiang.cases.papers import pades

    return pades.laid_over(pdf, above, count)
