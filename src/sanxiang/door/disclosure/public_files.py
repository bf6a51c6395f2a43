"""公示文件: what stands beside a published text: the decision as it was issued, masked and set anew, and files that were attached.

Each is made anew from what was seen of it and looked through in all its layers before it may go out (处罚法 第五十条).
"""

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db.models import Max

from sanxiang.cases import store
from sanxiang.cases.disclosure.by_hand import words_of
from sanxiang.cases.disclosure.files.looked_through import look
from sanxiang.cases.disclosure.files.made_new import UNDATED, NotShown, masked, new_file
from sanxiang.cases.disclosure.masked import PublicText, Rows, known_of, public_text, secrets_of
from sanxiang.cases.disclosure.secrets import Secrets, Trace
from sanxiang.cases.models import Case, Evidence, Paper, Publication, PublicFile
from sanxiang.cases.papers.markup import Content
from sanxiang.cases.papers.typeset import RareSign, to_pdf
from sanxiang.cases.shelves import contents
from sanxiang.law.disclosure.texts import rule_of
from sanxiang.law.packs import Pack

NOTE = "本文书依法隐去了个人信息等不宜公开的内容，其余与送达的文书一致。"
DOCUMENT, ATTACHED = "决定书文本", "附件"
LARGEST = 20 << 20
"""Bytes of one attached file."""


@dataclass(frozen=True)
class Choice:
    """What the editor chose: words to hide and to keep, the decision's own text beside the summary, files by their digests."""

    hide: Rows
    keep: Rows
    document: bool
    attached: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Outgoing:
    """A new file, and what of it may not go out."""

    name: str
    title: str
    body: bytes
    traces: tuple[str, ...]
    unseen: tuple[str, ...] = ()
    """Where it shows pictures, which nobody but a person can look through."""
    given: str = ""
    """What the attached file is called inside."""

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return hashlib.sha256(self.body).hexdigest()


def choice_of(case: Case, data: Mapping[str, Any]) -> Choice:
    """What this act says, or else what the last one said that handed a text in. A box left empty is a no."""
    facts, last = case.state["facts"], case.state["last"].get("prepare-publication")
    said = data if data and "digest" not in data else facts
    if "attachments" in data:
        attached = tuple(data["attachments"] or ())
    else:
        brought = case.state["last"].get("prepare-publication+attachments", {"n": None})
        asked = last is not None and brought["n"] == last["n"]
        rows = Evidence.objects.filter(case=case, n=last["n"]).order_by("id") if asked else ()
        attached = tuple({"digest": row.digest, "name": row.filename} for row in rows)
    return Choice(
        list(data.get("hide") or facts.get("hide") or ()),
        list(data["keep"] or () if "keep" in data else facts.get("keep") or ()),
        bool(said.get("with_document")),
        tuple(sorted(attached, key=lambda file: str(file["digest"]))),
    )


def text_of(case: Case, pack: Pack, data: Mapping[str, Any] | None = None) -> PublicText:
    """The public text as the case gives it today, with the editor's own masks; its digest covers the files that go out with it."""
    chosen = choice_of(case, data or {})
    summary = str((data or {}).get("plain_summary") or case.state["facts"].get("plain_summary") or "")
    name = case.agency.name
    text = public_text(pack, case.state, name, hide=chosen.hide, keep=chosen.keep, summary=summary)
    document = document_of(case, pack, chosen)
    files = (*([document.digest()] if document else []), *(str(file["digest"]) for file in chosen.attached))
    return replace(text, files=files)


def document_of(case: Case, pack: Pack, chosen: Choice) -> Content | None:
    """The paper that states the decision as the public may read it; None where it is not wanted or not made here."""
    rule = rule_of(pack, case.state) if chosen.document else None
    papers = Paper.objects.filter(case=case, kind__in=rule.papers).exclude(status="revoked") if rule else None
    paper = papers.order_by("-n").first() if papers is not None else None
    if paper is None:
        return None
    keep = tuple(str(row.get("text") or "") for row in chosen.keep)
    return masked(Content.from_json(paper.content), known_of(case.state, (), keep), chosen.hide, NOTE)


