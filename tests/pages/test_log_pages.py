"""The log's page, the files of an act for whoever may know of it, and that nothing else is told."""

import hashlib
import io
import json
import os
import subprocess
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from board import text
from cast import Cast
from conftest import Player
from openssl import needs_openssl
from play import Play
from sanxiang.cases.models import Paper, Publication
from sanxiang.cli import main
from sanxiang.door.administer import administer
from sanxiang.door.log.installation import record
from sanxiang.door.log.keys import change_key
from sanxiang.ledger import keys
from sanxiang.ledger.export import export
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.proving import proof_of
from sanxiang.ledger.tlog.note import open_checkpoint
from sanxiang.ledger.tlog.proof import open_proof
from signed_log import Sign, witness, write_policy
from source_tree import ROOT
from stamps import reply_at
from system import GO_PACKAGES, GO_SOURCES, go

pytestmark = pytest.mark.django_db
KINDS = ("/", ".leaf", ".json", ".tlog-proof")
NOBODY = "00000000-0000-4000-8000-000000000000"


def some_acts(cast: Cast, first: int = 0) -> None:
    """A few acts that need no case."""
    for number in range(first, first + 5):
        granted = {
            "item_code": f"C-{number}",
            "label": "乱倒垃圾的处罚",
            "basis": "省政府决定",
            "valid_from": "2026-01-01",
        }
        administer("grant-item", cast.bureau, None, granted)


def fetch(client: Client, act: object, kind: str) -> tuple[int, bytes]:
    """An address of an act: status and body."""
    answer = client.get(f"/log/acts/{act}{kind}")
    return answer.status_code, answer.content


def proved(client: Client, act: Act) -> int:
    """The served proof holds for the served leaf under the log's key; the index."""
    status, proof = fetch(client, act.pk, ".tlog-proof")
    leaf = fetch(client, act.pk, ".leaf")[1]
    assert status == 200 and leaf == bytes(act.leaf)
    return open_proof(proof.decode(), leaf, keys.known_keys(keys.origin()))[0]


def test_before_anything_was_signed_the_page_says_so(client: Client, db: None, sign_log: Sign) -> None:
    page = text(client.get("/log/"))
    assert "账本还没有签署检查点" in page and "还没有密钥" in page and "还没有时间戳" in page
    assert client.get("/log/policy").status_code == 404
    assert (
        client.get("/log/stamps/3.tsr").status_code
        == client.get("/log/stamps/3.checkpoint").status_code
        == 404
    )


def test_the_page_tells_up_to_where_who_has_witnessed(client: Client, cast: Cast, sign_log: Sign) -> None:
    some_acts(cast)
    sign_log()
    assert "没有外部见证" in text(client.get("/log/"))
    policy = write_policy()
    assert "还没有达到规定的见证人数" in text(client.get("/log/"))
    row = witness()
    page = text(client.get("/log/"))
    assert f"前 {row.size} 条已经按规则见证" in page and "sfj" in page and "已经签署的全部见证完毕" in page
    assert (
        keys.vkey(keys.origin()) in page.replace("&#x27;", "'") and text(client.get("/log/policy")) == policy
    )
    assert "不可篡改" not in page and "改动必被发现" in page
    # A checkpoint alone names no entry, and two people are shown one log only where they ask for the same quorum.
    assert "但说不出是哪一条" in page and "能指出这一条" in page and "各认各的见证人" in page
    some_acts(cast, 5)
    more = sign_log() - row.size
    page = text(client.get("/log/"))
    assert f"前 {row.size} 条已经按规则见证" in page and f"最近的 {more} 条已经签署，还在等候见证" in page
    (settings.DATA / "policy").write_text("quorum nobody\n", encoding="utf-8")
    assert "见证规则读不出来" in text(client.get("/log/")) and "第 1 行" in text(client.get("/log/"))


def test_the_page_asks_the_database_little(
    client: Client, cast: Cast, sign_log: Sign, django_assert_max_num_queries: object
) -> None:
    some_acts(cast)
    sign_log()
    write_policy()
    witness()
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/log/")


