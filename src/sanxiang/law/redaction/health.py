"""What a named person suffers from, and the school that a child goes to: told by words, and by the people near them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sanxiang.law.redaction.numbers import Found
from sanxiang.law.redaction.words import HAN, any_of

SURE = ("学生", "就读", "家长", "同学", "学籍")
MORE = re.compile("[、，,；;]?(?:及|和|伴|并|现)?")
"""Between two pieces that are one."""
NEAR = 120
"""How far before an ailment or a school the person may be named."""


OPERATION = (
    "(?:切除|切开|取出|置换|移植|修补|修复|成形|成型|搭桥|造瘘|引流|清创|缝合|吻合|内固定|复位|植入|剥脱|剔除|松解|融合|重建|穿刺|介入|消融|结扎|"
    "碎石|矫正|矫形|整形|剖宫产|剖腹|开颅|截骨|探查|减压|止血)(?:手术|术(?![语士科人水]))(?:后)?|(?:[一二三两多]次|第[一二三]次)手术|"
    "缝(?:合)?(?:了)?[0-9一二三四五六七八九十]{1,3}针"
)
"""Operations by what they do."""


@cache
def ailment() -> str:
    """The words that tell an ailment: those of the list, characters that mean one, a part of the body and a harm."""
    body = (
        "(?:[头额颈肩臂肘腕胸腹臀髋腿膝踝脚趾耳鼻唇牙舌喉肺肝肾脾胃肠胆脑颅肋椎肌腱腺乳宫胰]|手(?![续机动册段工推提拉持法艺里中])|"
        "指(?![定导标南示令使挥数认控派出向明纹证引责])|眼(?![镜下前科看])|足(?![额够以浴疗协球迹])|背(?![景书后靠负包])|"
        "面(?![积议向临粉料包条对层馆食谈子纸砖板])|腰(?!线)|皮(?![带革鞋卡包具])|骨(?![干料架灰粉])|心(?![理得中愿意])|血(?!液制|站)|(?<!轮)胎)"
    )
    harm = (
        "(?:伤|痛|裂(?:伤|创|口)?|折|断(?:裂|伤|离|离伤)?|脱(?:位|落|臼)?|穿孔|出血|梗|塞|栓|衰竭|障碍|异常|萎缩|受损|麻木|残|积液|结石|结节|息肉|"
        "增生|突出|磨牙|磨损|根管治疗|脱垂|擦伤|皮擦伤|齿痕|瘢痕|移植|支架|切除|术后|手术|置换|阴影|包块|"
        "水泡|水疱|起泡|流血|淤|瘀|挫|咬|灼|烫|烧|肿|坏死|失禁|不适|紊乱|减退|下降|低下|破裂|撕脱|缺损|"
        "脱落|缺如|残缺|松动|残端|钝挫|错位|粉碎|破损|破皮|青紫|红肿|酸痛|震荡|无力|变形|僵硬|不稳|停育|停搏|骤停|不齐|早衰|纤维化|钙化|积水|脓|肥大|肥厚|下垂)"
    )
    return (
        f"(?:{any_of('ailment')}|(?:乙型|丙型)?肝炎病毒(?:表面)?抗[原体](?:检测)?(?:呈)?阳性|孕(?:[0-9一二三四五六七八九十两]+个?多?(?:月|周)|早期|中期|晚期)|有孕在身|(?:左|右|双)[眼耳][0-9.]+|收缩压[0-9]+(?:mmHg)?|(?<=[系是为])孕妇|孕期|"
        f"(?:轻微|轻|重)伤(?:[一二]级)?|伤残[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]级|室上速|室性心动过速|(?:病(?![毒虫害院房历床理案例人畜死猪菌原情区种故])|症(?![状结候])|"
        f"炎(?![热黄夏帝陵])|癌|瘤|疹|癣|疡|痔|痹|痨|疮|瘫|疝|肿|癫|痫|疟|疸|哮|喘|咳嗽|发烧(?![烤友])|昏迷|聋|哑|跛)"
        f"|{OPERATION}|{body}(?:(?![为是在的了因将与至员组权业局])[{HAN}]){{0,6}}?{harm}(?![情害][者员案]?政))"
    )


FIXED = {
    "told": r"(?:患有|身患|罹患|确诊为|被?确诊|诊断为[:：]?|诊断系|诊断[:：]|查出|突发(?!严重|困难|事件|公共|环境|情况|"
    r"性)|病史[:：])(?!时|后|证明|书|"
    r"结论|标准|机构|结果)(?P<what>[^，,。；;）)\n（(“”《》]{2,18})",
    "joined": r"(?:[左右双]?[手足脚]?第[0-9一二三四五、和]*|[双两左右]侧?|"
    r"(?:(?![岁其日人市县镇村号元名年月])[一-龥]){1,6}、|[0-9一二三四五][、和])$",
    "place": "司法鉴定|鉴定组|医学鉴定|专科|康复|医院|卫生院|门诊(?!用药|治疗|就诊|随诊)|诊所|中心|科(?:主任|"
    "医)|研究|防治|检测|药|注射|胶囊|针剂|治疗仪|检查|检验|登记|证明",
    "care": r"(?:行|做了?|接受)?手术治疗|(?:拔|种|补)牙(?:后)?|根管治疗|"
    r"缝合(?:了)?[0-9一二三四五六七八九十]+针|长期(?:透析|服药|卧床)|坐轮椅|(?:在床|卧床)(?:不起)?|"
    r"[ⅠⅡⅢⅣ一二三四]级暴露|打了?破伤风(?:针)?|不能(?:行走|走路|下地|站立|劳动|说话)|现?仅有光感|植物状态|"
    r"(?:无|部分|大部分|完全)?生活(?:不能)?自理(?:障碍)?|洗胃|住院[^，。；]{0,4}控糖|重症医学科治疗|ICU|输液|接种(?:了)?狂犬疫苗(?:[0-9一二三四五]+针|[一二三四五]次)?(?:和免疫球蛋白)?|生活部分不能自理|矫形术|透析|化疗|放疗|遗留[^，。；;\n]{2,14}|意识丧失|呼吸困难|嗜睡|恶心|乏力|失去意识|住院治疗[0-9]+天",
    "claim": r"(?:宣称|宣传|标称|标注|标有|标示|声称|广告|印有|功效|主治|适用于|用于)[^“”。]{0,14}$",
    "pronoun": r"自述|自己|被鉴定人|老人|家属|确诊|诊断|病情|伤情|乘客|其|本人|当事人|我|他|她|你|您|父亲|"
    r"母亲|儿子|女儿|妻|丈夫|孩子|学生|患者|劳动者|职工|死因|伤者|"
    r"死者|[甲乙丙丁]|答[:：]|被征收人|人(?:因|患|称|系)",
    "listed": r"(?:受伤害?部位|职业病名称|疾病名称|病种|伤情|诊断|死因)[:：][ 　]*(?P<what>[^。；;\n|｜]{2,60})",
    "part": r"(?:病种|受伤害?部位[／/]?(?:职业病名称)?|伤害部位|受伤部位|伤情|病情|病史|既往史|疾病名称|残疾类别|死因|诊断|"
    r"健康状况)[:：为是]\s*(?P<what>[^，,。；;\n（）()\s]{2,24})",
    "treated": rf"(?:接受了?|施行|实施了?|做了?|行)(?P<what>(?!了)[{HAN}0-9]{{1,14}}?(?:手术|治疗))(?=[，,。；;、）)后]|$)",
    "degree": r"(?:伤残|残疾|残废|护理依赖|失能)(?:性质|等级|级别|程度)?(?:由|从|为|是|评为|"
    r"[:：])?[ 　]*(?P<what>(?:因公|因战|因病)?[一二三四五六七八九十]级"
    r"(?:[（(][^（）()\n]{2,16}[)）])?)(?:(?:变更|调整|改|提高|降低)[为至到](?P<new>[一二三四五六七八九十]级(?:[（(][^（）()\n]{2,16}[)）])?))?",
    "grade": r"(?:肢体|精神|视力|听力|智力|言语|多重)(?:残疾)?[一二三四]级(?:残疾)?",
}
"""Rules that need no list."""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled rules, made when first needed."""
    core = ailment()
    return re.compile(
        {
            "before": rf"[{HAN}0-9ⅠⅡⅢⅣ.%]{{0,16}}$",
            "ailment": rf"(?P<core>{core})(?P<tail>(?:{core}|(?:[、和及伴并]|合并|"
            rf"伴有)[{HAN}ⅠⅡⅢⅣ0-9]{{0,8}}?{core})*"
            r"(?:晚期|早期|中期|后遗症|史(?:隐瞒)?|卧床|多年|影|已?[0-9一二三四五六七八九十半]+(?:余|"
            r"多)?(?:个)?[年月日天周](?!\d)|[0-9.]+(?:厘米|毫米|cm)|(?:总)?面积?约?[0-9.]+%|[0-9.]+%|"
            r"[一二三四五六七八九十]级|[一二三四ⅠⅡⅢⅣ壹贰叁肆0-9]+期|加重|术后|史|[左右双][HAN]{0,4}?[臂手腿足脚指眼面耳肩膝踝胸背]部?|[0-9.]+)?"
            r"(?:住院(?:治疗)?)?(?:[（(][^（）()\n]{0,16}(?:度|级|%|cm|厘米|术|状态|期|型|症|伴|病|约|伤|缺损|受累|侧|部|叶|房|室)[^（）()\n]{0,10}[)）])?)".replace(
                "HAN", HAN
            ),
            # The rest of a short clause, up to what the person does or has done because of it.
            "more": rf"[{HAN}0-9.%ⅠⅡⅢⅣ]{{0,9}}?(?=[，,。；;、）)\n]|$|住院|治疗|就医|就诊|去世|死亡|病故|身亡|请假|"
            rf"休[养假息]|手术|需|急|无法|不能|不便|不宜|未|仍|一直|在[一-龥]|由|送|转|申请|要求|而|被|但|"
            rf"加重|离|已|经)",
            # Where the words of an ailment begin: behind these.
            "start": r".*(?:开展|擅自|医院|卫生院|诊所|门诊部|药房|中心(?!性)|鉴定|提出|自述|反映|所患|登记|"
            r"期间|造成|食用后|等人|[两二三四五]人|"
            r"[0-9]日|[0-9][时分]许?|时许|后出现|鉴定为|评定为|于|经|将|系(?!统)|患有|身患|罹患|确诊为?|诊断为|诊断结论[:：]|诊断|检查提示|检出|提示|出现|发生|导致|造成|"
            r"致使|使其|致|犯了|犯有|遭受|受|属于|属|因为|由于|因|其|本人|系(?!统)|为|是|有|曾|后(?!遗)|的|"
            r"被|了|称|时|且|你|您|他|她|我|已)",
            **FIXED,
        }[name]
    )


