"""What a named person suffers from, and the school that a child goes to: told by words, and by the people near them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sanxiang.law.redaction.numbers import Found
from sanxiang.law.redaction.words import HAN, any_of

SURE = ("学生", "就读", "家长", "同学", "学籍")
NEAR = 120
"""How far before an ailment or a school the person may be named."""


@cache
def ailment() -> str:
    """The words that tell an ailment: those of the list, characters that mean one, a part of the body and a harm."""
    body = "[头面额颈肩臂肘腕手指胸背腰腹臀髋腿膝踝足脚趾眼耳鼻唇牙舌喉心肺肝肾脾胃肠胆脑颅骨肋椎肌腱皮血腺乳宫胰胎]"
    harm = (
        "(?:伤|痛|裂|折|断|脱|穿孔|出血|梗|塞|栓|衰竭|障碍|异常|萎缩|受损|麻木|残|积液|结石|结节|息肉|"
        "增生|突出|移植|支架|切除|术后|手术|置换|阴影|包块|"
        "水泡|水疱|起泡|流血|淤|瘀|挫|咬|灼|烫|烧|肿|坏死|失禁|不适|紊乱|减退|下降|低下|破裂|撕脱|缺损|"
        "缺如|变形|僵硬|不稳|停育|停搏|骤停|不齐|早衰|纤维化|钙化|积水|脓|肥大|肥厚|下垂)"
    )
    return (
        f"(?:{any_of('ailment')}|(?:病(?![毒虫害院房历床理案例人畜死猪菌原情区种故])|症(?![状结候])|"
        f"炎(?![热黄夏帝])|癌|瘤|疹|癣|疡|痔|痹|痨|疮|瘫|疝|肿|癫|痫|疟|疸|哮|喘|咳嗽|昏迷|聋|哑|跛)"
        f"|{body}[{HAN}]{{0,6}}?{harm})"
    )


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled rules, made when first needed."""
    core = ailment()
    return re.compile(
        {
            "ailment": rf"(?P<head>[{HAN}0-9ⅠⅡⅢⅣ.%]{{0,16}}?)(?P<core>{core})(?P<tail>(?:{core}|(?:[、和及伴并]|合并|"
            rf"伴有)[{HAN}ⅠⅡⅢⅣ0-9]{{0,8}}?{core})*"
            r"(?:晚期|早期|中期|后遗症|史(?:隐瞒)?|卧床|多年|影|已?[0-9一二三四五六七八九十半]+(?:余|"
            r"多)?(?:个)?[年月日天周](?!\d)|[0-9.]+(?:厘米|毫米|cm)|(?:总)?面积?约?[0-9.]+%|[0-9.]+%|"
            r"[一二三四]级|[0-9.]+)?)",
            "told": r"(?:患有|身患|罹患|确诊为|被?确诊|诊断为|诊断系|诊断[:：]|查出|突发|病史[:：])(?!时|后|证明|书|"
            r"结论|标准|机构|结果)(?P<what>[^，,。；;）)\n（(“”《》]{2,18})",
            # The rest of a short clause, up to what the person does or has done because of it.
            "more": rf"[{HAN}0-9.%ⅠⅡⅢⅣ]{{1,9}}?(?=[，,。；;、）)\n]|$|住院|治疗|就医|就诊|去世|死亡|病故|身亡|请假|"
            rf"休[养假息]|手术|需|急|无法|不能|不便|不宜|未|仍|一直|在[一-龥]|由|送|转|申请|要求|而|被|但|"
            rf"加重|离|已|经)",
            # Where the words of an ailment begin: behind these.
            "start": r".*(?:患有|身患|罹患|确诊为?|诊断为|诊断结论[:：]|诊断|检查提示|检出|提示|出现|发生|导致|造成|"
            r"致使|使其|致|犯了|犯有|遭受|受|属于|属|因为|由于|因|其|本人|系(?!统)|为|是|有|曾|后(?!遗)|的|"
            r"被|了|称|时|且|你|您|他|她|我|已)",
            "joined": r"(?:第[0-9一二三四五、和]*|[双两左右]侧?|[一-龥]{1,6}、|[0-9一二三四五][、和])$",
            "idiom": any_of("no_ailment"),
            "place": "医院|卫生院|门诊|诊所|中心|科(?:主任|医)|研究|防治|检测|药|注射|胶囊|针剂|治疗仪|检查|检验|登记|证明",
            "pronoun": r"其|本人|当事人|我|他|她|你|您|父亲|母亲|儿子|女儿|妻|丈夫|孩子|学生|患者|劳动者|职工|死因|伤者|"
            r"死者|[甲乙丙丁]|答[:：]|被征收人|人(?:因|患|称|系)",
            "part": r"(?:受伤害?部位|伤害部位|受伤部位|伤情|病情|病史|既往史|疾病名称|残疾类别|死因|诊断|"
            r"健康状况)[:：为是]\s*(?P<what>[^，,。；;\n（）()\s]{2,24})",
            "grade": r"(?:肢体|精神|视力|听力|智力|言语|多重)(?:残疾)?[一二三四]级(?:残疾)?",
            "animal": any_of("animal"),
        }[name]
    )


