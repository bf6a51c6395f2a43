"""Numbers and names that their labels betray: mailboxes, accounts in networks, papers, vehicles, title deeds; and all rules together."""

import re
from collections.abc import Iterator
from functools import cache

from sanxiang.law.identifiers import PROVINCES
from sanxiang.law.redaction.numbers import (
    PLATE,
    PLATES,
    TO,
    TOKEN,
    Found,
    Rule,
    digit_rules,
    digits,
    is_citizen,
    label_of,
    not_kept,
    not_officer,
    pattern,
    private_mail,
    real_date,
    rule,
)
from sanxiang.law.redaction.words import any_of


@cache
def rules() -> tuple[Rule, ...]:
    """All rules; which of two that overlap has its way is settled by the caller."""
    return (*digit_rules(), *contact_rules(), *paper_rules(), *plate_rules())


def contact_rules() -> tuple[Rule, ...]:
    """Mailboxes and names in networks."""
    called = r"(?:为|是|叫|:|：|\s)*"
    return (
        rule(
            "email",
            "电子邮箱",
            r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}"
            r"@[A-Za-z0-9][A-Za-z0-9.\-]{0,120}\.[A-Za-z]{2,12}",
            private_mail,
        ),
        rule(
            "account",
            "网络账号",
            r"(?:KakaoTalk|WhatsApp|Telegram|Line|LINE|Facebook|Instagram|TikTok|Twitter|Skype|Signal|钉钉|微博)(?:ID|"
            r"号|账号)?[:：为是 ]{1,2}(?P<number>[A-Za-z0-9@+][-_.@A-Za-z0-9 ]{3,30}[A-Za-z0-9])",
        ),
        rule(
            "account",
            "网络账号",
            r"(?:平台|直播|微信|抖音|快手|淘宝|拼多多|闲鱼|微博|小红书|网络)[^。；\n]{0,12}(?:账号|帐号|ID|id)[:：为是 ]{0,2}"
            r"(?P<number>(?=[A-Za-z0-9_\-.]*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_\-.]{4,30})",
        ),
        rule(
            "wechat",
            "网络昵称",
            r"(?:群主|网友|网民|昵称|网名|买家|卖家|主播|博主)[:：为是 ]?(?P<number>[A-Za-z][A-Za-z0-9_\-]{4,20})(?![A-Za-z0-9])",
        ),
        rule(
            "account",
            "网络账号",
            r"(?:账号|帐号|账户)[（(:：为是 ]{0,2}(?P<number>(?=[^，。）)\s]{0,30}[_@])[一-龥A-Za-z0-9_.@\-]{4,30})",
        ),
        *network_rules(called),
        *account_rules(),
    )


def network_rules(called: str) -> tuple[Rule, ...]:
    """Names in networks; `called` is what may stand before one in quotation marks."""
    return (
        rule(
            "wechat",
            "微信号",
            rf"(?<![A-Za-z0-9]){any_of('wechat')}{TO}"
            r"(?P<number>[A-Za-z][-_A-Za-z0-9]{3,29}|(?<=[号:：是为])\s*\d{5,})",
        ),
        rule(
            "wechat",
            "网络昵称",
            rf"(?:昵称|网名|用户名|微信名){called}[“\"「『](?P<number>[^”\"」』\n]{{1,24}})[”\"」』]",
        ),
        rule(
            "qq",
            "并列的QQ号",
            r"(?:QQ|qq)[^。\n]{0,6}[1-9]\d{4,11}[、，,和与及]{1,2}(?P<number>[1-9]\d{4,11})(?!\d)",
        ),
        rule("qq", "QQ号", rf"(?<![A-Za-z0-9])(?:QQ|qq|Qq)(?:群)?{TO}(?P<number>[1-9]\d{{4,11}})(?!\d)"),
        rule(
            "wechat", "微信号", r"微信[^。\n]{0,16}号(?:是|为|[:：])(?P<number>[A-Za-z][-_A-Za-z0-9]{5,19})"
        ),
    )


def account_rules() -> tuple[Rule, ...]:
    """Accounts at platforms."""
    return (
        rule(
            "account",
            "网络账号",
            r"(?:平台|用户|账户|登录)(?:账号|帐号|ID|id|名)[:：为是 ]{0,2}(?P<number>[A-Za-z@][-_.@A-Za-z0-9]{3,39})",
        ),
        rule(
            "account",
            "网络账号",
            r"(?:账号|帐号|昵称|网名|主播|博主|用户)(?:为|是|名为|:|：)?[“\"]?(?P<number>@[一-龥A-Za-z0-9_.\-]{2,20})",
        ),
        rule(
            "account",
            "网络账号",
            rf"{any_of('platform')}(?:账号|帐号|账户|ID|id|号)(?:为|是|:|：|\s|“){{0,3}}"
            r"(?P<number>[A-Za-z0-9][-_.@A-Za-z0-9]{3,39})",
        ),
        rule(
            "account",
            "网络账号",
            rf"(?:{any_of('platform')}|网络|直播|平台)?(?:账号|帐号|用户|网民|博主|主播|号主)(?:为|是|名为|:|：|\||｜|\s){{0,2}}[“\"「](?P<number>[^”\"」\n]{{2,24}})[”\"」]",
        ),
        rule(
            "account",
            "网络账号",
            rf"(?:{any_of('platform')}|网络)(?:[（(]账号|账号[|｜]|[:： ]?(?=[A-Za-z0-9.]+@alipay))(?:为|是|:|"
            rf"：)?(?P<number>[A-Za-z0-9][-_.@A-Za-z0-9]{{3,39}})",
        ),
    )


