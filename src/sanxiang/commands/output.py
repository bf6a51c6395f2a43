"""How a command speaks: JSON alone on stdout, or plain words for people; errors are one Chinese sentence."""

import argparse
import json
import sys
from typing import Any


class Wrong(Exception):
    """The answer is no, or the input cannot be used. The message says what, where and what to do."""


def say(args: argparse.Namespace, value: Any, text: str | None = None) -> None:
    """Print `value` as JSON when --json was given, otherwise `text` (or the JSON when there is no text)."""
    if getattr(args, "json", False) or text is None:
        print(
            json.dumps(value, ensure_ascii=False, indent=None if isinstance(value, list) else 2, default=str)
        )
    else:
        print(text)


def note(text: str) -> None:
    """Progress and remarks go to stderr, so that stdout stays machine-readable."""
    print(text, file=sys.stderr)
