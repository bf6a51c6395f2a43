"""Names weighed: every run that could be a surname and a given name, by what speaks for it and against it.

The weights are data (lists/weights.toml, written by tools/train_names.py); the reason of each finding names the strongest of them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp

from sanxiang.law.redaction import context
from sanxiang.law.redaction.foreign import foreign_names
from sanxiang.law.redaction.lexicon import lattice, lexicon, name_cost
from sanxiang.law.redaction.names import DOT, likelihood, surname_at, titled
from sanxiang.law.redaction.orgs import begins_company, begins_place, inside_org, suffix
from sanxiang.law.redaction.words import (
    AFTER_ONE,
    HAN,
    WORDS,
    after,
    any_of,
    ends_with,
    is_han,
    left_out,
    names,
    ordinary,
    uncommon,
    word_set,
)

IMPOSSIBLE = re.compile(
    ".家?[庄沟屯村营寨堡坡湾岭洼坪坝镇乡县市区]|.家[店河桥院]|.{1,2}[省市县区镇乡村旗州]|..[苑园府桶瓶桌药案罐箱袋盒膏款费秤器仪锅盆筐壶泵阀钳锯犬蟹虾蛇龟]|.[东西南北中环][路街]|.{1,2}[路街巷][东西南北]?|.{1,2}科"
)
WEIGHTS = WORDS / "weights.txt"
CLIP = 20.0
LANDFORM = frozenset("冲岭河窠湾坡塘沟岗坪坝山谷峪圩圳滩嘴垭坳垴溪沱屿礁洲岛桥渠库洼凹窑窝")
LIKELY = 0.15
"""From this chance on a candidate is taken for a person: one missed is worse than a word too many."""
HOPELESS = -9.0
"""What saves less is no name whatever stands around it."""
FUNCTION = frozenset("的了在是和与及或被把将向对从等某")
RUNS = re.compile(f"[{HAN}]+")
SUM = re.compile("第[一二三四五六七八九十百零]|[仟佰拾萬]|[壹贰叁肆伍陆柒捌玖][百千万元]")
LATIN = re.compile(
    r"(?<![A-Za-zÀ-ỹ])[A-ZĐ][a-zà-ỹ]*[à-ỹđ][a-zà-ỹ]*(?: [A-ZĐ][a-zà-ỹđ]*){1,4}|"
    r"(?<![A-Za-zÀ-ỹ])[A-ZĐ][a-zà-ỹđ]+(?: [A-ZĐ][a-zà-ỹđ]*){0,3} [A-ZĐÀ-Ỹ][a-zđà-ỹ]*[à-ỹ][a-z]*|"
    r"[А-ЯЁ]{2,20}(?: [А-ЯЁ]{2,20}){1,3}|(?<![A-Za-z])[A-Z][a-z'’-]*(?:[a-z][A-Z][a-z]+)?(?:[ .]{1,2}(?:da|de|"
    r"del|di|van|von|bin|al|[A-Z][A-Za-z'’-]*)){1,3}(?![A-Za-z])"
    r"|[А-ЯЁ][а-яё]+(?: [А-ЯЁ][а-яё]+){0,3}"
)
DOTTED = re.compile(f"(?P<first>[{HAN}]{{1,6}})[{DOT}](?:[{HAN}]{{1,8}}[{DOT}])*(?P<last>[{HAN}]{{1,7}})")
Raw = tuple[int, int, float, tuple[int, int], str]
"""Start, end, what it saves, the lengths of the words beside it, how it is written."""
TIME = re.compile(
    r"(?:\d[年月日时分]|上午|下午|中午|晚上|凌晨|当日|次日|同日|当天|当晚|左右|以来|经查|[时许前后间])$"
)
LEFT, RIGHT = 24, 72
"""How far the features look."""
CALLED = ("role", "kin", "minor", "officer")
MARKED = ("list", "comma", "stop", "colon", "open", "close", "quote", "line", "blank", "time")
PERSONAL = ("anchor", "kin", "title", "human", "role")
MARKS = {"、": "list", "，": "comma", ",": "comma", "。": "stop", "；": "stop", ";": "stop", "：": "colon", ":": "colon",
         "（": "open", "(": "open", "）": "close", ")": "close", "“": "quote", "”": "quote", "\n": "line", " ": "blank"}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A run that could be a name, and what is known of it."""

    start: int
    end: int
    name: str
    features: tuple[tuple[str, float], ...]

    @property
    def chance(self) -> float:
        """How probable it is that this is a person."""
        total = sum(weights().get(key, 0.0) * value for key, value in self.features)
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))

    @property
    def reason(self) -> str:
        """The two features that speak most for it."""
        best = sorted(self.features, key=lambda f: -weights().get(f[0], 0.0) * f[1])
        return "+".join(key for key, _ in best[:2])


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """What each feature counts."""
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ", 1) for line in lines if not line.startswith("# "))
    return {key: float(value) for value, key in rows}


