"""What an eye would stumble over in a printed paper, found in its words: holes, codes, what machines write, doubled signs."""

import re
from collections.abc import Iterator

from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.markup import Content

SIGNS = {
    "a value that is none": r"\b(?:None|True|False|null|undefined|nan)\b",
    "a date as machines write it": r"\d{4}-\d{2}-\d{2}",
    "an id": r"[0-9a-f]{8}-[0-9a-f]{4}-|[A-Za-z]+_[A-Za-z]+",
    "a sign of the template": r"\{[{%]|[%}]\}|^(?:##|<<|>>|==|%%) ",
    "doubled punctuation": r"[。；，：、！？]{2,}",
    "empty brackets": r"（\s*）|《\s*》|〔\s*〕|“\s*”",
    "a stop at the edge of brackets": r"（[，、；。]|[，、；]）",
    "an amount without a figure": r"人民币(?:元|（)",
    "a label with nothing behind it": r"：[　 ]+(?!年)[^　 ]|：[，；。]",
}
BY_HAND = re.compile(r"(?:意见|情况|签名|盖章|签字)(?:（[^）]*）)?：$")
"""Labels behind which somebody writes by hand."""
LATIN = re.compile(r"[A-Za-z]{3,}")
KNOWN = re.compile(
    r"SHA-256|[\w.+-]+@[\w.-]+|[^\s、，：]+\.(?:png|jpe?g|csv|xlsx|mp[34]|pdf|docx)\b|[A-Z]{2,}-?\d[\w-]*|\b[0-9A-F]{6,}\b|\b[0-9a-f]{8,}\b(?!-)"
)
"""Letters that are no words of ours: addresses, names of files, models of things, digests."""
QUOTING = ("revocation",)
"""Papers that print what another decision says of itself."""
CALLED = re.compile(r"本((?:决定|通知|告知|催告|裁决|意见|移送|确认)书)")


def flaws(content: Content) -> list[str]:
    """Each flaw with the words in which it stands."""
    return [*_in_words(content), *_empty_labels(content), *_other_names(content)]


def flaws_of(case: Case) -> dict[str, list[str]]:
    """By kind, what is wrong with the papers that were issued in a case."""
    papers = Paper.objects.filter(case=case)
    found = {one.kind: flaws(Content.from_json(one.content)) for one in papers}
    return {kind: wrong for kind, wrong in found.items() if wrong}


def _in_words(content: Content) -> Iterator[str]:
    for text in content.texts():
        ours = KNOWN.sub("…", text)
        for what, sign in SIGNS.items():
            if re.search(sign, ours, re.MULTILINE):
                yield f"{what}: {text}"
        for word in LATIN.findall(ours):
            yield f"a foreign word, {word}: {text}"


def _empty_labels(content: Content) -> Iterator[str]:
    """A salutation stands alone above a paragraph; a label stands among labels."""
    for place, block in enumerate(content.blocks):
        beside = [*content.blocks[place - 1 : place], *content.blocks[place + 1 : place + 2]]
        lone = block.kind == "plain" and block.text.endswith("：") and not BY_HAND.search(block.text)
        if lone and any(other.kind == "plain" for other in beside):
            yield f"a label with nothing behind it: {block.text}"


def _other_names(content: Content) -> Iterator[str]:
    """A notice that calls itself a decision."""
    bare = re.sub(r"（[^）]*）", "", content.title) + content.title.replace("（", "").replace("）", "")
    for name in sorted({*CALLED.findall("\n".join(content.texts()))}):
        if name not in bare and content.paper not in QUOTING:
            yield f"calls itself 本{name}: {content.title}"
