"""按地区看: numbers by township as a list, and as the map that an operator registered with its 审图号."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from seen import faults_seen

from board import publish, text
from cast import Cast, make_agency
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db


def square(at: float, name: str, code: str) -> dict[str, Any]:
    """A township of a tenth of a degree."""
    ring = [[118 + at, 36.9], [118.1 + at, 36.9], [118.1 + at, 37.0], [118 + at, 37.0], [118 + at, 36.9]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name, "code": code}, "geometry": geometry}


SHAPES = [
    square(0, "青石镇", "370399101"),
    square(0.1, "柳泉镇", "370399102"),
    square(0.2, "松岭镇", "370399103"),
]
MAP = {
    "review_number": "鲁SG〔2024〕015号",
    "geojson": json.dumps({"type": "FeatureCollection", "features": SHAPES}),
}


def town(cast: Cast, name: str, code: str) -> Agency:
    """A town's government that enforces."""
    made = make_agency(name, "", cast.government)
    Agency.objects.filter(pk=made.pk).update(kind="town", region=code, n=made.n + 1)
    return Agency.objects.get(pk=made.pk)


def changed(**more: Any) -> str:
    """The map with its first feature changed."""
    return json.dumps({"type": "FeatureCollection", "features": [{**SHAPES[0], **more}, *SHAPES[1:]]})


def test_each_number_leads_to_its_list_with_and_without_a_map(client: Client, cast: Cast) -> None:
    stone = town(cast, "青石镇人民政府", "370399101")
    for number in range(12):
        publish(stone, number)
    publish(cast.bureau, 50)
    page = html.unescape(text(client.get("/regions/")))
    assert 'class="regions"' not in page and "审图号" not in page and "青石镇人民政府" in page
    administer("set-map", cast.government, None, {**MAP, "source": "县自然资源局"})
    page = html.unescape(text(client.get("/regions/")))
    assert "审图号：<b>鲁SG〔2024〕015号</b>" in page and "县自然资源局" in page
    assert (
        'class="regions"' in page
        and page.count('<path class="region') == 3
        and 'aria-label="青石镇：12 条决定"' in page
    )
    assert '<path class="region region-2"' in page and "松岭镇：0 条决定" in page
    (link,) = re.findall(r'<a href="([^"]+)" aria-label="青石镇', page)
    assert "共 12 条" in html.unescape(text(client.get(link)))
    counted = re.findall(r'class="num"[^>]*><a href="(/decisions/[^"]+)">([\d,]+)', page)
    assert sum(int(number) for _, number in counted) == 13, "each decision stands in one line"
    for address, number in counted:
        assert f"共 {number} 条" in html.unescape(text(client.get(address))), address
    administer("remove-map", cast.government, None, {"why": "边界调整"})
    assert "审图号" not in text(client.get("/regions/"))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"review_number": ""}, "没有填写“审图号”"),
        ({"review_number": "没有"}, "不是审图号"),
        ({"geojson": "{"}, "不是 JSON"),
        ({"geojson": "[]"}, "不是 GeoJSON"),
        ({"geojson": changed(properties={"name": "青石镇", "code": "3703"})}, "9 位或 12 位"),
        ({"geojson": changed(properties={"code": "370399101"})}, "没有名称"),
        (
            {"geojson": changed(properties={"name": "青石镇", "code": "370399102"})},
            "行政区划代码重复：370399102",
        ),
        ({"geojson": changed(geometry={"type": "Point", "coordinates": [118, 37]})}, "应为 Polygon"),
        (
            {"geojson": changed(geometry={"type": "Polygon", "coordinates": [[[118, 37], [118, 36]]]})},
            "没有闭合",
        ),
        (
            {"geojson": changed(geometry={"type": "Polygon", "coordinates": [[[37, 118]] * 4]})},
            "先经度后纬度",
        ),
        ({"geojson": changed(geometry={"type": "Polygon", "coordinates": [[["a", 1]] * 4]})}, "不是一对数字"),
    ],
)
def test_no_map_without_its_review_and_none_that_cannot_be_drawn(
    cast: Cast, told: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused) as refused:
        administer("set-map", cast.government, None, {**MAP, **told})
    assert any(said in verdict.fact for verdict in refused.value.verdicts)


def test_the_page_costs_the_same_however_much_there_is(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    administer("set-map", cast.government, None, MAP)
    client.get("/regions/")
    for number in range(2):
        publish(town(cast, f"第{number}镇", f"37039910{number + 1}"), number)
        with django_assert_num_queries(4):
            client.get("/regions/")


@pytest.mark.browser
def test_the_map_fits_every_width_and_satisfies_axe(client: Client, cast: Cast) -> None:
    for number, count in ((1, 3), (2, 12)):
        organ = town(cast, f"第{number}镇人民政府", f"37039910{number}")
        for one in range(count):
            publish(organ, one)
    pages = {"/statistics/": text(client.get("/statistics/")), "/open-data/": text(client.get("/open-data/"))}
    administer("set-map", cast.government, None, MAP)
    pages["/regions/"] = text(client.get("/regions/"))
    assert faults_seen(pages) == []