@cache
def school(name: str) -> re.Pattern[str]:
    """The rules for schools and what is said of pupils."""
    return re.compile(
        {
            "school": rf"(?P<own>[{HAN}〇]{{2,24}}?)(?:小学|中学|初中|高中|幼儿园|幼稚园|托儿所|托育园|附中|附小|"
            rf"[一二三四五六七八九十〇]中(?!学|心|队|院|国|毒|旬|午)|[一二三四五六七八九十]小(?!学|时|区|组|型|吃)|九年一贯制学校|"
            rf"学校|中心校|职高|中职|职业学院|职业教育中心|职教中心|技校|(?:学院|大学)(?![一-龥]{{0,3}}附))"
            r"(?:[一-龥]{0,4}(?:分校|校区|分园|校)(?!长|门|车|医|方|园|内|外|服))?"
            r"(?P<class>(?:[（(]?[初高]?[一二三四五六七八九1-9]+[）)]?年级|[初高][一二三123](?:年级)?|20\d\d级|学前|[大中小托](?=班|[一二三四五六七八九1-9]班))*"
            r"(?:[一-龥]{0,6}专业)?(?:[一-龥]{0,4}?[一二三四五六七八九十0-9]{0,4}[（(]?[0-9一二三四五六七八九十]{0,4}[）)]?班)?)",
            "class": r"(?:[初高][一二三]|[一二三四五六七八九]年级)[（(]?[0-9一二三四五六七八九十]{1,3}[）)]?班|"
            r"(?<!\d)[大中小][一二三四五六七八九1-9]?班(?=幼儿|小朋友|学生|家长|[）)])",
            "pupil": r"学生|就读|拟入读|入读|去|接送|童工|儿童|在校生|崽|娃|名单|同学|家长|上学|班主任|在校|学籍|读书|"
            r"念书|小孩|孩子|学员|考生|入学|转学|之子|之女|"
            r"儿子|女儿|未成年|监护|岁|孙",
            "lead": r".*(?:就读于|就读|毕业于|系|是|在|为|于|到|至|接|去|送|入读|往|[，,（(：:、；均该由与某从]|和(?![镇平乡县睦谐顺林]))",
        }[name]
    )


