"""Behind a reverse proxy the visitor counts, not the proxy; and nobody can pass for another by writing a header."""

import contextlib
import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from hypothesis import given
from hypothesis import strategies as st

from cast import PASSWORD, Cast, make_cast
from installation import START_SECONDS, Installation, free_port
from sanxiang.people.proxies import networks, visitor_address

pytestmark = pytest.mark.urls(__name__)
PROXY, OTHER_PROXY, LOUD, QUIET = "10.0.0.1", "10.0.0.2", "203.0.113.5", "203.0.113.9"
Behind = Callable[[str], None]


def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.META["REMOTE_ADDR"])


urlpatterns = [path("desk/", desk), path("desk/", include("sanxiang.people.urls"))]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def trust(settings: Any) -> Behind:
    def told(text: str) -> None:
        settings.PROXIES = networks(text)

    return told


def sign_in(password: str, forwarded: str = "", peer: str = PROXY) -> int:
    """The status of one attempt that comes from `peer`, which says that it asks for `forwarded`."""
    said = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    told = {"username": "linqing", "password": password}
    return Client().post("/desk/sign-in/", told, REMOTE_ADDR=peer, **said).status_code


def test_who_guesses_behind_a_proxy_locks_out_only_themselves(cast: Cast, trust: Behind) -> None:
    trust(PROXY)
    assert [sign_in("wrong-wrong", LOUD) for _ in range(5)][-1] == 429
    assert sign_in(PASSWORD, LOUD) == 429
    assert sign_in(PASSWORD, QUIET) == 302
    kept = {str(row.ip_address) for model in (AccessFailureLog, AccessAttempt) for row in model.objects.all()}
    assert kept == {LOUD}
    assert {str(row.ip_address) for row in AccessLog.objects.all()} == {QUIET}


def test_nobody_escapes_a_lock_by_writing_the_header(cast: Cast, trust: Behind) -> None:
    """Neither straight to us, nor through the proxy, which adds the true address at the right."""
    assert [sign_in("wrong-wrong", f"198.51.100.{n}", LOUD) for n in range(5)][-1] == 429, "no proxy is named"
    trust(PROXY)
    assert sign_in(PASSWORD, QUIET, LOUD) == 429, "the peer is no proxy"
    assert [sign_in("wrong-wrong", f"198.51.100.{n}, {QUIET}") for n in range(5)][-1] == 429
    assert sign_in(PASSWORD, f"{LOUD}, {QUIET}") == 429


def test_every_page_sees_the_visitor(cast: Cast, trust: Behind, client: Client) -> None:
    client.force_login(cast.handler, "sanxiang.people.signin.PersonBackend")
    asked = {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": QUIET}
    assert client.get("/desk/", **asked).content.decode() == PROXY
    trust(PROXY)
    assert client.get("/desk/", **asked).content.decode() == QUIET


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        (PROXY, "", PROXY), (PROXY, QUIET, QUIET), (LOUD, QUIET, LOUD), ("", QUIET, ""),
        (PROXY, f"{LOUD}, {QUIET}", QUIET), (PROXY, f"{QUIET},{OTHER_PROXY}", QUIET), (PROXY, f" {QUIET} , {OTHER_PROXY} ", QUIET),
        (PROXY, OTHER_PROXY, OTHER_PROXY), (PROXY, "unknown", PROXY), (PROXY, f"{QUIET}, unknown, {OTHER_PROXY}", OTHER_PROXY),
        (PROXY, f"{QUIET}:4711", QUIET), (PROXY, "[2001:db8::7]:443", "2001:db8::7"), (PROXY, "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", f"::ffff:{QUIET}", QUIET), ("fd00::1", QUIET, QUIET), (PROXY, ",,", PROXY),
    ],
)  # fmt: skip
def test_the_header_is_read_from_the_right(peer: str, forwarded: str, visitor: str) -> None:
    assert visitor_address(peer, forwarded, networks("10.0.0.0/30, fd00::1")) == visitor


@given(st.text(max_size=60), st.ip_addresses(v=4).map(str))
def test_whatever_a_visitor_writes_the_proxy_s_word_stands(written: str, true: str) -> None:
    trusted = networks("10.255.255.254")
    if true != "10.255.255.254":
        assert visitor_address("10.255.255.254", f"{written}, {true}", trusted) == true


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.0/33", "10.0.0.1/8", "1"])
def test_a_proxy_that_cannot_be_understood_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="SANXIANG_PROXIES"):
        networks(text)


def test_a_served_installation_reads_the_setting(installation: Installation) -> None:
    """Who came to the named proxy by https is not sent round in circles; another's word for it counts nothing."""
    installation.init("kaiyuan", "开原市水利局（试）")
    installation.env.update(SANXIANG_PROXIES="127.0.0.2", SANXIANG_HTTPS="true")
    with served(installation) as port:
        assert status(port, "127.0.0.2", "https") == 200
        assert status(port, "127.0.0.2", "http") == status(port, "127.0.0.3", "https") == 301
    installation.env["SANXIANG_PROXIES"] = "somewhere"
    done = installation.run("serve", "--port", str(free_port()))
    assert done.returncode == 1 and "SANXIANG_PROXIES" in done.stderr and "Traceback" not in done.stderr


@contextlib.contextmanager
def served(place: Installation) -> Iterator[int]:
    """The port of a server that wants https, so that nobody can ask it for its health by http."""
    port = free_port()
    command = [sys.executable, "-m", "sanxiang", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=place.env, stderr=subprocess.DEVNULL)
    try:
        patience = time.monotonic() + START_SECONDS
        while time.monotonic() < patience:
            with contextlib.suppress(ConnectionError):
                status(port, "127.0.0.1", "http")
                break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def status(port: int, peer: str, scheme: str) -> int:
    """The status of the front page, asked for from `peer` as for a visitor who came by `scheme`."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(peer, 0))
    with contextlib.closing(line):
        line.request("GET", "/", headers={"X-Forwarded-Proto": scheme})
        return line.getresponse().status
