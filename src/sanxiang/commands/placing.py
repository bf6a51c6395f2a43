"""After an act was done from the console: give it its place in the log, or say why it waits. Done it is in either case."""

import importlib

from sanxiang.commands.output import note


def place() -> None:
    """Sequence what is pending. A log that stands still, and a server that is at the same work, are no fault of the act."""
    sequencing = importlib.import_module("sanxiang.ledger.sequencer")
    publishing = importlib.import_module("sanxiang.ledger.publish")
    try:
        sequencing.sequence_all()
    except sequencing.Overtaken:
        return  # the other one places it
    except publishing.TROUBLES as trouble:
        note(f"已经办理，等候编号：{trouble}")
