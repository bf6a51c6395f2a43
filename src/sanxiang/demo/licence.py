"""Stories of licences 行政许可: granted after a hearing, decided on the spot, refused, renewed, withdrawn."""

from typing import Any

from sanxiang.cases.models import Case
from sanxiang.demo.matters import RESOURCES, TOWN
from sanxiang.demo.people import Office
from sanxiang.demo.stories import APPROVED, UNFILMED, Step, party, reviewed, served, shown, two

WATER_ITEM = ("取水许可", "年取地下水五万立方米，用于生产", "《水法》第四十八条第一款", "取水许可证")
ITEMS = (
    (
        RESOURCES,
        (
            "临时用地许可",
            "临时使用未利用地二千平方米，用于堆放材料",
            "《土地管理法》第五十七条第一款",
            "临时用地批准书",
        ),
    ),
    (
        TOWN,
        (
            "临时建设工程许可",
            "建设临时管理用房一百平方米",
            "《城乡规划法》第四十四条第一款",
            "临时建设工程规划许可证",
        ),
    ),
)
"""What is applied for, in which words, on what ground, and what is issued: by the bureau's remit."""

MATERIALS = [
    {"name": "申请书", "copies": "1", "form": "原件", "state": "齐全"},
    {"name": "营业执照", "copies": "1", "form": "复印件", "state": "齐全"},
]


def item_of(office: Office) -> tuple[str, str, str, str]:
    """The item of this bureau."""
    return next((item for remit, item in ITEMS if remit == office.remit), WATER_ITEM)


def applied(office: Office, case: Case | None) -> dict[str, Any]:
    """An application that came in at the window."""
    cause, content, _, _ = item_of(office)
    hall = office.remit == TOWN
    return {
        "party": party("org", 5),
        "cause": cause,
        "licence_kind": "general",
        "wanted": content,
        "applied_by": "electronic" if hall else "window",
        "mirror_no": "演示大厅2026001" if hall else "",
        "received_on": None,
        "materials": MATERIALS,
    }


def decision(office: Office, outcome: str = "grant", **more: Any) -> dict[str, Any]:
    """What is to be decided."""
    _, content, basis, certificate = item_of(office)
    common = {"outcome": outcome, "basis": basis, "heard": "意见已经逐条考虑，采纳的写入许可的条件"}
    if outcome == "refuse":
        return {"decision": {**common, "reasons": "所在区域已经没有可以许可的余量", **more}}
    terms = {
        "content": content,
        "number": "演示许001",
        "valid_from": "2026-06-01",
        "valid_until": "2031-05-31",
        "conditions": "按批准的用途和数量进行",
        "certificate": certificate,
        "reasons": "申请符合法定条件、标准",
    }
    return {"decision": {**common, **terms, **more}}


def accepted(office: Office, **flags: bool) -> dict[str, Any]:
    """Complete, and in the hands of two officers."""
    return {
        "officers": two(office),
        "complete": True,
        "opinion": "材料齐全，属于本机关职权，予以受理",
        **flags,
    }


def begun(**flags: bool) -> list[Step]:
    """From the application, over a correction, to the acceptance."""
    wanting = [{"name": "取得场所的证明", "how": "提交租赁合同复印件"}]
    return [
        Step("lic-apply", "officer1", applied),
        Step("lic-correct-notice", "officer1", lambda o, c: {"wanting": wanting}, 2),
        Step("show-certificate", "officer1", shown),
        Step("serve", "officer1", lambda o, c: served("lic-correction-notice", o, c)),
        Step("lic-supply", "officer1", lambda o, c: {"received_on": None, "materials": MATERIALS}, 4),
        Step("lic-accept", "unit-head", lambda o, c: accepted(o, **flags), 1),
        Step("serve", "officer1", lambda o, c: served("lic-acceptance", o, c)),
    ]


def examined() -> list[Step]:
    """The papers looked through, the site verified."""
    rows = [{"name": "申请书", "found": "填写完整", "met": "符合"}]
    site = {
        "place": "申请人生产场所",
        "began": None,
        "ended": None,
        "present": "现场负责人",
        "record": "现场有计量设施一套，位置与申请书所附图纸一致。",
        "signed": "signed",
        **UNFILMED,
    }
    return [
        Step("lic-verify", "officer1", lambda o, c: {"officers": two(o), **site}, 1),
        Step(
            "lic-examine",
            "officer1",
            lambda o, c: {"examined": rows, "exam_opinion": "材料与现场相符，符合许可条件"},
        ),
    ]


