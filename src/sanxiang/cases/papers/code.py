"""An address as a QR code on a page: scanned from the screen or from the printed page."""

from functools import lru_cache

import segno
from django.conf import settings
from django.utils.safestring import SafeString

MARGIN = 4
"""White modules around the code, as ISO/IEC 18004 asks."""


def address_code(path: str) -> SafeString:
    """The code of an address of this site, as the public reaches it: an SVG without any style of its own."""
    return _drawn(settings.PUBLIC_ADDRESS.rstrip("/") + path)


@lru_cache(maxsize=512)
def _drawn(address: str) -> SafeString:
    # One mask for all, as on papers: to try all eight takes longer than the rest of the page.
    made = segno.make(address, error="m", micro=False, mask=3)
    return SafeString(
        made.svg_inline(border=MARGIN, omitsize=True, light="#fff", svgclass="code", lineclass=None)
    )
