"""Numbers that belong to people: found by shape, check digit and the words before them. Offsets are code points.

Texts come folded to half width, position by position. Each rule says why it fired.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sanxiang.law.identifiers import PROVINCES, id_check, org_check, uscc_check
from sanxiang.law.redaction.words import any_of

GAP = r"[ \t\r\n\-‐-―－]{0,2}"
"""What people put between the digits of one number."""
TO = r"(?:号码|号|编号|账号|帐号|ID|id)?(?:为|是|:|：|【|\[|“|\"|\(|（|\s){0,4}"
"""What stands between a label and its number."""


@dataclass(frozen=True)
class Found:
    """A piece of text to hide. `keep` is what the replacement still shows (a county, for an address)."""

    start: int
    end: int
    type: str
    why: str
    keep: str = ""


def always(text: str, match: re.Match[str]) -> bool:
    """The shape alone is enough."""
    return True


@dataclass(frozen=True)
class Rule:
    """A shape and what must hold of it; `group` is the part to hide."""

    type: str
    shape: re.Pattern[str]
    holds: Callable[[str, re.Match[str]], bool]
    group: int | str
    why: str


HOME_LINE = re.compile(r"\s*[（(](?:宅|家|家中|住宅|住宅电话|本人)[)）]")
SERIES = re.compile(r"[（(](\d{7})\d{4}[)）]")
"""A bare number of eleven digits in brackets, as certificates of officers have it, by its first seven digits."""
UNITS = re.compile(r"\s*(?:元|万|亿|吨|平方|立方|米|公斤|千克|㎡|m²|亩|株|只|头|件|%|％)")
USUAL = (
    [11],
    [3, 4, 4],
    [3, 3, 5],
    [4, 3, 4],
    [3, 8],
    [4, 7],
    [7, 4],
    [6, 5],
    [5, 6],
    [3, 2, 2, 2, 2],
    [1] * 11,
)
"""How people group the digits of a mobile number."""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Words around numbers that tell whose they are, made into rules when first needed."""
    linking = r"(?:号码?|编号|证号|码|为|是|:|：|\s|\(|（|【|“|第)"
    return re.compile(
        {
            "thing": f"{any_of('thing')}{linking}*$",
            "identity": f"{any_of('identity')}{linking}{{0,6}}$",
            "account": f"{any_of('account')}{linking}{{0,4}}$",
            "private": f"{any_of('private')}|其(?!他|中|余)",
            "agency": f"{any_of('agency')}|[一-龥]{{2,12}}{any_of('agency_end')}",
            "hotline": f"{any_of('hotline')}[一-龥]{{0,6}}(?:电话|热线|专线|传真|座机)|热线|专线",
            "treasury": any_of("treasury"),
            "own_mail": f"{any_of('hotline')}(?!人)[一-龥]{{0,6}}(?:邮箱|邮件|信箱|E-?mail)[一-龥:： ]{{0,4}}$",
        }[name]
    )


def label_of(text: str, at: int) -> str:
    """The words before a number; the neighbours of one list share their label."""
    left = text[max(0, at - 48) : at]
    return re.sub(r"(?:[A-Za-z0-9\-]{4,}\s*[、,，和及/]\s*)+$", "", left)[-16:]


def digits(text: str) -> str:
    """The digits (and a closing X) of a number, without what was put between them."""
    return re.sub(r"[^0-9Xx]", "", text).upper()


def is_citizen(number: str) -> bool:
    """Whether 18 characters are a valid identity number."""
    return len(number) == 18 and plausible_id(number) and id_check(number) == number[17]


