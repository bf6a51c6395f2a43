"""A restore that cannot ask what it was told to ask leaves nothing that could sign."""

import shutil
from collections.abc import Callable
from pathlib import Path

from installation import Installation


def test_what_cannot_be_asked_leaves_no_installation_that_signs(
    installations: Callable[[], Installation], tmp_path: Path
) -> None:
    """A mistyped place, a checkpoint that bears no signature of ours: the command that is put right finds the folder as it was."""
    old, saved = installations(), tmp_path / "saved.tar"
    old.init("kaiyuan", "开原市司法局（试）")
    old.json("backup", str(saved))
    log = tmp_path / "log"
    shutil.copytree(old.data / "log", log)
    head, _, rest = (log / "checkpoint").read_text(encoding="utf-8").partition("\n\n")
    (log / "checkpoint").write_text(f"{head}\n\n{rest[:-8]}AAAA{rest[-4:]}", encoding="utf-8")
    new = installations()
    shutil.rmtree(new.data, ignore_errors=True)
    for seen, said in ((tmp_path / "nowhere", "没有"), (log, "没有本账本的有效签名")):
        done = new.run("restore", str(saved), "--no-erasures", "--seen", str(seen))
        assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
        assert not new.data.exists() or not list(new.data.iterdir())
    told = new.json("restore", str(saved), "--no-erasures", "--seen", str(old.data))
    assert told["verified"]
