"""A recording on the desk: played under one look, tied to the paragraph that it proves, flagged where nothing ties it."""

import hashlib
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from films import make_film
from knocks import signed_in
from play import Clock, Play, make_office
from publishing import begun
from sanxiang.cases.models import Case, Evidence, Film
from sanxiang.cases.recording import films
from sanxiang.cases.recording.receiving import receive
from sanxiang.desk import media_parts
from sanxiang.desk.recording import media
from sanxiang.ledger.access_row import Access
from side_stories import photo

pytestmark = pytest.mark.django_db
FILM = make_film(12, datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


@pytest.fixture
def film(clock: Clock) -> tuple[Play, str]:
    """A case with a recording that the worker has read, and below which address it stands."""
    play = begun(make_office("kaiyuan"), "summary", clock, until="decide-on-spot")
    kept = receive(io.BytesIO(FILM), "现场录像.mp4", "video/mp4")
    play.do("add-evidence", "officer1", **{**photo(play.office), "title": "现场录像", "files": [kept]})
    while films.read_next():
        pass
    clock.now = play.clock.now
    row = Evidence.objects.get(case=play.case_id, title="现场录像")
    return play, f"/desk/cases/{play.case_id}/evidence/{row.pk}/"


def player(client: Any, at: str) -> str:
    """Where the player fetches the bytes."""
    page = client.get(f"{at}play/")
    assert page.status_code == 200
    return re.search(r'<video[^>]* src="([^"#]+)', page.content.decode())[1]  # type: ignore[index]


def body(answer: Any) -> bytes:
    """All that was sent."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_thousand_pieces_are_one_look(film: tuple[Play, str]) -> None:
    play, at = film
    client = signed_in(play.person("officer1"))
    stream, size = player(client, at), len(FILM)
    (look,) = Access.objects.filter(kind="film")
    assert (look.digest, look.first_byte, look.result) == (hashlib.sha256(FILM).hexdigest(), None, "served")
    for asked, first, last in (
        ("bytes=0-", 0, size - 1),
        ("bytes=100-199", 100, 199),
        ("bytes=-50", size - 50, size - 1),
    ):
        answer = client.get(stream, headers={"Range": asked})
        assert answer.status_code == 206 and body(answer) == FILM[first : last + 1]
        assert answer["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert answer["X-Watermark"] == look.watermark and answer["ETag"] == f'"{look.digest}"'
    whole = client.get(stream)
    assert whole.status_code == 200 and body(whole) == FILM and whole["Content-Type"] == "video/mp4"
    assert whole["X-Content-Type-Options"] == "nosniff" and "sandbox" in whole["Content-Security-Policy"]
    assert whole["Content-Disposition"].startswith("attachment")
    assert client.head(stream)["Content-Length"] == str(size)
    assert client.get(stream, headers={"Range": f"bytes={size}-"}).status_code == 416
    assert Access.objects.count() == 1
    player(client, at)
    assert Access.objects.filter(kind="film").count() == 2
    told = client.get(f"/desk/cases/{play.case_id}/accesses/").content.decode()
    assert "播放音像（可以看到全部内容）" in told


def test_a_ticket_is_for_one_viewing(film: tuple[Play, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for somebody else, from elsewhere, for another file or after its time."""
    play, at = film
    client = signed_in(play.person("officer1"))
    stream = player(client, at)
    other = signed_in(play.person("officer2"))
    assert other.get(stream).status_code == 403
    assert client.get(stream, REMOTE_ADDR="10.9.8.7").status_code == 403
    assert client.get(f"{at}stream/").status_code == 403
    assert client.get(f"{at}stream/?viewing=abc").status_code == 403
    photo_row = Evidence.objects.filter(case=play.case_id).exclude(title="现场录像").first()
    elsewhere = f"/desk/cases/{play.case_id}/evidence/{photo_row.pk}/" if photo_row else ""
    assert not elsewhere or client.get(f"{elsewhere}play/").status_code == 404
    monkeypatch.setattr(media, "VIEWING", -media_parts.VIEWING)
    over = client.get(stream)
    assert over.status_code == 403 and "这次观看已经结束" in over.content.decode()


def test_the_page_says_what_it_is(film: tuple[Play, str]) -> None:
    play, at = film
    client = signed_in(play.person("officer1"))
    page = client.get(f"{at}play/?t=7").content.decode()
    assert "2026年3月2日 09:30 开始" in page and "h264" in page and "320×180" in page and "#t=7" in page
    assert 7 <= page.count("data:image/jpeg;base64,") <= 12
    case = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    assert "长 0:12" in case and "data:image/jpeg;base64," in case and f"{at}play/" in case


@pytest.mark.parametrize(("state", "found", "word"), [
    ("unreadable", {"fault": "InvalidDataError"}, "读不出音像内容：内容残缺"),
    ("unreadable", {"fault": "lost"}, "文件不在存储中"),
    ("waiting", {}, "正在读取"),
], ids=["broken", "lost", "not yet"])  # fmt: skip
def test_what_cannot_be_read_is_said(film: tuple[Play, str], state: str, found: Any, word: str) -> None:
    play, at = film
    Film.objects.update(state=state, found=found, poster=b"")
    client = signed_in(play.person("officer1"))
    assert word in client.get(f"{at}play/").content.decode()
    listed = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    assert ("读不出" in listed) == (state == "unreadable")


def place_in(client: Any, at: str) -> str:
    """The third paragraph of the first paper that is offered."""
    page = client.get(f"{at}play/").content.decode()
    return re.findall(r'<option value="([a-z-]+:3)"', page)[0]


@pytest.mark.carries("KY-038", locality="kaiyuan")
def test_a_second_is_tied_to_a_paragraph(film: tuple[Play, str]) -> None:
    """Not tied to anything it is flagged; tied, each leads to the other."""
    play, at = film
    client, home = signed_in(play.person("officer1")), f"/desk/cases/{play.case_id}/"
    assert "未与文字记录衔接" in client.get(home).content.decode()
    assert "未与文字记录衔接" in client.get(f"{at}play/").content.decode()
    place = place_in(client, at)
    said = {"second": "0:07", "place": place, "note": "当事人承认", "nonce": "one"}
    for _ in range(2):
        assert client.post(f"{at}play/", said).status_code == 302
    case = Case.objects.get(pk=play.case_id)
    (mark,) = case.state["marks"]
    assert (mark["second"], mark["paragraph"], mark["note"]) == (7, 3, "当事人承认")
    assert "未与文字记录衔接" not in client.get(home).content.decode()
    shown = client.get(f"{at}play/").content.decode()
    assert 'data-at="7"' in shown and f"/papers/{mark['paper']}/#p3" in shown
    paper = client.get(f"{home}papers/{mark['paper']}/").content.decode()
    assert f"{at}play/?t=7" in paper and 'id="p3"' in paper and "当事人承认" in paper
    assert "标注音像" in client.get(f"{home}timeline/").content.decode()


def test_a_wrong_mark_is_taken_back_with_its_reason(film: tuple[Play, str]) -> None:
    """Only a mark that stands, and not without a reason; the recording is flagged again, the timeline keeps both acts."""
    play, at = film
    client, home = signed_in(play.person("officer1")), f"/desk/cases/{play.case_id}/"
    client.post(f"{at}play/", {"second": "7", "place": place_in(client, at), "nonce": "one"})
    (mark,) = Case.objects.get(pk=play.case_id).state["marks"]
    assert f'name="withdraw" value="{mark["n"]}"' in client.get(f"{at}play/").content.decode()
    for told, word in (
        ({"withdraw": "1", "reason": "错了"}, "不是现有的标注"),
        ({"withdraw": mark["n"]}, "原因"),
    ):
        answer = client.post(f"{at}play/", told)
        assert answer.status_code == 422 and word in answer.content.decode()
    told = {"withdraw": mark["n"], "reason": "标错了段落", "nonce": "two"}
    for _ in range(2):
        assert client.post(f"{at}play/", told).status_code == 302
    page = client.get(f"{at}play/").content.decode()
    assert 'data-at="7"' not in page and "未与文字记录衔接" in page
    assert "未与文字记录衔接" in client.get(home).content.decode()
    assert "当事人承认" not in client.get(f"{home}papers/{mark['paper']}/").content.decode()
    timeline = client.get(f"{home}timeline/").content.decode()
    assert "撤回音像标注" in timeline and "标错了段落" in timeline and "标注音像" in timeline


@pytest.mark.parametrize(("said", "word"), [
    ({"second": "13"}, "没有第13秒"), ({"second": "1:40"}, "没有第100秒"), ({"second": "-1"}, "第几秒"), ({"second": "x"}, "第几秒"),
    ({"second": ""}, "第几秒"), ({"place": ""}, "文书"), ({"place": "nothing:1"}, "文书"), ({"place": "KIND:9999"}, "没有第9999段"),
    ({"place": "KIND:0"}, "没有第0段"), ({"place": "KIND:x"}, "第几段"),
], ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else None)  # fmt: skip
def test_a_mark_leads_somewhere(film: tuple[Play, str], said: dict[str, str], word: str) -> None:
    play, at = film
    client = signed_in(play.person("officer1"))
    place = place_in(client, at)
    told = {"second": "7", "place": place, "note": "记得", **said}
    told["place"] = told["place"].replace("KIND", place.partition(":")[0])
    answer = client.post(f"{at}play/", told)
    assert answer.status_code == 422, answer.status_code
    text = answer.content.decode()
    assert word in text and 'value="记得"' in text
    assert "marks" not in Case.objects.get(pk=play.case_id).state


def test_who_may_not_see_is_shown_neither_film_nor_mark(film: tuple[Play, str]) -> None:
    play, at = film
    client = signed_in(play.person("officer1"))
    client.post(f"{at}play/", {"second": "7", "place": place_in(client, at), "nonce": "n"})
    stream = player(client, at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sanxiang.door.sight.Sight.may", lambda self, mark: mark != "case")
        assert client.get(f"{at}play/").status_code == 403 and client.get(stream).status_code == 403
        shown = client.get(f"/desk/cases/{play.case_id}/").content.decode()
        assert f"{at}play/" not in shown and "data:image/jpeg" not in shown
