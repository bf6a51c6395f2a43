"""Dependencies: what is imported is asked for, what is asked for is used, explained and locked by digest."""

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from source_tree import ROOT, modules, when_commands_are_built

LOADED_BY_NAME = {
    "argon2-cffi",
    "psycopg",
    "setuptools",
    "gunicorn",
    "whitenoise",
    "django-axes",
    "django-htmx",
}
"""Used without an import of ours: by Django's settings, by pip, or as a program."""
LOCKS = {
    "requirements.txt": ["requirements.in"],
    "requirements-dev.txt": ["requirements.in", "requirements-dev.in"],
    "tools/frontend/node-requirements.txt": ["tools/frontend/node-requirements.in"],
}


def canonical(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(file: str) -> set[str]:
    """Names in a requirements.in."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {
        canonical(re.split(r"[<>=\[~!]", line)[0].strip()) for line in lines if line and line[0] not in "#-"
    }


def roots_imported() -> set[str]:
    """First words of all imports in the product that are neither ours nor Python's."""
    found: set[str] = set()
    for module in modules("src"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"sanxiang"}


def test_everything_imported_is_asked_for() -> None:
    providers = packages_distributions()
    asked = asked_for("requirements.in")
    missing = [r for r in roots_imported() if not asked & {canonical(d) for d in providers.get(r, ())}]
    assert not missing, f"not in requirements.in: {missing}"


@when_commands_are_built
def test_everything_asked_for_is_used() -> None:
    providers = packages_distributions()
    used = {canonical(d) for root in roots_imported() for d in providers.get(root, ())}
    idle = asked_for("requirements.in") - used - LOADED_BY_NAME
    assert not idle, f"nobody imports: {sorted(idle)}"


def test_everything_asked_for_is_explained() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = {canonical(name) for name in re.findall(r"`([^`]+)`", text)}
    asked = set().union(*map(asked_for, ("requirements.in", "requirements-dev.in")))
    frontend = json.loads((ROOT / "tools/frontend/package.json").read_text(encoding="utf-8"))
    asked |= {canonical(name) for kind in ("dependencies", "devDependencies") for name in frontend[kind]}
    assert not asked - explained, f"not in docs/dependencies.md: {sorted(asked - explained)}"


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_pin_what_is_asked_for_by_digest(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE))
    asked = set().union(*map(asked_for, LOCKS[lock]))
    assert asked <= {canonical(name) for name in pinned}
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if "==" in entry.split("\n")[0]]
    assert all("--hash=sha256:" in entry for entry in entries) and len(entries) == len(pinned)
    assert "://" not in text, "a lock carries no address of a registry"


def test_the_two_python_locks_agree() -> None:
    run, dev = (
        dict(
            re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
        )
        for lock in ("requirements.txt", "requirements-dev.txt")
    )
    assert run.items() <= dev.items()


def test_the_npm_lock_has_digests_and_no_addresses() -> None:
    lock = json.loads((ROOT / "tools/frontend/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(
        "resolved" not in entry and entry["integrity"].startswith("sha512-") for entry in packages.values()
    )
