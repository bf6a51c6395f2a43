"""The field table of 双公示 (发改办财金〔2018〕424号, 2018 data standard): headings in order, lengths, and what a row must be to be taken.

A row is judged before it leaves: what the credit platform would refuse is listed with its reasons and stays here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import itemgetter

from sanxiang.cases.csv_lines import FORMULA
from sanxiang.exchange.decisions import DIGITS
from sanxiang.law.identifiers import identify
from sanxiang.law.redact import holds_protected

ORG, PERSON, TRADER = "法人及非法人组织", "自然人", "个体工商户"
CARDS = ("身份证", "护照号", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "外国人永久居留身份证")
ENDLESS = "2099-12-31"
"""What the standard writes where a decision has no last day."""
KINDS = (
    "警告", "通报批评", "罚款", "没收违法所得", "没收非法财物", "暂扣许可证件", "降低资质等级", "吊销许可证件", "限制开展生产经营活动",
    "责令停产停业", "责令关闭", "限制从业", "行政拘留",
)  # fmt: skip
LICENCE_KINDS = ("普通", "特许", "认可", "核准", "登记")


@dataclass(frozen=True)
class Field:
    """One column: its code, its heading, the most characters, whether every row must have it."""

    code: str
    label: str
    longest: int
    required: bool = False


PARTY = (
    Field("XDR_MC", "行政相对人名称", 200, True),
    Field("XDR_LB", "行政相对人类别", 16, True),
    Field("XDR_SHXYM", "行政相对人代码_1(统一社会信用代码)", 18),
    Field("XDR_GSZC", "行政相对人代码_2(工商注册号)", 50),
    Field("XDR_ZZJG", "行政相对人代码_3(组织机构代码)", 9),
    Field("XDR_SWDJ", "行政相对人代码_4(税务登记号)", 15),
    Field("XDR_SYDW", "行政相对人代码_5(事业单位证书号)", 12),
    Field("XDR_SHZZ", "行政相对人代码_6(社会组织登记证号)", 50),
    Field("FRDB", "法定代表人", 50),
    Field("FR_ZJLX", "法定代表人证件类型", 64),
    Field("FR_ZJHM", "法定代表人证件号码", 64),
    Field("XDR_ZJLX", "证件类型", 64),
    Field("XDR_ZJHM", "证件号码", 64),
)

PENALTY = (
    *PARTY,
    Field("WSH", "行政处罚决定书文号", 128, True),
    Field("WFXW", "违法行为类型", 2000, True),
    Field("SY", "违法事实", 5000, True),
    Field("YJ", "处罚依据", 2048, True),
    Field("CFLB", "处罚类别", 255, True),
    Field("NR", "处罚内容", 4000, True),
    Field("NR_FK", "罚款金额(万元)", 23),
    Field("NR_WFFF", "没收违法所得、没收非法财物的金额(万元)", 23),
    Field("NR_ZKDX", "暂扣或吊销证照名称及编号", 200),
    Field("JDRQ", "处罚决定日期", 10, True),
    Field("YXQ", "处罚有效期", 10, True),
    Field("GSJZQ", "公示截止期", 10),
    Field("CFJG", "处罚机关", 200, True),
    Field("CFJGDM", "处罚机关统一社会信用代码", 18, True),
    Field("SJLY", "数据来源单位", 200, True),
    Field("SJLYDM", "数据来源单位统一社会信用代码", 18, True),
    Field("BZ", "备注", 512),
)

PERMIT = (
    *PARTY,
    Field("XKWS", "行政许可决定文书名称", 64, True),
    Field("WSH", "行政许可决定文书号", 64, True),
    Field("XKLB", "许可类别", 256, True),
    Field("XKZS", "许可证书名称", 64),
    Field("XKBH", "许可编号", 64),
    Field("NR", "许可内容", 4000, True),
    Field("JDRQ", "许可决定日期", 10, True),
    Field("YXQZ", "有效期自", 10, True),
    Field("YXQZI", "有效期至", 10, True),
    Field("CFJG", "许可机关", 200, True),
    Field("CFJGDM", "许可机关统一社会信用代码", 18, True),
    Field("ZT", "当前状态", 1, True),
    Field("SJLY", "数据来源单位", 200, True),
    Field("SJLYDM", "数据来源单位统一社会信用代码", 18, True),
    Field("BZ", "备注", 512),
)
TABLES = {"creditchina-penalty": PENALTY, "creditchina-permit": PERMIT}
ACT_TYPES = {"creditchina-penalty": "penalty", "creditchina-permit": "licence"}
MAY_NAME_PEOPLE = (
    "XDR_MC", "FRDB", "FR_ZJHM", "XDR_ZJHM", "XDR_SHXYM", "CFJGDM", "SJLYDM", "XDR_GSZC", "XDR_SWDJ", "XDR_SYDW", "XDR_SHZZ", "NR_FK",
    "NR_WFFF", "BZ",
)  # fmt: skip
"""Columns in which the standard wants names and codes; everywhere else a number of a card is a leak."""


DAYS = {
    "JDRQ": "决定日期",
    "YXQ": "处罚有效期",
    "GSJZQ": "公示截止期",
    "YXQZ": "有效期自",
    "YXQZI": "有效期至",
}
BEGINNINGS = frozenset(FORMULA)


Line = Sequence[str]
"""The cells of a row in the order of the columns."""


class Shape:
    """What the columns of a table ask of the texts in them, made ready once, for all cells of many rows together."""

    def __init__(self, table: tuple[Field, ...]) -> None:
        self.table = table
        self.codes = [one.code for one in table]
        self.blank = [""] * len(table)
        self.dated = tuple(code for code in DAYS if code in self.codes)
        self.days = self.among(*self.dated)
        self.organs = self.among("CFJGDM", "SJLYDM")
        self.party = self.among(*WHO)

    def among(self, *codes: str) -> Callable[[Line], tuple[str, ...]]:
        """Picks the cells of these columns."""
        return itemgetter(*map(self.codes.index, codes))

    def cells(self, row: Mapping[str, str]) -> list[str]:
        """The row in the order of the columns."""
        return list(map(row.get, self.codes, self.blank))

    def fits(self, lines: Sequence[Line]) -> bool:
        """Is there surely nothing that `shapes` would name in these rows? Column by column, each value once, however often it stands."""
        for field, column in zip(self.table, zip(*lines, strict=True), strict=True):
            values = set(column)
            if (
                (field.required and "" in values)
                or max(map(len, values)) > field.longest
                or set(map(str.strip, values)) != values
                or not BEGINNINGS.isdisjoint([value[:1] for value in values])
                or (field.code not in MAY_NAME_PEOPLE and DIGITS.search("|".join(values)))
            ):
                return False
        return True


WHO = ("XDR_LB", "XDR_SHXYM", "FRDB", "XDR_ZJLX", "XDR_ZJHM")
LICENCE = ("XKLB", "ZT")
OF_PENALTY, OF_PERMIT = Shape(PENALTY), Shape(PERMIT)
KINDS_AND_SUMS = OF_PENALTY.among("CFLB", "NR_FK", "NR_WFFF", "NR_ZKDX")
KIND_AND_STATE = OF_PERMIT.among(*LICENCE)


@lru_cache(maxsize=65_536)
def code_fault(code: str, today: date) -> str:
    """What is wrong with a unified code. Organs and firms come again and again; numbers of persons are not kept here."""
    return identify("uscc", code, today).reason


def shape_of(table: tuple[Field, ...]) -> Shape:
    """What the table asks of its texts."""
    return OF_PENALTY if table is PENALTY else OF_PERMIT


def faults(table: tuple[Field, ...], row: Mapping[str, str], today: date) -> list[str]:
    """Everything for which the platform would refuse the row, in Chinese; empty for one that may leave."""
    return [*shapes(table, row), *beyond(shape_of(table), [shape_of(table).cells(row)], today)]


def clean(table: tuple[Field, ...], lines: Sequence[Line], today: date) -> bool:
    """Is there surely nothing in these rows for which the platform would refuse one? Most are done with here, by the thousand."""
    shape = shape_of(table)
    return shape.fits(lines) and next(beyond(shape, lines, today), None) is None


def beyond(shape: Shape, lines: Sequence[Line], today: date) -> Iterator[str]:
    """What is wrong with what cells of these rows say together: each combination is asked once."""
    for who in dict.fromkeys(map(shape.party, lines)):
        yield from of_party(dict(zip(WHO, who, strict=True)), today)
    for days in dict.fromkeys(map(shape.days, lines)):
        yield from of_days(today, shape.dated, *days)
    for organs in dict.fromkeys(map(shape.organs, lines)):
        yield from of_codes(today, *organs)
    if shape is OF_PERMIT:
        for told in dict.fromkeys(map(KIND_AND_STATE, lines)):
            yield from of_permit(dict(zip(LICENCE, told, strict=True)))
        return
    for decided in dict.fromkeys(map(KINDS_AND_SUMS, lines)):
        yield from of_penalty(*decided)


def shapes(table: tuple[Field, ...], row: Mapping[str, str]) -> Iterator[str]:
    """What is missing, too long, has blanks around it, would be run by a spreadsheet, or tells a card's number."""
    for field in table:
        value = row.get(field.code, "")
        if not value:
            if field.required:
                yield f"“{field.label}”没有内容"
            continue
        if len(value) > field.longest:
            yield f"“{field.label}”有 {len(value)} 个字，最多 {field.longest} 个"
        if value != value.strip():
            yield f"“{field.label}”前后有空格"
        if value.startswith(FORMULA):
            yield f"“{field.label}”以“{value[0]}”开头，表格软件会当作公式"
        if field.code not in MAY_NAME_PEOPLE and DIGITS.search(value) and holds_protected(value):
            yield f"“{field.label}”里有证件号码或者电话号码"


