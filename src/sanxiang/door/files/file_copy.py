"""The papers of an answer to a request for a file 答复书、复制件、领取回执: made from the case, kept under their digests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.cases import store
from sanxiang.cases.disclosure.party_copy import OWN as OWN_KEYS
from sanxiang.cases.disclosure.party_copy import Redacted, bound, known_to, redacted, sheet
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.markup import Block, Content
from sanxiang.cases.papers.typeset import RareSign, save, to_pdf
from sanxiang.door import casefile, gather
from sanxiang.door.admin.rules import Change, unmet
from sanxiang.door.pinned import current
from sanxiang.door.sight import Sight
from sanxiang.law.blocks import Citation
from sanxiang.law.casefile import MAIN
from sanxiang.law.facts import Actor
from sanxiang.law.file_requests import Ground, Route, grounds_of, routes_of
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.remedies import RemedyUnknown, remedies
from sanxiang.people.authority import names_of
from sanxiang.people.models import Agency
from sanxiang.speech import cn_day

CONSULT = Citation("政府信息公开条例", "第三十二条")
PARTLY = Citation("政府信息公开条例", "第三十七条")
THIRD = {"opposed": "第三方书面不同意公开，理由合理", "silent": "第三方逾期没有提出意见"}
REASON_MARKED = "印有证人、举报人或者限定知悉的内容"
REASON_MEDIA = "音像、图片和其他文件不能作区分处理，可以申请当面查阅"


@dataclass(frozen=True)
class Prepared:
    """What a copy would hold: the redacted papers, and what is left out with its reason."""

    copy: Redacted
    given: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...]


def prepared(case: Case, told: Mapping[str, Any], decided: Mapping[str, Any]) -> Prepared:
    """The copy as it would be made now. `told` is what was asked, `decided` what the head leaves out and hides beside it.

    Only 正卷: what lies in 副卷 is not even named.
    """
    pack = gather.pack_of(case)
    nobody = Sight(Actor("", ""), case.state, str(case.unit_id or ""))
    hidden = casefile.hidden_from(case, pack, nobody)
    rows = casefile.bound_rows(case, pack)[MAIN]
    papers = {f"paper:{row.pk}": row for row in Paper.objects.filter(case=case)}
    by_hand = {
        str(row.get("文书") or "").strip("《》 "): str(row.get("理由") or "")
        for row in decided.get("withhold") or ()
    }
    given: list[Paper] = []
    withheld: list[tuple[str, str]] = []
    for row in rows:
        ref, title = str(row["ref"]), str(row["title"])
        if ref in hidden:
            withheld.append((title if ref in papers else "限定知悉的证据", REASON_MARKED))
        elif ref not in papers:
            withheld.append((title, REASON_MEDIA))
        elif name := next((one for one in (title, papers[ref].label) if one in by_hand), ""):
            withheld.append((name, by_hand[name]))
        else:
            given.append(papers[ref])
    own = told.get("standing") in ("party", "agent")
    officers = names_of(gather.people_named(case.state)).values()
    party = case.state["facts"].get("party") or {}
    mine = [str(party[key]) for key in OWN_KEYS if own and party.get(key)]
    hide = [str(row.get("文字") or "") for row in decided.get("hide") or () if row.get("文字")]
    contents = [Content.from_json(paper.content) for paper in given]
    made = redacted(contents, known_to(case.state, officers, own), hide, mine)
    return Prepared(made, tuple(f"《{row.label}》{row.number}" for row in given), tuple(withheld))


def obstacles(change: Change, case: Case, told: Mapping[str, Any]) -> list[Verdict]:
    """What stands in the way of a copy: nothing to give, what is left out and is not there, what would leak."""
    found, verdicts = prepared(case, told, change.data), list[Verdict]()
    if not found.given:
        fact = "没有可以提供的文书"
        verdicts.append(unmet("given", PARTLY, fact, "不能提供的，以不予提供答复并说明理由"))
    titles = {title for title, _ in found.withheld}
    for row in change.data.get("withhold") or ():
        name = str(row.get("文书") or "").strip("《》 ")
        if name not in titles:
            verdicts.append(unmet("withhold", PARTLY, f"正卷里没有“{name}”", "照案卷目录上的题名填写"))
        if not str(row.get("理由") or "").strip():
            verdicts.append(
                unmet("withhold", PARTLY, f"没有写明为什么不提供“{name}”", "不予提供的内容要说明理由")
            )
    before = prepared(case, told, {**change.data, "hide": []}).copy.text() if change.data.get("hide") else ""
    for row in change.data.get("hide") or ():
        if str(row.get("文字") or "") not in before:
            verdicts.append(
                unmet("hide", PARTLY, f"复制件里没有“{row.get('文字', '')}”", "照文书原文填写要隐去的文字")
            )
    if found.copy.leaks:
        fact = f"复制件里还有 {len(found.copy.leaks)} 处应当隐去的内容"
        verdicts.append(unmet("leaks", PARTLY, fact, "在“另外隐去的文字”里写明，或者不提供那一份文书"))
    return [*verdicts, *remedy_unknown(change.agency, change.agency.locality)]


def remedy_unknown(agency: Agency, locality: str) -> Iterator[Verdict]:
    """The answer must say where to go against it, so the agency must have said who that is."""
    try:
        ways(agency, locality, "disclosure", refused=True)
    except RemedyUnknown as error:
        cite = Citation("行政复议法", "第二十三条")
        yield unmet("remedy", cite, str(error), "请系统管理员在机关信息中填写行政复议机关和管辖法院")


def ways(agency: Agency, locality: str, route: str, refused: bool) -> list[str]:
    """What one may do against the answer. Whoever is refused information goes to 行政复议 first (行政复议法 第二十三条)."""
    pack = current(locality)
    first = refused and routes_of(pack)[route].review_first
    told = {"review_body": agency.review_body, "court": agency.court}
    found = remedies(pack, "", told, {"information_refused": first}, False, "file-answer")
    return [one.text.replace("本决定书", "本答复书").replace("本决定", "本答复") for one in found]


def answered(change: Change, case: Case, told: Mapping[str, Any]) -> dict[str, Any]:
    """The papers of an answer, made and kept: digests, what is given, what is not."""
    outcome, found = str(change.data["outcome"]), None
    number = str(told["number"]).replace("查〔", "查复〔")
    if outcome == "provide":
        found = prepared(case, told, change.data)
    kept = {"answer_no": number, "answer_pdf": keep(answer_sheet(change, told, number, found))}
    if found is None:
        return kept
    note = (
        f"本复制件依{told['number']}申请制作，取自{case.number or case.code}案卷正卷，共 {len(found.given)} 份。"
        f"依法应当隐去的内容已经隐去 {found.copy.masked} 处，以“***”或者“某”表示。"
    )
    copy = bound(found.copy.papers, change.agency.name, number, change.day.isoformat(), note)
    return {
        **kept,
        "copy_pdf": keep(copy),
        "given": list(found.given),
        "withheld": [list(pair) for pair in found.withheld],
        "masked": found.copy.masked,
    }


def keep(content: Content) -> str:
    """The paper's PDF in the store; its digest. Raises Refused where a sign cannot be printed."""
    try:
        return save(to_pdf(content), store.papers())
    except RareSign as rare:
        raise Refused([unmet("signs", PARTLY, str(rare), "安装字体之后再答复")]) from rare


