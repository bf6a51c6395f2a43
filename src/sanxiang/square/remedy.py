"""不服怎么办: the ways to challenge a decision, on the portal exactly as the decision served on the party states them."""

from collections.abc import Iterator

from sanxiang.cases.models import Case, Paper, Publication
from sanxiang.cases.papers.markup import Content
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import load_pack
from sanxiang.law.remedies import PENALTIES, Paragraph, RemedyUnknown, remedies
from sanxiang.people.authority import uuid_of


def remedies_of(row: Publication) -> tuple[Paragraph, ...]:
    """The paragraphs of the decision's own paper with their articles; nothing where we do not know what was served.

    Computed by the rules that made the paper, and told only while every sentence stands in the paper as it was issued:
    the pack or the agency's court may have changed since, and a wrong period costs a citizen the suit. An imported
    record, and a case taken over with its decision, have no paper of ours. One query.
    """
    paper = _paper(row.case)
    if row.case is None or paper is None:
        return ()
    told, facts = _said(Content.from_json(paper.content)), row.case.state["facts"]
    agency = {"review_body": row.agency.review_body, "court": row.agency.court}
    electronic = bool(facts.get("e_service_consent"))
    try:
        found = remedies(load_pack(row.case.pack), row.case.procedure, agency, facts, electronic, paper.kind)
    except (PackError, RemedyUnknown):
        return ()
    return found if all(paragraph.text in told for paragraph in found) else ()


def _paper(case: Case | None) -> Paper | None:
    """The decision as it was issued, for the public to see or not."""
    papers = case.state.get("papers", {}) if case else {}
    ids = [uuid_of(str(papers[kind].get("id", ""))) for kind in PENALTIES if kind in papers]
    return Paper.objects.filter(pk__in=[key for key in ids if key], case=case).order_by("-n").first()


def _said(content: Content) -> str:
    """All words of a paper."""

    def pieces() -> Iterator[str]:
        for block in content.blocks:
            yield block.text
            for cells in block.rows:
                yield from (cell.text for cell in cells)

    return "\n".join(pieces())
