"""公示渠道: one publication as each channel shows it, all with the same digest of its text; and which channels still lack it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.cases.models import Publication
from sanxiang.law.disclosure.channels import HANDS, OWN, public, stale
from sanxiang.law.packs import Pack
from sanxiang.speech import cn_day, cn_moment

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
    """One channel: since when it shows the text, whether it has to come down there, and who took it down when."""

    id: str
    label: str
    at: str
    digest: str
    where: str = ""
    same: bool = True
    down: str = ""
    due: bool = False


def wanted(pack: Pack) -> list[str]:
    """The channels in which the scheme wants decisions shown; the portal and its screen in any case."""
    listed = pack.setting("publish.platforms") or ()
    own = [SERVED_BY[p["id"]] for p in listed if "decisions" in p.get("carries", ()) and p["id"] in SERVED_BY]
    return list(dict.fromkeys([*OWN, *own]))


def channels_of(pack: Pack, state: Mapping[str, Any]) -> list[Posted]:
    """Every channel that was used or, while the text is public, is wanted, each with its own time; one without a time lacks the text."""
    told: Mapping[str, Mapping[str, Any]] = state.get("channels", {})
    portal, over = told.get("portal", {}), stale(state)
    return [_posted(one, told.get(one, {}), str(portal.get("digest", "")), one in over)
            for one in dict.fromkeys([*(wanted(pack) if public(state) else ()), *told])]  # fmt: skip


def _posted(name: str, one: Mapping[str, Any], digest: str, due: bool) -> Posted:
    down = one.get("down", {})
    words = (cn_moment(down.get("at", "")), down.get("where", ""), down.get("by", ""))
    return Posted(
        name,
        (OWN | HANDS).get(name, name),
        cn_moment(one.get("at", "")),
        str(one.get("digest", "")),
        str(one.get("where", "")),
        one.get("digest", "") in ("", digest),
        "，".join(word for word in words if word),
        due,
    )


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