def of_party(row: Mapping[str, str], today: date) -> Iterator[str]:
    """Who it is, and the codes that such a party has."""
    kind, code = row.get("XDR_LB", ""), row.get("XDR_SHXYM", "")
    if kind and kind not in (ORG, PERSON, TRADER):
        yield f"“行政相对人类别”应为{ORG}、{PERSON}或者{TRADER}，现在是“{kind}”"
    if kind == ORG and not code:
        yield f"{ORG}没有统一社会信用代码"
    if code and kind == PERSON:
        yield f"{PERSON}不填统一社会信用代码"
    elif code and (reason := code_fault(code, today)):
        yield f"统一社会信用代码“{code}”：{reason}"
    if kind in (ORG, TRADER) and not row.get("FRDB"):
        yield f"{kind}没有法定代表人（经营者）"
    if kind == PERSON:
        yield from of_card(row.get("XDR_ZJLX", ""), row.get("XDR_ZJHM", ""), today)


def of_card(kind: str, number: str, today: date) -> Iterator[str]:
    """A person's document; the number itself is never repeated in a reason."""
    if kind not in CARDS:
        yield f"{PERSON}的证件类型应为{'、'.join(CARDS)}之一"
    if not number:
        yield f"{PERSON}没有证件号码"
    elif kind == CARDS[0] and not identify("idcard", number, today).valid:
        yield "身份证号码没有通过校验"