def paper_rules() -> tuple[Rule, ...]:
    """Passports, personal papers, vehicles, title deeds."""
    return (
        *border_rules(),
        rule(
            "passport",
            "护照号码",
            r"护照(?:[^。\n]{0,14}号|号码?)?[:：为是 ]{0,2}(?P<number>[A-Z]{0,3} ?\d{2} ?\d{5,7})(?!\d)",
            not_officer,
        ),
        rule(
            "passport",
            "港澳台身份证号码",
            r"(?:澳门|香港|台湾)(?:永久性?|地区)?(?:居民)?身份证(?:号码?|"
            r"件号)?[:：为是 ]{0,2}(?P<number>[A-Z]{0,2}\d{6,9}(?:[（(][0-9A-Z][)）])?)",
        ),
        rule(
            "certificate",
            "残疾人证号码",
            r"(?:(?:残疾人?证|证[ 　]{0,4}号)[^，。\n0-9]{0,8}|(?<![0-9A-Za-z]))(?P<number>[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])"
            r"(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx][1-7][1-4][BbXx]?\d?)(?!\d)",
        ),
        rule(
            "passport",
            "护照号码",
            r"(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])",
            not_kept,
        ),
        rule(
            "certificate",
            "个人证件号码",
            f"{any_of('personal_paper')}(?:书)?(?:档案)?{TO}{TOKEN}",
            not_officer,
        ),
        *vehicle_rules(),
        *deed_rules(),
    )


def border_rules() -> tuple[Rule, ...]:
    """Papers of people from Hong Kong, Macau and Taiwan, and all with which a border is crossed."""
    return (
        rule("passport", "出入境证件号码", f"{any_of('border')}{TO}{TOKEN}", not_officer),
        rule(
            "passport",
            "港澳居民证件号码",
            r"(?:香港|澳门|港澳)[^。；\n]{0,16}?(?<![A-Za-z0-9])(?P<number>[HM]\d{8}(?:\d{2})?)(?!\d)",
        ),
    )


def vehicle_rules() -> tuple[Rule, ...]:
    """What a vehicle, an engine or a machine is known by."""
    return (
        rule(
            "certificate",
            "车辆识别号码",
            f"(?<![A-Za-z0-9]){any_of('vehicle')}(?:码|号码?)?{TO}(?P<number>[A-Za-z0-9][A-Za-z0-9\\-]{{4,20}})",
        ),
        rule(
            "certificate",
            "发动机号码",
            r"(?:发动机|机)(?:号码?|编号)[:：为是 ]{0,3}(?P<number>[A-Z0-9][A-Z0-9.\-]{2,11} [A-Z0-9]{4,12})(?![A-Za-z0-9])",
        ),
        rule(
            "certificate",
            "车辆识别号码",
            r"(?<![A-Za-z0-9])(?=[A-Z0-9]{0,12}\d{4})(?=[0-9]*[A-Z][0-9]*[A-Z][0-9]*[A-Z])(?![A-Z0-9]*20[12]\d(?:0[1-9]|1[0-2])[0-3]\d)"
            r"[1-9A-HJ-NPR-Z][A-HJ-NPR-Z0-9]{16}(?![A-Za-z0-9])",
        ),
        rule(
            "certificate",
            "机器识别号码",
            r"(?:(?:车架|识别|底盘|整机)[号码][^\n]*\n[^\n]*?[ |｜](?P<number>(?=[A-Z0-9]*\d{4})[A-Z]{2}[A-Z0-9]{9,15}))(?![A-Za-z0-9])",
        ),
    )


def deed_rules() -> tuple[Rule, ...]:
    """Title deeds."""
    body = r"[(（\[〔]?\d{0,4}[)）\]〕]?(?:第|字第)?[A-Za-z0-9\-－]{3,}号?"
    return (
        rule(
            "certificate",
            "不动产权证号",
            rf"[{PLATES}黔滇陇秦台]?[(（\[〔]\d{{4}}[)）\]〕][一-龥（）()]{{0,20}}?(?:不动产(?:权|证明)?(?:证)?|承包经营权|经营权|使用权|林权)第[A-Za-z0-9\-]+号",
        ),
        rule(
            "certificate",
            "权属证书号",
            r"(?:产权证|房产证|草原证|林权证|土地证|承包证|经营权证|权属证书|产权证书)(?:书)?(?:编?号)?[:：为是]{0,2}(?P<number>[一-龥]{1,6}字第?[0-9A-Za-z\-]{4,20}号)",
        ),
        *written_deeds(),
        rule(
            "certificate",
            "权属证书号",
            r"承包(?:经营)?合同(?:编)?号[:：为是]{0,2}(?P<number>\d{12,20}[A-Z]?)",
        ),
        rule(
            "certificate",
            "权属证书号",
            rf"(?:(?!证号|权证|编号|号|为|是|持有|取得|权利)[一-龥]){{0,8}}{any_of('title_deed')}(?!号|编|书|为)[一-龥]{{0,10}}{body}",
        ),
        rule(
            "certificate",
            "权属证书号",
            r"(?:[（(][0-9]{4}[)）])?(?:(?![省:：号证])[一-龥]){0,6}(?:[市县区旗])?(?:不动产(?:权)?证明|房权证|房产证|房地权证)[一-龥]{0,8}字?第[0-9A-Za-z\-~～]{4,40}号(?=$|[^一-龥])",
        ),
        rule(
            "certificate", "权属证书号", rf"{any_of('deed')}{TO}(?P<number>(?:第)?[A-Za-z0-9\-]{{5,24}}号?)"
        ),
    )


