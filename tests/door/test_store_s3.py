"""Papers and evidence in a real S3 server over a socket: kept once, read in parts, and nothing lost when it is away."""

import ast
import contextlib
import hashlib
import io
import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

import object_store
from api_client import token_for
from clockwork import Clock
from filed import case_with_a_file
from knocks import signed_in
from object_store import NoObjectStore, ObjectStore
from play import Play
from sanxiang.cases import store, store_probe
from sanxiang.cases.models import Evidence, Paper
from sanxiang.cases.papers.typeset import save
from sanxiang.cases.recording.receiving import Unacceptable, receive
from sanxiang.cases.shelves import StoreFault, digest_in, named
from sanxiang.cases.store_place import Place
from sanxiang.cases.store_s3 import OnS3, client_of, md5_of
from sanxiang.cli import main
from sanxiang.door.attempts import NotKept
from sanxiang.ledger.models import Act
from source_tree import ROOT

BUCKET = "sanxiang"


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectStore]:
    """One server for all tests; each has a prefix of its own."""
    with contextlib.ExitStack() as stack:
        try:
            made = stack.enter_context(object_store.running())
        except NoObjectStore as reason:
            pytest.skip(str(reason))
        client_of(place_in(made)).create_bucket(Bucket=BUCKET)
        yield made


def place_in(server: ObjectStore) -> Place:
    """A part of the bucket that nobody has used."""
    prefix = f"{secrets.token_hex(4)}/"
    return Place(server.endpoint, BUCKET, prefix, object_store.REGION, server.key, server.secret)


