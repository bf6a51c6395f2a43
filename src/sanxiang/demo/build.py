"""Build the demonstration: five localities, people, and cases at every stage, all through the door."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from sanxiang.cases.models import Case, Publication
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo import (
    before,
    coercion,
    disclosing,
    drawing,
    equipment,
    evaluations,
    exchanging,
    levies,
    licence,
    requests,
    rulings,
    stories,
    takings,
    voicing,
)
from sanxiang.demo.disclosing import disclosed, in_stages
from sanxiang.demo.improving import improve
from sanxiang.demo.inspection import inspection
from sanxiang.demo.people import (
    COUNTIES,
    PASSWORD,
    County,
    Office,
    build_legal_office,
    build_office,
    build_supervisor,
)
from sanxiang.demo.pictures import film, photo
from sanxiang.demo.registers import item_of, release_lists
from sanxiang.door.perform import Done, perform
from sanxiang.law.packs import Pack, load_pack
from sanxiang.ledger.models import Act
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.oversight.figures.counting import count_all
from sanxiang.people.models import Agency, Person, Post
from sanxiang.people.roles import LABELS

Plan = tuple[str, list[stories.Step], int | None, int]
"""A case to be built: procedure, steps, how many of them (all: None), and how many days ago it began."""


def whole(procedure: str, steps: list[stories.Step], days_ago: int, until: int | None = None) -> Plan:
    """A case of another kind than penalties, whose decision is made public as well."""
    return procedure, disclosed(procedure, steps), until, days_ago


OTHER_KINDS: dict[str, list[Plan]] = {
    "dongying": [whole(*coercion.STORIES["measure"], 75)],
    "laizhou": [
        whole(*takings.STORIES["land-levy"], 160),
        whole("confirmation", rulings.confirmation(), 75),
        ("summary", stories.summary("100", "org", 6), None, 385),
    ],
    "lingchuan": [
        whole(*levies.STORIES["levy"], 100),
        whole(*takings.STORIES["requisition"], 20, 11),
        whole("adjudication", rulings.adjudication(), 115),
    ],
    "huantai": [whole(*levies.STORIES["fee"], 40)],
    "kaiyuan": [whole("licence", licence.granted(), 80), whole("inspection", inspection("rectify", 7), 50)],
}
"""Cases of other kinds than penalties, each in one locality whose scheme names the kind; and one that was shown long enough."""

LATE: list[Plan] = [("summary", stories.summary("300", "org", 7), 7, 27)]
"""Decided, and made public by nobody."""
LATEST: dict[str, list[Plan]] = {
    "kaiyuan": [("summary", in_stages(stories.summary("150", "org", 1)), 11, 9)],
    "lingchuan": [
        ("summary", stories.summary(fine, "org", n), 9, 9) for fine, n in (("150", 1), ("250", 5), ("180", 6))
    ],
}
"""After the last settings: four stages with their table of duties, decisions that wait for another platform's receipt."""
SET_LATE = 12
"""So many days ago the table of duties came into force, and the connector without whose receipt nothing is public."""

ASTRAY = 60
"""How many days ago the case began whose film was made with a device that nobody had been handed."""
MARKED = (90, 130)
"""Cases whose film is tied to a paper."""
SUPERVISED = "huantai"
"""Where the supervising office looks in."""
DIVIDED = "kaiyuan"
"""Whose scheme tells the four stages of publication apart."""
SCENES = 5
"""So many different photos and films; a store keeps the same bytes once."""


def is_built() -> bool:
    """Has the demonstration been built here already?"""
    return (
        Agency.objects.filter(name=COUNTIES[-1].agency).exists()
        and Case.objects.filter(agency__name=COUNTIES[-1].agency).count() >= 8
    )


def build(say: Callable[[str], None]) -> None:
    """Everything; about a thousand acts."""
    now = timezone.now()
    began = now - timedelta(days=400)
    hashed = make_password(PASSWORD)
    offices = []
    for index, county in enumerate(COUNTIES):
        office = build_office(county, load_pack(county.pack), index, began, hashed)
        say(f"  {county.agency}")
        tell_beforehand(office, load_pack(county.pack), began, now)
        equipment.furnish(office, began)
        build_cases(office, county, now)
        disclose(office, county, now)
        improve(office, now)
        equipment.last_things(office, now)
        drawing.inspect_by_chance(office, now)
        exchanging.answered(office, now)
        if county.pack in evaluations.WHERE:
            evaluations.evaluate(office, now)
        offices.append(office)
    above = {"huantai": build_supervisor(began, hashed), "dongying": build_legal_office(began, hashed)}
    for office in offices:
        mine = above.get(office.agency.locality)
        requests.ask(office, now, mine if office.agency.locality == SUPERVISED else None)
        voicing.speak(office, now, mine)
        voicing.apply(office, now)
        if mine is not None:
            before.admit(office, mine, now - timedelta(days=60))
    count_all()
    sequence_all()


