"""The law beside the rule: the text of an article as imported, and the rules of the pack that stand under it."""

import re
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.desk.scheme_words import rule_text
from sanxiang.desk.who import page, visitor_of
from sanxiang.door.pinned import current
from sanxiang.law.articles import bare_article
from sanxiang.law.blocks import Block, Citation, Instrument
from sanxiang.law.citing import NATION, plain_name
from sanxiang.law.packs import Pack
from sanxiang.oversight.impact import registers_citing
from sanxiang.people import roles
from sanxiang.people.authority import agencies_reached
from sanxiang.people.models import Agency, Person, Post, in_force
from sanxiang.registers.models import Statute

HAN, LATIN = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]")
SHOWN = (
    "act",
    "guard",
    "limit",
    "value",
    "stage",
    "procedure",
    "paper",
    "list",
    "record",
    "disclose",
    "public",
    "mask",
    "measure",
)


def href_of(citation: Citation) -> str:
    """Where an article is shown."""
    return f"/desk/law/{quote(citation.instrument, safe='')}/{quote(citation.article, safe='')}/"


@require_GET
def article(request: HttpRequest, instrument: str, heading: str) -> HttpResponse:
    """One article or clause: its text where it was imported, and every rule that rests on it."""
    visitor = visitor_of(request)
    pack = current(visitor.home.locality) if visitor.home else None
    known = instrument_of(pack, instrument) if pack else None
    if visitor.home is None or pack is None or known is None:
        raise Http404(instrument)
    bare = bare_article(heading)
    name = bare or heading
    blocks = blocks_under(pack, known, name)
    statute = statute_of(known, timezone.localdate()) if bare else None
    context = {
        "instrument": known,
        "heading": heading,
        "statute": statute,
        "name": name,
        "is_statute": bool(bare),
        "rules": rules_of(pack, blocks),
        "text": statute.articles.get(name, "") if statute else "",
        "told": told_of(blocks),
        "entries": entries_of(visitor.home, known, name, visitor.on) if bare else [],
        "may_import": roles.SYSTEM_ADMIN in visitor.roles,
        "importers": importers_of(visitor.home, visitor.on) if bare and statute is None else [],
    }
    return page(request, visitor, "desk/law.html", context, section="registers")


def blocks_under(pack: Pack, instrument: Instrument, name: str) -> list[Block]:
    """The rules that stand under the article or clause."""
    return [
        b
        for b in pack.blocks
        if b.citation.instrument == instrument.name and belongs(b.citation.article, name)
    ]


def entries_of(agency: Agency, instrument: Instrument, article: str, on: date) -> list[dict[str, Any]]:
    """The entries of the agency's lists that rest on the article, or on the law as a whole."""
    found = registers_citing(plain_name(instrument.name), on, agency)
    return [row for row in found if not row["articles"] or article in row["articles"]]


def told_of(blocks: list[Block]) -> list[str]:
    """What the pack says of the article in its own Chinese words: above its rules, and of a procedure or act what it is for.

    The national packs are annotated in English for who maintains them; officers read Chinese.
    """
    prose = [block.prose.replace("`", "") for block in blocks]
    helps = [str(block.data.get("help") or "") for block in blocks if block.kind in ("procedure", "act")]
    found = [text.strip() for text in (*prose, *helps) if len(HAN.findall(text)) > len(LATIN.findall(text))]
    return [text if text.endswith("。") else f"{text}。" for text in dict.fromkeys(found)]


def importers_of(agency: Agency, on: date) -> list[str]:
    """Who looks after the installation for this agency, and so can import a law's text. Two queries for each administrator."""
    posts = Post.objects.filter(in_force(on), role=roles.SYSTEM_ADMIN, person__active=True)
    people = Person.objects.filter(pk__in=posts.values("person")).order_by("name")
    return [
        person.name
        for person in people
        if agency.pk in agencies_reached(person, on).get(roles.SYSTEM_ADMIN, ())
    ]


def instrument_of(pack: Pack, name: str) -> Instrument | None:
    """The instrument of that name or id; one law may be spread over several files under one name."""
    return next((i for i in pack.instruments.values() if name in (i.name, i.id)), None)


def belongs(cited: str, article: str) -> bool:
    """Does a rule under `cited` rest on the article? 第五十七条第二款 rests on 第五十七条, 第五十条 does not."""
    return article in (cited, bare_article(cited))


def statute_of(instrument: Instrument, on: date) -> Statute | None:
    """The imported text in force on that day; the file's name may carry 中华人民共和国 before the law's own."""
    names = {instrument.name, instrument.file or instrument.name}
    names |= {NATION + name for name in names}
    return Statute.objects.filter(name__in=names, version__lte=on).order_by("-version").first()


def rules_of(pack: Pack, blocks: list[Block]) -> list[dict[str, Any]]:
    """The rules in words, grouped by what they are."""
    found = []
    for kind in SHOWN:
        rows = [rule_text(pack, b) for b in blocks if b.kind == kind]
        if rows:
            found.append({"label": KIND_NAMES[kind], "rows": rows})
    return found


KIND_NAMES = {
    "act": "办理的步骤",
    "guard": "办理前核对的条件",
    "limit": "期限",
    "value": "参数",
    "stage": "流程环节",
    "procedure": "程序",
    "paper": "文书",
    "list": "清单",
    "record": "音像记录",
    "disclose": "公开内容",
    "public": "公示文本",
    "mask": "隐去内容",
    "measure": "工作任务",
}