def written_deeds() -> tuple[Rule, ...]:
    """Title deeds by the words in which old ones are numbered (正房字第…号)."""
    return (
        rule(
            "certificate",
            "权属证书号",
            r"(?:所有权证|使用权证|产权证|房产证|林权证|土地证|"
            r"(?<!经营)权证)书?[（(“:： ]{0,2}(?P<number>[一-龥（）()0-9]{0,12}字第?[0-9A-Za-z\-]{4,20}号)",
        ),
        rule(
            "certificate",
            "权属证书号",
            r"[一-龥]{0,2}(?:房权证|房产证|国用|集用|林证)[一-龥A-Za-z（）()0-9]{0,10}字?第[0-9A-Za-z\-]{4,20}号",
        ),
    )


def plate_rules() -> tuple[Rule, ...]:
    """Number plates of vehicles."""
    return (
        rule(
            "plate",
            "车牌号码",
            rf"[{PLATES}][A-HJ-Za-hj-z][ ·•・.\-]?(?:{PLATE} ?){{4,5}}"
            rf"(?:{PLATE}|[挂学警港澳试超领])(?![A-Za-z0-9])",
            plate,
        ),
        rule(
            "plate",
            "车牌号码",
            rf"{any_of('number_plate')}(?:号码|号)?{TO}"
            r"(?P<number>[一-龥]?[A-Za-z0-9][A-Za-z0-9·\-]{3,9}[挂学警]?)",
        ),
        rule(
            "plate",
            "电动自行车号牌",
            rf"{any_of('number_plate')}(?:号码|号)?[:：为是 ]{{0,2}}(?P<number>(?![号为是])[一-龥]{{2,4}}[A-Z]?\d{{5,7}})(?!\d)",
        ),
        rule(
            "plate",
            "车牌号码",
            rf"{any_of('number_plate')}(?:号码|号)?[:：为是]{{0,2}}(?P<number>(?:厂内[一-龥]?|[一-龥][州市阳])[A-Z][·.]?[A-Z0-9]{{4,6}})",
        ),
    )


def plate(text: str, match: re.Match[str]) -> bool:
    """A plate has a digit; permit numbers that begin alike have a label."""
    return bool(re.search(r"\d", match[0])) and not_kept(text, match)


def find_numbers(text: str) -> Iterator[Found]:
    """All numbers of people in a folded text; overlaps are settled by the caller."""
    for one in rules():
        for match in one.shape.finditer(text):
            start, end = match.span(one.group)
            while text[end - 1].isspace():
                end -= 1
            if one.holds(text, match):
                yield Found(start, end, one.type, one.why)


OPEN_WORDS = frozenset({"idcard", "phone", "bank", "passport", "email", "wechat", "qq"})
"""Kinds of numbers that no reason, note or row which anybody reads may hold."""
LOOSE = r"[\s\-‐-―－.·_/]{0,3}"
RUN = re.compile(rf"(?<![0-9A-Za-z〔\[])\d(?:{LOOSE}\d){{13,18}}(?:{LOOSE}[Xx])?(?![0-9A-Za-z])")
"""Digits in the length of an identity number, one slip more or less, however they are held apart."""


def shaped(text: str) -> Iterator[Found]:
    """What is shaped like a number of a person, whether its check digit is right or not; what is half hidden already is none."""
    yield from (one for one in find_numbers(text) if one.type in OPEN_WORDS and "遮挡" not in one.why)
    for match in RUN.finditer(text):
        number = digits(match[0])
        labelled = pattern("identity").search(label_of(text, match.start()))
        if labelled or (len(number) in (17, 18) and real_date(number) and number[:2] in PROVINCES):
            yield Found(*match.span(), "idcard", "形似身份证件号码")


def protected(text: str) -> Iterator[Found]:
    """Only what an imported text must not hold: a valid identity number or a mobile number."""
    for one in rules():
        if one.type not in ("idcard", "phone") or "遮挡" in one.why or "15位" in one.why:
            continue
        for match in one.shape.finditer(text):
            if one.holds(text, match) and (one.type == "phone" or is_citizen(digits(match[0]))):
                yield Found(*match.span(one.group), one.type, one.why)
