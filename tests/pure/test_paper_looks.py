"""No printed paper has a hole, a code, an id, a foreign word, doubled signs, or another paper's name on it."""

import dataclasses
import io
import itertools

import pytest
from pypdf import PdfReader

from paper_cast import context_for, issued, pack
from paper_flaws import flaws
from sanxiang.cases.papers.markup import Block, Content, parse
from sanxiang.cases.papers.typeset import compose, to_pdf
from sanxiang.law.remedies import called
from sanxiang.law.rules import Act
from sanxiang.law.signatures import asked

ISSUED = [pytest.param(act, paper, id=f"{act.id}-{paper}") for act, paper in issued()]


def made(*lines: str, title: str = "责令改正通知书", layout: str = "公文") -> Content:
    """A paper of these lines."""
    page = parse("\n".join((f"[版式: {layout}]", *lines)))
    return Content(
        paper="made", title=title, agency="云溪县水务局", number="", date="2026-03-02", layout=page.layout, seal="", template="made",
        signed_by=page.signed_by, blocks=page.blocks,
    )  # fmt: skip


@pytest.mark.parametrize(("act", "paper"), ISSUED)
def test_a_paper_has_nothing_to_stumble_over(act: Act, paper: str) -> None:
    assert flaws(compose(pack().papers[paper], context_for(act, paper))) == []


@pytest.mark.parametrize(("act", "paper"), ISSUED)
def test_nor_has_it_where_little_is_known_of_the_party(act: Act, paper: str) -> None:
    """A party of whom only name and address are known leaves no label behind."""
    for kind in ("citizen", "org"):
        context = context_for(act, paper)
        facts = context.state["facts"]
        facts["party"] = {"kind": kind, "name": "段小川", "address": "云溪县柳湾镇河东村二组"}
        content = compose(pack().papers[paper], dataclasses.replace(context))
        assert flaws(content) == []
        cells = [cell.text for block in content.blocks for row in block.rows for cell in row]
        assert kind == "org" or not any(text.startswith("法定代表人") for text in cells)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("住所：None", "a value that is none"),
        ("自2026-03-02起", "a date as machines write it"),
        ("3f2b8c1d-0a11-4c3e-9d2f-000000000000", "an id"),
        ("事实清楚。。", "doubled punctuation"),
        ("决定（）已送达", "empty brackets"),
        ("罚款人民币（0元）", "an amount without a figure"),
        ("联系人：　电话：1", "a label with nothing behind it"),
        ("方式：direct", "a foreign word, direct"),
        ("自收到本决定书之日起", "calls itself 本决定书"),
    ],
)
def test_what_an_eye_would_stumble_over_is_found(line: str, what: str) -> None:
    assert what in {one.partition(":")[0] for one in flaws(made(line))}


def test_a_lone_label_is_found_and_a_salutation_is_none() -> None:
    assert flaws(made("<< 顾长庚：", "现告知如下：")) == []
    assert flaws(made("<< 当事人：顾长庚", "<< 住所：")) == ["a label with nothing behind it: 住所："]
    assert flaws(made("<< 当事人核对意见：", "[签名: 当事人]", layout="笔录")) == []


def test_a_notice_calls_itself_a_notice_where_it_tells_the_remedies() -> None:
    told = {paper: called(pack(), paper) for paper in pack().papers if pack().papers[paper].remedies}
    assert told["correction-order"] == told["refund-order"] == "本通知书"
    assert told["penalty-decision"] == told["spot-decision"] == "本决定书"


def test_no_page_holds_lines_to_sign_alone() -> None:
    """However long the record is, the page with the signatures has a line of its text."""
    for count in range(8, 22):
        record = made(
            *(f"第{n}行" for n in range(count)), "[签名: 当事人]", "[签名: 执法人员]", layout="笔录"
        )
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(to_pdf(record))).pages]
        signed = [text for text in pages if "（签名或者盖章）" in text]
        assert len(signed) == 1 and f"第{count - 1}行" in signed[0]


def test_a_long_sentence_that_leads_to_a_list_stays_where_it_began() -> None:
    """Only a short line goes to the next page with what it leads to: a long one would leave half a page empty."""
    lead = f"{'处罚依据和处罚内容，' * 20}如下："
    filled = made(*(f"第{n}行" for n in range(14)), lead, "- 罚款。", "- 没收。")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(to_pdf(filled))).pages]
    assert "处罚依据" in pages[0]


LABELS = (
    "负责人审批意见",
    "变更后的承办人",
    "法定代表人（负责人、经营者）",
    "正卷件数、页数",
    "统一社会信用代码",
)


def test_no_label_leaves_one_sign_on_its_last_line() -> None:
    """At every width of its column a label is broken evenly, and never before a comma or a bracket that closes."""
    rows = [f"| {label} | 甲 |" for label in LABELS]
    for width in range(1, 7):
        form = made(f"|{'=' * width}|{'-' * 12}|", *rows, layout="表格")
        text = PdfReader(io.BytesIO(to_pdf(form))).pages[0].extract_text()
        lines = [line.strip() for line in text.split("\n")]
        assert not [line for line in lines if line.startswith(("、", "，", "）"))], (width, lines)
        if width > 1:
            for line, after in itertools.pairwise(lines):
                assert not (line in "".join(LABELS) and len(after) == 1 and f"{line}{after}" in LABELS), lines


def test_there_is_room_to_sign() -> None:
    """Long names of places are set smaller; with eleven signs 25 mm are left for a hand, with more too little."""
    found = [block.text for rule in pack().papers.values() for block in places(rule.body)]
    assert max(map(len, found)) <= 11


def places(body: str) -> list[Block]:
    """The lines to sign of a template."""
    lines = [line for line in body.split("\n") if line.startswith("[签名")]
    return [block for block in parse("\n".join(lines)).blocks if block.kind == "sign"]


def test_every_application_to_a_court_is_signed_by_the_head() -> None:
    """行政强制法 第五十五条: signed by the head, sealed, dated; nobody else may sign there."""
    papers = [rule for rule in pack().papers.values() if "强制执行申请书" in (rule.title or rule.label)]
    assert len(papers) == 5
    for rule in papers:
        assert [block.text for block in places(rule.body)] == ["行政机关负责人"] and "[印章]" in rule.body
        told = asked(pack(), rule.id, "行政机关负责人")
        assert told.roles == ("agency-head",) and "第五十五条" in told.citation


def test_a_call_to_perform_names_every_sum() -> None:
    """行政强制法 第三十五条、第五十四条: where money is to be paid, the amount is told."""
    case = context_for(pack().acts["urge"], "urge-notice")
    state = {**case.state, "payments": []}
    said = "".join(compose(pack().papers["urge-notice"], dataclasses.replace(case, state=state)).texts())
    for words in (
        "罚款数额：人民币叁万元整",
        "没收违法所得：人民币肆仟贰佰捌拾元零伍角",
        "其中尚未缴纳：人民币叁万肆仟",
    ):
        assert words in said