@cache
def school(name: str) -> re.Pattern[str]:
    """The rules for schools and what is said of pupils."""
    return re.compile(
        {
            "school": rf"(?P<own>[{HAN}〇]{{2,22}}?)(?:小学|中学|初中|高中|幼儿园|幼稚园|托儿所|附中|附小|"
            rf"[一二三四五六七八九十〇]中(?!学|心|队|院|国)|[一二三四五六七八九十]小(?!学|时|区|组|型|吃)|"
            rf"学校|职高|中职|职业学院|技校|学院|大学)"
            r"(?:[一-龥]{0,4}(?:分校|校区|"
            r"分园))?(?P<class>(?:[（(]?[初高]?[一二三四五六七八九123456789]+[）)]?年级|[初高][一二三]|"
            r"[大中小]班|"
            r"[一二三四五六][（(]?\d{0,2}[）)]?班)?(?:[（(]?[0-9一二三四五六七八九十]{1,2}[）)]?班)?)",
            "pupil": r"学生|就读|同学|家长|上学|班主任|在校|学籍|读书|念书|小孩|孩子|学员|考生|入学|转学|之子|之女|"
            r"儿子|女儿|未成年|监护|岁|孙",
            "lead": r".*(?:就读于|就读|毕业于|系|是|在|为|于|到|至|接|[，,（(：:、均该由与和某从])",
        }[name]
    )


def near(text: str, at: int, people: Sequence[tuple[int, int]]) -> bool:
    """Whether a person is named shortly before a place."""
    return any(at - NEAR <= start < at for start, _ in people)


def find_health(text: str, people: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Ailments, injuries and states of health of people; sick animals and plants are nobody's privacy."""
    for match in pattern("grade").finditer(text):
        yield Found(*match.span(), "health", "健康状况")
    for match in pattern("part").finditer(text):
        yield Found(*match.span("what"), "health", "健康状况")
    for match in pattern("told").finditer(text):
        if near(text, match.start(), people) or (
            people and pattern("pronoun").search(text[max(0, match.start() - 40) : match.start()])
        ):
            yield Found(*match.span("what"), "health", "健康状况")
    for match in pattern("ailment").finditer(text):
        start = begin(text, match.start(), match.start("core"), people)
        while (
            start < match.start("core") and text[start] in "0123456789.%" and text[start - 1] in "0123456789."
        ):
            start += 1
        around = text[max(0, start - 4) : match.end() + 4]
        behind = text[match.end() : match.end() + 4]
        if pattern("idiom").search(text[max(0, start - 4) : match.end() + 3]) or pattern("animal").search(
            around
        ):
            continue
        if pattern("place").match(behind):
            continue
        while start and (more := pattern("joined").search(text[max(0, start - 8) : start])):
            start -= len(more[0])
        before = text[max(0, start - 40) : start]
        if text.rfind("“", 0, start) > text.rfind("”", 0, start):
            continue
        if near(text, start, people) or (people and pattern("pronoun").search(before)):
            more = pattern("more").match(text, match.end())
            yield Found(start, more.end() if more else match.end(), "health", "健康状况")


def begin(text: str, first: int, core: int, people: Sequence[tuple[int, int]]) -> int:
    """Where the words of an ailment begin: behind a name, or behind a word that leads to them."""
    name = max((end for _, end in people if end <= core), default=0)
    first = max(first, name)
    lead = pattern("start").match(text, first, core)
    start = lead.end() if lead else first
    return start - 1 if text[start - 1 : start] == "患" else start


def find_schools(text: str, people: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Schools that tell where a pupil is to be found."""
    for match in school("school").finditer(text):
        name = max((end for _, end in people if end <= match.end()), default=0)
        start = max(match.start(), name)
        lead = school("lead").match(text, start, match.end("own"))
        start = lead.end() if lead else start
        around = text[max(0, start - 14) : start] + text[match.end() : match.end() + 6]
        word = school("pupil").search(around)
        pupil = bool(word) and (
            near(text, start, people) or (bool(people) and word is not None and word[0] in SURE)
        )
        tertiary = re.search("(?:大学|学院)$", text[start : match.end()])
        if (
            match.end("own") > start
            and match.end() - start >= 4
            and (match["class"] or (pupil and not tertiary))
        ):
            yield Found(start, match.end(), "school", "学校")
