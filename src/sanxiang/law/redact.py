"""What the public may not read is hidden, by rules that each say why; the default is the strictest.

Every natural person but the agency's enforcement officers; numbers and minors' names whole; homes down to the county.
Company names, credit codes, decision numbers, sums, dates, the agency's own accounts and telephones stay.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sanxiang.law.redaction.dwelling import find_dwellings
from sanxiang.law.redaction.health import find_health, find_schools
from sanxiang.law.redaction.labelled import find_numbers, protected, shaped
from sanxiang.law.redaction.mention import Mention
from sanxiang.law.redaction.numbers import Found, digits, is_code
from sanxiang.law.redaction.orgs import inside_org
from sanxiang.law.redaction.people import find_people
from sanxiang.law.redaction.places import find_ailments, find_points
from sanxiang.law.redaction.staff import line_start, staff_numbers
from sanxiang.law.redaction.words import is_han, names

HIDDEN = "***"
MINOR = "某某"
BLANKED = "\x01"
"""Neither letter nor digit nor blank, like what will stand there in the end."""
TYPES = frozenset(
    (
        "person",
        "idcard",
        "passport",
        "phone",
        "landline",
        "email",
        "wechat",
        "qq",
        "account",
        "bank",
        "address",
        "plate",
        "certificate",
        "health",
        "school",
        "coordinates",
        "number",
    )
)
MOST_READINGS = 4
SEAM = "。\n\n"
"""Between the parts of a publication: the end of a sentence and of a line, so that no rule reads across it."""

REGISTERED = "案件已登记的号码"
OWN_NUMBERS = (REGISTERED, "不动产权证号", "权属证书号")
"""What no officer has for a certificate."""
OFFICER = frozenset({"officer"})
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，：；！？（）"} | {
    0x3000: 0x20,
    0xA0: 0x20,
}


LANDLINE = re.compile(r"(?<![\dA-Za-z])[(（]?0\d{2,3}[)）]?[-－—– ]?\d{7,8}(?!\d)")
DESK = re.compile(
    "致电|拨打|异议|科室|承办|预约|大厅|窗口|经办|医调委|调解委员会|取车联系人|举报电话|(?<!被)监督(?!人签)"
)
SEAT = re.compile(
    "(?:科|股|管理站|所|局|办|中心|大厅|窗口)[（(：: ]{1,2}$|(?:本局|我局|中心)[（(][一-龥0-9]{2,20}号?[，,]$"
)
PROTECTED_NAMES = {
    "idcard": "身份证件号码",
    "phone": "手机号码",
    "bank": "银行账号",
    "passport": "护照、通行证号码",
    "email": "个人邮箱",
    "wechat": "微信号",
    "qq": "QQ号",
}
KNOWN_KEYS = ("people", "numbers", "agency", "organisations")
"""A list under any other name would hide nobody, and say nothing of it."""


class KnownError(ValueError):
    """The list of a case's own people and numbers cannot be used; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Person:
    """A person of the case. Roles that matter here: officer (stays), minor (hidden whole); all others keep the surname."""

    name: str
    role: str = "party"


@dataclass(frozen=True)
class Known:
    """What the case knows of itself, matched exactly: its people, their numbers, and the agency's own numbers and names."""

    people: tuple[Person, ...] = ()
    numbers: tuple[str, ...] = ()
    agency_phones: tuple[str, ...] = ()
    agency_accounts: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """What a locality hides. `keep_roles` are roles whose names stay; the strictest keeps officers alone."""

    types: frozenset[str] = TYPES
    keep_roles: frozenset[str] = OFFICER


STRICTEST = Profile()


@dataclass(frozen=True)
class Span:
    """A hidden piece: code-point offsets in the input, what it was, what stands there now, and the rule that hid it."""

    start: int
    end: int
    type: str
    replacement: str
    why: str = ""

    def as_data(self) -> dict[str, object]:
        """The JSON form of the contract."""
        return {"start": self.start, "end": self.end, "type": self.type, "replacement": self.replacement}


@dataclass(frozen=True)
class Redaction:
    """The text that may be published, and what was hidden."""

    text: str
    spans: tuple[Span, ...]

    def as_data(self) -> dict[str, object]:
        """The JSON form of the contract."""
        return {"text": self.text, "spans": [span.as_data() for span in self.spans]}


def redact(text: str, known: Known | None = None, profile: Profile = STRICTEST) -> Redaction:
    """Hide what the profile names. Redacting the result again changes nothing: what a second reading finds is hidden as well."""
    known = known or Known()
    spans = read_once(text, known, profile)
    for _ in range(MOST_READINGS):
        shown = put(text, spans)
        more = [
            one for one in read_once(shown, known, profile) if shown[one.start : one.end] != one.replacement
        ]
        if not more:
            break
        spans = merged(spans, more)
    return Redaction(put(text, spans), spans)


