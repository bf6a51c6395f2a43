"""Where people live, what they suffer from, and points on the earth: addresses keep province, city and county."""

import re
from collections.abc import Iterator, Sequence

from sanxiang.law.redact_numbers import PRIVATE, Found, last
from sanxiang.law.redact_orgs import org_before

HOME = re.compile(
    r"(?:家庭住址|家庭地址|现住址|现住地址|户籍所在地|户籍地址|户籍地|户口所在地|户籍住址|经常居住地|现居住地|居住地址|居住地|暂住地址|暂住地|身份证地址|身份证住址|常住地址|常住地|家住址|籍贯|出生地|住址|住处|宿舍地址|家庭所在地)"
    r"(?:为|是|在|位于|系|:|：|\s)*|"
    r"(?:家住|现住|现居住在|现居住于|现居|居住在|居住于|租住在|租住于|租住|暂住在|暂住于|暂住|户籍在|户籍为|户籍是|户籍:|户籍：|户籍\s|落户于|落户在|[其我他她自]家在|[其我他她自]家位于|住在|住于)(?:于|在|:|：|\s)*|"
    r"(?:(?<=[，,；;。、：:（(\s])|^)住(?![所宅房建院户宿改持址进处])(?:在|于|:|：|\s)*"
)
"""Labels that only a person's home bears."""
ANY = re.compile(r"(?:住所地|住所|通讯地址|通信地址|联系地址|送达地址|邮寄地址|收件地址|收货地址|地址|住宅地址)(?:为|是|在|位于|系|确认为|:|：|\s)*")
"""Labels that a company's seat bears as well."""
STOP = re.compile(
    r"[，,。；;\n\r）)（(！？!?“”\"|]|(?:\s*(?:联系电话|电话|手机|身份证|公民身份|居民身份|统一社会|法定代表|负责人|经营者|邮编|邮政编码|职业|职务|民族|性别|出生|文化程度|工作单位|联系人|联系方式|微信|系|从事|经营|期间|因|与|于\d|时|"
    r"现因|一直|多年|至今|并|且|的|已经|已|将|被|未|，))"
)
PLACE = re.compile(
    r"[一-龥]{1,8}(?:省|市|县|区|旗|镇|乡|街道|村|庄|屯|寨|街|路|巷|弄|小区|社区|花园|胡同|大厦|公寓|组|苑|州|岛|沟|湾|坊|营|堡)|\d+(?:号|室|楼|栋|幢|单元)"
)
PROVINCE = r"(?:[一-龥]{2,3}省|内蒙古自治区|内蒙古|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区|(?:北京|上海|天津|重庆)市?|香港特别行政区|澳门特别行政区)"
CITY = r"(?:(?![省市县区旗镇乡村街路号栋楼])[一-龥]){2,8}(?:市|自治州|地区|盟)"
COUNTY = r"(?:市[中南北]区|城区|郊区|矿区|(?:(?![省市县区旗镇乡村街路号栋楼])[一-龥]){1,10}(?:自治县|自治旗|县|区|市|旗))"
NOT_COUNTY = re.compile(r"(?:小|社|园|校|厂|库|片|景|街|林|山|牧|老城|新城|居民|生活|家属|住宅|工业|别墅|商业|宿舍|安置|开发小)区$")
REGION = re.compile(rf"(?:中国)?({PROVINCE})?({CITY})?({COUNTY})?")
HOUSE = re.compile(
    r"(?P<place>(?:[一-龥]{2,8}(?:省|市|县|区|旗)){0,3}(?:[一-龥]{2,8}(?:镇|乡|街道))?[一-龥A-Za-z0-9]{2,24}?(?:\d+|[一二三四五六七八九十]+)(?:号楼|号院|栋|幢|单元|室|户|号)[A-Za-z0-9一二三四五六七八九十号楼单元室户层栋幢\-]{0,18})"
    r"(?=(?:的)?(?:其|该|当事人|本人|自己|他|她)?(?:的)?(?:家中|家里|家门口|住处|住宅(?![楼小区一-龥\d])|家(?=[，,。；;、]|$)|出租屋))"
)
FLAT = re.compile(
    r"(?P<place>(?:[一-龥]{2,8}(?:省|市|县|区|旗)){0,3}(?:[一-龥]{2,8}(?:镇|乡|街道))?[一-龥A-Za-z0-9]{2,20}?(?:小区|花园|家园|社区|公寓|宿舍|新村|佳苑|华府|苑|里|府|城|庄|村)[一-龥A-Za-z0-9]{0,8}?\d+(?:号楼|栋|幢|#楼|号)\d*(?:单元)?\d*(?:室|户|号)?)"
)
DEGREES = r"\d{1,3}(?:\.\d+)?\s*[°度º]\s*(?:\d{1,2}(?:\.\d+)?\s*[′'’分]\s*(?:\d{1,2}(?:\.\d+)?\s*[″\"”秒])?)?"
POINTS = (
    re.compile(rf"(?:(?:东经|西经|北纬|南纬|经度|纬度|(?<![A-Za-z])[EWNS])\s*(?:为|是|:|：)?\s*)(?:{DEGREES}|\d{{1,3}}\.\d{{4,}}\s*[°度º]?)(?:\s*[EWNSewns](?![A-Za-z]))?"),
    re.compile(rf"{DEGREES}\s*[EWNS东西南北]?(?:[，,、\s]+{DEGREES}\s*[EWNS东西南北]?)+"),
    re.compile(r"(?<![\d.])(?:7[3-9]|[89]\d|1[0-2]\d|13[0-5])\.\d{4,}\s*°?[Ee]?\s*[，,、;；\s]\s*(?:[3-9]|[1-4]\d|5[0-3])\.\d{4,}(?:\s*°?[Nn])?(?![\d])"),
    re.compile(r"(?<![\d.])(?:[3-9]|[1-4]\d|5[0-3])\.\d{4,}\s*°?[Nn]?\s*[，,、;；\s]\s*(?:7[3-9]|[89]\d|1[0-2]\d|13[0-5])\.\d{4,}(?:\s*°?[Ee])?(?![\d])"),
    re.compile(r"[XYxy]\d{0,2}\s*[=:：]\s*\d{6,8}(?:\.\d+)?(?:\s*[，,、;；\s]\s*[XYxy]\d{0,2}\s*[=:：]\s*\d{6,8}(?:\.\d+)?)?"),
)
HEALTH = (
    re.compile(r"(?:患有|身患|罹患|确诊为|诊断为|确诊患有|查出患有|患)(?P<what>[一-龥A-Za-z]{2,16}?(?:病|症|癌|炎|瘤|血压|障碍|残疾|艾滋|梅毒|结核|中风|偏瘫|瘫痪|骨折|综合征|感染|抑郁|痴呆|尿毒|血栓|脑梗|心梗)[一-龥]{0,4}?)(?=[，,。；;、）)\s和及并，]|需|长|已|正|的|在|不|无|$)"),
    re.compile(r"(?P<what>(?:肢体|精神|视力|听力|智力|言语|多重)(?:残疾)?[一二三四]级(?:残疾)?(?:人)?)"),
    re.compile(r"(?P<what>(?:HIV|艾滋病病毒|乙肝表面抗原|梅毒)(?:抗体)?(?:检测)?(?:呈)?阳性)"),
)
ANIMALS = re.compile(r"猪|牛|羊|鸡|鸭|鹅|禽|犬|狗|畜|鱼|虾|树|林木|苗|作物|动物")


