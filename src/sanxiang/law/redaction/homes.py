"""Homes without a label: an address below the town that follows a person, or words for owning or living."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sanxiang.law.redaction.numbers import Found, last
from sanxiang.law.redaction.orgs import org_before
from sanxiang.law.redaction.places import cut, heads_firm
from sanxiang.law.redaction.words import HAN

ACTED = re.compile("(?<![家住落居置])(?:位于|在|于)$")
BUSY = re.compile(
    "人民政府|办公室|服务中心|办公楼|振兴办|占用|养殖|违法|储存|种植|协调|安排|擅自|打机井|销售|就诊|管理范围|编号|受理号|小班|账号|财政所|户名|公益性|委员会证明|病历|日前|某小区|看房"
)
"""A bare 在 leads to where something was done."""
OWN = re.compile("(?:的)?(?:家中|自家|家里|住处|住宅|住房|宿舍|家(?=[，。]))")


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled rules, made when first needed."""
    detail = r"(?:号|室|房(?!屋)|组|社|队|巷|弄|村|庄|屯|栋|幢|座|单元|\d-\d+|胡同|家属区|小区|花园|公寓)"
    return re.compile(
        {
            "whole": rf"(?P<place>[{HAN}]{{2,24}}?(?:街道|镇|乡|"
            rf"苏木) ?[{HAN}A-Za-z0-9\-－#·（）() ]{{0,28}}?{detail}[A-Za-z0-9\-－{HAN}]{{0,16}}?)"
            r"(?=[，,。；;、\s（()）：:]|的|院内|自家|家中|$)",
            "flat": rf"(?P<place>[{HAN}]{{2,20}}[A-Za-z0-9]{{0,4}}(?:号楼?|栋|幢|座|期|小区|花园|苑|府|园|城|里|"
            rf"区|家园|公寓|新村)\d{{1,4}}(?:[-－]\d{{1,4}}){{1,4}}(?:室|号|户)?)(?=[，,。；;、\s（()）]|的|$)",
            # A cell of a table beside an identity number; what somebody is a native of.
            "row": rf"(?:\d{{17}}[\dXx*]|\d{{6}}[\d*]{{8,12}}[\dXx])[ 　]*[|"
            rf"｜][ 　]*(?P<place>[{HAN}0-9A-Za-z\-]{{5,40}})(?=[ 　]*[|｜\n])".replace(
                "place>", "place>(?=[^|｜]*(?:村|组|号|室|镇|乡|街道))"
            ),
            "beside": rf"[（(](?P<place>[{HAN}]{{2,16}}[A-Za-z0-9]{{1,4}}(?:幢|栋|号楼|座|弄|号)"
            rf"[{HAN}A-Za-z0-9\-]{{0,14}}?(?:室|户|房|单元[0-9]+))(?=[，,、）)])",
            "same": r"(?<=住)(?:同|隔壁)(?:一)?(?:栋|楼|单元|村|院|小区)[一-龥]{0,6}\d{1,4}(?:房|室|号)?",
            "lead": r".*(?:家在|家住|家是|坐落于|座落于|坐落[:：]?|座落[:：]?|位于|寄至|邮寄至|寄往|送至|安置于|"
            r"安置在|迁至|搬至|登记的|地址为|地址是|地址[:：]?|房源[:：]?|住所[:：]?|住在|住于|租住|暂住|"
            r"居住|[在住于为]|上述)(?=[一-龥]{2})",
            "firm": r"登记住所|登记地址|你单位|经营场所|经营地址|注册地址|注册地|生产地址|办公地址|营业场所|"
            r"办学地址|地点|场所|厂址|店址|位置|"
            r"办公室|本局|本机关|我局|本院|机关",
            "person": r"[你您]|本人|权利人|被征收人|业主|房主|产权人|承租人|收件人|职工|家在|我",
            "public": r"政府|法院|派出所|局|所|银行|公司|厂|店|中心|大队|大厅|医院|学校|卫生院|工地|路段|桥|河|站|路口|附近水域",
        }[name]
    )


def find_homes(text: str, people: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Addresses of natural persons for which no label speaks."""
    for match in pattern("row").finditer(text):
        yield from cut(text, *match.span("place"), "表格中的住址")
    for match in pattern("same").finditer(text):
        yield Found(*match.span(), "address", "住宅位置")
    for _, end in people:
        if beside := pattern("beside").match(text, end):
            yield from cut(text, *beside.span("place"), "姓名后括号内的住址")
    for name in ("whole", "flat"):
        for match in pattern(name).finditer(text):
            start, end = match.span("place")
            inside = max((last for first, last in people if start < last <= end), default=start)
            lead = pattern("lead").match(text, inside, end - 3)
            start = lead.end() if lead else inside
            if text[start] in "（()）、" or (lead and ACTED.search(lead[0]) and not OWN.match(text, end)):
                continue
            if end - start < 4 or pattern("public").search(text[start : end + 3].replace("城关", "")[-6:]):
                continue
            if not BUSY.search(text, start, end) and owned(text, start, people):
                yield from cut(text, start, end, "自然人的住址")


def owned(text: str, at: int, people: Sequence[tuple[int, int]]) -> bool:
    """Whether the sentence, up to a place, speaks of a person later than of an organisation or of a business."""
    begin = max(text.rfind("\n", 0, at), text.rfind("。", 0, at), text.rfind("；", 0, at), at - 90) + 1
    head = text[begin:at]
    if pattern("firm").search(head[-8:]) or pattern("firm").match(text, at) or heads_firm(text, at, people):
        return False
    person = max((end for _, end in people if begin <= end <= at), default=-1)
    word = last(pattern("person"), head)
    person = max(person, begin + word if word >= 0 else -1)
    if person < 0 and re.search(r"(?:住所|住址|坐落|座落|房源)[:：于]?$", head):
        line = text[:at]
        person = max((end for _, end in people if end <= at), default=-1)
        return person > org_before(line, at, 200) or "房源" in head or "落" in head
    return person > max(org_before(text, at), -1) if person >= 0 else False
