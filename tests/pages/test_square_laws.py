"""法律依据 on the portal: every law by name, its text on a day, article by article, and what of the portal rests on it."""

from datetime import date
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from seen import faults_seen

from board import publish
from cast import Cast
from page_form import words
from sanxiang.law.packs import load_pack
from sanxiang.registers.models import Register, Release, Statute

pytestmark = pytest.mark.django_db

LAW, ARTICLE = "水法", "第四十八条"
OLD, NEW = "旧的文字：取水应当申请领取许可证。", "新的文字：直接从江河、湖泊取水，应当申请领取取水许可证。"


@pytest.fixture
def library(cast: Cast) -> Cast:
    """Two versions of a law, a list that names one of its articles twice, two decisions that name it in either way."""
    for day, text in ((date(2009, 8, 27), OLD), (date(2016, 7, 2), NEW)):
        articles = {ARTICLE: text, **{f"第{n}条": f"条文{n}" for n in "一二三"}}
        Statute.objects.create(name=f"中华人民共和国{LAW}", version=day, articles=articles, digest="a" * 64)
    Statute.objects.create(
        name="旧条例",
        version=date(2001, 1, 1),
        articles={"第一条": "文字"},
        digest="b" * 64,
        repealed_on=date(2020, 1, 1),
    )
    register = Register.objects.create(
        agency=cast.bureau, kind="items", label="行政执法事项清单", n=1, head=""
    )
    rows = [{"事项名称": f"事项{n}", "依据": f"《{LAW}》{ARTICLE}"} for n in range(2)] + [
        {"事项名称": "另一项", "依据": f"《{LAW}》第一条"}
    ]
    Release.objects.create(
        register=register,
        version=1,
        in_force_from=date(2026, 1, 1),
        rows=rows,
        digest="c" * 64,
        act=uuid4(),
        n=1,
    )
    publish(cast.bureau, 1, basis=f"违反《{LAW}》{ARTICLE}")
    publish(cast.bureau, 2, basis=f"违反《中华人民共和国{LAW}》{ARTICLE}第一款")
    publish(cast.bureau, 3, basis="违反《节约用水条例》第四十八条")
    return cast


def seen(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200 and len(answer.content) < 150_000, address
    return words(answer)


def test_every_law_has_a_page_and_every_article_an_address(library: Cast) -> None:
    """The newest text today, the older one on a day before; nothing that is no public law."""
    listed = seen("/law/")
    assert 'href="/law/%E6%B0%B4%E6%B3%95/"' in listed and "行政处罚法" in listed and "已经废止" in listed
    scheme = next(
        one.name for one in load_pack(library.bureau.locality).instruments.values() if one.kind == "scheme"
    )
    assert scheme not in listed and Client().get(f"/law/{scheme}/").status_code == 404
    now, then = seen(f"/law/{LAW}/{ARTICLE}/"), seen(f"/law/{LAW}/{ARTICLE}/?on=2012-05-01")
    assert NEW in now and OLD not in now and OLD in then and NEW not in then
    assert ARTICLE in seen(f"/law/{LAW}/") and "这一天没有有效的文本" in seen(f"/law/{LAW}/?on=2001-01-01")
    assert "这一天没有有效的文本" in seen("/law/旧条例/") and "文字" in seen(
        "/law/旧条例/第一条/?on=2019-01-01"
    )
    for wrong in (
        f"/law/{LAW}/第九百条/",
        f"/law/{LAW}/x/",
        "/law/没有这部法/",
        f"/law/{LAW}/?page=9",
    ):
        assert Client().get(wrong).status_code == 404, wrong
    for path in (f"/law/{LAW}/?on=x", f"/law/{LAW}/{ARTICLE}/?on=2026-02-30"):
        unreadable = Client().get(path)
        assert unreadable.status_code == 422 and "日期" in unreadable.content.decode(), path
    textless = Client().get("/law/行政处罚法/?on=x")
    assert textless.status_code == 200 and 'name="on"' not in textless.content.decode(), "no day to choose"


def test_what_rests_on_it_is_counted_and_leads_there(library: Cast) -> None:
    """Entries of lists by article; decisions by either way to write the name, each number that of its search."""
    page = seen(f"/law/{LAW}/{ARTICLE}/")
    assert "行政执法事项清单" in page and f"/agencies/{library.bureau.pk}/items/" in page
    for told in (f"《{LAW}》{ARTICLE}", f"《中华人民共和国{LAW}》{ARTICLE}"):
        assert f'写有“{told}”的决定</a>：<span class="num">1</span>' in page
        assert seen(f"/decisions/?q={told}").count('<h3><a href="/decisions/') == 1
    assert '<td data-label="条目（条）" class="num">2</td>' in page
    assert '<td data-label="条目（条）" class="num">3</td>' in seen(f"/law/{LAW}/")
    assert "没有清单引用" in seen(f"/law/{LAW}/第二条/")


def test_they_ask_as_much_with_many_texts_as_with_few_and_anybody_can_use_them(library: Cast) -> None:
    places = tuple(quote(place) for place in ("/law/", f"/law/{LAW}/", f"/law/{LAW}/{ARTICLE}/"))

    def asked() -> list[int]:
        found = []
        for place in places:
            with CaptureQueriesContext(
                connection,
            ) as counted:
                seen(place)
            found.append(len(counted))
        return found

    asked()
    few = asked()
    for n in range(30):
        Statute.objects.create(
            name=f"第{n}部法", version=date(2020, 1, 1), articles={"第一条": "字"}, digest=f"{n:064}"
        )
        register = Register.objects.create(agency=library.other, kind=f"items{n}", label="清单", n=1, head="")
        Release.objects.create(
            register=register,
            version=1,
            in_force_from=date(2026, 1, 1),
            rows=[{"依据": f"《{LAW}》"}],
            digest="d" * 64,
            act=uuid4(),
            n=1,
        )
        publish(library.bureau, 10 + n, basis=f"《{LAW}》{ARTICLE}")
    assert asked() == few
    pages = {place: Client().get(place).content.decode() for place in places}
    assert not (wrong := faults_seen(pages, thorough=False)), "\n".join(wrong)
