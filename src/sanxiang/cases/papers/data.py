"""A paper as data 文书的电子信息: what it states under which label, with a JSON Schema that belongs to the same version of its template.

A form's labels are its label cells; a letter's are its headings and its lines of the kind 当事人：… Nothing is left out:
what stands under no label has an empty one.
"""

import re
from collections.abc import Iterator
from typing import Any

from sanxiang.cases.papers.markup import LAYOUTS, Block, Content
from sanxiang.law.rules import PaperRule

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LABELLED = re.compile(r"([^，。；：\s]{2,16})：(.+)", re.S)
"""当事人：云溪公司. A sentence that has a colon further on is no label."""

PRINTED = re.compile(r"{{.*?}}", re.S)
OPENS, CLOSES = re.compile(r"{%-?\s*(?:if|for)\b"), re.compile(r"{%-?\s*end(?:if|for)\b")
TEXTS = ("paragraph", "plain", "item", "note", "right", "centre")

Entry = dict[str, Any]


def version_of(paper: str, template: str) -> str:
    """What the PDF, the Word file, the data and their schema of one paper have in common: kind, source and version of the template."""
    return f"{paper}/{template}"


def data_of(content: Content) -> dict[str, Any]:
    """The paper as other systems read it. The same content gives the same data."""
    return {
        "version": version_of(content.paper, content.template),
        "paper": content.paper,
        "title": content.title,
        "number": content.number,
        "agency": content.agency,
        "date": content.date,
        "layout": content.layout,
        "signed_by": list(content.signed_by),
        "digest": content.digest(),
        "entries": list(entries_of(content)),
    }


def entries_of(content: Content) -> Iterator[Entry]:
    """What the paper states, in order, each with its label."""
    under = ""
    for block in content.blocks:
        if block.kind == "heading":
            under = block.text
            yield {"label": under, "text": ""}
        elif block.kind == "table":
            yield from _rows(block, under)
        elif block.kind == "sign":
            yield {"label": block.text, "text": "", "sign": True}
        elif block.kind in TEXTS:
            found = LABELLED.fullmatch(block.text)
            yield {"label": found[1], "text": found[2]} if found else {"label": under, "text": block.text}


def _rows(block: Block, under: str) -> Iterator[Entry]:
    """A form's cells under the label before them; a list's rows under the heads of its columns."""
    if block.head:
        heads = [cell.text for cell in block.rows[0]]
        for row in block.rows[1:]:
            yield {
                "label": under,
                "row": {head: cell.text for head, cell in zip(heads, row, strict=False) if head},
            }
        return
    for row in block.rows:
        label = under
        for cell, names in zip(row, block.labels, strict=False):
            if names:
                label = cell.text
            else:
                yield {"label": label, "text": cell.text, **({"foot": cell.foot} if cell.foot else {})}


ENTRY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "label": {"type": "string"},
        "text": {"type": "string"},
        "foot": {"type": "string"},
        "sign": {"type": "boolean"},
        "row": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["label"],
    "oneOf": [{"required": ["text"]}, {"required": ["row"]}],
    "additionalProperties": False,
}
"""One thing that a paper states: a text, or a row of a list by the heads of its columns."""


def schema_of(rule: PaperRule) -> dict[str, Any]:
    """The JSON Schema of the papers that this version of the template makes: who, what, and the labels that none of them lacks."""
    text = {"type": "string"}
    fixed = {
        "version": version_of(rule.id, rule.template),
        "paper": rule.id,
        "title": rule.title or rule.label,
        "layout": _layout(rule.body),
    }
    labels = [{"properties": {"label": {"const": label}}} for label in dict.fromkeys(_labels(rule.body))]
    known = {
        **{name: {"const": value} for name, value in fixed.items()},
        "number": {**text, "minLength": 1} if rule.series else text,
        "agency": text,
        "date": {**text, "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "signed_by": {"type": "array", "items": text},
        "digest": {**text, "pattern": "^[0-9a-f]{64}$"},
        "entries": {
            "type": "array",
            "items": ENTRY,
            **({"allOf": [{"contains": one} for one in labels]} if labels else {}),
        },
    }
    return {
        "$schema": DRAFT,
        "title": f"{rule.label}（{rule.template}）",
        "type": "object",
        "properties": known,
        "required": list(known),
        "additionalProperties": False,
    }


def _layout(body: str) -> str:
    found = re.search(r"^\[版式[:：]\s*(\S+?)\s*\]", body, re.M)
    return LAYOUTS[found[1]] if found else "letter"


def _labels(body: str) -> Iterator[str]:
    """Headings and label cells that the template prints whatever the case: outside every condition, in fixed words."""
    depth, columns = 0, list[str]()
    for line in (line.strip() for line in PRINTED.sub("{}", body).split("\n")):
        depth += len(OPENS.findall(line)) - len(CLOSES.findall(line))
        if line.startswith("|-") or line.startswith("|="):
            columns = line.strip("|").split("|")
        elif depth or OPENS.search(line) or "{%" in line:
            continue
        elif line.startswith("## ") and "{" not in line:
            yield line[3:].strip()
        elif line.startswith("|") and columns:
            cells = line[1:-1].split("|")
            yield from (
                cell.strip()
                for cell, column in zip(cells, columns, strict=False)
                if "=" in column and cell.strip() and "{" not in cell
            )
