"""Redaction: marked sentences with exact spans, and laws that hold for any text. All names and numbers are invented."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanxiang.law.identifiers import PROVINCES, id_check, org_check, uscc_check
from sanxiang.law.redact import (
    TYPES,
    Known,
    KnownError,
    Person,
    Profile,
    holds_protected,
    known_from,
    redact,
)

MARKED = Path(__file__).with_name("marked_sentences.txt")
LAWS = Path(__file__).resolve().parents[3] / "shared" / "laws"
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "real_decisions.jsonl"
SURNAMES = "张王李刘陈杨赵周吴徐孙胡朱郭何罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴钟汪姜范姚谭廖邹熊陆郝孔崔康邱秦"
GIVEN = "英华玉秀兰军丽志梅霞凤芳珍燕玲贵杰忠超洪祥胜亮淑慧琴佳萍辉勇涛莲琳鹏鑫鸿丹娟芝娜莉萱斌凯雅昊浩博轩然涵欣怡婷琪瑶颖璐倩睿哲曦岚"


def marked() -> list[tuple[str, list[str]]]:
    sentences = []
    for line in MARKED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentences.append((re.sub(r"[{}]", "", line), re.findall(r"\{([^}]*)\}", line)))
    return sentences


@pytest.mark.parametrize(("text", "hidden"), marked())
def test_exactly_the_marked_words_are_hidden(text: str, hidden: list[str]) -> None:
    assert [text[span.start : span.end] for span in redact(text).spans] == hidden


@pytest.mark.parametrize(("text", "hidden"), marked())
def test_spans_and_text_agree_and_a_second_pass_changes_nothing(text: str, hidden: list[str]) -> None:
    check_form(text)


def check_form(text: str) -> None:
    result = redact(text)
    at, rebuilt = 0, ""
    for span in result.spans:
        assert at <= span.start < span.end <= len(text) and span.type in TYPES and span.why
        rebuilt += text[at : span.start] + span.replacement
        at = span.end
    assert rebuilt + text[at:] == result.text
    assert redact(result.text).text == result.text


PIECES = st.sampled_from(
    [piece for text, _ in marked() for piece in re.split(r"(?<=[，。；、：])", text) if piece]
)


@given(st.lists(PIECES, max_size=6).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_clauses_keeps_form(text: str) -> None:
    check_form(text)


@given(
    st.text(st.sampled_from("张王李某1234567890Xx*-— \n，。：、（）()@.a当事人住县市区号电话·"), max_size=60)
)
@settings(max_examples=300, deadline=None)
def test_any_mixture_of_characters_keeps_form(text: str) -> None:
    check_form(text)


@st.composite
def names(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(SURNAMES)) + draw(st.text(st.sampled_from(GIVEN), min_size=1, max_size=2))


@pytest.mark.parametrize(
    "sentence",
    [
        "当事人：{}。",
        "法定代表人{}，男，汉族。",
        "证人：{}、{}。",
        "姓名：{}  性别：女",
        "经营者为{}。",
        "举报人（{}）。",
        "负责人:{}",
        "{}，女，35岁。",
    ],
)
@given(names(), names())
@settings(max_examples=60, deadline=None)
def test_a_labelled_name_never_stays(sentence: str, one: str, other: str) -> None:
    text = redact(sentence.format(one, other)).text
    assert one not in text and ("{}、{}" not in sentence or other not in text)


@st.composite
def idcards(draw: st.DrawFn) -> str:
    birth = draw(st.dates(date(1930, 1, 1), date(2020, 12, 31)))
    area = draw(st.sampled_from(sorted(PROVINCES))) + draw(
        st.text(st.sampled_from("0123456789"), min_size=4, max_size=4)
    )
    head = f"{area}{birth:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return head + id_check(head)


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


def test_an_identity_number_with_a_slip_may_be_a_valid_code_and_is_hidden() -> None:
    """638031196412293071 checks out as a unified code and fails as an identity number, but holds a birth date."""
    assert redact("（638031196412293071）").text != "（638031196412293071）"
    named = "统一社会信用代码638031196412293071"
    assert redact(named).text == named


@pytest.mark.parametrize(
    "write",
    [
        str,
        wide,
        str.lower,
        lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
        lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
        lambda n: " ".join(n),
        lambda n: n[:17] + ("0" if n[17] != "0" else "1"),
    ],
)
@given(idcards(), st.sampled_from(["身份证号码：{}，", "公民身份号码{}。", "（{}）", "持{}的当事人"]))
@settings(max_examples=40, deadline=None)
def test_identity_numbers_are_hidden_however_written(write: "type[str]", number: str, around: str) -> None:
    written = write(number)
    text = around.format(written)
    result = redact(text)
    assert [(text[s.start : s.end], s.type) for s in result.spans] == [(written, "idcard")]
    assert not re.search(r"[0-9０-９]", result.text)


@given(
    st.integers(3, 9),
    st.integers(0, 999_999_999),
    st.sampled_from(["{0}{1}{2}", "{0}-{1}-{2}", "{0} {1} {2}", "+86 {0}{1}{2}", "86-{0}{1}{2}"]),
)
@settings(deadline=None)
def test_mobile_numbers_are_hidden_however_written(second: int, rest: int, shape: str) -> None:
    digits = f"1{second}{rest:09}"
    for convert in (str, wide):
        number = shape.format(*(convert(part) for part in (digits[:3], digits[3:7], digits[7:])))
        assert redact(f"联系电话{number}。").text == "联系电话***。"


@st.composite
def usccs(draw: st.DrawFn) -> str:
    body = draw(
        st.text(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"), min_size=8, max_size=8).filter(
            lambda b: org_check(b) in "0123456789X"
        )
    )
    head = f"9{draw(st.sampled_from('123'))}370321{body}{org_check(body)}"
    return head + uscc_check(head)


@given(usccs())
@settings(deadline=None)
def test_valid_codes_of_organisations_stay(code: str) -> None:
    assert redact(f"统一社会信用代码：{code}。").spans == ()
    assert redact(f"该公司（{code}）").spans == ()


@given(
    st.integers(1949, 2035),
    st.integers(1, 9999),
    st.dates(date(1990, 1, 1), date(2035, 1, 1)),
    st.integers(1, 10**11),
    st.integers(1, 120),
)
@settings(deadline=None)
def test_decision_numbers_dates_sums_and_articles_stay(
    year: int, serial: int, day: date, cents: int, article: int
) -> None:
    text = (
        f"桓环罚字〔{year}〕{serial}号，{day}，{day.year}年{day.month}月{day.day}日，罚款{cents / 100:.2f}元，第{article}条第二款，"
        f"（{year}）鲁0321行审{serial}号，面积{cents}平方米"
    )
    assert redact(text).text == text


def test_people_with_one_surname_are_numbered_and_keep_their_number() -> None:
    text = "当事人张志川与证人张海川到场，张志川陈述在先，张海川签字在后，执法人员张远川在场。证人李慧川。"
    assert (
        redact(text).text
        == "当事人张某1与证人张某2到场，张某1陈述在先，张某2签字在后，执法人员张远川在场。证人李某。"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("当事人欧阳文川。", "当事人欧阳某。"),
        ("证人司马青。", "证人司马某。"),
        ("当事人艾力·买买提江。", "当事人艾某。"),
        ("当事人约翰·史密斯，男。", "当事人约某，男。"),
        ("委托代理人：Ivan Petrov（护照号E12345678）", "委托代理人：I某（护照号***）"),
        ("姓名：张 伟 ", "姓名：张某 "),
        ("现场遇见过路人员秦望舒，身份证号码110101199003070011。", "现场遇见过路人员秦某，身份证号码***。"),
        ("未成年人王小川、李小川。", "未成年人某某1、某某2。"),
        ("小学生王小川。", "小学生某某。"),
        ("现住山东省莱州市文峰路街道1号。", "现住山东省莱州市***。"),
        ("住址：莱州市驿道镇东周村217号", "住址：莱州市***"),
        ("住址：东周村217号", "住址：***"),
    ],
)
def test_what_stands_in_place_of_a_name_or_home(text: str, shown: str) -> None:
    assert redact(text).text == shown


def test_a_child_is_known_by_age_birth_or_number_everywhere_in_the_text() -> None:
    for said in ("，男，12岁", "（2015年6月1日出生）", "，身份证号370321201506011234", "，系未成年人"):
        text = f"王小川{said}。经查，王小川于2026年3月进入网吧，其父王大川在外务工。"
        shown = redact(text).text
        assert (
            "王小川" not in shown
            and shown.startswith("某某")
            and "经查，某某于" in shown
            and "其父王某" in shown
        )
    assert redact("王大川，男，1985年6月1日出生。2026年3月").text.startswith("王某，")


def test_known_people_and_numbers_are_matched_exactly() -> None:
    known = Known(
        people=(
            Person("云朵朵", "witness"),
            Person("白小川", "minor"),
            Person("郭远川", "officer"),
            Person("万 里", "party"),
        ),
        numbers=("SN-778899", "88 66 44 22"),
        agency_phones=("139-0000-1111",),
        agency_accounts=("6222 0000 1111 2222",),
        organisations=("云朵朵幼儿园",),
    )
    text = (
        "云朵朵幼儿园里，云 朵朵看见白小川，郭远川记录，万里在旁。"
        "编号SN778899，码88-664422，电13900001111，卡6222000011112222。"
    )
    assert redact(text, known).text == (
        "云朵朵幼儿园里，云某看见某某，郭远川记录，万某在旁。"
        "编号***，码***，电13900001111，卡6222000011112222。"
    )


def test_a_company_called_after_its_owner_stays() -> None:
    known = Known(people=(Person("王小川"),))
    assert redact("王小川小吃店的王小川", known).text == "王小川小吃店的王某"


def test_a_locality_may_hide_less() -> None:
    text = "当事人张志川，电话13812345678。"
    assert redact(text, profile=Profile(types=frozenset({"phone"}))).text == "当事人张志川，电话***。"
    known = Known(people=(Person("张志川", "party"),))
    assert (
        redact(text, known, Profile(keep_roles=frozenset({"officer", "kept"}))).text
        == "当事人张某，电话***。"
    )


def test_protected_numbers_are_valid_identity_and_mobile_numbers_only() -> None:
    good = "370321198503021" + "23"
    number = good + id_check(good)
    wrong = good + ("0" if number[17] != "0" else "1")
    text = f"甲{number}，乙{wrong}，丙13812345678，丁０５３３-8212345，戊138****5678，许可证SC13812345678。"
    assert [(text[s.start : s.end], s.type) for s in holds_protected(text)] == [
        (number, "idcard"),
        ("13812345678", "phone"),
    ]
    assert holds_protected("罚款13800000000元，B0004S264010021，〔2026〕12号") == []


def test_known_from_json() -> None:
    data = {
        "people": [{"name": "张志川", "role": "officer"}, "李慧川"],
        "numbers": [{"value": "123456"}, "654321"],
        "agency": {"phones": ["0533-1"], "accounts": ["99"]},
        "organisations": ["某某公司"],
    }
    known = known_from(json.loads(json.dumps(data)))
    assert known == Known(
        (Person("张志川", "officer"), Person("李慧川")),
        ("123456", "654321"),
        ("0533-1",),
        ("99",),
        ("某某公司",),
    )
    assert known_from(["李慧川"]).people == (Person("李慧川"),)
    for bad in (
        3,
        {"people": {}},
        {"people": [{"role": "x"}]},
        {"numbers": [[1]]},
        {"agency": []},
        {"people": [7]},
    ):
        with pytest.raises(KnownError):
            known_from(bad)


def test_long_and_odd_texts_take_no_undue_time() -> None:
    for text in (
        "1" * 30_000,
        "当事人" + "张" * 10_000,
        "市县区" * 5_000,
        "a" * 30_000,
        "1 " * 10_000,
        "（" * 10_000,
        "王强、" * 1_000,
    ):
        redact(text)
    assert redact("").text == ""


@pytest.mark.skipif(
    not LAWS.is_dir(), reason="the statute texts are not beside this checkout (../shared/laws)"
)
def test_statutes_name_nobody() -> None:
    wrong = [
        text[s.start : s.end]
        for file in sorted(LAWS.glob("*.md"))
        if (text := file.read_text(encoding="utf-8"))
        for s in redact(text).spans
    ]
    assert wrong == []


@pytest.mark.skipif(
    not REAL.is_file(), reason="the real decisions are not beside this checkout (../shared/data)"
)
def test_names_of_real_companies_stay_readable() -> None:
    rows = [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()][::8]
    wrong = []
    for party in {row["party"] for row in rows if row["party"]}:
        for text in (
            f"当事人{party}于2026年3月超期经营。",
            f"经查，{party}未按规定办理。",
            f"当事人：{party}，法定代表人：",
        ):
            wrong += [f"{text[s.start : s.end]} | {party}" for s in redact(text).spans]
    assert wrong == []


@pytest.mark.skipif(
    not REAL.is_file(), reason="the real decisions are not beside this checkout (../shared/data)"
)
def test_numbers_of_real_decisions_stay() -> None:
    rows = [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]
    fields = ("doc_no", "title", "party_code", "basis", "decision_date")
    wrong = [
        row[key]
        for row in rows[::3]
        for key in fields
        if any(s.type != "person" for s in redact(row[key] or "").spans)
    ]
    assert wrong == []
    assert not [row["id"] for row in rows if any(holds_protected(str(value)) for value in row.values())]
