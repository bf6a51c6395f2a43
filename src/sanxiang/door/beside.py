"""What rooms above the door have done beside the web, once a minute: they say so here, for the door knows nothing of them."""

from collections.abc import Callable

WORK: list[Callable[[], object]] = []
"""Each is called by the loop that looks at the periods, and must come back soon."""