def finished() -> list[Step]:
    """Issued, served, closed and filed."""
    return [
        Step("lic-issue", "officer1", lambda o, c: {"copies": "正本1份、副本1份"}, 1),
        Step("serve", "officer1", lambda o, c: served("lic-grant", o, c), 1),
        Step("serve", "officer1", lambda o, c: served("lic-certificate", o, c)),
        *put_away(),
    ]


def put_away() -> list[Step]:
    """Closed and filed."""
    return [
        Step("lic-close", "unit-head", lambda o, c: {"result": "决定书和证件已经送达", **APPROVED}, 1),
        Step("archive", "archivist", lambda o, c: {"retention": "30", "checked": "材料齐全，页码连续"}, 3),
    ]


def decided(outcome: str = "grant", after: int = 1) -> list[Step]:
    """Drafted, reviewed and decided."""
    return [
        Step("lic-draft", "officer1", lambda o, c: decision(o, outcome), after),
        *reviewed(),
        Step("lic-decide", "agency-head", lambda o, c: {"opinion": "同意，依法作出决定"}, 1),
    ]


def heard() -> list[Step]:
    """Those concerned are told, state their views, and ask for a hearing."""
    neighbour = [{"name": "演示村民委员会", "contact": "0000-1234567", "interest": "相邻取水"}]
    told = {"interested": neighbour, "told_what": "拟准予许可", "hearing_right": True}
    said = {"speaker": "演示村民委员会", "speaker_is": "interested", "statement": "担心水位下降"}
    hearing = {"hearing_at": None, "hearing_place": "听证室", "attending": "申请人、利害关系人、审查人员"}
    held = {
        "attended": "申请人的代理人、演示村民委员会代表",
        "record": "各方陈述、质证后签字",
        "signed": "signed",
    }
    return [
        Step("lic-tell-rights", "officer1", lambda o, c: told, 1),
        Step("serve", "officer1", lambda o, c: served("lic-rights-notice", o, c)),
        Step("lic-statement", "officer1", lambda o, c: {**said, "considered": "纳入许可的条件"}, 1),
        Step(
            "lic-ask-hearing", "officer1", lambda o, c: {"asker": "演示村民委员会", "asked_for": "要求听证"}
        ),
        Step(
            "lic-notify-hearing",
            "legal-reviewer",
            lambda o, c: {**hearing, "host": o.id("legal-reviewer")},
            1,
        ),
        Step("serve", "officer1", lambda o, c: served("lic-hearing-notice", o, c)),
        Step(
            "lic-hold-hearing",
            "legal-reviewer",
            lambda o, c: {**held, "host": o.id("legal-reviewer"), **UNFILMED},
            8,
        ),
        Step("lic-report-hearing", "legal-reviewer", lambda o, c: {"record": "意见基本一致，建议准予"}, 1),
    ]


def granted() -> list[Step]:
    """A licence granted after a hearing, from the application to the sealed file."""
    steps = begun(needs_check=True, third_party=True)
    return [*steps, *examined(), *heard(), *decided(), *finished()]


def plain(outcome: str = "refuse") -> list[Step]:
    """Decided without verification or hearing: by default refused."""
    papers = {
        "examined": [{"name": "申请书", "found": "填写完整", "met": "不符合"}],
        "exam_opinion": "不符合条件",
    }
    return [
        Step("lic-apply", "officer1", applied),
        Step("lic-accept", "unit-head", lambda o, c: accepted(o), 1),
        Step("show-certificate", "officer1", shown),
        Step("serve", "officer1", lambda o, c: served("lic-acceptance", o, c)),
        Step("lic-examine", "officer1", lambda o, c: papers, 1),
        Step("lic-draft", "officer1", lambda o, c: decision(o, outcome), 1),
        Step("lic-decide", "agency-head", lambda o, c: {"opinion": "同意，依法作出决定"}, 1),
        Step("serve", "officer1", lambda o, c: served("lic-refusal", o, c), 1),
        *put_away(),
    ]


def on_the_spot() -> list[Step]:
    """Complete papers, decided the same day."""
    return [
        Step("lic-apply", "officer1", applied),
        Step(
            "lic-decide-on-spot",
            "unit-head",
            lambda o, c: {"officers": two(o), "complete": True, "opinion": "同意", **decision(o)},
        ),
        Step("show-certificate", "officer1", shown),
        Step("serve", "officer1", lambda o, c: served("lic-acceptance", o, c)),
        *finished(),
    ]


