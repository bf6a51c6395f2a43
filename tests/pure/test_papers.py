"""Every paper that an act names is composed from an invented case, set, and read back."""

import dataclasses
import io
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from paper_cast import NAMES, OFFICERS, PENALTY, WORDS, context_for, full_state, issued, pack
from sanxiang.cases.papers.docx import to_docx
from sanxiang.cases.papers.markup import Content, TemplateError, parse, shield
from sanxiang.cases.papers.text import FILTERS, values_of
from sanxiang.cases.papers.typeset import (
    PaperBroken,
    PaperContext,
    PaperIncomplete,
    RareSign,
    check_templates,
    compose,
    missing_glyphs,
    path_of,
    save,
    to_pdf,
)
from sanxiang.cases.store import OnDisk
from sanxiang.law.packs import list_packs, load_pack
from sanxiang.law.rules import Act

LAWS = Path(__file__).resolve().parents[3] / "shared" / "laws"
ISSUED = [pytest.param(act, paper, id=f"{act.id}-{paper}") for act, paper in issued()]
HOSTILE = (
    '<script>alert(1)</script>{{ 7*7 }}{% raw %}#import "x"$x$*粗*_斜_@甲`乙`\\丙| a | b |\n'
    "## 标题\n>> 右\n- 项\n[印章]\n[换页]\n|--|--|\n%% 尾"
)
UNPRINTED = {
    ("announce-service", "tried"),
    ("decline-filing", "told_informant"),
    ("register-clue", "informant"),
}
"""The course of the search stays in the file, informants in nobody's paper."""


def composed(act: Act, paper: str, **more: Any) -> Content:
    """The paper as the door would get it."""
    return compose(pack().papers[paper], context_for(act, paper, **more))


def text_of(content: Content) -> str:
    """All that is printed, without blanks."""
    return squeezed("".join(content.texts()))


def squeezed(text: str) -> str:
    """Line ends and blanks differ between page and text; letters may not."""
    return re.sub(r"\s", "", text)


def pdf_text(content: Content) -> str:
    """What a reader copies out of the PDF, page by page, without the heads and feet that stand between two pages."""
    found = ""
    for number, page in enumerate(PdfReader(io.BytesIO(to_pdf(content))).pages, 1):
        text = squeezed(page.extract_text())
        head = squeezed(content.title + content.number)
        signs = "".join(f"{who}签名：" for who in content.signed_by)
        foot = rf"{signs}第{number}页共\d+页|—{number}—"
        found += re.sub(f"(?:{foot})$", "", text.removeprefix(head) if number > 1 else text)
    return found


def decision(**more: Any) -> Content:
    """The penalty decision."""
    return composed(pack().acts["decide"], "penalty-decision", **more)


@pytest.mark.parametrize(("act", "paper"), ISSUED)
def test_every_paper_of_every_act_has_a_template_that_composes(act: Act, paper: str) -> None:
    rule = pack().papers[paper]
    content = composed(act, paper)
    assert content.title == (rule.title or rule.label)
    assert (content.number != "") == (rule.series != "")
    assert content.blocks
    if rule.kind == "external":
        assert "段小川" in text_of(content) or "云溪县青禾砂石有限公司" in text_of(content)


@pytest.mark.parametrize("act", list({act.id: act for act, _ in issued()}.values()), ids=lambda act: act.id)
def test_the_papers_of_an_act_print_what_the_officer_wrote(act: Act) -> None:
    printed = "".join(text_of(composed(act, paper)) for paper in act.papers)
    written = [
        f.name for f in act.fields if f.type in ("text", "longtext") and (act.id, f.name) not in UNPRINTED
    ]
    for name in written:
        words = squeezed(str(WORDS[act.id].get(name, ""))).rstrip("。；")
        assert words in printed, f"{act.id}.{name} is not printed"


@pytest.mark.parametrize(("act", "paper"), ISSUED)
def test_an_informant_stands_in_no_paper(act: Act, paper: str) -> None:
    assert "匿名来电" not in text_of(composed(act, paper))