@needs_openssl
def test_stamps_are_served_with_the_bytes_that_were_stamped(
    client: Client, cast: Cast, sign_log: Sign
) -> None:
    some_acts(cast)
    size = sign_log()
    (settings.DATA / "stamps").mkdir()
    reply = reply_at(timezone.now())
    (settings.DATA / "stamps" / f"{size}.tsr").write_bytes(reply)
    page = text(client.get("/log/"))
    assert f'/log/stamps/{size}.tsr"' in page and f"openssl ts -verify -in {size}.tsr" in page
    assert client.get(f"/log/stamps/{size}.tsr").content == reply
    note = client.get(f"/log/stamps/{size}.checkpoint").content.decode()
    assert open_checkpoint(note, keys.known_keys(keys.origin())).size == size


@needs_openssl
def test_a_stamp_that_a_decision_asked_for_is_shown_to_nobody(
    client: Client, sign_log: Sign, tmp_path: Path
) -> None:
    """Its hour would tell when something was decided that is not published yet. Whoever supervises has it in the export."""
    place = settings.DATA / "stamps"
    place.mkdir()
    morning = timezone.localtime().replace(hour=0, minute=1) - timedelta(days=3)
    for number, later in enumerate((0, 9, 24, 24 + 8, 24 + 9), 1):
        record("told", f"第 {number} 步", {}, now=timezone.now())
        size = sign_log()
        # All files are as new as those of a restored backup: the day is the one that the authority tells.
        (place / f"{size}.tsr").write_bytes(reply_at(morning + timedelta(hours=later)))
    page = text(client.get("/log/"))
    answers = {
        size: (
            f"/log/stamps/{size}.tsr" in page,
            client.get(f"/log/stamps/{size}.tsr").status_code,
            client.get(f"/log/stamps/{size}.checkpoint").status_code,
        )
        for size in range(1, 6)
    }
    open_, shut = (True, 200, 200), (False, 404, 404)
    assert answers == {1: open_, 2: shut, 3: open_, 4: shut, 5: shut}
    assert "-data 3.checkpoint" in page and f"{morning:%H:%M}" in page
    export(tmp_path / "out")
    handed = tmp_path / "out/extra/stamps"
    assert len(list(handed.glob("*.tsr"))) == 5
    notes = {size: (handed / f"{size}.checkpoint").read_text(encoding="utf-8") for size in range(1, 6)}
    known = keys.known_keys(keys.origin())
    assert [open_checkpoint(note, known).size for note in notes.values()] == [*notes], "with what was stamped"


@needs_openssl
def test_a_stamp_that_cannot_be_read_hides_what_came_after_it(client: Client, sign_log: Sign) -> None:
    """Nobody knows then whether the next one was its day's first, or a decision's."""
    place = settings.DATA / "stamps"
    place.mkdir()
    sizes = []
    for number in range(3):
        record("told", f"第 {number} 步", {}, now=timezone.now())
        sizes.append(sign_log())
        when = timezone.now() - timedelta(days=9 - number)
        (place / f"{sizes[-1]}.tsr").write_bytes(b"reply" if number == 1 else reply_at(when))
    assert text(client.get("/log/")).count(".tsr</a>") == 1
    assert [client.get(f"/log/stamps/{size}.tsr").status_code for size in sizes] == [200, 404, 404]


def test_the_page_says_what_it_means_that_nobody_witnesses(
    client: Client, cast: Cast, sign_log: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_acts(cast)
    sign_log()
    page = text(client.get("/log/"))
    assert "由外部见证人见证" not in page and "三处一致" not in page and "没有见证人可以对照" in page
    assert "把整本账重做一遍" in page and "本账本还没有外部见证人" in page
    write_policy()
    row = witness()
    page = text(client.get("/log/"))
    assert "由外部见证人见证" in page and "三处一致" in page and "还没有外部见证人" not in page
    some_acts(cast, 5)
    change_key()
    sign_log()
    page = text(client.get("/log/"))
    assert f"前 {row.size} 条已经按规则见证" in page and "是停用的密钥签的" in page
    assert "通常一分钟之内完成" in page
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(hours=1))
    page = text(client.get("/log/"))
    assert "通常一分钟之内完成" not in page and "起没有够数的见证" in page
    witness()
    page = text(client.get("/log/"))
    assert "停用的密钥签的" not in page and "已经签署的全部见证完毕" in page


