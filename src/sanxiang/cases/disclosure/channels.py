"""公示渠道: one publication as each channel shows it, all with the same digest of its text; and which channels still lack it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.cases.models import Publication
from sanxiang.law.packs import Pack
from sanxiang.speech import cn_day, cn_moment

OWN = {"portal": "公示平台", "hall": "办事大厅显示屏"}
HANDS = {
    "website": "政府网站",
    "new-media": "政务新媒体",
    "counter": "服务窗口公示单",
    "notice-board": "办事大厅公示栏",
}
"""What people put up by hand; they write down when."""

SERVED_BY = {
    "portal": "portal",
    "website": "website",
    "new-media": "new-media",
    "hall": "hall",
    "window": "counter",
    "counter": "counter",
}
"""By the name that a scheme gives a platform, which of these channels it is; others are systems that are told by messages."""


@dataclass(frozen=True)
class Posted:
    """One channel: since when it shows the text, and whether that is still the text of today."""

    id: str
    label: str
    at: str
    digest: str
    where: str = ""
    same: bool = True


def wanted(pack: Pack) -> list[str]:
    """The channels in which the scheme wants decisions shown; the portal and its screen in any case."""
    listed = pack.setting("publish.platforms") or ()
    own = [SERVED_BY[p["id"]] for p in listed if "decisions" in p.get("carries", ()) and p["id"] in SERVED_BY]
    return list(dict.fromkeys([*OWN, *own]))


def channels_of(pack: Pack, state: Mapping[str, Any]) -> list[Posted]:
    """Every channel that is wanted or was used, each with its own time; one without a time lacks the text."""
    told: Mapping[str, Mapping[str, str]] = state.get("channels", {})
    digest = str(state.get("digest", ""))
    names = OWN | HANDS
    return [
        Posted(
            one,
            names.get(one, one),
            cn_moment(told.get(one, {}).get("at", "")),
            str(told.get(one, {}).get("digest", "")),
            str(told.get(one, {}).get("where", "")),
            told.get(one, {}).get("digest", "") in ("", digest),
        )
        for one in dict.fromkeys([*wanted(pack), *told])
    ]


def post_text(row: Publication) -> str:
    """The text for new media, ready to be copied: what happened in plain words, who decided, where to read all of it."""
    kind = ACT_TYPES.get(row.act_type, row.act_type)
    lines = [
        f"【{kind}公示】{row.title}",
        row.summary or row.result,
        f"当事人：{row.party}" if row.party else "",
        f"结论：{row.result}" if row.summary else "",
        f"{row.authority}　{cn_day(row.decided_on)}　{row.number}".rstrip("　"),
        f"内容校验值：{row.text_digest}",
    ]
    return "\n".join(line for line in lines if line)
