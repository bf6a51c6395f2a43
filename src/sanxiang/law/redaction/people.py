"""Natural persons in free text: rules about the words around a name, each able to say why it fired. No model."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from sanxiang.law.redaction.duty import leaning
from sanxiang.law.redaction.frames import find_framed
from sanxiang.law.redaction.mention import Mention, longest, settle, whole
from sanxiang.law.redaction.names import (
    BLANK,
    DOT,
    LISTING,
    Reading,
    behind,
    behind_human,
    ending,
    labelled,
    likelihood,
    plain,
    readings,
    reads_as_name,
    surname_at,
    tail_length,
    titled,
    unlabelled,
    word_of_language,
)
from sanxiang.law.redaction.orgs import inside_org, numbered
from sanxiang.law.redaction.scoring import find_scored
from sanxiang.law.redaction.spacing import close_up
from sanxiang.law.redaction.staff import is_private, staff
from sanxiang.law.redaction.strange import find_strange
from sanxiang.law.redaction.words import (
    HAN,
    after,
    any_of,
    ends_with,
    is_han,
    joined,
    lists,
    names,
    ordinary,
)

ON_DUTY, OFF_DUTY = 1.0, -3.0
"""From here on, and below there, what surrounds a name outweighs the rules about staff."""
JOINED = re.compile(r"(?:[（(][^（）()\n]{0,40}[)）])?[、和与及 ]{1,2}")
WEAK = ("score:", "place:", "list:", "same:", "strange:", "odd:")
STARTS = "，。；：、！？…—“”‘’\"'「」『』（）()《》〈〉[]【】〔〕{}\n\r\t ,;:!?/|*#>-"
TIME_ENDS = re.compile(
    r"(?:\d[年月日时分]|上午|下午|中午|晚上|凌晨|当日|次日|同日|当天|当晚|左右|以来|经查|[时许前后间]|\d{6}[\dXx])$"
)
COLON = ("签名", "落款", "署名", "姓名", "户名", "账户名", "本名", "原名", "法人")
"""Words that mean a person only with a colon behind them."""


def traits() -> tuple[str, ...]:
    """What is said of a person right behind the name: sex after anything, the rest after a comma or a bracket."""
    sex = r"[，,、；;（( \t]{0,2}(?:男|女)(?:性)?(?=[，,、。；;）) \t\d]|$|\n)"
    age = r"现?年?\d{1,3}(?:周)?岁|年仅\d|今年\d{1,2}岁"
    birth = r"(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:出)?生|\d{4}[-.]\d{1,2}[-.]\d{1,2}出?生"
    people = f"(?!民族)[{HAN}]{{1,4}}族[，,、。）)]"
    station = f"系[^，。；]{{0,14}}{any_of('station')}|住(?![所宅房建院户宿改持])"
    addressed = r"[:：](?=[ \t\n]*(?:你|您|经查|现查明|本机关|我局|关于你))"
    aside = f"(?<=[（(]){any_of('bracket')}"
    signed = r"[，, \t]{1,3}(?=\d{4}[.年/-]\d{1,2}[.月/-])"
    return (
        sex,
        addressed,
        signed,
        rf"[，,（(、 \t]{{1,2}}(?:{any_of('trait')}|{people}|{age}|{birth}|{station}|{aside})",
    )


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled rules, made when first needed."""
    people = any_of("role", "kin", "officer", "minor")
    joint = (
        r"(?:之一|本人)?(?:[（(][^（）()\n]{1,15}[)）])?"
        rf"(?P<gap>[{BLANK}]*(?:[:：]|系|为|是|即|叫作|叫|名叫)?[{BLANK}\n]*)[“‘\"「]?"
    )
    return re.compile(
        {
            "label": f"(?P<word>{people}){joint}",
            "starts": people,
            # Any other word that ends like one for a person: 收购人, 经手人：, 出租方：.
            "generic": rf"(?<=[{HAN}])(?P<word>[人者员户贩师监])(?:为|系|是)?(?=[{HAN}])",
            "form": rf"[{HAN}]{{0,8}}(?:[人者员户方商师主]|{any_of('form')})(?:[（(][^（）()\n]{{1,12}}[)）])?"
            rf"[{BLANK}]*[:：][{BLANK}]*",
            "cell": rf"(?<![{HAN}])[{HAN}]{{2,5}}(?<!{')(?<!'.join(lists()['things'])})[:：][{BLANK}]*"
            rf"(?P<name>[{HAN}]{{2,3}})(?=[，。；;、\s]|$)",
            "bracket": f"(?P<word>{people})[（(](?P<name>[{HAN}]{{2,4}})[)）]",
            "trait": "|".join(traits()),
            "of": rf"{any_of('belongs')}|{any_of('kin')}(?=[{HAN}])|等[二两三四五六七八九十\d]+人|的{any_of('kin')}",
            "title": any_of("title"),
            "at": "处(?!理|罚|分|置|以|于|长|在|所|罚款)",
            "crowd": rf"[{HAN}]{{2,4}}(?:、[{HAN}]{{2,4}})+(?:(?:和|与|及)[{HAN}]{{2,4}})?(?=等?[两二三四五六七八九十\d]+人)",
            "signed": rf"[“‘\"「](?P<name>[{HAN}]{{2,4}})[”’\"」](?=.{{0,12}}(?:签名|签字|签署|署名|捺印|按印))",
            "bank": r"(?:的)?(?:个人|名下|在)?(?:中国)?(?:招商|工商|建设|农业|交通|邮政|邮储|农商|农信|工行|建行|"
            r"农行|中行|交行|信用社|支付宝|微信|光大|民生|中信|平安|浦发|兴业|华夏|广发)(?:储蓄|"
            r"商业)?(?:银行)?(?:卡|账户|账号|帐户|存折|\d|[（(]|个人)",
            "dotted": f"[{HAN}]{{1,10}}(?:[{DOT}][{HAN}]{{1,12}})+",
            "sounds": f"[{''.join(sorted(names().sounds))}]{{3,8}}(?![{HAN}])",
            "next": f"、(?P<name>[{HAN}]{{2,3}})(?=健康|未|不能|无|均|等)",
            "latin": r"(?<![A-Za-z])[A-Z][A-Za-z'’.-]{0,30}(?: [A-Z][A-Za-z'’.-]{0,30}){1,4}",
        }[name]
    )


