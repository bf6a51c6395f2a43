"""Signing in, staying in and signing out, as a browser meets them."""

import re
import time
from datetime import datetime, timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core import serializers
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from django.utils import timezone

from cast import PASSWORD, Cast, make_cast
from sanxiang.people.first import change_first_password
from sanxiang.people.models import Person
from sanxiang.people.passwords import first_password

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

SIGN_IN, SIGN_OUT, CHANGE, DESK = "/desk/sign-in/", "/desk/sign-out/", "/desk/password/", "/desk/"
NEW = "liu-shui-2027-shan"


def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


urlpatterns = [path("desk/", desk), path("desk/", include("sanxiang.people.urls"))]
"""The desk's own pages are not asked about here; any page behind the sign-in will do."""


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def signed_in(cast: Cast, client: Client) -> Client:
    assert sign_in(client, cast.handler.username).status_code == 302
    return client


class Clock:
    """The wall clock of the test."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    monkeypatch.setattr("axes.handlers.proxy.now", clock)
    return clock


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    address = more.pop("REMOTE_ADDR", "127.0.0.1")
    return client.post(SIGN_IN, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def without_token(response: HttpResponse) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(response))


def is_signed_in(client: Client) -> bool:
    return client.get(DESK).status_code == 200


# Coming in.


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(cast: Cast, client: Client) -> None:
    sent = client.get("/desk/?tab=2")
    assert sent.headers["Location"] == "/desk/sign-in/?next=/desk/%3Ftab%3D2"
    page = client.get(sent.headers["Location"])
    assert 'value="/desk/?tab=2"' in text(page) and "登录办案工作台" in text(page)
    back = sign_in(client, "linqing", next="/desk/?tab=2")
    assert back.headers["Location"] == "/desk/?tab=2" and is_signed_in(client)
    assert client.get(SIGN_IN).headers["Location"] == DESK


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(cast: Cast, client: Client, evil: str) -> None:
    assert sign_in(client, "linqing", next=evil).headers["Location"] == DESK


def test_one_account_has_one_spelling(cast: Cast, client: Client) -> None:
    assert sign_in(client, "  ＬinＱing ").status_code == 302


def test_a_wrong_password_and_an_unknown_account_look_the_same(cast: Cast, client: Client) -> None:
    wrong = sign_in(client, "linqing", "not-the-password")
    unknown = sign_in(client, "nobody9", "not-the-password")
    assert wrong.status_code == unknown.status_code == 422
    assert "账号或密码不正确" in text(wrong) and "not-the-password" not in text(wrong)
    assert without_token(wrong).replace("linqing", "nobody9") == without_token(unknown)
    assert not is_signed_in(client)


def test_an_unknown_account_takes_as_long_as_a_known_one(cast: Cast, client: Client) -> None:
    def shortest(username: str) -> float:
        taken = []
        for attempt in range(4):
            started = time.perf_counter()
            sign_in(client, username, "not-the-password", REMOTE_ADDR=f"10.0.0.{attempt}")
            taken.append(time.perf_counter() - started)
        return min(taken)

    known, unknown = shortest("linqing"), shortest("nobody9")
    assert known / 3 < unknown < known * 3  # without a hash for the unknown it would be some ten times less


def test_a_barred_person_does_not_come_in_and_does_not_stay(cast: Cast, client: Client) -> None:
    sign_in(client, "linqing")
    assert is_signed_in(client)
    Person.objects.filter(username="linqing").update(active=False, n=F("n") + 1)
    assert not is_signed_in(client)
    assert sign_in(client, "linqing").status_code == 422


def test_signing_in_gives_a_fresh_session(cast: Cast, client: Client) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    sign_in(client, "linqing")
    assert client.session.session_key != planted
    client.cookies["sessionid"] = planted
    assert not is_signed_in(client)


def test_a_form_from_another_site_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "linqing").status_code == 403


@pytest.mark.parametrize(
    "username", ["", "甲" * 10_000, "<script>alert(1)</script>", "a\x00b", "' OR 1=1 --"]
)
def test_odd_accounts_get_a_chinese_answer(cast: Cast, client: Client, username: str) -> None:
    response = sign_in(client, username)
    assert response.status_code == 422 and "有几处需要改正" in text(response)
    assert "<script>alert" not in text(response)


# Lock-out by account and address.


def test_five_wrong_passwords_lock_this_account_here_and_nothing_else(cast: Cast, client: Client) -> None:
    spellings = ["linqing", "LINQING", "ｌinqing", " linqing", "linqing"]
    answers = [sign_in(client, spelling, "wrong-wrong").status_code for spelling in spellings]
    assert answers == [422, 422, 422, 422, 429]
    locked = sign_in(client, "linqing")
    assert locked.status_code == 429 and "暂停登录" in text(locked) and "连续输错 5 次" in text(locked)
    assert sign_in(Client(), "hewei").status_code == 302
    assert sign_in(Client(), "linqing", REMOTE_ADDR="10.9.8.7").status_code == 302


def test_a_lock_opens_after_half_an_hour(cast: Cast, client: Client, clock: Clock) -> None:
    for _ in range(5):
        sign_in(client, "linqing", "wrong-wrong")
    clock.wait(minutes=29)
    assert sign_in(client, "linqing").status_code == 429
    clock.wait(minutes=2)
    assert sign_in(client, "linqing").status_code == 302


def test_success_forgets_the_misses(cast: Cast) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in(Client(), "linqing", "wrong-wrong")
        assert sign_in(Client(), "linqing").status_code == 302


def test_no_password_is_written_down(cast: Cast, client: Client) -> None:
    sign_in(client, "linqing", "typed-by-mistake")
    sign_in(client, "linqing")
    client.post(CHANGE, {"password": "typed-by-mistake", "new": NEW, "repeat": NEW})
    rows = [*AccessAttempt.objects.all(), *AccessFailureLog.objects.all(), *AccessLog.objects.all()]
    rows += Person.objects.all()
    kept = serializers.serialize("json", rows)
    assert "linqing" in kept
    assert all(word not in kept for word in ("typed-by-mistake", PASSWORD, NEW))


# Staying in.


def test_a_session_ends_after_half_an_hour_without_a_request(signed_in: Client, clock: Clock) -> None:
    clock.wait(minutes=29)
    assert is_signed_in(signed_in)
    clock.wait(minutes=29)
    assert is_signed_in(signed_in)
    clock.wait(minutes=30, seconds=1)
    assert not is_signed_in(signed_in)
    assert "30 分钟没有操作" in text(signed_in.get(SIGN_IN))
    assert sign_in(signed_in, "linqing").status_code == 302
    assert is_signed_in(signed_in)


def test_a_session_ends_after_twelve_hours_of_work(signed_in: Client, clock: Clock) -> None:
    for _ in range(36):
        assert is_signed_in(signed_in)
        clock.wait(minutes=20)
    assert not is_signed_in(signed_in)
    assert "登录已满 12 小时" in text(signed_in.get(SIGN_IN))


def test_a_fragment_of_a_page_is_not_replaced_by_the_sign_in_page(signed_in: Client, clock: Clock) -> None:
    clock.wait(minutes=31)
    answer = signed_in.get(DESK, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == SIGN_IN and text(answer) == ""


# Going out.


def test_signing_out_ends_the_session_and_no_link_can_do_it(signed_in: Client) -> None:
    key = signed_in.cookies["sessionid"].value
    opened = signed_in.get(SIGN_OUT)
    assert opened.status_code == 405 and is_signed_in(signed_in)
    assert "还没有退出" in text(opened) and 'action="/desk/sign-out/"' in text(opened)
    assert signed_in.post(SIGN_OUT).headers["Location"] == SIGN_IN
    signed_in.cookies["sessionid"] = key
    assert not is_signed_in(signed_in)
    again = signed_in.get(SIGN_OUT)
    assert again.status_code == 405 and again.headers["Allow"] == "POST" and "您已经退出" in text(again)


# Changing the password.


def change(client: Client, password: str = PASSWORD, new: str = NEW, repeat: str = NEW) -> HttpResponse:
    return client.post(CHANGE, {"password": password, "new": new, "repeat": repeat})


def test_a_changed_password_ends_all_other_sessions(cast: Cast, signed_in: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere, "linqing")
    assert change(signed_in).headers["Location"] == DESK
    assert is_signed_in(signed_in) and not is_signed_in(elsewhere)
    assert sign_in(elsewhere, "linqing").status_code == 422
    assert sign_in(elsewhere, "linqing", NEW).status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": "wrong-wrong"}, "当前密码不正确"),
        ({"repeat": NEW + "1"}, "两次输入的新密码不一致"),
        ({"new": PASSWORD, "repeat": PASSWORD}, "新密码与当前密码相同"),
        ({"new": "shan9", "repeat": "shan9"}, "10"),
        ({"new": "password123", "repeat": "password123"}, "这个密码太常见了"),
        ({"new": "", "repeat": ""}, "必填"),
    ],
)
def test_a_bad_change_changes_nothing(signed_in: Client, typed: dict[str, str], words: str) -> None:
    refused = change(signed_in, **typed)
    assert refused.status_code == 422 and words in text(refused)
    assert PASSWORD not in text(refused) and NEW not in text(refused)
    assert sign_in(Client(), "linqing").status_code == 302


def test_guessing_the_present_password_ends_the_session(signed_in: Client) -> None:
    answers = [change(signed_in, password=f"guess-{number}").status_code for number in range(5)]
    assert answers == [422, 422, 422, 422, 302]
    assert not is_signed_in(signed_in)
    assert "连续输错 5 次" in text(signed_in.get(SIGN_IN))


def first_time(cast: Cast, client: Client) -> str:
    """Somebody signs in with the password on their slip of paper."""
    password = first_password()
    cast.handler.set_password(password)
    cast.handler.save(update_fields=["password"])
    assert sign_in(client, "linqing", password).headers["Location"] == CHANGE
    return password


def test_a_first_password_opens_only_its_own_change(cast: Cast, client: Client) -> None:
    password = first_time(cast, client)
    assert client.get(DESK).headers["Location"] == CHANGE
    assert client.post("/desk/cases/new/", {}).headers["Location"] == CHANGE
    assert client.get(DESK, headers={"HX-Request": "true"}).headers["HX-Redirect"] == CHANGE
    page = text(client.get(CHANGE))
    assert "请先更换初始密码" in page and 'href="/desk/">返回' not in page
    kept = client.post(CHANGE, {"password": password, "new": first_password(), "repeat": "x"})
    assert kept.status_code == 422 and client.get(DESK).headers["Location"] == CHANGE
    assert client.post(CHANGE, {"password": password, "new": NEW, "repeat": NEW}).headers["Location"] == DESK
    assert is_signed_in(client) and "请先更换" not in text(client.get(CHANGE))
    assert sign_in(Client(), "linqing", NEW).headers["Location"] == DESK


def test_another_password_of_the_same_shape_is_no_change(cast: Cast, client: Client) -> None:
    password, again = first_time(cast, client), first_password()
    refused = client.post(CHANGE, {"password": password, "new": again, "repeat": again})
    assert refused.status_code == 422 and "初始密码的样式" in text(refused)


def test_under_a_first_password_one_can_leave_and_nobody_is_signed_in_elsewhere(
    cast: Cast, client: Client, rf: RequestFactory
) -> None:
    first_time(cast, client)
    seen: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.user.is_authenticated)
        return HttpResponse()

    request = rf.get("/api/v1/me")
    request.session, request.user = client.session, cast.handler
    change_first_password(view)(request)
    assert seen == [False]
    assert client.post(SIGN_OUT).status_code == 302 and not is_signed_in(client)
