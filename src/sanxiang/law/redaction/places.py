"""Where people live, what they suffer from, and points on the earth: addresses keep province, city and county."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sanxiang.law.redaction.lexicon import lexicon
from sanxiang.law.redaction.numbers import Found, last
from sanxiang.law.redaction.orgs import org_before
from sanxiang.law.redaction.words import any_of

PROVINCE = (
    "(?:[一-龥]{2,3}省|内蒙古自治区|内蒙古|广西壮族自治区|西藏自治区|广西|西藏|宁夏(?!回)|新疆(?!维)|宁夏回族自治区|新疆维吾尔自治区|"
    "(?:北京|上海|天津|重庆)市?|香港特别行政区|澳门特别行政区)"
)
CITY = "(?:[一-龥]{2,3}州(?=[一-龥]{1,8}(?:市|县))|(?:(?![省市县区旗镇乡村街路号栋楼])[一-龥]){2,8}(?:市(?!镇|乡|街道)|自治州|地区|盟))"
COUNTY = (
    "(?:市[中南北]区|(?:城区|郊区|矿区)(?!街道)|路[北南桥]区|让胡路区|"
    "(?:(?![省市县区旗镇乡村街路号栋楼])[一-龥]){1,10}(?:自治县|自治旗|县|区|市|旗)(?!镇|街道|乡(?!宁)))"
)
NUMBERED = re.compile("(?:[0-9]{1,5}|[一二三四五六七八九十]{1,5})(?:号楼|号院|栋|幢|单元|室|户|号)")
RUN = re.compile(r"[一-龥A-Za-z0-9#\-]{4,45}$")
FLAT = re.compile(r"\d{1,5}(?:号楼|栋|幢|#楼)\d{0,5}(?:单元)?\d{0,5}(?:室|户|号)?")
DEGREES = r"\d{1,3}(?:\.\d+)?\s*[°度º]\s*(?:\d{1,2}(?:\.\d+)?\s*[′'’分]\s*(?:\d{1,2}(?:\.\d+)?\s*[″\"”秒])?)?"
EAST = r"(?:7[3-9]|[89]\d|1[0-2]\d|13[0-5])\.\d{4,}"
NORTH = r"(?:[3-9]|[1-4]\d|5[0-3])\.\d{4,}"
AND = r"\s*[，,、;；\s]\s*"
PLANE = r"\d{0,2}\s*[=:：]\s*\d{6,8}(?:\.\d+)?"


DISTRICT = re.compile("[一-龥]{2,6}?(?:街道|镇|乡)")
"""What stands behind the name of a real district."""
OFFICE = re.compile("(?:本局|机关|我局|我委|本院|注册|办学|经营|生产|办公|单位|登记|[站院校厂店所])[（(]?$")
"""Before 地址: the address of an office or of a business."""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled rules, made when first needed."""
    is_at = r"(?:为|是|在|于|位于|系|确认为|登记为|登记在|登记|信息|栏|:|：|\||｜|“|\s)*"
    home_like = "[一-龥]{2,14}?(?:省|市|县|区|旗|镇|乡|街道|村|社区|小区|家园|花园|路|巷)|[0-9A-Za-z]{1,4}(?:栋|幢|号楼|单元|组|座)"
    return re.compile(
        {
            # Labels that only a person's home bears; 住 alone must not begin 住所, 住院, 住房.
            "home": f"{any_of('home', 'lives')}{is_at}|户籍(?=[一-龥]{{2,9}}(?:省|市|自治区|县))|户籍\\s+|"
            rf"(?:(?<=[，,；;。、：:（(\s])|^)住(?!建[局委部厅和]|[所宅房院户宿改持址进处]){is_at}|"
            rf"(?<![入房所安屋客堵困拦挡抓盖稳])住(?!建[局委部厅和]|[所宅房院户宿改持址进处])(?:在|于|址)?(?={home_like})|"
            rf"(?:[您你我他她]|其)家[（(]|(?:户口(?:登记)?|户籍(?:登记)?|身份证登记地址|落户)(?:在|于|地|为|[:：])|"
            rf"(?:邮寄|寄|送达|留置|投递)(?:至|到|往|于|给)(?=[一-龥]{{2,}}[^，。；\\n]{{0,30}}(?:[0-9组村社室号]))|"
            rf"(?:承租|租住|租赁)(?:的)?(?=[一-龥]{{2,}}[^，。；\\n]{{2,30}}(?:公租房|公共租赁|廉租|[0-9]+(?:室|号|房)))",
            "letters": r"(?:(?:寄至|寄往|发往)|(?:送达地点|送达地址|送达方式|通知送达|通知发往|通知书寄至|邮寄送达|"
            r"住址|住处|住房|住宅|暂住地|家庭地址|"
            r"承租房屋|房屋坐落|收件地址|居留地址|地址信息|地址由|送达[:：][一-龥]{2,4}，)(?:[（(]邮寄[)）]|"
            r"[）)])?[（(：:　 “]{1,3})(?!由|直接|邮寄|留置|公告|电子|已)(?=[一-龥]{2})",
            "company paper": r"(?:当事人|被处罚人|单位名称|名称|被检查单位)[^。\n]{0,6}[:：][^。\n]{0,30}(?:公司|厂|"
            r"合作社|中心|医院|店|馆|部|院|行)",
            "native": r"(?<=[，,])(?P<place>[一-龥]{2,9}(?:市|县|区)[一-龥0-9]{3,24}[号村组院室庄屯])人(?=[。，,；])",
            "letter head": "收件人|户名|身份证|收货人",
            "seat": f"{any_of('seat')}[）)]?{is_at}",
            "stop": rf"[，,。；;\n\r）)（(！？!?“”\"|]|\s*(?:{any_of('past')}|于\d)",
            "place": rf"[一-龥]{{1,8}}{any_of('place')}|\d+(?:号|室|楼|栋|幢|单元)",
            "region": f"(?:中国)?({PROVINCE})?({CITY})?({COUNTY})?",
            "no_county": f"{any_of('no_county')}区$",
            "at_home": "(?:的)?(?:其|该|当事人|本人|自己|他|她)?(?:的)?"
            "(?:家中|家里|家门口|住处|住宅(?![楼小区一-龥0-9])|出租屋|家(?=[，,。；;、]|$))",
            "estate": any_of("estate"),
            "lead": ".*?(?:地址|住址|住所地?|位于|居住|租住|来到|前往|[在于至到是为住])(?=[一-龥]{2})",
            "office head": r"(?:法定代表人|负责人|投资人|经营者|联系人|法人|股东|理事长|主任)(?:姓名)?[:：为是系（(]*$",
            "party": r"(?:申请人|当事人|被处罚人|消费者|投诉人|权利人|申领人)(?:的)?$",
            "office shown": r"(?:法定代表人|负责人|投资人|经营者|法人|股东|理事长)(?:姓名)?[:：为是系（( ]*[一-龥]{1,2}某\d?(?!.*某)",
            "personal": "身份证|公民身份|性别|[，,、]男|[，,、]女|出生",
            "firm": "统一社会信用代码|营业执照|字号|名称[:：]|经营场所",
            "animal": any_of("animal"),
        }[name]
    )