def near(text: str, at: int, people: Sequence[tuple[int, int]]) -> bool:
    """Whether a person is named shortly before a place."""
    return any(at - NEAR <= start < at for start, _ in people)


def find_health(text: str, people: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Ailments, injuries and states of health of people; sick animals and plants are nobody's privacy, nor is a statute's title."""
    spans = sorted(span for span in phrases(text, people) if not titled(text, span[0]))
    spans += [
        match.span()
        for match in pattern("care").finditer(text)
        if any(end <= match.start() < end + 30 and "。" not in text[end : match.start()] for _, end in spans)
    ]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and MORE.fullmatch(text, joined[-1][1], max(start, joined[-1][1])):
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    for start, end in joined:
        yield Found(start, end, "health", "健康状况")


def titled(text: str, at: int) -> bool:
    """Whether a place lies in a title or in what is claimed for a product."""
    if text.rfind("《", 0, at) > text.rfind("》", 0, at):
        return True
    opened = text.rfind("“", 0, at)
    return opened > text.rfind("”", 0, at) and bool(
        pattern("claim").search(text, max(0, opened - 30), opened)
    )


def phrases(text: str, people: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces that name an ailment; which of them touch is settled by the caller."""
    yield from told(text, people)
    masked = text
    for first, last in people:
        masked = masked[:first] + " " * (last - first) + masked[last:]
    done = 0
    for match in pattern("ailment").finditer(text):
        head = pattern("before").search(text, max(done, match.start() - 16), match.start())
        done = match.end()
        start = begin(text, head.start() if head else match.start(), match.start(), people)
        while (
            start < match.start("core") and text[start] in "0123456789.%" and text[start - 1] in "0123456789."
        ):
            start += 1
        if general(masked, start, match):
            continue
        while start and (more := pattern("joined").search(text[max(0, start - 8) : start])):
            start -= len(more[0])
        if concerns(text, start, people):
            more = pattern("more").match(text, match.end())
            yield start, more.end() if more else match.end()


def told(text: str, people: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces to which a label, a verb or a degree leads."""
    for match in pattern("grade").finditer(text):
        yield match.span()
    for match in pattern("degree").finditer(text):
        if concerns(text, match.start(), people) and not text.startswith(("以", "至"), match.end("what")):
            yield match.span("what")
            if match["new"]:
                yield match.span("new")
    for match in pattern("treated").finditer(text):
        if near(text, match.start(), people):
            yield match.span("what")
    for match in pattern("part").finditer(text):
        yield begin(text, match.start("what"), match.end("what") - 1, people), match.end("what")
    for match in pattern("listed").finditer(text):
        if people and re.compile(ailment()).search(match["what"]):
            said = re.match(rf"[{HAN}]{{2,16}}(?:医院|中心|卫生院)(?:诊断|确诊)?[为:：]?", match["what"])
            yield match.start("what") + (len(said[0]) if said else 0), match.end("what")
    for match in pattern("told").finditer(text):
        if concerns(text, match.start(), people):
            yield match.span("what")


def general(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the words speak of no person: a set phrase, an animal, a hospital or a cure."""
    if re.search("(?:抗原|抗体|核酸)(?:检测)?(?:呈)?阳性$|根管治疗$", text[start : match.end("core")]):
        return bool(re.compile(any_of("animal")).search(text[max(0, start - 8) : match.end()]))
    if re.search(r"\d[只头羽匹尾]", text[start : match.start("core")]):
        return True
    near_animal = re.compile(any_of("animal")).search(text[max(0, start - 4) : match.end() + 4])
    return bool(
        re.compile(any_of("no_ailment")).search(text[max(0, start - 4) : match.end() + 3])
        or (near_animal and not re.search("[咬抓扑撞]", text[max(0, start - 12) : match.end()]))
        or pattern("place").match(text[match.end() : match.end() + 4])
    )


def concerns(text: str, at: int, people: Sequence[tuple[int, int]]) -> bool:
    """Whether a place speaks of a person: one is named before it, or behind it in its sentence, or meant by a word."""
    if near(text, at, people):
        return True
    stop = re.compile(r"[。\n]").search(text, at)
    last = min(stop.start() if stop else len(text), at + 60)
    return bool(people) and (
        any(at <= start < last for start, _ in people)
        or bool(pattern("pronoun").search(text[max(0, at - 40) : at]))
    )


def begin(text: str, first: int, core: int, people: Sequence[tuple[int, int]]) -> int:
    """Where the words of an ailment begin: behind a name, or behind a word that leads to them."""
    name = max((end for _, end in people if end <= core), default=0)
    first = max(first, name)
    lead = pattern("start").match(text, first, core)
    start = lead.end() if lead else first
    dated = re.compile(r".*(?:(?:19|20)\d\d年)?\d{1,2}月(?:\d{1,2}日)?").match(text, start, core)
    start = dated.end() if dated else start
    led = re.search(r"(?:所?患有?|突发|车祸致|自述有|有)$", text[max(0, start - 4) : start])
    return max(start - len(led[0]), 0) if led else start


def find_schools(text: str, people: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Schools that tell where a pupil is to be found, and classes."""
    for match in school("class").finditer(text):
        if near(text, match.start(), people):
            yield Found(*match.span(), "school", "班级")
    for match in school("school").finditer(text):
        name = max((end for _, end in people if end <= match.end()), default=0)
        start = max(match.start(), name)
        lead = school("lead").match(text, start, match.end("own"))
        start = lead.end() if lead else start
        around = text[max(0, start - 24) : start] + text[match.end() : match.end() + 8]
        if titled(text, start):
            continue
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