def answer_sheet(change: Change, told: Mapping[str, Any], number: str, found: Prepared | None) -> Content:
    """The answer as it is printed."""
    pack, outcome = current(change.agency.locality), str(change.data["outcome"])
    route = routes_of(pack)[str(told["route"])]
    head = (
        f"你（单位）于{cn_day(str(told['received']))}提出的查阅、复制申请（{told['number']}）收悉。"
        f"申请的内容是：{told['wants']}。依照{route.right}，现答复如下："
    )
    blocks = [Block("plain", f"{told['applicant']}："), Block("paragraph", head)]
    if found is not None:
        blocks += list(_given(found, str(change.data.get("reason") or ""), route))
    elif outcome == "refuse":
        ground = grounds_of(pack)[str(change.data["ground"])]
        beside = "".join(f"{one}。" for one in more_of(ground, change, str(told.get("third_said") or "")))
        text = f"经审查，{ground.says}。{beside}{change.data['reason']}。依照{ground.citation}，本机关决定不予提供。".replace(
            "。。", "。"
        )
        blocks.append(Block("paragraph", text))
    else:
        text = (
            f"申请的内容不明确，请补正：{change.data['reason']}。答复期限自收到补正的申请之日起计算；"
            "无正当理由逾期不补正的，视为放弃申请（《政府信息公开条例》第三十条）。"
        )
        blocks.append(Block("paragraph", text.replace("。。", "。")))
    if outcome != "supplement":
        refused = outcome == "refuse" or bool(found and found.withheld)
        blocks += [
            Block("paragraph", text)
            for text in ways(change.agency, change.agency.locality, route.id, refused)
        ]
    blocks.append(Block("seal"))
    title = {"provide": "查阅、复制申请答复书", "refuse": "不予提供答复书", "supplement": "补正告知书"}[
        outcome
    ]
    return sheet("file-answer", title, change.agency.name, number, change.day.isoformat(), blocks)