def merged(spans: tuple[Span, ...], more: list[Span]) -> tuple[Span, ...]:
    """The spans of a text with those that were found in the text with these already replaced."""
    shift, places = 0, []
    for one in spans:
        start = one.start + shift
        places.append((start, start + len(one.replacement), one))
        shift += len(one.replacement) - (one.end - one.start)
    added = [
        replace(one, start=original(one.start, places, False), end=original(one.end, places, True))
        for one in more
    ]
    left = [one for one in spans if not crosses(one.start, one.end, [(new.start, new.end) for new in added])]
    return tuple(sorted((*left, *added), key=lambda one: one.start))


def original(at: int, places: list[tuple[int, int, Span]], end: bool) -> int:
    """Where a place of the replaced text stood in the text itself; within a replacement, the edge of what it replaced."""
    shift = 0
    for start, stop, one in places:
        if at <= start and not (end and start < at):
            break
        if at < stop:
            return one.end if end else one.start
        shift = one.end - stop
    return at + shift


def read_once(text: str, known: Known, profile: Profile) -> tuple[Span, ...]:
    """What one reading of a text finds."""
    folded = fold(text)
    stays = staying(folded, known)
    mentions = [one for one in people_of(folded, known) if not crosses(one.start, one.end, stays)]
    hidden = [one for one in mentions if one.kind not in profile.keep_roles]
    around = [*stays, *offices(folded, hidden), *desks(folded, mentions, hidden)]
    chosen = settle(one for one in finds(folded, known, hidden, stays, around) if one.type in profile.types)
    shown = replacements(folded, hidden)
    return tuple(
        Span(
            one.start,
            one.end,
            one.type,
            shown.get(one.start, MINOR) if one.type == "person" else one.keep + HIDDEN,
            one.why,
        )
        for one in chosen
    )


def redact_parts(
    parts: Mapping[str, str], known: Known | None = None, profile: Profile = STRICTEST
) -> dict[str, Redaction]:
    """Hide in the parts of one publication what `redact` would hide in them as one text: a person has one name in all of them,
    and who is known for a child by one part is a child in the others. Offsets are those of each part.
    """
    whole = redact(SEAM.join(parts.values()), known, profile)
    found, begin = {}, 0
    for name, text in parts.items():
        end = begin + len(text)
        spans = tuple(
            replace(one, start=max(one.start, begin) - begin, end=min(one.end, end) - begin)
            for one in whole.spans
            if one.start < end and begin < one.end
        )
        found[name] = Redaction(put(fold(text), spans), spans)
        begin = end + len(SEAM)
    return found


def finds(
    text: str,
    known: Known,
    hidden: list[Mention],
    stays: list[tuple[int, int]],
    around: list[tuple[int, int]],
) -> list[Found]:
    """All that is to be hidden. Numbers are sought again with those found blanked out, because one may lean on another;
    so a second redaction finds nothing that the first has not.

    `stays` is what the case says is no secret; `around` also what rules take for an office's own, which no number of its people is.
    """
    people = [(one.start, one.end) for one in hidden]
    found = [Found(one.start, one.end, "person", one.why) for one in hidden]
    blank = text
    while True:
        seen = (
            *known_numbers(blank, known),
            *find_numbers(blank),
            *find_points(blank),
            *find_ailments(blank),
            *find_health(blank, people),
            *find_schools(blank, people),
            *find_dwellings(blank, people),
        )
        new = settle(
            one
            for one in seen
            if not crosses(one.start, one.end, stays if one.why in OWN_NUMBERS else around)
            and blank[one.start + len(one.keep) : one.end].strip(BLANKED)
        )
        if not new:
            return found
        found += new
        for one in new:
            start = one.start + len(one.keep)
            blank = blank[:start] + BLANKED * (one.end - start) + blank[one.end :]


def holds_protected(text: str) -> list[Span]:
    """The valid identity numbers and mobile numbers in a text, nothing else: what keeps an imported text from the public."""
    return [Span(one.start, one.end, one.type, HIDDEN, one.why) for one in settle(protected(fold(text)))]


def shaped_protected(text: str) -> list[Span]:
    """What is shaped like a number of a person: what keeps words that somebody types for everybody from the public.

    A slip in the check digit leaves seventeen right ones, so that digit is not asked; unified codes of organisations stay.
    """
    folded = fold(text)
    return [
        Span(one.start, one.end, one.type, HIDDEN, one.why)
        for one in settle(shaped(folded))
        if not (folded[one.start] == "9" and is_code(digits(folded[one.start : one.end])))
    ]