def test_the_decision_states_the_six_items_with_amounts_in_words_and_full_dates() -> None:
    text = text_of(decision())
    for words in (
        "云溪县青禾砂石有限公司",
        "住所：云溪县柳湾镇河东村1号",
        "抽取河水用于洗砂",
        "执法记录仪视频1段",
        "罚款人民币叁万元整（30,000元）",
        "没收违法所得人民币肆仟贰佰捌拾元零伍角（4,280.50元）",
        "《中华人民共和国水法》第六十九条第一项",
        "十五日内，将罚款",
        "六十日内向云溪县人民政府申请行政复议",
        "六个月内直接向云溪县人民法院提起行政诉讼",
        "每日按罚款数额的百分之三加处罚款",
        "账号：9900",
        "2026年10月9日向你单位送达",
    ):
        assert squeezed(words) in text
    assert decision().agency == "云溪县水务局"
    assert decision().date == "2026-11-21"
    assert any(block.kind == "seal" for block in decision().blocks)


def test_a_defence_that_was_waived_is_not_one_that_was_missed() -> None:
    state = full_state("ordinary")
    del state["facts"]["defence_answer"]
    data = {k: v for k, v in WORDS["decide"].items() if k != "defence_answer"}
    waived = {"n": 20, "on": "2026-10-10", "count": 1}
    for last, says in (({}, "没有提出陈述申辩意见"), ({"waive-defence": waived}, "明确表示放弃陈述和申辩")):
        state["last"] = {k: v for k, v in state["last"].items() if k != "waive-defence"} | last
        text = text_of(decision(state=state, data=data))
        assert says in text and text.count("陈述申辩意见") + text.count("放弃陈述和申辩") == 1


def test_officers_stand_in_records_with_their_certificate_numbers() -> None:
    for act, paper in (
        ("inspect", "site-record"),
        ("interview", "interview-record"),
        ("decide-on-spot", "spot-decision"),
        ("serve", "service-receipt"),
    ):
        text = text_of(composed(pack().acts[act], paper))
        assert all(f"{one['name']}（执法证号：{one['number']}）" in text for one in OFFICERS)


@pytest.mark.parametrize(
    ("part", "name", "label"),
    [
        ("party", "name", "姓名或者名称"),
        ("party", "address", "住址或者住所"),
        ("plan", "found", "查明的违法事实"),
        ("plan", "evidence_text", "证据及其证明内容"),
        ("plan", "kinds", "处罚种类"),
        ("plan", "basis", "处罚依据（名称、条、款、项）"),
        ("plan", "perform_by", "履行方式和期限"),
        ("plan", "fine", "罚款金额（元）"),
    ],
)
def test_a_decision_without_an_item_of_article_59_is_refused_by_name(
    part: str, name: str, label: str
) -> None:
    context = context_for(pack().acts["decide"], "penalty-decision")
    facts = context.state["facts"]
    for source in (
        [facts["party"]] if part == "party" else [facts["decision"], facts["decided"], facts["proposal"]]
    ):
        source.pop(name, None)
    facts["party"], facts["decision"] = dict(facts["party"]), dict(facts["decision"])
    with pytest.raises(PaperIncomplete, match=re.escape(f"行政处罚决定书》缺少“{label}”")):
        compose(pack().papers["penalty-decision"], context)


def test_a_decision_without_remedies_agency_or_account_is_refused() -> None:
    with pytest.raises(PaperIncomplete, match="复议、诉讼的途径和期限"):
        decision(remedies=())
    with pytest.raises(PaperIncomplete, match="机关名称"):
        decision(agency={"short": "云水"})
    with pytest.raises(PaperIncomplete, match="罚款缴纳账户"):
        decision(agency={"name": "云溪县水务局", "account": ""})


def test_a_record_without_officers_is_refused() -> None:
    with pytest.raises(PaperIncomplete, match="执法人员及证件号"):
        composed(pack().acts["inspect"], "site-record", officers=[])


def test_a_code_without_a_name_is_refused() -> None:
    with pytest.raises(PaperIncomplete, match="送达方式（代码 pigeon 没有对应的名称）"):
        composed(pack().acts["serve"], "service-receipt", data={**WORDS["serve"], "way": "pigeon"})


