"""What a mark 标注 may tie together: the recordings of a case with their lengths, its papers with their paragraphs."""

from collections.abc import Mapping
from typing import Any

from sanxiang.cases.models import Case, Evidence, Film, Paper
from sanxiang.cases.recording.films import recording
from sanxiang.law.rules import Act

MARK, WITHDRAW = "mark-recording", "withdraw-mark"


def outside(case: Case, act: Act, data: Mapping[str, Any]) -> dict[str, Any]:
    """For the guard of a mark whose form is filled in; what a page offers costs no query."""
    if act.id != MARK or not data.get("clip"):
        return {}
    clip = str(data["clip"]).strip().lower()
    rows = Evidence.objects.filter(case=case, digest=clip).only("mime", "filename")
    film = Film.objects.filter(pk=clip).first()
    return {
        "mark": {
            "clip": any(recording(row.mime, row.filename) for row in rows),
            "seconds": float(film.found.get("seconds", 0)) if film else 0.0,
            "paragraphs": paragraphs_in(case, str(data.get("marked_paper") or "")),
        }
    }


def paragraphs_in(case: Case, kind: str) -> int:
    """How many paragraphs the paper has that stands for its kind now."""
    paper = case.state["papers"].get(kind) or {}
    row = Paper.objects.filter(case=case, pk=paper["id"]).first() if paper.get("id") else None
    return len(row.content.get("blocks", ())) if row else 0
