"""Names that have no Chinese surname: made of the parts of other peoples' names, or whatever stands before an identity number."""

import re
from collections.abc import Iterator
from functools import cache

from sanxiang.law.redaction.lexicon import lattice, lexicon
from sanxiang.law.redaction.names import DOT
from sanxiang.law.redaction.words import HAN, any_of, ends_with, names, parts, uncommon, word_set

NOT_LAST = ("等", "的", "者", "人", "员", "章", "字", "某", "明", "件", "号", "名", "无", "略", "同", "上")
NEVER = frozenset(
    "等乡宅经未按否受第申请签发"
    "的了在是和与及或其将被号码证件话箱址机市县区省镇村街路局站公司店厂行局部社所队院业坊铺元年月日某国籍族"
)
"""No run with one of these is a name."""
STRANGENESS = 5.4
"""What each character of a run must cost, read as words, for the run to be no words."""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled rules, made when first needed."""
    known = "|".join(sorted(map(re.escape, parts()), key=lambda part: (-len(part), part)))
    return re.compile(
        {
            "parts": f"(?:{known}){{2,4}}",
            "one": f"(?:{known})",
            # An identity number, a mobile number, a sex or a people right behind: no thing has these.
            "anchor": (
                r"[（(，,：: 　]{1,2}(?:公民)?(?:居民)?(?:身份证(?:件)?(?:号码?|编号)?|身份号码|证件号码?|护照(?:号码?)?|手机号?|男|女)?"
                r"[:： 　]?(?:(?<!\d)\d{17}[\dXx]|1[3-9]\d{9}(?!\d)|(?<=男)[，,）) ]|(?<=女)[，,）) ]|(?<=护照)[A-Z]|(?<=护照号码)[A-Z])"
                f"|[（(，,](?:男[，,])?[{HAN}]{{1,4}}(?<!民)族[，,）)；]"
                f"|[（(](?:绰号|曾用名|外号|俗名|中文名|中文译名|又名|小名|真名|大名)"
            ),
            "label": f'{any_of("role", "kin", "minor")}(?:填写)?(?P<mark>[:：]|系|为|是)?[“" 　]?(?P<name>[{HAN}]{{2,6}})'
            f'(?=[，,。；;、（( 　\\n）)”"]|$)',
            "latin": r"[A-Z][A-Za-z'’.-]{1,30}(?=先生|女士|小姐|[（(]?(?:中文名|中文译名))|(?:[А-ЯЁ][а-яё]+)(?: [А-ЯЁ][а-яё]+){0,3}",
            "bracket": rf"(?<=[A-Za-zа-яё])[（(](?:中文名|中文译名|译名|中文姓名)?[:：]?(?P<name>[{HAN}{DOT}]{{2,10}})(?=[，,）)])",
            "naming": f"(?:中文译名|中文名|译名|俗名|真名|大名|本名|曾用名|绰号|外号|自称)"
            f'[:：是为叫]?[“"‘]?(?P<name>[{HAN}]{{2,5}})(?=[，,）)”"’；;。])',
        }[name]
    )


def find_strange(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, reason) of names that have no surname."""
    for match in pattern("parts").finditer(text):
        if re.compile(
            "嘎查|苏木|[前中后左右]?旗|县|乡|镇|村|路|街|寺|草原|沙漠|湖|水库|牧场|林场|山(?![，,。；;])|药|素"
        ).match(text, match.end()):
            continue
        yield *match.span(), "民族姓名用字"
    for match in pattern("one").finditer(text):
        if alone(text, *match.span()):
            yield *match.span(), "民族姓名用字"
    for match in pattern("anchor").finditer(text):
        if found := segment(text, match.start()):
            yield *found, "证件或电话前的姓名"
    for match in pattern("label").finditer(text):
        name = match["name"]
        colon = match["mark"] in (":", "：")
        filled = "填写" in match[0] or text[match.end() : match.end() + 1] in ("（", "(")
        short = colon and len(name) < 4 and begins_name(name) and lexicon().get(name, 20) > 13
        if (short and not name.endswith(NOT_LAST)) or ((colon or filled) and costly(name, STRANGENESS)):
            yield *match.span("name"), "称谓后的姓名"
    for match in pattern("latin").finditer(text):
        yield *match.span(), "外文姓名"
    for name in ("bracket", "naming"):
        for match in pattern(name).finditer(text):
            if costly(match["name"], 3.6):
                yield *match.span("name"), "译名或别名"


def alone(text: str, start: int, end: int) -> bool:
    """Whether one part of a name stands by itself where a name does."""
    left, right = text[start - 1 : start], text[end : end + 1]
    called = person_before(text, start)
    if end - start < 2 or not (called or not left or left in "、，。：:（(“\n 　"):
        return False
    if right not in tuple("、（(，,。”:：") or not costly(text[start:end], 5.0):
        return False
    return called or left == "“" or bool(pattern("anchor").match(text, end))


def begins_name(name: str) -> bool:
    """Whether a run begins like a Chinese name."""
    return name[0] in names().surnames | uncommon() or name[:2] in names().compound


def person_before(text: str, at: int) -> bool:
    """Whether a word for a person ends at a place."""
    return bool(ends_with(text, at, "role", "kin", "minor"))


def segment(text: str, end: int) -> tuple[int, int] | None:
    """The name that fills the run before a place, up to a mark or a word for a person."""
    run = re.search(rf"[{HAN}]{{2,16}}$", text[max(0, end - 16) : end])
    if not run:
        return None
    start = end - len(run[0])
    words, longest = word_set("role", "kin", "minor", "officer")
    cut = max(
        (
            at
            for at in range(start + 1, end + 1)
            for n in range(2, longest + 1)
            if at - n >= start and text[at - n : at] in words
        ),
        default=start,
    )
    name = text[cut:end]
    if not 2 <= len(name) <= 6 or ends_with(text, end, "role", "kin", "officer", "minor"):
        return None
    number = re.compile(r"[（(，,：: ]{1,2}(?:身份证(?:号码?)?|电话|手机|微信|公民身份号码)?[:： ]?\d").match(
        text, end
    )
    if cut > start and number and len(name) < 4 and begins_name(name) and lexicon().get(name, 20) > 12:
        return cut, end
    return (cut, end) if costly(name, STRANGENESS) else None


def costly(name: str, least: float) -> bool:
    """Whether a run is too costly to be words of the language."""
    if set(name) & NEVER:
        return False
    return lattice(name, 0).left[-1] >= least * len(name)
