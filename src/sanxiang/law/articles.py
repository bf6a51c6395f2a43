"""How an article is cited: 第五十七条第二款第一项, as a heading, inside a text, or behind the name of its instrument."""

import re

from sanxiang.law.numerals import SIGNS

NUMBER = f"[{SIGNS}]+"
ARTICLE = re.compile(rf"第{NUMBER}条(?:之{NUMBER})?")
PLACE = re.compile(rf"({ARTICLE.pattern})(?:第({NUMBER})款)?(?:第({NUMBER})项)?")
"""An article, with its paragraph and item where they are told."""

TYPED = re.compile(rf"《([^《》]{{2,}})》第[{SIGNS}\d]+条")
"""An instrument and an article of it as officers type them. Figures pass too, unlike elsewhere: it asks whether an article
is named, not which."""


def bare_article(heading: str) -> str:
    """第五十七条 of the heading 第五十七条第二款; "" for a clause that is no article."""
    found = ARTICLE.match(heading)
    return found[0] if found else ""
