"""Whether a place named is where a person lives: what surrounds it and what it is made of, weighed together. The weights
(lists/dwelling.txt) are written by tools/train_names.py.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sanxiang.law.redaction.context import plain
from sanxiang.law.redaction.homes import find_homes
from sanxiang.law.redaction.homes import pattern as of_homes
from sanxiang.law.redaction.numbers import Found
from sanxiang.law.redaction.orgs import org_before, suffix
from sanxiang.law.redaction.places import cut, find_places
from sanxiang.law.redaction.places import pattern as of_places
from sanxiang.law.redaction.words import HAN, WORDS

WEIGHTS = WORDS / "dwelling.txt"
Spans = Sequence[tuple[int, int]]
KEEP, TAKE = -2.0, 1.2
"""A rule's finding is given up below the first; a place for which no rule speaks is taken from the second on."""
RUN = re.compile(rf"[{HAN}0-9A-Za-z\-－#·—]{{5,70}}")
DETAIL = re.compile(
    r"\d(?:号|室|栋|幢|单元|组|社|户|弄|院|楼|座|房|\-\d)|[一二三四五六七八九十](?:组|社|队|号|巷|屯)|"
    rf"(?:镇|乡|街道|苏木)[{HAN}]{{1,9}}(?:村|组|社区|嘎查|屯|庄|寨|路|街|巷|湾|沟|坪|队)"
)
TOKENS = re.compile(
    "室|单元|栋|幢|号楼|小区|花园|公寓|宿舍|家属|新村|村委会|居委会|村民小组|组|社|队|户|弄|巷|胡同|村|路|街|镇|乡|街道|店|厂|市场|广场|商铺|铺|门面|"
    "大厦|写字楼|园区|工业|产业|政府|政务|大厅|窗口|办公|中心|医院|学校|法院|所|局|站|公司|银行|仓库|车间|基地|地块|林地|路段|路口|桥|河|水库|码头|对面|附近|旁|"
    "门口|门前|东侧|西侧|南侧|北侧|境内|租|建|宅|房"
)
OFFICE = re.compile(
    "经营场所|经营地址|注册地址|注册地|营业场所|生产地址|办公地址|单位地址|字号|名称|公司|机关|本局|我局|大厅|窗口|办公室|地点|检查|现场"
)
PERSONAL = re.compile("身份证|公民|性别|[，,、]男|[，,、]女|出生|手机|你|您|本人|户籍|住|家")


@cache
def weights() -> dict[str, float]:
    """Each feature's weight."""
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ", 1) for line in lines if not line.startswith("# "))
    return {key: float(value) for value, key in rows}


def find_dwellings(text: str, people: Spans) -> Iterator[Found]:
    """Where people live."""
    known = weights()
    for one in candidates(text, people):
        lean = sum(known.get(key, 0.0) for key in features(text, one, people))
        if lean > (TAKE if one.why == LOOSE else KEEP):
            yield one


LOOSE = "依前后文判断的住址"


def candidates(text: str, people: Spans) -> list[Found]:
    """What the rules take for homes, and after these every other place described down to a house or a group of a village."""
    placed = list(find_places(text, people))
    spans = [(one.start, one.end) for one in placed]
    placed += [one for one in find_homes(text, people) if not meets(one.start, one.end, spans)]
    spans = [(one.start, one.end) for one in placed]
    for run in RUN.finditer(text):
        if not DETAIL.search(run[0]):
            continue
        start = max((last for _, last in people if run.start() <= last < run.end()), default=run.start())
        lead = of_homes("lead").match(text, start, run.end() - 3)
        start = lead.end() if lead else start
        stop = of_places("stop").search(text, start, run.end())
        end = stop.start() if stop else run.end()
        if end - start > 4 and DETAIL.search(text, start, end) and not meets(start, end, spans):
            placed += cut(text, start, end, LOOSE)
    return placed


def meets(start: int, end: int, spans: Spans) -> bool:
    """Whether a piece overlaps any of the spans."""
    return any(start < last and first < end for first, last in spans)


def features(text: str, one: Found, people: Spans) -> Iterator[str]:
    """What is seen of a place and around it."""
    start, end = one.start, one.end
    place = text[start + len(one.keep) : end]
    yield "bias"
    yield f"kept={min(len(one.keep), 1)}"
    yield f"size={min(len(place) // 4, 6)}"
    yield f"place={int(5 * start / max(1, len(text)))}"
    left, right = plain(text[max(0, start - 16) : start]), plain(text[end : end + 8]) + "$"
    yield from (f"l{n}={('^' + left)[-n:]}" for n in (1, 2, 3, 4))
    yield from (f"r{n}={right[:n]}" for n in (1, 2, 3))
    bare = left.rstrip(" :|'(¶系为是,")
    yield from (f"b{n}={bare[-n:]}" for n in (1, 2, 3, 4))
    yield f"m={left[len(bare) : len(bare) + 1] or '-'}"
    yield from (f"t={word}" for word in set(TOKENS.findall(place)))
    yield f"e1={plain(place)[-1:]}"
    yield f"e2={plain(place)[-2:]}"
    begin = (
        max(text.rfind("\n", 0, start), text.rfind("。", 0, start), text.rfind("；", 0, start), start - 90)
        + 1
    )
    head = text[begin:start]
    person = max((last for _, last in people if begin <= last <= start), default=-1)
    yield "person none" if person < 0 else f"person={min((start - person) // 8, 5)}"
    org = org_before(text, start)
    yield "org none" if org < begin else ("org nearer" if org > person else "org farther")
    yield from (f"h={word}" for word in set(OFFICE.findall(head + text[start : start + 5])))
    yield from (f"p={word}" for word in set(PERSONAL.findall(head)))
    if any(end <= first <= end + 3 for first, _ in people):
        yield "person behind"
    if (found := re.compile(rf"[{HAN}]{{0,8}}").match(text, end)) and suffix().search(found[0]):
        yield "org behind"
    if suffix().search(place):
        yield "org within"
    if of_places("company paper").search(text):
        yield "company paper"
    if not people:
        yield "nobody"
