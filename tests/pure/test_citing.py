"""Who cites a law: names inside texts, with the articles that follow them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.law.citing import articles_in, changed_articles, plain_name, rules_citing, templates_citing
from sanxiang.law.packs import load_pack


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("《防洪法》第五十五条第二项", ("第五十五条",)),
        ("《中华人民共和国防洪法》第二十二条第二款、第五十五条第一项", ("第二十二条", "第五十五条")),
        ("违反防洪法第二十二条，依据防洪法第五十五条第一、二项", ("第二十二条", "第五十五条")),
        ("《防洪法》", ()),
        ("防洪法", ()),
        ("《防洪法》第五十五条之一以及第五十六条", ("第五十五条之一", "第五十六条")),
        ("依《水法》第六十九条和《防洪法》第三条处罚；第九条另说", ("第三条",)),
        ("《防洪法实施办法》第三条", None),
        ("《某省防洪法》第三条", None),
        ("海洋防洪法第三条", None),
        ("防洪", None),
        ("", None),
    ],
)
def test_what_a_text_cites(text: str, articles: tuple[str, ...] | None) -> None:
    assert articles_in(text, "防洪法") == articles
    assert articles_in([{"依据": [text]}, 3, None], "防洪法") == articles


@given(st.text(alphabet="《》防洪法第五十条、和 海据中华人民共和国", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    found = articles_in(text, "防洪法")
    assert (found is None) or "防洪法" in text
    assert ("《防洪法》" not in text) or found is not None


def test_a_law_is_called_by_its_short_name() -> None:
    assert {
        plain_name(t) for t in ("防洪法", " 《防洪法》", "中华人民共和国防洪法", "《中华人民共和国防洪法》")
    } == {"防洪法"}


def test_rules_under_an_article_and_rules_that_name_it() -> None:
    pack = load_pack("kaiyuan")
    found = {(r.kind, r.id): r for r in rules_citing([pack], "行政处罚法")}
    assert found["guard", "publish.second-person"].articles == ("第四十八条",)
    assert {"limit", "act", "paper", "value"} <= {kind for kind, _ in found}
    # Where it stands is under the water bureau's own rules, what it says names the statute.
    assert any(r.place.startswith("kaiyuan/") for r in found.values())
    papers = templates_citing([pack], "行政处罚法")
    assert {r.kind for r in papers} == {"paper"} and "penalty-decision" in {r.id for r in papers}
    assert not rules_citing([pack], "处罚法")


def test_articles_that_a_new_version_changed() -> None:
    before = {"第一条": "为了 防洪。\n\u200b", "第二条": "甲", "第三条": "丙"}
    after = {"第一条": "为了防洪。", "第二条": "乙", "第四条": "丁"}
    assert changed_articles(before, after) == ["第二条", "第四条", "第三条"]
    assert changed_articles(before, before) == []
