"""Papers signed by finger, by certificate, or not at all: bound to one text, locked, checked by anybody, hidden from who may not see."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from axe import violations
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import sync_playwright
from served import SITE, answer, chromium_path

from hands import OTHER, STROKES, interviewed
from knocks import fact_of, refused_everywhere, signed_in
from play import STORIES, Clock, Play, make_office
from sanxiang.cases.models import Evidence, Paper
from sanxiang.cases.papers.markup import Content
from sanxiang.cases.papers.places import names_of
from sanxiang.cases.papers.sealing import check
from sanxiang.desk import signing as desk_signing
from sanxiang.desk.acts import done_before
from sanxiang.door import gather
from sanxiang.door.verifying.database import check_case
from sanxiang.door.verifying.rows import case_files
from sanxiang.law.file_check import lacking
from sanxiang.law.packs import load_pack
from sanxiang.law.signatures import asked
from sanxiang.ledger.models import Opening

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def play(clock: Clock, settings: Any) -> Play:
    """An ordinary case of 开原 after the interview."""
    settings.SEAL_URL = settings.SEAL_ROOTS = ""
    return interviewed(clock)


def paper(play: Play, kind: str = "interview-record") -> Paper:
    """The newest paper of that kind."""
    return Paper.objects.filter(case=play.case_id, kind=kind).order_by("-n")[0]


def told(row: Paper, place: str, **more: Any) -> dict[str, Any]:
    """What the signing page sends for one place."""
    return {"paper_id": str(row.pk), "paper_digest": row.digest, "place": place, **more}


def by_hand(row: Paper, place: str = "被询问人", who: str = "party", **more: Any) -> dict[str, Any]:
    """A signature by finger."""
    strokes = STROKES if who == "party" else OTHER
    return told(row, place, signs_as=who, signer="顾长庚", strokes=strokes, **more)


def pdf_of(play: Play, who: str = "officer1", row: Paper | None = None) -> bytes:
    """The paper's file as this person takes it from its page."""
    row = row or paper(play)
    return signed_in(play.person(who)).get(f"/desk/cases/{play.case_id}/papers/{row.pk}.pdf").content


def verdict(pdf: bytes) -> dict[str, Any]:
    """What anybody is told of a file."""
    given = {"pdf": SimpleUploadedFile("文书.pdf", pdf, "application/pdf")}
    found: dict[str, Any] = (
        Client().post("/verify/seal/", given, headers={"Accept": "application/json"}).json()
    )
    return found


def words(pdf: bytes) -> str:
    """The text of a file."""
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf)))


