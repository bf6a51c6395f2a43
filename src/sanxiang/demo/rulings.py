"""A confirmation and an adjudication as stories: a homestead registered for the first time, a dispute over a plot decided."""

from typing import Any

from sanxiang.cases.models import Case
from sanxiang.demo.people import Office
from sanxiang.demo.stories import APPROVED, UNFILMED, Data, Step, party, reviewed, served, shown, told, two

GOVERNMENT, ABOVE, COURT = "演示县人民政府", "演示市人民政府", "演示县人民法院"
PLOT = "云溪镇柳林村东坡地块使用权"


def plain(act: str, who: str, data: dict[str, Any], after: int = 0) -> Step:
    """A step that says the same in every office."""
    return Step(act, who, lambda o, c: dict(data), after)


def serve(paper: str, after: int = 0) -> Step:
    """A paper handed over in person."""
    return Step("serve", "officer1", lambda o, c: served(paper, o, c), after)


def sealed(act: str, who: str, performed: str) -> list[Step]:
    """办结 and 归档."""
    kept = {"retention": "permanent", "checked": "材料齐全，页码连续"}
    return [
        plain(act, who, {"performed": performed, **APPROVED}, 1),
        plain("archive", "archivist", kept, 3),
    ]


# Confirmation


def applied(which: int) -> Data:
    """Somebody asks for the first registration of a homestead."""
    return lambda o, c: {
        "party": party("citizen", which),
        "cause": "宅基地使用权及房屋所有权首次登记",
        "confirm_kind": "estate",
        "wanted": "申请登记本户宅基地使用权和地上房屋所有权。",
        "object": "云溪镇柳林村宅基地一宗，面积二百平方米，地上房屋两层。",
        "applied_by": "window",
        "received_on": None,
        "materials": [
            {"name": "不动产登记申请书", "copies": "1", "form": "原件"},
            {"name": "权属来源证明", "copies": "1", "form": "原件"},
            {"name": "权籍调查表、宗地图", "copies": "1", "form": "原件"},
        ],
    }


def looked(office: Office, case: Case | None) -> dict[str, Any]:
    """Two officers looked at the plot."""
    return {
        "officers": two(office),
        "place": "云溪镇柳林村",
        "began": None,
        "ended": None,
        "present": "申请人、村民委员会工作人员",
        "signed": "signed",
        "record": "现场核对四至，与宗地图一致；房屋两层，与申请一致，邻户没有争议。",
        **UNFILMED,
    }


CONFIRMED = {
    "outcome": "confirm",
    "found": "申请人是本集体经济组织成员，一户一宅，宗地四至清楚、面积准确，没有权属争议。",
    "evidence_text": "登记申请书、权属来源证明、权籍调查表、实地查看笔录。",
    "basis": "《不动产登记暂行条例》第二十一条",
    "content": "宅基地使用权和房屋所有权归申请人",
}
REFUSED = {
    **CONFIRMED,
    "outcome": "refuse",
    "found": "邻户提出异议，双方对东侧边界有争议，尚未解决。",
    "basis": "《不动产登记暂行条例》第二十二条",
    "content": "存在尚未解决的权属争议",
}


def confirmation(which: int = 0, outcome: str = "confirm") -> list[Step]:
    """行政确认: accepted on the spot, looked at, announced, objected to where it is refused, reviewed, decided, served, sealed."""
    return [
        Step("cfm-apply", "officer1", applied(which)),
        Step("cfm-accept", "agency-head", taken_up),
        serve("cfm-acceptance"),
        Step("show-certificate", "officer1", shown, 1),
        Step("notify-on-site", "officer1", inquiring),
        Step("inspect", "officer1", looked),
        Step("cfm-announce", "officer1", announced, 1),
        *(objected() if outcome == "refuse" else []),
        plain("cfm-report", "officer1", {"decision": CONFIRMED if outcome == "confirm" else REFUSED}, 16),
        *reviewed(),
        *decided(outcome),
        *sealed("cfm-close", "agency-head", "决定书已经送达，材料齐全。"),
    ]


def taken_up(office: Office, case: Case | None) -> dict[str, Any]:
    """Accepted the same day; others' interests are touched."""
    return {
        "officers": two(office),
        "needs_notice": True,
        "third_party": False,
        "major_interest": True,
        "opinion": "材料齐全、符合法定形式，予以受理，依法公告。",
    }


