"""`make docs`: write docs/commands.md from the command tree itself. A house test refuses a page that is stale."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from sanxiang.cli import build

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
HEAD = """# Commands

Written by `make docs` from the program; do not edit. Every command also takes `--data DIR` (default: SANXIANG_DATA, otherwise
`var/sanxiang`) and `--json`, before or after its name, and `--help`.
Exit codes: 0 done, 1 the answer is no, 2 wrong usage.
"""
EVERYWHERE = {"help", "data", "json"}


def children(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """(name, help, parser) of each sub-command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            yield from ((name, helps.get(name, ""), child) for name, child in action.choices.items())


def word(action: argparse.Action) -> str:
    """An argument as it is typed: `--from DATE`, `FILE`."""
    metavar = action.metavar if isinstance(action.metavar, str) else None
    if action.choices and not metavar:
        metavar = "|".join(str(choice) for choice in action.choices)
    if not action.option_strings:
        return metavar or action.dest.upper()
    takes_value = action.nargs != 0
    return (
        f"{action.option_strings[-1]} {metavar or action.dest.upper()}"
        if takes_value
        else action.option_strings[-1]
    )


def cell(text: str) -> str:
    """Text that may stand in a Markdown table."""
    return text.replace("|", "\\|")


def section(path: str, help_text: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """The part about one command, then those about its sub-commands."""
    own = [
        a
        for a in parser._actions
        if a.dest not in EVERYWHERE and not isinstance(a, argparse._SubParsersAction)
    ]
    below = list(children(parser))
    if not below or own:
        yield f"\n## `{path}`\n\n{help_text}\n"
        if own:
            yield "\n| argument | meaning |\n| --- | --- |\n"
            yield from (f"| `{cell(word(a))}` | {cell((a.help or '').replace('%%', '%'))} |\n" for a in own)
    for name, child_help, child in below:
        yield from section(f"{path} {name}", child_help, child)


def page() -> str:
    """The whole document."""
    return HEAD + "".join(
        part for name, text, child in children(build()) for part in section(f"sanxiang {name}", text, child)
    )


def main() -> int:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
