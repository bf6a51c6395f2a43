"""What the page tests share: the cast as an office whose stories can be played, and browsers signed in."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from cast import Cast, make_cast, make_person
from play import MORNING, Clock, Play, play_of
from reader import Client
from sanxiang.demo.people import Office
from sanxiang.people import roles
from sanxiang.people.models import Person

BACKEND = "sanxiang.people.signin.PersonBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    """The water bureau and the people around it."""
    return make_cast()


@pytest.fixture
def office(cast: Cast) -> Office:
    """The bureau as the stories know it: everybody by what they do, and an address to print on papers."""
    bureau = cast.bureau
    bureau.address, bureau.phone, bureau.account = "云溪县清江路 8 号", "0000-0000001", "云溪银行 0000 0001"
    bureau.n += 1
    bureau.save()
    people = {
        "officer1": cast.handler,
        "officer2": cast.second,
        roles.UNIT_HEAD: cast.unit_head,
        roles.AGENCY_HEAD: cast.head,
        "deputy-head": make_person("jiqiu", "季秋", bureau, roles.AGENCY_HEAD),
        roles.LEGAL_REVIEWER: cast.reviewer,
        roles.DISCLOSURE_EDITOR: cast.editor,
        roles.DISCLOSURE_APPROVER: cast.approver,
        roles.ARCHIVIST: cast.archivist,
    }
    return Office(cast.bureau, cast.brigade, cast.legal, people)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The wall clock of the test: a Monday in March."""
    clock = Clock(MORNING)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


Player = Callable[..., Play]


@pytest.fixture
def play(office: Office, clock: Clock) -> Player:
    """`play(story, act)` plays a story up to just before that act."""

    def until(story: str = "ordinary", act: str = "", **how: object) -> Play:
        played = play_of(office, story, clock)
        played.until(act, **how)  # type: ignore[arg-type]
        return played

    return until


SignIn = Callable[[Person], Client]


@pytest.fixture
def browser() -> SignIn:
    """A browser in which a person is signed in."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, BACKEND)
        client.get(
            "/desk/ledger/"
        )  # the first request starts the session's clock, which costs queries of its own
        return client

    return sign_in
