"""The roster goes out as it is: after each act that may change an officer's entry it is held against what was told last."""

import uuid

from django.utils import timezone

from sanxiang.door.exchange import outbox
from sanxiang.door.exchange.connectors import connectors_of
from sanxiang.door.exchange.lists import tell_lists
from sanxiang.people import roles
from sanxiang.people.models import Agency, Certificate, Leave, Person, Post, in_force
from sanxiang.registers.models import Release

ACTS = frozenset(
    {
        "add-person", "change-person", "grant-post", "end-post", "issue-certificate", "change-certificate",
        "record-qualification",
    }
)  # fmt: skip


def after(act: str, agency: Agency, row: object, act_id: uuid.UUID) -> None:
    """What an administrative act leaves for the outbox: a list released, an officer's entry changed."""
    if isinstance(row, Release):
        tell_lists(row.register.agency, timezone.localdate(), row.register_id)
    elif act in ACTS and isinstance(row, Person | Post | Certificate | Leave):
        person = row if isinstance(row, Person) else row.person
        if connectors_of(agency, "officers"):
            for certificate in Certificate.objects.filter(person=person).order_by("number"):
                told(agency, certificate, act_id)


def told(agency: Agency, certificate: Certificate, act_id: uuid.UUID) -> None:
    """One certificate: on the roster with its holder's post, or off it."""
    today = timezone.localdate()
    person, subject = certificate.person, f"officer:{certificate.pk}"
    post = Post.objects.filter(in_force(today), person=person, agency=agency, role=roles.OFFICER).first()
    label = f"{person.name}（{certificate.number}）"
    if post is None or not person.active or certificate.revoked_on is not None:
        gone = {"id": str(certificate.pk), "number": certificate.number}
        outbox.take_back("remove", agency, subject, label, gone, act=act_id)
        return
    entry = {
        "id": str(certificate.pk),
        "name": person.name,
        "agency": agency.name,
        "unit": post.unit.name if post.unit else "",
        "title": post.title,
        "number": certificate.number,
        "kind": certificate.kind,
        "categories": list(certificate.categories),
        "area": list(certificate.area),
        "valid_from": certificate.valid_from.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "inspected_until": certificate.inspected_until.isoformat() if certificate.inspected_until else None,
        "suspended": bool(certificate.suspended_from),
    }
    outbox.tell("officers", agency, subject, label, entry, act=act_id)