def find_people(text: str) -> list[Mention]:
    """Every mention of a natural person, officers and minors marked; text is folded to half width beforehand."""
    dense, places = close_up(text)
    found = [replace(one, start=places[one.start], end=places[one.end - 1] + 1) for one in find_dense(dense)]
    return found if dense == text else settle((*found, *find_dense(text)))


def find_dense(text: str) -> list[Mention]:
    """The people of a text in which no name is written wide apart."""
    found = [
        person
        for rule in (
            by_label,
            by_form,
            by_trait,
            by_place,
            by_crowd,
            by_dot,
            by_latin,
            by_weight,
            by_strangeness,
            by_frame,
        )
        for person in rule(text)
        if not inside_org(text, person.start, person.end)
        and not numbered(text, person.end)
        and not (text[person.start] in "年月日时分元号" and text[person.start - 1 : person.start].isdigit())
    ]
    found = appoint(text, longest(text, settle([whole(text, one) for one in found])))
    return settle(spread(text, found))


def by_weight(text: str) -> Iterator[Mention]:
    """Names for which all that surrounds them speaks together."""
    for one in find_scored(text):
        titled_here = text.rfind("《", 0, one.start) > text.rfind("》", 0, one.start)
        if not titled_here and text[one.end - 1] != "籍":  # 德国籍
            yield Mention(one.start, one.end, "person", f"score:{one.reason}")


def by_strangeness(text: str) -> Iterator[Mention]:
    """Names without a surname."""
    for start, end, why in find_strange(text):
        kind = "strange" if why.startswith("民族") else "odd"
        yield Mention(start, end, "person", f"{kind}:{why}")


def by_frame(text: str) -> Iterator[Mention]:
    """Names that stand where only a person does."""
    for start, end, why in find_framed(text):
        yield Mention(start, end, "person", f"frame:{why}")


def appoint(text: str, found: list[Mention]) -> list[Mention]:
    """The people found, those marked as officers who stand where a paper names its own staff; a weaker reading of the same
    name elsewhere is the same officer.
    """
    regions = staff(text)
    leans = leaning(text, [(one.start, one.end) for one in found], regions)
    placed = [
        replace(one, kind=at_work(text, one, regions, lean)) for one, lean in zip(found, leans, strict=True)
    ]
    for at, one in enumerate(placed[1:], 1):
        before = placed[at - 1]
        if (
            before.kind == "officer"
            and one.why.startswith(WEAK)
            and JOINED.fullmatch(text, before.end, one.start)
        ):
            placed[at] = replace(one, kind="officer")
    own = {plain(text[one.start : one.end]) for one in placed if one.kind == "officer"}
    return [
        replace(one, kind="officer")
        if one.why.startswith(WEAK) and plain(text[one.start : one.end]) in own
        else one
        for one in placed
    ]


