"""Names of companies, shops and offices: they stay readable, also when they are called after a person."""

import re
import tomllib
from functools import lru_cache

from sanxiang.law.redaction.words import AFTER_ONE, HAN, WORDS, after

BODY = re.compile("[面头颈胸背腰腹臀腿手脚足肩臀眼]部|手足|脸部|身体")
"""Parts of the body whose words end like an organisation's."""
ASIDE = re.compile(rf"(?<=.)[（(](?![{HAN}]{{2,6}}[)）][{HAN}]{{0,8}}(?:公司|企业|厂|集团|合伙)).*")
"""A bracket behind words belongs to the sentence, unless a company's name goes on behind it."""
ACCOUNT = re.compile(
    rf"(?:的|个人|名下|在|提供的|持有的)?(?:(?:[{HAN}]{{0,8}}(?:银行|农商行|农信社|农村信用社|信用社|邮储|工行|农行|建行|中行|交行|农信))(?:储蓄)?"
    rf"(?:卡|账|帐|存折|个人|\d|[（(：: ]{{1,2}}\d|[{HAN}]{{0,6}}(?:支行|分行|分理处)(?:账|卡|\d|的|"
    rf"[（(：: ]{{1,2}}\d))|账户|账号|帐户|银行卡|存折|卡号|卡[（(\d])"
)
"""A bank that only keeps the account of the person named."""
CORPORATE = ("公司", "集团", "合作社", "企业")
STOP = "受打致造、的了在于与和及向对从由被将把因为系是已未经其该等以不无某个这那您我他她它至到去来给让叫说称"


@lru_cache(maxsize=1)
def organisations() -> dict[str, tuple[str, ...]]:
    """organisations.toml: last words, last characters, trades; the longest first."""
    data = tomllib.loads((WORDS / "organisations.toml").read_text(encoding="utf-8"))
    lists = {key: text.split() if key != "weak" else list(text) for key, text in data.items()}
    return {key: tuple(sorted(words, key=len, reverse=True)) for key, words in lists.items()}


@lru_cache(maxsize=1)
def suffix() -> re.Pattern[str]:
    """An organisation's last word, the longest first."""
    strong, trades, weak = ("|".join(organisations()[key]) for key in ("strong", "trades", "weak"))
    return re.compile(f"(?P<strong>{strong})|(?:{trades})+(?P<weak>{weak})")


@lru_cache(maxsize=1)
def mention() -> re.Pattern[str]:
    """A run of text that ends like an organisation, for telling whose address or account follows."""
    words = "|".join(organisations()["strong"])
    return re.compile(
        f"[{HAN}A-Za-z0-9（）()]{{2,30}}?(?:{words}|厂|店|局|政府|委员会|大队|支队|法院|检察院)"
    )


def inside_org(text: str, start: int, end: int) -> bool:
    """Whether what stands from `start` to `end` begins an organisation's name: trade words and a suffix follow directly.

    So too where the suffix begins within (“庄信” in 庄信用社).
    """
    if any(
        len(found["strong"] or "") > 1 and found.start() < end <= found.end()
        for at in range(start + 1, end)
        if (found := suffix().match(text, at))
    ):
        return True
    match = re.compile(rf"[{HAN}（）()A-Za-z0-9]{{1,18}}").match(text, end)
    if not match:
        return False
    tail = ASIDE.sub("", match[0])
    if not tail or BODY.match(tail) or ACCOUNT.match(text, end):
        return False
    if tail[0] in "（(" and not re.match(r"[（(][^（）()]{2,6}[)）].*(?:公司|店|厂)", tail):
        return False
    if tail[0] in "记氏家" and ((own := suffix().match(tail, 1)) or tail[1:2] in organisations()["weak"]):
        return bool(own) or tail[0] != "家"
    if tail[0] in "店厂馆坊铺堂斋轩阁" or (found := suffix().match(tail)):
        return True
    found = next(iter(suffix().finditer(tail)), None)
    if not found:
        return False
    middle = tail[: found.start("strong") if found["strong"] else found.start()]
    if re.fullmatch(r"[（(][^（）()]{2,6}[)）]", middle):
        return True
    known = organisations()["trades"] + (
        organisations()["business"] if (found["strong"] or "").endswith(CORPORATE) else ()
    )
    trade = any(middle.startswith(word) for word in known) or not middle
    if any(char in STOP for char in middle) or len(middle) > 10:
        return False
    return (
        trade
        or (len(middle) == 1 and bool(found["strong"]))
        or not (tail[:2] in after() or tail[0] in AFTER_ONE or tail[0] in "（(")
    )


PLACE_NAME = re.compile(
    "省|市|县|[前中后左右]?旗|盟|镇|乡|村(?![民干支])|州(?!官)|自治|族自治|族{1,4}(?:自治)?[县州旗]|"
    "街|路(?![上过边旁])|大道|巷|大桥|水库|小区|社区|开发区|新区"
)


@lru_cache(maxsize=1)
def corporate() -> re.Pattern[str]:
    """A run without a pause or a preposition that ends like a company or a bank."""
    return re.compile(
        f"[{HAN}（）()A-Za-z0-9]{{2,45}}?(?:有限公司|公司|集团|银行|信用社|联社|支行|分行|合作社|事务所)"
    )


def begins_place(text: str, end: int) -> bool:
    """Whether what looks like a name is the head of a place's name (鄂伦春自治旗)."""
    return bool(PLACE_NAME.match(text, end))


def begins_company(text: str, start: int) -> bool:
    """Whether what looks like a name after 当事人 runs on, without a pause, into a company's name (广东…有限公司)."""
    run = corporate().match(text, start)
    return run is not None and not any(char in "的与将把被因对向从由在是系" for char in run[0][2:])


def org_before(text: str, at: int, reach: int = 80) -> int:
    """Where the nearest organisation named before a place ends, -1 for none."""
    ends = [found.end() for found in mention().finditer(text, max(0, at - reach), at)]
    return ends[-1] if ends else -1


def numbered(text: str, end: int) -> bool:
    """Whether a year in brackets and a number follow: what looks like a name is the head of a paper's number."""
    return bool(
        re.compile(
            rf"[{HAN}]{{0,10}}(?:[（(][{HAN}]{{0,4}}[)）])?[{HAN}]{{0,6}}[〔\[（(]20\d\d[〕\])）]"
        ).match(text, end)
    )
