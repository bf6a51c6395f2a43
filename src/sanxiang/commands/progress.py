"""How far a long command is, on stderr and only for somebody who looks on."""

import sys
import time

WIDTH = 24
SECONDS = 0.2


class Progress:
    """One line that is written over; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self.shown, self.said, self.what = sys.stderr.isatty(), 0.0, ""

    def __call__(self, what: str, done: int, total: int) -> None:
        """So much of it is done, of so much; 0 where nobody knows how much there is."""
        if not self.shown or (what == self.what and time.monotonic() - self.said < SECONDS and done != total):
            return
        if self.what and what != self.what:
            print(file=sys.stderr)
        self.said, self.what = time.monotonic(), what
        filled = WIDTH * done // total if total else 0
        bar = f"[{'█' * filled}{' ' * (WIDTH - filled)}] {done}/{total}" if total else f"{done} 个"
        print(f"\r{what} {bar}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """The line is complete."""
        if self.shown and self.what:
            print(file=sys.stderr)
            self.what = ""
