"""Numbers that belong to people: found by shape, check digit and the words before them. Offsets are code points.

Texts come folded to half width, position by position. Each rule says why it fired.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from sanxiang.law.identifiers import PROVINCES, id_check, org_check, uscc_check

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


@dataclass(frozen=True)
class Rule:
    """A shape and what must hold of it; `group` is the part to hide."""

    type: str
    shape: re.Pattern[str]
    holds: Callable[[str, re.Match[str]], bool] = lambda text, match: True
    group: int | str = 0
    why: str = ""


KEPT_LABEL = re.compile(
    r"(?:信用代码|机构代码|税号|识别号|登记号|注册号|执照号?|许可证|备案号?|编号|案号|文号|批号|单号|票号|发票|票据|收据|条码|条形码|项目代码|标识码|执法证号?|资格证书?号?|合同号?|订单号?|运单号?|受理号?|"
    r"字第|标准号?|型号|规格|序列号|货号|产品|批准文号|生产许可|SC|JY|XK|No\.?|NO\.?|№)(?:码|号|为|是|:|：|\s|\(|（|“|第)*$"
)
"""Labels of numbers that belong to things and papers, not to people."""
ID_LABEL = re.compile(r"(?:身份证|身份号码|公民身份|证件|居住证|通行证|身份)(?:号码?|编号|证号|为|是|:|：|\s|\(|（|【|“){0,6}$")
UNITS = re.compile(r"\s*(?:元|万|亿|吨|平方|立方|米|公斤|千克|㎡|m²|亩|株|只|头|件|%|％)")
PRIVATE = re.compile(
    r"当事人|被处罚人|经营者|法定代表人|负责人|业主|村民|个人|本人|其(?!他|中|余)|他|她|公司|身份证|住址|户名|开户|男|女|名下|汇入|转入|转账|汇款|支付宝|微信|收取|收到|证人|举报人|投诉人|借款|货款|工资"
)
AGENCY_PHONE = re.compile(
    r"(?:监督|举报|投诉|咨询|服务|值班|办公室?|受理|维权|政务|机关|我局|本局|我委|单位|执法大队|大队|支队|法院|检察院|政府|热线|复议|听证)[一-龥]{0,6}(?:电话|热线|专线|传真|座机)"
    r"|(?:热线|专线)"
)
AGENCY = re.compile(
    r"我局|本局|本机关|我机关|本行政机关|我委|我队|执法机关|[一-龥]{2,12}(?:局|大队|支队|中队|委员会|人民政府|街道办事处|法院|检察院|政务服务中心|行政服务中心)|监督|举报|投诉|咨询|热线|复议"
)
AGENCY_BANK = re.compile(r"财政|国库|非税|罚没|罚款|专户|代收|缴款|缴纳|缴至|缴到|上缴|收款单位|执收|加处|滞纳金|征收")


BANK_LABEL = re.compile(r"(?:账号|帐号|卡号|账户|帐户|银行卡)(?:号码|号|为|是|:|：|\s|\(|（|“){0,4}$")


def label_of(text: str, at: int) -> str:
    """The words before a number; the neighbours of one list share their label."""
    left = text[max(0, at - 48):at]
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
    return bool(number[:2] in PROVINCES | {"91", "92", "93"} and
                re.fullmatch(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", number[6:14]))


def is_code(number: str) -> bool:
    """Whether 18 characters are a valid unified social credit code."""
    shape = re.fullmatch(r"[1-9ANY][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}", number)
    return bool(shape) and org_check(number[8:16]) == number[16] and uscc_check(number) == number[17]


def id_18(text: str, match: re.Match[str]) -> bool:
    """18 digits are hidden, checked or not, unless they are a unified code or labelled as something else."""
    number, left = digits(match[0]), label_of(text, match.start())
    labelled = bool(ID_LABEL.search(left))
    if labelled or is_citizen(number):
        return not (KEPT_LABEL.search(left) and is_code(number))
    if is_code(number) or KEPT_LABEL.search(left) or (BANK_LABEL.search(left) and not plausible_id(number)):
        return False
    split = len(match[0]) > 18
    return plausible_id(number) or not split


def id_15(text: str, match: re.Match[str]) -> bool:
    """Old 15-digit numbers must have a real province and date; registration numbers of firms are labelled otherwise."""
    left = label_of(text, match.start())
    return bool(ID_LABEL.search(left)) or (plausible_id(digits(match[0])) and not KEPT_LABEL.search(left))


def mobile(text: str, match: re.Match[str]) -> bool:
    """Mobile numbers, in any usual grouping; sums of money and the agency's own lines stay."""
    left = label_of(text, match.start())
    if UNITS.match(text, match.end()) or KEPT_LABEL.search(left) or re.search(r"[〔\[（(]?\d{4}[〕\]）)]$|第$|[.]$", left):
        return False
    groups = [len(part) for part in re.split(r"[^0-9]+", match["number"])]
    usual = groups in ([11], [3, 4, 4], [3, 3, 5], [4, 3, 4], [3, 8], [4, 7], [7, 4], [6, 5], [5, 6], [3, 2, 2, 2, 2]) or groups == [1] * 11
    return (usual or bool(re.search(r"电话|手机|联系|号码|tel|Tel|TEL", left))) and not AGENCY_PHONE.search(text[:match.start()][-14:])


