"""Where a paper names the staff of the agency that issued it: officers, handlers, contact persons, with their telephones."""

import re
from functools import cache

from sanxiang.law.redaction.words import HAN, any_of

TAIL = 0.5
"""A contact person in the first half of a paper may be the party's."""


FIXED = {
    "own": r"[，,（(：: 　]{1,3}(?:男[，,]|女[，,]|公民|居民|身份|[^，。；\n]{0,6}?(?:\d{17}[\dXx]|(?:手机|"
    r"电话)[:：]?1[3-9]\d{9}(?!\d)))",
    "contact": r"(?:^|(?<=[，,。；;（(\s]))(?:承办单位|本局|我局|本委|业务|取车|窗口)?联系(?:人员|人|关员|民警)?[:：][^\n。]{2,90}",
    "certified": f"(?P<names>[{HAN}]{{2,4}})(?=[（( 　]{{1,2}}(?:(?!公民|居民|身份|护照|"
    f"驾驶)[{HAN}]{{0,4}}(?:执法证|检查证|监察证|督察证|警官证|证号|警号|工号)|"
    f"(?!1[3-9]\\d{{9}}[)）])[0-9]{{6,12}}[)）]))",
    "certificate": r"(?<![0-9A-Za-z])(?!1[3-9]\d{9}(?!\d))\d{7,13}(?![0-9A-Za-z])|"
    r"(?<!\d)0\d{2,3}[-－—– ]?\d{7,8}(?!\d)|(?<=[（(])[一-龥A-Z]{1,4}[- ]?\d{5,12}(?=[)）])",
    "landline": r"(?<!\d)0\d{2,3}[-－—– ]?\d{7,8}(?!\d)",
    "seat": r"(?<=地址)[:：]?[^，,。；;\n]+",
    "office": r"(?:^|(?<=[，,。；;\s：:]))(?:联系|咨询|监督|窗口|经办|值班|单位|办公)?(?:电话|拨打|"
    r"联系)[:：为]?[ ]?(?P<what>0\d{2,3}[-－—– ]?\d{7,8})(?!\d)",
    "state": r"(?:缴款码|缴款书号?|待报解预算收入，账号)[:：]?(?P<what>[0-9 ]{10,30})",
    "mobile": r"(?<!\d)1[3-9]\d{9}(?!\d)",
}
"""Rules that need no list."""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled rules, made when first needed."""
    handlers = (
        f"(?:{any_of('officer')}|{any_of('approver')}|经办(?!人)|(?:承办|执法|主办|协办|办案|调查|登记|受理|询问|记录|复核|"
        "审核|审签|核稿|校对|主持|征用经办|登记人|经办人)(?=[:： ])|(?:核准|核定|检查|监督检查|参加|组员|成员|"
        "经手人|保管人|制单|拟稿|科长|股长|县局审核|市局审核)(?=[:：]))"
    )
    names = f"[{HAN}·]{{1,6}}(?: [{HAN}](?![{HAN}]))?"
    sign = r"(?:[（(][^（）()\n]{0,24}[)）])?"
    return re.compile(
        {
            # A clause that begins with a word for the agency's own people, and the names in it.
            "handlers": f"(?:^|(?<=[，,。；;、）)\\s：:（(“|｜]))(?:本局|我局|局长|听证|案件|窗口|现场)?(?:联系)?{handlers}(?:签名|签字)?"
            f"(?:[ 　]?[:：|｜]|[ 　]|为|是|(?=(?!与|和|对|在|将|向|到|经|发现|于|因|依|当场|从)[{HAN}]))[ 　]*"
            f"(?P<names>{names}{sign}(?:[、 和/]{{1,2}}(?!{handlers}|[{HAN}]{{2,8}}[:：]){names}{sign})*)",
            # The office that signs, and its people: 市场监管所：甲、乙；值班电话; a decision of the head behind 同意.
            # Whom an office sent, and the panel that heard the matter.
            "sent": f"(?:(?:(?:我|本|该)(?:局|委|所|队|大队|中队|支队|站|机关|办)|[{HAN}]{{0,10}}(?:局|所|大队|中队|支队))"
            f"(?:干部|派员?|派出|安排|"
            f"指派|工作人员|仲裁员|核查人员|监管人员|消防监督检查员|监督检查员|民警|协管员){{1,3}}|派[{HAN}]{{2,8}}(?:所|局|中队|大队|科))"
            f"(?P<names>[{HAN}·]{{2,16}}(?:[、和][{HAN}·]{{2,16}})*)",
            "panel": "(?:合议组|仲裁庭|评审组|检查组|复核组|核查组|调查组|工作组|执法组|专案组|"
            "验收组)[（(](?P<names>[^（）()。\\n]{2,48})[)）]",
            "signing": f"(?:^|(?<=[，,。；;、\\s：:]))[{HAN}]{{2,24}}(?:局|所|[大中支]队|科|股|室|站|处)(?:[:：]|[ 　]{{1,2}})"
            f"(?P<names>{names}{sign}(?:[、 ]{{1,2}}{names}{sign})*)(?=[；;。，, \\n]|$)",
            "approved": f"(?:意见|审批|审核|批示|"
            f"批准)[:：][^\\n:：]{{2,30}}[。 　]{{1,4}}(?P<names>{names})(?=[ 　]*(?:20\\d\\d|\\d{{1,2}}月|$|\\n))",
            "headed": f"(?P<names>[{HAN}]{{2,4}})(?=[，,（( ]{{1,2}}(?:局长|镇长|乡长|县长|区长|市长|大队长|支队长|"
            f"街道办事处主任|办事处主任|所长))",
            "party": f"{any_of('party')}[^。\\n]*$",
            **FIXED,
        }[name]
    )


def staff(text: str) -> list[tuple[int, int]]:
    """The spans in which names are those of staff."""
    found = [
        match.span("names")
        for name in ("handlers", "sent", "panel", "certified", "signing", "approved", "headed")
        for match in pattern(name).finditer(text)
        if name != "signing" or closing(text, match.start())
    ]
    return found + contacts(text)


def is_private(text: str, start: int, end: int) -> bool:
    """Whether an identity or mobile number stands behind a name: such a person is no officer at work. A bare number in brackets
    behind a word for officers is that of a certificate.
    """
    if pattern("own").match(text, end):
        return True
    bare = re.match(r"[（(]1[3-9]\d{9}[）)]", text[end : end + 13])
    return bool(bare) and not re.search(any_of("officer"), text[max(0, start - 24) : start])


def contacts(text: str) -> list[tuple[int, int]]:
    """The sentences that tell whom in the agency to ask, with their telephones and addresses."""
    found = []
    for match in pattern("contact").finditer(text):
        line = text[
            max(text.rfind("\n", 0, match.start()), text.rfind("。", 0, match.start())) + 1 : match.start()
        ]
        if (
            match.start() > TAIL * len(text)
            and not pattern("party").search(line)
            and not pattern("mobile").search(match[0])
        ):
            found.append(match.span())
    return found


def staff_numbers(text: str) -> list[tuple[int, int]]:
    """Certificate numbers of officers, the agency's landlines in the closing part, its account for fines, its address."""
    found = []
    for start, end in staff(text):
        stop = re.compile(r"[。\n]").search(text, end)
        reach = min(stop.start() if stop else len(text), end + 60)
        found += [match.span() for match in pattern("certificate").finditer(text, max(0, start - 1), reach)]
    for start, end in contacts(text):
        found += [
            match.span()
            for name in ("landline", "seat")
            for match in pattern(name).finditer(text, start, end)
        ]
    found += [
        match.span("what")
        for name in ("office", "state")
        for match in pattern(name).finditer(text)
        if name == "state" or closing(text, match.start())
    ]
    return found


def line_start(text: str, at: int) -> int:
    """Where the sentence or line of a place begins."""
    return max(text.rfind("\n", 0, at), text.rfind("。", 0, at)) + 1


def closing(text: str, at: int) -> bool:
    """Whether a place lies in the closing part of a paper, in a sentence that names no party before it."""
    return at > TAIL * len(text) and not pattern("party").search(text[line_start(text, at) : at])
