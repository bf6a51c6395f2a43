"""How a published decision looks: as a hit with the words that were asked for, and as a page of its own."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from sanxiang.cases.disclosure.published import ACT_TYPES, MARKS, ORIGINS, PARTY_TYPES, origin_of
from sanxiang.cases.models import Publication
from sanxiang.cases.search.folding import spots
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.exchange.flags import label

EXCERPT, LEAD = 110, 24
"""Characters of an excerpt, and how many of them stand before the first hit."""

LONGEST_LINE = 160
"""Characters of a title or name in a list; an imported one may have ten thousand. The decision's own page shows all."""

OUTCOME = 60
"""Characters of what was decided that a row of the list shows."""

FACTS = {"penalty": "违法事实", "licence": "许可内容"}
"""What the facts of a decision are called, where there is a better word than 事实."""


def heading_of(row: Publication) -> str:
    """What a decision is called where its own title is missing."""
    return (
        row.title
        or row.number
        or (f"{row.party}的{ACT_TYPES.get(row.act_type, '执法')}决定" if row.party else "未载明标题的决定")
    )


def organ_of(row: Publication) -> str:
    """Who decided: of an imported record the source organ, as the source names it."""
    return row.authority or row.agency.name


def marked(text: str, words: Sequence[str]) -> str | SafeString:
    """The text with every hit in <mark>, all else escaped."""
    begin, pieces = 0, []
    for start, end in spots(text, words):
        pieces += [("", text[begin:start], ""), ("<mark>", text[start:end], "</mark>")]
        begin = end
    if not pieces:
        return text
    tags = {"": SafeString(""), "<mark>": SafeString("<mark>"), "</mark>": SafeString("</mark>")}
    shown = [*pieces, ("", text[begin:], "")]
    return format_html_join("", "{}{}{}", ((tags[a], piece, tags[b]) for a, piece, b in shown))


def excerpt(row: Publication, words: Sequence[str]) -> str | SafeString:
    """Some of the text: around the first hit where there is one, else how facts or result begin."""
    texts = [text for text in (row.facts, row.result, row.basis, row.address, row.party_code) if text]
    for text in texts:
        if found := spots(text, words):
            begin = max(found[0][0] - LEAD, 0)
            end = max(begin + EXCERPT, found[0][1])
            return marked("…" * (begin > 0) + text[begin:end] + "…" * (end < len(text)), words)
    return texts[0][:EXCERPT] + "…" * (len(texts[0]) > EXCERPT) if texts else ""


def short(text: str) -> str:
    """A text as a list has room for it."""
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"


def outcome_of(row: Publication) -> str:
    """What was decided, in a line: a row of the list names organ, party, kind and conclusion (国办发〔2018〕118号)."""
    return row.result[:OUTCOME] + "…" * (len(row.result) > OUTCOME)


def hit(row: Publication, words: Sequence[str] = ()) -> dict[str, Any]:
    """One hit as parts/result.html draws it."""
    return {
        "href": reverse("decision", args=[row.pk]),
        "title": marked(short(heading_of(row)), words),
        "number": marked(short(row.number), words) if row.title else "",
        "party": marked(short(row.party), words),
        "agency": marked(short(organ_of(row)), words),
        "date": row.decided_on,
        "act_type": ACT_TYPES.get(row.act_type, row.act_type),
        "excerpt": excerpt(row, words),
        "outcome": outcome_of(row),
        "flags": [MARKS[origin_of(row)]] if origin_of(row) in MARKS else [],
        "withdrawn": "",  # what a template asks for and does not find is dear
    }


def facts_of(row: Publication) -> list[dict[str, Any]]:
    """The short fields as parts/summary.html draws them; what is empty is left out."""
    imported = origin_of(row) == "import"
    own = not imported and organ_of(row) == row.agency.name
    shown = [
        ("文号", row.number),
        ("行为种类", ACT_TYPES.get(row.act_type, row.act_type)),
        ("当事人", row.party),
        ("当事人类型", PARTY_TYPES.get(row.party_type, row.party_type)),
        ("统一社会信用代码", row.party_code),
        ("地址", row.address),
        ("来源机关" if imported else "作出机关", organ_of(row)),
        ("导入机关" if imported else "公示机关", "" if own else row.agency.name),
        ("决定日期", cn_date(row.decided_on)),
        ("办理来源", "" if imported else ORIGINS.get(origin_of(row), row.origin)),
        ("来源公示日期", cn_date(row.source_published_on)),
        ("本平台公示日期" if imported else "公示日期", cn_date(row.published_on)),
        ("公开到", cn_date(row.display_until)),
    ]
    return [{"label": name, "value": value} for name, value in shown if value]


FOUND_BY = {
    "own": "本机关自查",
    "public": "社会公众反映",
    "party": "当事人申请",
    "supervisor": "监督机关指出",
    "case-system": "办案系统更正",
}
"""Who found that something public was wrong."""


def corrections_of(row: Publication) -> list[dict[str, str]]:
    """What was put right, version by version; of the old texts nothing."""
    return [{**one, "source": FOUND_BY.get(one["source"], one["source"])} for one in row.notes or ()]


def texts_of(row: Publication) -> list[dict[str, str]]:
    """The long fields in the order in which a decision argues."""
    titles = (FACTS.get(row.act_type, "事实"), "依据", "决定")
    shown = zip(titles, (row.facts, row.basis, row.result), strict=True)
    return [{"title": title, "text": text} for title, text in shown if text]


def flags_of(row: Publication) -> list[str]:
    """What is odd about an imported record, in words."""
    return [label(flag) for flag in row.flags]
