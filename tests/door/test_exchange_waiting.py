"""陵川: while a corrected decision waits for the credit platform's receipt, the public reads what it read."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from api_client import Api
from exchanged import connect, round_of
from far_end import FarEnd, far_end
from play import CHINA, Clock, Play, make_office
from publishing import begun, page
from reader import Client
from sanxiang.cases.models import Publication
from sanxiang.demo.stories import digest_of
from sanxiang.door.exchange import daily
from sanxiang.door.verifying.database import verify_all
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db

SPRING = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
FIRST, SECOND = "取水未办理许可，罚款两百元。", "更正后的摘要：罚款两百元整。"


@pytest.fixture
def side(tmp_path: Path) -> Iterator[FarEnd]:
    daily.DONE.clear()
    with far_end(tmp_path) as found:
        yield found


def confirmed(clock: Clock, side: FarEnd) -> tuple[Play, Publication]:
    """A decision that 晋城 has taken, with the decision's own text as a file beside it."""
    office = make_office("lingchuan")
    connect(office.agency, side, "credit", "晋城市信用信息共享平台", "decisions", platform="credit")
    play = begun(office, "summary", clock, SPRING, "prepare-publication")
    told = {"plain_summary": FIRST, "with_document": True}
    play.do("prepare-publication", "disclosure-editor", **told)
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))
    assert round_of(clock) == 1
    play.moment = clock.now
    row = play.case.publications.get()
    assert row.status == "published"
    return play, row


def hidden(row: Publication, *places: int) -> list[dict[str, str]]:
    """Words of the first text that are to be hidden, so that the platform has to be told of another one."""
    return [{"text": row.facts[n : n + 5], "kind": "other", "why": "演示"} for n in places]


def handed_in(play: Play, **more: object) -> None:
    """A text with the given summary, and words hidden in the columns, confirmed by the second person."""
    play.do("prepare-publication", "disclosure-editor", plain_summary=SECOND, **more)
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))


def corrected(play: Play, note: str = "摘要有误。") -> None:
    on = play.moment.date().isoformat()
    play.do(
        "correct-publication", "disclosure-editor", error_source="own", found_wrong_on=on, public_note=note
    )


def shows(row: Publication, digest: str) -> None:
    """Page, list, search, feed, API, file and proof are those of the text with this digest."""
    sequence_all()
    client, here = Client(), f"/decisions/{row.pk}"
    body = client.get(f"{here}/").content.decode()
    now = Publication.objects.get(pk=row.pk)
    assert digest in body and now.text_digest == digest
    assert str(row.pk) in client.get("/decisions/").content.decode()
    assert str(row.pk) in client.get("/feed/decisions.atom").content.decode()
    assert Api().get(f"/public/decisions?q={row.number}")["total"] == 1
    assert Api().get(f"/public/decisions/{row.pk}")["facts"] == now.facts
    assert client.get(f"{here}/decision.pdf").status_code == (200 if now.files.filter(n__lte=now.n) else 404)
    told = client.get(f"/log/acts/{now.act}.json").json()["disclosures"]
    fields = [json.loads(urlsafe_b64decode(one + "==")) for one in told]
    assert [value["facts"] for _, name, value in fields if name == "public_text"] == [now.facts]
    assert [str(fault) for fault in verify_all() if fault.what != "log"] == []


def test_the_first_text_stands_until_the_receipt_of_the_corrected_one(clock: Clock, side: FarEnd) -> None:
    """Waiting, after a refusal, corrected once more, after the receipt: each time all public places agree with one text."""
    play, row = confirmed(clock, side)
    first, desk = row.text_digest, f"/desk/publications/{play.case_id}/"
    shows(row, first)
    corrected(play)
    side.behave("refuse")
    handed_in(play, hide=hidden(row, 0), with_document=False)
    shows(row, first)
    waiting = page(play.person("disclosure-editor"), desk)
    assert "已提交，未确认" in waiting and "公众看到的仍是原来的内容" in waiting
    assert round_of(clock) == 1
    play.moment = clock.now
    shows(row, first)
    assert FIRST in Client().get(f"/decisions/{row.pk}/").content.decode()
    assert Api().get("/public/changes")["items"] == []
    corrected(play, "住址没有隐去。")
    handed_in(play, hide=hidden(row, 0, 10), with_document=False)
    shows(row, first)
    side.behave()
    assert round_of(clock) == 1
    second = Publication.objects.get(pk=row.pk)
    assert second.text_digest != first
    shows(row, second.text_digest)
    seen = Client().get(f"/decisions/{row.pk}/").content.decode()
    assert SECOND in seen and FIRST not in seen and "摘要有误。" in seen and "住址没有隐去。" in seen
    assert [one["kind"] for one in Api().get("/public/changes")["items"]] == ["corrected"]
    assert [event for _, event in side.log] == ["publish", "correct"]


