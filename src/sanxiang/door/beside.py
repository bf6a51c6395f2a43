"""What rooms above the door have done beside the web, once a minute or in a loop of their own.

They say so here, for the door knows nothing of them.
"""

from collections.abc import Callable

WORK: list[Callable[[], object]] = []
"""Each is called by the loop that looks at the periods, and must come back soon."""

LOOPS: list[Callable[[], None]] = []
"""Each has a thread of its own and runs until `worker.stop`: what waits for other machines must keep nothing else waiting."""

SLOW: list[Callable[[], object]] = []
"""Each is called about once a minute, one after the other in a thread of their own: it may take minutes."""
