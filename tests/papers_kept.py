"""A plugin for pytest, `-p papers_kept`: of each kind the paper that says most, of all that the door makes in a run, is kept as a PDF.

`PAPERS_KEPT_IN` names the folder. For whoever wants to look at them: tools/picture_papers.py.
"""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanxiang.cases.papers.markup import Content


@pytest.fixture(scope="session", autouse=True)
def papers_kept() -> Iterator[None]:
    """Whatever is composed while the tests run."""
    issue = importlib.import_module("sanxiang.door.issue")  # not above: plugins are loaded before Django is
    folder, real, most = Path(os.environ["PAPERS_KEPT_IN"]), issue.composed, dict[str, int]()
    folder.mkdir(parents=True, exist_ok=True)

    def composed(*given: Any) -> tuple[Content, bytes]:
        content, pdf = real(*given)
        said = sum(map(len, content.texts()))
        if said > most.get(content.paper, 0):
            most[content.paper] = said
            (folder / f"{content.paper}.pdf").write_bytes(pdf)
        return content, pdf

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issue, "composed", composed)
        yield
