"""Files beside a published text: the decision masked and set anew, and what was attached; all that stops them, and where they end."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from board import text
from knocks import fact_of, refused_everywhere, signed_in
from planted_files import IDCARD, hidden_layer, jpeg, word
from play import Clock, Play, make_office
from publishing import begun, read
from reader import Client
from sanxiang.cases import store
from sanxiang.cases.disclosure.files.made_new import new_file
from sanxiang.cases.models import Publication
from sanxiang.cases.papers.typeset import save
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.redact import Known

pytestmark = pytest.mark.django_db


def attached(name: str, data: bytes) -> dict[str, object]:
    """A file as the store has it after an upload."""
    return {"name": name, "digest": save(data, store.evidence()), "size": len(data), "mime": ""}


SEEN = [{"no": "1", "said": "现场照片，没有人像和号码"}]


def handed_in(play: Play, seen: Sequence[object] = (), **data: object) -> Publication:
    """The text handed in with these choices and confirmed, the pictures among its files looked at."""
    play.step(**data)
    play.step(**({"scans_seen": list(seen)} if seen else {}))
    found: Publication = play.case.publications.get()
    return found


def test_the_decision_itself_goes_out_masked_and_ends_with_the_text(clock: Clock) -> None:
    """Its words are those that were served but for what is hidden; after the withdrawal nothing of it is left, in no table either."""
    play = begun(make_office("kaiyuan"), "ordinary", clock, until="prepare-publication")
    party = play.case.state["facts"]["party"]
    row = handed_in(play, with_document=True)
    (file,) = Client().get(f"/decisions/{row.pk}.json").json()["files"]
    words = "".join(read(file["href"]).split())
    assert row.number.replace(" ", "") in words and "罚款" in words
    issued = str(play.case.papers.get(kind="penalty-decision").content)
    for secret in (party["legal_rep"], party.get("phone")):
        assert not secret or secret not in words
    assert party["legal_rep"] in issued and party["name"] in words
    assert file["title"] in text(Client().get(f"/decisions/{row.pk}/"))
    assert play.case.state["publication"]["files"] == [file["sha256"]]
    play.withdraw("决定被依法变更")
    assert Client().get(file["href"]).status_code == 404 and not row.files.exists()


def test_a_file_with_a_number_in_any_corner_stops_the_publication(clock: Clock) -> None:
    """By page, API and command, the corner named and the number not; the same file without it goes out as a new one."""
    play = begun(make_office("kaiyuan"), "ordinary", clock, until="prepare-publication")
    planted = {
        "文件名": attached(f"扫描件{IDCARD}.jpg", jpeg()),
        "拍摄信息": attached("现场.jpg", jpeg(exif={0x013B: IDCARD})),
        "文件属性": attached("决定书.docx", word(author=IDCARD)),
        "PDF": attached("决定书.pdf", hidden_layer(IDCARD)),
    }
    for where, file in planted.items():
        answer = refused_everywhere(play.knock(after=0, attachments=[file]))
        fact = fact_of(answer, "publication.clean")
        assert where in fact and IDCARD not in fact, fact
    row = handed_in(play, SEEN, attachments=[attached("现场.jpg", jpeg(exif={0x013B: "县局"}))])
    (file,) = Client().get(f"/decisions/{row.pk}.json").json()["files"]
    answer = Client().get(file["href"])
    assert (
        file["title"] == "附件1" and b"Exif" not in answer.content and "县局".encode() not in answer.content
    )


def test_whoever_confirms_looks_at_every_file_that_shows_pictures(clock: Clock) -> None:
    """A photograph and a scan without a text layer are named, each by itself; a Word file is set anew, so it is not."""
    play = begun(make_office("kaiyuan"), "ordinary", clock, until="prepare-publication")
    scan, page = attached("扫描件.pdf", scanned()), attached("现场.jpg", jpeg())
    play.step(attachments=[scan, page, attached("说明.docx", word(body="设施已经拆除"))])
    answer = refused_everywhere(play.knock("publish"))
    fact = fact_of(answer, "publish.scans-seen")
    scans = play.case.state["publication"]["scans"]
    assert [one["where"] for one in sorted(scans, key=lambda one: one["where"])] == ["图片", "第1页"]
    assert all(one["title"] in fact for one in scans) and "画面里的文字系统看不到" in fact
    refused_everywhere(play.knock("publish", after=0, scans_seen=SEEN))
    form = signed_in(play.person("disclosure-approver")).get(f"/desk/cases/{play.case_id}/acts/publish/")
    assert all(f"{one['title']}：{one['file']}：{one['where']}" in text(form) for one in scans)
    case_page = text(signed_in(play.person("disclosure-approver")).get(f"/desk/cases/{play.case_id}/"))
    assert all(one["file"] in case_page.split('id="evidence"')[1] for one in scans)
    play.step(scans_seen=[*SEEN, {"no": "2", "said": "盖章页，没有应当隐去的内容"}])
    assert (
        play.case.publications.get().status == "published" and "scans" not in play.case.state["publication"]
    )


def scanned() -> bytes:
    """A page that is a picture, as a scanner makes it."""
    made = BytesIO()
    Image.new("RGB", (300, 400), "white").save(made, "PDF")
    return made.getvalue()


def test_words_that_the_editor_hides_are_hidden_in_attached_files_too(clock: Clock, tmp_path: Path) -> None:
    """In a Word file, that is set anew without them; a drawn one that says them in its text layer does not go out."""
    play = begun(make_office("kaiyuan"), "ordinary", clock, until="prepare-publication")
    secret = play.case.state["facts"]["decided"]["found"][:8]
    hide = [{"text": secret, "kind": "trade-secret", "why": "商业秘密；《行政处罚法》第四十八条"}]
    (tmp_path / "kept").write_bytes(word(body=secret))
    drawn = attached("说明.pdf", new_file(tmp_path / "kept", "说明", "县局", "2026-03-10", Known()))
    for file in (drawn, attached("说明.docx", word(header=secret)), attached(f"{secret}.jpg", jpeg())):
        answer = refused_everywhere(play.knock(after=0, hide=hide, attachments=[file]))
        fact = fact_of(answer, "publication.clean")
        assert "附件1" in fact and "第 1 项要隐去的文字" in fact and secret not in fact
    row = handed_in(play, hide=hide, attachments=[attached("说明.docx", word(body=f"工艺为{secret}，另附"))])
    (file,) = Client().get(f"/decisions/{row.pk}.json").json()["files"]
    words = "".join(read(file["href"]).split())
    assert secret not in words and "工艺为***，另附" in words


def test_a_public_file_that_was_changed_behind_the_door_is_named(clock: Clock) -> None:
    """Its bytes are held against what the act committed to."""
    play = begun(make_office("kaiyuan"), "ordinary", clock, until="prepare-publication")
    row = handed_in(play, with_document=True)
    assert "publication" not in {fault.what for fault in verify_all()}
    row.files.update(body=b"%PDF-1.7 another")
    assert "publication" in {fault.what for fault in verify_all()}


def test_both_texts_stand_side_by_side_and_the_choice_goes_on_to_the_act(clock: Clock) -> None:
    """Each mask with its word, reason and article; what was ticked and typed stands in the form of the act; nobody else sees it."""
    office = make_office("kaiyuan")
    play = begun(office, "ordinary", clock, until="prepare-publication")
    party = play.case.state["facts"]["party"]
    found = play.case.state["facts"]["decided"]["found"]
    client = signed_in(office.people["disclosure-editor"])
    shown = text(client.get(f"/desk/publications/{play.case_id}/sides/"))
    assert found[:10] in shown and party["name"] in shown
    assert "法人或者其他组织" in shown and ">org<" not in shown
    sent = {"more": "hide", "hide-0-text": found[:6], "keep-1-text": "某个词"}
    form = text(client.post(f"/desk/cases/{play.case_id}/acts/prepare-publication/", sent))
    assert f'value="{found[:6]}"' in form and 'value="某个词"' in form
    stranger = signed_in(make_office("laizhou").people["disclosure-editor"])
    assert stranger.get(f"/desk/publications/{play.case_id}/sides/").status_code == 404