def outgoing(case: Case, pack: Pack, data: Mapping[str, Any]) -> list[Outgoing]:
    """Every file that goes out with the text, made anew and looked through."""
    chosen = choice_of(case, data)
    secrets = secrets_of(case.state, words_of(chosen.hide))
    made = []
    if document := document_of(case, pack, chosen):
        made.append(_set(document, secrets))
    for number, file in enumerate(chosen.attached, 1):
        made.append(_anew(case, number, file, chosen.hide, secrets))
    return made


def _set(document: Content, secrets: Secrets) -> Outgoing:
    try:
        body = to_pdf(document)
    except RareSign as rare:
        return Outgoing("decision.pdf", DOCUMENT, b"", (str(rare),))
    return Outgoing(
        "decision.pdf", DOCUMENT, body, told(DOCUMENT, _through(body, "decision.pdf", secrets)[0])
    )


def _anew(case: Case, number: int, file: Mapping[str, Any], hide: Rows, secrets: Secrets) -> Outgoing:
    """What the attached file says in any layer stops it; what goes out is made anew, and looked through again."""
    called, name = f"{ATTACHED}{number}", f"attachment-{number}.pdf"
    kept = contents(store.evidence(), str(file["digest"]))
    if len(kept) > LARGEST:
        return Outgoing(name, called, b"", (f"{called}：超过 {LARGEST >> 20} MB",))
    found, unseen = _through(kept, str(file.get("name") or ""), secrets, seen=False)
    if found:
        return Outgoing(name, called, b"", told(called, found))
    with tempfile.NamedTemporaryFile() as fresh:
        fresh.write(kept)
        fresh.flush()
        try:
            body = new_file(
                Path(fresh.name), called, case.agency.name, UNDATED, known_of(case.state, ()), hide
            )
        except (NotShown, RareSign) as fault:
            return Outgoing(name, called, b"", (f"{called}：{fault}",))
    again, _ = _through(body, name, secrets)
    inside = str(file.get("name") or "")
    return Outgoing(name, called, body, told(called, again), () if _is_word(kept) else unseen, inside)


def _is_word(data: bytes) -> bool:
    """Does it go out with its words alone, set anew?"""
    return data.startswith(b"PK\x03\x04")


def _through(
    body: bytes, name: str, secrets: Secrets, seen: bool = True
) -> tuple[list[Trace], tuple[str, ...]]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        return look(Path(file.name), name, secrets, seen)


def saying(publication: Publication, words: Iterable[str]) -> list[str]:
    """The files of a publication in which one of these words stands, in whatever layer, or of which nobody can say."""
    secrets = Secrets(words=tuple(words))
    return [row.title for row in publication.files.all() if _through(bytes(row.body), row.name, secrets)[0]]


def told(called: str, found: list[Trace]) -> tuple[str, ...]:
    """In words, with the file's name before them."""
    return tuple(f"{called}：{one}" for one in found)


def place(publication: Publication, files: list[Outgoing], n: int, beside: bool = False) -> None:
    """The files of a text that goes public now; those of an earlier text are gone.

    With `beside` they wait behind those that stand, which are as old as the row or older.
    """
    gone = publication.files.filter(n__gt=publication.n) if beside else publication.files.all()
    gone.delete()
    first = (publication.files.aggregate(last=Max("place"))["last"] or 0) + 1
    rows = (
        PublicFile(
            publication=publication,
            place=number,
            name=one.name,
            title=one.title,
            size=len(one.body),
            digest=one.digest,
            body=one.body,
            n=n,
        )
        for number, one in enumerate(files, first)
    )
    PublicFile.objects.bulk_create(rows)


def digests_of(publication: Publication, waiting: bool = False) -> list[str]:
    """What the bytes of its files are now, in order; a file whose own line says something else is told by both.

    With `waiting` those of a text that the public does not see yet.
    """
    rows = sorted(publication.files.all(), key=lambda row: row.place)
    made = [
        (row.digest, hashlib.sha256(bytes(row.body)).hexdigest())
        for row in rows
        if (row.n > publication.n) == waiting
    ]
    return [told if told == found else f"{told}≠{found}" for told, found in made]