def test_what_the_platform_is_not_told_waits_for_no_receipt(clock: Clock, side: FarEnd) -> None:
    """The summary is ours alone: corrected, it is public at once, for no message goes out and no receipt would come."""
    play, row = confirmed(clock, side)
    corrected(play)
    side.behave("broken")
    handed_in(play)
    assert play.case.state["publication"]["status"] == "published"
    assert SECOND in Client().get(f"/decisions/{row.pk}/").content.decode()
    shows(row, Publication.objects.get(pk=row.pk).text_digest)
    assert side.log == [(f"publication:{row.pk}", "publish")]


def test_the_notice_of_a_withdrawal_stands_until_the_new_text_is_confirmed(
    clock: Clock, side: FarEnd
) -> None:
    """Handed in anew it is still withdrawn, with its reason; a receipt that comes after a second withdrawal publishes nothing."""
    play, row = confirmed(clock, side)
    why, here = "公示文本有误，更正后重新公示", f"/decisions/{row.pk}/"
    play.withdraw(why)
    round_of(clock)
    play.moment = clock.now
    handed_in(play, hide=hidden(row, 0))
    answer = Client().get(here)
    assert answer.status_code == 410 and why in answer.content.decode()
    assert why in Client().get("/decisions/withdrawn/").content.decode()
    sequence_all()
    assert [one["kind"] for one in Api().get("/public/changes")["items"]] == ["withdrawn"]
    assert [str(fault) for fault in verify_all() if fault.what != "log"] == []
    with_text = Publication.objects.get(pk=row.pk)
    assert with_text.facts == "" and Client().get(f"/decisions/{row.pk}/decision.pdf").status_code == 404
    play.withdraw("再次撤回")
    round_of(clock)
    play.moment = clock.now
    assert Client().get(here).status_code == 410 and not with_text.files.exists()
    handed_in(play, hide=hidden(row, 0))
    round_of(clock)
    assert Client().get(here).status_code == 200
    shows(row, Publication.objects.get(pk=row.pk).text_digest)


def test_a_receipt_of_an_earlier_text_publishes_no_later_one(clock: Clock, side: FarEnd) -> None:
    """Two corrections lie in the outbox: the first receipt is of the first of them."""
    play, row = confirmed(clock, side)
    first = row.text_digest
    corrected(play)
    handed_in(play, hide=hidden(row, 0))
    corrected(play)
    handed_in(play, hide=hidden(row, 0, 10))
    assert round_of(clock) == 1
    shows(row, first)
    assert round_of(clock) == 1
    shows(row, Publication.objects.get(pk=row.pk).text_digest)
    assert Publication.objects.get(pk=row.pk).text_digest != first


def test_of_what_never_stood_nothing_is_put_right(clock: Clock, side: FarEnd) -> None:
    """The platform refused the first text: nobody read it, so what is handed in after it is the first version and bears no note."""
    office = make_office("lingchuan")
    connect(office.agency, side, "credit", "晋城市信用信息共享平台", "decisions", platform="credit")
    play = begun(office, "summary", clock, SPRING, "record-payment")
    row, here = play.case.publications.get(), f"/decisions/{play.case.publications.get().pk}/"
    side.behave("refuse")
    assert round_of(clock) == 1 and row.status == "submitted"
    play.moment = clock.now
    corrected(play)
    handed_in(play, hide=hidden(row, 0))
    assert Client().get(here).status_code == 404
    side.behave()
    assert round_of(clock) == 1
    seen = Client().get(here).content.decode()
    assert "本条更正过" not in seen and SECOND in seen
    assert play.case.state["publication"]["since"] == clock.now.date().isoformat()
    shows(row, Publication.objects.get(pk=row.pk).text_digest)
