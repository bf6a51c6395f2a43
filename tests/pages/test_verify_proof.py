"""`/verify/` in a real browser: a proof is checked there and nowhere else, a paper by its digest alone; the kept page needs no network."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe import violations
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright
from served import answer, chromium_path

from board import text
from clockwork import Clock
from play import CHINA, make_office
from publishing import begun
from sanxiang.cases.models import Paper, Publication
from sanxiang.cases.papers.typeset import path_of
from sanxiang.headers import POLICY
from sanxiang.ledger import keys
from sanxiang.ledger.tlog.note import sign
from side_stories import REASON
from signed_log import Sign, witness, write_policy

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("SANXIANG_DATABASE_URL")), reason="runs on SQLite only"),
]

SITE = "http://localhost:8000"
"""A browser computes digests on HTTPS and on the machine itself."""
WIDTHS = (390, 1440)
WATERMARK = b"\n% added at download\nxref\n0 0\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"


@dataclass
class Shown:
    """What was rendered before the browser starts, for meanwhile this thread may not ask the database."""

    verify: str
    act: str
    log: str
    offline: str
    offline_policy: str
    given: str
    identity: str
    proof: str
    leaf: str
    fields: str
    vkey: str
    current: bytes
    corrected: bytes
    answers: dict[str, str]
    requests: list[str]


KEPT: list[Shown] = []
"""What the first test has rendered: the others only look at it in a browser."""


@pytest.fixture
def shown(clock: Clock, sign_log: Sign) -> Shown:
    """What was rendered; nothing of it asked for yet."""
    if not KEPT:
        KEPT.append(rendered(clock, sign_log))
    KEPT[0].requests.clear()
    return KEPT[0]


def rendered(clock: Clock, sign_log: Sign) -> Shown:
    """A case on the spot, published, its decision corrected; the log signed and witnessed."""
    client, play = Client(), begun(make_office("dongying"), "summary", clock, until="archive")
    play.do("correct-paper", "agency-head", paper="spot-decision", wrong="5号", right="6号", **REASON)
    sign_log()
    write_policy()
    witness()
    papers = {
        kind: Paper.objects.get(case=play.case_id, kind=kind)
        for kind in ("spot-decision", "correction-notice")
    }
    act, offline = Publication.objects.get().act, client.get("/verify/offline.html")
    answers = {row.pdf: text(client.get(f"/verify/papers.json?digest={row.pdf}")) for row in papers.values()}
    corrected, current = (path_of(settings.PAPER_ROOT, row.pdf).read_bytes() for row in papers.values())
    proof, leaf, fields = (
        text(client.get(f"/log/acts/{act}{kind}")) for kind in (".tlog-proof", ".leaf", ".json")
    )
    return Shown(
        text(client.get("/verify/")), text(client.get(f"/log/acts/{act}/")), text(client.get("/log/")), text(offline),
        offline["Content-Security-Policy"], text(client.get(f"/verify/?act={act}")), str(act),
        proof, leaf, fields, keys.vkey(keys.origin()), current, corrected, answers, [],
    )  # fmt: skip


@pytest.fixture
def page(shown: Shown) -> Iterator[Page]:
    """The page in a browser, under the policy of an installation; whatever it complains of fails the test."""
    wrong: list[str] = []

    def serve(route: Route) -> None:
        place = urlsplit(route.request.url)
        shown.requests.append(route.request.url)
        if place.path == "/verify/papers.json":
            found = [shown.answers[one] for one in parse_qs(place.query)["digest"] if one in shown.answers]
            return route.fulfill(
                body=(found or ['{"digest": "", "paper": null}'])[0], content_type="application/json"
            )
        files = {
            f"/log/acts/{shown.identity}{kind}": body
            for kind, body in ((".tlog-proof", shown.proof), (".leaf", shown.leaf), (".json", shown.fields))
        }
        if place.path in files:
            return route.fulfill(body=files[place.path], content_type="text/plain; charset=utf-8")
        bodies = {
            "/verify/": shown.given if place.query == f"act={shown.identity}" else shown.verify,
            "/log/": shown.log,
            "/log/act/": shown.act,
            "/offline": shown.offline,
        }
        if place.path not in bodies:
            return answer(route, {})
        policy = shown.offline_policy if place.path == "/offline" else POLICY
        return route.fulfill(
            body=bodies[place.path],
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": policy},
        )

    with sync_playwright() as play:
        arguments = ["--disable-quic", "--disable-background-networking"]
        chromium = play.chromium.launch(executable_path=chromium_path(), args=arguments)
        opened = chromium.new_context(locale="zh-CN").new_page()
        opened.route(f"{SITE}/**", serve)
        opened.on("console", lambda message: wrong.append(f"{message.location}: {message.text}"))
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        yield opened
        chromium.close()
    assert wrong == []


def verdict(page: Page, proof: str, leaf: str) -> str:
    """Title and sentence of the result for a proof and an entry that were pasted."""
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
    page.fill("#check-proof", proof)
    page.fill("#check-leaf", leaf)
    page.click("#check-run")
    return settled(page)


def settled(page: Page) -> str:
    """The result as a person reads it, once it is there."""
    page.wait_for_selector("#proof-check:not([aria-busy]) #check-result .notice")
    return page.inner_text("#check-result")


def dropped(page: Page, *files: tuple[str, bytes]) -> str:
    """The result for files that were chosen."""
    given = [{"name": name, "mimeType": "application/octet-stream", "buffer": body} for name, body in files]
    page.set_input_files("#check-files", given)  # type: ignore[arg-type]
    return settled(page)


def test_the_browser_checks_a_proof_and_names_what_is_altered(shown: Shown, page: Page) -> None:
    page.goto(f"{SITE}/verify/")
    told = verdict(page, shown.proof, shown.leaf)
    leaf = json.loads(shown.leaf)
    local = datetime.fromisoformat(leaf["at"]).astimezone(CHINA)
    for words in ("证明成立", "检查点达到见证规则要求的人数", "sfj（", keys.origin(), "没有核对：", "确认并公示", "公示审核人",
                  f"{local:%Y}年{local.month}月{local.day}日 {local:%H:%M:%S}（北京时间）"):  # fmt: skip
        assert words in told
    for code in (leaf["a"], leaf["r"], leaf["at"]):
        assert code not in told
    before = len(shown.requests)
    for (name, proof, leaf), sentence in alterations(shown).items():
        told = verdict(page, proof, leaf)
        assert "证明不成立" in told and sentence in told and "证明成立" not in told, (name, told)
    strange = shown.proof.replace(shown.proof.split("\n\n", 1)[1], forged(shown.proof.split("\n\n", 1)[1]))
    told = verdict(page, strange, shown.leaf)  # the key may be a new one: neither accepted nor called false
    assert (
        told.startswith("验证密钥未知，没有核对签名") and "证明成立" not in told and "证明不成立" not in told
    )
    assert "证明不成立" in verdict(page, strange, shown.leaf.replace('"v":1', '"v":2'))
    assert len(shown.requests) == before, "a proof is checked without asking anybody"
    others(page, shown)


def alterations(shown: Shown) -> dict[tuple[str, str, str], str]:
    """Each a byte or so away from what holds, with the sentence that must be said of it."""
    proof, leaf, checkpoint = shown.proof, shown.leaf, shown.proof.split("\n\n", 1)[1]
    index = re.search(r"^index (\d+)$", proof, re.MULTILINE)
    origin, size, root = checkpoint.split("\n")[:3]
    hashes = proof.split("\n\n")[0].split("\n")[2:]
    line = next(one for one in checkpoint.split("\n") if one.startswith(f"— {origin} "))
    cosigned = next(one for one in checkpoint.split("\n") if one.startswith("— witness"))
    assert index and hashes

    def flip(base64: str, at: int = 10) -> str:
        return base64[:at] + ("A" if base64[at] != "A" else "B") + base64[at + 1 :]

    other = str(int(index[1]) ^ 1)
    return {
        ("leaf", proof, leaf.replace('"v":1', '"v":2')): "条目或者证明中的杂凑值被改动",
        ("index", proof.replace(index[0], f"index {other}"), leaf): "序号被改动：条目在这本账里",
        ("index beyond", proof.replace(index[0], f"index {size}"), leaf): f"超出检查点的大小 {size}",
        ("leading zero", proof.replace(index[0], f"index 0{index[1]}"), leaf): "不带前导零",
        ("hash", proof.replace(hashes[0], flip(hashes[0])), leaf): "条目或者证明中的杂凑值被改动",
        ("hash missing", proof.replace(f"{hashes[0]}\n", "", 1), leaf): "杂凑值的个数与序号、大小不相符",
        ("root", proof.replace(root, flip(root)), leaf): "检查点的正文被改动",
        ("signature", proof.replace(line, flip(line, len(line) - 20)), leaf): f"{origin} 的签名不成立：签名行被改动",
        ("cosignature", proof.replace(cosigned, flip(cosigned, len(cosigned) - 20)), leaf): "witness.example.gov.cn 的签名不成立",
        ("name in the text", proof.replace(f"\n\n{origin}\n", f"\n\n{origin}x\n"), leaf): "名称被改动，或者不是这本账的检查点",
        ("name in the line", proof.replace(f"— {origin} ", f"— {origin}x "), leaf): "检查点上没有所给密钥的签名",
        ("bits", proof.replace(root, root[:-2] + chr(ord(root[-2]) + 1) + "="), leaf): "base64 写法不规范",
        ("header", proof.replace("@v1", "@v2"), leaf): "首行应为",
    }  # fmt: skip


def forged(checkpoint: str) -> str:
    """The same text, signed by whoever does not have the key."""
    body = checkpoint.split("\n\n")[0] + "\n"
    return sign(body, keys.origin(), bytes(32))


def others(page: Page, shown: Shown) -> None:
    """Without its witness the proof holds and falls short; with files come the public fields; a foreign field is refused."""
    alone = "".join(one for one in shown.proof.splitlines(keepends=True) if not one.startswith("— witness"))
    told = verdict(page, alone, shown.leaf)
    assert "证明成立，见证不足" in told and "没有达到见证规则" in told
    told = dropped(page, ("a.tlog-proof", shown.proof.encode()), ("a.json", shown.fields.encode()))
    assert "证明成立" in told and "公开字段与条目中的校验值一致" in told and "公示文字·决定" in told
    assert "法人或者其他组织" in told and "citizen" not in told, "a kind of party is told in words"
    foreign = {"disclosures": [f"{one}A" for one in json.loads(shown.fields)["disclosures"]]}
    told = dropped(page, ("a.leaf", shown.leaf.encode()), ("a.json", json.dumps(foreign).encode()))
    assert "公开字段与条目中的校验值对不上" in told
    page.fill("#check-policy", "")
    page.fill("#check-keys", f"{shown.vkey} # 已停用，签过第 1 条以前的检查点")
    assert "这把密钥在第 1 条时已经停用" in verdict(page, shown.proof, shown.leaf)
    page.goto(f"{SITE}/verify/")
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
    page.fill("#check-policy", "quorum nobody")
    told = verdict(page, shown.proof, shown.leaf)
    assert told.startswith("没有核验") and "见证规则第 1 行有误" in told, "a slip says nothing of the proof"
    assert verdict(page, shown.proof, shown.leaf.replace('"v":1', '"v":2')).startswith("证明不成立")


LESS = (
    (
        "SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))",
        "签名没有核对",
        "证明不成立",
    ),
    ("Object.defineProperty(crypto, 'subtle', {value: undefined})", "没有核验", "没有核验"),
)
"""Browsers that know no Ed25519, or, on a page without HTTPS, nothing: what is said instead of a verdict, and of an altered
leaf, which the hashes alone give away."""


def test_a_browser_that_cannot_check_a_signature_does_not_say_that_it_holds(shown: Shown, page: Page) -> None:
    for script, said, found in LESS:
        page.add_init_script(script)
        page.goto(f"{SITE}/verify/")
        assert verdict(page, shown.proof, shown.leaf).startswith(said)
        assert page.is_visible("text=条目、证明和账本的签名（脚本"), "the commands stand open"
        altered = verdict(page, shown.proof, shown.leaf.replace('"v":1', '"v":2'))
        assert altered.startswith(found)


def test_a_paper_is_known_by_its_bytes_and_stays_where_it_is(shown: Shown, page: Page) -> None:
    page.goto(f"{SITE}/verify/")
    told = dropped(page, ("a.pdf", shown.current))
    assert "现行文本" in told and "不是现行" not in told
    assert "这份文书已经更正，不是现行文本" in dropped(page, ("b.pdf", shown.corrected))
    assert "不是本系统制作的文书，或者被改动过" in dropped(
        page, ("c.pdf", shown.current[:-9] + b"x" + shown.current[-8:])
    )
    told = dropped(page, ("d.pdf", shown.current + WATERMARK))
    assert (
        "另加了内容的副本，只核对了其中的原件：现行文本" in told
        and f"前 {len(shown.current)} 字节" in told
        and f"后面的 {len(WATERMARK)} 字节没有核对" in told
    )
    with page.expect_download() as kept:
        page.click("#check-result a[download]")
    assert Path(kept.value.path()).read_bytes() == shown.current
    page.set_viewport_size({"width": 375, "height": 900})
    told = dropped(
        page, ("f.pdf", shown.current + WATERMARK.replace(b"<<>>", b"<< /SanxiangWatermark (ABCDEFGH23) >>"))
    )
    assert (
        told.startswith("调阅时交出去的副本，只核对了其中的原件：现行文本") and "水印编号 ABCDEFGH23" in told
    )
    button, around = page.locator("#check-result .button"), page.locator("#check-result .notice > p")
    boxes = [one.bounding_box() for one in (button, around.first, around.nth(2))]
    assert all(boxes) and boxes[1]["y"] + boxes[1]["height"] <= boxes[0]["y"], (
        "the button stands below the text"
    )
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[2]["y"] + boxes[2]["height"] / 2, "and above the link"
    told = dropped(page, ("e.pdf", shown.corrected + WATERMARK))
    assert "只核对了其中的原件：这份文书已经更正，不是现行文本" in told
    asked = [one for one in shown.requests if "papers.json" in one]
    assert len(asked) == 6 and all(
        re.fullmatch(r"digest=[0-9a-f]{64}(&digest=[0-9a-f]{64})*", urlsplit(one).query) for one in asked
    )
    seen(page)


def seen(page: Page) -> None:
    """The pages on a phone and on a desk, with a result in them, as axe sees them; and by keyboard alone."""
    wrong = []
    for address in ("/verify/", "/log/", "/log/act/", "/offline"):
        page.goto(SITE + address)
        if page.query_selector("#check-run"):
            page.focus("#check-run")
            page.keyboard.press("Enter")
            assert "还没有证明文件和账本条目" in settled(page)
        page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{address} is {wide} wide at {width}"] * (wide > width)
            wrong += [f"{address} at {width}: {one}" for one in violations(page)]
    assert wrong == []


def test_one_tap_checks_an_act(shown: Shown, page: Page) -> None:
    """From the page of an act, on a phone: no file is picked by hand; one that is not there is said to be missing."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{SITE}/verify/?act={shown.identity}#proof-check")
    told = settled(page)
    assert "证明成立" in told and "公开字段与条目中的校验值一致" in told
    top = page.evaluate("document.querySelector('#check-result').getBoundingClientRect().top")
    assert 0 <= top < 844, "the answer is what one sees"
    shown_leaf, shown.leaf = shown.leaf, shown.leaf.replace("2026", "2025", 1)
    try:
        page.reload()
        assert "证明不成立" in settled(page)
    finally:
        shown.leaf = shown_leaf
    assert f"/verify/?act={shown.identity}#proof-check" in shown.act


def test_the_kept_page_works_from_the_disk_without_a_network(
    shown: Shown, page: Page, tmp_path: Path
) -> None:
    (kept := tmp_path / "offline.html").write_text(shown.offline, encoding="utf-8")
    page.context.set_offline(True)
    page.goto(kept.as_uri())
    told = dropped(page, ("a.tlog-proof", shown.proof.encode()))
    assert "还缺账本条目" in told
    told = dropped(page, ("a.leaf", shown.leaf.encode()))
    assert "证明成立" in told and "检查点达到见证规则要求的人数" in told
    altered = shown.leaf.replace('"v":1', '"v":2').encode()
    assert "证明不成立" in dropped(page, ("a.tlog-proof", shown.proof.encode()), ("a.leaf", altered))
    told = dropped(page, ("a.pdf", shown.current))
    assert "离线时查不到文书是否为现行文本" in told and next(iter(shown.answers)) not in told
    told = dropped(page, ("b.pdf", shown.current + WATERMARK))
    revision = f"前 {len(shown.current)} 字节的 SHA-256"
    assert revision in told and hashlib.sha256(shown.current).hexdigest() in told
    assert shown.requests == []
    page.context.set_offline(False)
