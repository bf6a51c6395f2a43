"""The files that stand beside a published text, as pages and programs list them."""

from typing import Any

from sanxiang.cases.models import Publication
from sanxiang.speech import size_text


def files_of(publication: Publication) -> list[dict[str, Any]]:
    """Name, address, size and digest of each, without its bytes; one query. What waits for a receipt is newer than the row."""
    rows = publication.files.filter(n__lte=publication.n).defer("body").order_by("place")
    return [
        {
            "title": row.title,
            "href": f"/decisions/{publication.pk}/{row.name}",
            "size": row.size,
            "told": size_text(row.size),
            "sha256": row.digest,
        }
        for row in rows
    ]
