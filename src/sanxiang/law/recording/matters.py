"""Matters 音像记录事项: what schemes and lists call the activities that are recorded, and how an act says which it is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sanxiang.law.rules import Act

MATTERS = {
    "on-site-enforcement": "现场执法",
    "on-site-inspection": "现场检查",
    "random-inspection": "随机抽查",
    "evidence-collection": "调查取证",
    "evidence-preservation": "证据保全",
    "hearing": "听证",
    "coercion": "行政强制",
    "seizure": "查封扣押财产",
    "demolition": "强制拆除",
    "service": "送达",
    "service-lien": "留置送达",
    "service-announcement": "公告送达",
    "liberty": "直接涉及人身自由",
    "life-health": "直接涉及生命健康",
    "property": "直接涉及重大财产权益",
    "enforcement-place": "执法场所",
    "case-room": "执法办案场所",
}
"""The words of the five schemes, by the names that acts and `record` blocks use. A locality may name further ones."""

INTERESTS = {"liberty": "人身自由", "life-health": "生命健康", "property": "重大财产权益"}
"""Interests 权益: where a case touches one, what is done on site is recorded from its beginning to its end."""

ON_SITE = frozenset(
    {
        "on-site-enforcement",
        "on-site-inspection",
        "random-inspection",
        "evidence-collection",
        "evidence-preservation",
        "coercion",
        "seizure",
        "demolition",
    }
)
"""Matters in which officers and party face one another: an interest that the case touches is touched there."""

PREMISES = {"case-room": "执法办案场所", "interview-room": "询问室", "hearing-room": "听证室"}
"""Rooms fitted for enforcement, as the field `premises` tells them."""


def matters_of(
    act: Act, data: Mapping[str, Any], known: Mapping[str, Any] = MappingProxyType({})
) -> frozenset[str]:
    """Which matters an act is as it is told, in a case of which these facts are known.

    What its form has not answered yet counts as if it made the act one.
    """
    return frozenset(_name(one) for one in act.matters if isinstance(one, str) or _told(one, data, known))


def could_be(act: Act) -> frozenset[str]:
    """Every matter that an act may be, whatever it tells."""
    return frozenset(map(_name, act.matters))


def _name(entry: Any) -> str:
    return entry if isinstance(entry, str) else str(entry["matter"])


def _told(entry: Mapping[str, Any], data: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    source, _, rest = str(entry.get("when", "")).partition(":")
    name, _, wanted = rest.partition("=")
    if not name:
        return True
    given = data.get(name)
    if given in (None, "", []):
        if source == "data":
            return True
        given = known.get(name)
    return str(given) in wanted.split("|") if wanted else bool(given)