def find_places(text: str, people: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Addresses of natural persons; `people` are the spans of their names, which tell whose address it is."""
    for match in HOME.finditer(text):
        yield from address(text, match.end(), "住址")
    for match in ANY.finditer(text):
        if owner_is_person(text, match.start(), people):
            yield from address(text, match.end(), "自然人的地址")
    for match in HOUSE.finditer(text):
        yield from cut(text, bare(text, *match.span("place")), match.end("place"), "住宅位置")
    for match in FLAT.finditer(text):
        if owner_is_person(text, match.start(), people) and not re.search(r"[店部司厂]", text[match.end():match.end() + 4]):
            yield from cut(text, bare(text, *match.span("place")), match.end("place"), "住宅位置")


def address(text: str, start: int, why: str) -> Iterator[Found]:
    """The address that starts at a place, up to punctuation or the next label."""
    stop = STOP.search(text, start)
    end = min(stop.start() if stop else len(text), start + 80)
    while stop and text[stop.start():stop.start() + 1] in "（(" and end - start > 3:
        closing = re.compile(r"[）)]").search(text, end)
        if not closing or not PLACE.search(text, end, closing.start()):
            break
        stop = STOP.search(text, closing.end())
        end = min(stop.start() if stop else len(text), closing.end() + 60)
    while end > start and text[end - 1] in " \t、":
        end -= 1
    if 2 <= end - start and PLACE.search(text, start, end):
        yield from cut(text, start, end, why)


def bare(text: str, start: int, end: int) -> int:
    """Where the place itself starts: labels and prepositions before it are not hidden."""
    lead = re.compile(r".*?(?:地址|住址|住所地?|位于|居住|租住|来到|前往|[在于至到是为住])(?=[一-龥]{2})")
    match = lead.match(text, start, min(end, start + 16))
    return match.end() if match else start


def cut(text: str, start: int, end: int, why: str) -> Iterator[Found]:
    """The address with its region down to the county kept; nothing where it says no more than that."""
    keep = region(text[start:end])
    rest = text[start + len(keep):end].strip("* 　")
    if rest and rest not in ("内", "境内", "附近", "辖区", "辖区内", "一带"):
        yield Found(start, end, "address", why, keep)


def region(place: str) -> str:
    """Province, city and county at the head of an address."""
    match = REGION.match(place)
    if not match:
        return ""
    keep = match[0]
    if match[3] and NOT_COUNTY.search(match[3]):
        keep = keep[:match.start(3)]
    return keep


def owner_is_person(text: str, at: int, people: Sequence[tuple[int, int]]) -> bool:
    """Whether the nearest subject named before a place is a natural person rather than a company or an agency."""
    person = max((end for _, end in people if at - 80 <= end <= at), default=-1)
    # “法定代表人：…” names a person, but the seat printed after a credit code is the company's.
    company = max(org_before(text, at), last(re.compile(r"统一社会信用代码|营业执照|字号|名称[:：]|经营场所"), text[max(0, at - 80):at]) + max(0, at - 80)
                  if re.search(r"统一社会信用代码|营业执照|字号|名称[:：]|经营场所", text[max(0, at - 80):at]) else -1)
    private = re.compile(r"身份证|公民身份|性别|[，,、]男|[，,、]女|出生")
    own = last(private, text[max(0, at - 80):at])
    return max(person, own + max(0, at - 80) if own >= 0 else -1) > company and max(person, own) >= 0


def find_points(text: str) -> Iterator[Found]:
    """Exact coordinates."""
    for shape in POINTS:
        for match in shape.finditer(text):
            yield Found(match.start(), len(match[0].rstrip()) + match.start(), "coordinates", "精确坐标")


def find_health(text: str) -> Iterator[Found]:
    """What a person suffers from; sick animals and trees are nobody's privacy."""
    for shape in HEALTH:
        for match in shape.finditer(text):
            around = text[max(0, match.start() - 8):match.end() + 6]
            if not ANIMALS.search(around):
                yield Found(*match.span("what"), "health", "健康状况")


__all__ = ["PRIVATE", "find_health", "find_places", "find_points", "region"]
