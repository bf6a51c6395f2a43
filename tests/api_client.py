"""A client of the API that holds every answer to the one shape, and an office to use it in."""

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from play import MORNING, Clock, Play, make_office, play_of
from reader import Client
from sanxiang.api.problems import CODES
from sanxiang.demo.people import Office
from sanxiang.people.models import Person
from sanxiang.people.tokens import issue_token

ROOT = "/api/v1"
NOBODY = "00000000-0000-4000-8000-000000000000"
STATUS_OF = {code: status for code, (status, _meaning) in CODES.items()}


class Api:
    """Requests as one person, as a token, or as nobody."""

    def __init__(self, person: Person | None = None, token: str = "", csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)
        self.person, self.headers = person, {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, **more: Any) -> HttpResponse:
        """One request. Signed in anew each time: the clock of a story leaps over the end of sessions."""
        if self.person is not None:
            self.client.force_login(self.person)
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.generic(method, ROOT + path, headers=headers, **more)

    def get(self, path: str, status: int = 200) -> Any:
        """The JSON of a GET."""
        return read(self.ask("GET", path), status)

    def post(self, path: str, body: Any = None, status: int = 201, **more: Any) -> Any:
        """The JSON of a POST of JSON."""
        text = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
        return read(self.ask("POST", path, data=text, content_type="application/json", **more), status)

    def upload(self, file: Any, status: int = 201) -> Any:
        """The JSON of an upload."""
        if self.person is not None:
            self.client.force_login(self.person)
        return read(self.client.post(f"{ROOT}/files", {"file": file}, headers=self.headers), status)


def read(response: HttpResponse, status: int) -> Any:
    """The body of an answer of this status: UTF-8 JSON, and for a no the one shape."""
    text = response.content.decode()
    assert response.status_code == status, f"{response.status_code}: {text[:2000]}"
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert "\\u" not in text
    body = json.loads(text)
    if status >= 400:
        check_shape(body, status)
    return body


def check_shape(body: Any, status: int) -> None:
    """{"error": {"code", "message", "fields"?, "refused"?}}: nothing else, in Chinese, of the code's own status."""
    assert set(body) == {"error"}
    error = body["error"]
    assert {"code", "message"} <= set(error) <= {"code", "message", "fields", "refused"}
    assert STATUS_OF[error["code"]] == status
    assert any("一" <= c <= "鿿" for c in error["message"]), error["message"]
    assert ("fields" in error) <= (error["code"] == "unreadable")
    assert ("refused" in error) == (error["code"] == "refused")
    for one in error.get("refused", []):
        assert set(one) == {"guard", "citation", "fact", "cure"}
        blank = one["guard"].startswith("field:")  # a form's blank may rest on no article
        assert all(one[key] for key in one if not (key == "citation" and blank)), one


def token_for(person: Person, scopes: tuple[str, ...] = ("read", "act"), role: str = "") -> str:
    """A fresh token bound to the person's post (of that role)."""
    post = person.posts.filter(**({"role": role} if role else {})).get()
    return issue_token(post, "对接测试", scopes, timezone.now() + timedelta(days=300), timezone.now())[0]


def knock(play: Play, **changes: Any) -> tuple[Api, str, dict[str, Any]]:
    """Who takes the story's next step over HTTP, at which address and with what body."""
    step = play.next()
    play.pass_days(step.after)
    data = {**play.data_of(step, play.moment), **changes}
    api = Api(play.person(step.who))
    if play.case_id is None:
        return api, "/cases", {"procedure": play.procedure, "unit": str(play.office.brigade.id), "data": data}
    return api, f"/cases/{play.case_id}/acts/{step.act}", {"data": data}


def walk(play: Play, until: str = "") -> list[dict[str, Any]]:
    """Take the story's steps over HTTP up to the step of that act."""
    answers = []
    last = play.find(until) if until else len(play.steps)
    while play.position < last:
        api, address, body = knock(play)
        answers.append(api.post(address, body))
        play.case_id = uuid.UUID(answers[-1]["case"])
        play.position += 1
    return answers


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The wall clock of the test."""
    clock = Clock(MORNING)
    monkeypatch.setattr(timezone, "now", clock)
    monkeypatch.setattr("axes.handlers.proxy.now", clock)
    return clock


@pytest.fixture
def office(db: None, clock: Clock) -> Iterator[Office]:
    """One office of 桓台 with everybody that a case needs."""
    yield make_office("huantai")


@pytest.fixture
def play(office: Office, clock: Clock) -> Play:
    """A summary case before its first act."""
    return play_of(office, "summary", clock)


@pytest.fixture
def officer(office: Office) -> Api:
    """The first officer of demonstration cases, signed in."""
    return Api(office.people["officer1"])
