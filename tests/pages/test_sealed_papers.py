"""Electronic seals: a paper sealed with a certificate, checked by anybody, found out when a byte is changed."""

import hashlib
import io
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pypdfium2
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from knocks import fact_of, refused_everywhere, signed_in
from play import STORIES, Clock, Play, make_office
from sanxiang.cases import store
from sanxiang.cases.models import Paper
from sanxiang.cases.papers.pades import OwnAuthority
from sanxiang.cases.papers.sealing import check, seal
from sanxiang.cli import main
from sanxiang.custody.places import key_files
from sanxiang.demo import stories
from sanxiang.door.verifying.database import check_case
from sanxiang.door.verifying.rows import case_files
from sanxiang.law.guards import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(clock: Clock, settings: Any) -> Play:
    """A case of 开原 decided on the spot, with an authority of its own for seals."""
    settings.SEAL_URL = settings.SEAL_ROOTS = ""
    story = Play(make_office("kaiyuan"), "summary", stories.summary("200"), clock)
    clock.now = story.moment
    story.until("serve-on-spot")
    return story


def asked(pdf: bytes) -> dict[str, Any]:
    """What the public page's twin for programs says of a file."""
    given = {"pdf": SimpleUploadedFile("文书.pdf", pdf, "application/pdf")}
    answer = Client().post("/verify/seal/", given, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.carries("KY-050", locality="kaiyuan")
def test_a_sealed_paper_holds_until_a_byte_of_it_is_changed(play: Play) -> None:
    """Sealed through the door, taken from the page byte for byte, valid with its signer; one byte altered, or one added: not."""
    issued = Paper.objects.get(case=play.case_id, kind="spot-decision")
    play.do("seal-paper", "agency-head", paper="spot-decision")
    row = Paper.objects.get(pk=issued.pk)
    assert row.sealed and row.pdf == issued.pdf
    desk = signed_in(play.person("officer1"))
    pdf = desk.get(f"/desk/cases/{play.case_id}/papers/{row.pk}.pdf").content
    told = asked(pdf)
    assert told["valid"] and told["seals"][0]["signer"] == play.office.agency.name
    assert not asked(pdf[:-20] + b"%more" + pdf[-20:])["valid"]
    altered = bytearray(pdf)
    altered[len(pdf) // 3] ^= 1
    assert not asked(bytes(altered))["valid"]
    added = asked(pdf + b"%one more line\n")
    assert not added["valid"] and added["seals"][0]["intact"] and not added["seals"][0]["whole"]
    page = Client().post("/verify/seal/", {"pdf": SimpleUploadedFile("文书.pdf", pdf)}).content.decode()
    assert "印章有效" in page and play.office.agency.name in page
    assert "现行文本" in Client().get(f"/verify/?digest={row.sealed}").content.decode()
    assert len(pypdfium2.PdfDocument(io.BytesIO(pdf))) >= 1
    assert not list(check_case(next(case_files([play.case]))))


def test_under_a_seal_the_name_alone_bears_the_number_of_the_look(play: Play) -> None:
    """On the desk, as a print and in the API: the bytes are the sealed file's, the name leads back to who took it."""
    play.do("seal-paper", "agency-head", paper="spot-decision")
    row, desk = Paper.objects.get(case=play.case_id, kind="spot-decision"), signed_in(play.person("officer1"))
    here, api = (
        f"/desk/cases/{play.case_id}/papers/{row.pk}",
        f"/api/v1/cases/{play.case_id}/papers/{row.pk}.pdf",
    )
    for answer in (desk.get(f"{here}.pdf"), desk.post(f"{here}/print/", {"copies": "1"}), desk.get(api)):
        assert hashlib.sha256(answer.content).hexdigest() == row.sealed
        assert unquote(answer["Content-Disposition"]).endswith(f"（{answer['X-Watermark']}）.pdf")
    other = Paper.objects.filter(case=play.case_id).exclude(pk=row.pk).earliest("n")
    plain = desk.get(f"/desk/cases/{play.case_id}/papers/{other.pk}.pdf")
    assert plain.status_code == 200 and plain["X-Watermark"] not in plain["Content-Disposition"]


def test_a_paper_is_sealed_once_and_only_where_its_format_has_a_seal(play: Play) -> None:
    answer = refused_everywhere(play.attempt("seal-paper", "agency-head", paper="spot-filing-form"))
    assert "seal.sealable" in answer.guards and "没有制作过" in fact_of(answer, "seal.sealable")
    play.do("seal-paper", "agency-head", paper="spot-decision")
    answer = refused_everywhere(play.attempt("seal-paper", "agency-head", paper="spot-decision"))
    assert "已经加盖电子印章" in fact_of(answer, "seal.sealable")


def test_what_bears_no_seal_is_said_to_bear_none(play: Play) -> None:
    row = Paper.objects.get(case=play.case_id, kind="spot-decision")
    pdf = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/papers/{row.pk}.pdf").content
    assert asked(pdf) == {"valid": False, "seals": []} == asked(b"no pdf at all")
    none = Client().post("/verify/seal/", {"pdf": SimpleUploadedFile("a.pdf", pdf)}).content.decode()
    assert "没有电子印章" in none
    empty = Client().post("/verify/seal/", {})
    assert empty.status_code == 422 and "请选择要核对的 PDF 文件" in empty.content.decode()
    typed = Client().get("/verify/seal/", follow=True)
    assert typed.redirect_chain == [("/verify/#id_pdf", 302)] and 'id="id_pdf"' in typed.content.decode()


class SealPlatform(BaseHTTPRequestHandler):
    """A seal platform as another house runs it: it holds the key and sees a digest, never the text."""

    keys: ec.EllipticCurvePrivateKey
    chain: str
    seen: list[dict[str, Any]]
    broken = False

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen.append(told)
        answer: dict[str, str] = {}
        if self.path == "/certificates":
            answer = {"certificates": type(self).chain}
        elif not type(self).broken:
            digest = bytes.fromhex(told["digest"])
            answer = {
                "signature": type(self).keys.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))).hex()
            }
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[tuple[str, Path, type[SealPlatform]]]:
    """The platform on a free port, and the folder with its root certificate."""
    authority = OwnAuthority(tmp_path / "elsewhere")
    signer = authority.signer("seal-1", "云溪县水务局（平台）")
    key = serialization.load_pem_private_key((tmp_path / "elsewhere" / "seal-1.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey) and signer.signing_cert
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "root.pem").write_bytes((tmp_path / "elsewhere" / "ca.pem").read_bytes())
    chain = "".join((tmp_path / "elsewhere" / f"{name}.pem").read_text() for name in ("seal-1", "ca"))
    handler = type("Handler", (SealPlatform,), {"keys": key, "chain": chain, "seen": [], "broken": False})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", roots, handler
    server.shutdown()
    server.server_close()


def test_a_platform_elsewhere_seals_by_digest_and_its_trouble_is_told(
    play: Play, settings: Any, platform: tuple[str, Path, type[SealPlatform]]
) -> None:
    """It is sent a digest and no text; trusted once its root is; when it answers wrongly or not at all, nothing is sealed."""
    settings.SEAL_URL, roots, handler = platform
    handler.broken = True
    with pytest.raises(Refused, match="应答里没有签名"):
        play.do("seal-paper", "agency-head", paper="spot-decision")
    assert not Paper.objects.get(case=play.case_id, kind="spot-decision").sealed
    handler.broken = False
    play.do("seal-paper", "agency-head", paper="spot-decision")
    row = Paper.objects.get(case=play.case_id, kind="spot-decision")
    pdf = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/papers/{row.pk}.pdf").content
    [unknown] = check(pdf)
    assert unknown.intact and not unknown.trusted
    settings.SEAL_ROOTS = str(roots)
    [known] = check(pdf)
    assert known.valid and known.signer == "云溪县水务局（平台）"
    assert {*handler.seen[-1]} == {"seal", "digest", "digest_algorithm"}
    settings.SEAL_URL = "http://127.0.0.1:9"
    with pytest.raises(Exception, match="签章平台没有应答"):
        seal(pdf, "x", "甲局", "文书", play.moment)


def test_a_copy_without_its_keys_still_checks_what_was_sealed(play: Play, settings: Any) -> None:
    """A backup holds the certificates and, unasked, no key: after it a new authority seals, and the old seals hold."""
    play.do("seal-paper", "agency-head", paper="spot-decision")
    row = Paper.objects.get(case=play.case_id, kind="spot-decision")
    pdf = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/papers/{row.pk}.pdf").content
    folder = Path(settings.DATA) / "seals"
    assert {name for name, _ in key_files(private=False) if name.startswith("seals/")} == {
        f"seals/{file.name}" for file in folder.glob("*.pem")
    }
    for key in folder.glob("*.key"):
        assert key.stat().st_mode & 0o077 == 0
        key.unlink()
    other, _ = seal(pdf_of_nothing(), "another-agency", "乙局", "文书", play.moment)
    assert [one.valid for one in check(pdf)] == [one.valid for one in check(other)] == [True]


def pdf_of_nothing() -> bytes:
    """A page with nothing on it."""
    made = pypdfium2.PdfDocument.new()
    made.new_page(595, 842)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_an_older_paper_of_the_kind_is_checked_like_the_newest(
    clock: Clock, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two notices, both sealed: the command counts both; the older one's file spoilt, exchanged or forgotten by its row is named."""
    settings.SEAL_URL = settings.SEAL_ROOTS = ""
    story = Play(make_office("kaiyuan"), *STORIES["ordinary"], clock)
    clock.now = story.moment
    story.until("interview")
    for wanted in ("进货台账", "销货台账"):
        until = (story.moment.date() + timedelta(days=9)).isoformat()
        story.do("require-materials", "officer1", materials=wanted, provide_by=until)
        story.do("seal-paper", "agency-head", paper="materials-notice")
    older, newer = Paper.objects.filter(case=story.case_id, kind="materials-notice").order_by(
        "issued_on", "n"
    )
    assert older.sealed and newer.sealed and older.sealed != newer.sealed
    told = verified(settings, capsys)
    assert told["valid"] and told["seals"] == {"papers": 2, "files": 2, "untrusted": 0}
    kept = store.papers().path(older.sealed)
    whole = kept.read_bytes()
    kept.chmod(0o600)
    kept.write_bytes(whole[:-9] + b"%" + whole[-8:])
    assert [one["where"] for one in verified(settings, capsys)["faults"] if str(older.pk) in one["where"]]
    kept.write_bytes(whole)
    for other in (None, newer.sealed, older.pdf):
        Paper.objects.filter(pk=older.pk).update(sealed=other, n=story.case.n + 5)
        wrong = [one for one in verified(settings, capsys)["faults"] if str(older.pk) in one["where"]]
        assert wrong and "sealed" in wrong[0]["why"], other
        story.do("require-materials", "officer1", materials="账簿", provide_by=until)


def verified(settings: Any, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command says of the installation."""
    (settings.DATA / "secret.key").touch()
    main(["ledger", "verify", "--json", "--data", str(settings.DATA)])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found