def test_a_policy_or_key_that_cannot_be_read_is_told_in_a_sentence(
    client: Client, cast: Cast, sign_log: Sign
) -> None:
    """Written on Windows, or damaged: the pages stand."""
    some_acts(cast)
    sign_log()
    (settings.DATA / "policy").write_bytes("# 见证规则\nquorum none\n".encode("gbk"))
    (settings.DATA / "stamps").mkdir()
    for name in ("x.tsr", "007.tsr"):
        (settings.DATA / "stamps" / name).write_bytes(b"foreign")
    for path in ("/log/", "/verify/", "/verify/offline.html"):
        page = client.get(path)
        assert page.status_code == 200 and "见证规则读不出来" in text(page) and "UTF-8" in text(page)
    answer = client.get("/log/policy")
    assert answer.status_code == 503 and "见证规则读不出来" in answer.content.decode()
    (settings.DATA / "policy").unlink()
    assert "见证规则读不出来" not in text(client.get("/verify/"))
    (settings.DATA / "keys" / "ed25519").write_text("zz", encoding="utf-8")
    answer = client.get("/log/vkey")
    assert answer.status_code == 503 and "密钥暂时读不出来" in answer.content.decode()
    assert str(settings.DATA) not in answer.content.decode()
    page = text(client.get("/log/"))
    assert (
        "密钥读不出来" in page
        and "还没有密钥" not in page
        and "还没有签署检查点" not in page.split("调阅账本")[0]
    )
    assert client.get("/verify/").status_code == 200


def test_without_the_private_keys_everything_can_still_be_verified(
    client: Client, cast: Cast, sign_log: Sign
) -> None:
    """Restored without keys, which are kept elsewhere: what was signed is judged by the verifier keys that are kept."""
    some_acts(cast)
    sign_log()
    write_policy()
    row = witness()
    lines, published = keys.vkey_lines(), client.get("/log/vkey").content
    for name in keys.PRIVATES.values():
        (settings.DATA / "keys" / name).unlink()
    page = text(client.get("/log/")).replace("&#x27;", "'")
    assert lines[0] in page and lines[1] in page and "密钥读不出来" not in page
    assert f"前 {row.size} 条已经按规则见证" in page
    for path in ("/verify/", "/verify/offline.html"):
        assert lines[0] in text(client.get(path)).replace("&#x27;", "'")
    assert client.get("/log/vkey").content == published
    with pytest.raises(keys.Unsound):
        keys.signer(keys.origin())


def test_a_retired_key_stays_on_the_page_and_its_proofs_hold(
    client: Client, cast: Cast, sign_log: Sign
) -> None:
    some_acts(cast)
    size = sign_log()
    act = Act.objects.all()[0]
    before = proof_of(act.pk)
    old, new = keys.rotate(timezone.now(), size)
    page = text(client.get("/log/"))
    assert "停用的密钥" in page and old in page and new in page
    assert open_proof(before, bytes(act.leaf), keys.known_keys(keys.origin()))


