"""The map of townships that the portal draws: the operator's own data, and never without the number under which it was reviewed."""

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.law import townships
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.people.models import Agency

REVIEW = Citation("地图管理条例", "第十五条")
SET, REMOVE = "set-map", "remove-map"
LONGEST = 1_000_000


def sound(change: Change) -> list[Verdict]:
    """A review number in its form, and shapes that can be drawn."""
    number, text = change.data.get("review_number"), change.data.get("geojson")
    found = []
    if number and not townships.REVIEWED.fullmatch(str(number)):
        fact, cure = f"“{number}”不是审图号", "照地图上标注的写，例如：鲁SG〔2024〕015号"
        found.append(unmet("map.reviewed", REVIEW, fact, cure))
    try:
        if text:
            townships.read(str(text))
    except townships.NoMap as error:
        found.append(unmet("map.drawable", REVIEW, f"乡镇边界：{error}", "改正数据后重新提交"))
    return found


@admin_act(
    SET,
    "登记乡镇地图",
    (roles.SYSTEM_ADMIN,),
    (
        asked("review_number", "审图号", longest=60, help="向社会公开的地图应当经过审核；没有审图号的不能登记"),
        asked("source", "地图来源", required=False, longest=120),
        asked(
            "geojson", "乡镇边界（GeoJSON）", "longtext", longest=LONGEST,
            help="FeatureCollection；每个要素有 name、code（9 位或 12 位行政区划代码）和 Polygon 或 MultiPolygon",
        ),
    ),
    REVIEW,
    group="agency",
    help="门户的“按地区看”用它画图；再次登记的替代原来的",
    checks=sound,
    secrecy="public",
)  # fmt: skip
def set_map(change: Change) -> Agency:
    """From now on this map is drawn."""
    return change.agency


@admin_act(
    REMOVE,
    "撤下乡镇地图",
    (roles.SYSTEM_ADMIN,),
    (asked("why", "理由", longest=200),),
    REVIEW,
    group="agency",
    help="撤下以后，“按地区看”只有文字列表",
    checks=lambda change: [],
    secrecy="public",
)
def remove_map(change: Change) -> Agency:
    """From now on no map is drawn."""
    return change.agency
