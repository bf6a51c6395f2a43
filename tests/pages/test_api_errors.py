"""The one shape of every no, asserted for every address: {"error": {"code", "message", "fields"?, "refused"?}}.

The addresses are read out of the API's own description, so a new one is held to the shape without a line here.
`api_client.check_shape` states the shape.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from api_client import NOBODY, STATUS_OF, Api, clock, office, officer, read, token_for
from sanxiang.api import reference, v1
from sanxiang.api.problems import CODES
from sanxiang.demo.people import Office
from sanxiang.door.pinned import PackLost
from sanxiang.law.describe import PROVENANCE_NAMES

pytestmark = pytest.mark.django_db
__all__ = ["clock", "office", "officer"]

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
MISSING = {"procedure": "nothing", "kind": "nothing", "act": "nothing"}
OPERATIONS = [
    pytest.param(method.upper(), address.removeprefix("/api/v1"), operation, id=f"{method} {address}")
    for address, methods in v1.description()["paths"].items()
    for method, operation in methods.items()
]
GUARDED = [one for one in OPERATIONS if "security" in one.values[2]]
every_address = pytest.mark.parametrize(("method", "address", "operation"), OPERATIONS)
every_guarded_address = pytest.mark.parametrize(("method", "address", "operation"), GUARDED)


@pytest.fixture
def caller(office: Office, officer: Api, operation: dict[str, Any]) -> Api:
    """Whom the address lets in: the officer at the desk, or a program's token where nobody signed in may knock."""
    if {"Session": []} in operation.get("security", [{"Session": []}]):
        return officer
    return Api(token=token_for(office.people["disclosure-approver"], ("push",)))


def filled(address: str) -> str:
    """The address with ids that nothing has."""
    return re.sub(r"\{(\w+)\}", lambda found: MISSING.get(found[1], NOBODY), address)


def test_the_description_names_every_address() -> None:
    assert (len(OPERATIONS), len(GUARDED)) == (41, 29)
    assert all(one in GUARDED or one.values[1].startswith("/public/") for one in OPERATIONS)


@every_guarded_address
def test_it_asks_who_is_there(db: None, method: str, address: str, operation: dict[str, Any]) -> None:
    for api in (Api(), Api(token="sx_no-such-token")):
        response = api.ask(method, filled(address))
        assert read(response, 401)["error"]["code"] == "unauthenticated"
        assert response["WWW-Authenticate"] == "Bearer"


@every_guarded_address
def test_a_wrong_token_is_not_mended_by_a_session(
    officer: Api, method: str, address: str, operation: dict[str, Any]
) -> None:
    officer.headers = {"Authorization": "Bearer sx_no-such-token"}
    assert read(officer.ask(method, filled(address)), 401)


@every_address
def test_a_wrong_method_is_refused(
    officer: Api, method: str, address: str, operation: dict[str, Any]
) -> None:
    for wrong in ("DELETE", "PUT", "OPTIONS"):
        response = officer.ask(wrong, filled(address))
        assert read(response, 405)["error"]["code"] == "method" and method in response["Allow"]


@every_address
def test_an_unknown_parameter_or_body_is_refused(
    caller: Api, method: str, address: str, operation: dict[str, Any]
) -> None:
    if method == "POST":
        assert (
            caller.post(filled(address), "{", 400)
            if "files" not in address
            else caller.post(address, {}, 400)
        )
    elif any(parameter["in"] == "query" for parameter in operation["parameters"]):
        assert "stge" in caller.get(f"{filled(address)}?stge=1", 400)["error"]["fields"]


@every_address
def test_what_is_not_there_is_unknown(
    caller: Api, method: str, address: str, operation: dict[str, Any]
) -> None:
    if "{" in address:
        response = caller.ask(method, filled(address), data="{}", content_type="application/json")
        assert read(response, 404)["error"]["code"] == "unknown"


@every_address
def test_a_server_error_has_the_shape_and_tells_no_inside(
    caller: Api,
    method: str,
    address: str,
    operation: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("ninja.operation.Operation._get_values", broken)
    error = read(caller.ask(method, filled(address)), 500)["error"]
    assert error["code"] == "internal" and "secret" not in error["message"]
    assert "secret of the house" in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/nothing",
        "/cases/12",
        f"/cases/{NOBODY}/",
        "/cases/x/acts/y",
        "/public/nothing",
        "/me/",
        "/../v2/me",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_every_other_address_is_unknown(db: None, method: str, path: str) -> None:
    for api in (Api(), Api(csrf=True)):
        assert read(api.ask(method, path), 404)["error"]["code"] == "unknown"


def test_head_is_answered_like_get(officer: Api) -> None:
    response = officer.ask("HEAD", "/me")
    assert response.status_code == 200 and response.content == b""


def test_a_lost_pack_says_what_to_restore(officer: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(name: str) -> None:
        raise PackLost("案件所用的规则包没有找到，请从备份恢复")

    monkeypatch.setattr(reference.pinned, "current", lost)
    assert "备份" in officer.get("/scheme", 500)["error"]["message"]


# The description of itself


def test_the_openapi_document_is_utf_8_and_states_the_shape(db: None) -> None:
    response = Client().get("/api/v1/openapi.json")
    document = read(response, 200)
    assert document["openapi"].startswith("3.1") and "案件列表" in response.content.decode()
    assert set(document["components"]["schemas"]) >= {"Failure", "Error", "RefusedGuard", "CaseFull", "ActIn"}
    assert set(document["components"]["securitySchemes"]) == {"Token", "Session"}
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["responses"]["default"]["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/Failure"
            }
            assert operation["summary"] and operation["tags"]


def test_every_reference_in_the_document_leads_somewhere(db: None) -> None:
    text = Client().get("/api/v1/openapi.json").content.decode()
    known = set(Client().get("/api/v1/openapi.json").json()["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= known


def test_the_page_for_people_lists_every_address_without_a_script(db: None) -> None:
    page = Client().get("/api/v1/docs").content.decode()
    assert all(f"{one.values[0]} /api/v1{one.values[1]}" in page for one in OPERATIONS)
    assert all(f"<code>{code}</code>" in page for code in CODES)
    assert "<script>" not in page and " style=" not in page and "//cdn" not in page


def test_the_manual_tells_every_code_and_address() -> None:
    manual = DOCS.read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", manual, re.MULTILINE))
    assert told == {code: str(status) for code, status in STATUS_OF.items()}
    addresses = set(re.findall(r"^\| `(GET|POST) (/[^`?]*)", manual, re.MULTILINE))
    assert addresses == {(one.values[0], one.values[1]) for one in OPERATIONS}


def test_the_provenances_are_told_in_chinese(office: Office, officer: Api) -> None:
    assert {p["provenance"] for p in officer.get("/scheme")["parameters"]} <= set(PROVENANCE_NAMES)
