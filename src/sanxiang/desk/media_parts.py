"""The parts of a page that shows recordings: what one is, its pictures, its marks, and the paragraphs that it may be tied to."""

import base64
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.utils import timezone

from sanxiang.cases import store
from sanxiang.cases.models import Case, Evidence, Film, Paper
from sanxiang.cases.recording.films import READ, UNREADABLE, began, recording
from sanxiang.cases.shelves import StoreFault, contents
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.door.casefile import hidden_from
from sanxiang.door.sight import Sight
from sanxiang.law.changes.marks import marks_of
from sanxiang.law.packs import Pack

PLAIN = "application/octet-stream"
VIEWING = timedelta(hours=4)
"""So long a page goes on playing: the longest recording that is taken in, watched once."""
MOST_POSTERS = 24
"""Pictures on a case page; a list of hundreds would be megabytes."""
TYPES = {
    "mov,mp4,m4a,3gp,3g2,mj2": ("video/mp4", "audio/mp4"),
    "matroska,webm": ("video/webm", "audio/webm"),
    "ogg": ("video/ogg", "audio/ogg"),
    "mpegts": ("video/mp2t", "audio/mp2t"),
    "mp3": ("audio/mpeg", "audio/mpeg"),
    "wav": ("audio/wav", "audio/wav"),
    "aac": ("audio/aac", "audio/aac"),
    "flac": ("audio/flac", "audio/flac"),
}
"""What a player is told, by what the reader found: never by what the sender said."""
FAULTS = {"lost": "文件不在存储中，请系统管理员核对账本并从备份恢复", "time": "读取超过时限"}
LONGEST = 40


def kind_of(film: Film | None) -> str:
    """The media type under which a recording is sent: sound, film, or bytes."""
    if film is None or film.state != READ:
        return PLAIN
    pair = TYPES.get(str(film.found.get("format")))
    return pair[0 if film.found.get("video") else 1] if pair else PLAIN


def clock(seconds: float) -> str:
    """1:02:03, 0:12."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def card_of(film: Film | None) -> dict[str, Any]:
    """What a recording is, in a few words."""
    if film is None or film.state not in (READ, UNREADABLE):
        return {"waiting": True}
    if film.state == UNREADABLE:
        why = FAULTS.get(str(film.found.get("fault")), "内容残缺，或者不是音像文件")
        return {"unreadable": f"读不出音像内容：{why}"}
    found = film.found
    moment = began(found)
    codecs = "、".join(str(found[key]) for key in ("video", "audio") if found.get(key))
    return {
        "sound": not found.get("video"),
        "length": clock(found["seconds"]),
        "seconds": found["seconds"],
        "began": cn_datetime(timezone.localtime(moment)) if moment else "",
        "codecs": codecs,
        "picture": f"{found['width']}×{found['height']}" if found.get("width") else "",
        "tool": film.tool,
    }


def inline(picture: bytes) -> str:
    """A small picture inside the page: an address of its own would be a look of its own."""
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else ""


def pictures_of(film: Film | None) -> list[dict[str, Any]]:
    """The pictures over the whole length; one that is lost is left out."""
    pictures = []
    for one in film.found.get("frames", ()) if film and film.state == READ else ():
        with suppress(FileNotFoundError, StoreFault):
            data = contents(store.evidence(), one["digest"])
            pictures.append({"at": one["at"], "text": clock(one["at"]), "src": inline(data)})
    return pictures


def films_of(rows: Iterable[Evidence], case: Case) -> dict[str, dict[str, Any]]:
    """What a list of evidence shows of each recording, by its digest; rows carry `film_state`, `film_found`, `film_poster`."""
    cards: dict[str, dict[str, Any]] = {}
    marked = {one["clip"] for one in marks_of(case.state)}
    for row in rows:
        if not recording(row.mime, row.filename):
            continue
        state, found, poster = (getattr(row, f"film_{name}", None) for name in ("state", "found", "poster"))
        film = Film(digest=row.digest, state=state, found=found or {}) if state else None
        shown = bytes(poster) if poster and len(cards) < MOST_POSTERS else b""
        cards[row.digest] = {
            **card_of(film),
            "href": f"/desk/cases/{case.pk}/evidence/{row.pk}/play/",
            "poster": inline(shown),
            "unmarked": row.digest not in marked,
        }
    return cards


def marks_on(case: Case, row: Evidence, pack: Pack) -> list[dict[str, Any]]:
    """The marks of one recording, in its own order."""
    marks = [one for one in marks_of(case.state) if one["clip"] == row.digest]
    return [
        {
            **mark,
            "text": clock(mark["second"]),
            "label": label_of(pack, mark["kind"]),
            "href": f"/desk/cases/{case.pk}/papers/{mark['paper']}/#p{mark['paragraph']}",
        }
        for mark in sorted(marks, key=lambda one: one["second"])
    ]


def label_of(pack: Pack, kind: str) -> str:
    """What a kind of paper is called."""
    return pack.papers[kind].label if kind in pack.papers else kind


def places_in(case: Case, pack: Pack, sight: Sight) -> list[dict[str, Any]]:
    """The papers of the case with their paragraphs, to choose from: the newest of each kind, and only what these eyes may read."""
    kinds = {paper["id"]: kind for kind, paper in case.state["papers"].items() if paper.get("id")}
    rows = Paper.objects.filter(case=case, pk__in=list(kinds)).order_by("-n", "label")
    hidden = hidden_from(case, pack, sight)
    return [
        {
            "label": f"《{row.label}》{row.number}",
            "paragraphs": [
                {"value": f"{kinds[str(row.pk)]}:{n}", "text": f"第{n}段　{words_of(block)}"}
                for n, block in enumerate(row.content.get("blocks", ()), start=1)
            ],
        }
        for row in rows
        if f"paper:{row.pk}" not in hidden
    ]


def words_of(block: Mapping[str, Any]) -> str:
    """How a paragraph begins."""
    cells = [str(cell.get("text", "")) for line in block.get("rows", ()) for cell in line]
    words = " ".join(str(block.get("text") or "  ".join(filter(None, cells))).split())
    return words[:LONGEST] + ("…" if len(words) > LONGEST else "") if words else "（空行）"


def marks_in(case: Case, paper: Paper, sight: Sight) -> dict[int, list[dict[str, Any]]]:
    """The marks that lead to a paper, by its paragraphs; those in recordings that these eyes may see. One query, none without marks."""
    marks = [one for one in marks_of(case.state) if one["paper"] == str(paper.pk)]
    if not marks:
        return {}
    rows = Evidence.objects.filter(case=case, digest__in={one["clip"] for one in marks}).order_by("n", "id")
    clips = {row.digest: row for row in reversed(list(rows)) if sight.may(row.secrecy)}
    placed: dict[int, list[dict[str, Any]]] = {}
    for one in marks:
        if row := clips.get(one["clip"]):
            href = f"/desk/cases/{case.pk}/evidence/{row.pk}/play/?t={one['second']}"
            told = {"href": href, "text": clock(one["second"]), "name": row.title or row.filename}
            placed.setdefault(int(one["paragraph"]), []).append(told | {"note": one["note"]})
    return placed
