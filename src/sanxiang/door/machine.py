"""Tokens for machine clients, given and taken through the door: who let a program in stands in the agency's chain."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from sanxiang.door.administer import SEPARATION, Change, admin_act, administer, given_day
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import MachineToken, Post
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


__all__ = ["Issued", "administer", "issue", "revoke"]

NEEDS = {"post": "岗位", "name": "用途", "scopes": "权限范围", "expires_on": "到期日期"}


@admin_act("issue-token", "签发接口令牌", (SECURITY_ADMIN,), NEEDS, SEPARATION)
def issue(change: Change) -> Issued:
    """A token that acts as one post of the agency until the end of a day."""
    data = change.data
    post = Post.objects.filter(agency=change.agency, pk=key_of(data["post"])).first()
    if post is None:
        raise ValidationError("本机关没有这个岗位")
    if strange := sorted(set(data["scopes"]) - set(SCOPES)):
        raise ValidationError(f"没有“{'、'.join(strange)}”这种权限，可用：{'、'.join(SCOPES)}")
    ends = timezone.make_aware(datetime.combine(given_day(data["expires_on"]), time.max))
    try:
        return Issued(*issue_token(post, data["name"], data["scopes"], ends, timezone.now()))
    except ValueError as error:
        raise ValidationError(str(error)) from error


@admin_act("revoke-token", "停用接口令牌", (SECURITY_ADMIN,), {"token": "令牌"}, SEPARATION)
def revoke(change: Change) -> MachineToken:
    """The token holds no longer, from this moment on."""
    found = MachineToken.objects.filter(post__agency=change.agency, pk=key_of(change.data["token"])).first()
    if found is None or found.revoked_at is not None:
        raise ValidationError("本机关没有这个在用的令牌")
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    return found


def key_of(value: object) -> UUID:
    """The key that was given. Raises ValidationError for anything else."""
    key = uuid_of(str(value))
    if key is None:
        raise ValidationError(f"“{value}”不是编号")
    return key