@cache
def anchor() -> re.Pattern[str]:
    """What stands behind the name of a person only: a bracket or a comma and then what is said of people."""
    said = (
        r"男|女|系[^，。]{0,8}之|身份证|公民身份|证件|护照|港澳|台胞|手机|电话|微信|邮箱|联系电话|\d{11}(?!\d)|\d{15,17}[\dXx]|"
        r"住(?![所宅房建院户宿])|现年|\d{1,2}岁|[一-龥]{1,4}族[，,）)；]|另案|已故|真名|大名|俗名|绰号|小名|中文名|外号|"
        r"(?:19|20)\d{2}年\d{0,2}月?\d{0,2}日?(?:出)?生|法定代表人|项目经理|总经理|门卫|长子|次子|长女|母亲|父亲|监护人"
    )
    return re.compile(
        rf"[（(，,：:； ]{{1,2}}(?:{said})|\d{{17}}[\dXx]|1[3-9]\d{{9}}(?!\d)|[:：]\n?(?:你|您|经查|\d{{17}})"
    )


@cache
def kinship() -> re.Pattern[str]:
    """Kin, things or acts that belong to a person, directly behind the name."""
    return re.compile(
        f"之?(?:的|之|其)?{any_of('kin')}|{any_of('belongs')}|夫妇|家属|家(?=[，,。的])|户(?=[、，：房])"
    )


def candidates(text: str) -> list[Candidate]:
    """Every candidate of a text; those that can be no name whatever surrounds them are left out."""
    found = [one for run in RUNS.finditer(text) for one in of_run(text, run)]
    found += [(*span, 0.0, (0, 0), kind) for kind in ("dotted", "latin") for span in written(text, kind)]
    counts = Counter(text[start:end] for start, end, *_ in found)
    return [
        Candidate(
            start,
            end,
            text[start:end],
            (
                *told(
                    text[max(0, start - LEFT) : end + RIGHT],
                    min(start, LEFT),
                    end - start,
                    saved,
                    words,
                    kind,
                ),
                ("repeated", min(counts[text[start:end]] - 1, 3) / 3),
            ),
        )
        for start, end, saved, words, kind in found
    ]


def of_run(text: str, run: re.Match[str]) -> Iterator[Raw]:
    """The candidates of one run of Chinese characters, with what each saves of the reading as words."""
    costs = lattice(run[0], run.start())
    for start, end, gain in foreign_names(run[0], run.start()):
        if "某" not in text[start:end]:
            yield start, end, gain, (costs.word_before(start), costs.word_behind(end)), "foreign"
    for at in range(run.start(), run.end() - 1):
        length = surname_at(text, at) or int(text[at] in uncommon())
        if not length or titled(text, at, length):
            continue
        for surname in {length, 1 if text[at] in names().surnames else length}:
            for end in range(at + surname + 1, min(at + surname + 2, run.end()) + 1):
                gain = costs.saved(at, end) - name_cost(text[at:end], surname)
                if possible(text, at, end) and gain > HOPELESS and text[at + surname : end] not in FUNCTION:
                    yield at, end, gain, (costs.word_before(at), costs.word_behind(end)), "han"


def possible(text: str, start: int, end: int) -> bool:
    """Whether a run may be a name at all: no place, no word of the list, no end of a company, no sum."""
    name = text[start:end]
    if "某" in text[start : end + 1] or IMPOSSIBLE.fullmatch(name):
        return False
    if name in names().everyday or name in left_out():
        return False
    if len(name) > 2 and name in ordinary():
        return False
    return not corporate_end(text, start, end) and not SUM.search(text, start, end + 1)


def written(text: str, kind: str) -> Iterator[tuple[int, int]]:
    """Names that their writing betrays: with a dot, each possible beginning and end of it; in Latin letters."""
    if kind == "latin":
        yield from (match.span() for match in LATIN.finditer(text))
        return
    for match in DOTTED.finditer(text):
        first, last = match.end("first"), match.start("last")
        for start in range(match.start(), first):
            yield from ((start, end) for end in range(last + 1, match.end() + 1))


def corporate_end(text: str, start: int, end: int) -> bool:
    """Whether the last word of an organisation's name begins within a candidate."""
    return any(
        (found := suffix().match(text, at)) and len(found["strong"] or "") > 1 for at in range(start, end)
    )


@lru_cache(maxsize=16384)
def told(
    window: str, start: int, length: int, gain: float, words: tuple[int, int], kind: str
) -> tuple[tuple[str, float], ...]:
    """What a window of the text says of a candidate in it; the second reading meets most windows of the first again."""
    end = start + length
    around = context.around(context.plain(window), start, end)
    return (*features(window, start, end, gain, words, kind), *((key, 1.0) for key in around))


