"""Frames in which only a person stands, whatever the name is made of: before a sex, a people, an age or an identity number, beside
a Latin name, in a row of a table that holds an identity number.
"""

import re
from collections.abc import Iterator
from functools import cache

from sanxiang.law.redaction.foreign import sound_costs
from sanxiang.law.redaction.lexicon import lexicon
from sanxiang.law.redaction.names import DOT, likelihood, surname_at, tail_length
from sanxiang.law.redaction.orgs import inside_org, suffix
from sanxiang.law.redaction.strange import STRANGENESS, costly
from sanxiang.law.redaction.words import HAN, any_of, ends_with, is_han, names, parts, uncommon, word_set

NEVER = frozenset(
    "的了在是和与及或其将被号码证件话箱址市县区省镇村街路局站公司店厂部所社队院年月日某国籍族性别处"
)
FIELDS = frozenset(
    [
        "性别",
        "民族",
        "年龄",
        "职业",
        "姓名",
        "未婚",
        "已婚",
        "离异",
        "务农",
        "无业",
        "学生",
        "农民",
        "文化",
        "初中",
        "高中",
        "大专",
        "本科",
        "小学",
        "中专",
        "文盲",
        "群众",
        "党员",
        "成年",
        "其中",
        "经查",
        "现年",
        "户主",
        "本人",
        "自然",
        "个人",
        "个体",
        "以上",
        "以下",
        "左右",
        "其他",
        "二人",
        "三人",
        "两名",
        "一名",
        "汉",
        "男",
        "女",
        "名单",
        "合计",
        "序号",
        "备注",
        "高度",
        "用途",
        "面积",
        "系",
        "约",
        "共",
        "满",
        "均",
        "年满",
        "未满",
    ]
)
"""What stands in the cells of a form and is nobody's name."""
EVERYDAY = 11.0
"""A cheaper word is a word, unless a label with a colon says that it is a name."""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled rules, made when first needed."""
    stop = r"(?=[，,、。；;）) 　\n|｜]|$)"
    said = (
        rf"(?:男|女)(?:性)?{stop}|(?!民族|少数)[{HAN}]{{1,4}}族{stop}|(?:公民|居民)?身份(?:证|号)|"
        r"\d{17}[\dXx](?!\d)|(?:现年|年仅|时年|今年)?\d{1,3}周?岁|(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?(?:出)?生|"
        r"(?:你|其|系其)?(?:之)?(?:长|次|幼|独)?(?:子|女|妻|夫|父亲?|母亲?|妻子|丈夫|儿子|女儿|配偶)(?=[）)])"
    )
    latin = r"[A-Z][A-Za-zÀ-ɏ'’.\-]*(?:[ ,]{1,2}[A-Z][A-Za-zÀ-ɏ'’.\-]*){1,5}"
    alien = r"[）)（(，,、 ]{0,2}(?:男|女|护照|[^，。,）)\n]{1,8}籍|国籍)"
    # 过路人员秦望舒 is 人员 and a name: 员 belongs to the word before it.
    left = rf"(?:^|(?<=[\n：:，,。；;、（(|｜\s])|(?P<word>{any_of('role', 'kin', 'minor')})(?!(?<=人)员)(?P<mark>[:： 　]{{0,2}}))"
    return re.compile(
        {
            "said": rf"{left}(?P<name>[{HAN}]{{2,6}}?)[，,、（( 　|｜\t]{{1,3}}(?:{said})",
            "row": rf"^[ 　]*(?:\d{{1,2}}[.、 　]+)?[|｜]?[ 　]*(?P<name>[{HAN}]{{2,5}})[ 　|｜\t]+"
            r"[^\n。]{0,24}?(?<!\d)\d{17}[\dXx](?!\d)",
            "held": rf"[（(]{any_of('role')}[:：]?(?P<name>[{HAN}]{{2,4}})(?=[）)，,])",
            # The cell of a form: whatever fills it behind a word for a person and a colon; a married name of two surnames.
            "cell": rf"(?<=[{HAN}）)])[ 　]*[:：][ 　]*(?P<name>[{HAN}]{{2,4}})(?=[，,、。；;（(　\n]|[ ](?! ?[{HAN}][ :：])|$)",
            "double": rf"(?P<name>[{HAN}]{{4}})(?=[，,、。；;（(　\n]|$)",
            "aside": r"[（(][^（）()\n]{1,12}[)）]$",
            "owner": "(?:主|户|妻|夫|子|女|父|母|方代表|负责人)$",
            "dots": rf"(?<![{HAN}{DOT}《“\"])[{HAN}]{{2,8}}(?:[{DOT}][{HAN}]{{1,10}})+(?![{DOT}”\"》])",
            "beside": rf"(?P<name>[{HAN}{DOT}]{{2,14}}) ?[（(](?P<latin>{latin})(?={alien})",
            "dotted": rf"(?:^|(?<=[\n：: 　]))(?P<name>[{HAN}]{{1,6}}(?:[{DOT}][{HAN}]{{1,8}}){{1,3}}) ?"
            rf"[（(](?P<latin>{latin})(?=[，,）)])",
            "sign": rf"(?<=[人者员方户名收字父母])[:：] ?(?P<name>[{HAN}]{{1,8}}(?:[{DOT}][{HAN}]{{1,10}})+)"
            r"(?=[，,。；;、（( 　\n]|$)",
            "latin": rf"(?:^|(?<=[\n：:，。]))(?P<latin>{latin})(?=先生|女士|小姐|{alien})",
        }[name],
        re.MULTILINE,
    )


def find_framed(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, reason) of names that their frame alone tells."""
    for match in pattern("said").finditer(text):
        sure = bool(match["word"]) and any(mark in match["mark"] for mark in ":：")
        before = text[: match.start("name")].rstrip(" 　\n")[-1:]
        start, end = name_before(text, *match.span("name"))
        if person(text, start, end, sure or (before in (":", "：") and len(match["name"]) > 2)):
            yield start, end, "性别、民族、年龄或证件之前"
    for name, why in (
        ("sign", "栏目中带间隔号的姓名"),
        ("row", "有证件号码的一行之首"),
        ("held", "括号内的称谓之后"),
    ):
        for match in pattern(name).finditer(text):
            if name == "sign" or person(text, *match.span("name"), False):
                yield *match.span("name"), why
    for match in pattern("dots").finditer(text):
        yield from dotted_name(text, match)
    for name in ("cell", "double"):
        for match in pattern(name).finditer(text):
            if behind_label(text, match.start()) and fills(text, *match.span("name")):
                yield *match.span("name"), "栏目中的姓名"
    for name in ("beside", "dotted", "latin"):
        for match in pattern(name).finditer(text):
            yield *match.span("latin"), "外文姓名"
            if name != "latin":
                yield *name_before(text, *match.span("name")), "外文姓名旁的译名"