def plausible_id(number: str) -> bool:
    """Whether the province and the birth date could be: the check digit may be a slip of the pen."""
    if len(number) == 15:
        number = f"{number[:6]}19{number[6:]}0"
    return bool(
        number[:2] in PROVINCES | {"91", "92", "93"}
        and re.fullmatch(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", number[6:14])
    )


def real_date(number: str) -> bool:
    """Whether the birth date in an identity number is one of a person who may be alive."""
    return bool(re.fullmatch(r"(?:19[2-9]|20[0-2])\d", number[6:10])) and plausible_id(number)


def is_code(number: str) -> bool:
    """Whether 18 characters are a valid unified social credit code."""
    shape = re.fullmatch(r"[1-9ANY][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}", number)
    return bool(shape) and org_check(number[8:16]) == number[16] and uscc_check(number) == number[17]


def id_18(text: str, match: re.Match[str]) -> bool:
    """18 digits are hidden, checked or not, unless they are a unified code or labelled as something else."""
    number, left = digits(match[0]), label_of(text, match.start())
    labelled = bool(pattern("identity").search(left))
    if labelled or is_citizen(number):
        return not (pattern("thing").search(left) and is_code(number))
    numbered = text[match.start() - 1 : match.start()] == "第" and text[match.end() : match.end() + 1] == "号"
    if real_date(number) and number[:2] in PROVINCES and not is_code(number):
        # Whatever the label says: a certificate of a person is often numbered like its holder.
        return True
    if pattern("thing").search(left) or numbered or (not plausible_id(number) and not bank(text, match)):
        return False
    if plausible_id(number):
        # A slip of the pen in an identity number can make a valid unified code; a leaked number cannot be recalled.
        return True
    split = len(match[0]) > 18
    return not (is_code(number) or pattern("account").search(left) or split)


def id_15(text: str, match: re.Match[str]) -> bool:
    """Old 15-digit numbers must have a real province and date; registration numbers of firms are labelled otherwise."""
    left = label_of(text, match.start())
    return bool(pattern("identity").search(left)) or (
        plausible_id(digits(match[0])) and not pattern("thing").search(left)
    )


def mobile(text: str, match: re.Match[str]) -> bool:
    """Mobile numbers, in any usual grouping; sums of money and the agency's own lines stay."""
    left = label_of(text, match.start())
    if (
        UNITS.match(text, match.end())
        or pattern("thing").search(left)
        or re.search(r"[〔\[（(]?\d{4}[〕\]）)]$|第$|[.]$|(?<!身份)证件?号码?[:：为]?$", left)
    ):
        return False
    if certified(text, match):
        return False
    groups = [len(part) for part in re.split(r"[^0-9]+", match["number"])]
    usual = groups in USUAL
    if not usual and not re.search("电话|手机|联系|号码|tel|Tel|TEL", left):
        return False
    return not pattern("hotline").search(text, max(0, match.start() - 10), match.start())


def certified(text: str, match: re.Match[str]) -> bool:
    """Whether bare numbers of one series stand in brackets behind officers' names: certificates, though they look like mobiles."""
    own = SERIES.fullmatch(text, match.start() - 1, match.end() + 1) if match.start() else None
    line = text[max(0, match.start() - 60) : match.end() + 60]
    alike = own and sum(found[1] == own[1] for found in SERIES.finditer(line)) > 1
    return bool(alike) and bool(
        re.search(any_of("officer"), text[max(0, match.start() - 60) : match.start()])
    )


def landline(text: str, match: re.Match[str]) -> bool:
    """Landlines, unless the nearest owner named before them is an agency."""
    left = text[max(0, match.start() - 60) : match.start()]
    if pattern("thing").search(left) or UNITS.match(text, match.end()) or re.search(r"[第〔＋+=.]$", left):
        return False
    return bool(HOME_LINE.match(text, match.end())) or not agency_phone(left)


def agency_phone(left: str) -> bool:
    """Whether the nearest owner in the text before a telephone number is an agency."""
    if pattern("hotline").search(left[-14:]):
        return True
    return last(pattern("agency"), left) > last(pattern("private"), left)


def bank(text: str, match: re.Match[str]) -> bool:
    """Account numbers, unless fines are to be paid into them."""
    left = text[max(0, match.start() - 70) : match.start()]
    left = re.split(r"[。\n]", left)[-1]
    if re.match(
        r"[)）”，,]{0,2}[^。；;\n]{0,10}缴(?:纳|交)?(?:罚款|罚没款)", text[match.end() : match.end() + 24]
    ):
        return False
    paid = last(pattern("treasury"), left)
    return not (paid > last(pattern("private"), left.replace("开户", "  ").replace("户名", "  ")))


def beside(text: str, match: re.Match[str]) -> bool:
    """The second of two account numbers side by side."""
    left = text[max(0, match.start() - 48) : match.start()]
    return bool(re.search(r"(?:账号|帐号|账户|卡号)[:：为是]?\d{15,20}$", left)) and bank(text, match)


def card(text: str, match: re.Match[str]) -> bool:
    """Bank-card numbers without a label: UnionPay's 62 or a right check digit (Luhn)."""
    number, left = digits(match[0]), label_of(text, match.start())
    if (
        pattern("thing").search(left)
        or UNITS.match(text, match.end())
        or is_code(number)
        or not 16 <= len(number) <= 19
    ):
        return False
    groups = [len(part) for part in re.split(r"[^0-9]+", match[0])]
    grouped = len(groups) == 1 or (all(length == 4 for length in groups[:-1]) and groups[-1] <= 4)
    return grouped and (number.startswith("62") or luhn(number)) and bank(text, match)


def luhn(number: str) -> bool:
    """ISO/IEC 7812 check digit."""
    if not number.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def private_mail(text: str, match: re.Match[str]) -> bool:
    """Mailboxes under gov.cn are the agency's."""
    own = pattern("own_mail").search(label_of(text, match.start()))
    return not own and not match[0].lower().endswith(".gov.cn")


def not_kept(text: str, match: re.Match[str]) -> bool:
    """Not labelled as the number of a thing."""
    return not pattern("thing").search(label_of(text, match.start()))


def not_officer(text: str, match: re.Match[str]) -> bool:
    """An enforcement certificate is shown to the public on purpose."""
    return not re.search(r"执法|监督|工作$", text[max(0, match.start() - 4) : match.start()])


def last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match ends, -1 for none."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)


TOKEN = r"(?P<number>[A-Za-z0-9][A-Za-z0-9\-]{4,29})"
PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = "[A-HJ-NP-Za-hj-np-z0-9]"
MASK = "[*＊×xX]"


def rule(
    kind: str,
    why: str,
    shape: str,
    holds: Callable[[str, re.Match[str]], bool] = always,
    group: int | str = 0,
) -> Rule:
    """One rule, compiled; a shape with a group called number hides only that."""
    return Rule(
        kind, re.compile(shape), holds, "number" if "?P<number>" in shape and not group else group, why
    )


def digit_rules() -> tuple[Rule, ...]:
    """Identity numbers, telephones and bank cards, which their digits alone betray."""
    phone, extension = "(?:手机|电话|联系方式|联系电话|Tel|TEL|tel)", r"(?:(?:-|—|转|ext)\d{1,6})?"
    return (
        rule("idcard", "18位身份证号码", rf"(?<![0-9A-Za-z])[1-9](?:{GAP}\d){{16}}{GAP}[0-9Xx](?!\d)", id_18),
        rule("idcard", "15位旧身份证号码", rf"(?<![0-9A-Za-z])[1-9](?:{GAP}\d){{14}}(?!\d)", id_15),
        rule("idcard", "部分遮挡的身份证号码", rf"(?<!\d)\d{{3,6}}{MASK}{{6,}}\d{{2,4}}[0-9Xx]?(?!\d)"),
        Rule(
            "phone",
            re.compile(rf"(?<![0-9A-Z])(?:(?:\+|00)?86{GAP})?(?P<number>1{GAP}[3-9](?:{GAP}\d){{9}})(?!\d)"),
            mobile,
            0,
            "手机号码",
        ),
        rule("phone", "手机号码", rf"{phone}{TO}(?P<number>1[3-9](?:{GAP}\d){{9}})(?!\d)", mobile),
        rule("phone", "境外电话号码", r"(?<![0-9A-Za-z])\+(?!86)\d{1,3}(?:[ \-.]?\d{2,4}){2,4}(?!\d)"),
        rule("phone", "手机号码", r"(?<!\d)1[3-9]\d\.\d{4}\.\d{4}(?!\d)"),
        rule("phone", "部分遮挡的手机号码", rf"(?<!\d)1[3-9]\d{MASK}{{4,5}}\d{{3,4}}(?!\d)"),
        *bank_rules(),
        *landline_rules(extension),
    )


def bank_rules() -> tuple[Rule, ...]:
    """Bank accounts and cards."""
    return (
        rule(
            "bank",
            "银行账号",
            rf"{any_of('account')}(?:号码|号|码)?(?:为|是|:|：|\s|\(|（|“){{0,4}}"
            rf"(?P<number>\d(?:{GAP}[\d*]){{7,29}})(?!\d)",
            bank,
        ),
        rule(
            "bank",
            "银行账号",
            r"(?:账户|账号|帐号|存折|卡号|收款|汇入|转入|汇至|"
            r"转至)[^，。；\n0-9]{0,24}?[)）:：]?[ ]?(?P<number>\d{4}(?: \d{4}){2,5}(?: \d{1,4})?|\d{15,22})(?!\d)",
            bank,
        ),
        rule("bank", "并列的银行账号", r"[、，,；和及]{1,2}(?P<number>\d{15,20})(?!\d)", beside),
        rule(
            "bank",
            "银行账号",
            r"[（(][一-龥]{2,12}(?:银行|农商行|工行|农行|建行|中行|信用社|联社|支行)[，,：: ]{0,2}(?P<number>\d{15,22})[)）]",
            bank,
        ),
        rule(
            "bank",
            "银行账号",
            r"(?:发放|支付|打入|汇入|转入|退|返还)[至到入给][:：]? ?(?P<number>\d{4}(?: \d{4}){3}(?: \d{1,3})?|\d{16,19})(?!\d)",
            bank,
        ),
        rule("bank", "银行卡尾号", r"尾号(?:为|是|:|：|\s|“)*(?P<number>\d{3,6})(?!\d)", bank),
        rule("bank", "银行卡号", rf"(?<![0-9A-Za-z])[1-9](?:{GAP}\d){{15,18}}(?![0-9A-Za-z])", card),
        rule(
            "bank",
            "银行账号",
            r"(?<![0-9A-Za-z])(?P<number>\d[\d \-]{8,28}\d)"
            rf"(?=[”\"]?(?:号)?(?:的)?{any_of('account')})",
            bank,
        ),
    )


def landline_rules(extension: str) -> tuple[Rule, ...]:
    """Fixed telephones, with or without their area code."""
    return (
        rule(
            "landline",
            "固定电话",
            rf"(?<![\dA-Za-z./])[(（]?0[1-9]\d{{1,2}}[)）]?{GAP}[2-9](?:{GAP}\d){{6,7}}{extension}(?!\d)",
            landline,
        ),
        rule(
            "landline",
            "固定电话",
            rf"(?:电话|座机|固话|传真|Tel|TEL|tel){TO}(?P<number>[2-9]\d{{2,3}}{GAP}\d{{4}}{extension})(?!\d)",
            landline,
        ),
    )