def inquiring(office: Office, case: Case | None) -> dict[str, Any]:
    """Why the officers are there, told to whoever is asked."""
    basis = {"told_reason": "调查核实申请事项", "told_basis": "《不动产登记暂行条例》第十九条"}
    return {**told(office, case), **basis}


def announced(office: Office, case: Case | None) -> dict[str, Any]:
    """Put up for sixteen working days and more."""
    return {
        "announced_from": "+0d",
        "announced_to": "+15w",
        "announced_at": "本机关门户网站、柳林村村民委员会公告栏",
        "announced_what": "拟对云溪镇柳林村宅基地一宗办理首次登记，面积二百平方米，四至见宗地图。",
    }


def objected() -> list[Step]:
    """A neighbour objects, and is right."""
    said = {"objector": "邻户冉某", "objection": "东侧边界越过界石约半米，附照片。"}
    found = {
        "objection_upheld": True,
        "objection_answer": "经现场复核，东侧边界双方指认不一致，存在争议。",
    }
    return [
        plain("cfm-object", "officer1", said, 3),
        plain("cfm-answer-objection", "officer1", found, 2),
        serve("cfm-objection-answer"),
    ]


def decided(outcome: str) -> list[Step]:
    """The head decides, the applicant receives it."""
    if outcome == "refuse":
        return [
            plain("cfm-refuse", "agency-head", {"opinion": "同意不予登记。"}, 1),
            serve("cfm-refusal", 1),
        ]
    given = {
        "opinion": "同意登记。",
        "certificate_no": "演（2026）演示县不动产权第0000001号",
        "registered_at": "+0dT08:30",
    }
    return [plain("cfm-confirm", "agency-head", given, 1), serve("cfm-decision", 1)]


# Adjudication


def respondent() -> dict[str, Any]:
    """The other side; no such person exists."""
    return {
        "kind": "citizen",
        "name": "滕青禾",
        "address": "演示县云溪镇柳林村 8 号",
        "phone": "0000-7654321",
    }


def disputed(third: bool) -> Data:
    """One villager asks that the plot be found to be his."""
    others = [{"name": "柳林村村民委员会", "address": "演示县云溪镇柳林村"}]
    return lambda o, c: {
        "party": party("citizen", 0),
        "respondent": respondent(),
        **({"third_parties": others} if third else {}),
        "cause": PLOT,
        "adj_kind": "land",
        "subject": "东坡地块零点三公顷，东至水渠，南至村道，西至林地，北至石埂。",
        "dispute_between": "person",
        "decider": "county",
        "deciding_body": GOVERNMENT,
        "power_basis": "《土地管理法》第十四条",
        "claim": "确认东坡地块的使用权归申请人。",
        "grounds": "地块由申请人家庭自承包起耕种至今，被申请人去年越界栽树。",
        "negotiated": "经村民委员会主持两次协商，没有达成一致。",
        "received_on": None,
        "materials": [{"name": "承包合同复印件", "copies": "3"}, {"name": "现场照片", "copies": "3"}],
    }


def to_side(paper: str, side: str, after: int = 0) -> Step:
    """A paper handed to one side."""
    names = {"applicant": "顾长庚（本人）", "respondent": "滕青禾（本人）", "third": "村民委员会工作人员"}
    return Step(
        "adj-serve",
        "officer1",
        lambda o, c: {
            **served(paper, o, c),
            "side": side,
            "place": "受送达人住所",
            "receiver": names[side],
        },
        after,
    )


def to_all(paper: str, third: bool, after: int = 0) -> list[Step]:
    """A paper handed to every side."""
    sides = ["applicant", "respondent", *(["third"] if third else [])]
    return [to_side(paper, side, 0 if n else after) for n, side in enumerate(sides)]


def called(third: bool) -> list[dict[str, Any]]:
    """Everybody was called, and came."""
    sides = ["applicant", "respondent", *(["third"] if third else [])]
    return [{"side": side, "told_on": "+0d", "came": "came"} for side in sides]


def passed(number: int, *sides: str) -> list[Step]:
    """What one side handed in goes to the others, who say what they think of it."""
    said = {"passed_on": "+0d", "comment": "对材料的真实性没有异议，对证明目的有异议。"}
    return [plain("adj-pass", "officer1", {"submission": number, "side": side, **said}) for side in sides]