def test_a_published_decision_bears_its_code_its_proof_and_its_fields(
    client: Client,
    play: Player,
    sign_log: Sign,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played = play("summary")
    row = Publication.objects.get()
    page = text(client.get(f"/decisions/{row.pk}/"))
    assert 'class="code"' in page and "证明文件要等这一步编入账本" in page
    status, waiting = fetch(client, row.act, ".tlog-proof")
    assert status == 503 and "请稍后再取" in waiting.decode()
    sign_log()
    page = text(client.get(f"/decisions/{row.pk}/"))
    for kind in KINDS[1:]:
        assert f'href="/log/acts/{row.act}{kind}"' in page
    act = Act.objects.get(pk=row.act)
    proved(client, act)
    told = json.loads(fetch(client, row.act, ".json")[1])
    digests = json.loads(bytes(act.leaf))["d"]
    shown = {}
    for one in told["disclosures"]:
        assert hashlib.sha256(one.encode()).digest() in [
            urlsafe_b64decode(f"{digest}=") for digest in digests
        ]
        _salt, name, value = json.loads(urlsafe_b64decode(one + "=" * (-len(one) % 4)))
        shown[name] = value
    assert set(shown) == set(Opening.objects.filter(act=act, secrecy="public").values_list("name", flat=True))
    assert shown["public_text"]["result"] == row.result
    assert "已编入账本，序号" in text(client.get(f"/log/acts/{row.act}/"))
    proof = fetch(client, row.act, ".tlog-proof")[1].decode()
    asked = {"vkeys": [keys.vkey(keys.origin())], "leaf": bytes(act.leaf).hex(), "proof": proof}
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(asked).encode() + b"\n")))
    assert main(["tlog", "proof-file"]) == 0
    assert json.loads(capsys.readouterr().out)["valid"] is True
    withdrawn(client, played, sign_log)


def withdrawn(client: Client, played: Play, sign_log: Sign) -> None:
    """A withdrawn decision keeps its proof and loses its fields."""
    old = Publication.objects.get()
    played.withdraw("经行政复议撤销")
    sign_log()
    new = Publication.objects.get()
    assert new.act != old.act
    assert proved(client, Act.objects.get(pk=old.act)) < proved(client, Act.objects.get(pk=new.act))
    assert json.loads(fetch(client, old.act, ".json")[1])["disclosures"] == []
    everything = b"".join(
        fetch(client, act, kind)[1] for act in (old.act, new.act) for kind in KINDS
    ).decode()
    assert "公开字段不再提供" in everything
    for gone in (old.party, old.result, old.facts, old.number):
        assert gone not in everything
    reason = json.loads(fetch(client, new.act, ".json")[1])["disclosures"]
    assert any("经行政复议撤销" in urlsafe_b64decode(one + "==").decode() for one in reason)


def test_of_an_act_that_the_public_may_not_know_of_nothing_is_said(
    client: Client, play: Player, sign_log: Sign
) -> None:
    """Every act there is, asked for by somebody unknown: what is published, or made a paper, and nothing besides."""
    published = play("summary")
    hidden = play("ordinary", "interview")
    sign_log()
    papers = set(Paper.objects.values_list("act", flat=True))
    known = papers | {Publication.objects.get(status="published").act}
    assert Paper.objects.filter(case=hidden.case_id).exists()
    unknown = {kind: fetch(client, NOBODY, kind) for kind in KINDS}
    assert {status for status, _body in unknown.values()} == {404}
    for act in Act.objects.all():
        for kind in KINDS:
            status, body = fetch(client, act.pk, kind)
            if act.pk in known:
                assert status == 200, (act.name, kind)
            else:
                same = unknown[kind][1].decode().replace(NOBODY, "")
                assert (status, body.decode().replace(str(act.pk), "")) == (404, same), (act.name, kind)
            if act.subject == hidden.case_id:
                assert hidden.case.party not in body.decode() and hidden.case.title not in body.decode()
        if act.pk in papers and act.name != "publish":
            assert json.loads(fetch(client, act.pk, ".json")[1])["disclosures"] == []
    assert Act.objects.filter(subject=published.case_id).exclude(pk__in=known).count() > 3


