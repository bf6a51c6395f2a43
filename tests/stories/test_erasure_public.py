"""Lawful erasure of what an editor wrote for everybody beside the public text: in the summary, a note of a correction, an attached file."""

import pytest
from django.utils import timezone

from api_client import Api
from forgetting import WHY, erase, faults, said_of
from knocks import fact_of, refused_everywhere
from planted_files import word
from play import Clock, Play, make_office
from publishing import begun, read, surfaces
from reader import Client
from sanxiang.cases import store
from sanxiang.cases.models import Publication
from sanxiang.cases.papers.typeset import save
from sanxiang.demo.stories import digest_of
from sanxiang.ledger.models import Opening

pytestmark = pytest.mark.django_db
WHAT, WORDS = "summary", "群众反映当事人有违法行为，附照片两张"
PLACES = ("通俗摘要", "更正说明", "公示文件“附件1”")


def published(play: Play) -> Publication:
    """The text with a summary and a file that say what the informant said."""
    data = word(body=WORDS)
    file = {"name": "说明.docx", "digest": save(data, store.evidence()), "size": len(data), "mime": ""}
    play.do("prepare-publication", "disclosure-editor", plain_summary=f"{WORDS}。", attachments=[file])
    play.do("publish", "disclosure-approver", digest=digest_of(play.case))
    found: Publication = play.case.publications.get()
    return found


def public(row: Publication) -> dict[str, str]:
    """All that anybody can open about it, its files and the public fields of its acts among them."""
    found = surfaces(row)
    found["found"] = WORDS * Api().get(f"/public/decisions?q={WORDS}")["total"]
    files = Client().get(f"/decisions/{row.pk}.json")
    if files.status_code == 200:
        found |= {one["href"]: read(one["href"]) for one in files.json()["files"]}
    acts = Opening.objects.filter(act__subject=row.case_id).values_list("act", flat=True).distinct()
    for act in acts:
        found[f"/log/acts/{act}.json"] = Client().get(f"/log/acts/{act}.json").content.decode()
    return {place: "".join(text.split()) for place, text in found.items()}


def test_what_stands_beside_the_text_waits_while_it_is_public_and_then_goes_everywhere(clock: Clock) -> None:
    """Each place is named while it stands; once taken back, the words are in no page, answer, search, file, state or opening."""
    play = begun(make_office("kaiyuan"), "ordinary", clock, until="prepare-publication")
    row = published(play)
    wrong = {
        "error_source": "own",
        "found_wrong_on": timezone.localdate().isoformat(),
        "public_note": f"补写：{WORDS}。",
    }
    play.do("correct-publication", "disclosure-editor", **wrong)
    row = published(play)
    seen = public(row)
    (file,) = row.files.all()
    assert WORDS in seen[f"/decisions/{row.pk}/"]
    assert WORDS in seen[next(place for place in seen if place.endswith(file.name))]
    refused = refused_everywhere(play.attempt("propose-erasure", "archivist", erase_what=WHAT, **WHY))
    fact = fact_of(refused, "erase.not-public")
    assert all(f"{place}里有这一项内容" in fact for place in PLACES) and WORDS not in fact, fact
    play.withdraw("公示内容有误", "text")
    assert WORDS in said_of(play.case)
    erase(play, WHAT)
    assert not [place for place, text in public(row).items() if WORDS in text]
    assert WORDS not in said_of(play.case) and not row.files.exists()
    assert not faults()
