"""The meaning of a search, without a database: folding to the letter of the contract, terms, grams, and what is marked on the page."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.cases.search.folding import (
    TooMuch,
    fold,
    grams,
    matches,
    needed,
    number_forms,
    number_key,
    rewritings,
    spots,
    terms,
)

ALPHABET = "水水务罚字〔〕【】（）()[]［］﹝﹞《》“”、。 \u3000\t0123２０abAB Ａｂßﬁ㎡①éＥ\u0301ı𠮷〇"
TEXT = st.text(ALPHABET, max_size=30) | st.text(max_size=12)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("〔2015〕", "(2015)"),
        ("【a】［b］﹝c﹞（d）[e](f)", "(a)(b)(c)(d)(e)(f)"),
        ("《水法》", "《水法》"),
        ("“名”、‘号’。；：", "“名”、‘号’。;:"),
        ("ＡＢＣ１２３", "abc123"),
        ("STRASSE Straße", "strassestrasse"),
        (" 罚\u3000款 \t\n元\u00a0", "罚款元"),
        ("㎡①ﬁ", "m21fi"),
        ("{x}<y>〈z〉「w」", "{x}<y>〈z〉「w」"),
        ("", ""),
    ],
)
def test_folding_is_what_the_contract_says(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("question", "fields", "found"),
    [
        ("水罚字【2015】4号", ["云水罚字〔2015〕4号"], True),
        ("水务 罚款", ["云溪县水务局", "罚款三千元"], True),
        ("水务罚款", ["云溪县水务", "罚款三千元"], False),
        ("罚 款", ["罚 款 叁仟元"], True),
        ("罚款", ["罚 款 叁仟元"], True),
        ("1440", ["91440512MA4UTWRT6M"], True),
        ("ma4u", ["91440512MA4UTWRT6M"], True),
        ("《水法》", ["中华人民共和国水法"], False),
        ("采　砂", ["采了一点砂"], True),
        ("", ["任何一条"], True),
        ("  \u3000 ", [""], True),
    ],
)
def test_a_question_means_each_of_its_terms_inside_one_field(
    question: str, fields: list[str], found: bool
) -> None:
    assert matches(question, fields) is found


@given(TEXT, st.data())
def test_every_part_of_a_text_has_its_grams_in_the_index(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    begin = data.draw(st.integers(0, max(len(folded) - 1, 0)))
    term = folded[begin : data.draw(st.integers(begin + 1, len(folded) + 1))]
    if term:
        assert set(needed(term)) <= grams([folded])


@given(st.lists(TEXT, max_size=4), TEXT)
def test_grams_never_run_across_two_fields(fields: list[str], more: str) -> None:
    folded = [fold(field) for field in [*fields, more]]
    assert all(any(gram in field for field in folded) for gram in grams(folded))


@given(st.text(ALPHABET, max_size=20), st.text(ALPHABET, max_size=60))
def test_leaving_out_implied_terms_changes_no_answer(question: str, text: str) -> None:
    every = {word for part in question.split() if (word := fold(part))}
    assert matches(question, [text]) == all(word in fold(text) for word in every)


@pytest.mark.parametrize("question", ["水" * 2001, " ".join(chr(0x4E00 + i) for i in range(51))])
def test_a_question_without_bounds_is_refused_with_a_cure(question: str) -> None:
    with pytest.raises(TooMuch, match="请只留下"):
        terms(question)


@given(TEXT, st.lists(TEXT, max_size=3))
def test_marks_stand_exactly_on_what_was_asked(text: str, questions: list[str]) -> None:
    words = [fold(question) for question in questions if fold(question)]
    marks = spots(text, words)
    assert all(begin < end for begin, end in marks)
    assert all(one[1] < other[0] for one, other in pairwise(marks))
    for begin, end in marks:
        assert any(word in fold(text[begin:end]) for word in words)
    if "".join(fold(c) for c in text) == fold(text) and any(word in fold(text) for word in words):
        assert marks


def test_marks_are_placed_on_the_text_as_written() -> None:
    assert spots("云水罚字〔２０１５〕 ４号", ["(2015)4号"]) == [(4, 13)]
    assert spots("罚款罚款", ["罚款"]) == [(0, 4)]
    assert spots("罚，款", ["罚款"]) == []


@pytest.mark.parametrize(
    "written",
    [
        "开水演罚〔2026〕3号",
        "开水演罚(2026)3号",
        "开水演罚2026-3",
        "开水演罚2026年第3号",
        "开水演罚〔2026〕第 3 号",
        "开水演罚，2026年度3号",
        "开水演罚第2026-3号",
    ],
)
def test_a_number_is_the_same_number_however_it_is_written(written: str) -> None:
    assert number_key(written) == ("开水演罚", "2026", "3")
    assert "开水演罚〔2026〕3号" in number_forms(written)


@pytest.mark.parametrize("text", ["防洪法第二十二条", "2026-3", "开水演罚20263号", "罚款2026元", ""])
def test_what_is_no_number_is_not_read_as_one(text: str) -> None:
    assert number_key(text) == (fold(text),) and not number_forms(text)


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("防洪法第二十二条", ["防洪法 第二十二条"]),
        ("《防洪法》第二十二条第一款", ["防洪法 第二十二条第一款"]),
        ("砂石，罚款 弃置", ["砂石 罚款 弃置"]),
        ("防洪法 第二十二条", []),
        ("开水演罚2026-3", ["开水演罚〔2026〕3号", "开水演罚〔2026〕第3号"]),
        ("、。", []),
        ("", []),
    ],
)
def test_another_way_to_ask_is_known(question: str, others: list[str]) -> None:
    assert rewritings(question) == others


@given(TEXT)
def test_another_way_to_ask_can_itself_be_asked(question: str) -> None:
    for other in rewritings(question):
        assert terms(other) and terms(other) != terms(question)
