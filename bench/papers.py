"""Papers a second on one core: content to PDF/A, over every kind of paper that a whole case issues (issue: bench b)."""

import json
import statistics
import time
from collections.abc import Callable

from django.core.management import call_command

from bench import door_modes
from sanxiang.cases.models import Paper
from sanxiang.cases.papers.docx import to_docx
from sanxiang.cases.papers.typeset import Content, to_pdf
from sanxiang.demo import stories

ROUNDS = 5


def measure() -> dict[str, object]:
    """Median papers a second over the rounds, for PDF and for .docx, and how many kinds were set."""
    call_command("migrate", verbosity=0)
    office = door_modes.office()
    for _ in stories.play(stories.hearing(), office, "ordinary", door_modes.began()):
        pass
    contents = [Content.from_json(p.content) for p in Paper.objects.filter(case__agency=office.agency)]
    for content in contents:
        to_pdf(content)
    pdf = [rate(printed, contents) for _ in range(ROUNDS)]
    docx = [rate(to_docx, contents) for _ in range(ROUNDS)]
    kinds = len({c.paper for c in contents})
    return {
        "papers": len(contents),
        "kinds": kinds,
        "pdf_per_second": median(pdf),
        "docx_per_second": median(docx),
    }


def printed(content: Content) -> bytes:
    """As the door has it made, with the code that leads back to its record."""
    return to_pdf(content, "https://zfj.example.gov.cn/verify/?paper=00000000-0000-4000-8000-000000000000")


def rate(make: Callable[[Content], bytes], contents: list[Content]) -> float:
    """Papers a second of processor time."""
    began = time.process_time()
    for content in contents:
        make(content)
    return len(contents) / (time.process_time() - began)


def median(values: list[float]) -> float:
    """The middle one, to one decimal."""
    return round(statistics.median(values), 1)


if __name__ == "__main__":
    print(json.dumps(measure()))
