"""What tests of 公示 share: a story up to a step, who watches, every public place, the publish task and the list of what is late."""

import contextlib
import html
import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings

from api_client import Api
from board import PLACES, text
from knocks import signed_in
from play import CHINA, Clock, Play
from reader import Client
from sanxiang.cases.models import Publication
from sanxiang.cli import main
from sanxiang.demo.people import Office
from sanxiang.demo.stories import SUMMARY, digest_of
from sanxiang.door.administer import administer, create_agency
from sanxiang.door.models import Task
from sanxiang.people.models import Agency, Person
from side_stories import BOOK

NEW_YEAR = datetime(2026, 2, 12, 9, 0, tzinfo=CHINA)
LABOUR = datetime(2026, 4, 29, 9, 0, tzinfo=CHINA)


def begun(office: Office, story: str, clock: Clock, start: datetime | None = None, until: str = "") -> Play:
    """A story of the book from a day on, played to just before a step."""
    procedure, steps = BOOK[story]
    play = Play(office, procedure, steps, clock, start or clock.now)
    clock.now = play.moment
    if until:
        play.until(until)
    return play


def published_late(play: Play) -> None:
    """The one duty that outlives the file: within twenty working days the decision is public (国办发〔2018〕118号二（六）)."""
    task = Task.objects.get(case=play.case_id, closed_n=None)
    assert (task.kind, task.limit, task.due) == ("publish", "publish-result", play.case.next_due)
    play.do("prepare-publication", "disclosure-editor", plain_summary=SUMMARY)
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))


def supervisor_above(agency: Agency) -> Person:
    """Somebody of the supervising office of the same government."""
    told = {
        "name": f"{agency.region}监督机关（演示）",
        "short": "监演",
        "kind": "supervisor",
        "parent": agency.parent,
    }
    office = create_agency(
        {**told, "region": agency.region, "locality": agency.locality, "is_supervisor": True}
    )
    told = {"username": f"watch-{agency.region}", "name": "卫衡", "password_hash": "!"}
    person: Person = administer("add-person", office, None, told)
    post = {"person": person, "role": "supervisor", "valid_from": datetime(2025, 1, 2).date()}
    administer("grant-post", office, None, post)
    return person


def page(person: Person, address: str) -> str:
    """A page of the desk."""
    return html.unescape(signed_in(person).get(address).content.decode())


CHIPS = re.compile(r'<ul class="chips".*?</ul>', re.DOTALL)
"""What the page repeats of the question itself."""


def surfaces(row: Publication, asked: str = "") -> dict[str, str]:
    """Everything that the public can open about a decision, and the search for some words."""
    client = Client()
    here = f"/decisions/{row.pk}"
    places = [*PLACES, f"{here}/", f"{here}.json", f"/decisions/?q={asked}", "/decisions/withdrawn/"]
    found = {place: CHIPS.sub("", text(client.get(place))) for place in places}
    for path in (f"/public/decisions?q={asked}", f"/public/decisions/{row.pk}"):
        found[path] = Api().ask("GET", path).content.decode()
    return found


def due_of(office: Office, play: Play) -> tuple[str, bool]:
    """The publish task of the case: its last day, and whether that is over."""
    tasks = Api(office.people["disclosure-editor"]).get("/tasks")["items"]
    (task,) = [t for t in tasks if t["kind"] == "publish" and t.get("case") in (None, str(play.case_id))]
    return task["due"], task["overdue"]


def listed(supervisor: Person) -> list[dict[str, Any]]:
    """What the supervisor's list of overdue cases shows."""
    found: list[dict[str, Any]] = Api(supervisor).get("/cases?overdue=true")["items"]
    return found


def reminded() -> int:
    """`sanxiang remind`, as the server does it by itself."""
    out, key = io.StringIO(), Path(settings.DATA) / "secret.key"
    if not key.exists():
        key.write_text("a key of the tests\n")
    with contextlib.redirect_stdout(out):
        assert main(["remind", "--data", str(settings.DATA), "--json"]) == 0
    return int(json.loads(out.getvalue())["reminded"])


def read(address: str) -> str:
    """The words of a PDF of the portal."""
    answer = Client().get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(answer.content))
    )
