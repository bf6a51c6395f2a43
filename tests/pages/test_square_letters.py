"""邮件提醒: asked for, confirmed, sent through a mail server over a socket, ended with one click, and no address left."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from board import page_of, publish, text
from cast import Cast
from clockwork import Clock
from conftest import Player
from mail_server import Postbox, postbox
from sanxiang.cases.models import Publication
from sanxiang.door.intake import posting
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.square import letters

pytestmark = pytest.mark.django_db

WHO = "liyuan@mail.example"


@pytest.fixture
def post(settings: Any) -> Iterator[Postbox]:
    """An installation that sends letters to a server of its own."""
    with postbox() as server:
        settings.MAIL, settings.MAIL_FROM = "smtp://", "gongshi@gov.example"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.PUBLIC_ADDRESS = "https://gongshi.example"
        yield server


def sent() -> int:
    """One look of the loop beside the web."""
    return posting.once(letters.write, letters.stop_address)


def body(letter: EmailMessage) -> str:
    return str(letter.get_content())


def links(letter: EmailMessage, name: str) -> list[str]:
    """The paths of the letter's links to a page."""
    found = re.findall(r"https://gongshi\.example(\S+)", body(letter))
    return [one for one in found if urlsplit(one).path.endswith(f"/{name}/")]


def asked(asked_for: str = "", who: str = WHO) -> Any:
    return Client().post(f"/letters/{asked_for}", {"email": who})


def confirmed(post: Postbox, asked_for: str = "") -> EmailMessage:
    """A subscription whose invitation was followed; the invitation."""
    assert asked(asked_for).status_code == 200 and sent() == 1
    letter = post.letters[-1]
    (address,) = links(letter, "confirm")
    assert "已经确认" in text(Client().post(address))
    return letter


def addresses_kept() -> int:
    """How often the address stands anywhere in the database."""
    found = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("cases_search_grams"):
                continue  # holds grams of public texts, and cannot be read row by row
            cursor.execute(f'SELECT * FROM "{table}"')
            found += sum(
                "liyuan" in str(bytes(cell) if isinstance(cell, memoryview) else cell)
                for row in cursor
                for cell in row
            )
    return found


def test_whoever_confirms_hears_once_a_day_of_what_is_new(
    post: Postbox, client: Client, play: Player, clock: Clock
) -> None:
    played = play("summary", "publish")
    confirmed(post, "?act_type=penalty")
    assert sent() == 0, "what was there before is no news"
    played.until("archive")
    sequence_all()
    row = Publication.objects.get(case=played.case_id)
    clock.now += timedelta(days=2)
    assert sent() == 1 and sent() == 0
    letter = post.letters[-1]
    assert letter["To"] == WHO and letter["Subject"] == "新公示 1 条执法决定"
    assert f"https://gongshi.example{page_of(row)}" in body(letter)
    assert "https://gongshi.example/decisions/?act_type=penalty" in body(letter)
    clock.now += timedelta(days=2)
    assert sent() == 0, "nobody hears of the same decision twice"


def test_only_what_answers_the_search_is_told(post: Postbox, play: Player, clock: Clock) -> None:
    for conditions in ("?act_type=licence", "?q=没有这样的词", "?q=云溪"):
        confirmed(post, conditions)
    post.letters.clear()
    clock.now += timedelta(days=1)
    play("summary", "archive")
    sequence_all()
    clock.now += timedelta(days=2)
    told = sent()
    assert [letter["Subject"] for letter in post.letters] == ["新公示 1 条执法决定"] * told and told <= 1


def test_a_look_at_the_link_confirms_nothing_and_ends_nothing(
    post: Postbox, client: Client, clock: Clock
) -> None:
    asked()
    assert sent() == 1 and sent() == 0, "one invitation"
    (confirm,), (end,) = (links(post.letters[0], name) for name in ("confirm", "end"))
    for address in (confirm, end):
        assert client.get(address).status_code == 200 and client.head(address).status_code == 200
    assert "确认订阅" in text(client.get(confirm)) and addresses_kept() == 1
    assert Client(enforce_csrf_checks=True).post(confirm).status_code == 403


def test_one_click_ends_it_and_no_address_is_kept(post: Postbox, clock: Clock) -> None:
    letter = confirmed(post)
    (address,) = re.findall(r"<https://gongshi\.example(/letters/end/[^>]+)>", letter["List-Unsubscribe"])
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert addresses_kept() == 1
    mailer = Client(enforce_csrf_checks=True)
    assert mailer.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert addresses_kept() == 0
    assert "已经退订" in text(mailer.get(address)) and mailer.post(address).status_code == 200


def test_what_nobody_confirms_is_forgotten(post: Postbox, clock: Clock) -> None:
    asked()
    sent()
    (confirm,) = links(post.letters[0], "confirm")
    clock.now += timedelta(days=2, minutes=1)
    sent()
    assert addresses_kept() == 0 and Client().post(confirm).status_code == 404


def test_the_answer_does_not_tell_whether_an_address_is_known(post: Postbox, clock: Clock) -> None:
    first, again = asked(), asked()
    strip = re.compile(r"csrfmiddlewaretoken[^>]*")
    assert strip.sub("", text(first)) == strip.sub("", text(again))
    assert sent() == 1, "asked twice, invited once"


def test_one_place_cannot_flood_an_address(post: Postbox, clock: Clock) -> None:
    codes = [asked(f"?q={number}").status_code for number in range(5)]
    assert codes == [200, 200, 200, 422, 422] and sent() == 3


@pytest.mark.parametrize("who", ["", "x", "a@b", "a@b.cn\nBcc: c@d.cn", "ä" * 300 + "@b.cn"])
def test_what_is_no_address_is_refused_in_words(post: Postbox, who: str) -> None:
    answer = asked(who=who)
    assert answer.status_code == 422 and "电子邮箱写得不对" in text(answer)


def test_a_link_that_somebody_made_up_opens_nothing(post: Postbox) -> None:
    for token in ("", "x", "eyJhIjoxfQ:1:abc"):
        assert Client().post(f"/letters/confirm/?t={token}").status_code == 404
        assert Client().post(f"/letters/end/?t={token}").status_code == 200


def test_a_mail_server_that_is_away_is_waited_for(post: Postbox, settings: Any, clock: Clock) -> None:
    settings.EMAIL_PORT = 1
    asked()
    assert sent() == 0
    settings.EMAIL_PORT = post.port
    assert sent() == 1


def test_a_refused_address_is_not_written_to_again(post: Postbox, caplog: Any, clock: Clock) -> None:
    post.unknown.add(WHO)
    asked()
    sent()
    assert post.letters == [] and addresses_kept() == 0 and "liyuan" not in caplog.text


def test_without_a_mail_server_nothing_is_offered(client: Client, cast: Cast, settings: Any) -> None:
    settings.MAIL = ""
    publish(cast.bureau)
    assert client.get("/letters/").status_code == 404 and "/letters/" not in text(client.get("/decisions/"))
    settings.MAIL = "smtp://"
    assert '/letters/?q=%E5%BC%83%E7%BD%AE"' in text(client.get("/decisions/?q=弃置"))
