"""Machine clients: a token is shown once, kept as a digest, bound to a post, scoped, and always ends."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from sanxiang.people.authority import uuid_of
from sanxiang.people.models import MachineToken, Post, in_force
from sanxiang.people.roles import ADMIN_ROLES

PREFIX = "sx_"
LONGEST = timedelta(days=366)
SCOPES = {"read": "查看", "act": "办理和上传", "push": "推送公示和其他系统报送的内容"}
"""What a token may be allowed; docs/api.md repeats this table."""
SEEN_EVERY = timedelta(minutes=1)
"""`last_used_at` is no finer than this: a write for every read would halve what a client may ask."""


def issue_token(
    post: Post, name: str, scopes: Iterable[str], expires_at: datetime, now: datetime
) -> tuple[str, MachineToken]:
    """A new token for a machine client that acts as `post`: its text, which is kept nowhere, and its row.

    Raises ValueError, in Chinese, for an administrator's post and for a lifetime that is over or above 366 days.
    """
    if post.role in ADMIN_ROLES:
        raise ValueError("管理员岗位不得签发接口令牌；请改用业务岗位")
    if not now < expires_at <= now + LONGEST:
        raise ValueError("令牌到期时间须晚于现在，且不超过 366 天")
    identity = uuid4()
    text = f"{PREFIX}{identity.hex}_{secrets.token_urlsafe(32)}"
    row = MachineToken.objects.create(
        pk=identity,
        post=post,
        name=name,
        scopes=sorted(set(scopes)),
        digest=digest_of(text),
        issued_at=now,
        expires_at=expires_at,
    )
    return text, row


def token_of(text: str, now: datetime) -> MachineToken | None:
    """The row of a token that holds at `now`, with post, agency and person; None for every other text.

    It ends with its own time, its revocation, its post or its person's account. The secret is compared in constant
    time, and a comparison is made for unknown tokens too.
    """
    on = timezone.localtime(now).date()
    living = MachineToken.objects.filter(
        in_force(on, "post__"), revoked_at=None, expires_at__gt=now, post__person__active=True
    )
    identity = uuid_of(text.removeprefix(PREFIX).partition("_")[0])
    row = (
        living.select_related("post__agency", "post__person").filter(pk=identity).first()
        if identity
        else None
    )
    same = hmac.compare_digest(digest_of(text), row.digest if row else digest_of(""))
    if row is None or not same:
        return None
    if row.last_used_at is None or now - row.last_used_at >= SEEN_EVERY:
        MachineToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def digest_of(text: str) -> str:
    """SHA-256 in hex, as kept in the database."""
    return hashlib.sha256(text.encode()).hexdigest()