def landline(text: str, match: re.Match[str]) -> bool:
    """Landlines, unless the nearest owner named before them is an agency."""
    left = text[max(0, match.start() - 60):match.start()]
    if KEPT_LABEL.search(left) or UNITS.match(text, match.end()) or re.search(r"[第〔＋+=.]$", left):
        return False
    return not agency_phone(left)


def agency_phone(left: str) -> bool:
    """Whether the nearest owner in the text before a telephone number is an agency."""
    if AGENCY_PHONE.search(left[-14:]):
        return True
    return last(AGENCY, left) > last(PRIVATE, left)


def bank(text: str, match: re.Match[str]) -> bool:
    """Account numbers, unless fines are to be paid into them."""
    left = text[max(0, match.start() - 70):match.start()]
    left = re.split(r"[。\n]", left)[-1]
    return not (last(AGENCY_BANK, left) > last(PRIVATE, left))


def card(text: str, match: re.Match[str]) -> bool:
    """Bank-card numbers without a label: UnionPay's 62 or a right check digit (Luhn)."""
    number, left = digits(match[0]), label_of(text, match.start())
    if KEPT_LABEL.search(left) or UNITS.match(text, match.end()) or is_code(number) or not 16 <= len(number) <= 19:
        return False
    return (number.startswith("62") or luhn(number)) and bank(text, match)


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
    own = re.search(r"(?:机关|我局|本局|单位|政务|监督|举报|投诉|咨询)[一-龥]{0,6}(?:邮箱|邮件|信箱|E-?mail)[一-龥:： ]{0,4}$", label_of(text, match.start()))
    return not own and not match[0].lower().endswith(".gov.cn")


def not_kept(text: str, match: re.Match[str]) -> bool:
    """Not labelled as the number of a thing."""
    return not KEPT_LABEL.search(label_of(text, match.start()))


def not_officer(text: str, match: re.Match[str]) -> bool:
    """An enforcement certificate is shown to the public on purpose."""
    return not re.search(r"执法|监督|工作$", text[max(0, match.start() - 4):match.start()])


def last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match ends, -1 for none."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)