def remembered(rule: Callable[..., Iterator[str]]) -> Callable[..., tuple[str, ...]]:
    """A rule over a few cells that come again and again in the rows of a file, worked out once for each that differ."""
    return lru_cache(maxsize=16_384)(lambda *cells: tuple(rule(*cells)))


@remembered
def of_days(today: date, codes: tuple[str, ...], *texts: str) -> Iterator[str]:
    """Days that are days, in their order, and no decision of tomorrow."""
    days: dict[str, date] = {}
    for code, value in zip(codes, texts, strict=True):
        if value:
            try:
                days[code] = date.fromisoformat(value) if len(value) == 10 else date.fromisoformat("")
            except ValueError:
                yield f"“{DAYS[code]}”写的“{value[:20]}”不是 2026-11-21 样式的日期"
    decided = days.get("JDRQ")
    if decided and decided > today:
        yield f"决定日期 {decided} 晚于今天"
    for first, last in (("JDRQ", "YXQ"), ("JDRQ", "GSJZQ"), ("YXQZ", "YXQZI")):
        if first in days and last in days and days[last] < days[first]:
            yield f"{DAYS[last]} {days[last]} 早于{DAYS[first]} {days[first]}"


@remembered
def of_codes(today: date, organ: str, source: str) -> Iterator[str]:
    """The organ's own code begins with 11 and passes its check; so does the source's."""
    if organ and not organ.startswith("11"):
        yield f"作出机关的统一社会信用代码“{organ}”不是机关的代码（应以 11 开头）"
    for code in dict.fromkeys(value for value in (organ, source) if value):
        if reason := code_fault(code, today):
            yield f"机关代码“{code}”：{reason}"


@remembered
def of_penalty(kind: str, fine: str, taken: str, document: str) -> Iterator[str]:
    """Kinds that there are, and for each the sum or the document that it needs."""
    kinds = [one for one in kind.split("；") if one]
    strange = [one for one in kinds if one not in KINDS and not one.startswith("其他-")]
    if strange:
        yield f"“处罚类别”没有“{'、'.join(strange)}”这一种"
    yield from of_sum("罚款金额", fine, "罚款" in kinds, "处罚类别有罚款")
    yield from of_sum("没收金额", taken, any(one.startswith("没收") for one in kinds), "处罚类别有没收")
    if {"暂扣许可证件", "吊销许可证件"} & set(kinds) and not document:
        yield "暂扣、吊销许可证件的，没有写证照名称和编号"


def of_sum(label: str, value: str, needed: bool, why: str) -> Iterator[str]:
    """An amount in 万元, above nothing, with six decimals at most."""
    if not value:
        if needed:
            yield f"{why}，没有写{label}"
        return
    try:
        amount = Decimal(value)
    except InvalidOperation:
        yield f"{label}“{value[:20]}”不是数"
        return
    exponent = amount.as_tuple().exponent
    if (
        not amount.is_finite()
        or amount <= 0
        or amount >= 10**16
        or not isinstance(exponent, int)
        or exponent < -6
    ):
        yield f"{label}“{value[:30]}”应为大于 0 的数，以万元为单位，最多六位小数"


def of_permit(row: Mapping[str, str]) -> Iterator[str]:
    """A kind of licence and a state that there are."""
    kind = row.get("XKLB", "")
    if kind and kind not in LICENCE_KINDS and not kind.startswith("其他"):
        yield f"“许可类别”没有“{kind}”这一种"
    if row.get("ZT", "") not in ("1", "2"):
        yield "“当前状态”应为 1（有效）或者 2（无效）"
