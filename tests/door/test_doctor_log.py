"""What `doctor` says of the log before outsiders: each thing that is wrong is named with its cure, and nothing else is."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from sanxiang.cli import main
from sanxiang.door.log.installation import record
from sanxiang.ledger import access, keys
from sanxiang.ledger.access_sequencer import publish_accesses, sequence_accesses
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.tlog import note
from signed_log import LOOK, Sign, witness, witness_key, write_policy
from signed_log import sign_log as sign_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor(sign_log: Sign, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """`doctor("账本见证")` runs the command and gives that finding; an act is signed already."""
    monkeypatch.setenv("SANXIANG_DATA", str(settings.DATA))
    (settings.DATA / "secret.key").write_text("x", encoding="utf-8")
    record("anchor", "试", {})
    sign_log()

    def run(what: str, later: timedelta = timedelta(hours=1)) -> tuple[bool, str]:
        now = timezone.now
        with monkeypatch.context() as patched:
            patched.setattr(timezone, "now", lambda: now() + later)
            main(["doctor", "--json", "--data", str(settings.DATA)])
        found = {
            one["what"]: (one["ok"], one["text"]) for one in json.loads(capsys.readouterr().out)["checks"]
        }
        return found[what]

    return run


def rewrite(old: str, new: str) -> None:
    """Change the policy."""
    file = settings.DATA / "policy"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_log_without_witnesses_is_told_as_such(doctor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ok, told = doctor("账本见证")
    assert ok and "还没有外部见证" in told
    main(["doctor", "--data", str(settings.DATA)])
    said = capsys.readouterr().out
    assert "待办　账本见证：" in said and "正常　调阅账本：" in said
    assert doctor("调阅账本") == (True, "签到最新")


def test_a_broken_policy_is_named(doctor: Any) -> None:
    (settings.DATA / "policy").write_text("quorum nobody\n", encoding="utf-8")
    ok, told = doctor("账本见证")
    assert not ok and "第 1 行" in told and "请改正" in told


def test_a_witness_that_never_came_or_stays_behind_is_named(doctor: Any, sign_log: Sign) -> None:
    write_policy()
    assert doctor("账本见证", timedelta(seconds=10))[0]
    ok, told = doctor("账本见证")
    assert not ok and "见证人 sfj 还没有见证过，落后 1 条" in told and "没有网址" in told
    rewrite(
        note.format_vkey(witness_key()), f"{note.format_vkey(witness_key())} https://witness.example.gov.cn"
    )
    witness()
    ok, told = doctor("账本见证")
    assert ok and "sfj 见证到第 1 条" in told and "按规则见证到第 1 条" in told
    record("anchor", "试", {})
    sign_log()
    ok, told = doctor("账本见证")
    since = timezone.localtime(Checkpoint.objects.get(size=2).created)
    assert not ok and "只见证到第 1 条，落后 1 条" in told and f"{since:%Y年}" in told
    assert "https://witness.example.gov.cn 连得上" in told and "登记本账本现用的验证密钥" in told


def test_a_log_key_of_the_policy_that_is_not_ours_is_named(doctor: Any, sign_log: Sign) -> None:
    write_policy()
    witness()
    ours = keys.vkey(keys.origin())
    other = note.format_vkey(note.Key(keys.origin(), note.ED25519, note.public_key(b"o" * 32)))
    rewrite(ours, other)
    ok, told = doctor("账本见证")
    assert not ok and f"log {other} 不是" in told and f"请改成 log {ours}" in told
    rewrite(other, ours)
    assert doctor("账本见证")[0]
    _old, new = keys.rotate(timezone.now(), 1)
    ok, told = doctor("账本见证")
    assert not ok and "只有停用的密钥" in told and f"请改成 log {new}" in told
    rewrite(f"log {ours}\n", f"log {ours}\nlog {new}\n")
    assert doctor("账本见证")[0]


def test_looks_that_are_not_signed_are_named(doctor: Any) -> None:
    access.record(LOOK, timezone.now())
    ok, told = doctor("调阅账本")
    assert not ok and "等候编号" in told and "sanxiang serve" in told
    (year,) = sequence_accesses()
    ok, told = doctor("调阅账本")
    assert not ok and f"{year} 年的调阅账本" in told and "没有签" in told
    publish_accesses(year)
    assert doctor("调阅账本")[0]


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("http://localhost:8000", False),
        ("http://127.0.0.1", False),
        ("zfj.example.gov.cn", False),
        ("http://[::1", False),
        ("https://zfj.example.gov.cn", True),
    ],
)
def test_an_address_that_no_reader_reaches_is_named_once_papers_bear_it(
    address: str, reachable: bool, doctor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PUBLIC_ADDRESS", address)
    ok, told = doctor("公众网址")
    assert ok and (address in told) and ("SANXIANG_ADDRESS" in told) != reachable
    monkeypatch.setattr("sanxiang.cases.models.Paper.objects.exists", lambda: True)
    ok, told = doctor("公众网址")
    assert ok == reachable and ("二维码不会改变" in told) != reachable
