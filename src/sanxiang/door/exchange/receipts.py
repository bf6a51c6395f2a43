"""What the other side said of a message, through the door: taken, given up, tried again, put aside."""

from datetime import timedelta

from django.utils import timezone

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.exchange.connectors import NORM
from sanxiang.door.exchange.outbox import GONE
from sanxiang.door.models import Outgoing, Task
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.people import roles

KEEPERS = (roles.DISCLOSURE_APPROVER, roles.AGENCY_HEAD, roles.SUPERVISOR, roles.SYSTEM_ADMIN)
"""Who looks after what did not arrive."""
KIND = "delivery"
TAKEN_BACK = Citation("行政处罚法", "第四十八条")
MESSAGE = asked("message", "消息编号", longest=20)


def meant(change: Change) -> Outgoing | None:
    """The message that is named, of this agency."""
    number = str(change.data.get("message") or "")
    return Outgoing.objects.filter(agency=change.agency, pk=int(number)).first() if number.isdigit() else None


def one(change: Change) -> Outgoing:
    """The message, which the checks have found."""
    found = meant(change)
    assert found is not None
    return found


def there(change: Change, states: tuple[str, ...], said: str) -> list[Verdict]:
    """The message must be in one of these states."""
    found = meant(change)
    if found is not None and found.state in states:
        return []
    return [unmet("message", NORM, f"没有{said}的这条消息", "刷新“数据交换”页面，按现在的状态办理")]


def on_its_way(change: Change) -> list[Verdict]:
    """It was sent and not answered yet."""
    return there(change, ("queued", "sent"), "等待答复")


@admin_act(
    "confirm-delivery",
    "登记对方系统的回执",
    (),
    (MESSAGE, asked("receipt", "回执", longest=300), asked("digest", "所送内容的校验值", longest=64)),
    NORM,
    group="exchange",
    checks=on_its_way,
    secrecy="case",
)
def confirm(change: Change) -> Outgoing:
    """The other side has taken the message; its receipt stands in the chain of the agency."""
    row = one(change)
    row.state, row.receipt, row.answered_at, row.error = (
        "accepted",
        str(change.data["receipt"]),
        change.now,
        "",
    )
    row.save(update_fields=["state", "receipt", "answered_at", "error"])
    return row


@admin_act(
    "give-up-delivery",
    "登记未能送达",
    (),
    (MESSAGE, asked("reason", "未送达原因", longest=1000)),
    NORM,
    group="exchange",
    checks=on_its_way,
    secrecy="case",
)
def give_up(change: Change) -> Outgoing:
    """The other side refused, or never answered: somebody must look, and has a task until they have."""
    row = one(change)
    row.state, row.error, row.answered_at = "dead", str(change.data["reason"]), change.now
    row.save(update_fields=["state", "error", "answered_at"])
    Task.objects.create(
        agency=change.agency, kind=KIND, title=f"没有送到{row.connector.name}：{row.label}"[:200], person=None,
        role=roles.DISCLOSURE_APPROVER, citation=str(NORM), due=(timezone.localtime(change.now) + timedelta(days=3)).date(),
        opened_n=change.n, opened_at=change.now, limit="",
    )  # fmt: skip
    return row


def retried(change: Change) -> list[Verdict]:
    """It was given up, and nothing newer about the same subject has gone out: an old text must not come after a new one."""
    verdicts = there(change, ("dead",), "未送达")
    found = meant(change)
    if found is None or verdicts:
        return verdicts
    newer = Outgoing.objects.filter(connector=found.connector, subject=found.subject, pk__gt=found.pk)
    if not newer.exclude(state="dropped").exists():
        return []
    return [
        unmet(
            "newer",
            NORM,
            "这个对象后来已经写了新的消息，再送旧的会盖掉新的",
            "放弃这一条，看新的那条是否送达",
        )
    ]


@admin_act(
    "retry-delivery",
    "重新发送",
    KEEPERS,
    (MESSAGE, asked("reason", "为什么现在可以送达", "longtext", longest=500)),
    NORM,
    group="exchange",
    help="在“数据交换”页面从未送达的消息里选",
    checks=retried,
    secrecy="case",
)
def retry(change: Change) -> Outgoing:
    """A dead letter goes out again, with the same key: whoever has it already says so."""
    row = one(change)
    row.state, row.tries, row.next_try = "queued", 0, change.now
    row.save(update_fields=["state", "tries", "next_try"])
    settle(change, row)
    return row


def discarded(change: Change) -> list[Verdict]:
    """It was given up, and is not the word that takes a text back: while that has not arrived, the text is public over there."""
    verdicts = there(change, ("dead",), "未送达")
    found = meant(change)
    if verdicts or found is None or found.event not in GONE:
        return verdicts
    fact = f"这一条告诉{found.connector.name}内容已经撤下，没有送到，内容就还在对方那里"
    return [unmet("gone", TAKEN_BACK, fact, "请对方撤下，再用“重新发送”取得回执")]


@admin_act(
    "discard-delivery",
    "放弃发送",
    KEEPERS,
    (MESSAGE, asked("reason", "放弃的原因", "longtext", longest=500)),
    NORM,
    group="exchange",
    help="确认对方不需要这一条的，写明原因",
    checks=discarded,
    secrecy="case",
)
def discard(change: Change) -> Outgoing:
    """A dead letter is put aside."""
    row = one(change)
    row.state = "dropped"
    row.error = f"{row.error}；已放弃：{change.data['reason']}"
    row.save(update_fields=["state", "error"])
    settle(change, row)
    return row


def settle(change: Change, row: Outgoing) -> None:
    """The oldest open task of that name is done."""
    title = f"没有送到{row.connector.name}：{row.label}"[:200]
    mine = Task.objects.filter(agency=change.agency, kind=KIND, closed_n=None, title=title).order_by(
        "opened_n"
    )
    first = mine.first()
    if first is not None:
        Task.objects.filter(pk=first.pk).update(closed_n=change.n, closed_at=change.now)
