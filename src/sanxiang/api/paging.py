"""Lists by keyset: the cursor says after which row to go on, so that new rows never shift a page."""

import base64
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from sanxiang.api.problems import unreadable

EVERYWHERE = {"access_reason", "access_ticket"}
"""Every address of a case takes why it is looked at."""
BAD_CURSOR = {"cursor": "cursor：不是本接口给出的值，请从第一页重新取"}


def only(request: HttpRequest, schema: type[Schema]) -> None:
    """Refuse a query parameter that nobody reads: a misspelt filter must not quietly give the whole list."""
    known = {field.alias or name for name, field in schema.model_fields.items()}
    if strange := sorted(set(request.GET) - known - EVERYWHERE):
        raise unreadable(
            {name: f"{name}：没有这个查询参数，可用：{'、'.join(sorted(known))}" for name in strange}
        )


def cursor_of(moment: date, identity: UUID) -> str:
    """The place after a row that is sorted by a day or a moment, then by id."""
    text = json.dumps([moment.isoformat(), identity.hex], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[datetime, UUID]:
    """The moment and id of a cursor; a plain day comes back as its midnight. Raises Problem for anything else."""
    try:
        moment, identity = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(moment), UUID(identity)
    except (ValueError, TypeError, AttributeError):
        raise unreadable(BAD_CURSOR) from None


def moment_of(cursor: str) -> tuple[datetime, UUID]:
    """The place in a list that is sorted by a moment, in UTC. Raises Problem for a plain day and for what UTC cannot say."""
    moment, identity = place_of(cursor)
    try:
        if moment.tzinfo is None:
            raise unreadable(BAD_CURSOR)
        return moment.astimezone(UTC), identity
    except OverflowError:
        raise unreadable(BAD_CURSOR) from None


def cut(rows: list[Any], limit: int) -> tuple[list[Any], bool]:
    """One page out of `limit + 1` fetched rows, and whether there are more."""
    return rows[:limit], len(rows) > limit
