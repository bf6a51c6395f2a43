"""Have everything that waits numbered and signed, where a command needs the log as far as it goes."""

import importlib

from sanxiang.commands.output import Wrong


def brought_up() -> None:
    """Every act that waits has its place and is signed. Raises Wrong."""
    publishing = importlib.import_module("sanxiang.ledger.publish")
    try:
        importlib.import_module("sanxiang.ledger.sequencer").sequence_all()
        publishing.publish()
    except publishing.TROUBLES as error:
        raise Wrong(str(error)) from error


def written_out() -> None:
    """Sign every log up to where it is now: whoever verifies next shall not miss files that only a start of the service
    writes. Raises Wrong."""
    brought_up()
    reads = importlib.import_module("sanxiang.ledger.access_sequencer")
    while reads.sequence_accesses():
        pass
    for log in importlib.import_module("sanxiang.ledger.verify_trees").all_logs()[1:]:
        reads.publish_accesses(log.row)