def tell_beforehand(office: Office, pack: Pack, began: datetime, now: datetime) -> None:
    """The lists and rules of the office, and where its decisions go besides the portal."""
    release_lists(office, pack, began)
    levies.release_charges(office, began)
    before.publish_before(office, pack, began, now)
    disclosing.rule_on_display(office, pack, began)
    if not exchanging.confirms(pack):
        exchanging.connect(office, pack, began)


def disclose(office: Office, county: County, now: datetime) -> None:
    """What became of decisions after they were made public, under the settings of the last days."""
    pack, day = load_pack(county.pack), now - timedelta(days=SET_LATE)
    disclosing.follow_up(office, now)
    if exchanging.confirms(pack):
        exchanging.connect(office, pack, day)
    if county.pack == DIVIDED:
        before.divide_duties(office, pack, day)
    play_all(office, LATEST.get(county.pack, ()), now)


def build_cases(office: Office, county: County, now: datetime) -> None:
    """Closed, published, running and fresh cases, so that every page has something to show."""
    plans: list[Plan] = [
        ("summary", stories.summary("200", "org", 0), None, 60),
        ("summary", stories.summary("100", "citizen", 0), None, 45),
        ("summary", stories.summary("3000", "org", 1), 6, 3),
        ("ordinary", stories.ordinary("2000", "org", 2), None, 90),
        ("ordinary", stories.hearing("90000", 3), None, 130),
        ("ordinary", stories.ordinary("20000", "org", 4), 12, 30),
        ("ordinary", stories.ordinary("2000", "citizen", 1), 8, 25),
        ("ordinary", stories.ordinary("50000", "org", 5), 2, 6),
        ("ordinary", stories.ordinary("5000", "org", 6), 1, 1),
        *OTHER_KINDS.get(county.pack, ()),
        *LATE,
    ]
    play_all(office, plans, now)


def play_all(office: Office, plans: Iterable[Plan], now: datetime) -> None:
    """Each case from its first day on."""
    for procedure, steps, until, days_ago in plans:
        start = (now - timedelta(days=days_ago)).replace(hour=1, minute=30, second=0, microsecond=0)
        first = requests.with_code(itemised(steps[0]))
        for done in stories.play([first, *steps[1:]], office, procedure, start, until):
            if done.act.name == "inspect":
                device = equipment.KEPT if days_ago == ASTRAY else equipment.HANDED
                brought = add_pictures(office, done, days_ago % SCENES, equipment.clips_at(done, device))
                if days_ago in MARKED:
                    equipment.mark_film(office, *brought)


def add_pictures(
    office: Office, inspected: Done, seed: int, clips: list[dict[str, str]] | None = None
) -> tuple[Done, str]:
    """A photo and a film of the site, taken at the inspection; the act that brought them, and the film's digest."""
    made = (
        ("现场照片.png", "image/png", photo(seed)),
        ("现场录像.mp4", "video/mp4", film(seed)),
    )
    files = [receive(BytesIO(body), name, mime) for name, mime, body in made]
    data = {
        "officers": stories.two(office),
        "kind": "audiovisual",
        "title": "现场照片和录像",
        "proves": "检查时的现场状况",
        "source_of": "执法人员检查时拍摄（演示用，由程序绘制）",
        "files": files,
        "clips": clips or [],
    }
    moment = inspected.act.at + timedelta(minutes=5)
    done = perform(
        "add-evidence", inspected.case.id, office.people["officer1"], data, channel="demo", now=moment
    )
    return done, str(files[-1]["digest"])


def itemised(step: stories.Step) -> stories.Step:
    """The first step of a story, with the item of the agency's list that its cause falls under."""

    def told(office: Office, case: Case | None) -> dict[str, Any]:
        data = dict(step.data(office, case))
        item = item_of(str(data.get("cause") or ""), office.remit)
        return {**data, "item": item} if item else data

    return replace(step, data=told)


def summary() -> dict[str, Any]:
    """What there is, and how to sign in."""
    posts = Post.objects.select_related("person", "agency").order_by("agency__name", "role")
    accounts = [
        {
            "username": p.person.username,
            "name": p.person.name,
            "role": LABELS[p.role],
            "agency": p.agency.name,
        }
        for p in posts
    ]
    return {
        "cases": Case.objects.count(),
        "acts": Act.objects.count(),
        "published": Publication.objects.filter(status="published").count(),
        "people": Person.objects.count(),
        "password": PASSWORD,
        "accounts": accounts,
        "parties": requests.parties(),
        "receipts": voicing.receipts(),
    }
