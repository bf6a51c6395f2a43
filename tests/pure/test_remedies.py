"""State the decision in, the remedies out: which way comes first, where to, until when."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sanxiang.law.calendar import national_calendar
from sanxiang.law.facts import empty_state
from sanxiang.law.last_days import last_days
from sanxiang.law.numerals import chinese
from sanxiang.law.packs import Pack, load_pack
from sanxiang.law.remedies import AWARDS, Paragraph, RemedyUnknown, remedies, special_period
from sanxiang.law.rules import Value

AGENCY = {"review_body": "云溪县人民政府", "court": "云溪县人民法院"}
FINED = {"decided": {"kinds": ["fine"], "fine": "3000", "basis": "《中华人民共和国水法》第六十九条"}}
DEMOLITION = {
    "decided": {
        "kinds": ["fine", "other"],
        "fine": "30000",
        "basis": "《中华人民共和国土地管理法》第七十七条",
        "other": "责令限期拆除在非法占用的土地上新建的厂房",
    }
}
LAWS = Path(__file__).resolve().parents[3] / "shared" / "laws"


def told(procedure: str = "ordinary", facts: dict[str, Any] = FINED, **more: Any) -> tuple[Paragraph, ...]:
    """The remedies of a decision of the invented county."""
    given = {"pack": load_pack("national"), "agency": AGENCY, "electronic": False, **more}
    return remedies(procedure=procedure, facts=facts, **given)


def text_of(paragraphs: tuple[Paragraph, ...]) -> str:
    """All paragraphs in one."""
    return "\n".join(str(p) for p in paragraphs)


def with_channel(channel: str) -> Pack:
    """The national pack with the internet channel set."""
    pack = load_pack("national")
    value = Value("remedy.internet_channel", True, "operator", value=channel)
    return replace(pack, values={**pack.values, "remedy.internet_channel": (value,)})


def test_an_ordinary_decision_leaves_the_choice() -> None:
    text = text_of(told())
    assert (
        "六十日内向云溪县人民政府申请行政复议，也可以自收到本决定书之日起六个月内直接向云溪县人民法院提起行政诉讼"
        in text
    )
    assert "应当自收到本决定书之日起六十日内先向" not in text
    assert "收到行政复议决定书之日起十五日内" in text


def test_an_on_the_spot_decision_goes_to_review_first_and_says_so() -> None:
    paragraphs = told("summary")
    text = text_of(paragraphs)
    assert "应当自收到本决定书之日起六十日内先向云溪县人民政府申请行政复议" in text
    assert "未经行政复议，不得直接提起行政诉讼" in text
    assert "六个月" not in text
    assert "也可以通过本机关提交" in text
    assert "《行政复议法》第二十三条" in paragraphs[0].citation
    assert any("第三十四条" in p.citation and "十五日内" in p.text for p in paragraphs)


@pytest.mark.parametrize("fact", ["resource_rights", "review_first_basis"])
def test_a_marked_ground_puts_review_first_in_the_ordinary_procedure(fact: str) -> None:
    assert "先向云溪县人民政府申请行政复议" in text_of(told(facts={**FINED, fact: True}))


def test_demolition_on_occupied_land_is_sued_within_fifteen_days() -> None:
    paragraphs = told(facts=DEMOLITION)
    special = [p for p in paragraphs if "第八十三条" in p.citation]
    assert len(special) == 1
    assert "接到本决定之日起十五日内提出" in special[0].text
    assert "六个月内直接" in text_of(paragraphs)


def only(*kinds: str, **more: Any) -> dict[str, Any]:
    """A decision that orders the demolition and no money, with these kinds beside it."""
    plan = {**DEMOLITION["decided"], "kinds": [*kinds, "other"], "fine": "", **more}
    return {"decided": plan}


def test_a_demolition_alone_has_one_period_for_the_suit() -> None:
    text = text_of(told(facts=only()))
    assert "六个月" not in text
    assert "也可以自接到本决定之日起十五日内直接向云溪县人民法院提起行政诉讼" in text
    assert text.count("直接") == 1 and "收到行政复议决定书之日起十五日内" in text
    assert "不自行拆除的，本机关将依法申请人民法院强制执行" in text


@pytest.mark.parametrize("kind", ["stop-business", "warning"])
def test_what_is_ordered_beside_a_demolition_keeps_its_six_months(kind: str) -> None:
    text = text_of(told(facts=only(kind)))
    assert "六个月内直接" in text and "接到本决定之日起十五日内提出" in text


@pytest.mark.parametrize(
    ("kinds", "special"), [((), True), (("stop-business",), False), (("warning",), False)]
)
def test_the_clocks_of_the_suit_say_what_the_decision_says(kinds: tuple[str, ...], special: bool) -> None:
    pack, facts = load_pack("national"), only(*kinds)
    rows = [special_period(pack, pack.limits[name], facts) for name in ("remedy-suit", "remedy-suit-part")]
    assert [bool(row) for row in rows] == [special, not special]


@pytest.mark.parametrize(
    ("basis", "other"),
    [
        ("《中华人民共和国土地管理法》第七十七条", "没收新建的厂房"),
        ("《中华人民共和国水法》第六十五条", "限期拆除取水设施"),
    ],
)
def test_no_other_order_has_the_fifteen_days(basis: str, other: str) -> None:
    facts = {"decided": {**DEMOLITION["decided"], "basis": basis, "other": other}}
    assert not [p for p in told(facts=facts) if "第八十三条" in p.citation]


@pytest.mark.parametrize(
    ("basis", "other", "whose"),
    [
        ("《中华人民共和国城乡规划法》第六十四条", "限期拆除", "县级以上地方人民政府"),
        ("《城乡规划法》第六十六条", "责令停止建设", "县级以上地方人民政府"),
        ("《中华人民共和国城乡规划法》第六十五条", "限期拆除", "本机关可以依法拆除"),
        ("《中华人民共和国城乡规划法》第六十四条", "没收违法收入", ""),
        ("《中华人民共和国水法》第六十九条", "限期拆除", ""),
    ],
)
@pytest.mark.parametrize("fine", ["", "3000"])
def test_who_enforces_is_told_as_the_statute_has_it(basis: str, other: str, whose: str, fine: str) -> None:
    kinds = ["fine", "other"] if fine else ["other"]
    text = text_of(told(facts={"decided": {"kinds": kinds, "fine": fine, "basis": basis, "other": other}}))
    assert ("申请人民法院强制执行" in text) == (not whose or bool(fine))
    assert whose in text and ("六个月" in text)


def test_the_additional_fine_is_told_only_where_there_is_a_fine() -> None:
    assert "百分之三" in text_of(told())
    warned = {"decided": {"kinds": ["warning"], "basis": "x"}}
    assert "百分之三" not in text_of(told(facts=warned))
    assert "不停止执行" in text_of(told(facts=warned))


def test_what_follows_non_payment_is_told_with_penalties_alone() -> None:
    text = text_of(told(paper="no-penalty-decision"))
    assert "六十日内" in text
    assert "不停止执行" not in text
    assert "申请人民法院强制执行" not in text


def test_who_serves_through_the_internet_offers_a_way_to_apply_through_it() -> None:
    assert told(electronic=True) == told(), "without a channel the decision is served another way"
    paragraphs = told(electronic=True, pack=with_channel("县政府网站“行政复议”栏目"))
    assert [p.text for p in paragraphs if p.citation == "《行政复议法》第二十二条第二款"] == [
        "本决定书通过互联网送达的，行政复议申请也可以通过县政府网站“行政复议”栏目提交。"
    ]
    assert "互联网" not in text_of(told())


@pytest.mark.parametrize(("key", "label"), [("review_body", "行政复议机关"), ("court", "行政诉讼管辖法院")])
def test_an_agency_without_authority_or_court_cannot_state_them(key: str, label: str) -> None:
    with pytest.raises(RemedyUnknown, match=label):
        told(agency={**AGENCY, key: " "})


def test_periods_come_from_the_pack() -> None:
    pack = load_pack("national")
    longer = {**pack.limits, "remedy-review": replace(pack.limits["remedy-review"], n=90)}
    assert "九十日内向" in text_of(told(pack=replace(pack, limits=longer)))
    none = {k: v for k, v in pack.limits.items() if k != "remedy-suit-after-review"}
    with pytest.raises(RemedyUnknown, match="remedy-suit-after-review"):
        told(pack=replace(pack, limits=none))


@pytest.mark.skipif(not LAWS.is_dir(), reason="../shared/laws is not here")
def test_every_cited_article_exists() -> None:
    channel = with_channel("县政府网站")
    found = {*told("summary", electronic=True, pack=channel), *told(facts=DEMOLITION)}
    for name, article in {
        m for p in found for m in re.findall(r"《([^》]+)》(第[一二三四五六七八九十百]+条)", p.citation)
    }:
        text = next(LAWS.glob(f"{name}(*.md")).read_text(encoding="utf-8")
        assert re.search(rf"^\W*{article}\s", text, re.M), f"{name}{article}"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (5, "五"),
        (10, "十"),
        (15, "十五"),
        (60, "六十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (999, "九百九十九"),
    ],
)
def test_numbers_read_in_chinese(number: int, text: str) -> None:
    assert chinese(number) == text


@pytest.mark.parametrize("number", [-1, 1000])
def test_numbers_beyond_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="一千以下"):
        chinese(number)


RECORDS = ("笔录", "清单", "凭证", "确认书", "回证", "证", "抽样单", "提取单", "文书")
"""How papers end that tell what was done or handed over and say nothing to anybody."""
OPEN = {"preservation-notice", "preservation-decision", "deferral-notice"}
"""Papers of which no statute says whether they may be contested by themselves: the party is told neither."""


def test_every_paper_for_a_party_may_be_contested_or_says_why_not() -> None:
    pack = load_pack("national")
    closed = {kind for row in pack.setting("remedy.none", ()) for kind in row["papers"]}
    to_party = {
        kind
        for kind, rule in pack.papers.items()
        if rule.kind == "external" and not rule.posted and rule.to not in ("organ", "nobody")
        if any(kind in act.papers for act in pack.acts.values())
    }
    contested = {kind for kind in to_party if pack.papers[kind].remedies or kind in AWARDS}
    records = {
        kind for kind in to_party if pack.papers[kind].label.removesuffix("（交接单）").endswith(RECORDS)
    }
    assert not closed & contested
    assert sorted(to_party - contested - closed - records - OPEN) == []


def test_what_is_no_penalty_of_the_spot_may_go_to_court_at_once() -> None:
    """责令改正 in a case that was settled on the spot is no 当场处罚: 行政复议法第二十三条第一项 speaks of the penalty alone."""
    for paper in ("correction-order", "late-fine-decision"):
        text = text_of(told("summary", paper=paper))
        assert "六个月内直接" in text and "未经行政复议" not in text and "通过本机关提交" not in text


def test_a_late_fine_is_sued_over_within_six_months_whatever_the_decision_orders() -> None:
    text = text_of(told(facts=DEMOLITION, paper="late-fine-decision"))
    assert "六个月内直接" in text and "第八十三条" not in "".join(
        p.citation for p in told(facts=DEMOLITION, paper="late-fine-decision")
    )


DAYS = [
    ("2026-03-02", "2026-05-06", "2026-09-02"),  # the sixtieth day is Labour Day
    ("2026-03-09", "2026-05-08", "2026-09-09"),
    (
        "2026-08-31",
        "2026-10-30",
        "2027-03-01",
    ),  # six months on there is no 31st; 28 February 2027 is a Sunday
]


@pytest.mark.parametrize(("served", "review", "suit"), DAYS)
def test_the_last_days_of_a_licence_refused(served: str, review: str, suit: str) -> None:
    pack = load_pack("national").read_by("licence")
    found = last_days(pack, served_at("licence", served), national_calendar())
    assert [one.due.isoformat() for one in found] == [review, suit]


def test_a_demolition_alone_has_fifteen_days_and_beside_a_fine_both() -> None:
    pack = load_pack("national").read_by("ordinary")
    for facts, days in (
        (only(), ["2026-03-17", "2026-05-06"]),
        (DEMOLITION, ["2026-03-17", "2026-05-06", "2026-09-02"]),
    ):
        state = served_at("ordinary", "2026-03-02", "penalty-decision") | {"facts": facts}
        assert [one.due.isoformat() for one in last_days(pack, state, national_calendar())] == days


def served_at(procedure: str, day: str, paper: str = "lic-refusal") -> dict[str, Any]:
    """A case whose decision was served on that day."""
    state = empty_state(procedure, "decided")
    state["papers"][paper] = {"status": "served", "served_on": day, "n": 3}
    return state
