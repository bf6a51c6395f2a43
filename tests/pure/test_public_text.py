"""The public text of a decision: whoever is hidden in it is called one thing, in every column."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.cases.disclosure.masked import PublicText, public_text
from sanxiang.law.facts import empty_state
from sanxiang.law.packs import load_pack
from sanxiang.law.redact import Known, Person, redact, redact_parts

COLUMNS = ("title", "party", "facts", "basis", "result")


def fields(party: dict[str, Any], found: str, other: str = "", cause: str = "违法取水") -> dict[str, str]:
    """The columns that the public would read."""
    state = empty_state("summary", "scene")
    decided = {"found": found, "other": other, "kinds": ["warning"], "violated": "《水法》第七条"}
    state["facts"] |= {"party": party, "decided": decided, "cause": cause}
    return public_text(load_pack("kaiyuan"), state, "云溪县水务局", ("郭远川",)).fields


@pytest.mark.parametrize(
    ("name", "shown"), [("周大川", "周某"), ("周川", "周某"), ("欧阳文川", "欧阳某"), ("周 大川", "周某")]
)
def test_a_citizen_has_one_form_in_all_columns(name: str, shown: str) -> None:
    told = fields(
        {"kind": "citizen", "name": name}, f"经查，{name}无证取水。", f"责令{name}改正", f"{name}违法取水"
    )
    assert told["party"] == shown
    assert told["facts"] == f"经查，{shown}无证取水。" and told["title"] == f"{shown}违法取水案"
    assert f"责令{shown}改正" in told["result"] and "某某" not in "".join(told.values())


def test_two_of_one_surname_keep_their_numbers_from_column_to_column() -> None:
    told = fields(
        {"kind": "citizen", "name": "周大川"}, "周大川与证人周小江到场，证人周小江陈述。", "责令周大川改正"
    )
    assert told["party"] == "周某1" and told["facts"] == "周某1与证人周某2到场，证人周某2陈述。"
    assert "责令周某1改正" in told["result"]


def test_a_child_has_one_form_as_well() -> None:
    told = fields({"kind": "citizen", "name": "周小川", "minor": True}, "周小川取水。")
    assert told["party"] == "某某" and told["facts"] == "某某取水。"


def test_what_is_no_name_to_the_rules_is_hidden_nevertheless() -> None:
    for name in ("周", "郭远川"):
        assert fields({"kind": "citizen", "name": name}, "取水。")["party"] == f"{name[0]}某"


def test_a_business_keeps_its_name_and_an_officer_too() -> None:
    told = fields(
        {"kind": "individual-business", "name": "周大川砂石店"}, "执法人员郭远川到周大川砂石店检查。"
    )
    assert told["party"] == "周大川砂石店" and told["facts"] == "执法人员郭远川到周大川砂石店检查。"


SOLE = {"kind": "individual-business", "address": "某镇某村12号", "code": "92370321MA3TESTX00"}


@pytest.mark.parametrize(
    ("name", "operator"),
    [
        ("周大川", "周大川"),
        ("周 大川", "周大川"),
        ("周大川（个体工商户）", "周大川"),
        ("周大川", ""),
        ("欧阳文川", ""),
        ("个体户周大川", "周大川"),
    ],
)
def test_a_sole_trader_who_has_no_trade_name_is_a_person(name: str, operator: str) -> None:
    told = fields(SOLE | {"name": name, "legal_rep": operator}, "周大川和欧阳文川无证取水。")
    assert "大川" not in "".join(told.values()) and ("周某" in told["party"] or told["party"] == "欧阳某")
    assert told["address"] == told["party_code"] == ""


@pytest.mark.parametrize(
    "name", ["周大川砂石店", "云溪县周记小吃店", "云溪县柳湾镇大川百货商店", "老周烧烤", "周记", "大川砂石"]
)
def test_a_sole_trader_with_a_trade_name_stays_named(name: str) -> None:
    told = fields(SOLE | {"name": name, "legal_rep": "周大川"}, f"{name}无证取水，经营者周大川到场。")
    assert told["party"] == name and told["address"] == SOLE["address"] and told["party_code"] == SOLE["code"]
    assert "经营者周大川" not in told["facts"]


def test_what_is_left_of_a_sole_trader_is_flagged() -> None:
    state = empty_state("summary", "scene")
    party = SOLE | {"name": "周大川", "legal_rep": "周大川", "address": "老槐树东侧第三户"}
    found = "周大川在老槐树东侧第三户取水。"
    state["facts"] |= {"party": party, "decided": {"found": found, "kinds": ["warning"]}, "cause": "取水"}
    (leak,) = public_text(load_pack("kaiyuan"), state, "云溪县水务局").leaks
    assert leak.startswith("facts：") and "老槐树" not in leak


def test_the_editor_may_keep_a_word_that_is_nobodys_and_never_a_name_of_the_case() -> None:
    """A rule takes a brand for a name; the words of a mask say where it stood, why it was set, and by which article."""
    state = empty_state("summary", "scene")
    party = {"kind": "org", "name": "云溪甲公司", "legal_rep": "周大川"}
    found = "经理周大川与员工王小麦售卖过期面粉。"
    state["facts"] |= {
        "party": party,
        "decided": {"found": found, "kinds": ["warning"]},
        "cause": "售卖过期面粉",
    }

    def told(*keep: str) -> PublicText:
        rows = [{"text": word, "why": "不是人名"} for word in keep]
        return public_text(load_pack("kaiyuan"), state, "云溪县市场局", keep=rows)

    text = told()
    assert "王小麦" not in text.fields["facts"] and not text.leaks
    mask = next(one for one in text.masks if found[one.start : one.end] == "王小麦")
    assert (mask.field, mask.type, mask.citation) == ("facts", "person", "《个人信息保护法》第二十五条")
    assert "王小麦" in told("王小麦").fields["facts"] and not told("王小麦").leaks
    assert told("周大川").leaks == ("facts：含有案件里应当隐去的姓名",)


@pytest.mark.parametrize("name", ["哈斯额尔敦", "阿卜杜热合曼", "古丽巴哈尔买买提", "苏禾青"])
def test_whoever_stands_beside_the_party_is_hidden_however_long_the_name_is(name: str) -> None:
    """Third parties and who applied too are told by a name alone; an organisation among them stays."""
    state = empty_state("summary", "scene")
    beside = [{"name": name}, {"name": "云溪县甲乙丙建材经营部"}]
    found = f"第三人{name}、云溪县甲乙丙建材经营部到场。"
    decided = {"found": found, "kinds": ["warning"]}
    state["facts"] |= {
        "party": {"kind": "org", "name": "云溪甲公司"},
        "third_parties": beside,
        "decided": decided,
    }
    text = public_text(load_pack("kaiyuan"), state, "云溪县水务局")
    assert name not in text.fields["facts"] and "建材经营部" in text.fields["facts"] and not text.leaks


TEXT = st.text(
    st.sampled_from("张王李某1234567890Xx*-— \n，。：、（）()@.a当事人住县市区号电话·"), max_size=60
)
KNOWN = Known(people=(Person("张王李"),), numbers=("12345678",))


@given(TEXT)
def test_one_part_is_hidden_as_a_text(text: str) -> None:
    assert redact_parts({"a": text}, KNOWN)["a"] == redact(text, KNOWN)


@given(st.lists(TEXT, max_size=4))
def test_parts_stay_apart_and_lose_nothing_but_what_is_hidden(texts: list[str]) -> None:
    found = redact_parts({str(i): text for i, text in enumerate(texts)}, KNOWN)
    assert list(found) == [str(i) for i in range(len(texts))]
    for text, one in zip(texts, found.values(), strict=True):
        assert all(0 <= span.start < span.end <= len(text) for span in one.spans)
        assert "张王李" not in one.text and "12345678" not in one.text


@pytest.mark.parametrize(
    ("value", "told"), [("", "没收非法财物"), ("0", "没收非法财物"), ("2000", "没收非法财物，价值2,000元")]
)
def test_goods_that_nothing_can_price_are_not_worth_nought(value: str, told: str) -> None:
    """Where no price can be found the officer states 0; the public is told of no sum then."""
    state = empty_state("summary", "scene")
    goods = {"kinds": ["confiscate-goods"], "confiscated_list": "采砂船一艘", "confiscated_value": value}
    state["facts"] |= {"party": {"kind": "org", "name": "云溪甲公司"}, "decided": goods, "cause": "非法采砂"}
    text = public_text(load_pack("kaiyuan"), state, "云溪县水务局", ()).fields
    assert text["result"] == told
