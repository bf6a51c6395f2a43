"""核对移交包：python3 核对.py。只用 Python 自带的功能，不连网络，不需要本系统。

逐件核对：清单上的案卷都在、没有多出的；每件的全部文件与其校验清单一致；账本里移交这一步的条目就是移交清单上的校验值。
各件“账本”文件夹里另有一份脚本，核对每一步在公开账本里的证明。
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

MANIFESTS = ("manifest-sha256.txt", "tagmanifest-sha256.txt")


def digest(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    running = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            running.update(piece)
    return running.hexdigest()


def listed(folder: Path, manifest: str) -> dict[str, str]:
    """What a manifest says: digest by name."""
    lines = (folder / manifest).read_text(encoding="utf-8").splitlines()
    return {name: value for value, _, name in (line.partition("  ") for line in lines)}


def folder_faults(folder: Path, manifests: tuple[str, ...], whole: bool) -> Iterator[str]:
    """Files that are gone, altered or, where the manifests name all (`whole`), not named."""
    named: dict[str, str] = {}
    for manifest in manifests:
        if not (folder / manifest).is_file():
            yield f"{folder.name}：没有 {manifest}"
            return
        named |= listed(folder, manifest)
    for name, value in named.items():
        file = folder / name
        if not file.is_file():
            yield f"{folder.name}：缺少 {name}"
        elif digest(file) != value:
            yield f"{folder.name}：{name} 与校验值不符"
    there = (
        {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} if whole else set()
    )
    yield from (f"{folder.name}：多出 {name}" for name in sorted(there - set(named) - {manifests[-1]}))


def case_faults(folder: Path, row: dict[str, str | int]) -> Iterator[str]:
    """One case: its bag, and the entry of the hand-over in the ledger."""
    if not folder.is_dir():
        yield f"清单上的 {row['archive_no']}（{row['code']}）不在包里"
        return
    yield from folder_faults(folder, MANIFESTS, True)
    leaves = list((folder / "账本").glob(f"{int(row['n']):03d} *.leaf.json"))
    found = [hashlib.sha256(b"\0" + leaf.read_bytes()).hexdigest() for leaf in leaves]
    if found != [row["digest"]]:
        yield f"{folder.name}：账本里移交的条目与移交清单上的校验值不符"


def main(root: Path) -> int:
    """Print what is wrong; 1 where something is."""
    rows = json.loads((root / "移交清单.json").read_text(encoding="utf-8"))["files"]
    faults = list(folder_faults(root, MANIFESTS[:1], False))
    for row in rows:
        faults += case_faults(root / "案卷" / str(row["code"]), row)
    bags = {folder.name for folder in (root / "案卷").glob("*")}
    faults += [f"包里多出清单上没有的 {name}" for name in sorted(bags - {str(row["code"]) for row in rows})]
    for fault in faults:
        print(f"- {fault}")
    print(f"核对不通过：{len(faults)} 处" if faults else f"核对通过：{len(rows)} 件案卷与移交清单一致")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