def consulted(change: Change, ground: Ground, recorded: str) -> Iterator[Verdict]:
    """The third party was asked in writing, and has answered or let its time pass; `recorded` is what those said whose asking
    was registered, each at its time."""
    if recorded:
        if recorded == "agreed":
            yield unmet("third", CONSULT, "征求过意见的第三方都同意公开", "选择别的情形，或者提供")
        return
    on, said = str(change.data.get("third_asked") or "")[:10], change.data.get("third_answer")
    if not on or said not in THIRD:
        fact = "没有书面征求第三方意见的记录"
        yield unmet("third", CONSULT, fact, "填写第三方收到征求意见书的日期和第三方的意见")
        return
    until = ground.answer_until(date.fromisoformat(on), gather.calendar())
    if on > change.day.isoformat():
        yield unmet("third", CONSULT, f"{cn_day(on)}还没有到", "填写第三方实际收到征求意见书的日期")
    elif said == "silent" and until and until >= change.day:
        fact = f"第三方可以在{cn_day(until.isoformat())}之前提出意见（{ground.consult} 个工作日）"
        yield unmet("third", CONSULT, fact, "等到第三方答复或者期限届满之后再答复")


def more_of(ground: Ground, change: Change, recorded: str = "") -> Iterator[str]:
    """What the answer says beside the ground: what a third party said that was asked, and where the information is to be found."""
    if ground.consult:
        answer = recorded or change.data["third_answer"]
        said = "书面不同意公开" if answer == "opposed" else "逾期没有提出意见"
        yield f"本机关书面征求了第三方的意见，第三方{said}"
    if ground.where:
        yield f"获取的方式、途径：{change.data['where']}"


def _given(found: Prepared, reason: str, route: Route) -> Iterator[Block]:
    """What is given, and what is not with its reason (第三十七条)."""
    yield Block(
        "paragraph",
        f"本机关同意提供下列 {len(found.given)} 份材料的复制件，其中 {found.copy.masked} 处他人信息等依法不应公开的内容已作区分处理：",
    )
    for n, name in enumerate(found.given, 1):
        yield Block("item", f"{n}．{name}")
    if found.withheld:
        apart = "《政府信息公开条例》第十五条、第十六条、第三十七条" if route.review_first else route.right
        yield Block("paragraph", f"依照{apart}，下列材料不予提供：")
        for n, (name, why) in enumerate(found.withheld, 1):
            yield Block("item", f"{n}．{name}：{why}")
    if reason:
        yield Block("paragraph", reason)


def receipt(change: Change, number: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The receipt, to be signed by whoever takes the copy."""
    given = list(answer.get("given") or ())
    blocks = [
        Block(
            "paragraph", f"今收到{change.agency.name}依{number}申请提供的案卷材料复制件，共 {len(given)} 份："
        ),
        *(Block("item", f"{n}．{name}") for n, name in enumerate(given, 1)),
        Block("paragraph", f"领取人：{change.data['receiver']}。核对的证件：{change.data['identity']}。"),
        Block("sign", "领取人"),
        Block("sign", "经办人"),
    ]
    day = change.day.isoformat()
    content = sheet("copy-receipt", "案卷材料复制件领取回执", change.agency.name, "", day, blocks)
    return {"receipt_pdf": keep(content), "handed_on": day}