def test_a_person_without_a_name_is_refused() -> None:
    with pytest.raises(PaperIncomplete, match="人员姓名（p3）"):
        composed(
            pack().acts["notify-hearing"],
            "hearing-notice",
            names={k: v for k, v in NAMES.items() if k != "p3"},
        )


ADDRESSED = ("penalty-decision", "change-decision", "late-fine-decision", "court-application")
FINED = ("deferral-notice", "late-fine-decision")


def lean(act: Act, paper: str) -> PaperContext:
    """A case that knows only what acts demand: every optional field and column is left blank.

    Not so the discretion: the guard of the draft demands it.
    """
    fields = [f for a in pack().acts.values() for f in a.fields]
    optional = {f.name for f in fields if not f.required} - {f.name for f in fields if f.required}
    context = context_for(
        act, paper, actor={}, past={}, evidence=[{"id": "inspect-3", "kind": "site-record"}]
    )
    facts = {key: value for key, value in context.state["facts"].items() if key not in optional}
    party = {key: facts["party"][key] for key in ("kind", "name")}
    facts["party"] = {**party, **({"address": "某村"} if paper in ADDRESSED else {})}
    plan = {
        c.name: PENALTY[c.name]
        for c in pack().acts["draft-decision"].fields[0].columns
        if c.required or c.name == "discretion" or (paper in FINED and c.name == "fine")
    }
    plan["kinds"] = ["fine"] if paper in FINED else ["warning"]
    facts.update({key: plan for key in ("decision", "decided", "proposal") if key in facts})
    asked = set(pack().papers[paper].when)  # what the paper is made for, and what goes with it
    given = {f.name for f in act.fields if f.required or f"data:{f.name}" in asked or f.when in asked}
    data = {
        key: plan if key in ("decision", "proposal") else v for key, v in context.data.items() if key in given
    }
    state = {**context.state, "facts": facts, "review": {}, "payments": [], "property": []}
    return dataclasses.replace(
        context, state=state, data=data, case={**context.case, "unit": "", "number": ""}
    )


@pytest.mark.parametrize(("act", "paper"), ISSUED)
def test_a_paper_demands_no_more_than_its_act_does(act: Act, paper: str) -> None:
    assert compose(pack().papers[paper], lean(act, paper)).blocks


def test_a_dismissed_case_is_archived_without_a_decision() -> None:
    context = context_for(pack().acts["archive"], "file-cover")
    ended = {
        "register-clue": {"n": 1, "on": "2026-09-12", "count": 1},
        "dismiss": {"n": 9, "on": "2026-10-20", "count": 1},
    }
    content = compose(
        pack().papers["file-cover"],
        dataclasses.replace(context, state={**context.state, "last": ended, "papers": {}}),
    )
    assert "结案日期2026年10月20日" in text_of(content)


