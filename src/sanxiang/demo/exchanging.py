"""数据交换 of the demonstration: each office's connector with what arrived, what waits and what was refused.

The answers of the other side are recorded as the delivery records them. Nobody answers at the address: what waits stays waiting.
"""

from datetime import datetime, timedelta

from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.arriving.confirming import confirmed
from sanxiang.door.models import Outgoing
from sanxiang.law.packs import Pack

NOWHERE = "http://127.0.0.1:9"
"""Nobody listens there."""
REFUSED = "对方退回：统一社会信用代码未填写，按双公示数据标准不能入库（演示）"


def connect(office: Office, pack: Pack, now: datetime) -> None:
    """The first platform of the scheme that takes decisions; what is made public from now on goes there."""
    platform = next(one for one in pack.setting("publish.platforms") if "decisions" in one["carries"])
    told = {
        "code": f"demo-{platform['id']}",
        "name": f"{platform['label']}（演示）",
        "platform": platform["id"],
        "url": f"{NOWHERE}/{office.agency.locality}",
        "carries": [one for one in platform["carries"] if one != "officers"],
    }
    administer("set-connector", office.agency, None, told, now=now)


def confirms(pack: Pack) -> bool:
    """Does a decision count as public only when another platform says so?"""
    return any(one.get("confirm") for one in pack.setting("publish.platforms") or ())


def answered(office: Office, now: datetime) -> None:
    """The other side has taken all but the last two decisions: one it refused, one it has not answered."""
    rows = list(Outgoing.objects.filter(agency=office.agency, state="queued").order_by("pk"))
    decisions = [row for row in rows if row.event == "publish" and row.subject.startswith("publication:")]
    refused, waiting = decisions[-2:]
    for number, row in enumerate(rows):
        at = now - timedelta(minutes=2 * (len(rows) - number))
        if row == refused:
            told = {"message": str(row.pk), "reason": REFUSED}
            administer("give-up-delivery", office.agency, None, told, channel="exchange", now=at)
        elif row != waiting:
            told = {"message": str(row.pk), "receipt": f"演示回执{row.pk:06d}", "digest": row.digest}
            done = administer("confirm-delivery", office.agency, None, told, channel="exchange", now=at)
            confirmed(done, at)
