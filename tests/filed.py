"""A case with papers and a file of evidence in the store, for tests of the place where files lie."""

from clockwork import Clock
from play import Play, make_office
from side_stories import BOOK, photo, step


def case_with_a_file(locality: str, clock: Clock) -> Play:
    """A filed case just before its interview, with a photo in the store."""
    procedure, steps = BOOK["hearing"]
    place = next(i for i, s in enumerate(steps) if s.act == "interview")
    steps = [*steps[:place], step("add-evidence", "officer1", photo), *steps[place:]]
    story = Play(make_office(locality), procedure, steps, clock)
    story.until("interview")
    return story
