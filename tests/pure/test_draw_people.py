"""Whose names a draw publishes: organisations' alone, whatever word the list has for the rest. All names are invented."""

import pytest

from sanxiang.law.drawing.pool import candidate

FIRM = "91370321MA3C000001"


@pytest.mark.parametrize(
    ("kind", "code", "person"),
    [
        ("企业", FIRM, False),
        ("", FIRM, False),
        ("市场主体", FIRM, False),
        ("企业", "", False),
        ("农民专业合作社", "", False),
        ("自然人", "", True),
        ("", "", True),
        ("渔民", "", True),
        ("承包经营户", "", True),
        ("市场主体", "92370321MA3C000002", True),
        ("个体工商户", "92370321MA3C000002", True),
        ("", "370321199001010014", True),
    ],
)
def test_who_may_be_a_person_is_not_named(kind: str, code: str, person: bool) -> None:
    row = {"对象名称": "苏禾青", "地址": "演示村3号", "对象类别": kind, "统一社会信用代码": code}
    found = candidate(row, "salt")
    assert found.natural is person
    assert (found.token == code) is (bool(code) and not person)