def renewed(until: str, late: str = "") -> list[Step]:
    """A renewal applied for and granted; `until` is the day on which the old licence ends."""

    def asked(office: Office, case: Case | None) -> dict[str, Any]:
        cause, content, _, _ = item_of(office)
        old = {"licence_no": "演示许001", "licence_content": content, "licence_until": until}
        told = {k: v for k, v in applied(office, case).items() if k != "licence_kind"}
        return {**told, "cause": f"{cause}延续", "change_kind": "renew", "late_reason": late, **old}

    return [
        Step("lic-change-apply", "officer1", asked),
        Step("lic-accept", "unit-head", lambda o, c: accepted(o), 1),
        Step("show-certificate", "officer1", shown),
        Step("serve", "officer1", lambda o, c: served("lic-acceptance", o, c)),
        *examined()[1:],
        Step("lic-change-draft", "officer1", lambda o, c: decision(o), 1),
        Step("lic-change-decide", "agency-head", lambda o, c: {"opinion": "同意"}, 1),
        Step("lic-issue", "officer1", lambda o, c: {"copies": "正本1份"}, 1),
        Step("serve", "officer1", lambda o, c: served("lic-renewal-decision", o, c)),
        Step("serve", "officer1", lambda o, c: served("lic-certificate", o, c)),
        *put_away(),
    ]


NAMES = {"withdraw": "撤回", "revoke": "撤销", "cancel": "注销"}
TAKEN = {"withdraw": "lic-withdrawal", "revoke": "lic-revocation", "cancel": "lic-cancellation"}
ARTICLES = {"withdraw": "第八条第二款", "revoke": "第六十九条第二款", "cancel": "第七十条"}


def taking(kind: str) -> dict[str, Any]:
    """What is decided when a licence is taken back."""
    changed = kind == "withdraw"
    return {
        "outcome": kind,
        "content": "许可所依据的规定已经修改"
        if changed
        else "申请时提交的检测报告系伪造，检测机构已书面否认",
        "basis": f"《行政许可法》{ARTICLES[kind]}",
        "reasons": "情形属实",
        "compensation": "按评估的损失补偿" if changed else "以不正当手段取得，基于许可取得的利益不受保护",
        "heard": "已考虑",
    }


def begun_of_itself(office: Office, kind: str, ground: str) -> dict[str, Any]:
    """The agency's own reason to take a licence back."""
    cause, content, _, _ = item_of(office)
    return {
        "officers": two(office),
        "party": party("org", 6),
        "cause": f"{cause}{NAMES[kind]}",
        "end_kind": kind,
        "licence_no": "演示许001",
        "licence_content": content,
        "ground": ground,
        "asked_by": "own",
        "found": "核查发现检测报告不实",
        "major_interest": True,
    }


def holder_heard(kind: str) -> list[Step]:
    """Who holds the licence is told what is intended, and heard."""
    letter = {"told_what": f"拟{NAMES[kind]}许可", "told_why": "检测报告系伪造", "answer_by": "2099-12-31"}
    said = {"speaker": "顾长庚", "speaker_is": "applicant", "statement": "不知道报告是伪造的"}
    return [
        Step("lic-end-notice", "officer1", lambda o, c: letter, 1),
        Step("serve", "officer1", lambda o, c: served("lic-end-letter", o, c)),
        Step("lic-end-statement", "officer1", lambda o, c: {**said, "considered": "不影响认定"}, 2),
    ]


def ended(kind: str = "revoke", ground: str = "fraud") -> list[Step]:
    """A licence withdrawn, revoked or cancelled of the agency's own accord."""
    return [
        Step("lic-end-start", "officer1", lambda o, c: begun_of_itself(o, kind, ground)),
        Step("show-certificate", "officer1", shown),
        *(holder_heard(kind) if kind != "cancel" else []),
        Step("lic-end-draft", "officer1", lambda o, c: {"decision": taking(kind)}, 1),
        *reviewed(),
        Step("lic-end-decide", "agency-head", lambda o, c: {"opinion": "同意"}, 1),
        Step("serve", "officer1", lambda o, c: served(TAKEN[kind], o, c), 1),
        *put_away(),
    ]
