"""What must start without Django does: the law, the ledger's mathematics, the command line and its pure commands."""

import subprocess
import sys
from pathlib import Path

import pytest

from source_tree import ROOT, modules, when_commands_are_built

PURE_COMMANDS = (
    "requirements --json",
    "workday 2024-10-01 --json",
    "deadline --from 2024-09-27 --days 7 --unit working --json",
    "identify idcard 1 --json",
    "pack list --json",
    "procedure list --json",
    "witness list --data var/no-such-witness",
)


def loads_django(code: str, *words: str) -> str:
    """What a fresh Python says after running the code: `True` when Django came with it."""
    script = f"{code}\nimport sys; print('django' in sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stderr.strip().splitlines()[-1]


def dotted(path: Path) -> str:
    """src/sanxiang/law/packs.py → sanxiang.law.packs"""
    return ".".join(path.with_suffix("").parts[1:]).removesuffix(".__init__")


def test_the_law_and_the_logs_mathematics_load_without_django() -> None:
    pure = [dotted(m.path) for m in modules("src") if m.room == "law" or m.path.parent.name == "tlog"]
    assert "sanxiang.ledger.tlog.tree" in pure and "sanxiang.law.clock" in pure
    assert loads_django("\n".join(f"import {name}" for name in pure)) == "False"


@when_commands_are_built
def test_building_the_command_line_loads_no_django() -> None:
    assert loads_django("from sanxiang.cli import build; build()") == "False"


@when_commands_are_built
@pytest.mark.parametrize("command", PURE_COMMANDS)
def test_a_pure_command_loads_no_django(command: str) -> None:
    code = "import sys; from sanxiang.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass"
    assert loads_django(code, *command.split()) == "False"
