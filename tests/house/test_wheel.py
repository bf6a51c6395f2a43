"""An installation that is not the checkout: the wheel brings packs, words, templates and styles, and works without the tree."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from source_tree import ROOT
from wheel import laid_out

CARD = "11010119900307001" + "1"
SENTENCE = f"当事人顾长庚，身份证号码{CARD}，系云溪建材有限公司经理。"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installed package."""
    return laid_out(tmp_path_factory.mktemp("wheel"))


def run(site: Path, *words: str, stdin: str = "") -> str:
    """A command of that installation, in an empty folder, with nothing of the checkout in sight."""
    here = {k: v for k, v in os.environ.items() if not k.startswith("SANXIANG_")}
    here |= {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    code = "import sys, sanxiang.cli as c; assert '/site/' in c.__file__; sys.exit(c.main())"
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        input=stdin,
        env=here,
        cwd=site.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_packs_come_along(unpacked: Path) -> None:
    assert {p.name for p in (unpacked / "sanxiang" / "packs").iterdir()} == {
        p.name for p in (ROOT / "packs").iterdir()
    }
    assert "lingchuan" in run(unpacked, "pack", "list")
    assert json.loads(run(unpacked, "--json", "pack", "show", "huantai"))


def test_names_are_hidden_with_the_words_that_come_along(unpacked: Path) -> None:
    said = run(unpacked, "redact", "-", stdin=SENTENCE)
    assert "顾长庚" not in said and CARD not in said


def test_every_template_style_and_word_list_is_in_it(unpacked: Path) -> None:
    source = ROOT / "src"
    kinds = {".html", ".css", ".toml", ".txt", ".typ", ".js", ".xml", ".csv"}
    wanted = {
        p.relative_to(source)
        for p in (source / "sanxiang").rglob("*")
        if p.suffix in kinds and "vendor" not in p.parts
    }
    assert len(wanted) > 60
    assert not [str(p) for p in wanted if not (unpacked / p).is_file()]
