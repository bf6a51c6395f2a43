"""An ordinary case whose interview record waits for names, and two hands that sign."""

import json

from play import STORIES, Clock, Play, make_office

LINE = [[40 + 20 * n, 60 + (n * 37) % 90, 15 * n] for n in range(24)]
STROKES = json.dumps({"w": 600, "h": 200, "s": [LINE, [[60, 150, 500], [400, 40, 700]]]})
OTHER = json.dumps({"w": 600, "h": 200, "s": [[[40, 30, 0], [200, 160, 80], [420, 50, 160]]]})
"""Another hand."""


def interviewed(clock: Clock) -> Play:
    """An ordinary case of 开原 after the interview."""
    procedure, steps = STORIES["ordinary"]
    story = Play(make_office("kaiyuan"), procedure, steps, clock)
    clock.now = story.moment
    story.until("interview")
    story.step()
    return story