def at_work(text: str, one: Mention, regions: list[tuple[int, int]], lean: float) -> str:
    """What kind a mention is: an officer where staff are named or all around speaks for it, unless all around speaks against it
    or a number of his own stands behind the name.
    """
    named = any(
        start <= one.start < end
        and (
            start == one.start
            or not is_han(text[one.start - 1])
            or text.startswith(("成员", "组长", "组员", "队长", "队员"), one.start - 2)
        )
        for start, end in regions
    )
    kind = "officer" if (named or lean > ON_DUTY) and one.kind != "minor" else one.kind
    if kind == "officer" and lean < OFF_DUTY:
        return "person"
    return "person" if kind == "officer" and is_private(text, one.start, one.end) else kind


def by_label(text: str) -> Iterator[Mention]:
    """Names after a word for a person, and the names listed with them."""
    officers, minors = lists()["officer"], lists()["minor"]
    for match in pattern("label").finditer(text):
        word = match["word"]
        kind = "officer" if word in officers else "minor" if word in minors else "person"
        firm = bool(match["gap"].strip()) or "\n" in match["gap"]
        if text[match.start() - 1 : match.end()].startswith("银行长"):
            continue
        one = labelled(text, match.end(), firm) if not pattern("starts").match(text, match.end()) else None
        if one is None and firm and (foreign := pattern("sounds").match(text, match.end())):
            yield Mention(*foreign.span(), kind, f"label:{word}")
        if one and word in COLON and not firm and (one.behind < 3 or known_word(text, one)):
            one = None
        if one and not (match["gap"].strip() in ("为", "是", "即") and one.behind == 0):
            yield Mention(one.start, one.end, kind, f"label:{word}")
            yield from listed(text, one.end, kind, firm)


def by_form(text: str) -> Iterator[Mention]:
    """Names after any other word for a person (收购人), in the cells of forms (经手人：…), in brackets (举报人（…）)."""
    officers = lists()["officer"]
    for match in pattern("generic").finditer(text):
        one = (
            labelled(text, match.end(), False)
            if text[match.start() : match.end() + 1] not in joined()
            else None
        )
        usual = one and (text[one.start] in names().common or (one.behind > 1 and one.likely >= 0.75))
        if one and usual and one.behind and one.likely >= 0.5 and not known_word(text, one):
            yield Mention(one.start, one.end, "person", f"label:{match['word']}")
            yield from listed(text, one.end, "person", False)
    for match in pattern("form").finditer(text):
        one = labelled(text, match.end(), False)
        if one and one.likely >= 0.5 and not pattern("starts").match(text, match.end()):
            yield Mention(one.start, one.end, "person", "label:表格栏目")
    for match in pattern("cell").finditer(text):
        name = match["name"]
        if (
            reads_as_name(name)
            and likelihood(name[1:]) == 1
            and name[0] in names().common
            and not word_of_language(name)
        ):
            yield Mention(*match.span("name"), "person", "label:表格栏目")
    for match in pattern("bracket").finditer(text):
        name = match["name"]
        everyday = name[:2] in names().everyday or (name[:2] in ordinary() and likelihood(name[1:]) != 1)
        if reads_as_name(name) and not everyday and not titled(name, 0, 1):
            yield Mention(
                *match.span("name"),
                "officer" if match["word"] in officers else "person",
                f"label:{match['word']}",
            )


def listed(text: str, at: int, kind: str, firm: bool) -> Iterator[Mention]:
    """Names that follow a name after 、 or 和, with what is said of each in brackets skipped."""
    separators = rf"(?:[（(][^（）()\n]{{0,60}}[)）])?[{BLANK}]*(?:[、和与及/]|以及|{'[，,]|' if firm else ''}[{BLANK}])[{BLANK}]*"
    while match := re.compile(separators).match(text, at):
        one = labelled(text, match.end(), "、" in match[0] or firm)
        if one is None or one.behind == 0:
            return
        yield Mention(one.start, one.end, kind, "list:与前一姓名并列")
        at = one.end