TOKEN = r"(?P<number>[A-Za-z0-9][A-Za-z0-9\-]{4,29})"
PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they claim text."""
    made = re.compile
    return (
        Rule("idcard", made(rf"(?<![0-9A-Za-z])[1-9](?:{GAP}\d){{16}}{GAP}[0-9Xx](?!\d)"), id_18, why="18位身份证号码"),
        Rule("idcard", made(rf"(?<![0-9A-Za-z])[1-9](?:{GAP}\d){{14}}(?!\d)"), id_15, why="15位旧身份证号码"),
        Rule("idcard", made(r"(?<!\d)\d{3,6}[*＊xX×]{6,}\d{2,4}[0-9Xx]?(?!\d)"), why="部分遮挡的身份证号码"),
        Rule("phone", made(rf"(?<![0-9A-Z])(?:(?:\+|00)?86{GAP})?(?P<number>1{GAP}[3-9](?:{GAP}\d){{9}})(?!\d)"), mobile, why="手机号码"),
        Rule("phone", made(r"(?<!\d)1[3-9]\d[*＊×xX]{4,5}\d{3,4}(?!\d)"), why="部分遮挡的手机号码"),
        Rule("bank", made(
            r"(?:账号|帐号|卡号|账户号?|帐户号?|银行卡|储蓄卡|信用卡|借记卡|存折|一卡通|对公户|基本户)(?:号码|号|码)?"
            rf"(?:为|是|:|：|\s|\(|（|“){{0,4}}(?P<number>\d(?:{GAP}[\d*]){{7,29}})(?!\d)"), bank, "number", "银行账号"),
        Rule("bank", made(r"尾号(?:为|是|:|：|\s|“)*(?P<number>\d{3,6})(?!\d)"), bank, "number", "银行卡尾号"),
        Rule("bank", made(rf"(?<![0-9A-Za-z])[1-9](?:{GAP}\d){{15,18}}(?![0-9A-Za-z])"), card, why="银行卡号"),
        Rule("bank", made(r"(?<![0-9A-Za-z])(?P<number>\d[\d \-]{8,28}\d)(?=[”\"]?(?:号)?(?:的)?(?:银行卡|账户|帐户|账号|帐号|储蓄卡|信用卡|卡号))"),
             bank, "number", "银行账号"),
        Rule("email", made(r"[A-Za-z0-9][A-Za-z0-9._%+\-]*@[A-Za-z0-9][A-Za-z0-9.\-]*\.[A-Za-z]{2,}"), private_mail, why="电子邮箱"),
        *label_rules(),
        Rule("phone", made(rf"(?:手机|电话|联系方式|联系电话|Tel|TEL|tel){TO}(?P<number>1[3-9](?:{GAP}\d){{9}})(?!\d)"), mobile, "number", "手机号码"),
        Rule("landline", made(rf"(?<![\dA-Za-z./])[(（]?0\d{{2,3}}[)）]?{GAP}[2-9](?:{GAP}\d){{6,7}}(?:(?:-|—|转|ext)\d{{1,6}})?(?!\d)"), landline, why="固定电话"),
        Rule("landline", made(rf"(?:电话|座机|固话|传真|Tel|TEL|tel){TO}(?P<number>[2-9]\d{{2,3}}{GAP}\d{{4}}(?:(?:-|转)\d{{1,6}})?)(?!\d)"),
             landline, "number", "固定电话"),
    )


def label_rules() -> tuple[Rule, ...]:
    """Numbers that only a label makes recognisable: accounts, papers, plates, certificates of property."""
    made = re.compile
    return (
        Rule("wechat", made(
            rf"(?:微信|薇信|WeChat|Wechat|wechat|WECHAT|VX|vx|Vx|WX|wx){TO}(?P<number>[A-Za-z][-_A-Za-z0-9]{{3,29}}|(?<=[号:：是为])\s*\d{{5,}})"),
            group="number", why="微信号"),
        Rule("wechat", made(
            r"(?:微信|抖音|快手|QQ)?(?:昵称|网名|用户名|微信名)(?:为|是|叫|:|：|\s)*(?:[“\"「『](?P<number>[^”\"」』\n]{1,24})[”\"」』])"),
            group="number", why="网络昵称"),
        Rule("qq", made(rf"(?:QQ|qq|Qq)(?:群)?{TO}(?P<number>[1-9]\d{{4,11}})(?!\d)"), group="number", why="QQ号"),
        Rule("account", made(
            r"(?:支付宝|淘宝|闲鱼|抖音|快手|小红书|微博|拼多多|美团|饿了么|陌陌|游戏|直播)(?:账号|帐号|账户|ID|id|号)"
            r"(?:为|是|:|：|\s|“){0,3}(?P<number>[A-Za-z0-9][-_.@A-Za-z0-9]{3,39})"), group="number", why="网络账号"),
        Rule("passport", made(rf"(?:护照|通行证|回乡证|台胞证|旅行证|居留证|居留身份证|居留许可|海员证){TO}{TOKEN}"), not_officer, "number", "出入境证件号码"),
        Rule("passport", made(r"(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])"), not_kept, why="护照号码"),
        Rule("certificate", made(
            r"(?:军官证|士兵证|警官证|户口簿|户口本|社保卡|社会保障卡|社会保障|社保|医保卡?|医疗保险|残疾人?证|出生(?:医学)?证明|结婚证|离婚证|驾驶证|驾照|行驶证|从业资格证|从业人员资格证|职业资格证|学生证|健康证|暂住证|居住证|证件|"
            rf"律师执业证|教师资格证|厨师证|电工证|特种作业操作证|准驾证|船员证|渔业船员证书?)(?:书)?(?:档案)?{TO}{TOKEN}"), not_officer, "number", "个人证件号码"),
        Rule("certificate", made(r"(?:车架|车辆识别代|发动机|底盘|大架|VIN)" + TO + r"(?P<number>[A-Za-z0-9][A-Za-z0-9\-]{4,20})"), group="number", why="车辆识别号码"),
        Rule("certificate", made(
            rf"[{PLATES}]?[(（\[〔]\d{{4}}[)）\]〕][一-龥]{{0,14}}?不动产(?:权|证明)?(?:证)?第[A-Za-z0-9\-]+号"), why="不动产权证号"),
        Rule("certificate", made(
            r"(?:(?!证号|权证|编号|号|为|是|持有|取得|权利)[一-龥]){0,8}(?:房权证|房产证|房地证|房他证|土地证|土地使用证|林权证|宅基地证|集用|国用|集建|林证)(?!号|编|书|为)[一-龥]{0,10}[(（\[〔]?\d{0,4}[)）\]〕]?(?:第|字第)?[A-Za-z0-9\-－]{3,}号?"), why="权属证书号"),
        Rule("certificate", made(rf"(?:房产证|不动产权?证书?|房屋所有权证|土地使用权?证|林权证|宅基地使用权?证|产权证){TO}(?P<number>(?:第)?[A-Za-z0-9\-]{{5,24}}号?)"),
             group="number", why="权属证书号"),
        Rule("plate", made(
            rf"(?:[{PLATES}][A-HJ-Za-hj-z][ ·•・.\-]?(?:[A-HJ-NP-Za-hj-np-z0-9] ?){{4,5}}(?:[A-HJ-NP-Za-hj-np-z0-9]|[挂学警港澳试超领]))(?![A-Za-z0-9])"), plate, why="车牌号码"),
        Rule("plate", made(rf"(?:车牌|号牌|车号|牌照|车辆牌号)(?:号码|号)?{TO}(?P<number>[一-龥]?[A-Za-z0-9][A-Za-z0-9·\-]{{3,9}}[挂学警]?)"), group="number", why="车牌号码"),
    )


def plate(text: str, match: re.Match[str]) -> bool:
    """A plate has a digit; permit numbers that begin alike have a label."""
    return bool(re.search(r"\d", match[0])) and not_kept(text, match)


def find_numbers(text: str) -> Iterator[Found]:
    """All numbers of people in a folded text; overlaps are settled by the caller."""
    for rule in rules():
        for match in rule.shape.finditer(text):
            start, end = match.span(rule.group)
            while text[end - 1].isspace():
                end -= 1
            if rule.holds(text, match):
                yield Found(start, end, rule.type, rule.why)


def protected(text: str) -> Iterator[Found]:
    """Only what an imported text must not hold: a valid identity number or a mobile number."""
    for rule in rules():
        if rule.type not in ("idcard", "phone") or "遮挡" in rule.why or "15位" in rule.why:
            continue
        for match in rule.shape.finditer(text):
            if rule.holds(text, match) and (rule.type == "phone" or is_citizen(digits(match[0]))):
                yield Found(*match.span(rule.group), rule.type, rule.why)