def hostile(value: Any, name: str = "") -> Any:
    """The same data with hostile words in every free text."""
    if isinstance(value, Mapping):
        return {key: hostile(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [hostile(item, name) for item in value]
    free = isinstance(value, str) and not re.fullmatch(r"[a-z0-9-]*|N\d+|[\d.T:-]+", value)
    return HOSTILE if free else value


def hostile_context(act: Act, paper: str) -> PaperContext:
    """A context in which every free text is markup of some kind."""
    plain = context_for(act, paper)
    return dataclasses.replace(
        plain,
        data=hostile(plain.data),
        state=hostile(plain.state),
        case=hostile(plain.case),
        agency=hostile(plain.agency),
        evidence=hostile(list(plain.evidence)),
        actor=hostile(plain.actor),
        names=hostile(plain.names),
    )


@pytest.mark.parametrize(("act", "paper"), ISSUED)
def test_markup_in_any_field_is_printed_as_it_stands(act: Act, paper: str) -> None:
    rule = pack().papers[paper]
    plain, content = compose(rule, context_for(act, paper)), compose(rule, hostile_context(act, paper))
    for kind in ("heading", "seal", "break", "sign", "table", "right", "note", "item"):
        assert sum(b.kind == kind for b in content.blocks) == sum(b.kind == kind for b in plain.blocks), kind
    printed = pdf_text(content)
    for line in HOSTILE.split("\n"):
        assert squeezed(line) in text_of(content)
        assert squeezed(line) in printed


@pytest.mark.parametrize(("act", "paper"), ISSUED)
def test_pdf_and_word_hold_the_words_of_the_paper(act: Act, paper: str) -> None:
    content = composed(act, paper)
    document = Document(io.BytesIO(to_docx(content)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    word = squeezed("".join([*(p.text for p in document.paragraphs), *cells]))
    printed = pdf_text(content)
    for text in content.texts():
        assert squeezed(text) in word or text in content.signed_by
        assert squeezed(text) in printed or text in content.signed_by


def test_word_names_fangsong_for_chinese_letters() -> None:
    document = Document(io.BytesIO(to_docx(decision())))
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia") == "仿宋"


def test_word_takes_hostile_words_and_control_signs() -> None:
    content = compose(pack().papers["site-record"], hostile_context(pack().acts["inspect"], "site-record"))
    odd = dataclasses.replace(content, title=f"{content.title}\x07\ufffe")
    text = "".join(p.text for p in Document(io.BytesIO(to_docx(odd))).paragraphs)
    assert "<script>alert(1)</script>{{ 7*7 }}" in text


def test_equal_papers_give_equal_bytes_in_every_thread() -> None:
    content = decision()
    with ThreadPoolExecutor(3) as pool:
        found = set(pool.map(to_pdf, [content] * 6))
    assert len(found) == 1
    other = decision(number="云水罚〔2026〕22号")
    assert to_pdf(other) not in found
    assert other.digest() != content.digest()


def test_the_pdf_is_pdf_a_2b_on_a4_and_carries_its_fonts() -> None:
    pdf = to_pdf(decision())
    reader = PdfReader(io.BytesIO(pdf))
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for font in reader.pages[0]["/Resources"]["/Font"].values()
    ]
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_a_letter_has_22_lines_of_28_characters() -> None:
    rule = dataclasses.replace(pack().papers["penalty-decision"], body="<< " + "汉" * 28 * 60, remedies=False)
    reader = PdfReader(
        io.BytesIO(to_pdf(compose(rule, context_for(pack().acts["decide"], "penalty-decision"))))
    )
    lines = [line for line in reader.pages[1].extract_text().split("\n") if "汉" in line]
    assert [len(line) for line in lines] == [28] * 22


def test_a_stored_paper_comes_back_as_it_was() -> None:
    content = decision()
    again = Content.from_json(content.as_json())
    assert again == content
    assert again.digest() == content.digest()


def test_a_rare_sign_is_refused_with_its_code() -> None:
    context = context_for(pack().acts["decide"], "penalty-decision")
    context.state["facts"]["party"] = {**context.state["facts"]["party"], "legal_rep": "方\U0002ebf1堃喆"}
    content = compose(pack().papers["penalty-decision"], context)
    assert missing_glyphs(content) == ["\U0002ebf1"]
    with pytest.raises(RareSign, match=r"U\+2EBF1"):
        to_pdf(content)
    assert missing_glyphs(decision()) == []


def test_a_paper_is_kept_once_under_its_digest_and_cannot_be_written(tmp_path: Path) -> None:
    pdf = to_pdf(decision())
    digest = save(pdf, OnDisk(tmp_path))
    assert save(pdf, OnDisk(tmp_path)) == digest
    kept = path_of(tmp_path, digest)
    assert kept == tmp_path / digest[:2] / digest[2:4] / digest
    assert kept.read_bytes() == pdf
    assert kept.stat().st_mode & 0o777 == 0o440
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [kept]


@given(st.text())
def test_a_shielded_text_is_only_text(text: str) -> None:
    page = parse(f"前{shield(text)}后")
    assert {block.kind for block in page.blocks} == {"paragraph"}
    clean = "".join(
        "\ufffd" if 0xFDD0 <= ord(c) <= 0xFDEF else c for c in text.replace("\r\n", "\n").replace("\r", "\n")
    )
    assert squeezed("".join(b.text for b in page.blocks)) == squeezed(f"前{clean}后")


@given(st.text())
def test_a_shielded_text_is_one_cell(text: str) -> None:
    table = parse(f"| 甲 | 乙 |\n|--|--|\n| 前{shield(text)} | 后 |").blocks[0]
    assert len(table.rows) == 2
    assert table.rows[1][1].text == "后"


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("[版式: 海报]", "版式 '海报' 不认识"),
        ("| a | b |", "有且只有一行"),
        ("|--|\n| a | b |", "多于 1 格"),
        ("|--|\n| a", "以 . 结尾"),
    ],
)
def test_markup_that_means_nothing_is_refused(markup: str, why: str) -> None:
    with pytest.raises(TemplateError, match=why):
        parse(markup)


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ facts.cause.__class__ }}",
        "{% if %}",
        "|--|\n| a | b |",
        "{{ 1 / 0 }}",
        "{% include 'nowhere' %}",
    ],
)
def test_a_template_that_cannot_be_set_names_its_place(body: str) -> None:
    rule = dataclasses.replace(pack().papers["closing-form"], body=body)
    with pytest.raises(PaperBroken, match=r"national/papers/04-执行与归档\.md:\d+"):
        compose(rule, context_for(pack().acts["close"], "closing-form"))