def features(
    text: str, start: int, end: int, gain: float, words: tuple[int, int], kind: str
) -> tuple[tuple[str, float], ...]:
    """What speaks for and against a candidate."""
    left, right = left_of(text, start), right_of(text, end)
    whole = not is_han(text[start - 1 : start] or " ") and not is_han(text[end : end + 1] or " ")
    if left == "nothing" and words[0] > 1:
        left = "word"
    if right == "nothing" and words[1] > 1:
        right = "word"
    found = [
        ("bias", 1.0),
        ("gain" if kind == "han" else "gain foreign", max(-CLIP, min(CLIP, gain)) / 10),
        (f"left:{left}", 1.0),
        (f"right:{right}", 1.0),
    ]
    called, marked = left.split()[0] in CALLED, left in MARKED
    flags = {
        "called, something": called and right not in ("nothing", "digit", "mark"),
        "called, anything": called,
        "marked, personal": marked and right in PERSONAL,
        "marked, marked": marked and right in MARKED,
        "line, colon": left == "line" and right in ("colon", "line", "anchor"),
        "three": called and end - start == 3,
        "place": begins_place(text, end),
        "place within": bool(IMPOSSIBLE.match(text, start)),
        "company": begins_company(text, start),
        "whole": whole,
        **(spelling(text[start:end], surname_at(text, start)) if kind == "han" else {kind: True}),
    }
    return (*found, *((key, 1.0) for key, value in flags.items() if value))


def spelling(name: str, surname: int) -> dict[str, bool]:
    """What the characters of a candidate say by themselves."""
    fit = likelihood(name[surname if len(name) > surname > 0 else 1 :])
    return {
        "landform": name[-1] in LANDFORM,
        "tail": name[-1] in AFTER_ONE,
        "two": len(name) == 2,
        "rare": surname == 1 and name[0] not in names().common,
        "uncommon": surname == 0,
        "compound": surname > 1 and len(name) > surname,
        "halved": surname > 1 and len(name) <= surname,
        "ambiguous": surname == 1 and name[0] in names().ambiguous,
        "word": name in lexicon() and lexicon()[name] < 13,
        "begins word": len(name) == 3 and name[:2] in lexicon() and lexicon()[name[:2]] < 12,
        "ends word": len(name) == 3 and name[1:] in lexicon() and lexicon()[name[1:]] < 11,
        "likely": fit == 1,
        "unlikely": fit is not None and fit < 0,
        "never": fit is None,
    }


def left_of(text: str, start: int) -> str:
    """What stands before a candidate."""
    if start == 0:
        return "line"
    char = text[start - 1]
    at = start
    while at and text[at - 1] in '：: 　“‘"系为是\n' and start - at < 3:
        at -= 1
    for kind in ("officer", "minor", "kin", "role"):
        if ends_with(text, at, kind) or ends_with(text, start, kind):
            return kind if at == start else f"{kind} mark"
    if not is_han(char):
        return MARKS.get(char, "digit" if char.isalnum() else "mark")
    word = ends_with(text, start, "takes")
    if word:
        return "takes" if len(word) > 1 else "takes one"
    if TIME.search(text[max(0, start - 6) : start]):
        return "time"
    return (
        "person word"
        if char in "人者员户贩师监工主长手匠商民生友客妇理管医护警僧女男"
        else "的"
        if char == "的"
        else "nothing"
    )


def right_of(text: str, end: int) -> str:
    """What stands behind a candidate."""
    if end >= len(text):
        return "line"
    if anchor().match(text, end):
        return "anchor"
    if not is_han(text[end]):
        return MARKS.get(text[end], "dot" if text[end] in DOT else "digit" if text[end].isalnum() else "mark")
    if kinship().match(text, end):
        return "kin"
    words, longest = word_set("title")
    if any(text[end : end + n] in words for n in range(2, longest + 1)):
        return "title"
    words, longest = word_set("role")
    if any(text[end : end + n] in words for n in range(2, longest + 1)):
        return "role"
    words, longest = word_set("human")
    if any(text[end : end + n] in words for n in range(2, longest + 1)):
        return "human"
    if text[end : end + 2] in after():
        return "after"
    return "after one" if text[end] in AFTER_ONE or text[end] in "等之户" else "nothing"


def find_scored(text: str, at_least: float = LIKELY) -> Iterator[Candidate]:
    """The candidates that are probably persons, none overlapping another."""
    chosen: list[Candidate] = []
    weighed = [(one.chance, one) for one in candidates(text)]
    for chance, one in sorted(weighed, key=lambda c: (-c[0], c[1].start)):
        if chance < at_least:
            break
        if all(one.end <= other.start or one.start >= other.end for other in chosen) and not inside_org(
            text, one.start, one.end
        ):
            chosen.append(one)
    yield from chosen