@needs_openssl
def test_a_stranger_checks_a_proof_with_the_shell_and_a_paper_by_its_digest(
    client: Client, play: Player, sign_log: Sign, tmp_path: Path
) -> None:
    """With openssl and no program of ours; without a script in the browser."""
    play("summary", "archive")
    sign_log()
    row = Publication.objects.get()
    (tmp_path / "check.sh").write_bytes(client.get("/log/check.sh").content)
    vkey = text(client.get("/log/vkey")).splitlines()[0]
    for act in (row.act, *Paper.objects.values_list("act", flat=True)[:3]):
        leaf, proof = fetch(client, act, ".leaf")[1], fetch(client, act, ".tlog-proof")[1]
        assert checked(tmp_path, proof, leaf, vkey) == 0
    assert hashlib.sha256(b"\0" + fetch(client, row.act, ".leaf")[1]).hexdigest() == row.leaf_hash
    _head, *rest = proof.decode().split("\n")
    place = 1 if rest[0].startswith("index") else 2
    wrong = [
        (proof, leaf[:-2] + b"x}"),
        (proof.replace(rest[place].encode(), b"A" * 43 + b"="), leaf),
        (proof.replace(rest[place].encode() + b"\n", b""), leaf),
        (proof.replace(rest[0].encode(), b"index 99999"), leaf),
        (proof.replace(b"sanxiang.local", b"sanxiang.lokal"), leaf),
    ]
    for altered, entry in wrong:
        assert checked(tmp_path, altered, entry, vkey) == 1
    digests(client, Paper.objects.exclude(act=row.act)[0])


def digests(client: Client, paper: Paper) -> None:
    """The answer to the digest of a paper's file, on the page and for its script; to any other that there is none."""
    found = text(client.get(f"/verify/?digest= {paper.pdf.upper()}"))
    assert "现行文本" in found and f'href="/log/acts/{paper.act}/"' in found
    assert client.get(f"/log/acts/{paper.act}/").status_code == 200
    for nothing in ("0" * 64, "x", "<b>"):
        assert "没有这份文书" in text(client.get("/verify/", {"digest": nothing}))
    many = {"digest": ["0" * 64] * 11 + [paper.pdf]}
    assert client.get("/verify/papers.json", many).json()["digest"] == paper.pdf
    assert client.get("/verify/papers.json").json() == {"digest": "", "paper": None}


def checked(folder: Path, proof: bytes, leaf: bytes, vkey: str) -> int:
    """The script's verdict: 0 it holds, 1 it does not."""
    (folder / "a.tlog-proof").write_bytes(proof)
    (folder / "a.leaf").write_bytes(leaf)
    done = subprocess.run(
        ["sh", "check.sh", "a.tlog-proof", "a.leaf", vkey],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("不成立" in done.stdout) == (done.returncode == 1), done.stderr
    return done.returncode


@pytest.mark.deep
@pytest.mark.skipif(go() is None, reason=f"needs Debian's {' and '.join(GO_PACKAGES)}")
def test_the_program_of_the_manual_takes_what_is_served_and_no_other(
    client: Client, play: Player, sign_log: Sign, tmp_path: Path
) -> None:
    play("summary", "archive")
    sign_log()
    act = Publication.objects.get().act
    program = (ROOT / "docs/ledger.md").read_text(encoding="utf-8").split("```go\n")[1].split("```")[0]
    (tmp_path / "check.go").write_text(program, encoding="utf-8")
    old = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(GO_SOURCES),
        "GOCACHE": str(tmp_path / "cache"),
    }
    subprocess.run(["go", "build", "-o", "check", "check.go"], cwd=tmp_path, env=old, check=True)
    leaf, proof = fetch(client, act, ".leaf")[1], fetch(client, act, ".tlog-proof")[1]
    vkey = keys.vkey(keys.origin())
    for entry, code in ((leaf, 0), (leaf[:-2] + b"x}", 1)):
        (tmp_path / "a.leaf").write_bytes(entry)
        (tmp_path / "a.tlog-proof").write_bytes(proof)
        done = subprocess.run([tmp_path / "check", "a.tlog-proof", "a.leaf", vkey], cwd=tmp_path, check=False)
        assert done.returncode == code
