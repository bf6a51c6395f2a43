"""Packs that say something else than those shipped: what follows when a locality changes its rules."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest

from sanxiang.law.places import packs_root

Alter = Callable[..., Path]


@pytest.fixture
def alter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Alter]:
    """`alter(locality, (now, otherwise), …, add=text)`: the packs in use are a copy in which the locality says otherwise.

    Each time anew from what is shipped; every change must find its place. `add` joins the scheme under a clause of its own.
    Returns the folder of the packs.
    """
    made: list[Path] = []
    shipped = packs_root()

    def change(locality: str, *changes: tuple[str, str], add: str = "") -> Path:
        root = copytree(shipped, tmp_path / f"packs{len(made)}")
        made.append(root)
        places = [f for f in (root / locality).rglob("*") if f.suffix in (".md", ".toml")]
        for now, otherwise in changes:
            found = [f for f in places if now in f.read_text(encoding="utf-8")]
            assert found, f"the pack of {locality} says nothing of {now}"
            for file in found:
                file.write_text(file.read_text(encoding="utf-8").replace(now, otherwise), encoding="utf-8")
        if add:
            (root / locality / "补充.md").write_text(ADDED + add, encoding="utf-8")
        monkeypatch.setenv("SANXIANG_PACKS", str(root))
        return root

    yield change


ADDED = """# 本单位补充规定

```toml instrument
id = "补充规定"
name = "本单位补充规定"
kind = "operator"
version = 2026-01-01
effective_from = 2026-01-01
```

## 第一条

本单位为试用而加的规则。

"""


def said(key: str, value: str) -> tuple[str, str]:
    """The change that sets a parameter which the scheme leaves open; the value in TOML."""
    return f'key = "{key}"\nset = false', f'key = "{key}"\nvalue = {value}'
