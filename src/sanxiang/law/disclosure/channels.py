"""公示渠道: where one publication stands, put up by this system and by hands, and where hands still show what is public no more."""

from collections.abc import Mapping
from typing import Any

OWN = {"portal": "公示平台", "hall": "办事大厅显示屏"}
"""What this system serves itself, at once: the portal, and the feed of the screen in the hall."""
HANDS = {
    "website": "政府网站",
    "new-media": "政务新媒体",
    "counter": "服务窗口公示单",
    "notice-board": "办事大厅公示栏",
}
"""What people put up by hand; they write down when, and when they took it down."""
EACH = "channel"
"""What a period names in `each` that runs for every such channel by itself."""


def up(publication: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The channels of hands that show something."""
    told: Mapping[str, Mapping[str, Any]] = publication.get("channels", {})
    return {name: one for name, one in told.items() if name not in OWN and not one.get("down")}


def public(publication: Mapping[str, Any]) -> bool:
    """Does a text stand on the portal, by what was done? Its last day may be over before the clock comes round."""
    portal: Mapping[str, Any] = publication.get("channels", {}).get("portal", {})
    return bool(portal) and not portal.get("down")


def stale(publication: Mapping[str, Any]) -> list[str]:
    """The channels of hands that show what is public no more, or what was found to be wrong."""
    sound = public(publication) and "correcting" not in publication
    digest = publication["channels"]["portal"].get("digest", "") if sound else None
    return [name for name, one in up(publication).items() if one.get("digest") != digest]