def surveyed(third: bool) -> Data:
    """Both sides point out the boundaries."""
    return lambda o, c: {
        "officers": two(o),
        "place": "云溪镇柳林村东坡地块",
        "began": None,
        "ended": None,
        "called": called(third),
        "record": "各方到场指界：申请人指认北界为石埂，被申请人指认北界为石埂以南三米。测量面积零点三公顷。",
        "signed": "signed",
        **UNFILMED,
    }


FINDING = {
    "found": "东坡地块自承包起由申请人家庭耕种，承包合同记载的四至北至石埂；被申请人栽树的部分在石埂以南。",
    "evidence_text": "承包合同与勘验笔录、证人询问笔录一致，予以采信；被申请人的陈述没有其他证据佐证，不予采信。",
    "reasons": "使用权应当以合同记载的四至和长期使用的事实认定。",
    "basis": "《土地管理法》第十四条",
    "result": "东坡地块（四至：东至水渠，南至村道，西至林地，北至石埂）的使用权归申请人",
}


def adjudication(third: bool = False, mediated: bool = False) -> list[Step]:
    """行政裁决: both sides served, heard and called alike; mediated, or decided by the government, served on each, performed, sealed."""
    others = ["third"] if third else []
    mediation = {
        "called": called(third),
        "place": "本机关调解室",
        "record": "主持人说明事实和法律，各方陈述意见。",
        "mediated_result": "agreed" if mediated else "failed",
    }
    return [
        Step("adj-apply", "officer1", disputed(third)),
        Step("adj-accept", "agency-head", accepted, 3),
        *to_all("adj-acceptance", third, 1),
        *to_all("adj-rights", third),
        *(to_side("adj-answer-notice", side) for side in ("respondent", *others)),
        plain("adj-respond", "officer1", answer("地块北侧一直由被申请人管护，请求驳回申请。"), 10),
        *passed(1, "applicant", *others),
        *([plain("adj-third-respond", "officer1", answer("地块归村集体所有。"))] if third else []),
        *(passed(2, "applicant", "respondent") if third else []),
        Step("show-certificate", "officer1", shown),
        Step("adj-survey", "officer1", surveyed(third), 1),
        plain("adj-mediate", "officer1", mediation, 2),
        *(settled(third) if mediated else ruled(third)),
    ]


def answer(text: str) -> dict[str, Any]:
    """An answer in writing."""
    return {"answered_on": "+0d", "record": text}


def accepted(office: Office, case: Case | None) -> dict[str, Any]:
    """The head takes the dispute up and names two officers."""
    return {
        "officers": two(office),
        "major_interest": True,
        "opinion": "属于受理范围，予以受理。",
    }


def settled(third: bool) -> list[Step]:
    """What the sides agreed on."""
    terms = {
        "mediation_facts": "双方对东坡地块北界有争议。",
        "terms": "以石埂为界，石埂以南归申请人使用；被申请人在三十日内移走树木，申请人补偿五百元。",
    }
    return [
        plain("adj-mediation-paper", "agency-head", terms, 1),
        *to_all("adj-mediation", third, 1),
        *sealed("adj-close", "agency-head", "调解书已经各方签收，树木已经移走。"),
    ]


def ruled(third: bool) -> list[Step]:
    """Proposed, reviewed, reported to the government, decided, served on each side, performed."""
    ruling = {
        "gov_number": "演政裁〔2026〕1号",
        "gov_decided_on": "+0d",
        "opinion": "按县人民政府的决定制作处理决定书并送达各方。",
        "review_body": ABOVE,
        "suit_court": COURT,
    }
    return [
        plain("adj-propose", "officer1", {"decision": FINDING}, 5),
        *reviewed(),
        plain("adj-report-gov", "agency-head", {"opinion": "建议确认使用权归申请人。"}, 1),
        plain("adj-decide", "agency-head", ruling, 5),
        *to_all("adj-gov-decision", third, 1),
        plain(
            "adj-perform",
            "officer1",
            {"performed_text": "被申请人已经移走树木，界桩已经埋设。", "all_performed": True},
            15,
        ),
        *sealed("adj-close", "agency-head", "处理决定书已经送达各方，已经履行。"),
    ]
