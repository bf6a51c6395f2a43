"""The policy file is read in one place, and whoever needs it says in one sentence why it cannot be used."""

from pathlib import Path

import pytest
from django.conf import settings

from sanxiang.cli import main
from sanxiang.custody import outside
from sanxiang.door.log.installation import record
from sanxiang.door.log.witnessing import Rest, witness_once
from sanxiang.ledger import verify_notes
from sanxiang.ledger.export import export
from sanxiang.ledger.standing import PolicyUnsound, policy_of, standing_of
from signed_log import Sign, write_policy
from signed_log import sign_log as sign_log

pytestmark = pytest.mark.django_db
BROKEN = {
    "in GBK": ("# 见证规则\nquorum none\n".encode("gbk"), "UTF-8"),
    "with a mark at its head": (b"\xef\xbb\xbfquorum none\n", "BOM"),
    "from Windows": (b"quorum none\r\n", "Windows"),
    "of a witness that is not there": (b"quorum nobody\n", "第 1 行"),
    "of nothing": (b"\n", "quorum"),
}


@pytest.mark.parametrize("name", [*BROKEN, "a folder"])
def test_everybody_says_the_same_of_a_broken_policy(name: str, sign_log: Sign) -> None:
    record("noted", "记事", {})
    sign_log()
    data, why = BROKEN.get(name, (b"", "权限"))
    place = settings.DATA / "policy"
    place.mkdir() if name == "a folder" else place.write_bytes(data)
    with pytest.raises(PolicyUnsound) as told:
        policy_of()
    assert why in str(told.value) and "policy" in str(told.value) and "请" in str(told.value)
    with pytest.raises(PolicyUnsound) as asked:
        witness_once(Rest())
    with pytest.raises(outside.Unusable) as recovering:
        outside.witnesses()
    (fault,) = verify_notes.policy()[1]
    assert {str(asked.value), str(recovering.value), fault.why} == {str(told.value)}
    assert standing_of().fault == str(told.value)


def test_a_policy_that_can_be_read_is_used(sign_log: Sign) -> None:
    sign_log()
    assert policy_of().witnesses == () and outside.witnesses() == []
    write_policy()
    assert [one.name for one in policy_of().witnesses] == ["sfj"] and verify_notes.policy()[1] == []


def test_a_broken_policy_goes_into_no_export(
    sign_log: Sign, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_log()
    monkeypatch.setenv("SANXIANG_DATA", str(settings.DATA))
    (settings.DATA / "secret.key").write_text("x", encoding="utf-8")
    (settings.DATA / "policy").write_bytes("# 见证规则\nquorum none\n".encode("gbk"))
    with pytest.raises(PolicyUnsound, match="UTF-8"):
        export(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert main(["ledger", "export", str(tmp_path / "out"), "--data", str(settings.DATA)]) == 1
    assert (
        "policy 不是 UTF-8 编码，请另存为 UTF-8" in capsys.readouterr().err
        and not (tmp_path / "out").exists()
    )