def test_the_packs_templates_are_in_order() -> None:
    for name in ["national", *list_packs()]:
        assert check_templates(load_pack(name)) == []


def test_a_paper_without_template_and_a_broken_one_are_found() -> None:
    whole = pack()
    broken = dataclasses.replace(whole.papers["file-note"], body="{% if %}")
    lacking = {k: v for k, v in whole.papers.items() if k != "urge-notice"} | {"file-note": broken}
    found = check_templates(dataclasses.replace(whole, papers=lacking, digest="broken"))
    assert any("urge-notice 没有模板" in line for line in found)
    assert any("file-note 的模板有误" in line for line in found)


def test_a_paper_that_leaves_the_agency_may_not_print_what_was_reported() -> None:
    whole, body = pack(), "案件情况：{{ facts.summary }}"
    telling = dataclasses.replace(whole.papers["transfer-letter"], body=body)
    found = check_templates(dataclasses.replace(whole, papers={"transfer-letter": telling}, digest="telling"))
    assert [line for line in found if "“线索情况”" in line and "transfer-letter" in line]
    with pytest.raises(PaperIncomplete, match="线索情况"):
        compose(telling, with_clue("complaint"))
    assert "巡查清河" in text_of(compose(telling, with_clue("inspection")))


def with_clue(source: str) -> PaperContext:
    """The transfer of a case whose clue came this way; nobody is named who reported it."""
    context = context_for(pack().acts["transfer-agency"], "transfer-letter")
    facts = {k: v for k, v in context.state["facts"].items() if k != "informant"}
    state = {**context.state, "facts": {**facts, "source": source}}
    return dataclasses.replace(context, state=state)


def test_papers_without_number_or_seal_are_internal_records_or_forms() -> None:
    for rule in pack().papers.values():
        if rule.kind == "external" and rule.series:
            assert rule.seal in ("agency", "special"), rule.id
        if rule.remedies:
            assert "part-remedies" in rule.body or "in remedies" in rule.body, rule.id


@pytest.mark.skipif(not LAWS.is_dir(), reason="../shared/laws is not here")
def test_the_articles_that_papers_cite_exist() -> None:
    for rule in pack().papers.values():
        for name, articles in re.findall(
            r"《(?:中华人民共和国)?([^》]+法)》((?:、?第[一二三四五六七八九十百]+条)+)", rule.body
        ):
            file = next((f for f in LAWS.glob(f"{name}*.md")), None)
            assert file, f"{rule.id}: {name}"
            text = file.read_text(encoding="utf-8")
            for article in re.findall(r"第[一二三四五六七八九十百]+条", articles):
                assert re.search(rf"^\W*{article}\s", text, re.M), f"{rule.id}: {name}{article}"


def test_penalty_in_the_cast_is_complete() -> None:
    assert {
        column.name for f in pack().acts["draft-decision"].fields for column in f.columns if column.required
    } <= set(PENALTY)


def test_the_manual_names_everything_that_a_template_may_use() -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs" / "papers.md").read_text(encoding="utf-8")
    context = context_for(pack().acts["decide"], "penalty-decision")
    known = {*values_of(pack().papers["penalty-decision"], context), *FILTERS}
    assert sorted(name for name in known if not re.search(rf"`{name}\b", manual)) == []