@cache
def points() -> tuple[re.Pattern[str], ...]:
    """Longitude and latitude in degrees or decimals, plane coordinates."""
    letter = r"(?:东经|西经|北纬|南纬|经度|纬度|(?<![A-Za-z])[EWNS])\s*(?:为|是|:|：)?\s*"
    point = rf"{letter}(?:{DEGREES}|\d{{1,3}}\.\d{{4,}}\s*[°度º]?)(?:\s*[EWNSewns](?![A-Za-z0-9]))?(?![线带])"
    return tuple(
        map(
            re.compile,
            (
                rf"{point}(?:{AND}{point})?",
                rf"{DEGREES}\s*[EWNS东西南北]?(?:[，,、\s]+{DEGREES}\s*[EWNS东西南北]?)+",
                rf"(?<![\d.]){EAST}\s*°?[Ee]?{AND}{NORTH}(?:\s*°?[Nn])?(?!\d)",
                rf"(?<![\d.]){NORTH}\s*°?[Nn]?{AND}{EAST}(?:\s*°?[Ee])?(?!\d)",
                rf"[XYxy]{PLANE}(?:{AND}[XYxy]{PLANE})?",
            ),
        )
    )


@cache
def ailments() -> tuple[re.Pattern[str], ...]:
    """What a person suffers from, a disability and its degree, a test that says so."""
    disease = f"[一-龥A-Za-z]{{1,16}}?{any_of('disease')}"
    return tuple(
        map(
            re.compile,
            (
                rf"(?:{any_of('suffers')}|患(?!有|者|病|难|处|得))(?P<what>{disease}(?:[、和及]{disease})*[一-龥]{{0,4}}?)"
                r"(?=[，,。；;、）)\s和及并]|需|长|已|正|的|在|不|无|申请|而|故|住院|治疗|去世|死亡|未|多年|于|后|多次|生活|$)",
                "(?P<what>(?:肢体|精神|视力|听力|智力|言语|多重)(?:残疾)?[一二三四]级(?:残疾)?(?:人)?)",
                "(?P<what>(?:HIV|艾滋病病毒|乙肝表面抗原|梅毒)(?:抗体)?(?:检测)?(?:呈)?阳性)",
            ),
        )
    )


