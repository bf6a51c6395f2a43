"""Of lists the public sees what is in force and meant for it: no version before its day, no register that is not public, no number."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cast import Cast
from clockwork import Clock
from planted_files import IDCARD
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db


def told(agency: Agency, kind: str, begins: date, *names: str, **more: str) -> None:
    """A version of a list."""
    rows: list[dict[str, Any]] = [
        {"事项编码": str(n), "事项名称": name, "依据": "《水法》第六十九条", "权力事项编码": str(n), **more}
        for n, name in enumerate(names, 1)
    ]
    administer("release-register", agency, None, {"kind": kind, "rows": rows, "in_force_from": begins})


def test_a_version_whose_day_has_not_come_is_nowhere_to_be_told(cast: Cast, clock: Clock) -> None:
    """Asked for by its number it is not there; without numbers the answer is what it was before the version was released."""
    today, agency = timezone.localdate(), cast.bureau
    addresses = [
        f"/agencies/{agency.pk}/items/changes/",
        f"/api/v1/public/agencies/{agency.pk}/registers/items/changes",
    ]
    told(agency, "items", today - timedelta(days=40), "水事检查")
    told(agency, "items", today - timedelta(days=20), "水事检查", "取水检查")
    before = [Client().get(one).content for one in addresses]
    told(agency, "items", today + timedelta(days=30), "水事检查", "秘密新事项")
    for address, was in zip(addresses, before, strict=True):
        assert Client().get(address).status_code == 200 and Client().get(address).content == was
        for asked in ("?from=3&to=1", "?from=3&to=2", "?from=1&to=3", "?to=3"):
            assert "秘密新事项" not in Client().get(address + asked).content.decode(), (address, asked)
    clock.now += timedelta(days=30)
    for address in addresses:
        assert "秘密新事项" in Client().get(f"{address}?from=1&to=3").content.decode(), (
            "on its day it is told"
        )


def test_whether_a_register_that_is_not_public_exists_cannot_be_asked(cast: Cast) -> None:
    """The form of a voice answers alike where there is one and where there is none."""
    today, agency = timezone.localdate(), cast.bureau
    here = f"/voices/?about=list&key={agency.pk}/"
    columns = [name for name, _ in columns_of(load_pack(agency.locality), "disclosure-duties")]
    told(agency, "disclosure-duties", today, "公示职责", **dict.fromkeys(columns, "公示"))
    told(agency, "items", today, "水事检查")
    assert Client().get(f"{here}items").status_code == 200
    assert Client().get(f"{here}disclosure-duties").status_code == 404
    administer(
        "withdraw-register", agency, None, {"kind": "items", "ground": "ended", "reason": "正在重新核对"}
    )
    assert Client().get(f"{here}items").status_code == 404


def test_rows_notes_and_reasons_of_a_public_list_hold_nobodys_number(cast: Cast) -> None:
    """The refusal names the place and the article, never the number; an office's telephone in its own column is no secret."""
    today, agency = timezone.localdate(), cast.bureau
    mobile = "139" + "00001357"
    with pytest.raises(Refused) as refused:
        told(agency, "items", today, "水事检查", 备注=f"联系苏禾青 {IDCARD}")
    assert "第 1 行的“备注”含有身份证件号码（“" in str(refused.value) and IDCARD not in str(refused.value)
    with pytest.raises(Refused, match="身份证件号码"):
        told(agency, "items", today, "水事检查", 备注="见身份证210102199001011234")
    assert "个人信息保护法" in str(refused.value.verdicts[0].citation)
    with pytest.raises(Refused, match="手机号码"):
        told(agency, "items", today, f"水事检查（{mobile}）")
    told(agency, "items", today, "水事检查", 咨询电话=mobile)
    with pytest.raises(Refused, match="“撤下理由”含有手机号码"):
        administer(
            "withdraw-register",
            agency,
            None,
            {"kind": "items", "ground": "ended", "reason": f"苏禾青 {mobile} 来电要求"},
        )
