"""保存期限: who spoke is forgotten when nobody needs it any more: name and contact of a voice, so many days after its answer.

The act names each opening that it empties by act, name and digest, as every erasure does (docs/erasure.md). No list beside the
database is needed: where a backup brings a name back, its time is still over, and it is emptied again.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.voices.register import FORWARDED, REGISTER, Voice, voices_in
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.tlog.disclosure import field_digest
from sanxiang.ledger.verify import FORGETTING, OPENINGS

SHORT = Citation("个人信息保护法", "第十九条")
OVER = Citation("个人信息保护法", "第四十七条")
CONTACT = ("name", "contact")


def kept_days() -> int:
    """For so many days after the answer name and contact are kept: the operator's, for no scheme says."""
    return max(1, int(settings.VOICE_CONTACT_DAYS))


def told_how_long() -> str:
    """The same for whoever fills in the form."""
    days = kept_days()
    return (
        f"姓名和联系方式只用来核实、答复，答复之后满 {days} 天删除（{SHORT}、{OVER}）；"
        f"本地方案没有规定天数，{days} 天是平台运行单位设定的。"
    )


def waiting_since(now: datetime) -> Any:
    """Openings with a name or contact that are old enough for their time to be over."""
    before = now - timedelta(days=kept_days())
    rows = Opening.objects.filter(name__in=CONTACT, erased_by=None, act__name=REGISTER, act__kind="agency")
    return rows.filter(act__at__lt=before)


def over(agency: UUID, now: datetime) -> list[Opening]:
    """What of the agency's voices is to go now: answered, or forwarded to an organ that is not here, long enough ago."""
    rows = list(waiting_since(now).filter(act__subject=agency).select_related("act").order_by("pk"))
    before = now - timedelta(days=kept_days())
    done = (
        {one.id for one in voices_in([agency]) if (ended := _ended(one)) and ended < before}
        if rows
        else set()
    )
    return [row for row in rows if row.act_id in done]


def _ended(one: Voice) -> datetime | None:
    """When nothing was left to be done here."""
    if one.answered_at or one.state != FORWARDED:
        return one.answered_at
    last = Act.objects.filter(openings__name="voice_id", openings__value=str(one.id)).order_by("-at").first()
    return last.at if last else None


def something_over(change: Change) -> list[Verdict]:
    """Nothing is emptied before its time."""
    if over(change.agency.pk, change.now):
        return []
    return [unmet("over", OVER, "没有保存期限届满的姓名、联系方式", "不必办理")]


def named(change: Change) -> dict[str, Any]:
    """Each opening by act, name and digest."""
    rows = over(change.agency.pk, change.now)
    gone = [
        {"act": str(row.act_id), "name": row.name, "digest": field_digest(row.salt, row.name, row.value)}
        for row in rows
    ]
    return {OPENINGS: gone}


@admin_act(
    FORGETTING,
    "保存期限届满，删除提出人的姓名和联系方式",
    (),
    (asked("days", "答复以后保存的天数", longest=5),),
    OVER,
    group="voices",
    checks=something_over,
    secrecy="case",
    adds=named,
)
def forget_contact(change: Change) -> None:
    """Empty them; that somebody spoke, and what was said and answered, stays."""
    for one in change.data[OPENINGS]:
        rows = Opening.objects.filter(act=one["act"], name=one["name"])
        rows.update(salt="", value=None, erased_by=change.act_id)


def forgotten(key: UUID) -> bool:
    """Was the name or contact of this voice deleted? One query."""
    return Opening.objects.filter(act=key, name__in=CONTACT).exclude(erased_by=None).exists()
