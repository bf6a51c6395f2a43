"""What stands on the public board: publications as door and import leave them, for tests of the square."""

import uuid
from datetime import date, timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.people.models import Agency

DAY = date(2026, 3, 2)
TEXTS = ("number", "title", "party", "party_code", "address", "facts", "basis", "result", "authority")

PLACES = (
    "/", "/decisions/", "/decisions/?q=河道", "/feed/decisions.atom", "/open-data/decisions.csv", "/open-data/decisions.json",
    "/sitemap.xml",
)  # fmt: skip
"""Everywhere a decision shows up besides its own page."""


def publish(agency: Agency, number: int = 1, **more: object) -> Publication:
    """One publication, as door or import leave it, with its place in the index."""
    values = {
        "origin": "import", "external_id": f"X{number}-{uuid.uuid4()}", "act_type": "penalty", "status": "published",
        "number": f"云水罚字〔2026〕{number}号", "title": f"河道内弃置砂石案之{number}", "party": "青禾砂石有限公司", "party_type": "org",
        "facts": "巡查发现在河道管理范围内弃置砂石。", "basis": "依据《水法》", "result": "罚款12000元", "authority": "云溪县水务局",
        "decided_on": DAY, "published_on": DAY + timedelta(5), "sort_on": DAY, "act": uuid.uuid4(), "leaf_hash": "ab" * 32, "n": 1,
    }  # fmt: skip
    row = Publication.objects.create(agency=agency, **{**values, **more})
    asking.index([row])
    return row


def withdraw(row: Publication, reason: str = "经行政复议撤销") -> None:
    """What the act of withdrawal leaves of a row."""
    for name in TEXTS:
        setattr(row, name, "")
    row.status, row.withdrawn_on, row.withdrawal_reason = "withdrawn", DAY + timedelta(30), reason
    row.n += 1
    row.save()
    asking.index([row])


def text(response: HttpResponse) -> str:
    """The body of an answer, streamed or not."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def page_of(row: Publication) -> str:
    """The address of a decision."""
    return reverse("decision", args=[row.pk])


def shows(client: Client, row: Publication) -> dict[str, bool]:
    """By place: is there a link to the decision, or its id?"""
    return {place: str(row.pk) in text(client.get(place)) for place in PLACES}