def find_places(text: str, people: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Addresses of natural persons; `people` are the spans of their names, which tell whose address it is."""
    for match in pattern("home").finditer(text):
        yield from address(text, match.end(), "住址")
    for match in pattern("native").finditer(text):
        yield from cut(text, *match.span("place"), "籍贯住址")
    if people and not pattern("company paper").search(text):
        for match in pattern("letters").finditer(text):
            yield from address(text, match.end(), "送达或居住地址")
    for match in pattern("seat").finditer(text):
        if text.startswith("由", match.end()) or office_line(text, match.start()):
            continue
        if OFFICE.search(text, max(0, match.start() - 4), match.start()):
            continue
        if heads_firm(text, match.start(), people):
            continue
        if (
            owner_is_person(text, match.start(), people)
            or of_party(text, match, people)
            or receiver_follows(text, match.end(), people)
        ):
            yield from address(text, match.end(), "自然人的地址")
    for match in pattern("at_home").finditer(text):
        run = RUN.search(text, max(0, match.start() - 45), match.start())
        if run and NUMBERED.search(run[0]):
            yield from cut(text, bare(text, *run.span()), match.start(), "住宅位置")
    for match in FLAT.finditer(text):
        run = RUN.search(text, max(0, match.start() - 30), match.start())
        if (
            run
            and pattern("estate").search(run[0])
            and owner_is_person(text, match.start(), people)
            and not shop(text, match.end())
            and not re.search("工业|产业园|市场|商贸城|看房", run[0])
        ):
            yield from cut(text, bare(text, *run.span()), match.end(), "住宅位置")


def of_party(text: str, match: re.Match[str], people: Sequence[tuple[int, int]]) -> bool:
    """Whether the label says itself that it is the party's address, or stands alone in a line, in a paper that names no company
    as its party.
    """
    own = pattern("party").search(text[max(0, match.start() - 8) : match.start()])
    alone = (
        match[0][:2] in ("通讯", "通信", "收件", "邮寄")
        and text[max(0, match.start() - 1) : match.start()] == "\n"
    )
    return bool(people and (own or alone)) and not pattern("company paper").search(text)


def heads_firm(text: str, at: int, people: Sequence[tuple[int, int]]) -> bool:
    """Whether the person named last before a place is named as the head of a firm, whose address it then is."""
    last_start = max((start for start, end in people if end <= at), default=-1)
    if last_start < at - 120:
        # Read again, a person who is hidden already is none any more: 负责人次某.
        shown = pattern("office shown").search(text, max(0, at - 90), at)
        return shown is not None and "：" not in text[shown.end() : at].replace("证件号码：", "")
    head = pattern("office head").search(text, max(0, last_start - 14), last_start)
    if last_start < 0 or head is None:
        return False
    own = head[0].startswith(("经营者", "投资人")) and pattern("personal").search(text, last_start, at)
    return not own


def office_line(text: str, at: int) -> bool:
    """Whether a place in the closing part of a paper begins the agency's own address."""
    before = text[max(0, at - 40) : at]
    own = text.startswith("地址", at) and at > 0.6 * len(text) and not pattern("letter head").search(before)
    return own and not before.endswith(("通讯", "通信", "收件", "邮寄", "家庭", "联系", "送达"))


def shop(text: str, at: int) -> bool:
    """Whether the place turns out to be a business."""
    return bool(re.search(r"[店部司厂铺]", text[at : at + 4]))


def address(text: str, start: int, why: str) -> Iterator[Found]:
    """The address that starts at a place, up to punctuation or the next label."""
    if text[start : start + 1] in ("*", "\x01"):
        return
    lived = re.compile(r"[—\-址:： ]+|[一-龥]{2,4}(?:现|家|暂)?住(?=[一-龥]{2})").match(text, start)
    start = lived.end() if lived else start
    stop = pattern("stop").search(text, start)
    end = min(stop.start() if stop else len(text), start + 80)
    while stop and text[stop.start() : stop.start() + 1] in "（(" and end - start > 3:
        closing = re.compile(r"[）)]").search(text, end)
        if not closing or not pattern("place").search(text, end, closing.start()):
            break
        stop = pattern("stop").search(text, closing.end())
        end = min(stop.start() if stop else len(text), closing.end() + 60)
    while end > start and text[end - 1] in " \t、":
        end -= 1
    if end - start >= 2 and pattern("place").search(text, start, end):
        yield from cut(text, start, end, why)


def bare(text: str, start: int, end: int) -> int:
    """Where the place itself starts: labels and prepositions before it are not hidden."""
    match = pattern("lead").match(text, start, min(end, start + 16))
    return match.end() if match else start


def cut(text: str, start: int, end: int, why: str) -> Iterator[Found]:
    """The address with its region down to the county kept; nothing where it says no more than that."""
    keep = region(text[start:end])
    rest = text[start + len(keep) : end].strip("* 　\x01")
    if rest and rest not in ("内", "境内", "附近", "辖区", "辖区内", "一带"):
        yield Found(start, end, "address", why, keep)


def region(place: str) -> str:
    """Province, city and county at the head of an address."""
    match = pattern("region").match(place)
    if not match:
        return ""
    keep = match[0]
    if (
        match[3]
        and match[3] not in lexicon()
        and pattern("no_county").search(match[3])
        and not DISTRICT.match(place, match.end())
    ):
        keep = keep[: match.start(3)]
    return keep


def owner_is_person(text: str, at: int, people: Sequence[tuple[int, int]]) -> bool:
    """Whether the nearest subject named before a place is a natural person rather than a company or an agency."""
    start = max(0, at - 80)
    person = max((end for _, end in people if start <= end <= at), default=-1)
    traits = last(pattern("personal"), text[start:at])
    firm = last(pattern("firm"), text[start:at])
    company = max(org_before(text, at), firm + start if firm >= 0 else -1)
    return max(person, traits + start if traits >= 0 else -1) > company


def receiver_follows(text: str, at: int, people: Sequence[tuple[int, int]]) -> bool:
    """Whether the form names the person who receives letters right after the address."""
    label = re.compile("收件人|收货人|受送达人").search(text, at, at + 60)
    return label is not None and any(label.end() <= start <= label.end() + 3 for start, _ in people)


def find_points(text: str) -> Iterator[Found]:
    """Exact coordinates."""
    for shape in points():
        for match in shape.finditer(text):
            yield Found(match.start(), len(match[0].rstrip()) + match.start(), "coordinates", "精确坐标")


def find_ailments(text: str) -> Iterator[Found]:
    """What a person suffers from; sick animals and trees are nobody's privacy."""
    for shape in ailments():
        for match in shape.finditer(text):
            around = text[max(0, match.start() - 8) : match.end() + 6]
            if not pattern("animal").search(around):
                yield Found(*match.span("what"), "health", "健康状况")