@pytest.fixture
def place(server: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    """The store of this test, chosen in the settings; the folders of the disk must stay empty."""
    found = place_in(server)
    monkeypatch.setattr(settings, "STORE", found)
    (Path(settings.DATA) / "secret.key").touch()  # what commands know an installation by
    monkeypatch.setattr(settings, "EVIDENCE_ROOT", tmp_path / "evidence")
    monkeypatch.setattr(settings, "PAPER_ROOT", tmp_path / "papers")
    return found


def objects(place: Place) -> dict[str, bytes]:
    """What the server says it has of this test, asked without the product's own code."""
    client = client_of(place)
    rows = client.list_objects_v2(Bucket=BUCKET, Prefix=place.prefix).get("Contents", ())
    return {row["Key"]: client.get_object(Bucket=BUCKET, Key=row["Key"])["Body"].read() for row in rows}


def replace_object(place: Place, digest: str, body: bytes) -> None:
    """What somebody with the keys may do behind our back."""
    key = f"{place.prefix}evidence/{named(digest)}"
    client_of(place).put_object(Bucket=BUCKET, Key=key, Body=body)


def taken(data: bytes) -> dict[str, Any]:
    """A file of evidence that came in."""
    return receive(io.BytesIO(data), "记录.bin", "application/octet-stream")


def test_a_file_is_put_read_in_parts_and_listed(place: Place) -> None:
    data = secrets.token_bytes(3_000_000)
    told, kept = taken(data), store.evidence()
    digest = hashlib.sha256(data).hexdigest()
    assert (told["digest"], told["sm3"]) == (digest, hashlib.new("sm3", data).hexdigest())
    assert kept.exists(digest) and kept.size(digest) == len(data)
    assert kept.open(digest).read() == data
    assert kept.open(digest, 1_000_000).read() == data[1_000_000:]
    assert kept.open(digest, 17, 100).read() == data[17:117]
    assert kept.open(digest, 17, 0).read() == b""
    other = taken(b"a second file")["digest"]
    assert list(kept.digests()) == sorted((digest, other))
    assert list(store.papers().digests()) == []
    assert not list(settings.DATA.glob("incoming/*")) and not settings.EVIDENCE_ROOT.exists()
    for missing in (kept.open, kept.size):
        with pytest.raises(FileNotFoundError):
            missing("0" * 64)


def test_the_same_bytes_are_kept_once_and_never_sent_again(place: Place, server: ObjectStore) -> None:
    first = taken(b"the same bytes")
    key = f"{place.prefix}evidence/{named(first['digest'])}"
    before = client_of(place).head_object(Bucket=BUCKET, Key=key)["LastModified"], sorted(server.pieces())
    assert taken(b"the same bytes")["digest"] == first["digest"]
    assert (
        client_of(place).head_object(Bucket=BUCKET, Key=key)["LastModified"],
        sorted(server.pieces()),
    ) == before
    assert list(objects(place)) == [key]


def test_papers_lie_beside_evidence(place: Place) -> None:
    digest = save(b"%PDF-1.7 a paper", store.papers())
    assert save(b"%PDF-1.7 a paper", store.papers()) == digest
    assert objects(place) == {f"{place.prefix}papers/{named(digest)}": b"%PDF-1.7 a paper"}


def test_what_is_put_is_read_back(place: Place, tmp_path: Path) -> None:
    """A store that keeps something else than it was given is found out at once, and so is one that was changed before."""
    fresh = tmp_path / "fresh"
    fresh.write_bytes(b"what was given")
    with pytest.raises(StoreFault, match="与校验值不符"):
        store.evidence().put(fresh, "a" * 64)
    told = taken(b"kept well")
    replace_object(place, told["digest"], b"changed!!")
    with pytest.raises(Unacceptable, match=r"没有保存.*与校验值不符"):
        taken(b"kept well")
    assert b"changed!!" in objects(place).values()


def test_a_wrong_secret_is_refused_in_chinese(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "STORE", replace(place, secret_key="wrong"))
    with pytest.raises(Unacceptable, match=r"不认可本系统的密钥.*SANXIANG_S3_SECRET_KEY"):
        taken(b"anything")
    assert "不认可本系统的密钥" in store_probe.works(replace(place, secret_key="wrong"))
    assert "没有存储桶 nowhere" in store_probe.works(replace(place, bucket="nowhere"))


def test_object_lock_that_only_pretends_is_found_out(place: Place) -> None:
    """Swift takes the retention for the object. It is tried on an object of our own, and the others are as they were."""
    digest = taken(b"evidence beside the probe")["digest"]
    before = objects(place)
    assert store_probe.works(place) == ""
    assert store_probe.lock(place).state == store_probe.LOOSE
    assert objects(place) == before and digest_in(store.evidence(), digest) == digest


def test_only_the_probe_can_remove_and_only_it_sends_a_retention() -> None:
    """Of all modules, by name: what no code calls no page can reach."""
    words = {"delete_object", "delete_objects", "put_object_retention", "put_object_legal_hold"}
    found = {
        (path.relative_to(ROOT / "src").as_posix(), node.attr)
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in words
    }
    probe = "sanxiang/cases/store_probe.py"
    assert found == {(probe, "delete_object"), (probe, "put_object_retention")}
    assert not {"remove", "delete"} & {name for name in dir(OnS3) if not name.startswith("_")}


@pytest.fixture
def play(place: Place, clock: Clock) -> Play:
    """A case whose papers and photo came into the store by acts."""
    return case_with_a_file("kaiyuan", clock)


def verify() -> tuple[int, dict[str, Any]]:
    """`sanxiang ledger verify --case --json` would look at one case; here all are looked at."""
    return command("ledger", "verify")


def command(*words: str) -> tuple[int, dict[str, Any]]:
    """`sanxiang WORDS --json`, in this process."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main([*words, "--json", "--data", str(settings.DATA)])
    return code, json.loads(out.getvalue())


@pytest.mark.django_db
def test_a_whole_case_lives_in_the_store(play: Play, place: Place) -> None:
    """Acts with papers and evidence, their pages, the scrub; then an object altered behind our back is found by all."""
    piece, papers = Evidence.objects.get(case=play.case_id), Paper.objects.filter(case=play.case_id)
    names = {f"evidence/{named(piece.digest)}", *(f"papers/{named(p.pdf)}" for p in papers)}
    assert {key.removeprefix(place.prefix) for key in objects(place)} == names and len(names) > 2
    assert not settings.EVIDENCE_ROOT.exists() and not settings.PAPER_ROOT.exists()
    client = signed_in(play.person("officer1"))
    answer = client.get(f"/desk/cases/{play.case_id}/evidence/{piece.pk}/")
    assert hashlib.sha256(b"".join(answer)).hexdigest() == piece.digest
    answer = client.get(f"/desk/cases/{play.case_id}/papers/{papers[0].pk}.pdf")
    original = answer.content[: int(answer["X-Original-Length"])]
    assert hashlib.sha256(original).hexdigest() == papers[0].pdf
    code, told = command("scrub", "--all")
    assert code == 0 and told["read"] == len(names)

    replace_object(place, piece.digest, b"another picture")
    code, told = verify()
    assert code == 1 and any(f"（{piece.pk}）" in f["where"] and "被改动" in f["why"] for f in told["faults"])
    code, told = command("scrub", "--all")
    assert code == 1
    assert [(f["fault"], f["cited"][0]["id"]) for f in told["faults"]] == [("altered", str(piece.pk))]


@pytest.mark.django_db
def test_nothing_is_lost_while_the_server_is_away(play: Play, place: Place, server: ObjectStore) -> None:
    """Act, upload and page are refused in Chinese; what was sent before and what is sent again afterwards is all there."""
    before, stored = (play.case.n, Act.objects.count()), objects(place)
    piece = Evidence.objects.get(case=play.case_id)
    token = token_for(play.person("officer1"))
    client = Client(headers={"authorization": f"Bearer {token}"})
    sent = {"file": io.BytesIO(b"a note taken while the server was away")}
    sent["file"].name = "笔录.txt"  # type: ignore[attr-defined]
    server.stop("proxy")
    try:
        with pytest.raises(NotKept, match=r"暂时连不上文件存储服务.*这一步没有保存"):
            play.step()
        answer = client.post("/api/v1/files", sent)
        assert answer.status_code == 503 and answer.json()["error"]["code"] == "unavailable"
        page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/evidence/{piece.pk}/")
        assert page.status_code == 503 and "暂时连不上文件存储服务" in page.content.decode()
        for words in (["scrub"], ["ledger", "verify"]):
            told = io.StringIO()
            with contextlib.redirect_stderr(told):
                assert main([*words, "--data", str(settings.DATA)]) == 1
            assert "暂时连不上文件存储服务" in told.getvalue()
    finally:
        server.start("proxy")
    assert (play.case.n, Act.objects.count()) == before and objects(place) == stored
    assert not list(settings.DATA.glob("incoming/*"))
    play.step()
    sent["file"].seek(0)
    answer = client.post("/api/v1/files", sent)
    assert answer.status_code == 201
    assert objects(place).items() > stored.items()
    assert play.case.n == before[0] + 1
    assert digest_in(store.evidence(), answer.json()["digest"]) == answer.json()["digest"]
    assert not [f for f in verify()[1]["faults"] if f["what"] in ("paper", "evidence")]


def test_the_line_is_checked_by_the_store_too(tmp_path: Path) -> None:
    """RFC 1864, Appendix."""
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert md5_of(file) == "1B2M2Y8AsgTpgAmY7PhCfg=="