def by_trait(text: str) -> Iterator[Mention]:
    """Names before 男, an age, a birth date, an identity number; before 先生; before 家中 or 的身份证."""
    for match in pattern("trait").finditer(text):
        one = ending(text, match.start())
        one = None if one and one.ambiguous and known_word(text, one) else one
        sure = "男" in match[0] or "女" in match[0] or "族" in match[0]
        dated = not match[0].strip("，, \t")
        if one and dated and (one.likely < 1 or known_word(text, one)):
            continue
        if one and (sure or (clear(text, one) and one.likely >= 0.25)):
            yield Mention(one.start, one.end, "person", f"trait:{match[0].strip('，,（( ')}")
        elif sure and "族" not in match[0] and (rare := whole_segment(text, match.start())):
            yield Mention(*rare, "person", f"trait:{match[0].strip('，,（( ')}")
    for name in ("title", "of", "at"):
        for match in pattern(name).finditer(text):
            one = ending(text, match.start())
            if name == "at" and (one is None or text[one.start - 1 : one.start] not in tuple("从自到在向至")):
                continue
            placed = (
                one and name != "title" and text[one.start - 1 : one.start] in tuple("在至到于以用凭据按归有")
            )
            kin = match[0].startswith("之") or match[0].removeprefix("的") in lists()["kin"]
            if (
                one
                and (placed or clear(text, one))
                and one.likely >= (0 if kin else 0.5)
                and not known_word(text, one)
            ):
                yield Mention(one.start, one.end, "person", f"trait:{match[0]}")


def taken(text: str, at: int) -> str:
    """The word that takes a person (雇佣, 与, 当事人) directly before a place, or an empty string."""
    if (
        text[at - 1 : at] in tuple("了过着到给")
        and at > 2
        and ends_with(text, at - 1, "takes")
        and is_han(text[at - 2])
    ):
        return text[at - 2 : at]
    return ends_with(text, at, "takes", "role", "kin", "officer", "minor")


def clear(text: str, one: Reading) -> bool:
    """Whether the left edge of a name is certain."""
    left = text[max(0, one.start - 12) : one.start]
    return not left or not is_han(left[-1]) or bool(taken(text, one.start) or TIME_ENDS.search(left))


def known_word(text: str, one: Reading) -> bool:
    """Whether the reading is a word of the language rather than a name."""
    return word_of_language(text[one.start : one.end])


def whole_segment(text: str, end: int) -> tuple[int, int] | None:
    """A name without a known surname before 男 or 女: everything back to the punctuation or the word for a person."""
    match = re.search(rf"[{HAN}{DOT}]{{2,20}}$", text[max(0, end - 20) : end])
    if not match:
        return None
    start = end - len(match[0])
    if label := re.search(rf".*{any_of('role', 'kin', 'minor')}", match[0]):
        start += label.end()
    name = text[start:end]
    if set(name) & set("某日月年生"):
        return None
    plain = 2 <= len(name) <= 6 or (2 <= len(name) <= 20 and any(dot in name for dot in DOT))
    return (start, end) if plain and name not in ordinary() and name not in lists()["role"] else None


def by_place(text: str) -> Iterator[Mention]:
    """Names that only their surroundings betray: at the start of a clause or after a word that takes a person."""
    for at, char in enumerate(text):
        if not surname_at(text, at):
            continue
        left = text[max(0, at - 12) : at]
        opening = not left or left[-1] in STARTS or bool(TIME_ENDS.search(left))
        owned, word = left[-1:] == "的", taken(text, at)
        if not opening and not owned and not word:
            continue
        if not opening and (left[-1:] + char in ordinary() or left[-1:] + char in after()):
            continue
        one = unlabelled(text, at, bool(word) and not opening)
        if one and owned and (one.behind != 2 or one.likely < 1 or one.ambiguous):
            continue
        if one and (one.behind < 3 or len(word) > 1):
            yield Mention(one.start, one.end, "person", f"place:{left[-2:]}…{text[one.end : one.end + 2]}")


def by_dot(text: str) -> Iterator[Mention]:
    """Names written with a dot (阿·乙): the part left of the dot is cut after any word that takes a person."""
    for match in pattern("dotted").finditer(text):
        start, head = match.start(), re.split(f"[{DOT}]", match[0])[0]
        cut = max(
            (found.end() for found in re.finditer(any_of("takes", "role", "kin", "officer", "minor"), head)),
            default=0,
        )
        start += cut
        first = head[cut:]
        tail = re.split(f"[{DOT}]", match[0])[-1]
        end = match.end() - len(tail) + tail_length(tail)
        left = text[:start]
        opening = not left or left[-1] in STARTS or bool(TIME_ENDS.search(left[-8:]))
        listed_next = text[end : end + 1] in tuple(LISTING) and pattern("dotted").match(text, end + 1)
        sure = cut or (opening and listed_next) or taken(text, start) or pattern("trait").match(text, end)
        if (
            not first
            or len(first) > 6
            or quoted(text, match)
            or not (sure or (opening and (behind(text, end) == 2 or behind_human(text, end))))
        ):
            continue
        yield Mention(start, end, "person", "dot:带间隔号的姓名")