def told_protected(text: str) -> list[str]:
    """The same in words: the kind, how it begins and how long it is; never the value, for refusals are kept."""
    pieces = [
        (PROTECTED_NAMES[one.type], text[one.start : one.end].strip()) for one in shaped_protected(text)
    ]
    return list(dict.fromkeys(f"{name}（“{piece[:3]}”开头，{len(piece)} 个字符）" for name, piece in pieces))


def fold(text: str) -> str:
    """Full-width letters, digits and blanks as half-width ones, position by position."""
    return text.translate(FOLD)


def put(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans' replacements in place."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], span.replacement]
        at = span.end
    return "".join((*parts, text[at:]))


def settle(found: Iterable[Found]) -> list[Found]:
    """No two overlap: the earlier rule has its way with numbers, an address yields to the number behind it."""
    chosen: list[Found] = []
    order = {"number": 0, "idcard": 1, "bank": 2, "phone": 3, "coordinates": 5, "address": 7, "person": 8}
    for one in sorted(found, key=lambda f: (order.get(f.type, 4), f.start - f.end, f.start)):
        clear = one
        for other in chosen:
            if clear.start < other.end and other.start < clear.end:
                clear = Found(
                    clear.start,
                    min(clear.end, max(other.start, clear.start)),
                    clear.type,
                    clear.why,
                    clear.keep,
                )
        if clear.end > clear.start and (clear == one or clear.end - clear.start > len(clear.keep) + 1):
            chosen.append(clear)
    return sorted(chosen, key=lambda f: f.start)


def people_of(text: str, known: Known) -> list[Mention]:
    """The case's own people wherever they stand, then those that the rules find; officers of the case are no find."""
    own: list[Mention] = []
    kinds = {"officer": "officer", "minor": "minor"}
    for person in sorted(known.people, key=lambda p: -len(p.name)):
        name = re.sub(r"\s", "", fold(person.name))
        if len(name) < 2:
            continue
        for match in re.finditer(r"[ \t]*".join(map(re.escape, name)), text):
            if not crosses(*match.span(), [(one.start, one.end) for one in own]) and not inside_org(
                text, *match.span()
            ):
                own.append(Mention(*match.span(), kinds.get(person.role, "person"), "known:案件人员"))
    spans = [(one.start, one.end) for one in own]
    others = [one for one in find_people(text) if not crosses(one.start, one.end, spans)]
    return sorted((*own, *younger(text, others)), key=lambda one: one.start)


def younger(text: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions, with those persons marked as minors of whom the text says that they are under 18."""
    years = [
        int(year) for year in re.findall(r"(?<!\d)(20\d{2})年(?!\d{1,2}月(?:\d{1,2}日)?(?:出生|生))", text)
    ]
    now = max(years, default=2026)
    young = {text[one.start : one.end] for one in mentions if is_young(text[one.end : one.end + 48], now)}
    return [
        Mention(one.start, one.end, "minor", one.why)
        if text[one.start : one.end] in young and one.kind == "person"
        else one
        for one in mentions
    ]


def is_young(right: str, now: int) -> bool:
    """Whether the words directly behind a name say that the person is under 18."""
    right = re.split(r"[。；;\n]", right)[0]
    said = r"[，,（( \t、]*(?:(?:男|女)(?:性)?[，,、 ]*)?(?:[^，,。]{1,4}族[，,、 ]*)?"
    age = re.match(said + r"(?:现年|今年|年仅|时年|年龄)?[:： ]*(\d{1,2})(?:周)?岁", right)
    born = re.match(
        said + r"(?:出生(?:于|日期)?[:： ]*)?((?:19|20)\d{2})(?:年|[-.])\d{1,2}(?:月|[-.])", right
    )
    card = re.match(
        r"[^。]{0,30}?(?<!\d)\d{6}((?:19|20)\d{2})(?:0[1-9]|1[0-2])\d{2}\d{3}[0-9Xx](?!\d)", right
    )
    school = r"(?:系)?(?:未成年|在校[小中]学生|小学生|中学生|初中生|高中生|幼儿园|就读于[^，。]{0,12}(?:小学|中学|幼儿园))"
    plain = re.match(said + school, right)
    return bool(
        plain
        or (age and int(age[1]) < 18)
        or (born and now - int(born[1]) < 18)
        or (card and now - int(card[1]) < 18)
    )


def replacements(text: str, hidden: list[Mention]) -> dict[int, str]:
    """What stands for each mention: 张某, or 张某1 and 张某2 where several people share a first character."""
    order: dict[str, list[str]] = {}
    minors = {name_of(text, one) for one in hidden if one.kind == "minor"}
    for one in hidden:
        name = name_of(text, one)
        group = order.setdefault("" if name in minors else kept(name), [])
        if name not in group:
            group.append(name)
    shown = {}
    for one in hidden:
        name = name_of(text, one)
        head = "" if name in minors else kept(name)
        number = str(order[head].index(name) + 1) if len(order[head]) > 1 else ""
        shown[one.start] = (f"{head}某" if head else MINOR) + number
    return shown


def name_of(text: str, one: Mention) -> str:
    """The name without the blanks between its characters."""
    name = text[one.start : one.end]
    return re.sub(r"\s", "", name) if is_han(name[:1]) else name


def kept(name: str) -> str:
    """What a replacement shows of a name: the surname, or the first character of a name that has none."""
    if any(dot in name for dot in "·•‧・･∙") or not is_han(name[0]):
        return name[0]
    for length in (4, 2):
        if name[:length] in names().compound and len(name) > length:
            return name[:length]
    return name[0]


def known_numbers(text: str, known: Known) -> Iterable[Found]:
    """The case's own numbers, however blanks and hyphens are put between their characters."""
    for number in known.numbers:
        plain = re.sub(r"[\s\-]", "", fold(number))
        if len(plain) >= 4:
            shape = r"[\s\-]{0,2}".join(map(re.escape, plain))
            for match in re.finditer(rf"(?<![0-9A-Za-z]){shape}(?![0-9A-Za-z])", text, re.IGNORECASE):
                yield Found(*match.span(), "number", REGISTERED)


def offices(text: str, hidden: list[Mention]) -> list[tuple[int, int]]:
    """Where the agency's telephones, address and certificate numbers stand. Mobile and identity numbers never stay, nor what
    stands in a sentence behind a person who is hidden.
    """
    never = [(one.start, one.end) for one in protected(text)] + [(one.start, one.end) for one in hidden]
    return [
        (start, end)
        for start, end in staff_numbers(text)
        if not crosses(start, end, never)
        and not any(line_start(text, start) <= one.start < start for one in hidden)
    ]


def desks(text: str, mentions: list[Mention], hidden: list[Mention]) -> list[tuple[int, int]]:
    """Landlines that are no person's: an officer is named last before them, or words of an office lead to them."""
    found = []
    for match in LANDLINE.finditer(text):
        near = [one for one in mentions if match.start() - 160 < one.end <= match.start()]
        left = text[max(0, match.start() - 16) : match.start()]
        asked = (left.endswith("与") and text.startswith("联系", match.end())) or SEAT.search(left)
        if asked or (near and near[-1] not in hidden) or DESK.search(left):
            found.append(match.span())
    return found


def staying(text: str, known: Known) -> list[tuple[int, int]]:
    """Where the agency's own numbers and the names of the case's organisations stand: these stay."""
    values = (*known.agency_phones, *known.agency_accounts, *known.organisations)
    plain = [re.sub(r"[\s\-]", "", fold(value)) for value in values]
    shapes = (r"[\s\-]{0,2}".join(map(re.escape, value)) for value in plain if len(value) >= 3)
    return [match.span() for shape in shapes for match in re.finditer(shape, text)]


def crosses(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a piece overlaps any of the spans."""
    return any(start < last and first < end for first, last in spans)


def known_from(data: Any) -> Known:
    """A Known from JSON: {"people": [{"name", "role"}], "numbers": [...], "agency": {"phones": [], "accounts": []},
    "organisations": [...]}. Raises KnownError.
    """
    if isinstance(data, list):
        data = {"people": data}
    if not isinstance(data, Mapping):
        raise KnownError('应是一个 JSON 对象，如 {"people":[{"name":"张三","role":"party"}],"numbers":[]}')
    if strange := [str(key) for key in data if key not in KNOWN_KEYS]:
        raise KnownError(f"不认识 {'、'.join(strange)}，可用的是 {'、'.join(KNOWN_KEYS)}")
    people = []
    for item in as_list(data, "people"):
        person = item if isinstance(item, Mapping) else {"name": item}
        name, role = person.get("name"), person.get("role", "party")
        if not isinstance(name, str) or not isinstance(role, str):
            raise KnownError("people 的每一项应有文字的 name 和 role")
        people.append(Person(name, role))
    numbers = [item.get("value") if isinstance(item, Mapping) else item for item in as_list(data, "numbers")]
    agency = data.get("agency", {})
    lists = [numbers, as_list(agency, "phones"), as_list(agency, "accounts"), as_list(data, "organisations")]
    if not all(isinstance(item, str | int) for items in lists for item in items):
        raise KnownError("numbers、agency、organisations 的每一项应是文字")
    return Known(tuple(people), *(tuple(map(str, items)) for items in lists))


def as_list(data: Any, key: str) -> list[Any]:
    """The list under a key, empty where there is none; entries of people may be words or objects."""
    value = data.get(key, []) if isinstance(data, Mapping) else None
    if not isinstance(value, list) or not all(isinstance(item, str | int | Mapping) for item in value):
        raise KnownError(f"{key} 应是一个数组")
    return value
