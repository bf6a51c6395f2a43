"""Part of `make deep`: a test that carries a row of kind `config` must fail when the locality's pack says something else.

Each `change=(now, otherwise)` of a `carries` mark is made in a copy of the packs, and the test is run on it. A change that breaks the
pack proves nothing; one that the test does not notice makes the mark a false statement.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from sanxiang.commands.requirements import ROWS
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import load_pack
from sanxiang.law.places import packs_root

ROOT = Path(__file__).resolve().parent.parent
ANY = "deep or not deep"
PASSED, FAILED = 0, 1
"""pytest's exit codes."""


def pytest(*words: str, packs: Path) -> int:
    """Run quietly in this checkout on other packs."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", ANY, "-p", "no:cacheprovider", *words]
    here = {**os.environ, "SANXIANG_PACKS": str(packs)}
    return subprocess.run(command, cwd=ROOT, env=here, capture_output=True, check=False).returncode


def claims(folder: Path) -> list[dict[str, Any]]:
    """Every claim of every test."""
    listing = folder / "claims.json"
    if pytest("--collect-only", f"--carries-list={listing}", packs=packs_root()) not in (PASSED, 5):
        raise SystemExit("测试未能收集，请先让 make test 通过。")
    found: list[dict[str, Any]] = json.loads(listing.read_text(encoding="utf-8"))
    return found


def changed_packs(folder: Path, locality: str, now: str, otherwise: str) -> int:
    """Copy the packs and replace the text in the locality's files; the number of places."""
    shutil.copytree(packs_root(), folder)
    places = 0
    for file in [f for f in (folder / locality).rglob("*") if f.suffix in (".md", ".toml")]:
        text = file.read_text(encoding="utf-8")
        places += text.count(now)
        file.write_text(text.replace(now, otherwise), encoding="utf-8")
    return places


def flaw(claim: dict[str, Any], folder: Path) -> str:
    """Why the change proves nothing; empty when the test noticed it."""
    now, otherwise = claim["change"]
    if not changed_packs(folder, claim["locality"], now, otherwise):
        return f"规则包里没有“{now}”"
    try:
        load_pack(claim["locality"], folder)
    except PackError as error:
        return f"改动后规则包无法载入：{error}"
    code = pytest(claim["test"], packs=folder)
    return "" if code == FAILED else "改动后测试仍然通过" if code == PASSED else f"测试未能运行（{code}）"


def main() -> int:
    """Try each change once; 1 when a mark turns out false, or a claimed config row has no change to try."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        config = {row["id"] for row in csv.DictReader(file) if row["kind"] == "config"}
    wrong = []
    with tempfile.TemporaryDirectory(prefix="sanxiang-packs-") as name:
        all_claims = [c for c in claims(Path(name)) if c["row"] in config]
        tried = [c for c in all_claims if c["change"]]
        for number, claim in enumerate(tried):
            if why := flaw(claim, Path(name) / str(number)):
                wrong.append(f"{claim['row']} {claim['test']}：{why}")
    untried = {c["row"] for c in all_claims} - {c["row"] for c in tried}
    wrong += [f"{row}：声明已验证，但没有给出 change=" for row in sorted(untried)]
    print("\n".join([*wrong, f"试改 {len(tried)} 处，未被发现或无法试改 {len(wrong)} 处。"]))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
