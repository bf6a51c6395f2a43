"""A request with a key is done once: the same key and body give the stored answer, another body is a conflict."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanxiang.api.models import Idempotency
from sanxiang.api.problems import Problem
from sanxiang.door.attempts import Unreadable
from sanxiang.door.perform import Unknown
from sanxiang.law.guards import Refused
from sanxiang.people.models import Person

Answer = Mapping[str, Any]


def once(person: Person, key: str | None, request: Any, do: Callable[[], Answer]) -> tuple[Answer, bool]:
    """The answer, and whether it is the stored one of an earlier request. Raises what `do` raises, and Problem.

    Key, act and answer are one transaction: there is no moment in which the act is done and the key unknown. Only
    what was done is kept. A refusal leaves the key free: what was missing may be cured and tried again.
    """
    if key is None:
        return do(), False
    digest = hashlib.sha256(
        json.dumps(request, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()
    with transaction.atomic():
        row, fresh = Idempotency.objects.get_or_create(
            person_id=person.pk, key=key, defaults={"request": digest, "at": timezone.now()}
        )
        if not fresh:
            return stored(row, digest), True
        try:
            found = do()
        except (Refused, Unreadable, Unknown, Problem) as error:
            # Not raised in here: rolling back would also forget the refused attempt that the door has written down.
            row.delete()
            failure = error
        else:
            Idempotency.objects.filter(pk=row.pk).update(answer=found)
            return found, False
    raise failure


def stored(row: Idempotency, digest: str) -> Answer:
    """What was answered the first time. Raises Problem when the key stood for another request."""
    if row.request != digest:
        raise Problem("key-reused", f"请求标识 {row.key} 已用于另一项内容，请换一个新的标识")
    answer: Answer = row.answer or {}
    return answer
