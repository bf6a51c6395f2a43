"""How the pages of lists look at every width: drafts, imports, versions, rechecks, the queue; and what the public reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from seen import faults_seen

import listed
from clockwork import Clock
from knocks import signed_in
from play import make_office
from sanxiang.door.administer import administer

pytestmark = pytest.mark.django_db


def pages_of(clock: Clock) -> dict[str, str]:
    """Each page with something on it."""
    office = make_office("dongying")
    agency, today = office.agency, timezone.localdate()
    reviewer = office.people["legal-reviewer"]
    rows = [
        {"事项编码": "S-1", "事项名称": "未经批准擅自取水的处罚", "依据": "《水法》第六十九条", "主体": agency.name, "职责": "水资源管理"},
        {"事项编码": "S-2", "事项名称": "在河道管理范围内弃置渣土的处罚", "依据": "《防洪法》第五十五条", "主体": agency.name},
    ]  # fmt: skip
    first = listed.release(agency, "items", rows, today - timedelta(days=30))
    listed.release(
        agency, "items", [{**rows[0], "职责": "水资源管理和保护"}, rows[1]], today - timedelta(days=9)
    )
    administer("record-law-change", agency, reviewer, {"law": "水法", "change": "repealed", "since": today})
    bad = [
        {"行号": "3", "问题": "没有填写“事项名称”", "怎么改": "补填后重新提交", "依据": "《水法》第七十条"}
    ]
    told = {"kind": "items", "rows": [*rows, {"事项名称": "新的事项"}], "rejected": bad, "note": "增加一项"}
    draft = administer("draft-register", agency, office.people["officer1"], told)
    subjects = [{"执法主体机构名称": agency.name, **dict.fromkeys(SUBJECT, "演示")}]
    waiting = administer("draft-register", agency, reviewer, {"kind": "subjects", "rows": subjects})
    recheck = first.register.rechecks.get()
    desk = signed_in(reviewer)
    base = "/desk/registers/"
    mine = (
        base, f"{base}drafts/{draft.pk}/", f"{base}drafts/{waiting.pk}/", f"{base}rechecks/{recheck.pk}/",
        f"{base}{first.register_id}/changes/", f"{base}import/?agency={agency.pk}",
        f"{base}import/?agency={agency.pk}&kind=items",
    )  # fmt: skip
    found = {at: desk.get(at).content.decode() for at in mine}
    here, above = f"/agencies/{agency.pk}/items/", f"/districts/{agency.parent_id}/"
    for at in (
        here,
        f"{here}changes/",
        f"{here}?on=2020-01-01",
        above,
        f"{above}items/",
        f"{above}officers/",
    ):
        found[at] = Client().get(at).content.decode()
    return found


SUBJECT = (
    "机构性质", "经费来源", "队伍编制状况", "主体类别", "执法职责和权限", "法定代表人", "单位地址", "投诉举报电话",
)  # fmt: skip


def test_they_fit_every_width_and_anybody_can_use_them(clock: Clock) -> None:
    pages = pages_of(clock)
    assert all("<h1>" in page for page in pages.values())
    assert not (found := faults_seen(pages, thorough=False)), "\n".join(found)


def test_a_day_that_is_none_is_said_at_its_field_and_stays_typed(clock: Clock) -> None:
    """In Chinese, with what was typed; the versions are still there to choose from."""
    office = make_office("dongying")
    listed.release(
        office.agency, "items", [{"事项编码": "S-1", "事项名称": "取水的处罚"}], timezone.localdate()
    )
    here = f"/agencies/{office.agency.pk}/items/"
    for typed in ("2026-02-30", "昨天", "x" * 300):
        answer = Client().get(here, {"on": typed})
        page = answer.content.decode()
        assert answer.status_code == 422 and f"“{typed[:20]}" in page and "请写成 2026-11-21 的形式" in page
        assert 'aria-invalid="true"' in page and 'href="#id_on"' in page and "第1版" in page
        assert "取水的处罚" not in page, "no day, no rows"
    assert Client().get(here, {"on": "2026-11-21"}).status_code == 200
