"""邮件提醒: letters about new decisions of a search, to whoever asked for them and then confirmed the address.

Two letters at most go to an address whose owner never asked: the invitation and, where it is asked for again, another one. What was not
confirmed within two days goes; what is ended goes at once. Letters name decisions that are public at the moment of sending, no others.
"""

import logging
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db.models import Max
from django.utils import timezone

from sanxiang.cases.disclosure.published import origin_of
from sanxiang.cases.models import Publication
from sanxiang.cases.search.asking import Query, meets
from sanxiang.door.intake.knocks import Bound, knocked, too_many
from sanxiang.door.models import Subscription
from sanxiang.ledger.models import Entry

SALT = "sanxiang.alerts"
SUBSCRIBE = Bound("subscribe", 3, 30)
"""So often one place may ask for letters to one address, and to any."""
WAITS, EVERY, SHOWN, MOST = timedelta(days=2), timedelta(days=1), 20, 20
"""How long an invitation holds; how often letters go; how many decisions a letter lists; how many searches one address may have."""
log = logging.getLogger(__name__)

__all__ = [
    "Letter",
    "NotSubscribed",
    "Subscription",
    "Write",
    "confirm",
    "end",
    "found",
    "offered",
    "send_due",
    "subscribe",
]


class NotSubscribed(ValueError):
    """What was asked for was not taken; the argument is a Chinese sentence."""


def offered() -> bool:
    """Can this installation send letters?"""
    return bool(settings.MAIL)


def subscribe(email: str, query: Query, params: str, title: str, source: str) -> None:
    """Ask for letters. The address hears of it by an invitation; the answer here is the same whether it is known or not.

    Raises NotSubscribed.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotSubscribed("电子邮箱写得不对，请写成 name@example.cn 的形式") from error
    if too_many(SUBSCRIBE, source, email.casefold()):
        raise NotSubscribed("提交得太频繁，请半小时以后再试")
    knocked(SUBSCRIBE, source, email.casefold())
    mine = Subscription.objects.filter(email__iexact=email)
    if mine.filter(params=params).exists() or mine.count() >= MOST:
        return
    Subscription.objects.create(
        email=email, asked=plain(query), params=params, title=title[:300], at=timezone.now()
    )


def plain(query: Query) -> dict[str, Any]:
    """The conditions as JSON: what is set, and none of paging."""
    paging = {"page", "after", "limit", "exact", "oldest"}
    told = {name: value for name, value in asdict(query).items() if value and name not in paging}
    if query.among is not None:
        told["among"] = sorted(map(str, query.among))
    return {name: value if isinstance(value, (str, list)) else str(value) for name, value in told.items()}


def query_of(asked: Mapping[str, Any]) -> Query:
    """The conditions as a question again."""
    days: dict[str, Any] = {name: date.fromisoformat(asked[name]) for name in DAYS if name in asked}
    return Query(
        q=asked.get("q", ""),
        act_type=asked.get("act_type", ""),
        party_type=asked.get("party_type", ""),
        agency=UUID(asked["agency"]) if "agency" in asked else None,
        among=frozenset(map(UUID, asked["among"])) if "among" in asked else None,
        **days,
    )


DAYS = ("since", "until", "published_since", "published_until")


def token_of(row: Subscription) -> str:
    """What a letter's links carry: nobody can make one for another's subscription."""
    return signing.dumps(row.pk.hex, salt=SALT)


def found(token: str) -> Subscription | None:
    """The subscription that a link means; None where it is no more, or never was."""
    try:
        key = UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Subscription.objects.filter(pk=key).first()


def confirm(token: str) -> Subscription | None:
    """The owner of the address wants the letters: from now on, not about what was there before."""
    row = found(token)
    if row is not None and row.seen is None:
        top = Entry.objects.aggregate(top=Max("idx"))["top"]
        row.seen, row.told = -1 if top is None else top, timezone.now()
        row.save(update_fields=["seen", "told"])
    return row


def end(token: str) -> None:
    """No more letters, and no address. Done twice it is the same."""
    if row := found(token):
        row.delete()


# Sending.


@dataclass(frozen=True)
class Letter:
    """What goes out, and whose links it bears."""

    subject: str
    text: str


Write = Callable[[Subscription, list[Publication], str], Letter]
"""Words a letter: the invitation where there are no decisions. The portal knows its own addresses."""


def send_due(write: Write, stop_address: Callable[[str], str], now: datetime | None = None) -> int:
    """Send what is due, and forget what was not confirmed in time; how many letters went out."""
    moment = now or timezone.now()
    Subscription.objects.filter(seen=None, at__lt=moment - WAITS).delete()
    sent = 0
    for row in Subscription.objects.filter(seen=None, invited=None).order_by("at"):
        post(row, write(row, [], token_of(row)), stop_address)
        Subscription.objects.filter(pk=row.pk).update(invited=moment)
        sent += 1
    waiting = list(Subscription.objects.filter(seen__isnull=False, told__lt=moment - EVERY).order_by("told"))
    fresh, top = news(min(row.seen for row in waiting if row.seen is not None)) if waiting else ([], -1)
    for row in waiting:
        query, seen = query_of(row.asked), row.seen if row.seen is not None else -1
        hits = [decision for place, decision in fresh if place > seen and meets(query, decision)]
        if hits:
            post(row, write(row, hits, token_of(row)), stop_address)
            sent += 1
        Subscription.objects.filter(pk=row.pk).update(seen=max(seen, top), told=moment)
    return sent


def news(after: int) -> tuple[list[tuple[int, Publication]], int]:
    """Decisions that became public after this place in the log, the newest first, and how far the log is now.

    What was imported had been public elsewhere before; nobody gets a letter about old decisions. What a case system pushed is new.
    """
    top = Entry.objects.aggregate(top=Max("idx"))["top"]
    places = dict(Entry.objects.filter(idx__gt=after).values_list("act_id", "idx"))
    rows = Publication.objects.filter(
        status="published", act__in=Entry.objects.filter(idx__gt=after).values("act_id")
    )
    fresh = [
        (places[row.act], row)
        for row in rows.select_related("agency")
        if row.act in places and origin_of(row) != "import"
    ]
    return sorted(fresh, key=lambda pair: -pair[0]), -1 if top is None else top


def post(row: Subscription, letter: Letter, stop_address: Callable[[str], str]) -> None:
    """Hand one letter to the mail server. A refused address loses its subscription: it would be refused every day."""
    headers = {
        "List-Unsubscribe": f"<{stop_address(token_of(row))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMessage(letter.subject, letter.text, settings.MAIL_FROM, [row.email], headers=headers)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused:
        log.warning("a mail server refused an address; its subscription %s is ended", row.pk)
        row.delete()
