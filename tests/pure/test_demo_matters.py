"""What the demonstration tells of the law is true: ranges hold the fines told, articles exist, every case has its item."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from sanxiang.demo.matters import RESOURCES, TOWN, WATER, Matter, Remit, matter

LAWS = Path(__file__).resolve().parents[3] / "shared" / "laws"
REMITS = {"water": WATER, "resources": RESOURCES, "town": TOWN}
CITED = re.compile(
    r"《([^》]+)》(第[一二三四五六七八九十百]+条)(?:第([一二三四五六七八九十]+)款)?(?:第([一二三四五六七八九十]+)项)?"
)
NOT_HERE = {"城市道路管理条例"}
"""Cited, but its text is not among those to check against."""
DIGITS = "零一二三四五六七八九十"
MOST_TOLD = 100_000
each_remit = pytest.mark.parametrize("remit", REMITS.values(), ids=REMITS)


@each_remit
def test_every_fine_told_lies_within_the_range_of_its_article(remit: Remit) -> None:
    bounds = [*sorted(remit.told), MOST_TOLD + 1]
    for low, high in pairwise(bounds):
        for fine in {low, (low + high) // 2, high - 1}:
            tier = {matter(str(fine), which, remit) for which in range(6)}
            assert tier == set(remit.told[low])
            for about in tier:
                assert about.least <= fine <= about.most, (about.cause, fine)


@each_remit
def test_what_is_told_on_the_spot_is_a_warning_or_a_fine(remit: Remit) -> None:
    for fine in ("1", "100", "200", "3000"):
        for which in range(6):
            about = matter(fine, which, remit)
            assert set(about.kinds) <= {"warning", "fine"} and "拆除" not in about.correction


@each_remit
def test_a_paper_does_not_order_to_correct_the_correction(remit: Remit) -> None:
    """The papers print 责令改正 before it."""
    assert all(re.match("责令(?!改正|限期改正)", about.correction) for about in remit.matters)


@each_remit
def test_every_matter_stands_on_the_list_under_its_own_articles(remit: Remit) -> None:
    for about in remit.matters:
        assert remit.items[about.named] == about.basis


def test_each_bureau_has_its_own_law() -> None:
    def names(remit: Remit) -> set[str]:
        cited = [
            *remit.items.values(),
            *(c.basis for c in remit.checks),
            *(m.violated for m in remit.matters),
        ]
        return {name for text in cited for name in re.findall("《([^》]+)》", text)}

    assert names(WATER) == {"防洪法", "水法", "水土保持法"}
    assert names(RESOURCES) == {"土地管理法", "土地管理法实施条例", "矿产资源法", "城乡规划法", "测绘法"}
    assert names(TOWN) == {"城市道路管理条例", "城乡规划法"}


def number(words: str) -> int:
    """Up to nineteen, as paragraphs and items are counted."""
    return sum(DIGITS.index(sign) for sign in words)


def article_of(name: str, heading: str) -> list[str]:
    """The paragraphs and items of an article, one a line."""
    text = next(LAWS.glob(f"{name}(*.md")).read_text(encoding="utf-8")
    found = re.search(rf"^{heading}\s(.+?)(?=^第[^\s]+条\s|^#|\Z)", text, re.S | re.M)
    assert found, f"{name} {heading}"
    return [line.strip() for line in found[1].splitlines() if line.strip()]


@pytest.mark.skipif(not LAWS.is_dir(), reason="../shared/laws is not here")
@each_remit
def test_every_article_cited_exists(remit: Remit) -> None:
    cited = [*remit.items.values(), *(check.basis for check in remit.checks)]
    told: list[Matter] = list(remit.matters)
    cited += [text for about in told for text in (about.violated, about.basis)]
    for name, heading, paragraph, item in (found for text in cited for found in CITED.findall(text)):
        if name in NOT_HERE:
            continue
        lines = article_of(name, heading)
        paragraphs = [line for line in lines if not line.startswith("（")]
        assert number(paragraph or "一") <= len(paragraphs), (name, heading, paragraph)
        assert not item or any(line.startswith(f"（{item}）") for line in lines), (name, heading, item)