def test_a_record_signed_on_the_page_is_locked_and_bound_to_its_text(play: Play) -> None:
    """The page shows text, digest and places; what is signed on it stands in the file, which a changed byte betrays."""
    row, desk = paper(play), signed_in(play.person("officer1"))
    address = f"/desk/cases/{play.case_id}/papers/{row.pk}/sign/"
    shown = desk.get(address).content.decode()
    assert row.digest in shown and "被询问人" in shown and "待签" in shown and "<canvas" in shown
    form = by_hand(row) | {"way": "hand", "nonce": "once"}
    for _ in (1, 2):  # two clicks
        answer = desk.post(address, form | {"photo": SimpleUploadedFile("a.png", PNG, "image/png")})
        assert answer.status_code == 302
    play.do("sign-paper", "officer1", **by_hand(row, "询问人", "officer"))
    assert [one["place"] for one in play.case.state["signatures"]] == ["被询问人", "询问人"]
    pdf = pdf_of(play)
    assert verdict(pdf)["valid"] and pdf.startswith(pdf_of(play, row=paper(play, "filing-form"))[:8])
    assert "签名记录" in words(pdf) and row.digest in words(pdf).replace("\n", "").replace("\r", "")
    altered = bytearray(pdf)
    altered[len(pdf) // 2] ^= 1
    assert not verdict(bytes(altered))["valid"]
    kept = Opening.objects.get(act__subject=play.case_id, name="strokes", act__n=play.case.n - 1)
    assert kept.secrecy == "identity" and json.loads(kept.value)["s"][0][1][2] == 15
    assert Evidence.objects.get(case=play.case_id, title="手写签名").secrecy == "identity"
    timeline = signed_in(play.person("officer1")).get(f"/api/v1/cases/{play.case_id}/timeline").json()
    last = {one["name"] for one in timeline["items"][-1]["fields"]}
    assert {"place", "signer"} <= last and not {"strokes", "signed"} & last
    assert not list(check_case(next(case_files([play.case]))))
    Paper.objects.filter(pk=row.pk).update(sealed=row.pdf, n=play.case.n + 5)
    assert any("sealed" in str(f) or "不符" in str(f) for f in check_case(next(case_files([play.case]))))


def test_who_may_not_see_a_signature_gets_the_paper_as_it_was_issued(play: Play) -> None:
    """The archivist, while the case is open, reads the notice without the party's hand; its officer has it signed."""
    row = paper(play, "on-site-notice")
    play.do("sign-paper", "officer1", **by_hand(row, "当事人"))
    assert "签名记录" in words(pdf_of(play, "officer1", row))
    client, at = signed_in(play.person("archivist")), f"/desk/cases/{play.case_id}/papers/{row.pk}.pdf"
    asked_why = client.get(at)
    if asked_why.status_code == 302:
        client.post(asked_why["Location"], {"reason": "supervise", "text": "抽查文书制作情况"})
    pdf = client.get(at).content
    assert pdf.startswith(b"%PDF") and "签名记录" not in words(pdf)


def test_a_witnesss_hand_and_photograph_are_a_witnesss(play: Play) -> None:
    """Whoever sees numbers of identity cards sees neither: what a witness wrote is the witness's name."""
    raw = by_hand(paper(play, "filing-form"), "承办人意见", "witness")
    field = play.pack.acts["sign-paper"].field
    refusal = play.pack.acts["refuse-signature"].field("refusal_record")
    for name in ("strokes", "photo", "signer"):
        item = field(name)
        assert item is not None and item.mark(raw) == "witness"
        assert item.mark(raw | {"signs_as": "party"}) == ("case" if name == "signer" else "identity")
    assert refusal is not None and refusal.mark({"refusal_witness": "乔木"}) == "witness"
    assert refusal.mark({}) == "identity"


def test_a_text_made_anew_or_changed_takes_no_signature_of_the_old_one(play: Play) -> None:
    """Signed for another digest: refused. Made again: unsigned, and told so. Changed behind the door: refused and not counted."""
    row = paper(play)
    answer = refused_everywhere(
        play.attempt("sign-paper", "officer1", **by_hand(row) | {"paper_digest": "0" * 64})
    )
    assert "不是签名人看到的文字" in fact_of(answer, "sign-paper.text")
    play.do("sign-paper", "officer1", **by_hand(row))
    play.position -= 1
    play.step()
    second = paper(play)
    assert second.pk != row.pk
    page = (
        signed_in(play.person("officer1"))
        .get(f"/desk/cases/{play.case_id}/papers/{second.pk}/")
        .content.decode()
    )
    assert "待签" in page and "只对那一份的文字有效" in page
    content = dict(row.content)
    content["title"] = "改过的笔录"
    Paper.objects.filter(pk=row.pk).update(content=content, n=play.case.n + 5)
    answer = refused_everywhere(play.attempt("sign-paper", "officer1", **by_hand(row, "询问人", "officer")))
    assert "与制作时的校验值不符" in fact_of(answer, "sign-paper.text")
    page = (
        signed_in(play.person("officer1"))
        .get(f"/desk/cases/{play.case_id}/papers/{row.pk}/")
        .content.decode()
    )
    assert "手写签名 2" not in page


def test_the_file_of_the_case_has_the_signed_paper_beside_the_issued_one(play: Play) -> None:
    """Both are in the zip with their digests; in the manifest too, so that any program for bags checks them."""
    row = paper(play)
    play.do("sign-paper", "officer1", **by_hand(row))
    told_ = signed_in(play.person("officer1")).get(f"/api/v1/cases/{play.case_id}/dossier.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(told_))) as made:
        root = made.namelist()[0].split("/")[0]
        listed = json.loads(made.read(f"{root}/data/目录.json"))
        (line,) = [one for one in listed["papers"] if one["digest"] == row.digest]
        signed = made.read(f"{root}/{line['signed']['file']}")
        manifest = made.read(f"{root}/manifest-sha256.txt").decode()
    assert hashlib.sha256(signed).hexdigest() == line["signed"]["digest"] != line["pdf"]
    assert line["signed"]["digest"] in manifest and line["pdf"] in manifest and check(signed)[0].valid


def test_what_is_no_signature_or_in_no_place_is_refused(play: Play) -> None:
    row = paper(play)
    for strokes, fact in (
        ("", "没有手写笔迹"),
        ('{"w":600,"h":200,"s":[[[1,1,0],[3,3,9]]]}', "笔迹太短"),
        ("{}", "看不懂"),
    ):
        answer = refused_everywhere(
            play.attempt("sign-paper", "officer1", **by_hand(row) | {"strokes": strokes})
        )
        assert fact in fact_of(answer, "sign-paper.drawn")
    answer = refused_everywhere(play.attempt("sign-paper", "officer1", **by_hand(row, "法定代表人")))
    assert "没有“法定代表人”签名处" in fact_of(answer, "sign-paper.place")
    answer = refused_everywhere(play.attempt("sign-paper", "officer1", **by_hand(row, "询问人", "party")))
    assert "由执法机关人员签名" in fact_of(answer, "sign-paper.place")


def test_an_officer_signs_with_a_certificate_of_the_persons_own(play: Play) -> None:
    """After the party's hand: both hold in one file, the person is named, nobody signs twice, no stroke comes after."""
    row = paper(play)
    play.do("sign-paper", "officer1", **by_hand(row))
    play.do("certify-paper", "officer1", **told(row, "询问人"))
    play.do("certify-paper", "officer2", **told(row, "询问人"))
    pdf = pdf_of(play)
    found = verdict(pdf)
    names = [one["signer"] for one in found["seals"]]
    assert found["valid"] and names == [
        play.office.agency.name, play.person("officer1").name, play.person("officer2").name,
    ]  # fmt: skip
    assert not verdict(pdf + b"%one more line\n")["valid"]
    assert len({one.certificate for one in check(pdf)}) == 3
    answer = refused_everywhere(play.attempt("certify-paper", "officer1", **told(row, "询问人")))
    assert "已经在“询问人”签过名" in fact_of(answer, "certify-paper.own")
    answer = refused_everywhere(play.attempt("certify-paper", "officer1", **told(row, "被询问人")))
    assert "不是执法机关人员签名的地方" in fact_of(answer, "certify-paper.own")
    answer = refused_everywhere(play.attempt("sign-paper", "officer1", **by_hand(row)))
    assert "已经有证书签名" in fact_of(answer, "sign-paper.before-seal")
    assert not list(check_case(next(case_files([play.case]))))


def test_strokes_taken_from_one_paper_are_refused_on_another(play: Play) -> None:
    """The same lines again are a copy, moved over the canvas and timed anew or not; a second writing passes."""
    play.do("sign-paper", "officer1", **by_hand(paper(play)))
    raw = json.loads(STROKES)
    moved = [[[x + 3, y - 2, 2 * t] for x, y, t in one] for one in raw["s"]]
    notice = by_hand(paper(play, "on-site-notice"), "当事人")
    for strokes in (STROKES, json.dumps(raw | {"s": moved})):
        answer = refused_everywhere(play.attempt("sign-paper", "officer1", **notice | {"strokes": strokes}))
        assert "“被询问人”的笔迹完全相同" in fact_of(answer, "sign-paper.drawn")
    play.do("sign-paper", "officer1", **notice | {"strokes": OTHER})
    assert not list(check_case(next(case_files([play.case]))))


def test_a_case_whose_rules_are_older_is_told_so(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pack knows no signatures: the form answers in plain words, and nothing breaks."""
    desk, at = signed_in(play.person("officer1")), f"/desk/cases/{play.case_id}/papers/{paper(play).pk}"
    acts = {name: act for name, act in play.pack.acts.items() if name not in ("sign-paper", "attach-scan")}
    older = replace(play.pack, acts=acts)
    monkeypatch.setattr(gather, "pack_of", lambda case: older)
    for page in ("sign", "scan"):
        answer = desk.post(f"{at}/{page}/", {"way": "hand"})
        assert answer.status_code == 422 and "规则版本里还没有这一步骤" in answer.content.decode()


def test_a_form_that_comes_twice_at_once_is_done_once(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other click was quicker by a hair: the database refuses the second row, and the page says what the first did."""
    desk, row = signed_in(play.person("officer1")), paper(play)
    form = by_hand(row) | {"way": "hand", "nonce": "race"}
    address = f"/desk/cases/{play.case_id}/papers/{row.pk}/sign/"
    assert desk.post(address, form).status_code == 302
    asked_: list[object] = []

    def late(key: Any) -> Any:
        asked_.append(key)
        return None if len(asked_) == 1 else done_before(key)

    monkeypatch.setattr(desk_signing, "done_before", late)
    assert desk.post(address, form).status_code == 302
    assert len(asked_) == 2 and len(play.case.state["signatures"]) == 1


def test_a_heads_place_is_signed_by_the_head_alone(play: Play) -> None:
    """Neither by hand nor by certificate may an officer sign where the head decides, or where the unit's head gives an opinion."""
    play.do(
        "request-recusal",
        "officer1",
        recusal_of=str(play.person("officer2").pk),
        recusal_by="party",
        reason="与当事人是亲属",
    )
    for kind, place in (("recusal-form", "负责人决定"), ("filing-form", "承办机构意见")):
        row = paper(play, kind)
        hand = play.attempt("sign-paper", "officer1", **by_hand(row, place, "officer"))
        assert "负责人签名" in fact_of(refused_everywhere(hand), "sign-paper.place")
        own = play.attempt("certify-paper", "officer1", **told(row, place))
        assert "负责人签名" in fact_of(refused_everywhere(own), "certify-paper.own")
        play.do("certify-paper", "agency-head", **told(row, place))
        assert (
            verdict(pdf_of(play, "agency-head", row))["seals"][-1]["signer"]
            == play.person("agency-head").name
        )


def test_a_refusal_is_noted_with_reason_and_article(play: Play) -> None:
    """Of a record the reason is enough; it stands on the paper with its article, and the place counts as settled."""
    row = paper(play)
    play.do("refuse-signature", "officer1", **told(row, "被询问人", refused_why="认为笔录记得不全"))
    text = words(pdf_of(play)).replace("\r\n", "")
    assert "拒绝签名" in text and "认为笔录记得不全" in text and "第五十五条" in text
    page = (
        signed_in(play.person("officer1"))
        .get(f"/desk/cases/{play.case_id}/papers/{row.pk}/")
        .content.decode()
    )
    assert "拒绝签名 2" in page

    def missing() -> list[str]:
        return [str(one) for one in lacking(play.pack, play.case.state) if "没有签名" in str(one)]

    assert missing() == ["《询问笔录》的“询问人”处没有签名（《行政处罚法》第五十五条）"]
    play.do("certify-paper", "officer1", **told(row, "询问人"))
    assert not missing()
    other = play.attempt("refuse-signature", "officer1", **told(row, "询问人", refused_why="不愿签"))
    assert "由执法机关人员签名" in fact_of(refused_everywhere(other), "refuse-signature.place")


def test_a_receipt_that_is_refused_wants_a_witness_or_a_picture(clock: Clock, settings: Any) -> None:
    """民事诉讼法 第八十九条. The witness's name is in the file for those alone who may see witnesses."""
    settings.SEAL_URL = settings.SEAL_ROOTS = ""
    procedure, steps = STORIES["summary"]
    play = Play(make_office("laizhou"), procedure, steps, clock)
    clock.now = play.moment
    play.until("serve-on-spot")
    play.step()
    row = paper(play, "service-receipt")
    refusal = told(row, "收件人签名或者盖章", refused_why="不认可处罚")
    answer = refused_everywhere(play.attempt("refuse-signature", "officer1", **refusal))
    assert "既没有见证人" in fact_of(answer, "refuse-signature.witness")
    play.do("refuse-signature", "officer1", **refusal, refusal_witness="乔木（北桥村村委会）")
    assert "乔木" in words(pdf_of(play, "officer1", row)) and "第八十七条" in words(
        pdf_of(play, "officer1", row)
    )
    assert Opening.objects.get(act__subject=play.case_id, name="refusal_witness").secrecy == "witness"
    assert "乔木" not in json.dumps(play.case.state, ensure_ascii=False)


WRITTEN = "《国务院办公厅关于全面推行三项制度的指导意见》三（七）"
"""What bears a signature of which no statute speaks: that what is done is put down whole in writing."""


@pytest.mark.parametrize("locality", ["kaiyuan", "laizhou", "dongying", "lingchuan", "huantai"])
def test_every_place_of_the_law_on_a_paper_has_its_signer_and_article(locality: str) -> None:
    """What the statutes say of signatures is what the pack says of the papers' places."""
    pack = load_pack(locality)
    wanted = {
        ("spot-decision", "当事人签收"): ("party", "《行政处罚法》第五十二条"),
        ("hearing-record", "当事人"): ("party", "《行政处罚法》第六十四条"),
        ("hearing-record", "主持人"): ("officer", WRITTEN),
        ("hearing-record", "调查人员"): ("officer", WRITTEN),
        ("measure-inventory", "当事人"): ("party", WRITTEN),
        ("measure-inventory", "执法人员"): ("officer", WRITTEN),
        ("measure-record", "金融机构工作人员"): ("third", WRITTEN),
        ("measure-record", "当事人"): ("party", "《行政强制法》第十八条"),
        ("measure-record", "见证人"): ("witness", "《行政强制法》第十八条"),
        ("substitute-record", "代履行人"): ("third", "《行政强制法》第五十一条"),
        ("service-receipt", "收件人签名或者盖章"): ("party", "《民事诉讼法》第八十七条"),
        ("service-receipt", "送达人"): ("officer", "《民事诉讼法》第八十九条"),
        ("interview-record", "询问人"): ("officer", "《行政处罚法》第五十五条"),
        ("ins-record", "检查人员"): ("officer", str(pack.papers["ins-record"].citation)),
    }
    for (kind, place), told_ in wanted.items():
        found = asked(pack, kind, place)
        assert (found.who, found.citation) == told_, (kind, place)


def test_places_are_those_that_the_paper_prints(play: Play) -> None:
    row = paper(play)
    assert names_of(Content.from_json(row.content)) == ["被询问人", "询问人"]


SUBMIT = "document.querySelector('#sign').dispatchEvent(new Event('submit'))"


@pytest.mark.browser
def test_a_finger_writes_on_a_phone_and_what_is_cleared_is_gone(play: Play) -> None:
    """At 390 px the page fits, axe is content, and strokes come out as points with times; cleared, there are none."""
    address = f"/desk/cases/{play.case_id}/papers/{paper(play).pk}/sign/"
    pages = {address: signed_in(play.person("officer1")).get(address).content.decode()}
    sent: list[str] = []
    with sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=chromium_path(), args=["--disable-background-networking"]
        )
        context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True)
        context.route("**/*", lambda route: answer(route, pages))
        page = context.new_page()
        page.goto(SITE + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not list(violations(page))
        box = page.locator("#sign-canvas")
        box.scroll_into_view_if_needed()
        for _ in (1, 2):
            spot = box.bounding_box()
            assert spot and spot["width"] > 300
            page.mouse.move(spot["x"] + 20, spot["y"] + 20)
            page.mouse.down()
            page.mouse.move(spot["x"] + 200, spot["y"] + 90, steps=8)
            page.mouse.up()
            page.evaluate(SUBMIT)
            sent.append(page.input_value("#sign input[name=strokes]"))
            page.get_by_role("button", name="清除重写").click()
        page.evaluate(SUBMIT)
        sent.append(page.input_value("#sign input[name=strokes]"))
        context.close()
        chromium.close()
    first = json.loads(sent[0])
    assert (
        first["w"] == 600 and len(first["s"]) == 1 and len(first["s"][0]) >= 8 and first["s"][0][-1][2] >= 0
    )
    assert len(json.loads(sent[1])["s"]) == 1 and sent[2] == ""
