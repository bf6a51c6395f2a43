"""Accessibility of a page as axe-core sees it; used by the browser stories after each page they open."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    ROOT / ".tools" / "axe" / "axe.min.js",
    ROOT / "tools" / "frontend" / "node_modules" / "axe-core" / "axe.min.js",
)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async (standards) => {
  const found = await axe.run(document, {runOnly: standards, resultTypes: ["violations"]});
  return found.violations.map((rule) => ({
    rule: rule.id, impact: rule.impact, help: rule.help,
    nodes: rule.nodes.map((node) => ({target: node.target.join(" "), html: node.html, why: node.failureSummary})),
  }));
}
"""


def source() -> Path:
    """Where axe-core lies: SANXIANG_AXE, or where the set-up of this checkout put it. Raises when it is nowhere."""
    named = os.environ.get("SANXIANG_AXE")
    for place in (Path(named),) if named else PLACES:
        if place.is_file():
            return place
    raise FileNotFoundError("axe-core not found; run `make setup` or set SANXIANG_AXE")


def violations(page: Page) -> list[dict[str, Any]]:
    """Every rule that the page breaks, with the elements that break it; an empty list is what a test wants.

    The script goes in by `evaluate`, not by a script element: the page's content policy forbids inline scripts.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(source().read_text(encoding="utf-8"))
    broken: list[dict[str, Any]] = page.evaluate(RUN, STANDARDS)
    return broken
