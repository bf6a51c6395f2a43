"""Half of a file that a killed upload left goes after a day; what still comes in, and what was kept, stays."""

import io
import os
import time
from pathlib import Path

import pytest
from django.conf import settings

from sanxiang.cases import store
from sanxiang.cases.abandoned import sweep
from sanxiang.cases.recording import receiving


def test_only_what_nobody_writes_to_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EVIDENCE_ROOT", "PAPER_ROOT"):
        monkeypatch.setattr(settings, name, tmp_path / name)
        (tmp_path / name).mkdir()
    kept = receiving.receive(io.BytesIO("证据".encode()), "现场照片.jpg", "image/jpeg")
    now = time.time()
    for name, age in (("EVIDENCE_ROOT", 25), ("PAPER_ROOT", 25), ("EVIDENCE_ROOT", 23)):
        file = tmp_path / name / f".new-{age}"
        file.write_bytes(b"half")
        os.utime(file, (now - age * 3600,) * 2)
    whole = store.OnDisk(settings.EVIDENCE_ROOT).path(kept["digest"])
    os.utime(whole, (now - 1e7,) * 2)
    assert sweep(now) == 2
    assert [file.name for file in tmp_path.glob("*/.new-*")] == [".new-23"]
    assert whole.exists() and sweep(now) == 0