def behind_label(text: str, at: int) -> bool:
    """Whether a word for a person ends at a place, a colon, blanks and what a bracket says of it left aside."""
    left = text[max(0, at - 24) : at].rstrip(":： 　")
    if aside := pattern("aside").search(left):
        left = left[: aside.start()]
    return bool(ends_with(left, len(left), "role", "kin") or pattern("owner").search(left))


def dotted_name(text: str, match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """A name with a dot, each part of which is dear as words or made of sounds; behind the last dot as far as sounds go."""
    start, end = match.span()
    pieces = re.split(f"[{DOT}]", match[0])
    if is_han(text[end : end + 1] or " ") or len(pieces[-1]) > 6:
        last = end - len(pieces[-1])
        end = last + tail_length(pieces[-1])
        end = next((at for at in range(last, end) if text[at] not in sound_costs()), end)
        pieces[-1] = text[last:end]
    if len(pieces[-1]) > 1 and all(of_parts(one) or costly(one, 4.0) or sounding_all(one) for one in pieces):
        yield *name_before(text, start, end), "带间隔号的姓名"


def sounding_all(piece: str) -> bool:
    """Whether every character writes a sound."""
    return all(char in sound_costs() for char in piece)


def fills(text: str, start: int, end: int) -> bool:
    """Whether what fills a cell for a person is a name: a given name behind any character, or behind two surnames."""
    name = text[start:end]
    if len(name) == 4:
        common = names().common
        return (
            name[0] in common
            and name[1] in common | names().surnames
            and given(name[2:])
            and person(text, start, end, True)
        )
    return given(name[1:]) and lexicon().get(name, 20.0) > EVERYDAY and person(text, start, end, True)


def given(name: str) -> bool:
    """Whether a run may be a given name."""
    likely = likelihood(name)
    return likely is not None and likely >= 0.25


def name_before(text: str, start: int, end: int) -> tuple[int, int]:
    """The name at the end of a run, without the word for a person that leads to it."""
    words, longest = word_set("role", "kin", "minor", "takes")
    cut = max(
        (
            at
            for at in range(start + 1, end - 1)
            for n in range(2, longest + 1)
            if at - n >= start and text[at - n : at] in words
        ),
        default=start,
    )
    return cut, end


def person(text: str, start: int, end: int, sure: bool) -> bool:
    """Whether what stands in such a frame can be a name: no word of a form, no word for people, no organisation."""
    name = text[start:end]
    if set(name) & NEVER or name in FIELDS or name[:2] in FIELDS or name[-2:] in FIELDS:
        return False
    if ends_with(text, end, "role", "kin", "officer", "minor", "approver") or inside_org(text, start, end):
        return False
    if any(
        (found := suffix().match(text, at)) and len(found["strong"] or "") > 1 for at in range(start, end)
    ):
        return False
    strange = of_parts(name) or costly(name, STRANGENESS)
    if len(name) > 4 and not strange:
        return False
    return sure or strange or (begins_name(name) and lexicon().get(name, 20.0) > EVERYDAY)


def begins_name(name: str) -> bool:
    """Whether a run has a surname, and behind it what may be a given name."""
    surname = surname_at(name, 0) or int(name[0] in names().surnames | uncommon())
    return bool(surname) and 0 < len(name) - surname <= 2 and likelihood(name[surname:]) is not None


def of_parts(name: str) -> bool:
    """Whether a run is made of the parts of other peoples' names."""
    known = parts()
    reach = {0}
    for at in range(1, len(name) + 1):
        if any(begin in reach and name[begin:at] in known for begin in range(max(0, at - 5), at)):
            reach.add(at)
    return len(name) in reach
