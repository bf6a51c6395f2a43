"""Tokens for machine clients, given and taken through the door: who let a program in stands in the agency's chain."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from sanxiang.door.admin.rules import SEPARATION, Change, admin_act, asked, given_day
from sanxiang.people.models import MachineToken
from sanxiang.people.roles import SECURITY_ADMIN
from sanxiang.people.tokens import SCOPES, issue_token


@dataclass(frozen=True)
class Issued:
    """A new token: its text, which is shown once and kept nowhere, and its row."""

    text: str
    row: MachineToken

    @property
    def pk(self) -> UUID:
        """What the ledger calls it by; the text stays out of the ledger."""
        return self.row.pk


@admin_act(
    "issue-token",
    "签发接口令牌",
    (SECURITY_ADMIN,),
    (
        asked("post", "岗位", "post", help="令牌所能办的不超过这个岗位"),
        asked("name", "用途", longest=120, help="如“市平台对接”"),
        asked("scopes", "权限范围", "multi", options=SCOPES),
        asked("expires_on", "到期日期", "date", help="最多一年"),
    ),
    SEPARATION,
    group="posts",
    help="给对接的程序使用。令牌只显示一次",
)
def issue(change: Change) -> Issued:
    """A token that acts as one post of the agency until the end of a day."""
    data = change.data
    ends = timezone.make_aware(datetime.combine(given_day(data["expires_on"]), time.max))
    try:
        return Issued(*issue_token(change.found["post"], data["name"], data["scopes"], ends, timezone.now()))
    except ValueError as error:
        raise ValidationError(str(error)) from error


@admin_act(
    "revoke-token",
    "停用接口令牌",
    (SECURITY_ADMIN,),
    (asked("token", "令牌", "token"),),
    SEPARATION,
    group="posts",
)
def revoke(change: Change) -> MachineToken:
    """The token holds no longer, from this moment on."""
    found: MachineToken = change.found["token"]
    if found.revoked_at is not None:
        raise ValidationError("这个令牌已经停用")
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    return found
