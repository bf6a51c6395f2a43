"""不服怎么办: the ways to challenge a decision, on the portal exactly as the decision served on the party states them."""

from sanxiang.cases.models import Publication
from sanxiang.door.intake.rights import ways_in
from sanxiang.law.remedies import Paragraph


def remedies_of(row: Publication) -> tuple[tuple[Paragraph, ...], str]:
    """The paragraphs of the decision's own paper with their articles, and the same in one plain sentence.

    Nothing where we do not know what was served.

    Computed by the rules that made the paper, and told only while every sentence stands in the paper as it was issued:
    the pack or the agency's court may have changed since, and a wrong period costs a citizen the suit. An imported
    record, and a case taken over with its decision, have no paper of ours. One query.
    """
    return ways_in(row.case) if row.case else ((), "")
