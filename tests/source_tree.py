"""The checkout as the house tests read it: its own files, and its Python as syntax trees."""

import ast
import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sanxiang.cli import GROUPS

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {".git", ".venv", ".tools", "var", "fonts", "node_modules", "vendor", "build", "__pycache__"}
"""Folders that set-up fills, or that tools keep beside the sources."""
BINARY = {".png", ".jpg", ".woff2", ".ico", ".pdf", ".xlsx", ".docx", ".zip", ".db"}

ABSENT = [name for name in GROUPS if not (ROOT / "src" / "sanxiang" / "commands" / f"{name}.py").exists()]
when_commands_are_built = pytest.mark.skipif(
    bool(ABSENT), reason=f"commands not built yet: {', '.join(ABSENT)}"
)
"""The command line starts only when each of its groups has a module."""


@dataclass(frozen=True)
class Module:
    """One Python file; `path` is relative to the checkout."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def room(self) -> str:
        """`law`, `desk`, … for src/sanxiang/<room>/…; otherwise the first folder."""
        parts = self.path.parts
        return parts[2] if parts[:2] == ("src", "sanxiang") and len(parts) > 3 else parts[0]


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file of ours, relative to the checkout. Folders that are not ours are not entered: they hold many files."""
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if not foreign(name)]
        found += [Path(folder, name).relative_to(ROOT) for name in names if not foreign(name)]
    return tuple(sorted(found))


def foreign(name: str) -> bool:
    """A file or folder that set-up or a tool has made."""
    return name in NOT_OURS or name.endswith(("_cache", ".egg-info")) or name == ".hypothesis"


def texts(*folders: str) -> Iterator[tuple[Path, str]]:
    """The text files of ours, of some folders or all, with their text."""
    for path in files():
        if path.suffix not in BINARY and (not folders or path.parts[0] in folders):
            yield path, (ROOT / path).read_text(encoding="utf-8")


@functools.cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Python files of the folders, migrations left out: Django writes those."""
    return tuple(
        parsed(path)
        for path in files()
        if path.parts[0] in folders and path.suffix == ".py" and "migrations" not in path.parts
    )


@functools.cache
def parsed(path: Path) -> Module:
    """One file as a tree, read once however many tests ask."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return Module(path, ast.parse(text), text.count("\n"))


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module: methods and nested ones too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def place(module: Module, node: ast.stmt | ast.expr | ast.excepthandler) -> str:
    """`path:line`, as an editor opens it."""
    return f"{module.path}:{node.lineno}"