def by_crowd(text: str) -> Iterator[Mention]:
    """Three names in a row and 三人 behind them; a name in quotation marks that somebody signed with."""
    for match in pattern("crowd").finditer(text):
        pieces = list(re.finditer(rf"[{HAN}]+?(?=[、和与及]|$)", match[0]))
        names_ = [piece for piece in pieces if reads_as_name(piece[0])]
        if len(names_) >= 2 and names_[-1].end() == len(match[0]):
            for piece in names_:
                yield Mention(
                    match.start() + piece.start(), match.start() + piece.end(), "person", "list:并列若干人"
                )
    for match in pattern("signed").finditer(text):
        if reads_as_name(match["name"]) and match["name"] not in ordinary():
            yield Mention(*match.span("name"), "person", "trait:签名")


def quoted(text: str, match: re.Match[str]) -> bool:
    """Whether the run stands inside book-title marks."""
    opened = text.rfind("《", 0, match.start())
    return opened >= 0 and text.find("》", opened) >= match.end()


def by_latin(text: str) -> Iterator[Mention]:
    """Names in Latin letters after a word for a person, or before a nationality, sex or passport."""
    for match in pattern("latin").finditer(text):
        left, right = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 12]
        labelled_left = re.search(f"{any_of('role', 'kin', 'minor')}[:： ]*$", left)
        if labelled_left or re.match(r"[，,（( ]*(?:男|女|护照|国籍|[A-Z]国|.{1,6}国籍)", right):
            yield Mention(match.start(), match.end(), "person", "latin:外文姓名")


def spread(text: str, found: list[Mention]) -> Iterator[Mention]:
    """The people found, their neighbours in lists, and every other mention of the same names."""
    strict = {"person": 1, "officer": 0, "minor": 2}
    queue = list(found)
    kinds: dict[str, str] = {}
    taken = {person.start for person in queue}
    while queue:
        one = queue.pop()
        name = plain(text[one.start : one.end])
        if name not in kinds or strict[one.kind] > strict[kinds[name]]:
            kinds[name] = one.kind
        yield one
        for other in neighbours(text, one):
            if other.start not in taken and not inside_org(text, other.start, other.end):
                taken.add(other.start)
                queue.append(other)
    for name, kind in kinds.items():
        for match in re.finditer(rf"[{BLANK}]*".join(map(re.escape, name)), text):
            if stands_alone(text, match.start(), match.end(), name):
                yield Mention(match.start(), match.end(), kind, "same:同一姓名的另一处")


def neighbours(text: str, one: Mention) -> Iterator[Mention]:
    """Names joined to a found name by 、 or 和 on either side."""
    if text[one.end : one.end + 1] in tuple(LISTING):
        other = unlabelled(text, one.end + 1) if one.end + 1 < len(text) else None
        if other is None and text[one.end] == "、":
            other = next((r for r in readings(text, one.end + 1) if r.behind >= 2 and r.likely > 0.4), None)
        if other:
            yield Mention(other.start, other.end, one.kind, "list:与后一姓名并列")
        elif beside := employee(text, one):
            yield Mention(*beside.span("name"), one.kind, "list:与后一姓名并列")
    if one.start > 2 and text[one.start - 1] in LISTING:
        left = ending(text, one.start - 1)
        if left and clear(text, left) and left.likely >= 0.5 and not known_word(text, left):
            yield Mention(left.start, left.end, one.kind, "list:与后一姓名并列")


def employee(text: str, one: Mention) -> re.Match[str] | None:
    """A name joined by 、 to one with a label, with what is said of staff behind it (、向阳健康证明)."""
    match = pattern("next").match(text, one.end) if one.why.startswith("label:") else None
    return match if match and reads_as_name(match["name"]) else None


def stands_alone(text: str, start: int, end: int, name: str) -> bool:
    """Whether another mention of a name is that person, not part of a company's name or of an ordinary word."""
    if pattern("bank").match(text, end):
        return True
    if inside_org(text, start, end) or text[start : end + 1] in ordinary():
        return False
    return name not in ordinary() or (behind(text, end) > 0 and likelihood(name[1:]) is not None)
