"""In the demonstration every office punishes by its own bureau's law: on its lists, in its cases, on the portal."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import strip_tags

from clockwork import MORNING, Clock
from play import county_of, make_office
from sanxiang.cases.models import Case, Publication
from sanxiang.demo.build import build_cases
from sanxiang.demo.levies import release_charges
from sanxiang.demo.registers import release_lists
from sanxiang.law.packs import load_pack
from sanxiang.registers.models import Release

pytestmark = pytest.mark.django_db

LAND = {"土地管理法", "土地管理法实施条例", "矿产资源法", "城乡规划法", "测绘法"}
LAW = {"laizhou": LAND, "lingchuan": LAND, "huantai": {"城市道路管理条例", "城乡规划法"}}
ANYBODY = {"行政处罚法"}
"""What every bureau cites."""
WATER = re.compile("水行政|取水|河道|行洪|水法|防洪")


@pytest.mark.parametrize("locality", LAW)
def test_the_demonstration_tells_the_law_of_the_bureau(locality: str, clock: Clock) -> None:
    office = make_office(locality, MORNING - timedelta(days=400))
    release_lists(office, load_pack(locality), MORNING - timedelta(days=400))
    release_charges(office, MORNING - timedelta(days=400))
    build_cases(office, county_of(locality), MORNING)
    cases = Case.objects.filter(agency=office.agency, act_type="penalty")
    kept = [json.dumps(case.state["facts"], ensure_ascii=False) for case in cases]
    kept += [
        json.dumps(r.rows, ensure_ascii=False) for r in Release.objects.exclude(register__kind="charges")
    ]
    fined = Publication.objects.filter(act_type="penalty")
    kept += [f"{p.title}{p.facts}{p.basis}" for p in fined]
    kept += [strip_tags(Client().get(f"/agencies/{office.agency.pk}/items/").content.decode())]
    for text in kept:
        assert not WATER.search(text)
        assert set(re.findall("《([^》]+)》", text)) <= LAW[locality] | ANYBODY
    cited = set(re.findall("《([^》]+)》", "".join(kept[: len(cases)])))
    assert cited >= {"城乡规划法"} and len(cited & LAW[locality]) >= 2
    assert len(cases) >= 9 and fined.filter(status="published").count() >= 4
