"""What `ledger export` hands over while acts go on and witnesses lag behind, by the functions behind the command."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from openssl import needs_openssl
from sanxiang.door.log import anchors
from sanxiang.door.log.installation import record
from sanxiang.door.log.keys import change_key
from sanxiang.door.log.taking import begin_backup
from sanxiang.ledger.export import Lacking, export
from sanxiang.ledger.halt import halt
from sanxiang.ledger.logs import ACTS, HASHES
from sanxiang.ledger.models import Act, Checkpoint
from sanxiang.ledger.tlog import note
from sanxiang.ledger.tlog.verify_export import Asked, Found, verify_export
from signed_log import Sign, witness, write_policy
from signed_log import sign_log as sign_log
from stamps import reply_at

pytestmark = pytest.mark.django_db


def acts(many: int) -> None:
    """Acts of the installation, for which nobody need be there."""
    for number in range(many):
        record("told", f"第 {number} 步", {"number": number}, now=timezone.now())


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def handed_over(target: Path) -> Found:
    """An export made now, as who gets it finds it."""
    export(target)
    return verify_export(target)


def test_a_tile_that_has_filled_up_meanwhile_is_cut(sign_log: Sign, tmp_path: Path) -> None:
    """Publishing runs on between the choice of a checkpoint and the copying of its tiles."""
    acts(3)
    sign_log()
    export(tmp_path / "before")
    early = tmp_path / "early"
    for hash in HASHES:
        shutil.copytree(ACTS.folder(hash), early / hash)
    size = 3
    for width in (5, 256):
        for hash in HASHES:
            for name in ("0", "entries") if hash == "sha256" else ("0",):
                narrow = ACTS.folder(hash) / f"tile/{name}/000.p/{size}"
                longer = (early / hash / f"tile/{name}/000.p/{size}").read_bytes()
                more = bytes(32) if name == "0" else b"\x00\x02{}"
                wide = narrow.with_name(str(width)) if width < 256 else narrow.parent.with_name("000")
                wide.write_bytes(longer + more * (width - size))
                narrow.unlink(missing_ok=True)
                if width == 256:
                    shutil.rmtree(narrow.parent)
        export(tmp_path / f"cut{width}")
        assert files(tmp_path / f"cut{width}") == files(tmp_path / "before")
    (ACTS.folder("sha256") / "tile/entries/000").unlink()
    with pytest.raises(Lacking, match=r"tile/entries/000\.p/3"):
        export(tmp_path / "never")


def test_the_newest_checkpoint_with_quorum_is_shown_and_judged(sign_log: Sign, tmp_path: Path) -> None:
    acts(3)
    sign_log()
    write_policy()
    none = handed_over(tmp_path / "none")
    assert [fault.what for fault in none.faults] == ["cosignature"] and none.witnessed_size is None
    size = witness().size
    whole = handed_over(tmp_path / "whole")
    assert not whole.faults and whole.quorum and whole.witnessed_size == size == 3
    acts(2)
    sign_log()
    later = handed_over(tmp_path / "later")
    assert not later.faults and later.quorum and later.witnessed_size == size
    assert later.checkpoint is not None and later.checkpoint.size == size + 2
    kept = (tmp_path / "later/extra/checkpoint.witnessed").read_text(encoding="utf-8")
    assert kept == (tmp_path / "whole/extra/checkpoint.witnessed").read_text(encoding="utf-8")


def test_a_foreign_file_among_the_stamps_stops_no_stamping(
    sign_log: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts(2)
    size = sign_log()
    place = settings.DATA / "stamps"
    place.mkdir()
    for name in ("x.tsr", "007.tsr", "².tsr", ".tsr", "99999.tsr"):
        (place / name).write_bytes(b"foreign")
    monkeypatch.setenv("SANXIANG_TSA_URL", "http://127.0.0.1:1/")
    monkeypatch.setattr(anchors, "stamp", lambda *_args, **_words: b"reply")
    assert anchors.stamp_due(timezone.now()) == place / f"{size}.tsr"
    assert anchors.stamp_due(timezone.now()) is None


@needs_openssl
def test_the_days_stamp_is_asked_for_though_a_restore_wrote_the_last_one_today(
    sign_log: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yesterday's stamp, in a file that is as new as the restored folder."""
    acts(1)
    place, now = settings.DATA / "stamps", timezone.now()
    place.mkdir()
    (place / f"{sign_log()}.tsr").write_bytes(reply_at(now - timedelta(days=1)))
    acts(1)
    size = sign_log()
    monkeypatch.setenv("SANXIANG_TSA_URL", "http://127.0.0.1:1/")
    monkeypatch.setattr(anchors, "stamp", lambda *_args, **_words: reply_at(now))
    assert anchors.stamp_due(now) == place / f"{size}.tsr"
    acts(1)
    sign_log()
    assert anchors.stamp_due(now) is None


def test_between_a_changed_key_and_the_next_quorum_the_older_key_is_asked_for(
    sign_log: Sign, tmp_path: Path
) -> None:
    """The stranger has the new key alone; what the witnesses saw last bears the one before."""
    acts(2)
    sign_log()
    write_policy()
    size = witness().size
    old, new = map(note.parse_vkey, change_key())
    sign_log()
    export(tmp_path / "out")
    (fault,) = verify_export(tmp_path / "out", Asked((new,))).faults
    assert fault.where == "extra/checkpoint.witnessed" and f"--vkey '{note.format_vkey(old)}'" in fault.why
    assert "换密钥以前" in fault.why
    both = verify_export(tmp_path / "out", Asked((new, old)))
    assert both.faults == [] and both.quorum and both.witnessed_size == size
    assert verify_export(tmp_path / "out").faults == []
    assert "已停用" in (tmp_path / "out/extra/怎样核验.txt").read_text(encoding="utf-8")


def test_a_backup_is_recorded_though_nothing_is_signed(sign_log: Sign) -> None:
    """Of a log that is halted a backup is made, and the act waits like every other."""
    acts(1)
    sign_log()
    halt("别处", 9, 1)
    assert begin_backup({"file": "one.tar"}) == ""
    assert Act.objects.filter(name="backed-up").count() == 1
    assert Checkpoint.objects.filter(size__gt=1).exclude(note="").count() == 0
